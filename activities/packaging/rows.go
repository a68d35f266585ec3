package packaging

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/privacy-docket/docket/connectors"
)

// ErrChanged is returned when a collection gave other rows on its second reading.
var ErrChanged = errors.New("the rows changed between two readings")

// flushAt is how many bytes of encoded rows are gathered before they are written.
const flushAt = 64 << 10

// tally counts what one pass over a collection wrote.
type tally struct {
	rows, removed int64
	oversize      map[int]int64 // column → values
	rules         []*rule
}

// redacted is how many values were replaced.
func (t tally) redacted() (n int64) {
	for _, one := range t.rules {
		if len(one.columns) > 0 {
			n += one.hits
		}
	}
	return n
}

// pass reads a collection once, redacts it, and writes each row with the encoder.
func (b *builder) pass(ctx context.Context, w io.Writer, s System, c Collection, encode func([]byte, int64, Row) []byte) (tally, error) {
	red := newRedactor(b.contents, s, c, b.marker)
	t := tally{oversize: map[int]int64{}}
	buffer := make([]byte, 0, flushAt+flushAt/4)
	err := c.Rows(func(row Row) error {
		if len(row) != len(c.Columns) {
			return fmt.Errorf("a row has %d values for %d columns", len(row), len(c.Columns))
		}
		kept, ok := red.apply(row)
		if !ok {
			t.removed++
			return nil
		}
		for i := range kept {
			if kept[i].Kind() == connectors.KindOversize {
				t.oversize[i]++
			}
		}
		buffer = encode(buffer, t.rows, kept)
		t.rows++
		if len(buffer) < flushAt {
			return nil
		}
		_, err := w.Write(buffer)
		buffer = buffer[:0]
		return errors.Join(err, ctx.Err())
	})
	if err == nil {
		_, err = w.Write(buffer)
	}
	t.rules = red.rules()
	return t, errors.Join(err, ctx.Err())
}

// writeJSON writes a collection as an array of objects, one to a line.
func (b *builder) writeJSON(ctx context.Context, w io.Writer, s System, c Collection) (tally, error) {
	keys := jsonKeys(c.Columns)
	if _, err := io.WriteString(w, "["); err != nil {
		return tally{}, err
	}
	t, err := b.pass(ctx, w, s, c, func(dst []byte, n int64, row Row) []byte {
		if n > 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, '\n', '{')
		for i := range row {
			dst = append(dst, keys[i]...)
			dst = appendJSON(dst, row[i])
		}
		return append(dst, '}')
	})
	if err != nil {
		return t, err
	}
	_, err = io.WriteString(w, "\n]\n")
	return t, err
}

// jsonKeys encodes the names of the columns with the punctuation around them. A name that comes twice, as it may in
// the result of a query, gets a number, so that no value hides another.
func jsonKeys(columns []Column) []string {
	keys, seen := make([]string, len(columns)), map[string]bool{}
	for i, c := range columns {
		name := c.Name
		for n := 2; seen[name]; n++ {
			name = fmt.Sprintf("%s_%d", c.Name, n)
		}
		seen[name] = true
		key := string(appendJSONString(nil, name)) + ":"
		if i > 0 {
			key = "," + key
		}
		keys[i] = key
	}
	return keys
}

// writeCSV writes a collection as CSV with a heading.
func (b *builder) writeCSV(ctx context.Context, w io.Writer, s System, c Collection) (tally, error) {
	head := []byte(bom)
	for i, column := range c.Columns {
		if i > 0 {
			head = append(head, ',')
		}
		head = appendCell(head, column.Name)
	}
	if _, err := w.Write(append(head, '\r', '\n')); err != nil {
		return tally{}, err
	}
	return b.pass(ctx, w, s, c, func(dst []byte, _ int64, row Row) []byte {
		for i := range row {
			if i > 0 {
				dst = append(dst, ',')
			}
			if row[i].Kind() == connectors.KindOversize {
				dst = appendCell(dst, b.words.say("toolong.marker", row[i].Int64(), row[i].Raw()))
			} else {
				dst = appendCSV(dst, row[i])
			}
		}
		return append(dst, '\r', '\n')
	})
}
