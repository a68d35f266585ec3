package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// batches reads a statement of texts through a server-side cursor and hands it on in batches, column by column.
func (s *session) batches(ctx context.Context, a dataset.Address, sql string, args []any, do func(columns [][]string) error) error {
	if err := s.declare(ctx, a, sql, args); err != nil {
		return err
	}
	fetch := fmt.Sprintf("FETCH FORWARD %d FROM %s", s.cfg.EraseRows, rowsCursor)
	for {
		columns, err := s.texts(ctx, fetch)
		if err != nil {
			return fault(a.String(), err)
		}
		if len(columns) == 0 {
			break
		}
		if err := do(columns); err != nil {
			return err
		}
	}
	_, err := s.tx.Exec(ctx, "CLOSE "+rowsCursor)
	return fault(a.String(), err)
}

// texts runs a statement without parameters and gives its rows column by column; nothing when there are none.
func (s *session) texts(ctx context.Context, sql string) ([][]string, error) {
	rows := s.tx.Conn().PgConn().ExecParams(ctx, sql, nil, nil, nil, nil)
	var columns [][]string
	for rows.NextRow() {
		values := rows.Values()
		if columns == nil {
			columns = make([][]string, len(values))
		}
		for i, v := range values {
			columns[i] = append(columns[i], string(v))
		}
	}
	_, err := rows.Close()
	return columns, err
}
