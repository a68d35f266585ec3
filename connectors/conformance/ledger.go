package conformance

import (
	"context"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// ErrLedger is what a Ledger fails with when it was told to.
var ErrLedger = errors.New("the ledger was told to stop")

// Ledger keeps what it is told and checks the order of the calls.
type Ledger struct {
	Order   []dataset.Address
	Tallies map[dataset.Address]connectors.Tally
	Batches int
	Rows    int64
	// Largest is the batch with the most rows.
	Largest int64
	// Done are collections to be passed over.
	Done map[dataset.Address]bool
	// StopAfter fails the call that follows this many batches; zero never fails.
	StopAfter int
	// OnChanged runs after each batch.
	OnChanged func()
	open      *dataset.Address
}

// NewLedger makes an empty ledger.
func NewLedger() *Ledger {
	return &Ledger{Tallies: map[dataset.Address]connectors.Tally{}, Done: map[dataset.Address]bool{}}
}

// Begin opens a collection.
func (l *Ledger) Begin(_ context.Context, a dataset.Address) (bool, error) {
	if l.open != nil {
		return false, fmt.Errorf("%s is begun while %s is open", a, l.open)
	}
	if l.Done[a] {
		return true, nil
	}
	l.Order, l.open = append(l.Order, a), &a
	return false, nil
}

// Changed notes a batch.
func (l *Ledger) Changed(_ context.Context, a dataset.Address, rows int64) error {
	if l.open == nil || *l.open != a || rows <= 0 {
		return fmt.Errorf("a batch of %s is out of place", a)
	}
	l.Batches, l.Rows, l.Largest = l.Batches+1, l.Rows+rows, max(l.Largest, rows)
	if l.OnChanged != nil {
		l.OnChanged()
	}
	if l.StopAfter > 0 && l.Batches == l.StopAfter {
		return ErrLedger
	}
	return nil
}

// End closes a collection.
func (l *Ledger) End(_ context.Context, a dataset.Address, tally connectors.Tally) error {
	if l.open == nil || *l.open != a {
		return fmt.Errorf("%s is ended without being begun", a)
	}
	l.Tallies[a], l.open = tally, nil
	return nil
}
