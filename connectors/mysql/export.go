package mysql

import (
	"context"
	"database/sql"
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
	statement, args := q.whole(fmt.Sprintf("SELECT %[1]s FROM %[2]s ORDER BY CAST(%[1]s AS BINARY) LIMIT %[3]d",
		f.exported("v"), q.added(body), s.cfg.KeyLimit+1))
	set := connectors.KeySet{Field: from, Values: []string{}}
	err = s.each(ctx, from.String(), statement, args, func(rows *sql.Rows) error {
		var value string
		if len(set.Values) == s.cfg.KeyLimit {
			return tooManyKeys(from, s.cfg.KeyLimit)
		}
		err := rows.Scan(&value)
		set.Values = append(set.Values, value)
		return err
	})
	return set, err
}

// exported writes a key as text for other systems.
func (f field) exported(expr string) string {
	switch {
	case f.class() == classBytes:
		return "CONCAT('" + hexadecimal + "', LOWER(HEX(" + expr + ")))"
	case f.class().textual():
		return "CONVERT(" + expr + " USING utf8mb4)"
	}
	return "CAST(" + expr + " AS CHAR)"
}
