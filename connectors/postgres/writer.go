package postgres

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// writer is a connection that changes rows; the session that finds them stays read-only. It connects when there is something to change.
type writer struct {
	*Connector
	conn *pgx.Conn
}

func (w *writer) close(ctx context.Context) {
	if w.conn != nil {
		closeConn(ctx, w.conn)
	}
}

// maxTries is how often a batch is tried that the server takes back because it met another transaction.
const maxTries = 5

// What the server says when a transaction met another one, and has to be done again.
const (
	serialization = "40001"
	deadlock      = "40P01"
)

// batch runs one statement in a transaction of its own and says how many rows it changed.
func (w *writer) batch(ctx context.Context, sql string, args []any) (rows int64, err error) {
	return w.locked(ctx, "", sql, args)
}

// locked is batch under a lock of this program's own, which is none on anything of the server's; without a name there is none.
func (w *writer) locked(ctx context.Context, lock, sql string, args []any) (rows int64, err error) {
	if w.conn == nil {
		if w.conn, err = pgx.ConnectConfig(ctx, w.Connector.conn.Copy()); err != nil {
			return 0, connectFault(w.Connector.conn.Host, w.Connector.conn.Port, err)
		}
	}
	for range maxTries {
		rows, err = w.once(ctx, lock, sql, args)
		var pg *pgconn.PgError
		if !errors.As(err, &pg) || pg.Code != serialization && pg.Code != deadlock {
			return rows, err
		}
	}
	return 0, err
}

func (w *writer) once(ctx context.Context, lock, sql string, args []any) (rows int64, err error) {
	err = pgx.BeginTxFunc(ctx, w.conn, pgx.TxOptions{IsoLevel: pgx.ReadCommitted, AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
		if err := w.settings(ctx, tx); err != nil {
			return err
		}
		// The tables' triggers were written for the path that the role has; our own statement names everything in full.
		if _, err := tx.Exec(ctx, "SET LOCAL search_path TO DEFAULT"); err != nil {
			return err
		}
		if lock != "" {
			if _, err := tx.Exec(ctx, "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended($1, 0))", lock); err != nil {
				return err
			}
		}
		tag, err := tx.Exec(ctx, sql, args...)
		rows = tag.RowsAffected()
		return err
	})
	return rows, err
}
