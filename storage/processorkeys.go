package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ProcessorKey signs what controllers are told, with the certificate that they check it by.
type ProcessorKey struct {
	ID     uuid.UUID
	Domain string
	// Certificate is a chain in PEM, the key's own first.
	Certificate string
	// Private is the key in PKCS #8.
	Private   []byte
	ExpiresAt time.Time
	CreatedAt time.Time
}

// ReplaceProcessorKey makes k the key that signs from now on. The private part of the one before is destroyed; its certificate can still be fetched.
func (t *Tx) ReplaceProcessorKey(ctx context.Context, k ProcessorKey) (uuid.UUID, error) {
	id := newID()
	sealed, err := t.tenant.records.Seal(k.Private, processorField(id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the processor's key: %w", err)
	}
	if err := t.q.RetireProcessorKey(ctx, t.tenant.ID, t.now); err != nil {
		return uuid.Nil, fmt.Errorf("retire the processor's key: %w", err)
	}
	err = t.q.InsertProcessorKey(ctx, db.InsertProcessorKeyParams{
		ID: id, TenantID: t.tenant.ID, Domain: k.Domain, Certificate: k.Certificate, KeySealed: sealed, ExpiresAt: k.ExpiresAt, CreatedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("keep the processor's key: %w", translate(err))
	}
	return id, t.Audit(ctx, audit.Event{Action: audit.KeyCreated, Object: processorObject(id), Facts: map[audit.FactKey]string{audit.FactKeyKind: "processor"}})
}

func processorField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "processor_keys", Column: "key", Row: id.String()}
}

func processorObject(id uuid.UUID) audit.Object {
	return audit.Object{Kind: "processor_key", ID: id.String()}
}

// ProcessorKey opens the key that signs; ErrNotFound when the tenant has none.
func (t *Tx) ProcessorKey(ctx context.Context) (ProcessorKey, error) {
	row, err := t.q.ProcessorKey(ctx, t.tenant.ID)
	if err != nil {
		return ProcessorKey{}, fmt.Errorf("processor's key: %w", translate(err))
	}
	private, err := t.tenant.records.Open(row.KeySealed, processorField(row.ID))
	if err != nil {
		return ProcessorKey{}, fmt.Errorf("open the processor's key: %w", err)
	}
	return ProcessorKey{ID: row.ID, Domain: row.Domain, Certificate: row.Certificate, Private: private, ExpiresAt: row.ExpiresAt, CreatedAt: row.CreatedAt}, nil
}

// ProcessorCertificate reads a certificate, also of a key that signs no more.
func (t *Tx) ProcessorCertificate(ctx context.Context, id uuid.UUID) (string, error) {
	text, err := t.q.ProcessorCertificate(ctx, t.tenant.ID, id)
	if err != nil {
		return "", fmt.Errorf("processor's certificate: %w", translate(err))
	}
	return text, nil
}

// SetProcessorCertificate puts another certificate of the same key into its place.
func (t *Tx) SetProcessorCertificate(ctx context.Context, id uuid.UUID, chain string, expires time.Time) error {
	if err := one(t.q.SetProcessorCertificate(ctx, t.tenant.ID, id, chain, expires)); err != nil {
		return fmt.Errorf("keep the processor's certificate: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.ProcessorCertified, Object: processorObject(id), Facts: map[audit.FactKey]string{audit.FactExpires: expires.UTC().Format(time.RFC3339)},
	})
}
