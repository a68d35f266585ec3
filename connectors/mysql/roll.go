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

// Roll lists every value of a field, from one snapshot and as the server sends them: no more than a part is held.
func (c *Connector) Roll(ctx context.Context, at dataset.FieldAddress, each func(values []string) error) error {
	return c.snapshot(ctx, func(s *session) error {
		r, err := c.system.Rolled(ctx, s, at)
		if err != nil {
			return err
		}
		if err := s.bound(ctx, streamTimeout); err != nil {
			return err
		}
		statement, args := r.Whole(fmt.Sprintf("SELECT %s FROM %s WHERE (%s) IS NOT NULL", exported(r.Field.Single(), r.Value), r.From, r.Value))
		return s.roll(ctx, at, statement, args, each)
	})
}

func (s *session) roll(ctx context.Context, at dataset.FieldAddress, statement string, args []any, each func([]string) error) error {
	var part []string
	err := s.each(ctx, at.String(), statement, args, func(rows *sql.Rows) error {
		var value string
		if err := rows.Scan(&value); err != nil {
			return err
		}
		if part = append(part, value); len(part) < relational.RollAtOnce {
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
