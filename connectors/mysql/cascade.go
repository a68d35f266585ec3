package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// takesAlong refuses a deletion that would take rows along which no order deletes, or empty a field in somebody else's: by a foreign key with ON DELETE
// CASCADE or SET NULL the server would do so by itself. Tables that are not in the plan are not looked at: the annotation says nothing of them.
func (s *session) takesAlong(ctx context.Context, w *walk, t target, p pass, orders []erasure.Order) error {
	cond := func(q *query) (string, error) { return q.reach(t, p) }
	return s.along(ctx, w, t, cond, orders, nil)
}

func (s *session) along(ctx context.Context, w *walk, t target, gone func(*query) (string, error), orders []erasure.Order, seen []string) error {
	for _, r := range w.owning.referrers[t.step.Address] {
		if r.fk == nil || r.from == nil || r.fk.action == dataset.OnDeleteRefuse || slices.Contains(seen, r.fk.name) {
			continue
		}
		source, err := w.target(*r.from)
		if err != nil {
			return err
		}
		taken := func(q *query) (string, error) {
			cond, err := gone(q)
			return fmt.Sprintf("(%s) IN (SELECT %s FROM %s WHERE %s)", columnList(r.fk.columns), columnList(r.fk.to), t.from(), cond), err
		}
		if err := s.meant(ctx, w, source, r, taken, orders); err != nil {
			return err
		}
		if r.fk.action == dataset.OnDeleteCascade {
			if err := s.along(ctx, w, source, taken, orders, append(slices.Clone(seen), r.fk.name)); err != nil {
				return err
			}
		}
	}
	return nil
}

// meant looks whether the rows that would be taken along are meant to go.
func (s *session) meant(ctx context.Context, w *walk, source target, r referrer, taken func(*query) (string, error), orders []erasure.Order) error {
	q := w.query()
	cond, err := taken(q)
	if err != nil {
		return err
	}
	stays, err := q.stays(source, r.fk.action, orders)
	if err != nil {
		return err
	}
	var found bool
	statement, args := q.whole(fmt.Sprintf("SELECT EXISTS (SELECT 1 FROM %s WHERE %s AND %s)", source.from(), cond, stays))
	if err := s.each(ctx, source.step.Address.String(), statement, args, func(rows *sql.Rows) error { return rows.Scan(&found) }); err != nil {
		return err
	}
	if !found {
		return nil
	}
	return &connectors.Error{Code: connectors.ErrConstraint, Where: source.step.Address.String(),
		What: "rows that are to stay as they are refer to rows that are to be deleted, and the foreign key " + r.fk.name + " would delete or change them along",
		Do:   "order the referring rows to be deleted too, or mask instead of deleting"}
}

// stays writes the condition under which a row is to stay as it is: when no order deletes it, or for a field that is emptied, when it is somebody else's.
func (q *query) stays(t target, action dataset.OnDelete, orders []erasure.Order) (string, error) {
	if action == dataset.OnDeleteNull {
		own, err := q.owned(t)
		return "(" + own + ") IS NOT TRUE", err
	}
	i := slices.IndexFunc(orders, func(o erasure.Order) bool { return o.Address == t.step.Address && o.Delete })
	if i < 0 {
		return "TRUE", nil
	}
	goes, err := q.reach(t, passes(&orders[i])[0])
	return "(" + goes + ") IS NOT TRUE", err
}
