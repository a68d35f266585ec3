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
		if _, planned := w.place[orders[i].Address]; !planned {
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
	for _, e := range w.sel.Plan.Steps[w.place[a]].FoundBy {
		if e.From == nil || !w.here(e.From.Address) || w.query().stoodIn(*e.From) {
			continue
		}
		name := e.From.String()
		if _, tried := settled[name]; tried || w.place[e.From.Address] >= w.place[a] {
			continue
		}
		settled[name] = ""
		setting := fmt.Sprintf("docket.k%d", len(settled)) // before what it is found from is settled, which takes further names
		if err := s.settleFor(ctx, w, e.From.Address, settled); err != nil {
			return err
		}
		t, err := w.target(e.From.Address)
		if err != nil {
			return err
		}
		f, err := t.field(e.From.Path)
		if err != nil {
			return err
		}
		few, err := s.keep(ctx, w, t, f, setting)
		if err != nil {
			return err
		}
		if few {
			if w.settled == nil {
				w.settled = map[string]string{}
			}
			w.settled[name] = setting
		}
	}
	return nil
}

// keep puts a field's values into a setting, unless they are many.
func (s *session) keep(ctx context.Context, w *walk, t target, f field, setting string) (few bool, err error) {
	q := w.query()
	body, err := q.distinct(t, f)
	if err != nil {
		return false, err
	}
	sql := q.with(fmt.Sprintf(`SELECT CASE WHEN count(*) <= %d THEN pg_catalog.set_config('%s', coalesce(pg_catalog.array_agg(x.v::text)::text, '{}'), true) IS NOT NULL ELSE false END
FROM (SELECT d.v FROM (%s) AS d(v) LIMIT %d) AS x`, settledAtMost, setting, body, settledAtMost+1))
	err = s.tx.QueryRow(ctx, sql, q.args...).Scan(&few)
	return few, fault(t.step.Address.String()+"."+f.path[0], err)
}

// elsewhere is the walk for another connection, which has none of the settings.
func (w *walk) elsewhere() *walk {
	other := *w
	other.settled = nil
	return &other
}
