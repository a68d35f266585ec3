package mysql

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

// byHash is the order of collections without a unique key.
const byHash = "sha256 of the row"

// orderOf lists what a target is ordered by.
func (t target) orderOf() []string {
	if key := t.key(); len(key) > 0 {
		return key
	}
	return []string{byHash}
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
	case r.mark.Order[0] != byHash:
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
func readMark(t target, c connectors.Cursor) (mark, error) {
	order := t.orderOf()
	if c == "" {
		return mark{Order: order}, nil
	}
	var m mark
	if err := json.Unmarshal([]byte(c), &m); err != nil || !slices.Equal(m.Order, order) || len(m.Key) != len(order) || m.Rows < 1 {
		return mark{}, &connectors.Error{Code: connectors.ErrCursor, Where: t.step.Address.String(),
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

// ordering writes a target's order, continuing behind a mark.
func (q *query) ordering(t target, m mark) ordering {
	if len(t.key()) == 0 {
		hash := t.hashOf()
		o := ordering{columns: []string{hash}, by: hash}
		if m.Rows > 0 {
			// Not "greater": identical rows share a hash, and the reader counts off those delivered.
			o.after = fmt.Sprintf(" AND %s >= %s", hash, q.arg(m.Key[0]))
		}
		return o
	}
	var o ordering
	var names, after []string
	same := "" // the key's columns so far are those of the mark
	for i, name := range t.key() {
		col, id := t.table.columns[name], "t."+quoted(name)
		names, o.columns = append(names, id), append(o.columns, col.keyText(id))
		if m.Rows > 0 {
			// A comparison of whole keys at once would not be looked up in the index.
			after = append(after, same+id+" > "+q.keyValue(col, m.Key[i]))
			same += id + " = " + q.keyValue(col, m.Key[i]) + " AND "
		}
	}
	o.by = strings.Join(names, ", ")
	if m.Rows > 0 {
		o.after = " AND (" + strings.Join(after, " OR ") + ")"
	}
	return o
}

// keyText writes a key's value so that keyValue can read it back.
func (c column) keyText(expr string) string {
	switch c.class {
	case classBytes:
		return "HEX(" + expr + ")"
	case classBool, classInt, classNumber, classText:
		return expr
	}
	return "CAST(" + expr + " AS CHAR)"
}

// keyValue writes a mark's text as a value of the column. A number that came as text would be compared as a float.
func (q *query) keyValue(c column, text string) string {
	switch c.class {
	case classBool, classInt:
		if n, is := integer(text); is {
			return q.arg(n)
		}
	case classBytes:
		return "UNHEX(" + q.arg(text) + ")"
	case classText, classUUID:
		if by := c.indexed("CONVERT(" + q.arg(text) + " USING utf8mb4)"); by != "" {
			return by
		}
	case classNumber:
		return fmt.Sprintf("CAST(%s AS DECIMAL(%d, %d))", q.arg(text), c.precision, c.scale)
	}
	return c.typed(q.arg(text))
}
