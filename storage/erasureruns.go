package storage

import (
	"context"
	"fmt"
	"net/url"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of erasing as they are read.
type (
	// ErasureRun is the work of one plan on one system.
	ErasureRun = db.ErasureRunsRow
	// ErasureStep is one collection of it.
	ErasureStep = db.ErasureStepsRow
	// EarlierStep is what rounds before changed in one.
	EarlierStep = db.EarlierErasureStepsRow
)

// RunByHand is the state of an erasure's run beside those of collecting: a person has done it.
const RunByHand = "by_hand"

// ErasureRuns lists the runs of a plan by system.
func (t *Tx) ErasureRuns(ctx context.Context, plan uuid.UUID) ([]ErasureRun, error) {
	rows, err := t.q.ErasureRuns(ctx, t.tenant.ID, plan)
	if err != nil {
		return nil, fmt.Errorf("read the erasure's runs: %w", err)
	}
	return rows, nil
}

// ErasureRunOn reads the run of a plan on one system.
func (t *Tx) ErasureRunOn(ctx context.Context, plan, system uuid.UUID) (ErasureRun, error) {
	runs, err := t.ErasureRuns(ctx, plan)
	if err != nil {
		return ErasureRun{}, err
	}
	for _, r := range runs {
		if r.SystemID == system {
			return r, nil
		}
	}
	return ErasureRun{}, fmt.Errorf("erasure run: %w", ErrNotFound)
}

// ErasureSteps lists the collections of a plan in the order they were begun.
func (t *Tx) ErasureSteps(ctx context.Context, plan uuid.UUID) ([]ErasureStep, error) {
	rows, err := t.q.ErasureSteps(ctx, t.tenant.ID, plan)
	if err != nil {
		return nil, fmt.Errorf("read the erasure's steps: %w", err)
	}
	return rows, nil
}

// RunErasure marks a run as under way.
func (t *Tx) RunErasure(ctx context.Context, r ErasureRun) error {
	return t.setRun(ctx, r, RunRunning, "")
}

// FinishErasure ends a run that has done everything.
func (t *Tx) FinishErasure(ctx context.Context, r ErasureRun) error {
	return t.setRun(ctx, r, RunDone, "")
}

// FailErasure ends a run that could not be done; code names the problem, problem explains it without naming a person.
func (t *Tx) FailErasure(ctx context.Context, r ErasureRun, code, problem string) error {
	if err := t.setRun(ctx, r, RunFailed, problem); err != nil {
		return err
	}
	return t.auditErasureRun(ctx, audit.ErasureFailed, audit.Failed, r, code)
}

// ErasedByHand says that a person has done, or will see to, what the system could not be made to do.
func (t *Tx) ErasedByHand(ctx context.Context, r ErasureRun) error {
	if err := t.setRun(ctx, r, RunByHand, ""); err != nil {
		return err
	}
	return t.auditErasureRun(ctx, audit.ErasureByHand, audit.Done, r, "")
}

func (t *Tx) setRun(ctx context.Context, r ErasureRun, state, problem string) error {
	err := one(t.q.SetErasureRun(ctx, db.SetErasureRunParams{TenantID: t.tenant.ID, ID: r.ID, State: state, Error: optional(problem), At: t.now}))
	if err != nil {
		return fmt.Errorf("set the erasure's run: %w", err)
	}
	return nil
}

func (t *Tx) auditErasureRun(ctx context.Context, action audit.Action, outcome audit.Outcome, r ErasureRun, reason string) error {
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: r.CaseID.String(), Object: audit.Object{Kind: "erasure_run", ID: r.ID.String()}, Outcome: outcome, Reason: reason,
		Facts: map[audit.FactKey]string{audit.FactSystem: r.SystemKey},
	})
}

// SaveWarrant keeps what a run's rows are found by.
func (t *Tx) SaveWarrant(ctx context.Context, r ErasureRun, s Subject, warrant any) error {
	sealed, err := sealJSON(s.Key, warrantField(r.ID), warrant)
	if err != nil {
		return fmt.Errorf("seal the warrant: %w", err)
	}
	if err := t.q.SaveWarrant(ctx, t.tenant.ID, r.ID, sealed); err != nil {
		return fmt.Errorf("keep the warrant: %w", err)
	}
	return nil
}

// Warrant opens what a run's rows are found by; false when there is none yet.
func (t *Tx) Warrant(r ErasureRun, s Subject, into any) (bool, error) {
	if r.WarrantSealed == nil {
		return false, nil
	}
	if err := openJSON(s.Key, warrantField(r.ID), r.WarrantSealed, into); err != nil {
		return false, fmt.Errorf("open the warrant: %w", err)
	}
	return true, nil
}

func warrantField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "erasure_runs", Column: "warrant", Row: id.String()}
}

// LatestWarrant opens what the rows of a system were found by in the last round of a case that began to erase there; false when none has.
func (t *Tx) LatestWarrant(ctx context.Context, caseID, system uuid.UUID, s Subject, into any) (bool, error) {
	row, err := t.q.LatestWarrant(ctx, t.tenant.ID, caseID, system)
	if err = translate(err); isNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for an earlier warrant: %w", err)
	}
	return t.Warrant(ErasureRun{ID: row.ID, WarrantSealed: row.WarrantSealed}, s, into)
}

// EarlierSteps adds up what rounds of a case changed before a plan.
func (t *Tx) EarlierSteps(ctx context.Context, p ErasurePlan) ([]EarlierStep, error) {
	rows, err := t.q.EarlierErasureSteps(ctx, t.tenant.ID, p.CaseID, p.ID)
	if err != nil {
		return nil, fmt.Errorf("read what rounds before changed: %w", err)
	}
	return rows, nil
}

// ForgetWarrants drops what the rows of a case were found by.
func (t *Tx) ForgetWarrants(ctx context.Context, caseID uuid.UUID) error {
	if err := t.q.ForgetWarrants(ctx, t.tenant.ID, caseID); err != nil {
		return fmt.Errorf("forget what rows were found by: %w", err)
	}
	return nil
}

// IntendErasure puts on record that a collection is about to be changed, once. evidence is the plan's hash.
func (t *Tx) IntendErasure(ctx context.Context, r ErasureRun, at dataset.Address, evidence []byte) error {
	begun, err := t.q.IntendErasureStep(ctx, db.IntendErasureStepParams{TenantID: t.tenant.ID, RunID: r.ID, Dataset: at.Dataset, Collection: at.Collection, At: t.now})
	if err != nil {
		return fmt.Errorf("intend to erase a collection: %w", err)
	}
	if begun > 1 {
		return nil // a try before this one has said so
	}
	return t.auditStep(ctx, r, at, audit.Intent, 0, evidence)
}

// ErasureTally is what was changed in a collection, in rows.
type ErasureTally struct{ Deleted, Masked, Trimmed, Parts int64 }

// CountErased adds what a batch changed in a collection, and gives what was changed in all.
func (t *Tx) CountErased(ctx context.Context, r ErasureRun, at dataset.Address, n ErasureTally) (int64, error) {
	changed, err := t.q.AddErasureTally(ctx, db.AddErasureTallyParams{
		TenantID: t.tenant.ID, RunID: r.ID, Dataset: at.Dataset, Collection: at.Collection, Deleted: n.Deleted, Masked: n.Masked, Trimmed: n.Trimmed, Parts: n.Parts,
	})
	if err != nil {
		return 0, fmt.Errorf("count what was erased: %w", err)
	}
	return changed, nil
}

// ErasedCollection says that a collection was come to the end of.
func (t *Tx) ErasedCollection(ctx context.Context, r ErasureRun, at dataset.Address, evidence []byte) error {
	changed, err := t.q.EndErasureStep(ctx, db.EndErasureStepParams{TenantID: t.tenant.ID, RunID: r.ID, Dataset: at.Dataset, Collection: at.Collection, At: t.now})
	if err = translate(err); isNotFound(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end a collection: %w", err)
	}
	return t.auditStep(ctx, r, at, audit.Done, changed, evidence)
}

func (t *Tx) auditStep(ctx context.Context, r ErasureRun, at dataset.Address, outcome audit.Outcome, rows int64, evidence []byte) error {
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureCollection, CaseID: r.CaseID.String(), Object: audit.Object{Kind: "erasure_run", ID: r.ID.String()}, Outcome: outcome, Evidence: evidence,
		Facts: map[audit.FactKey]string{
			audit.FactSystem: r.SystemKey, audit.FactDataset: url.PathEscape(at.Dataset), audit.FactCollection: url.PathEscape(at.Collection), audit.FactCount: fmt.Sprint(rows),
		},
	})
}

// VerifiedCollection keeps what reading a collection back found.
func (t *Tx) VerifiedCollection(ctx context.Context, r ErasureRun, at dataset.Address, unfinished, kept int64) error {
	err := t.q.VerifyErasureStep(ctx, db.VerifyErasureStepParams{
		TenantID: t.tenant.ID, RunID: r.ID, Dataset: at.Dataset, Collection: at.Collection, Unfinished: unfinished, Kept: kept, At: t.now,
	})
	if err != nil {
		return fmt.Errorf("keep what reading back found: %w", err)
	}
	return nil
}

// VerifiedErasure says that everything a run touched was read back, and how many rows were found unfinished.
func (t *Tx) VerifiedErasure(ctx context.Context, r ErasureRun, unfinished int64, evidence []byte) error {
	outcome := audit.Done
	if unfinished > 0 {
		outcome = audit.Failed
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureVerified, CaseID: r.CaseID.String(), Object: audit.Object{Kind: "erasure_run", ID: r.ID.String()}, Outcome: outcome, Evidence: evidence,
		Facts: map[audit.FactKey]string{audit.FactSystem: r.SystemKey, audit.FactCount: fmt.Sprint(unfinished)},
	})
}
