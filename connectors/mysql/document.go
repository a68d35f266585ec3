package mysql

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// documented is a column whose documents are treated here: these servers can't go through arrays and leave all else as it is. Each step
// makes one document of another.
type documented struct {
	col   column
	where string
	steps []func(raw json.RawMessage) (json.RawMessage, error)
	// taken are the sets of elements that are taken out, to be read before.
	taken []*elementSet
}

// elementSet are values by which elements are taken out of arrays.
type elementSet struct {
	fold   bool
	values map[string]bool
	// statement reads the values when they are those of other rows.
	statement string
	args      []any
}

// addDocument adds a mask to its column's document.
func (c *changes) addDocument(q *query, m masked) error {
	if m.col.Class != relational.ClassJSON {
		return m.Refuse("members of the type "+m.col.Type+" can't be changed one by one", "treat the whole column with null or fixed, or delete the rows")
	}
	i := slices.IndexFunc(c.documents, func(d documented) bool { return d.col.Name == m.col.Name })
	if i < 0 {
		i = len(c.documents)
		c.documents = append(c.documents, documented{col: m.col, where: m.Target.Where(nil) + "." + m.col.Name})
	}
	d := &c.documents[i]
	if m.Elements {
		return d.takeOut(q, m)
	}
	leaf, err := m.leaf(q.Tokens)
	if err != nil {
		return err
	}
	d.steps = append(d.steps, func(raw json.RawMessage) (json.RawMessage, error) {
		return document.Within(raw, m.Path[1:], leaf, m.Treatment == erasure.Null)
	})
	return nil
}

// takeOut takes those elements out of arrays by which the row was found: of the innermost array around what was found.
func (d *documented) takeOut(q *query, m masked) error {
	entries := m.Entries()
	if len(entries) == 0 {
		return m.NoEntry()
	}
	for _, e := range entries {
		depth := m.Target.Innermost(e.Path)
		if depth < 0 {
			return m.NoArray("declare the array's data_type with []")
		}
		set, err := q.elementSet(m.Target, e)
		if err != nil {
			return err
		}
		d.taken = append(d.taken, set)
		leaf := func(raw json.RawMessage) (json.RawMessage, error) { return set.without(raw, e.Path[depth+1:]) }
		d.steps = append(d.steps, func(raw json.RawMessage) (json.RawMessage, error) {
			return document.Within(raw, e.Path[1:depth+1], leaf, true)
		})
	}
	return nil
}

// elementSet finds the values that an entry goes by.
func (q *query) elementSet(t target, e dataset.Entry) (*elementSet, error) {
	f, err := t.Field(e.Path)
	if err != nil {
		return nil, err
	}
	own := q.Walk.Query()
	k, err := own.Keys(t, f, e)
	if err != nil {
		return nil, err
	}
	set := &elementSet{fold: k.Fold, values: map[string]bool{}}
	for _, v := range k.Values {
		text, _ := v.(string) // members are compared as texts
		set.values[text] = true
	}
	if k.CTE != "" {
		expr := "CAST(v AS CHAR)"
		if textual(k.Class) {
			expr = "CONVERT(v USING utf8mb4)"
		}
		set.statement, set.args = own.Whole("SELECT " + expr + " FROM " + k.CTE)
	}
	return set, nil
}

// ready reads what is needed of other rows.
func (s *session) ready(ctx context.Context, c changes) error {
	for _, d := range c.documents {
		for _, set := range d.taken {
			if set.statement == "" {
				continue
			}
			err := s.each(ctx, d.where, set.statement, set.args, func(rows *sql.Rows) error {
				var value string
				err := rows.Scan(&value)
				set.values[value] = true
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// has reports whether a text is among the values.
func (e *elementSet) has(text string) bool {
	if !e.fold {
		return e.values[text]
	}
	for v := range e.values {
		if cases(v) == cases(text) {
			return true
		}
	}
	return false
}

// cases are a text in small and in capital letters. Both have to agree for two texts to differ in case only; to fold them would take the
// Kelvin sign for a k.
func cases(s string) [2]string { return [2]string{strings.ToLower(s), strings.ToUpper(s)} }

// holds reports whether one of the values stands at the end of a path, through arrays on the way.
func (e *elementSet) holds(raw json.RawMessage, path []string) (bool, error) {
	switch document.Kind(raw) {
	case '[':
		items, err := document.Items(raw)
		for _, item := range items {
			if in, err := e.holds(item, path); in || err != nil {
				return in, err
			}
		}
		return false, err
	case '{':
		members, err := document.Members(raw)
		for _, m := range members {
			if len(path) > 0 && m.Name == path[0] {
				if in, err := e.holds(m.Value, path[1:]); in || err != nil {
					return in, err
				}
			}
		}
		return false, err
	case 'n':
		return false, nil
	}
	return len(path) == 0 && e.has(document.Text(raw)), nil
}

// without takes the elements out of an array, and out of arrays in it; what is none and holds one of the values is emptied.
func (e *elementSet) without(raw json.RawMessage, path []string) (json.RawMessage, error) {
	in, err := e.holds(raw, path)
	switch {
	case err != nil || !in:
		return raw, err
	case document.Kind(raw) != '[':
		return json.RawMessage("null"), nil
	}
	items, err := document.Items(raw)
	if err != nil {
		return nil, err
	}
	rest := make([]json.RawMessage, 0, len(items))
	for _, item := range items {
		if document.Kind(item) == '[' {
			if item, err = e.without(item, path); err != nil {
				return nil, err
			}
		} else if in, err := e.holds(item, path); err != nil {
			return nil, err
		} else if in {
			continue
		}
		rest = append(rest, item)
	}
	return document.Array(rest), nil
}

// treat makes the document that is to stand in place of one, and tells whether it is another.
func (d documented) treat(text string) (string, bool, error) {
	if !validJSON(text) {
		return "", false, &connectors.Error{Code: connectors.ErrType, Where: d.where, What: "a row holds a text in it that is no JSON, so its members can't be treated", Do: "treat the whole column with null or fixed, or mend the row"}
	}
	raw := json.RawMessage(text)
	for _, step := range d.steps {
		var err error
		if raw, err = step(raw); err != nil {
			return "", false, &connectors.Error{Code: connectors.ErrServer, Where: d.where, What: "a document can't be treated", Do: "report the form of this column's documents"}
		}
	}
	return string(raw), string(raw) != text, nil
}

// leaf says what becomes of the value at the end of the way.
func (m masked) leaf(tokens connectors.Tokens) (func(json.RawMessage) (json.RawMessage, error), error) {
	null := json.RawMessage("null")
	switch {
	case m.Treatment == erasure.Null:
		return func(json.RawMessage) (json.RawMessage, error) { return null, nil }, nil
	case m.Treatment == erasure.Fixed:
		literal, err := m.Literal()
		value := json.RawMessage(literal)
		return func(raw json.RawMessage) (json.RawMessage, error) {
			if document.Kind(raw) == 'n' || sameJSON(raw, value) {
				return raw, nil
			}
			return value, nil
		}, err
	case m.Treatment.Token():
		return func(raw json.RawMessage) (json.RawMessage, error) {
			text := document.Text(raw)
			if document.Kind(raw) == 'n' || document.Kind(raw) == '"' && tokens.Is(m.Mask, text) {
				return raw, nil
			}
			token, err := tokens.Of(m.Mask, text)
			return document.Quoted(token), err
		}, nil
	case m.Treatment == erasure.Shape:
		return document.Formed(document.Shape, func(string) string { return "0" }), nil
	case m.Treatment == erasure.Generalise:
		return document.Formed(func(s string) string { return document.General(s, 0) }, document.Tens), nil
	}
	return nil, m.Unknown()
}

func validJSON(text string) bool { return json.Valid([]byte(text)) }

func sameJSON(a, b json.RawMessage) bool {
	return bytes.Equal(a, b) || document.Kind(a) == '"' && document.Kind(b) == '"' && document.Text(a) == document.Text(b)
}
