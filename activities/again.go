package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// errBusyStopped is a stop as those see it who try again by themselves.
var errBusyStopped error = &connectors.Error{Code: connectors.ErrBusy, What: "the system was stopped in an emergency", Do: "let it go on"}

// guarded does work that begins again by itself, and breaks off when the system is stopped meanwhile.
func (c *Collection) guarded(ctx context.Context, in contract.CollectInput, work func(context.Context) error) error {
	if c.stopped(ctx, in) {
		return errBusyStopped
	}
	ticker := clockwork.NewRealClock().NewTicker(lookForStop)
	defer ticker.Stop()
	err := c.untilStopped(ctx, in, ticker, work)
	if errors.Is(err, errStopped) {
		return errBusyStopped
	}
	return err
}

// eraseAndReadBack carries an errand out and says how many rows that changed. What reading back finds untreated is an error.
func eraseAndReadBack(ctx context.Context, connector connectors.Eraser, errand connectors.Errand, ledger *guard) (int64, error) {
	if err := connector.Erase(ctx, errand, ledger); err != nil {
		return ledger.rows, err
	}
	found, err := connector.Survey(ctx, errand)
	if err != nil {
		return ledger.rows, err
	}
	for _, s := range found {
		if s.Left > 0 {
			return ledger.rows, &connectors.Error{Code: connectors.ErrServer, Where: s.String(), What: fmt.Sprintf("reading back found %d rows that should have been erased", s.Left), Do: "look at the system"}
		}
	}
	return ledger.rows, nil
}

// guard is the ledger of work that no approved plan is behind: of what is erased when its time is over, and again after a restore. It counts, looks
// before each collection and behind each batch whether the work may go on, and ends it where more is changed than was counted.
type guard struct {
	plan *erasure.SystemPlan
	// may says what stands against going on.
	may func(ctx context.Context) error
	// first hears of the first row that is changed in a collection; nil where nobody does.
	first func(ctx context.Context, at dataset.Address) error
	rows  int64
	in    map[dataset.Address]int64
}

// Begin implements connectors.Ledger.
func (g *guard) Begin(ctx context.Context, _ dataset.Address) (done bool, err error) {
	return false, g.may(ctx)
}

// Changed implements connectors.Ledger.
func (g *guard) Changed(ctx context.Context, at dataset.Address, n connectors.Tally) error {
	rows := n.Deleted + n.Masked + n.Trimmed + n.Parts
	if g.in == nil {
		g.in = map[dataset.Address]int64{}
	}
	before := g.in[at]
	g.rows, g.in[at] = g.rows+rows, before+rows
	if rows > 0 && before == 0 && g.first != nil {
		if err := g.first(ctx, at); err != nil {
			return err
		}
	}
	if g.in[at] > g.plan.Reaches(at) {
		return &connectors.Error{Code: connectors.ErrSelection, Where: at.String(), What: "there is more to change than was counted just before", Do: "look who writes there now"}
	}
	return g.may(ctx)
}

// End implements connectors.Ledger.
func (g *guard) End(context.Context, dataset.Address) error { return nil }

// errHeldMeanwhile says that a hold was placed under the work, which heeds it when it begins again.
var errHeldMeanwhile error = &connectors.Error{Code: connectors.ErrBusy, What: "a legal hold was placed on the person meanwhile", Do: "nothing: it is heeded at the next try"}

// stillMay says what has come to stand against erasing in a system since the work was planned: a stop, or a hold that it did not know.
func (e *Erasures) stillMay(ctx context.Context, tenant uuid.UUID, system storage.System, planned []erasure.Hold, standing func(context.Context, *storage.Tx) ([]erasure.Hold, error)) error {
	return e.desk.DB().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		stopped, err := tx.SystemStopped(ctx, system.ID)
		if err != nil {
			return err
		}
		if stopped {
			return errBusyStopped
		}
		now, err := standing(ctx, tx)
		for _, h := range now {
			known := slices.ContainsFunc(planned, func(o erasure.Hold) bool { return o.ID == h.ID })
			if h.Covers(system.Key) && !known {
				return errHeldMeanwhile
			}
		}
		return err
	})
}
