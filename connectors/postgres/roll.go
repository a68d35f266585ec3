package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Roll lists every value of a field, from one snapshot and by a server-side cursor.
func (c *Connector) Roll(ctx context.Context, field dataset.FieldAddress, each func(values []string) error) error {
	return c.snapshot(ctx, func(s *session) error {
		r, err := c.system.Rolled(ctx, s, field)
		if err != nil {
			return err
		}
		sql, args := r.Whole(fmt.Sprintf("SELECT (%s)::text FROM %s WHERE (%s) IS NOT NULL", r.Value, r.From, r.Value))
		return s.roll(ctx, field, sql, args, each)
	})
}

func (s *session) roll(ctx context.Context, field dataset.FieldAddress, sql string, args []any, each func([]string) error) error {
	if err := s.declare(ctx, field.Address.String(), sql, args); err != nil {
		return err
	}
	fetch := fmt.Sprintf("FETCH FORWARD %d FROM %s", relational.RollAtOnce, rowsCursor)
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
