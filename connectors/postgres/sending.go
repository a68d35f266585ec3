package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// atOnce has the driver send a statement without asking the server first what it takes and gives: parameters are cast in it, and what it gives
// is known. Where many statements are short, that halves what each costs.
const atOnce = pgx.QueryExecModeExec

// sending are statements on their way to the server: each waits for the one before, and none for the way.
type sending struct {
	conn   *pgx.Conn
	batch  pgconn.Batch
	params pgx.ExtendedQueryBuilder
	wrong  error
}

func (s *session) sending() *sending { return &sending{conn: s.tx.Conn()} }

// add sends one more.
func (s *sending) add(statement string, args ...any) {
	if err := s.params.Build(s.conn.TypeMap(), nil, args); err != nil {
		s.wrong = err
	}
	s.batch.ExecParams(statement, s.params.ParamValues, nil, s.params.ParamFormats, nil)
}

// answers reads what they give, one after the other, until take or the server has an error.
func (s *sending) answers(ctx context.Context, take func(pgx.Rows) error) error {
	if s.wrong != nil {
		return s.wrong
	}
	answers := s.conn.PgConn().ExecBatch(ctx, &s.batch)
	for answers.NextResult() {
		if err := take(pgx.RowsFromResultReader(s.conn.TypeMap(), answers.ResultReader())); err != nil {
			_ = answers.Close() // the first error is the one to tell
			return err
		}
	}
	return answers.Close()
}
