package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Keys reads the distinct values of the exported fields in the person's rows, each set bounded by the key limit.
func (c *Connector) Keys(ctx context.Context, sel connectors.Selection) ([]connectors.KeySet, error) {
	sets := []connectors.KeySet{}
	err := c.snapshot(ctx, func(s *session) error {
		cat, err := s.catalog(ctx)
		if err != nil {
			return err
		}
		w, err := s.walk(ctx, cat, sel)
		if err != nil {
			return err
		}
		for _, f := range sel.Exports {
			set, err := s.export(ctx, w, f)
			if err != nil {
				return s.named(ctx, w, err)
			}
			sets = append(sets, set)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sets, nil
}

// export reads one field's values.
func (s *session) export(ctx context.Context, w *walk, from dataset.FieldAddress) (connectors.KeySet, error) {
	t, err := w.target(from.Address)
	if err != nil {
		return connectors.KeySet{}, err
	}
	f, err := t.field(from.Path)
	if err != nil {
		return connectors.KeySet{}, err
	}
	q := w.query()
	body, err := q.distinct(t, f)
	if err != nil {
		return connectors.KeySet{}, err
	}
	sql := q.with(fmt.Sprintf(`SELECT v FROM (SELECT DISTINCT d.v::text AS v FROM (%s) AS d(v)) AS x ORDER BY v COLLATE "C" LIMIT %d`, body, s.cfg.KeyLimit+1))
	rows, err := s.tx.Query(ctx, sql, q.args...)
	if err != nil {
		return connectors.KeySet{}, fault(from.String(), err)
	}
	defer rows.Close()
	set := connectors.KeySet{Field: from, Values: []string{}}
	for rows.Next() {
		if len(set.Values) == s.cfg.KeyLimit {
			return connectors.KeySet{}, tooManyKeys(from, s.cfg.KeyLimit)
		}
		set.Values = append(set.Values, string(rows.RawValues()[0]))
	}
	return set, fault(from.String(), rows.Err())
}
