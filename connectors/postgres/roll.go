package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// rollAtOnce is how many values one part of a roll has.
const rollAtOnce = 10_000

// Roll lists every value of a field, from one snapshot and by a server-side cursor.
func (c *Connector) Roll(ctx context.Context, field dataset.FieldAddress, each func(values []string) error) error {
	_, plan, err := c.system.Graph()
	if err != nil {
		return err
	}
	return c.snapshot(ctx, func(s *session) error {
		cat, err := s.Catalog(ctx)
		if err != nil {
			return err
		}
		q := c.system.NewWalk(dialect{}, cat, connectors.Selection{Plan: relational.With(plan, field.Address)}).Query()
		sql, err := roll(q, field)
		if err != nil {
			return err
		}
		whole, args := q.Whole(sql)
		return s.roll(ctx, field, whole, args, each)
	})
}

// roll writes the statement that lists the values: those of a column, of an array's elements, of a document's members.
func roll(q *relational.Query, field dataset.FieldAddress) (string, error) {
	t, err := q.Target(field.Address)
	if err != nil {
		return "", err
	}
	f, err := t.Field(field.Path)
	if err != nil {
		return "", err
	}
	from, value := q.Values(t, f)
	return fmt.Sprintf("SELECT (%s)::text FROM %s WHERE (%s) IS NOT NULL", value, from, value), nil
}

func (s *session) roll(ctx context.Context, field dataset.FieldAddress, sql string, args []any, each func([]string) error) error {
	if err := s.declare(ctx, field.Address.String(), sql, args); err != nil {
		return err
	}
	fetch := fmt.Sprintf("FETCH FORWARD %d FROM %s", rollAtOnce, rowsCursor)
	for {
		columns, err := s.texts(ctx, fetch)
		if err != nil {
			return fault(field.String(), err)
		}
		if len(columns) == 0 {
			return s.closed(ctx, field.String())
		}
		if err := each(columns[0]); err != nil {
			return err
		}
	}
}

var _ connectors.Roster = (*Connector)(nil)
