package storage

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// States of an import of consents.
const (
	ImportWaiting  = "waiting"  // for its file
	ImportChecking = "checking" // it is read, and nothing is written
	ImportChecked  = "checked"
	ImportRunning  = "running"
	ImportStopped  = "stopped" // some of it may be written
	ImportDone     = "done"
	ImportFailed   = "failed"
)

// Steps of an import.
const (
	ImportCheck = "check"
	ImportRun   = "run"
)

// ConsentImport is a list of consents on its way into the ledger.
type ConsentImport struct {
	db.ConsentImportRow
	// Checked and Written are how far it has come.
	Checked, Written ImportCount
}

// ImportCount is how far a step has come.
type ImportCount struct{ Lines, Written, Faulty int64 }

// ImportFault is what is wrong with a line.
type ImportFault = db.ConsentImportFaultsRow

// ImportChunk is a stretch of lines that is done.
type ImportChunk struct {
	Import                 uuid.UUID
	Step                   string
	Number                 int32
	Lines, Written, Faulty int32
	Faults                 []ImportFault
}

// AddConsentImport adds an import that waits for its file.
func (t *Tx) AddConsentImport(ctx context.Context, name string, mapping []byte) (uuid.UUID, error) {
	id := newID()
	wrapped, err := t.tenant.Keys.NewStreamKey(DocumentKeyID(id))
	if err != nil {
		return id, fmt.Errorf("make the key of an import: %w", err)
	}
	err = t.q.InsertConsentImport(ctx, db.InsertConsentImportParams{
		ID: id, TenantID: t.tenant.ID, Name: name, Mapping: mapping, WrappedKey: wrapped, CreatedBy: t.actor.ID, CreatedAt: t.now,
	})
	if err != nil {
		return id, fmt.Errorf("add an import: %w", err)
	}
	return id, t.auditImport(ctx, audit.ConsentImportCreated, id, nil)
}

func (t *Tx) auditImport(ctx context.Context, action audit.Action, id uuid.UUID, facts map[audit.FactKey]string) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "consent_import", ID: id.String()}, Facts: facts})
}

// ConsentImport reads an import.
func (t *Tx) ConsentImport(ctx context.Context, id uuid.UUID) (ConsentImport, error) {
	row, err := t.q.ConsentImport(ctx, t.tenant.ID, id)
	if err != nil {
		return ConsentImport{}, fmt.Errorf("import: %w", translate(err))
	}
	all, err := t.counted(ctx, []ConsentImport{{ConsentImportRow: row}})
	if err != nil {
		return ConsentImport{}, err
	}
	return all[0], nil
}

// LockConsentImport reads an import and holds it until the transaction ends.
func (t *Tx) LockConsentImport(ctx context.Context, id uuid.UUID) (ConsentImport, error) {
	row, err := t.q.LockConsentImport(ctx, t.tenant.ID, id)
	if err != nil {
		return ConsentImport{}, fmt.Errorf("import: %w", translate(err))
	}
	all, err := t.counted(ctx, []ConsentImport{{ConsentImportRow: db.ConsentImportRow(row)}})
	if err != nil {
		return ConsentImport{}, err
	}
	return all[0], nil
}

// ConsentImports lists imports, newest first.
func (t *Tx) ConsentImports(ctx context.Context, most int32) ([]ConsentImport, error) {
	rows, err := t.q.ConsentImports(ctx, t.tenant.ID, most)
	if err != nil {
		return nil, fmt.Errorf("list imports: %w", err)
	}
	all := make([]ConsentImport, len(rows))
	for i, r := range rows {
		all[i].ConsentImportRow = db.ConsentImportRow(r)
	}
	return t.counted(ctx, all)
}

// counted says of imports how far they have come.
func (t *Tx) counted(ctx context.Context, all []ConsentImport) ([]ConsentImport, error) {
	if len(all) == 0 {
		return all, nil
	}
	places := map[uuid.UUID]int{}
	ids := make([]uuid.UUID, len(all))
	for i := range all {
		ids[i], places[all[i].ID] = all[i].ID, i
	}
	counts, err := t.q.ConsentImportCounts(ctx, t.tenant.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("count what was imported: %w", err)
	}
	for _, c := range counts {
		count := ImportCount{Lines: c.Lines, Written: c.Written, Faulty: c.Faulty}
		if c.Step == ImportCheck {
			all[places[c.ImportID]].Checked = count
		} else {
			all[places[c.ImportID]].Written = count
		}
	}
	return all, nil
}

// ImportKey opens the key of an import's file; seal.ErrNoKey when it is gone.
func (t *Tx) ImportKey(i ConsentImport) (*seal.StreamKey, error) {
	key, err := t.tenant.Keys.StreamKey(i.WrappedKey, DocumentKeyID(i.ID))
	if err != nil {
		return nil, fmt.Errorf("open the key of an import: %w", err)
	}
	return key, nil
}

// ConsentImportsAtWork lists imports that a workflow should be at, with their state.
func (t *Tx) ConsentImportsAtWork(ctx context.Context) (map[uuid.UUID]string, error) {
	rows, err := t.q.ConsentImportsAtWork(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("list imports at work: %w", err)
	}
	out := map[uuid.UUID]string{}
	for _, r := range rows {
		out[r.ID] = r.State
	}
	return out, nil
}

// ConsentImportsBefore lists imports that wait for somebody, and were begun or stopped before a moment.
func (t *Tx) ConsentImportsBefore(ctx context.Context, at time.Time) ([]uuid.UUID, error) {
	ids, err := t.q.ConsentImportsBefore(ctx, t.tenant.ID, at)
	if err != nil {
		return nil, fmt.Errorf("list imports that wait: %w", err)
	}
	return ids, nil
}

// ImportedBefore says whether another import has written the same file to the ledger, or some of it.
func (t *Tx) ImportedBefore(ctx context.Context, sum []byte, beside uuid.UUID) (bool, error) {
	before, err := t.q.ImportedBefore(ctx, t.tenant.ID, sum, beside)
	if err != nil {
		return false, fmt.Errorf("look for the same file: %w", err)
	}
	return before, nil
}

// CheckConsentImport says that the whole file is there: it is read now, and nothing is written. ErrNotFound when it is not waiting.
func (t *Tx) CheckConsentImport(ctx context.Context, id uuid.UUID, parts int32, bytes int64, sum []byte) error {
	err := one(t.q.CheckConsentImport(ctx, db.CheckConsentImportParams{TenantID: t.tenant.ID, ID: id, Parts: parts, Bytes: bytes, Sum: sum}))
	if err != nil {
		return fmt.Errorf("check an import: %w", err)
	}
	return t.auditImport(ctx, audit.ConsentImportChecked, id, map[audit.FactKey]string{audit.FactBytes: fmt.Sprint(bytes), audit.FactTo: hex.EncodeToString(sum)})
}

// ConsentImportChecked says that it was read to its end.
func (t *Tx) ConsentImportChecked(ctx context.Context, id uuid.UUID) error {
	if err := one(t.q.ConsentImportChecked(ctx, t.now, t.tenant.ID, id)); err != nil {
		return fmt.Errorf("end the check of an import: %w", err)
	}
	return nil
}

// RunConsentImport has it written to the ledger from now on. ErrNotFound when it is neither checked nor stopped.
func (t *Tx) RunConsentImport(ctx context.Context, id uuid.UUID, skip bool) error {
	if err := one(t.q.RunConsentImport(ctx, skip, t.now, t.tenant.ID, id)); err != nil {
		return fmt.Errorf("run an import: %w", err)
	}
	return t.auditImport(ctx, audit.ConsentImportStarted, id, nil)
}

// StopConsentImport has no more of it written; what the transactions have written that ended before stays. ErrNotFound when it is not running.
func (t *Tx) StopConsentImport(ctx context.Context, i ConsentImport) error {
	if err := one(t.q.StopConsentImport(ctx, t.now, t.tenant.ID, i.ID)); err != nil {
		return fmt.Errorf("stop an import: %w", err)
	}
	return t.auditImport(ctx, audit.ConsentImportStopped, i.ID, map[audit.FactKey]string{audit.FactCount: fmt.Sprint(i.Written.Written)})
}

// HoldConsentImport reads how an import stands, and keeps it so until the transaction ends.
func (t *Tx) HoldConsentImport(ctx context.Context, id uuid.UUID) (state string, err error) {
	if state, err = t.q.HoldConsentImport(ctx, t.tenant.ID, id); err != nil {
		return "", fmt.Errorf("hold an import: %w", translate(err))
	}
	return state, nil
}

// EndConsentImport ends it, with a problem where there is one, and destroys the key of its file.
func (t *Tx) EndConsentImport(ctx context.Context, i ConsentImport, problem string) error {
	if err := one(t.q.EndConsentImport(ctx, optional(problem), t.now, t.tenant.ID, i.ID)); err != nil {
		return fmt.Errorf("end an import: %w", err)
	}
	e := audit.Event{
		Action: audit.ConsentImportEnded, Object: audit.Object{Kind: "consent_import", ID: i.ID.String()}, Evidence: i.Sha256, Outcome: audit.Done,
		Facts: map[audit.FactKey]string{audit.FactCount: fmt.Sprint(i.Written.Written)},
	}
	if problem != "" {
		e.Outcome, e.Reason = audit.Failed, "import"
	}
	return t.Audit(ctx, e)
}

// ImportChunks are the stretches of a step that are done.
func (t *Tx) ImportChunks(ctx context.Context, id uuid.UUID, step string) (map[int32]bool, error) {
	numbers, err := t.q.ConsentImportChunks(ctx, t.tenant.ID, id, step)
	if err != nil {
		return nil, fmt.Errorf("read how far an import has come: %w", err)
	}
	done := make(map[int32]bool, len(numbers))
	for _, n := range numbers {
		done[n] = true
	}
	return done, nil
}

// ErrStretchDone says that another try has done a stretch of an import.
var ErrStretchDone = errors.New("this stretch of the import is done already")

// AddImportChunk says that a stretch is done: in the transaction that does it. ErrStretchDone when another has done it.
func (t *Tx) AddImportChunk(ctx context.Context, c ImportChunk) error {
	added, err := t.q.InsertConsentImportChunk(ctx, db.InsertConsentImportChunkParams{
		TenantID: t.tenant.ID, ImportID: c.Import, Step: c.Step, Number: c.Number, Lines: c.Lines, Written: c.Written, Faulty: c.Faulty,
	})
	if err != nil {
		return fmt.Errorf("keep how far an import has come: %w", err)
	}
	if added == 0 {
		return ErrStretchDone
	}
	if len(c.Faults) == 0 {
		return nil
	}
	arg := db.InsertConsentImportFaultsParams{TenantID: t.tenant.ID, ImportID: c.Import}
	for _, f := range c.Faults {
		arg.Lines, arg.Fields, arg.Problems = append(arg.Lines, f.Line), append(arg.Fields, f.Field), append(arg.Problems, f.Problem)
	}
	if err := t.later.InsertConsentImportFaults(ctx, arg); err != nil {
		return fmt.Errorf("keep what is wrong with lines: %w", err)
	}
	return nil
}

// ImportFaults lists what is wrong with lines, in their order.
func (t *Tx) ImportFaults(ctx context.Context, id uuid.UUID, most int32) ([]ImportFault, error) {
	rows, err := t.q.ConsentImportFaults(ctx, t.tenant.ID, id, most)
	if err != nil {
		return nil, fmt.Errorf("read what is wrong with lines: %w", err)
	}
	return rows, nil
}
