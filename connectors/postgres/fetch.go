package postgres

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// firstFetch is how many rows are fetched before their size is known.
const firstFetch = 16

// fetcher reads a server-side cursor in batches, bounded in rows and bytes. It reads one while the one before is being worked on.
type fetcher struct {
	*session
	at  dataset.Address
	out chan *batch // without room: what is read ahead is one batch
	now *batch
	// seenRows and seenBytes size the next fetch, and the room for the next batch.
	seenRows, seenBytes int
}

// run reads the whole cursor, and closes out behind the last batch.
func (f *fetcher) run(ctx context.Context) error {
	defer close(f.out)
	for {
		n, err := f.fetch(ctx)
		if err != nil {
			return err
		}
		if n > 0 {
			continue
		}
		if err := f.handOver(ctx); err != nil {
			return err
		}
		_, err = f.tx.Exec(ctx, "CLOSE "+rowsCursor)
		return fault(f.at.String(), err)
	}
}

// fetch reads the next rows; each fetch is a statement with a timeout of its own. It is not prepared, since the number of
// rows changes with their size.
func (f *fetcher) fetch(ctx context.Context) (int, error) {
	sql := fmt.Sprintf("FETCH FORWARD %d FROM %s", f.fetchSize(), rowsCursor)
	rows := f.tx.Conn().PgConn().ExecParams(ctx, sql, nil, nil, nil, nil)
	n := 0
	for rows.NextRow() {
		n++
		if err := f.take(ctx, rows.Values()); err != nil {
			return n, err
		}
	}
	_, err := rows.Close()
	return n, fault(f.at.String(), err)
}

// fetchSize keeps a fetch near one batch, by the size of the rows so far.
func (f *fetcher) fetchSize() int {
	if f.seenRows == 0 {
		return min(firstFetch, f.cfg.BatchRows)
	}
	return max(1, min(f.cfg.BatchRows, f.cfg.BatchBytes/f.average()))
}

// average is how many bytes a row took so far.
func (f *fetcher) average() int { return max(1, f.seenBytes/max(1, f.seenRows)) }

// take puts a row into the batch and hands the batch over when it is full.
func (f *fetcher) take(ctx context.Context, values [][]byte) error {
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
	return nil
}

// handOver gives the batch away. One far beyond the bound is waited for: two such would take the memory of two.
func (f *fetcher) handOver(ctx context.Context) error {
	if f.now == nil {
		return nil
	}
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
	return nil
}
