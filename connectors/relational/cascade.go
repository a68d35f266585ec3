package relational

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// cascade looks what a deletion would take along.
type cascade struct {
	*Walk
	session Session
	orders  []erasure.Order
}

// TakesAlong refuses a deletion that would take rows along which no order deletes, or empty a field in somebody else's: by a foreign key with ON DELETE
// CASCADE or SET NULL the server would do so by itself. Tables that are not in the plan are not looked at: the annotation says nothing of them.
func (w *Walk) TakesAlong(ctx context.Context, s Session, t Target, p Pass, orders []erasure.Order) error {
	c := cascade{w, s, orders}
	return c.along(ctx, t, func(q *Query) (string, error) { return q.Reach(t, p) }, nil)
}

func (c cascade) along(ctx context.Context, t Target, gone func(*Query) (string, error), seen []string) error {
	for _, r := range c.owning.referrers[t.Step.Address] {
		if r.Key == nil || r.From == nil || r.Key.Action == dataset.OnDeleteRefuse || slices.Contains(seen, r.Key.Name) {
			continue
		}
		source, err := c.Target(*r.From)
		if err != nil {
			return err
		}
		taken := func(q *Query) (string, error) {
			cond, err := gone(q)
			return fmt.Sprintf("(%s) IN (SELECT %s FROM %s WHERE %s)", ColumnList(r.Key.Columns), ColumnList(r.Key.To), t.From(), cond), err
		}
		if err := c.meant(ctx, source, r, taken); err != nil {
			return err
		}
		if r.Key.Action == dataset.OnDeleteCascade {
			if err := c.along(ctx, source, taken, append(slices.Clone(seen), r.Key.Name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// meant looks whether the rows that would be taken along are meant to go.
func (c cascade) meant(ctx context.Context, source Target, r Referrer, taken func(*Query) (string, error)) error {
	q := c.Query()
	cond, err := taken(q)
	if err != nil {
		return err
	}
	stays, err := c.stays(q, source, r.Key.Action)
	if err != nil {
		return err
	}
	var found bool
	exists := fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %s WHERE %s AND %s)", source.From(), cond, stays)
	if err := q.one(ctx, c.session, source.Where(nil), exists, &found); err != nil || !found {
		return err
	}
	return &connectors.Error{Code: connectors.ErrConstraint, Where: source.Where(nil),
		What: "rows that are to stay as they are refer to rows that are to be deleted, and the foreign key " + r.Key.Name + " would delete or change them along",
		Do:   "order the referring rows to be deleted too, or mask instead of deleting"}
}

// stays writes the condition under which a row is to stay as it is: when no order deletes it, or for a field that is emptied, when it is somebody else's.
func (c cascade) stays(q *Query, t Target, action dataset.OnDelete) (string, error) {
	if action == dataset.OnDeleteNull {
		own, err := q.Owned(t)
		return "(" + own + ") IS NOT TRUE", err
	}
	i := slices.IndexFunc(c.orders, func(o erasure.Order) bool { return o.Address == t.Step.Address && o.Delete })
	if i < 0 {
		return "TRUE", nil
	}
	goes, err := q.Reach(t, Passes(&c.orders[i])[0])
	return "(" + goes + ") IS NOT TRUE", err
}
