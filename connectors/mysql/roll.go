package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// rollAtOnce is how many values one part of a roll has.
const rollAtOnce = 10_000

// Roll lists every value of a field, from one snapshot and as the server sends them: no more than a part is held.
func (c *Connector) Roll(ctx context.Context, at dataset.FieldAddress, each func(values []string) error) error {
	_, plan, err := c.system.Graph()
	if err != nil {
		return err
	}
	return c.snapshot(ctx, func(s *session) error {
		cat, err := s.Catalog(ctx)
		if err != nil {
			return err
		}
		q := c.system.NewWalk(s.Dialect(), cat, connectors.Selection{Plan: relational.With(plan, at.Address)}).Query()
		statement, args, err := roll(q, at)
		if err != nil {
			return err
		}
		if err := s.bound(ctx, streamTimeout); err != nil {
			return err
		}
		return s.roll(ctx, at, statement, args, each)
	})
}

// roll writes the statement that lists the values: those of a column, of a document's members, of the elements of one.
func roll(q *relational.Query, at dataset.FieldAddress) (statement string, args []any, err error) {
	t, err := q.Target(at.Address)
	if err != nil {
		return "", nil, err
	}
	f, err := t.Field(at.Path)
	if err != nil {
		return "", nil, err
	}
	from, value := q.Values(t, f)
	statement, args = q.Whole(fmt.Sprintf("SELECT %s FROM %s WHERE (%s) IS NOT NULL", exported(f.Single(), value), from, value))
	return statement, args, nil
}

func (s *session) roll(ctx context.Context, at dataset.FieldAddress, statement string, args []any, each func([]string) error) error {
	var part []string
	err := s.each(ctx, at.String(), statement, args, func(rows *sql.Rows) error {
		var value string
		if err := rows.Scan(&value); err != nil {
			return err
		}
		if part = append(part, value); len(part) < rollAtOnce {
			return nil
		}
		full := part
		part = nil
		return handed{each(full)}.err()
	})
	var ours handed
	switch {
	case errors.As(err, &ours):
		return ours.error
	case err != nil || len(part) == 0:
		return err
	}
	return each(part)
}

var _ connectors.Roster = (*Connector)(nil)
