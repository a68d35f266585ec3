package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	begin = "BEGIN"
	// rollbackTime bounds the undoing of a transaction whose caller has gone.
	rollbackTime = 5 * time.Second
)

// errEnded is a mistake in the program.
var errEnded = errors.New("a question came after the one that was to be the last of its transaction")

// pipeline is one transaction on one connection that saves round trips, which are most of what a small transaction
// costs: the statements that open it travel with the first question, statements whose answer decides nothing wait until a
// question or the commit takes them along. PostgreSQL runs them in the order in which they were given.
type pipeline struct {
	conn    *pgx.Conn
	waiting pgx.Batch
	checks  []func(pgconn.CommandTag) error // one for each waiting statement
	sent    bool                            // whether the server has heard of the transaction
	guarded bool                            // whether one of the checks decides over what is kept
	last    bool                            // whether the first question is the last thing of the transaction
	ended   pgx.BatchResults                // the exchange in which it was asked
}

// inTransaction runs do in one transaction and keeps all of it, or nothing.
func inTransaction(ctx context.Context, pool *pgxpool.Pool, opts pgx.TxOptions, do func(*pipeline) error) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("get a connection to the register: %w", err)
	}
	p := &pipeline{conn: conn.Conn()}
	p.later(beginning(opts), nil)
	end := func() { p.undo(ctx); conn.Release() }
	defer func() { end() }()
	if err := do(p); err != nil {
		return err
	}
	if opts.AccessMode == pgx.ReadOnly {
		// There is nothing to keep: whoever asked has the answer, and goes on while the transaction ends.
		undo := end
		end = func() { go undo() }
		return p.settle(ctx)
	}
	if err := p.commit(ctx); err != nil {
		return err
	}
	end = conn.Release
	return nil
}

func beginning(opts pgx.TxOptions) string {
	sql := begin
	if opts.IsoLevel != "" {
		sql += " ISOLATION LEVEL " + string(opts.IsoLevel)
	}
	if opts.AccessMode != "" {
		sql += " " + string(opts.AccessMode)
	}
	return sql
}

// later queues a statement. Its error, and that of its check, is the error of whatever takes it along.
func (p *pipeline) later(sql string, check func(pgconn.CommandTag) error, args ...any) {
	p.waiting.Queue(sql, args...)
	p.checks = append(p.checks, check)
	p.guarded = p.guarded || check != nil
}

// question is a statement whose answer is wanted.
type question struct {
	sql  string
	args []any
}

// send sends a statement behind all that waits and gives its results, those before it read and checked. The caller closes them.
func (p *pipeline) send(ctx context.Context, sql string, args ...any) (pgx.BatchResults, error) {
	return p.sendAll(ctx, question{sql: sql, args: args})
}

func (p *pipeline) sendAll(ctx context.Context, questions ...question) (pgx.BatchResults, error) {
	if p.ended != nil {
		return nil, errEnded
	}
	batch, checks := p.waiting, p.checks
	p.waiting, p.checks, p.sent, p.guarded = pgx.Batch{}, nil, true, false
	for _, q := range questions {
		batch.Queue(q.sql, q.args...)
	}
	results := p.conn.SendBatch(ctx, &batch)
	if p.last {
		p.ended = results
	}
	for _, check := range checks {
		tag, err := results.Exec()
		if err == nil && check != nil {
			err = check(tag)
		}
		if err != nil {
			_ = results.Close() // repeats the error
			return nil, err
		}
	}
	return results, nil
}

// Exec runs a statement at once.
func (p *pipeline) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	results, err := p.send(ctx, sql, args...)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	return tag, closed(results, err)
}

// Query asks a question. The rows must be closed before the next one.
func (p *pipeline) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	results, err := p.send(ctx, sql, args...)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query()
	if err != nil {
		return nil, closed(results, err)
	}
	return answerRows{Rows: rows, results: results}, nil
}

// QueryRow asks for one row.
func (p *pipeline) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	results, err := p.send(ctx, sql, args...)
	return answerRow{results: results, err: err}
}

// implied takes back the statement that opens the transaction: what goes over in one exchange is one transaction without being told.
// It says false, and does nothing, when the server has heard of the transaction, or it is to be of another kind.
func (p *pipeline) implied() bool {
	if p.sent || p.waiting.Len() == 0 || p.waiting.QueuedQueries[0].SQL != begin {
		return false
	}
	p.waiting.QueuedQueries, p.checks = p.waiting.QueuedQueries[1:], p.checks[1:]
	return true
}

// settle carries out what waits when one of its checks decides over all that was done. The server would have kept a change
// before the check is made if that came with the commit.
func (p *pipeline) settle(ctx context.Context) error {
	if !p.guarded {
		return nil
	}
	results, err := p.sendAll(ctx)
	if err != nil {
		return err
	}
	return results.Close()
}

func (p *pipeline) commit(ctx context.Context) error {
	if p.ended != nil {
		return p.ended.Close() // repeats the error of the transaction's end
	}
	if !p.guarded && p.implied() {
		return p.conn.SendBatch(ctx, &p.waiting).Close()
	}
	if err := p.settle(ctx); err != nil {
		return err
	}
	tag, err := p.Exec(ctx, "COMMIT")
	if err != nil {
		return err
	}
	if tag.String() == "ROLLBACK" {
		return pgx.ErrTxCommitRollback
	}
	return nil
}

// undo takes back what the server has seen. A connection on which even that fails is given up.
func (p *pipeline) undo(ctx context.Context) {
	if !p.sent || p.conn.IsClosed() || p.conn.PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), rollbackTime)
	defer cancel()
	if _, err := p.conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = p.conn.Close(ctx) // the server undoes what was open on it
	}
}

// answerRows are rows that end the exchange they came in when they are closed.
type answerRows struct {
	pgx.Rows
	results pgx.BatchResults
}

// Close closes the rows and the exchange.
func (r answerRows) Close() {
	r.Rows.Close()
	_ = r.results.Close() // repeats the error of the rows
}

// answerRow is one row that ends the exchange it came in when it is read.
type answerRow struct {
	results pgx.BatchResults
	err     error
}

// Scan reads the row.
func (r answerRow) Scan(to ...any) error {
	if r.err != nil {
		return r.err
	}
	return closed(r.results, r.results.QueryRow().Scan(to...))
}

// closed ends an exchange and gives the first error of it.
func closed(results pgx.BatchResults, err error) error {
	if ended := results.Close(); err == nil {
		return ended
	}
	return err
}

// deferred is the side of a pipeline for statements whose answer decides nothing.
type deferred struct {
	*pipeline
	check func(pgconn.CommandTag) error
}

// Exec queues a statement and answers as if it had found its row.
func (d deferred) Exec(_ context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	d.later(sql, d.check, args...)
	return pgconn.NewCommandTag("UPDATE 1"), nil
}

// hit is the check of a statement that must have found its row, which was locked or made in the same transaction.
func hit(tag pgconn.CommandTag) error {
	if tag.RowsAffected() == 0 {
		return ErrConflict
	}
	return nil
}
