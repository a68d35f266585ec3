package storage

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Scopes and reasons of a suppression.
const (
	SuppressAll        = "all"       // nothing may bring the person back, marketing least of all
	SuppressMarketing  = "marketing" // no direct marketing (Art. 21(3) GDPR)
	SuppressedErased   = "erasure"
	SuppressedObjected = "objection"
)

// Suppressed is why something known of a person may not be used.
type Suppressed = db.SuppressedRow

// Suppress keeps what a person is known by from being used again, as keyed hashes.
func (t *Tx) Suppress(ctx context.Context, p Person, scope, reason string, caseID *uuid.UUID) error {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return err
	}
	for _, kind := range identityKinds() {
		if indexes[kind] == nil {
			continue
		}
		err := t.q.InsertSuppression(ctx, db.InsertSuppressionParams{
			TenantID: t.tenant.ID, Kind: kind, BlindIndex: indexes[kind], Scope: scope, Reason: reason, CaseID: caseID, AddedAt: t.now,
		})
		if err != nil {
			return fmt.Errorf("suppress the %s: %w", kind, err)
		}
	}
	event := audit.Event{Action: audit.SuppressionAdded, Object: audit.Object{Kind: "suppression", ID: scope}, Facts: map[audit.FactKey]string{audit.FactMethod: reason}}
	if caseID != nil {
		event.CaseID = caseID.String()
	}
	return t.Audit(ctx, event)
}

// SuppressionsOf lists what stands against using a person's data.
func (t *Tx) SuppressionsOf(ctx context.Context, p Person) (out []Suppressed, err error) {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return nil, err
	}
	for _, kind := range identityKinds() {
		if indexes[kind] == nil {
			continue
		}
		rows, err := t.q.Suppressed(ctx, t.tenant.ID, kind, indexes[kind])
		if err != nil {
			return nil, fmt.Errorf("look for suppressions: %w", err)
		}
		out = append(out, rows...)
	}
	return out, nil
}

// Entomb keeps, by keyed hashes, that a person was erased from a system.
func (t *Tx) Entomb(ctx context.Context, system uuid.UUID, p Person, caseID uuid.UUID) error {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return err
	}
	for _, kind := range identityKinds() {
		if indexes[kind] == nil {
			continue
		}
		err := t.q.InsertTombstone(ctx, db.InsertTombstoneParams{
			TenantID: t.tenant.ID, SystemID: system, Kind: kind, BlindIndex: indexes[kind], CaseID: caseID, ErasedAt: t.now,
		})
		if err != nil {
			return fmt.Errorf("keep that the %s was erased: %w", kind, err)
		}
	}
	return nil
}

// Tombs are the keyed hashes of who was erased from a system.
type Tombs struct {
	tx     *Tx
	byKind map[string]map[string]uuid.UUID
}

// Tombs reads who was erased from a system since a moment.
func (t *Tx) Tombs(ctx context.Context, system uuid.UUID, since time.Time) (*Tombs, error) {
	rows, err := t.q.Tombstones(ctx, t.tenant.ID, system)
	if err != nil {
		return nil, fmt.Errorf("read who was erased: %w", err)
	}
	out := &Tombs{tx: t, byKind: map[string]map[string]uuid.UUID{}}
	for _, row := range rows {
		if row.ErasedAt.Before(since) {
			continue
		}
		if out.byKind[row.Kind] == nil {
			out.byKind[row.Kind] = map[string]uuid.UUID{}
		}
		out.byKind[row.Kind][hex.EncodeToString(row.BlindIndex)] = row.CaseID
	}
	return out, nil
}

// Len counts them.
func (t *Tombs) Len() (n int) {
	for _, all := range t.byKind {
		n += len(all)
	}
	return n
}

// Case says under which case somebody was erased who is known by a value; values that can't be one of the kind are nobody's.
func (t *Tombs) Case(identity, value string) (uuid.UUID, bool) {
	kind := map[string]string{"email": identityEmail, "phone_number": identityPhone, "customer_id": identityCustomer}[identity]
	if kind == "" || len(t.byKind[kind]) == 0 {
		return uuid.Nil, false
	}
	index, err := t.tx.blindIndex(kind, value)
	if err != nil {
		return uuid.Nil, false
	}
	id, erased := t.byKind[kind][hex.EncodeToString(index)]
	return id, erased
}
