package relational

import (
	"context"
	"fmt"
	"sync"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// reader streams one collection from the server into the sink. It holds two batches at most: one that is being
// fetched and one that is being delivered.
type reader struct {
	*System
	at   dataset.Address
	outs []output
	sink connectors.Sink
	// mark is the place of the last row read; skip counts rows of its hash still to be passed over.
	mark mark
	skip int64
	// hashed is set where rows are ordered by their hash.
	hashed bool
}

// stream reads the whole answer.
func (r *reader) stream(ctx context.Context, s Session, statement string, args []any) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	f := &Feed{where: r.at.String(), limitRows: r.BatchRows, limitBytes: r.BatchBytes, out: make(chan *batch)}
	var fetching sync.WaitGroup
	var fetched error
	fetching.Go(func() {
		defer close(f.out)
		fetched = s.Stream(ctx, f.where, statement, args, f)
	})
	err := r.deliver(ctx, f.out)
	if err != nil {
		stop() // nobody takes what would be fetched
	}
	fetching.Wait()
	if err != nil {
		return err
	}
	return fetched
}

// deliver hands the batches to the sink as they come.
func (r *reader) deliver(ctx context.Context, batches <-chan *batch) error {
	for b := range batches {
		rows, err := r.rows(b)
		if err != nil {
			return (&connectors.Error{Code: connectors.ErrServer, Where: r.at.String(), What: "a row can't be read", Do: "report the column types of this table"}).Wrap(err)
		}
		if len(rows) == 0 {
			continue
		}
		if err := r.sink.Rows(ctx, r.at, rows, r.mark.cursor()); err != nil {
			return fmt.Errorf("store rows of %s: %w", r.at, err)
		}
	}
	return nil
}

// rows decodes a batch and moves the mark behind it. All its values lie in one piece of memory.
func (r *reader) rows(b *batch) ([]connectors.Row, error) {
	cells, width := b.cells(), len(r.outs)
	values := make([]connectors.Value, b.rows*width)
	rows := make([]connectors.Row, 0, b.rows)
	key := make([]string, len(r.mark.Order))
	for range b.rows {
		row := values[:width:width]
		if err := cells.row(r.outs, row); err != nil {
			return nil, err
		}
		for i := range key {
			key[i], _ = cells.next()
		}
		if r.advance(key) {
			rows, values = append(rows, row), values[width:]
		}
	}
	return rows, nil
}
