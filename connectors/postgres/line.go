package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
)

// line is a connection that is kept from one snapshot to the next: a case takes many, and to connect costs the server more than to answer. It
// connects when it is first needed, and anew after anything went wrong.
type line struct {
	*Connector
	conn *pgx.Conn
}

// snapshot runs work in a repeatable-read, read-only transaction.
func (l *line) snapshot(ctx context.Context, work func(*session) error) error {
	tx, err := l.begin(ctx)
	if err != nil {
		return err
	}
	s := &session{Connector: l.Connector, tx: tx}
	if err = l.settings(ctx, tx); err == nil {
		err = s.readOnly(ctx)
	}
	if err == nil {
		err = work(s)
	}
	// Nothing was written, so nothing is lost with a transaction that could not be ended: the next one gets another connection.
	if err != nil || tx.Rollback(ctx) != nil {
		l.close(ctx)
	}
	return err
}

// begin opens a transaction. The server may have ended a connection that waited, or nobody may answer at its other end any more: then there is a new one.
func (l *line) begin(ctx context.Context) (tx pgx.Tx, err error) {
	for kept := l.conn != nil; ; kept = false {
		if l.conn == nil {
			if l.conn, err = pgx.ConnectConfig(ctx, l.Connector.conn.Copy()); err != nil {
				return nil, connectFault(l.Connector.conn.Host, l.Connector.conn.Port, err)
			}
		}
		if tx, err = l.opened(ctx); err == nil {
			return tx, nil
		}
		if l.close(ctx); !kept || ctx.Err() != nil {
			return nil, fault("", err)
		}
	}
}

// opened has the transaction begin. The answer takes no longer than connecting may.
func (l *line) opened(ctx context.Context) (pgx.Tx, error) {
	ctx, stop := context.WithTimeout(ctx, l.cfg.ConnectTimeout)
	defer stop()
	return l.conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
}

func (l *line) close(ctx context.Context) {
	if l.conn != nil {
		closeConn(ctx, l.conn)
		l.conn = nil
	}
}
