package relational

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// maxLooks is how often rows are looked for again that others changed before their turn came.
const maxLooks = 10

// Look finds the rows of a pass in one snapshot and changes them. What was found and not changed, somebody else has changed meanwhile.
type Look func(ctx context.Context, p Pass) (found, changed int64, err error)

// CarryOut does the passes of an order, one after the other, and tells the ledger where it begins and ends.
func CarryOut(ctx context.Context, o *erasure.Order, ledger connectors.Ledger, look Look) error {
	done, err := ledger.Begin(ctx, o.Address)
	if err != nil {
		return fmt.Errorf("begin %s: %w", o.Address, err)
	}
	if done {
		return nil
	}
	for _, p := range Passes(o) {
		if err := look.untilNone(ctx, o, p); err != nil {
			return err
		}
	}
	if err := ledger.End(ctx, o.Address); err != nil {
		return fmt.Errorf("end %s: %w", o.Address, err)
	}
	return nil
}

// untilNone looks for rows and changes them, until a look finds none that somebody else changed meanwhile.
func (look Look) untilNone(ctx context.Context, o *erasure.Order, p Pass) error {
	for range maxLooks {
		found, changed, err := look(ctx, p)
		if err != nil || changed >= found {
			return err
		}
		if changed == 0 {
			break
		}
	}
	return &connectors.Error{Code: connectors.ErrBusy, Where: o.Address.String(), What: "rows are left that could not be changed, because others change them all the time or a trigger or policy of the table keeps them",
		Do: "try again; if it goes on, look at the table's triggers and policies"}
}

// Changed tells the ledger how many rows a batch changed.
func (p Pass) Changed(ctx context.Context, o *erasure.Order, ledger connectors.Ledger, rows int64) error {
	var tally connectors.Tally
	*p.count(&tally) = rows
	if err := ledger.Changed(ctx, o.Address, tally); err != nil {
		return fmt.Errorf("note what was changed in %s: %w", o.Address, err)
	}
	return nil
}

// ReadOnly is the error for a system that isn't connected for changes.
func ReadOnly() error {
	return &connectors.Error{Code: connectors.ErrReadOnly, What: "the system is connected for reading only", Do: "connect it for erasing"}
}
