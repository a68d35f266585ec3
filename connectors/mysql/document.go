package mysql

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/connectors"
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
	if m.col.class != classJSON {
		return m.refuse("members of the type "+m.col.typ+" can't be changed one by one", "treat the whole column with null or fixed, or delete the rows")
	}
	i := slices.IndexFunc(c.documents, func(d documented) bool { return d.col.name == m.col.name })
	if i < 0 {
		i = len(c.documents)
		c.documents = append(c.documents, documented{col: m.col, where: m.target.step.Address.String() + "." + m.col.name})
	}
	d := &c.documents[i]
	if m.Elements {
		return d.takeOut(q, m)
	}
	leaf, err := m.leaf(q.tokens)
	if err != nil {
		return err
	}
	d.steps = append(d.steps, func(raw json.RawMessage) (json.RawMessage, error) {
		return within(raw, m.Path[1:], leaf, m.Treatment == erasure.Null)
	})
	return nil
}

// takeOut takes those elements out of arrays by which the row was found: of the innermost array around what was found.
func (d *documented) takeOut(q *query, m masked) error {
	any := false
	for _, e := range m.target.step.FoundBy {
		if len(e.Path) < len(m.Path) || !slices.Equal(e.Path[:len(m.Path)], m.Path) {
			continue
		}
		depth := m.target.innermost(e.Path)
		if depth < 0 {
			return m.refuse("it is no array, and single elements are to be taken out of it", "declare the array's data_type with []")
		}
		set, err := q.elementSet(m.target, e)
		if err != nil {
			return err
		}
		any = true
		d.taken = append(d.taken, set)
		leaf := func(raw json.RawMessage) (json.RawMessage, error) { return set.without(raw, e.Path[depth+1:]) }
		d.steps = append(d.steps, func(raw json.RawMessage) (json.RawMessage, error) { return within(raw, e.Path[1:depth+1], leaf, true) })
	}
	if !any {
		return selectionFault(m.target.step.Address.String()+"."+strings.Join(m.Path, "."), "elements are to be taken out of it, and no rows are found by them", "make the order again")
	}
	return nil
}

// innermost is the place in a path of the last array that is declared; -1 when there is none.
func (t target) innermost(path []string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if f, _ := t.collection.At(path[:i+1]); f != nil && f.Type.Array {
			return i
		}
	}
	return -1
}

// elementSet finds the values that an entry goes by.
func (q *query) elementSet(t target, e dataset.Entry) (*elementSet, error) {
	f, err := t.field(e.Path)
	if err != nil {
		return nil, err
	}
	own := q.walk.query()
	k, err := own.keys(t, f, e)
	if err != nil {
		return nil, err
	}
	set := &elementSet{fold: k.fold, values: map[string]bool{}}
	for _, v := range k.values {
		text, _ := v.(string) // members are compared as texts
		set.values[text] = true
	}
	if k.cte != "" {
		expr := "CAST(v AS CHAR)"
		if k.class.textual() {
			expr = "CONVERT(v USING utf8mb4)"
		}
		set.statement, set.args = own.whole("SELECT " + expr + " FROM " + k.cte)
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
	switch kindOf(raw) {
	case '[':
		items, err := itemsOf(raw)
		for _, item := range items {
			if in, err := e.holds(item, path); in || err != nil {
				return in, err
			}
		}
		return false, err
	case '{':
		members, err := membersOf(raw)
		for _, m := range members {
			if len(path) > 0 && m.name == path[0] {
				if in, err := e.holds(m.value, path[1:]); in || err != nil {
					return in, err
				}
			}
		}
		return false, err
	case 'n':
		return false, nil
	}
	return len(path) == 0 && e.has(textOf(raw)), nil
}

// without takes the elements out of an array; what is none and holds one of the values is emptied.
func (e *elementSet) without(raw json.RawMessage, path []string) (json.RawMessage, error) {
	if kindOf(raw) != '[' {
		in, err := e.holds(raw, path)
		if in {
			return json.RawMessage("null"), err
		}
		return raw, err
	}
	items, err := itemsOf(raw)
	if err != nil {
		return nil, err
	}
	var rest []json.RawMessage
	for _, item := range items {
		in, err := e.holds(item, path)
		if err != nil {
			return nil, err
		}
		if !in {
			rest = append(rest, item)
		}
	}
	if len(rest) == len(items) {
		return raw, nil
	}
	return arrayOf(rest), nil
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
		value, err := m.literal()
		return func(raw json.RawMessage) (json.RawMessage, error) {
			if kindOf(raw) == 'n' || sameJSON(raw, value) {
				return raw, nil
			}
			return value, nil
		}, err
	case m.Treatment.Token():
		return func(raw json.RawMessage) (json.RawMessage, error) {
			text := textOf(raw)
			if kindOf(raw) == 'n' || kindOf(raw) == '"' && tokens.Is(m.Mask, text) {
				return raw, nil
			}
			token, err := tokens.Of(m.Mask, text)
			return quotedJSON(token), err
		}, nil
	case m.Treatment == erasure.Shape:
		return formed(shapeOf, func(string) string { return "0" }), nil
	case m.Treatment == erasure.Generalise:
		return formed(generalOf, tens), nil
	}
	return nil, m.refuse("the treatment is not known", "make the order again")
}

// formed treats texts and numbers, and leaves nothing of what is neither.
func formed(text, number func(string) string) func(json.RawMessage) (json.RawMessage, error) {
	return func(raw json.RawMessage) (json.RawMessage, error) {
		switch kindOf(raw) {
		case '"':
			was := textOf(raw)
			if is := text(was); is != was {
				return quotedJSON(is), nil
			}
			return raw, nil
		case '0':
			if is := number(string(raw)); is != string(raw) {
				return json.RawMessage(is), nil
			}
			return raw, nil
		}
		return json.RawMessage("null"), nil
	}
}

// literal is the fixed value as JSON, of the member's declared type.
func (m masked) literal() (json.RawMessage, error) {
	switch m.decl.Type.Base {
	case dataset.Integer, dataset.Float, dataset.Boolean:
		if k := kindOf(json.RawMessage(m.Value)); !validJSON(m.Value) || k != '0' && k != 't' {
			return nil, m.refuse("the fixed value is no "+m.decl.Type.Base, "give one that is, or correct data_type")
		}
		return json.RawMessage(strings.TrimSpace(m.Value)), nil
	}
	return quotedJSON(m.Value), nil
}

// shapeOf keeps the form of a text, letter by letter.
func shapeOf(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return 'X'
		case r >= '0' && r <= '9':
			return '0'
		case r >= ' ' && r <= '~' && (r < 'a' || r > 'z'):
			return r
		default:
			return 'x'
		}
	}, s)
}

// generalOf keeps the network of an IP address, and of any other text the first two characters.
func generalOf(s string) string {
	address, _, isNetwork := strings.Cut(s, "/")
	ip, err := netip.ParseAddr(address)
	if err == nil && ip.Zone() == "" && !ip.Is4In6() {
		keep := network6
		if ip.Is4() {
			keep = network4
		}
		if !isNetwork {
			return netip.PrefixFrom(ip, keep).Masked().String()
		}
		if p, err := netip.ParsePrefix(s); err == nil {
			return netip.PrefixFrom(ip, min(keep, p.Bits())).Masked().String()
		}
	}
	letters := []rune(s)
	if two := string(letters[:min(2, len(letters))]); two != "::" { // which is an address, and would come to its network the next time
		return two
	}
	return ":"
}

// tens cuts a number to tens. One that is written with an exponent and too large to have any becomes none.
func tens(s string) string {
	if strings.ContainsAny(s, "eE") {
		f, err := strconv.ParseFloat(s, 64)
		if err != nil || math.Abs(f) >= 1e15 {
			return "0"
		}
		s = strconv.FormatInt(int64(f), 10)
	}
	s, _, _ = strings.Cut(s, ".")
	digits := strings.TrimPrefix(s, "-")
	if len(digits) < 2 {
		return "0"
	}
	return s[:len(s)-1] + "0"
}

func validJSON(text string) bool { return json.Valid([]byte(text)) }

func sameJSON(a, b json.RawMessage) bool {
	return bytes.Equal(a, b) || kindOf(a) == '"' && kindOf(b) == '"' && textOf(a) == textOf(b)
}
