package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// firstFetch is how many rows are fetched before their size is known.
const firstFetch = 16

// reader streams one collection from a server-side cursor into the sink. It holds one batch, bounded in rows and bytes.
type reader struct {
	*session
	at    dataset.Address
	outs  []output
	sink  connectors.Sink
	batch []connectors.Row
	bytes int
	// mark is the place of the last row read; skip counts rows of its hash still to be passed over.
	mark mark
	skip int64
	// seenRows and seenBytes size the next fetch.
	seenRows, seenBytes int
}

// stream reads the whole cursor.
func (r *reader) stream(ctx context.Context, sql string, args []any) error {
	if err := r.declare(ctx, r.at, sql, args); err != nil {
		return err
	}
	for {
		n, err := r.fetch(ctx)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
	}
	if err := r.flush(ctx); err != nil {
		return err
	}
	_, err := r.tx.Exec(ctx, "CLOSE "+rowsCursor)
	return fault(r.at.String(), err)
}

// fetch reads the next rows; each fetch is a statement with a timeout of its own.
func (r *reader) fetch(ctx context.Context) (int, error) {
	rows, err := r.tx.Query(ctx, fmt.Sprintf("FETCH FORWARD %d FROM %s", r.fetchSize(), rowsCursor))
	if err != nil {
		return 0, fault(r.at.String(), err)
	}
	defer rows.Close()
	n := 0
	for rows.Next() {
		n++
		if err := r.take(ctx, rows.RawValues()); err != nil {
			return n, err
		}
	}
	return n, fault(r.at.String(), rows.Err())
}

// fetchSize keeps a fetch near one batch, by the size of the rows so far.
func (r *reader) fetchSize() int {
	if r.seenRows == 0 {
		return min(firstFetch, r.cfg.BatchRows)
	}
	average := max(1, r.seenBytes/r.seenRows)
	return max(1, min(r.cfg.BatchRows, r.cfg.BatchBytes/average))
}

// take decodes a row into the batch and delivers the batch when it is full.
func (r *reader) take(ctx context.Context, raw [][]byte) error {
	keyAt := len(raw) - len(r.mark.Order)
	key := make([]string, 0, len(r.mark.Order))
	for _, b := range raw[keyAt:] {
		key = append(key, string(b))
	}
	same := slices.Equal(key, r.mark.Key)
	if same && r.skip > 0 {
		r.skip--
		return nil
	}
	values, err := row(r.outs, raw[:keyAt])
	if err != nil {
		return (&connectors.Error{Code: connectors.ErrServer, Where: r.at.String(), What: "a row can't be read", Do: "report the column types of this table"}).Wrap(err)
	}
	r.advance(key, same)
	r.batch = append(r.batch, values)
	size := 0
	for _, v := range values {
		size += v.Size()
	}
	r.bytes += size
	r.seenRows, r.seenBytes = r.seenRows+1, r.seenBytes+size
	if len(r.batch) >= r.cfg.BatchRows || r.bytes >= r.cfg.BatchBytes {
		return r.flush(ctx)
	}
	return nil
}

// advance moves the mark to a row. Equal marks occur only where rows are ordered by their hash.
func (r *reader) advance(key []string, same bool) {
	ties := int64(1)
	if same {
		ties = r.mark.Ties + 1
	}
	if r.mark.Order[0] != byHash {
		ties = 0
	}
	r.mark = mark{Order: r.mark.Order, Key: key, Rows: r.mark.Rows + 1, Ties: ties}
}

// flush hands the batch to the sink.
func (r *reader) flush(ctx context.Context) error {
	if len(r.batch) == 0 {
		return nil
	}
	if err := r.sink.Rows(ctx, r.at, r.batch, r.mark.cursor()); err != nil {
		return fmt.Errorf("store rows of %s: %w", r.at, err)
	}
	r.batch, r.bytes = nil, 0
	return nil
}
