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

// tally counts what one pass over a collection, or over a part of it, wrote.
type tally struct {
	rows, removed int64
	oversize      map[int]int64 // column → values
	kinds         []uint16      // column → the kinds of its values, a bit each
	rules         []*rule
}

// redacted is how many values were replaced.
func (t *tally) redacted() (n int64) {
	for _, one := range t.rules {
		if len(one.columns) > 0 {
			n += one.hits
		}
	}
	return n
}

// add counts what a part wrote.
func (t *tally) add(part tally) {
	t.rows, t.removed = t.rows+part.rows, t.removed+part.removed
	for column, n := range part.oversize {
		t.oversize[column] += n
	}
	if t.kinds == nil {
		t.kinds = make([]uint16, len(part.kinds))
	}
	for i, kinds := range part.kinds {
		t.kinds[i] |= kinds
	}
	t.rules = append(t.rules, part.rules...)
}

// writeJSON writes a collection as an array of objects, one to a line.
func (b *builder) writeJSON(ctx context.Context, w io.Writer, s System, c Collection) (tally, error) {
	keys := jsonKeys(c.Columns)
	if _, err := io.WriteString(w, "["); err != nil {
		return tally{}, err
	}
	t, err := b.pass(ctx, w, s, c, ",", func(dst []byte, row Row) []byte {
		dst = append(dst, '\n', '{')
		for i := range row {
			if keys[i] == "" {
				continue
			}
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

// jsonKeys encodes the names of the columns with the punctuation around them; "" is one that is left away.
func jsonKeys(columns []Column) []string {
	keys, first := make([]string, len(columns)), true
	for i, name := range jsonNames(columns) {
		if columns[i].Beyond != "" {
			continue
		}
		keys[i] = string(appendJSONString(nil, name)) + ":"
		if !first {
			keys[i] = "," + keys[i]
		}
		first = false
	}
	return keys
}

// jsonNames are the names of the columns. One that comes twice, as it may in the result of a query, gets a number, so that no value hides another.
func jsonNames(columns []Column) []string {
	names, seen := make([]string, len(columns)), map[string]bool{}
	for i, c := range columns {
		name := c.Name
		for n := 2; seen[name]; n++ {
			name = fmt.Sprintf("%s_%d", c.Name, n)
		}
		seen[name] = true
		names[i] = name
	}
	return names
}

// writeCSV writes a collection as CSV with a heading.
func (b *builder) writeCSV(ctx context.Context, w io.Writer, s System, c Collection) (tally, error) {
	head, shown := []byte(bom), make([]bool, len(c.Columns))
	for i, column := range c.Columns {
		if shown[i] = column.Beyond == ""; !shown[i] {
			continue
		}
		if len(head) > len(bom) {
			head = append(head, ',')
		}
		head = appendCell(head, column.Name)
	}
	if _, err := w.Write(append(head, '\r', '\n')); err != nil {
		return tally{}, err
	}
	return b.pass(ctx, w, s, c, "", func(dst []byte, row Row) []byte {
		first := true
		for i := range row {
			if !shown[i] {
				continue
			}
			if !first {
				dst = append(dst, ',')
			}
			if first = false; row[i].Kind() == connectors.KindOversize {
				dst = appendCell(dst, b.words.say("toolong.marker", row[i].Int64(), row[i].Raw()))
			} else {
				dst = appendCSV(dst, row[i])
			}
		}
		return append(dst, '\r', '\n')
	})
}
