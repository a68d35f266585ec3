package mysql

import (
	"context"
	"database/sql"
	"errors"
	"sync/atomic"
	"time"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// streamTimeout is how long the server lets one collection be read. Until the next row StatementTimeout is waited, here; this ends the query
// when nobody here is left to do it.
const streamTimeout = 6 * time.Hour

// fetcher reads the answer to a query in batches, bounded in rows and bytes. It reads one while the one before is being worked on.
type fetcher struct {
	*session
	at  dataset.Address
	out chan *batch // without room: what is read ahead is one batch
	now *batch
	// seenRows and seenBytes size the room for the next batch.
	seenRows, seenBytes int
	// watch gives the query up when the next row takes too long; late is set then.
	watch *time.Timer
	late  atomic.Bool
}

// run reads the whole answer, and closes out behind the last batch.
func (f *fetcher) run(ctx context.Context, statement string, args []any) (err error) {
	defer close(f.out)
	if err := f.bound(ctx, streamTimeout); err != nil {
		return err
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	f.watch = time.AfterFunc(f.cfg.StatementTimeout, func() {
		f.late.Store(true)
		stop()
	})
	defer f.watch.Stop()
	if err := f.read(reading, statement, args); err != nil {
		if f.late.Load() && ctx.Err() == nil {
			f.stalled = true
			return stalled(f.at.String())
		}
		return err
	}
	if err := f.handOver(ctx); err != nil {
		return err
	}
	return f.bound(ctx, f.cfg.StatementTimeout)
}

// read takes in every row.
func (f *fetcher) read(ctx context.Context, statement string, args []any) (err error) {
	rows, err := f.query(ctx, f.at.String(), statement, args)
	if err != nil {
		return err
	}
	defer func() {
		if wrong := rows.Close(); err == nil {
			err = f.fault(f.at.String(), wrong)
		}
	}()
	names, err := rows.Columns()
	if err != nil {
		return f.fault(f.at.String(), err)
	}
	values, places := make([]sql.RawBytes, len(names)), make([]any, len(names))
	for i := range values {
		places[i] = &values[i]
	}
	for rows.Next() {
		f.meter.row()
		if err := rows.Scan(places...); err != nil {
			return f.fault(f.at.String(), errors.Join(err, ctx.Err()))
		}
		if err := f.take(ctx, values); err != nil {
			return err
		}
	}
	return f.fault(f.at.String(), rows.Err())
}

// average is how many bytes a row took so far.
func (f *fetcher) average() int { return max(1, f.seenBytes/max(1, f.seenRows)) }

// take puts a row into the batch and hands the batch over when it is full.
func (f *fetcher) take(ctx context.Context, values []sql.RawBytes) error {
	if f.now == nil {
		f.now = &batch{}
		room := min(f.cfg.BatchRows, f.seenRows)
		f.now.text.Grow(min(room*f.average(), f.cfg.BatchBytes))
		f.now.ends = make([]int, 0, room*len(values))
	}
	f.seenBytes += f.now.add(values)
	f.seenRows++
	if f.now.rows >= f.cfg.BatchRows || f.now.bytes >= f.cfg.BatchBytes {
		return f.handOver(ctx)
	}
	f.watch.Reset(f.cfg.StatementTimeout)
	return nil
}

// handOver gives the batch away. One far beyond the bound is waited for: two such would take the memory of two. The server waits
// meanwhile, as long as its own bound on a client that reads nothing lets it.
func (f *fetcher) handOver(ctx context.Context) error {
	if f.now == nil {
		return nil
	}
	f.watch.Stop()
	last := []*batch{f.now}
	if f.now.bytes > 2*f.cfg.BatchBytes {
		last = append(last, &batch{}) // is taken when the one before is done with
	}
	f.now = nil
	for _, b := range last {
		select {
		case f.out <- b:
		case <-ctx.Done():
			return fault(f.at.String(), ctx.Err())
		}
	}
	f.watch.Reset(f.cfg.StatementTimeout)
	return nil
}
