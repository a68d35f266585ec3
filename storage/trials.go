package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// trialLife is how long a trial may stand whose system never answered.
const trialLife = time.Hour

// BeginTrial says that a person is there for a trial of a system. They have no case.
func (t *Tx) BeginTrial(ctx context.Context, s Subject) error {
	if err := t.later.InsertTrial(ctx, t.tenant.ID, s.ID, t.now); err != nil {
		return fmt.Errorf("begin the trial: %w", err)
	}
	return nil
}

// EndTrial forgets a person of a trial, and nobody else.
func (t *Tx) EndTrial(ctx context.Context, subject uuid.UUID) error {
	if err := one(t.q.DeleteTrial(ctx, t.tenant.ID, subject)); err != nil {
		return fmt.Errorf("end the trial: %w", err)
	}
	return t.forget(ctx, subject)
}

// EndOldTrials forgets those whose system never answered.
func (t *Tx) EndOldTrials(ctx context.Context) error {
	old, err := t.q.OldTrials(ctx, t.tenant.ID, t.now.Add(-trialLife))
	if err != nil {
		return fmt.Errorf("look for old trials: %w", err)
	}
	for _, subject := range old {
		err = errors.Join(err, t.EndTrial(ctx, subject))
	}
	return err
}
