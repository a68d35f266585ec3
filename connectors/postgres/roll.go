package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// rollAtOnce is how many values one part of a roll has.
const rollAtOnce = 10_000

// Roll lists every value of a field, from one snapshot and by a server-side cursor.
func (c *Connector) Roll(ctx context.Context, field dataset.FieldAddress, each func(values []string) error) error {
	graph, err := dataset.NewOpenGraph(c.cfg.Datasets...)
	if err != nil {
		return (&connectors.Error{Code: connectors.ErrSelection, What: "the datasets contradict each other", Do: "correct the annotation"}).Wrap(err)
	}
	plan, err := graph.Plan(graph.Kinds())
	if err != nil {
		return (&connectors.Error{Code: connectors.ErrSelection, What: "the collections can't be put in order", Do: "correct after in the annotation"}).Wrap(err)
	}
	return c.snapshot(ctx, func(s *session) error {
		cat, err := s.catalog(ctx)
		if err != nil {
			return err
		}
		q := newWalk(c, cat, connectors.Selection{Plan: *plan}).query()
		sql, err := q.roll(field)
		if err != nil {
			return err
		}
		return s.roll(ctx, field, sql, q.args, each)
	})
}

// roll writes the statement that lists the values: those of a column, of an array's elements, of a document's members.
func (q *query) roll(field dataset.FieldAddress) (string, error) {
	t, err := q.target(field.Address)
	if err != nil {
		return "", err
	}
	f, err := t.field(field.Path)
	if err != nil {
		return "", err
	}
	from, value := t.from(), f.expr()
	switch {
	case f.inside():
		from, value = from+", "+q.members(f), "u.v #>> '{}'"
	case f.col.class == classArray:
		from, value = from+", unnest("+value+") AS u(v)", "u.v"
	}
	return fmt.Sprintf("SELECT (%s)::text FROM %s WHERE (%s) IS NOT NULL", value, from, value), nil
}

func (s *session) roll(ctx context.Context, field dataset.FieldAddress, sql string, args []any, each func([]string) error) error {
	if err := s.declare(ctx, field.Address, sql, args); err != nil {
		return err
	}
	fetch := fmt.Sprintf("FETCH FORWARD %d FROM %s", rollAtOnce, rowsCursor)
	for {
		columns, err := s.texts(ctx, fetch)
		if err != nil {
			return fault(field.String(), err)
		}
		if len(columns) == 0 {
			_, err := s.tx.Exec(ctx, "CLOSE "+rowsCursor)
			return fault(field.String(), err)
		}
		if err := each(columns[0]); err != nil {
			return err
		}
	}
}

var _ connectors.Roster = (*Connector)(nil)
