package mysql

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/privacy-docket/docket/connectors/relational"
)

// streamTimeout is how long the server lets one collection be read. Until the next row StatementTimeout is waited, here; this ends the query
// when nobody here is left to do it.
const streamTimeout = 6 * time.Hour

// fetcher reads the answer to a query.
type fetcher struct {
	*session
	where string
	into  *relational.Feed
	// watch gives the query up when the next row takes too long; late is set then.
	watch *time.Timer
	late  atomic.Bool
}

// Stream reads an answer as the server sends it. Where a batch waits to be taken the server waits too, as long as its own bound on a client
// that reads nothing lets it.
func (s *session) Stream(ctx context.Context, where, statement string, args []any, into *relational.Feed) error {
	if err := s.bound(ctx, streamTimeout); err != nil {
		return err
	}
	f := &fetcher{session: s, where: where, into: into}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	f.watch = time.AfterFunc(s.cfg.StatementTimeout, func() {
		f.late.Store(true)
		stop()
	})
	defer f.watch.Stop()
	into.Pausing, into.Resuming = func() { f.watch.Stop() }, f.wait
	if err := f.read(reading, statement, args); err != nil {
		if f.late.Load() && ctx.Err() == nil {
			f.stalled = true
			return stalled(where)
		}
		return err
	}
	if err := into.HandOver(ctx); err != nil {
		return err
	}
	return s.bound(ctx, s.cfg.StatementTimeout)
}

// wait gives the server its time for the next row.
func (f *fetcher) wait() { f.watch.Reset(f.cfg.StatementTimeout) }

// read takes in every row.
func (f *fetcher) read(ctx context.Context, statement string, args []any) (err error) {
	rows, err := f.query(ctx, f.where, statement, args)
	if err != nil {
		return err
	}
	defer func() {
		if wrong := rows.Close(); err == nil {
			err = f.fault(f.where, wrong)
		}
	}()
	names, err := rows.Columns()
	if err != nil {
		return f.fault(f.where, err)
	}
	values, places := make([][]byte, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = (*sql.RawBytes)(&values[i]) // the driver's own memory, until the next row
	}
	for rows.Next() {
		f.meter.row()
		if err := rows.Scan(places...); err != nil {
			return f.fault(f.where, errors.Join(err, ctx.Err()))
		}
		if err := f.into.Take(ctx, values); err != nil {
			return err
		}
		f.wait()
	}
	return f.fault(f.where, rows.Err())
}
