package casework

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// How an import is done: stretches of lines, each one transaction, some of them side by side.
const (
	importStretch = 5000
	importWorkers = 3
	// faultsKept is how many faulty lines of a stretch are named; all are counted.
	faultsKept = 50
	// importTries is how often a stretch gives way to others that write about the same people.
	importTries = 20
)

// stretch is some lines of a list.
type stretch struct {
	number int32
	lines  []consentcsv.Line
}

// importing is an import that is checked or run.
type importing struct {
	desk    *Desk
	tenant  uuid.UUID
	row     storage.ConsentImport
	mapping consentcsv.Mapping
	step    string
	done    map[int32]bool
	texts   []storage.ConsentText
}

// ImportConsents does a step of an import to its end: what is done already is left alone, so it may be tried again at any moment. A list that can't be read ends the
// import with the reason.
func (d *Desk) ImportConsents(ctx context.Context, tenant, id uuid.UUID, step string) error {
	i := &importing{desk: d, tenant: tenant, step: step}
	d.db.ForgetTenant(tenant) // a purpose may have been added a moment ago, elsewhere
	key, err := i.begin(ctx, id)
	if err != nil || key == nil {
		return err
	}
	file := d.importFile(ctx, tenant, id, int(i.row.Parts), key)
	zone, err := d.db.Tenant(ctx, tenant)
	if err != nil {
		return err
	}
	list, err := i.open(file, zone)
	if err == nil {
		err = i.read(ctx, list)
	}
	err = errors.Join(err, file.Close())
	var unreadable *consentcsv.HeadError
	if errors.Is(err, errImportStopped) {
		return nil
	}
	if errors.As(err, &unreadable) {
		return i.end(ctx, unreadable.Problem)
	}
	if err != nil {
		return err
	}
	return i.end(ctx, "")
}

// importList is a list, line by line; io.EOF at its end.
type importList interface {
	Next() (consentcsv.Line, error)
}

func (i *importing) open(file io.Reader, tenant storage.Tenant) (importList, error) {
	if i.mapping.Transfer != nil {
		return consentcsv.OpenTransfer(file, *i.mapping.Transfer)
	}
	return consentcsv.Open(file, i.mapping, tenant.Zone)
}

// FailConsentImport ends an import for a reason that trying again does not mend.
func (d *Desk) FailConsentImport(ctx context.Context, tenant, id uuid.UUID, problem string) error {
	i := &importing{desk: d, tenant: tenant}
	i.row.ID = id
	return i.end(ctx, problem)
}

// stateOf is that of an import while a step of it is done.
func stateOf(step string) string {
	if step == storage.ImportCheck {
		return storage.ImportChecking
	}
	return storage.ImportRunning
}

// begin reads the import and how far it has come; no key where it is not at this step any more.
func (i *importing) begin(ctx context.Context, id uuid.UUID) (key *seal.StreamKey, err error) {
	return key, i.desk.db.Read(ctx, i.tenant, func(ctx context.Context, tx *storage.Tx) error {
		if i.row, err = tx.ConsentImport(ctx, id); err != nil || i.row.State != stateOf(i.step) {
			return err
		}
		if i.mapping, err = mappingOf(i.row); err != nil {
			return err
		}
		if i.done, err = tx.ImportChunks(ctx, id, i.step); err != nil {
			return err
		}
		if i.mapping.Text > 0 {
			if i.texts, err = tx.ConsentTexts(ctx); err != nil {
				return err
			}
		}
		key, err = tx.ImportKey(i.row)
		return err
	})
}

// read has the lines done stretch by stretch. Of a list that breaks off unreadable what came before is done.
func (i *importing) read(ctx context.Context, list importList) error {
	work := make(chan stretch)
	group, working := errgroup.WithContext(ctx)
	for range importWorkers {
		group.Go(func() error {
			for s := range work {
				if err := i.do(working, s); err != nil {
					return err
				}
			}
			return nil
		})
	}
	broke := i.stretches(working, list, work)
	close(work)
	return errors.Join(group.Wait(), broke)
}

// stretches hands out what is not done yet.
func (i *importing) stretches(ctx context.Context, list importList, work chan<- stretch) error {
	for number := int32(0); ; number++ {
		s := stretch{number: number}
		var broke error
		for len(s.lines) < importStretch && broke == nil {
			var line consentcsv.Line
			if line, broke = list.Next(); broke == nil {
				s.lines = append(s.lines, line)
			}
		}
		if len(s.lines) > 0 && !i.done[number] {
			select {
			case work <- s:
			case <-ctx.Done():
				return nil // the worker that failed says why
			}
		}
		switch {
		case errors.Is(broke, io.EOF):
			return nil
		case broke != nil:
			return broke
		}
	}
}

// errImportStopped says that somebody has stopped the import: what is under way is not written.
var errImportStopped = errors.New("the import is stopped")

// do does one stretch in one transaction, together with the note that it is done.
func (i *importing) do(ctx context.Context, s stretch) (err error) {
	for range importTries {
		err = i.desk.db.Change(ctx, i.tenant, System("import"), func(ctx context.Context, tx *storage.Tx) error { return i.write(ctx, tx, s) })
		if !errors.Is(err, storage.ErrConflict) {
			break
		}
	}
	if errors.Is(err, storage.ErrStretchDone) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lines from %d on: %w", s.lines[0].Number, err)
	}
	return nil
}

func (i *importing) write(ctx context.Context, tx *storage.Tx, s stretch) error {
	chunk := storage.ImportChunk{Import: i.row.ID, Step: i.step, Number: s.number, Lines: int32(len(s.lines))}
	entries := make([]storage.ConsentEntry, 0, len(s.lines))
	for _, line := range s.lines {
		if line.Skipped && line.Fault == nil {
			continue
		}
		entry, fault := i.entry(tx, line)
		if fault == nil {
			entries = append(entries, entry)
			continue
		}
		if chunk.Faulty++; chunk.Faulty <= faultsKept {
			chunk.Faults = append(chunk.Faults, storage.ImportFault{Line: int32(line.Number), Field: fault.Field, Problem: fault.Problem})
		}
	}
	chunk.Written = int32(len(entries))
	if err := tx.AddImportChunk(ctx, chunk); err != nil {
		return err
	}
	if i.step == storage.ImportCheck {
		return nil
	}
	tenant := tx.Tenant()
	if _, err := tx.RecordConsents(ctx, entries, i.desk.consentLook(&tenant, privacy.DateIn(tx.Now(), tenant.Zone))); err != nil {
		return err
	}
	state, err := tx.HoldConsentImport(ctx, i.row.ID) // at the end, so that whoever stops it waits for nothing but a commit
	if err == nil && state != storage.ImportRunning {
		err = errImportStopped
	}
	return err
}

// entry is what a line comes to, or what is wrong with it.
func (i *importing) entry(tx *storage.Tx, line consentcsv.Line) (storage.ConsentEntry, *consentcsv.Fault) {
	if line.Fault != nil {
		return storage.ConsentEntry{}, line.Fault
	}
	entry, err := i.desk.entryOf(tx, importedLine(line, i.row, i.mapping), i.texts)
	var fault *ConsentFault
	if errors.As(err, &fault) {
		return entry, &consentcsv.Fault{Field: fault.Field, Problem: fault.Problem}
	}
	if line.Over != nil { // windows run on from the day on which they ran at the seller's
		entry.Event.Day = line.Over.Day
	}
	if err := tx.Address(&entry); err != nil {
		return entry, &consentcsv.Fault{Field: "address", Problem: "is none of this channel"}
	}
	return entry, nil
}

// end ends the step: after a check the import waits for the word to run; after a run, or with a problem, its file goes.
func (i *importing) end(ctx context.Context, problem string) error {
	checked := problem == "" && i.step == storage.ImportCheck
	err := i.desk.db.Change(ctx, i.tenant, System("import"), func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockConsentImport(ctx, i.row.ID)
		switch {
		case err != nil:
			return err
		case row.State == storage.ImportDone || row.State == storage.ImportFailed || checked && row.State != storage.ImportChecking:
			return nil
		case checked:
			return tx.ConsentImportChecked(ctx, row.ID)
		default:
			return tx.EndConsentImport(ctx, row, problem)
		}
	})
	if err != nil || checked {
		return err
	}
	return i.desk.dropImportFile(ctx, i.tenant, i.row.ID)
}
