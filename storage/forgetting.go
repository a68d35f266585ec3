package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// CasesToForget lists cases that were closed before a moment, which some regimes have of their own, oldest first.
func (t *Tx) CasesToForget(ctx context.Context, before map[string]time.Time, otherwise time.Time, most int32) ([]uuid.UUID, error) {
	row := db.CasesToForgetParams{TenantID: t.tenant.ID, Regimes: []string{}, Cutoffs: []time.Time{}, Otherwise: otherwise, At: t.now, Most: most}
	for regime, cutoff := range before {
		row.Regimes, row.Cutoffs = append(row.Regimes, regime), append(row.Cutoffs, cutoff)
	}
	found, err := t.q.CasesToForget(ctx, row)
	if err != nil {
		return nil, fmt.Errorf("look for cases to forget: %w", err)
	}
	ids := make([]uuid.UUID, len(found))
	for i, f := range found {
		ids[i] = f.ID
	}
	return ids, nil
}

// LookAgain puts off forgetting a case.
func (t *Tx) LookAgain(ctx context.Context, id uuid.UUID, at time.Time) error {
	if err := one(t.q.LookAgain(ctx, t.tenant.ID, id, at)); err != nil {
		return fmt.Errorf("put off forgetting the case: %w", err)
	}
	return nil
}

// ForgetCase destroys the key of the person in a closed case, what they are found by, and everything that was sealed under the key.
func (t *Tx) ForgetCase(ctx context.Context, c Case) error {
	if err := one(t.q.ForgetCase(ctx, t.tenant.ID, c.ID, t.now)); err != nil {
		return fmt.Errorf("forget the case: %w", err)
	}
	subject, err := t.Subject(ctx, c.SubjectID)
	switch {
	case errors.Is(err, seal.ErrNoKey):
	case err != nil:
		return err
	default:
		if err := t.ForgetSubject(ctx, subject); err != nil {
			return err
		}
	}
	return t.Audit(ctx, audit.Event{Action: audit.RequestForgotten, CaseID: c.ID.String(), Object: caseObject(c.ID)})
}
