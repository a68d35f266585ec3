package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors/relational"
)

// rowsCursor names the server-side cursor.
var rowsCursor = pgx.Identifier{"docket_rows"}.Sanitize()

// declare opens the server-side cursor. Its parameters are bound here, once.
func (s *session) declare(ctx context.Context, where, statement string, args []any) error {
	_, err := s.tx.Exec(ctx, "DECLARE "+rowsCursor+" NO SCROLL CURSOR WITHOUT HOLD FOR "+statement, args...)
	return fault(where, err)
}

// closed closes it.
func (s *session) closed(ctx context.Context, where string) error {
	_, err := s.tx.Exec(ctx, "CLOSE "+rowsCursor)
	return fault(where, err)
}

// Stream reads through a server-side cursor.
func (s *session) Stream(ctx context.Context, where, statement string, args []any, into *relational.Feed) error {
	if err := s.declare(ctx, where, statement, args); err != nil {
		return err
	}
	for {
		n, err := s.fetch(ctx, where, into)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := into.HandOver(ctx); err != nil {
			return err
		}
		return s.closed(ctx, where)
	}
}

// fetch reads the next rows; each fetch is a statement with a timeout of its own. It is not prepared, since the number of
// rows changes with their size.
func (s *session) fetch(ctx context.Context, where string, into *relational.Feed) (int, error) {
	rows := s.tx.Conn().PgConn().ExecParams(ctx, fmt.Sprintf("FETCH FORWARD %d FROM %s", s.fetchSize(into.Average()), rowsCursor), nil, nil, nil, nil)
	n := 0
	for rows.NextRow() {
		n++
		if err := into.Take(ctx, rows.Values()); err != nil {
			return n, err
		}
	}
	_, err := rows.Close()
	return n, fault(where, err)
}

// firstFetch is how many rows are fetched before their size is known.
const firstFetch = 16

// fetchSize keeps a fetch near one batch, by the size of the rows so far.
func (s *session) fetchSize(average int) int {
	if average == 0 {
		return min(firstFetch, s.cfg.BatchRows)
	}
	return max(1, min(s.cfg.BatchRows, s.cfg.BatchBytes/average))
}
