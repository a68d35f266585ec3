package mysql

import (
	"context"
	"errors"

	"github.com/go-sql-driver/mysql"
)

// writer is the connection that changes rows; the session that finds them stays read-only.
type writer struct{ *session }

// prepare bounds how long a change waits for rows that others hold.
func (w *writer) prepare(ctx context.Context) error {
	for _, statement := range []string{"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET SESSION TRANSACTION READ WRITE"} {
		if _, err := w.conn.ExecContext(ctx, statement); err != nil {
			return fault("", err)
		}
	}
	_, err := w.conn.ExecContext(ctx, "SET SESSION innodb_lock_wait_timeout = ?", seconds(w.cfg.LockTimeout))
	return fault("", err)
}

// maxTries is how often a batch is tried that the server takes back because it met another transaction.
const maxTries = 5

// deadlock is what the server says then.
const deadlock = 1213

// batch runs statements in a transaction of their own and says how many rows they changed.
func (w *writer) batch(ctx context.Context, statements []statement) (rows int64, err error) {
	for range maxTries {
		rows, err = w.once(ctx, statements)
		var told *mysql.MySQLError
		if !errors.As(err, &told) || told.Number != deadlock {
			return rows, err
		}
	}
	return 0, err
}

func (w *writer) once(ctx context.Context, statements []statement) (rows int64, err error) {
	tx, err := w.conn.BeginTx(ctx, nil)
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() //nolint:errcheck // it is committed, or the error is told
	for _, s := range statements {
		done, err := tx.ExecContext(ctx, s.text, s.args...)
		if err != nil {
			return 0, err
		}
		n, err := done.RowsAffected()
		if err != nil {
			return 0, err
		}
		rows += n
	}
	return rows, tx.Commit()
}
