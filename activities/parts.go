package activities

import (
	"cmp"
	"context"
	"fmt"
	"net/url"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/semaphore"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

const (
	// partsInMaking is how many parts are sealed and stored side by side, while the connector fetches the next.
	partsInMaking = 4
	// partsRoom bounds the memory of their values. A part that takes more is made alone, and waited for.
	partsRoom = 32 << 20
)

// partSink puts what a connector delivers away, one sealed object per part. Several parts are in the making at a time. A
// part counts once its row is in the register, and the rows are written in the order of the parts: behind the last of them
// the next try goes on. An object without a row is written over by that try, or goes with the case.
type partSink struct {
	w       *collecting
	done    map[dataset.Address]int64
	seq     map[dataset.Address]int32
	columns []connectors.Column
	rows    int64
	total   int64
	stream  *seal.StreamKey // of the run; opened with the first part
	// making are the parts of the open collection; its context ends with the first that fails.
	making *errgroup.Group
	ctx    context.Context //nolint:containedctx // it is that of the group beside it
	room   *semaphore.Weighted
	last   chan struct{} // closed once the part before is in the register
}

func newPartSink(w *collecting) *partSink {
	return &partSink{w: w, seq: map[dataset.Address]int32{}, room: semaphore.NewWeighted(partsRoom)}
}

// Begin implements connectors.Sink.
func (s *partSink) Begin(ctx context.Context, open connectors.Opening) (resume connectors.Cursor, done bool, err error) {
	s.columns = open.Columns
	s.total += open.Total
	s.making, s.ctx = errgroup.WithContext(ctx)
	s.making.SetLimit(partsInMaking)
	s.last = make(chan struct{})
	close(s.last) // nothing is before the first
	err = s.w.change(ctx, s.w.in, func(ctx context.Context, tx *storage.Tx) error {
		if s.done == nil {
			if err := s.loadDone(ctx, tx); err != nil {
				return err
			}
		}
		if rows, ok := s.done[open.Address]; ok {
			done, s.rows = true, s.rows+rows
			return nil
		}
		seq, cursor, err := tx.LastPart(ctx, s.w.run, s.w.subject, open.Dataset, open.Collection)
		if err != nil {
			return err
		}
		s.seq[open.Address], resume = seq, connectors.Cursor(cursor)
		return tx.SetRunTotal(ctx, s.w.run, s.total)
	})
	return resume, done, err
}

func (s *partSink) loadDone(ctx context.Context, tx *storage.Tx) error {
	finished, err := tx.Collected(ctx, s.w.run.ID)
	s.done = map[dataset.Address]int64{}
	for _, f := range finished {
		s.done[dataset.Address{Dataset: f.Dataset, Collection: f.Collection}] = f.Rows
	}
	return err
}

// Rows implements connectors.Sink. It returns once the part is in the making; what goes wrong with it comes with a later
// call, at the latest with End.
func (s *partSink) Rows(ctx context.Context, collection dataset.Address, rows []connectors.Row, after connectors.Cursor) error {
	key, err := s.key(ctx)
	if err != nil {
		return err
	}
	size := min(sizeOf(rows), partsRoom)
	if err := s.room.Acquire(s.ctx, size); err != nil {
		return cmp.Or(s.settle(), err)
	}
	s.seq[collection]++
	p := &part{sink: s, collection: collection, seq: s.seq[collection], rows: rows, after: after, before: s.last, counted: make(chan struct{})}
	s.last = p.counted
	s.making.Go(func() error {
		defer s.room.Release(size)
		return p.make(s.ctx, key)
	})
	if size == partsRoom {
		// The connector would fetch as much again meanwhile.
		select {
		case <-p.counted:
		case <-s.ctx.Done():
			return cmp.Or(s.settle(), s.ctx.Err())
		}
	}
	return nil
}

// settle waits for the parts in the making and says what went wrong with the first that failed.
func (s *partSink) settle() error {
	if s.making == nil {
		return nil
	}
	return s.making.Wait()
}

// objectKey names a part. Names of collections may hold anything, so they are escaped.
func (s *partSink) objectKey(collection dataset.Address, seq int32) string {
	return fmt.Sprintf("%sround-%d/%s/%s/%s/%06d", casework.PartsPrefix(s.w.in.Ref), s.w.in.Round, s.w.system.Key,
		url.PathEscape(collection.Dataset), url.PathEscape(collection.Collection), seq)
}

func (s *partSink) key(ctx context.Context) (*seal.StreamKey, error) {
	if s.stream != nil {
		return s.stream, nil
	}
	err := s.w.change(ctx, s.w.in, func(_ context.Context, tx *storage.Tx) (err error) {
		s.stream, err = tx.RunKey(s.w.run)
		return err
	})
	return s.stream, err
}

// End implements connectors.Sink.
func (s *partSink) End(ctx context.Context, collection dataset.Address, total int64) error {
	if err := s.settle(); err != nil {
		return err
	}
	s.rows += total
	return s.w.change(ctx, s.w.in, func(ctx context.Context, tx *storage.Tx) error {
		return tx.MarkCollected(ctx, s.w.run, collection.Dataset, collection.Collection, total)
	})
}
