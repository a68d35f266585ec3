package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of collecting as they are read.
type (
	// Run is the work of one round on one system.
	Run = db.RunsRow
	// Part is one sealed object a run has put away.
	Part = db.PartsRow
	// Collected is a collection that was read to its end.
	Collected = db.CollectedRow
)

// States of a run.
const (
	RunPending  = "pending"
	RunRunning  = "running"
	RunDone     = "done"
	RunFailed   = "failed"
	RunExcluded = "excluded"
)

// StartRound begins a round of collecting: one run per system, each under a key of its own.
func (t *Tx) StartRound(ctx context.Context, c Case, round int32, systems []System) error {
	for _, s := range systems {
		id := newID()
		wrapped, err := t.tenant.Keys.NewStreamKey(runKeyID(c.ID, round, s.ID))
		if err != nil {
			return fmt.Errorf("make the key of the run on %q: %w", s.Key, err)
		}
		err = t.q.InsertRun(ctx, db.InsertRunParams{
			ID: id, TenantID: t.tenant.ID, CaseID: c.ID, Round: round, SystemID: s.ID, KeyWrapped: wrapped,
		})
		if err != nil {
			return fmt.Errorf("add the run on %q: %w", s.Key, err)
		}
	}
	return nil
}

func runKeyID(caseID uuid.UUID, round int32, system uuid.UUID) string {
	return fmt.Sprintf("run/%s/%d/%s", caseID, round, system)
}

// LatestRound gives the number of the newest round of a case, zero when there is none.
func (t *Tx) LatestRound(ctx context.Context, caseID uuid.UUID) (int32, error) {
	return t.q.LatestRound(ctx, t.tenant.ID, caseID)
}

// Runs lists the runs of a round by system.
func (t *Tx) Runs(ctx context.Context, caseID uuid.UUID, round int32) ([]Run, error) {
	return t.q.Runs(ctx, t.tenant.ID, caseID, round)
}

// RunOn reads the run of a round on one system.
func (t *Tx) RunOn(ctx context.Context, caseID uuid.UUID, round int32, system uuid.UUID) (Run, error) {
	runs, err := t.Runs(ctx, caseID, round)
	if err != nil {
		return Run{}, fmt.Errorf("read runs: %w", err)
	}
	for _, run := range runs {
		if run.SystemID == system {
			return run, nil
		}
	}
	return Run{}, fmt.Errorf("run: %w", ErrNotFound)
}

// LatestRunOn reads the run of the newest round on one system.
func (t *Tx) LatestRunOn(ctx context.Context, caseID, system uuid.UUID) (Run, error) {
	round, err := t.LatestRound(ctx, caseID)
	if err != nil {
		return Run{}, fmt.Errorf("read the round: %w", err)
	}
	return t.RunOn(ctx, caseID, round, system)
}

// RunKey opens the key that a run's parts are encrypted with.
func (t *Tx) RunKey(r Run) (*seal.StreamKey, error) {
	key, err := t.tenant.Keys.StreamKey(r.KeyWrapped, runKeyID(r.CaseID, r.Round, r.SystemID))
	if err != nil {
		return nil, fmt.Errorf("open the run's key: %w", err)
	}
	return key, nil
}

// StartRun marks a run as under way.
func (t *Tx) StartRun(ctx context.Context, r Run) error {
	if err := t.later.StartRun(ctx, t.tenant.ID, r.ID, t.now); err != nil {
		return fmt.Errorf("start the run: %w", err)
	}
	return t.auditRun(ctx, audit.CollectStarted, r, audit.Done, "", nil)
}

func (t *Tx) auditRun(ctx context.Context, action audit.Action, r Run, outcome audit.Outcome, reason string, rows *int64) error {
	facts := map[audit.FactKey]string{audit.FactSystem: r.SystemKey, audit.FactStep: fmt.Sprint(r.Round)}
	if rows != nil {
		facts[audit.FactCount] = fmt.Sprint(*rows)
	}
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: r.CaseID.String(), Object: audit.Object{Kind: "run", ID: r.ID.String()}, Outcome: outcome,
		Reason: reason, Facts: facts,
	})
}

// SetRunTotal says how many rows a run expects.
func (t *Tx) SetRunTotal(ctx context.Context, r Run, total int64) error {
	return t.q.RunTotal(ctx, t.tenant.ID, r.ID, &total)
}

// FinishRun ends a run that has everything.
func (t *Tx) FinishRun(ctx context.Context, r Run, rows int64) error {
	if err := t.later.FinishRun(ctx, t.tenant.ID, r.ID, rows, &t.now); err != nil {
		return fmt.Errorf("finish the run: %w", err)
	}
	return t.auditRun(ctx, audit.CollectFinished, r, audit.Done, "", &rows)
}

// FailRun ends a run that could not be done; code names the problem, problem explains it without naming a person.
func (t *Tx) FailRun(ctx context.Context, r Run, code, problem string) error {
	if err := t.q.FailRun(ctx, t.tenant.ID, r.ID, &problem, &t.now); err != nil {
		return fmt.Errorf("fail the run: %w", err)
	}
	return t.auditRun(ctx, audit.CollectFinished, r, audit.Failed, code, nil)
}

// ExcludeRun leaves a system out of the answer, on a person's decision.
func (t *Tx) ExcludeRun(ctx context.Context, r Run) error {
	if err := t.q.ExcludeRun(ctx, t.tenant.ID, r.ID, &t.now); err != nil {
		return fmt.Errorf("exclude the run: %w", err)
	}
	return t.auditRun(ctx, audit.CollectFinished, r, audit.Refused, "excluded", nil)
}

// NewPart is one object that a run has put away.
type NewPart struct {
	Dataset    string
	Collection string
	Seq        int32
	ObjectKey  string
	Rows       int64
	Bytes      int64
	SHA256     []byte
	// Cursor is where the collection goes on behind this part. It may hold key values, so it is sealed.
	Cursor string
}

// AddPart records a part and the rows it brought, in one step: a try that dies before it leaves no trace, and one that
// dies after it goes on behind it.
func (t *Tx) AddPart(ctx context.Context, r Run, s Subject, n NewPart) error {
	id := newID()
	cursor, err := s.Key.Seal([]byte(n.Cursor), cursorField(r, n.Dataset, n.Collection, n.Seq))
	if err != nil {
		return fmt.Errorf("seal the cursor: %w", err)
	}
	rows, err := t.q.InsertPart(ctx, db.InsertPartParams{
		ID: id, TenantID: t.tenant.ID, RunID: r.ID, Dataset: n.Dataset, Collection: n.Collection, Seq: n.Seq,
		ObjectKey: n.ObjectKey, Rows: n.Rows, Bytes: n.Bytes, Sha256: n.SHA256, CursorSealed: cursor, CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("record the part: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.q.AddRunRows(ctx, t.tenant.ID, r.ID, n.Rows)
}

func cursorField(r Run, dataset, collection string, seq int32) seal.Field {
	return seal.Field{Table: "parts", Column: "cursor", Row: fmt.Sprintf("%s/%s/%s/%d", r.ID, dataset, collection, seq)}
}

// LastPart gives the number of the last part of a collection and the cursor behind it; zero and "" when there is none.
func (t *Tx) LastPart(ctx context.Context, r Run, s Subject, dataset, collection string) (seq int32, cursor string, err error) {
	row, err := t.q.LastPart(ctx, t.tenant.ID, r.ID, dataset, collection)
	if isNotFound(translate(err)) {
		return 0, "", nil
	}
	if err != nil {
		return 0, "", fmt.Errorf("read the last part: %w", err)
	}
	clear, err := s.Key.Open(row.CursorSealed, cursorField(r, dataset, collection, row.Seq))
	if err != nil {
		return 0, "", fmt.Errorf("open the cursor: %w", err)
	}
	return row.Seq, string(clear), nil
}

// Parts lists the parts of a run in the order they are to be read.
func (t *Tx) Parts(ctx context.Context, run uuid.UUID) ([]Part, error) {
	return t.q.Parts(ctx, t.tenant.ID, run)
}

// MarkCollected records that a collection was read to its end.
func (t *Tx) MarkCollected(ctx context.Context, r Run, dataset, collection string, rows int64) error {
	return t.later.InsertCollected(ctx, db.InsertCollectedParams{
		TenantID: t.tenant.ID, RunID: r.ID, Dataset: dataset, Collection: collection, Rows: rows, At: t.now,
	})
}

// Collected lists the collections of a run that were read to their end.
func (t *Tx) Collected(ctx context.Context, run uuid.UUID) ([]Collected, error) {
	return t.q.Collected(ctx, t.tenant.ID, run)
}

// ForgetParts drops the parts of a case and the keys they were encrypted with.
func (t *Tx) ForgetParts(ctx context.Context, caseID uuid.UUID) error {
	if err := t.q.DeleteRunParts(ctx, t.tenant.ID, caseID); err != nil {
		return fmt.Errorf("drop the parts: %w", err)
	}
	if err := t.q.ForgetRunKeys(ctx, t.tenant.ID, caseID); err != nil {
		return fmt.Errorf("destroy the keys of the parts: %w", err)
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.KeyDestroyed, CaseID: caseID.String(), Object: caseObject(caseID),
		Facts: map[audit.FactKey]string{audit.FactKeyKind: "collection"},
	})
}
