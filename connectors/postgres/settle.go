package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// settledAtMost is up to how many values of a field are kept in a setting. More are looked up where they are needed.
const settledAtMost = 1000

// settle finds the values of those fields that the orders' collections are found from, once each, and keeps them in settings of the snapshot's
// transaction: a hundred collections that are found by one account's number don't look the account up a hundred times, and the number
// never leaves the server.
func (s *session) settle(ctx context.Context, w *walk, orders []erasure.Order) error {
	settled := map[string]string{}
	for i := range orders {
		if _, planned := w.Place(orders[i].Address); !planned {
			continue // it is refused when its turn comes
		}
		if err := s.settleFor(ctx, w, orders[i].Address, settled); err != nil {
			return err
		}
	}
	return nil
}

// settleFor settles what a collection is found from, beginning with what that is found from.
func (s *session) settleFor(ctx context.Context, w *walk, a dataset.Address, settled map[string]string) error {
	at, _ := w.Place(a)
	for _, e := range w.Selection.Plan.Steps[at].FoundBy {
		if e.From == nil || !w.Here(e.From.Address) || w.StoodIn(*e.From) {
			continue
		}
		name := e.From.String()
		comes, _ := w.Place(e.From.Address)
		if _, tried := settled[name]; tried || comes >= at {
			continue
		}
		settled[name] = ""
		setting := fmt.Sprintf("docket.k%d", len(settled)) // before what it is found from is settled, which takes further names
		if err := s.settleFor(ctx, w, e.From.Address, settled); err != nil {
			return err
		}
		t, err := w.Target(e.From.Address)
		if err != nil {
			return err
		}
		f, err := t.Field(e.From.Path)
		if err != nil {
			return err
		}
		few, err := s.keep(ctx, w, t, f, setting)
		if err != nil {
			return err
		}
		if few {
			if w.Settled == nil {
				w.Settled = map[string]string{}
			}
			w.Settled[name] = setting
		}
	}
	return nil
}

// keep puts a field's values into a setting, unless they are many.
func (s *session) keep(ctx context.Context, w *walk, t target, f field, setting string) (few bool, err error) {
	q := w.Query()
	body, err := q.Distinct(t, f)
	if err != nil {
		return false, err
	}
	whole, args := q.Whole(fmt.Sprintf(`SELECT CASE WHEN count(*) <= %d THEN pg_catalog.set_config('%s', coalesce(pg_catalog.array_agg(x.v::text)::text, '{}'), true) IS NOT NULL ELSE false END
FROM (SELECT d.v FROM (%s) AS d(v) LIMIT %d) AS x`, settledAtMost, setting, body, settledAtMost+1))
	err = s.tx.QueryRow(ctx, whole, append([]any{atOnce}, args...)...).Scan(&few)
	return few, fault(t.Where(f.Path[:1]), err)
}
