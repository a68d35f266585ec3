package activities

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"

	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// partSink puts what a connector delivers away, one sealed object per part. A part counts once its row is in the
// register; an object without a row is written over by the next try.
type partSink struct {
	w       *collecting
	done    map[dataset.Address]int64
	seq     map[dataset.Address]int32
	columns []connectors.Column
	rows    int64
	total   int64
	buffer  bytes.Buffer
	stream  *seal.StreamKey // of the run; opened with the first part
}

func newPartSink(w *collecting) *partSink {
	return &partSink{w: w, seq: map[dataset.Address]int32{}}
}

// Begin implements connectors.Sink.
func (s *partSink) Begin(ctx context.Context, open connectors.Opening) (resume connectors.Cursor, done bool, err error) {
	s.columns = open.Columns
	s.total += open.Total
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

// Rows implements connectors.Sink.
func (s *partSink) Rows(ctx context.Context, collection dataset.Address, rows []connectors.Row, after connectors.Cursor) error {
	seq := s.seq[collection] + 1
	key := s.objectKey(collection, seq)
	sum, size, err := s.put(ctx, key, rows)
	if err != nil {
		return err
	}
	err = s.w.change(ctx, s.w.in, func(ctx context.Context, tx *storage.Tx) error {
		return tx.AddPart(ctx, s.w.run, s.w.subject, storage.NewPart{
			Dataset: collection.Dataset, Collection: collection.Collection, Seq: seq, ObjectKey: key, Rows: int64(len(rows)),
			Bytes: size, SHA256: sum, Cursor: string(after),
		})
	})
	if err != nil {
		return err
	}
	s.seq[collection] = seq
	activity.RecordHeartbeat(ctx, seq)
	return nil
}

// objectKey names a part. Names of collections may hold anything, so they are escaped.
func (s *partSink) objectKey(collection dataset.Address, seq int32) string {
	return fmt.Sprintf("%sround-%d/%s/%s/%s/%06d", casework.PartsPrefix(s.w.in.Ref), s.w.in.Round, s.w.system.Key,
		url.PathEscape(collection.Dataset), url.PathEscape(collection.Collection), seq)
}

// put writes one part: the columns on the first line, then a line per row, all of it sealed.
func (s *partSink) put(ctx context.Context, key string, rows []connectors.Row) (sum []byte, size int64, err error) {
	stream, err := s.key(ctx)
	if err != nil {
		return nil, 0, err
	}
	s.buffer.Reset()
	sealed, err := stream.Encrypt(&s.buffer, key)
	if err != nil {
		return nil, 0, fmt.Errorf("seal the part: %w", err)
	}
	clear := bufio.NewWriter(sealed)
	lines := json.NewEncoder(clear)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(s.columns); err != nil {
		return nil, 0, fmt.Errorf("write the part's columns: %w", err)
	}
	for _, row := range rows {
		if err := lines.Encode(row); err != nil {
			return nil, 0, fmt.Errorf("write a row of the part: %w", err)
		}
	}
	if err := clear.Flush(); err != nil {
		return nil, 0, fmt.Errorf("write the part: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return nil, 0, fmt.Errorf("seal the part: %w", err)
	}
	hash := sha256.Sum256(s.buffer.Bytes())
	size = int64(s.buffer.Len())
	return hash[:], size, s.w.objects.Put(ctx, key, bytes.NewReader(s.buffer.Bytes()), size)
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
	s.rows += total
	return s.w.change(ctx, s.w.in, func(ctx context.Context, tx *storage.Tx) error {
		return tx.MarkCollected(ctx, s.w.run, collection.Dataset, collection.Collection, total)
	})
}

// readPart gives the columns and then each row of a sealed part to the callbacks.
func readPart(sealed io.Reader, key *seal.StreamKey, name string, columns func([]connectors.Column), row func(connectors.Row) error) error {
	clear, err := key.Decrypt(sealed, name)
	if err != nil {
		return fmt.Errorf("open the part: %w", err)
	}
	lines := json.NewDecoder(bufio.NewReaderSize(clear, 1<<20))
	var head []connectors.Column
	if err := lines.Decode(&head); err != nil {
		return fmt.Errorf("read the part's columns: %w", err)
	}
	columns(head)
	for lines.More() {
		var r connectors.Row
		if err := lines.Decode(&r); err != nil {
			return fmt.Errorf("read a row of the part: %w", err)
		}
		if err := row(r); err != nil {
			return err
		}
	}
	// More also ends at an error; a part that was cut short must not pass for a short one.
	if _, err := lines.Token(); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the part to its end: %w", err)
	}
	return nil
}
