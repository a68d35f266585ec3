package storage

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ErrUnsigned says that a certificate waits for its events to have their place in the log.
var ErrUnsigned = errors.New("the certificate is not signed yet")

// ErasureCertificate is what stands of an erasure when everything else of it is forgotten.
type ErasureCertificate struct {
	ID       uuid.UUID
	CaseID   uuid.UUID
	PlanID   uuid.UUID
	Note     string // the signed note
	SHA256   []byte // of its text
	SignedAt time.Time
}

// CertificateDraft is a certificate without its evidence.
type CertificateDraft struct {
	ID, CaseID, PlanID uuid.UUID
	Certificate        audit.Certificate
}

// DraftCertificate keeps what the certificate of a plan says, until it can be signed.
func (t *Tx) DraftCertificate(ctx context.Context, p ErasurePlan, c audit.Certificate) error {
	draft, err := json.Marshal(c)
	if err != nil {
		return fmt.Errorf("write the certificate: %w", err)
	}
	err = t.q.InsertCertificate(ctx, db.InsertCertificateParams{ID: newID(), TenantID: t.tenant.ID, CaseID: p.CaseID, PlanID: p.ID, CreatedAt: t.now, Draft: string(draft)})
	if err != nil {
		return fmt.Errorf("draft the certificate: %w", err)
	}
	return nil
}

// TenantsToCertify lists the tenants that have certificates to sign.
func (d *DB) TenantsToCertify(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsToCertify(ctx)
	return ids, translate(err)
}

// CertificateDrafts lists certificates that are to be signed, oldest first.
func (t *Tx) CertificateDrafts(ctx context.Context, most int32) ([]CertificateDraft, error) {
	rows, err := t.q.UnsignedCertificates(ctx, t.tenant.ID, most)
	if err != nil {
		return nil, fmt.Errorf("look for certificates to sign: %w", err)
	}
	out := make([]CertificateDraft, len(rows))
	for i, row := range rows {
		out[i] = CertificateDraft{ID: row.ID, CaseID: row.CaseID, PlanID: row.PlanID}
		if err := json.Unmarshal([]byte(given(row.Draft)), &out[i].Certificate); err != nil {
			return nil, fmt.Errorf("read a certificate's draft: %w", err)
		}
	}
	return out, nil
}

// SignCertificate keeps a signed certificate, once: when another has signed it meanwhile, that one stays.
func (t *Tx) SignCertificate(ctx context.Context, d CertificateDraft, note, text []byte) error {
	sum := sha256.Sum256(text)
	rows, err := t.q.SignCertificate(ctx, db.SignCertificateParams{TenantID: t.tenant.ID, ID: d.ID, Note: string(note), Sha256: sum[:], At: t.now})
	if err != nil {
		return fmt.Errorf("keep the certificate: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureCertified, CaseID: d.CaseID.String(), Object: audit.Object{Kind: "erasure_certificate", ID: d.ID.String()}, Evidence: sum[:],
		Facts: map[audit.FactKey]string{audit.FactTreeSize: fmt.Sprint(d.Certificate.Log.Size)},
	})
}

// Certificate gives the newest certificate of a case: ErrNotFound when it has none, ErrUnsigned while it waits.
func (t *Tx) Certificate(ctx context.Context, caseID uuid.UUID) (ErasureCertificate, error) {
	row, err := t.q.CertificateOf(ctx, t.tenant.ID, caseID)
	if err != nil {
		return ErasureCertificate{}, fmt.Errorf("certificate: %w", translate(err))
	}
	if row.SignedAt == nil {
		return ErasureCertificate{}, ErrUnsigned
	}
	return ErasureCertificate{ID: row.ID, CaseID: row.CaseID, PlanID: row.PlanID, Note: given(row.Note), SHA256: row.Sha256, SignedAt: *row.SignedAt}, nil
}
