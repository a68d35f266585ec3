package activities

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"

	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// part is one part in the making.
type part struct {
	sink       *partSink
	collection dataset.Address
	seq        int32
	rows       []connectors.Row
	after      connectors.Cursor
	before     <-chan struct{} // closed once the part before counts
	counted    chan struct{}   // closed once this one does
}

// make stores the part, and records it behind the one before.
func (p *part) make(ctx context.Context, stream *seal.StreamKey) error {
	key := p.sink.objectKey(p.collection, p.seq)
	sealed := &bytes.Buffer{}
	if err := p.write(sealed, stream, key); err != nil {
		return err
	}
	sum := sha256.Sum256(sealed.Bytes())
	size := int64(sealed.Len())
	if err := p.sink.w.objects.PutBytes(ctx, key, sealed.Bytes(), sum[:]); err != nil {
		return err
	}
	select {
	case <-p.before:
	case <-ctx.Done():
		return ctx.Err()
	}
	err := p.sink.w.change(ctx, p.sink.w.in, func(ctx context.Context, tx *storage.Tx) error {
		return tx.AddPart(ctx, p.sink.w.run, p.sink.w.subject, storage.NewPart{
			Dataset: p.collection.Dataset, Collection: p.collection.Collection, Seq: p.seq, ObjectKey: key, Rows: int64(len(p.rows)),
			Bytes: size, SHA256: sum[:], Cursor: string(p.after),
		})
	})
	if err != nil {
		return err
	}
	activity.RecordHeartbeat(ctx, p.seq)
	close(p.counted)
	return nil
}

// write writes the columns on the first line, then a line per row, all of it sealed.
func (p *part) write(w io.Writer, stream *seal.StreamKey, key string) error {
	sealed, err := stream.Encrypt(w, key)
	if err != nil {
		return fmt.Errorf("seal the part: %w", err)
	}
	lines, err := json.Marshal(p.sink.columns)
	if err != nil {
		return fmt.Errorf("write the part's columns: %w", err)
	}
	lines = append(lines, '\n')
	for _, row := range p.rows {
		if lines, err = row.AppendJSON(lines); err != nil {
			return fmt.Errorf("write a row of the part: %w", err)
		}
		if lines = append(lines, '\n'); len(lines) < sealAt {
			continue
		}
		if _, err := sealed.Write(lines); err != nil {
			return fmt.Errorf("write the part: %w", err)
		}
		lines = lines[:0]
	}
	if _, err := sealed.Write(lines); err != nil {
		return fmt.Errorf("write the part: %w", err)
	}
	if err := sealed.Close(); err != nil {
		return fmt.Errorf("seal the part: %w", err)
	}
	return nil
}

// sealAt is how many bytes of lines are gathered before they are sealed.
const sealAt = 64 << 10

// sizeOf is about how many bytes of memory the rows take.
func sizeOf(rows []connectors.Row) (size int64) {
	for _, row := range rows {
		for i := range row {
			size += int64(row[i].Size())
		}
	}
	return size
}
