package relational

import "context"

// Feed takes rows in as the server gives them, and hands them on in batches, bounded in rows and bytes: one is read while the one before is
// being worked on.
type Feed struct {
	where string
	// limitRows and limitBytes bound a batch.
	limitRows, limitBytes int
	out                   chan *batch // without room: what is read ahead is one batch
	now                   *batch
	// seenRows and seenBytes size the room for the next batch.
	seenRows, seenBytes int
	// Pausing is told when nothing is read because a batch waits to be taken, and Resuming when it has been.
	Pausing, Resuming func()
}

// Average is how many bytes a row took so far; 0 before there was one.
func (f *Feed) Average() int {
	if f.seenRows == 0 {
		return 0
	}
	return max(1, f.seenBytes/f.seenRows)
}

// Take puts a row into the batch and hands the batch over when it is full. The values are the caller's again afterwards.
func (f *Feed) Take(ctx context.Context, values [][]byte) error {
	if f.now == nil {
		f.now = &batch{}
		room := min(f.limitRows, f.seenRows)
		f.now.text.Grow(min(room*f.Average(), f.limitBytes))
		f.now.ends = make([]int, 0, room*len(values))
	}
	f.seenBytes += f.now.add(values)
	f.seenRows++
	if f.now.rows >= f.limitRows || f.now.bytes >= f.limitBytes {
		return f.HandOver(ctx)
	}
	return nil
}

// HandOver gives the batch away, as it has to be done behind the last row. One far beyond the bound is waited for: two such would take the
// memory of two.
func (f *Feed) HandOver(ctx context.Context) error {
	if f.now == nil {
		return nil
	}
	if f.Pausing != nil {
		f.Pausing()
		defer f.Resuming()
	}
	last := []*batch{f.now}
	if f.now.bytes > 2*f.limitBytes {
		last = append(last, &batch{}) // is taken when the one before is done with
	}
	f.now = nil
	for _, b := range last {
		select {
		case f.out <- b:
		case <-ctx.Done():
			return Stopped(f.where, ctx.Err())
		}
	}
	return nil
}
