package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// TransmissionLink is a link by which another controller fetches a package (Art. 20(2) GDPR).
type TransmissionLink struct {
	ID, CaseID, PackageID uuid.UUID
	// Receiver is whom it was made for, in the words of whoever made it.
	Receiver string
	// MadeKind is subject, person or api_key, and MadeBy their id.
	MadeKind, MadeBy string
	MadeAt           time.Time
	// ExpiresAt is until when it works at the longest.
	ExpiresAt time.Time
	// EndedAt is when it ended, nil while it works, and Reason why.
	EndedAt *time.Time
	Reason  string
	// Fetches are those that began, oldest first.
	Fetches []TransmissionFetch
}

// TransmissionFetch is one fetch by such a link. EndedAt is nil while it is under way; Whole says that all of the archive went out.
type TransmissionFetch struct {
	ID      uuid.UUID
	BegunAt time.Time
	EndedAt *time.Time
	Bytes   int64
	Whole   bool
}

// Why a link ended.
const (
	LinkTakenBack   = "taken_back"
	LinkUsedUp      = "used_up"
	LinkExpired     = "expired"
	LinkPackageGone = "package_gone"
	LinkRestored    = "restored" // with the register: what was taken back since the backup is not known
)

// NewTransmissionLink says whom a link is for and how long it works.
type NewTransmissionLink struct {
	Receiver  string
	TokenHash []byte
	Expires   time.Time
}

// What a relay looks for.
type (
	// PastLink is a link whose time is over and that has not ended.
	PastLink = db.TransmissionLinksPastRow
	// OpenFetch is a fetch that has not ended.
	OpenFetch = db.OpenTransmissionFetchesRow
)

func transmissionLinkField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "transmission_links", Column: "body", Row: id.String()}
}

func transmissionLinkObject(id uuid.UUID) audit.Object {
	return audit.Object{Kind: "transmission_link", ID: id.String()}
}

// AddTransmissionLink makes a link to a package.
func (t *Tx) AddTransmissionLink(ctx context.Context, p Package, s Subject, n NewTransmissionLink) (uuid.UUID, error) {
	id := newID()
	sealed, err := sealJSON(s.Key, transmissionLinkField(id), Receiver{Name: n.Receiver})
	if err != nil {
		return id, fmt.Errorf("seal the receiver: %w", err)
	}
	err = t.q.InsertTransmissionLink(ctx, db.InsertTransmissionLinkParams{
		ID: id, TenantID: t.tenant.ID, CaseID: p.CaseID, PackageID: p.ID, BodySealed: sealed, TokenHash: n.TokenHash, MadeKind: t.askedKind(), MadeBy: t.actor.ID,
		MadeAt: t.now, ExpiresAt: n.Expires,
	})
	if err != nil {
		return id, fmt.Errorf("add the link: %w", translate(err))
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.TransmissionLinkMade, CaseID: p.CaseID.String(), Object: transmissionLinkObject(id), Evidence: p.ManifestSha256,
		Facts: map[audit.FactKey]string{audit.FactExpires: n.Expires.UTC().Format(time.RFC3339)},
	})
}

// askedKind is what kind of actor asks: a key by which a person acts counts as a program.
func (t *Tx) askedKind() string {
	if t.actor.Kind == audit.Person && t.actor.Key != "" {
		return string(audit.APIKey)
	}
	return string(t.actor.Kind)
}

// TransmissionLinks opens those of a case with their fetches, newest first.
func (t *Tx) TransmissionLinks(ctx context.Context, caseID uuid.UUID, s Subject) ([]TransmissionLink, error) {
	rows, err := t.q.TransmissionLinks(ctx, t.tenant.ID, caseID)
	if err != nil || len(rows) == 0 {
		return nil, translate(err)
	}
	fetches, err := t.q.TransmissionFetches(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the fetches: %w", err)
	}
	out := make([]TransmissionLink, len(rows))
	for i, row := range rows {
		out[i] = TransmissionLink{
			ID: row.ID, CaseID: row.CaseID, PackageID: row.PackageID, MadeKind: row.MadeKind, MadeBy: row.MadeBy, MadeAt: row.MadeAt, ExpiresAt: row.ExpiresAt,
			EndedAt: row.EndedAt, Reason: given(row.Reason),
		}
		var receiver Receiver
		if err := openJSON(s.Key, transmissionLinkField(row.ID), row.BodySealed, &receiver); err != nil {
			return nil, fmt.Errorf("open a link: %w", err)
		}
		out[i].Receiver = receiver.Name
		for _, f := range fetches {
			if f.LinkID == row.ID {
				out[i].Fetches = append(out[i].Fetches, fetchOf(f))
			}
		}
	}
	return out, nil
}

func fetchOf(row db.TransmissionFetchesRow) TransmissionFetch {
	f := TransmissionFetch{ID: row.ID, BegunAt: row.BegunAt, EndedAt: row.EndedAt, Whole: row.Whole != nil && *row.Whole}
	if row.Bytes != nil {
		f.Bytes = *row.Bytes
	}
	return f
}

// TransmissionLinkByToken finds the link that works by a token, with its case.
func (t *Tx) TransmissionLinkByToken(ctx context.Context, hash []byte) (id, caseID uuid.UUID, err error) {
	row, err := t.q.TransmissionLinkByToken(ctx, t.tenant.ID, hash)
	if err != nil {
		return id, caseID, fmt.Errorf("link: %w", translate(err))
	}
	return row.ID, row.CaseID, nil
}

// EndTransmissionLink ends a link, with the hash of its token. ErrNotFound when it has ended.
func (t *Tx) EndTransmissionLink(ctx context.Context, caseID, id uuid.UUID, reason string) error {
	if err := one(t.q.EndTransmissionLink(ctx, t.tenant.ID, id, t.now, reason)); err != nil {
		return fmt.Errorf("end the link: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.TransmissionLinkEnded, CaseID: caseID.String(), Object: transmissionLinkObject(id), Reason: reason})
}

// endTransmissionLinks ends what leads to a package that is destroyed.
func (t *Tx) endTransmissionLinks(ctx context.Context, p Package) error {
	open, err := t.q.OpenTransmissionLinksOfPackage(ctx, t.tenant.ID, p.ID)
	if err != nil {
		return fmt.Errorf("read the links of the package: %w", err)
	}
	for _, id := range open {
		if err := t.EndTransmissionLink(ctx, p.CaseID, id, LinkPackageGone); err != nil {
			return err
		}
	}
	return nil
}

// TransmissionLinksPast lists links that have not ended and whose time is over, longest past first.
func (t *Tx) TransmissionLinksPast(ctx context.Context, limit int32) ([]PastLink, error) {
	return t.q.TransmissionLinksPast(ctx, t.tenant.ID, t.now, limit)
}

// BeginFetch puts on record that a fetch by a link begins.
func (t *Tx) BeginFetch(ctx context.Context, link uuid.UUID) (uuid.UUID, error) {
	id := newID()
	if err := t.q.InsertTransmissionFetch(ctx, id, t.tenant.ID, link, t.now); err != nil {
		return id, fmt.Errorf("begin the fetch: %w", translate(err))
	}
	return id, nil
}

// EndFetch says how a fetch ended: sha256 is that of the archive where all of it went out, nil where it broke off. ErrNotFound when it has ended.
func (t *Tx) EndFetch(ctx context.Context, caseID, link, fetch uuid.UUID, bytes int64, sha256 []byte) error {
	whole := sha256 != nil
	err := one(t.q.EndTransmissionFetch(ctx, db.EndTransmissionFetchParams{TenantID: t.tenant.ID, ID: fetch, At: t.now, Bytes: bytes, Whole: whole, Sha256: sha256}))
	if err != nil {
		return fmt.Errorf("end the fetch: %w", err)
	}
	outcome := audit.Done
	if !whole {
		outcome = audit.Failed
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.TransmissionFetched, CaseID: caseID.String(), Object: transmissionLinkObject(link), Outcome: outcome, Evidence: sha256,
		Facts: map[audit.FactKey]string{audit.FactBytes: strconv.FormatInt(bytes, 10)},
	})
}

// OpenFetches lists fetches that began before a moment and have not ended, oldest first.
func (t *Tx) OpenFetches(ctx context.Context, before time.Time, limit int32) ([]OpenFetch, error) {
	return t.q.OpenTransmissionFetches(ctx, t.tenant.ID, before, limit)
}
