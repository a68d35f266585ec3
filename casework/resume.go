package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Resume tells the workflow of a case that has moved on already where it begins: what the one before it knew beside the
// register. There was one before when Temporal has lost it, as after a restore. Without this a person would be reminded
// again, and given the whole time once more. A case that nobody has begun has nothing to resume.
func (d *Desk) Resume(ctx context.Context, ref contract.Ref) (resume *contract.Resume, err error) {
	err = d.db.Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, ref.Case)
		if err != nil || privacy.RequestState(row.State) == privacy.RequestReceived {
			return err
		}
		resume = &contract.Resume{}
		if err := resumePhase(ctx, tx, row, resume); err != nil {
			return err
		}
		resume.Reached, err = reached(ctx, tx, row)
		return err
	})
	return resume, err
}

// resumePhase finds the step that led into the present state, and whether the person was reminded behind it.
func resumePhase(ctx context.Context, tx *storage.Tx, row storage.Case, resume *contract.Resume) error {
	steps, err := tx.Transitions(ctx, row.ID)
	if err != nil {
		return fmt.Errorf("read the steps: %w", err)
	}
	for _, s := range slices.Backward(steps) {
		if s.Event == string(contract.RemindIdentity) {
			resume.Reminded = true
		}
		if s.ToState == row.State && (s.FromState == nil || *s.FromState != s.ToState) {
			resume.PhaseSince = s.At
			return nil
		}
	}
	return nil
}

// reached gives the last milestone of each clock.
func reached(ctx context.Context, tx *storage.Tx, row storage.Case) (map[string]time.Time, error) {
	obligations, err := tx.Obligations(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	kinds := map[uuid.UUID]string{}
	for _, o := range obligations {
		kinds[o.ID] = o.Kind
	}
	milestones, err := tx.Milestones(ctx, row.ID)
	if err != nil {
		return nil, fmt.Errorf("read the milestones: %w", err)
	}
	last := map[string]time.Time{}
	for _, m := range milestones {
		if kind := kinds[m.ObligationID]; m.At.After(last[kind]) {
			last[kind] = m.At
		}
	}
	return last, nil
}
