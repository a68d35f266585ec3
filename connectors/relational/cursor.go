package relational

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
)

// mark is a place in a collection's order: the last row's key and how many rows came up to it. Collections without a unique
// key are ordered by a hash over their columns; there Ties counts the rows with this hash that were delivered.
type mark struct {
	Order []string `json:"order"`
	Key   []string `json:"key"`
	Rows  int64    `json:"rows"`
	Ties  int64    `json:"ties,omitempty"`
}

// orderOf lists what a target is ordered by.
func orderOf(d Dialect, t Target) []string {
	if key := t.Key(); len(key) > 0 {
		return key
	}
	name, _ := d.Hash(t)
	return []string{name}
}

// advance moves the mark to a row with this key, unless the row was delivered before. Equal keys occur only where rows are
// ordered by their hash.
func (r *reader) advance(key []string) bool {
	same := slices.Equal(key, r.mark.Key)
	if same && r.skip > 0 {
		r.skip--
		return false
	}
	r.mark.Rows++
	switch {
	case !r.hashed:
		r.mark.Ties = 0
	case same:
		r.mark.Ties++
	default:
		r.mark.Ties = 1
	}
	r.mark.Key = append(r.mark.Key[:0], key...)
	return true
}

// cursor writes a mark for the sink.
func (m mark) cursor() connectors.Cursor {
	b, _ := json.Marshal(m) // texts and numbers always marshal
	return connectors.Cursor(b)
}

// readMark reads a cursor back; the zero cursor is the start.
func readMark(d Dialect, t Target, c connectors.Cursor) (mark, error) {
	order := orderOf(d, t)
	if c == "" {
		return mark{Order: order}, nil
	}
	var m mark
	if err := json.Unmarshal([]byte(c), &m); err != nil || !slices.Equal(m.Order, order) || len(m.Key) != len(order) || m.Rows < 1 {
		return mark{}, &connectors.Error{Code: connectors.ErrCursor, Where: t.Where(nil),
			What: "the collection is ordered otherwise than when the last try stopped", Do: "discard its parts and start it again"}
	}
	return m, nil
}

// ordering is the SQL of a target's order.
type ordering struct {
	// columns are selected behind the values, as text, to make the next mark.
	columns []string
	by      string
	// after continues behind a mark.
	after string
}

// ordering writes a target's order, continuing behind a mark when it has a key.
func (q *Query) ordering(t Target, m mark) ordering {
	if len(t.Key()) == 0 {
		_, hash := q.Dialect.Hash(t)
		o := ordering{columns: []string{hash}, by: hash}
		if m.Rows > 0 {
			// Not "greater": identical rows share a hash, and the reader counts off those delivered.
			o.after = fmt.Sprintf(" AND %s >= %s", hash, q.Arg(m.Key[0]))
		}
		return o
	}
	var o ordering
	var names, values []string
	for i, name := range t.Key() {
		col, id := t.Table.Columns[name], "t."+Quoted(name)
		names, o.columns = append(names, id), append(o.columns, q.Dialect.KeyText(col, id))
		if m.Rows > 0 {
			values = append(values, q.Dialect.KeyValue(q, col, m.Key[i]))
		}
	}
	o.by = strings.Join(names, ", ")
	if m.Rows > 0 {
		o.after = " AND " + q.Dialect.Behind(names, values)
	}
	return o
}
