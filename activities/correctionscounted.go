package activities

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// countAlready counts before anything is written how many rows say already what is to be written. Days may have passed since it was decided on, and
// somebody may have changed such a row: that is no change of the system's own. A try that goes on where another broke off has that one's count.
func countAlready(ctx context.Context, c connectors.Eraser, errand connectors.Errand, orders []amendment.Order) error {
	for _, g := range amendment.Groups(orders) {
		if g.Begun {
			continue
		}
		errand.Orders = amendment.Masks([]amendment.Order{{Address: g.Address, Field: g.Field, Value: g.Value}})
		_, says, err := saying(ctx, c, errand)
		if err != nil {
			return err
		}
		for i := range orders {
			if slices.Contains(g.IDs, orders[i].Corrects) {
				orders[i].Already = says
			}
		}
	}
	return nil
}

// readBack says what became of each correction that a system did not refuse. One that was not written in all the rows that said the wrong value is
// overtaken: somebody has changed the others, which were left as they are. Where rows that were written don't say the new value, the system has made
// something else of it, and a person looks at that.
func readBack(ctx context.Context, c connectors.Eraser, errand connectors.Errand, orders []amendment.Order) (out written, found int64, err error) {
	out = written{}
	for _, g := range amendment.Groups(orders) {
		errand.Orders = amendment.Masks([]amendment.Order{{Address: g.Address, Field: g.Field, Value: g.Value}})
		own, says, err := saying(ctx, c, errand)
		if err != nil {
			return nil, 0, err
		}
		found = max(found, own)
		for i := range orders {
			if o := &orders[i]; slices.Contains(g.IDs, o.Corrects) {
				if err := became(ctx, c, errand, o, says < g.Expected, out); err != nil {
					return nil, 0, err
				}
			}
		}
	}
	return out, found, nil
}

// became notes what became of one correction; otherwise says that not all that was written of it is there.
func became(ctx context.Context, c connectors.Eraser, errand connectors.Errand, o *amendment.Order, otherwise bool, out written) error {
	if o.Lost() {
		alike, err := sayingBoth(ctx, c, errand, *o)
		if err != nil {
			return err
		}
		if o.Written+alike < o.Rows {
			out[o.Corrects] = ended{state: storage.CorrectionOvertaken}
			return nil
		}
		o.Written += alike
	}
	if otherwise {
		o.Manual = "the system made something else of it"
		return nil
	}
	out[o.Corrects] = ended{state: storage.CorrectionWritten, rows: o.Written}
	return nil
}

// unset wants no row to say any more what was to be written over.
func unset(ctx context.Context, c connectors.Eraser, errand connectors.Errand) error {
	surveys, err := c.Survey(ctx, errand)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(surveys, func(s connectors.Survey) bool { return s.Left > 0 }) {
		return errNotSet
	}
	return nil
}

// saying counts the person's rows in a collection, and those in which a field says what an errand would set.
func saying(ctx context.Context, c connectors.Eraser, errand connectors.Errand) (own, says int64, err error) {
	surveys, err := c.Survey(ctx, errand)
	for _, s := range surveys {
		own, says = own+s.Own, says+s.Own-s.Left
	}
	return own, says, err
}

// sayingBoth counts the rows that say what was to be written over and need no change for that: to the system both are one value, as 1.5 and 1.50 are.
func sayingBoth(ctx context.Context, c connectors.Eraser, errand connectors.Errand, o amendment.Order) (int64, error) {
	if o.Was == nil || o.Value == nil {
		return 0, nil
	}
	was := o
	was.Corrects, was.Value = "", o.Was
	errand.Orders = append([]erasure.Order{}, amendment.Masks([]amendment.Order{o})...)
	errand.Orders = append(errand.Orders, amendment.Masks([]amendment.Order{was})...)
	surveys, err := c.Survey(ctx, errand)
	if err != nil || len(surveys) != 2 || surveys[0].Left > 0 {
		return 0, err
	}
	return surveys[1].Own - surveys[1].Left, nil
}
