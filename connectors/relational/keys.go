package relational

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Keys is a set of values to match: given ones, as the dialect hands them over, or found ones, in a common table expression with one column v.
type Keys struct {
	Class Class
	Type  string
	CTE   string
	// Setting is a setting of the session that holds the values: see Walk.Settled.
	Setting string
	// Param is the parameter that holds the given values as one list; or they are Values, to be handed over one by one. N is how many there are.
	Param  string
	Values []any
	N      int
	Fold   bool // compare without regard to case
}

// Given are values to find rows by that come from outside of the database.
type Given struct {
	// Where says, for messages, and Name, in the statement, what they are the values of.
	Where, Name string
	Field       Field
	Values      []string
	Fold        bool // compare without regard to case
}

// Keys finds where an entry's values come from, and checks that they can be compared with the field.
func (q *Query) Keys(t Target, f Field, e dataset.Entry) (Keys, error) {
	if e.From != nil && q.Here(e.From.Address) && !q.StoodIn(*e.From) {
		return q.found(t, f, e)
	}
	g := Given{Where: t.Where(e.Path), Name: fmt.Sprintf("%s %q %s %s", t.Step.Address, e.Path, e.Identity, e.RequestField), Field: f,
		Fold: e.Identity == "email" && !q.ExactEmail}
	switch {
	case e.From != nil:
		values, err := q.handed(g.Where, *e.From)
		if err != nil {
			return Keys{}, err
		}
		g.Name, g.Values = g.Name+e.From.String(), values
	case q.Selection.Bound:
	case e.Identity != "":
		g.Values = q.Selection.Subject.Identities[e.Identity]
	default:
		g.Values = q.Selection.Subject.Request[e.RequestField]
	}
	k, err := q.Dialect.Given(q, g)
	if err == nil && k.N == 0 && e.From == nil && !q.Selection.Bound {
		err = SelectionFault(g.Where, "the plan finds rows by "+e.Identity+e.RequestField+" and no value was given", "give a value or make the plan without it")
	}
	return k, err
}

// handed looks up the values that another system handed over.
func (q *Query) handed(where string, from dataset.FieldAddress) ([]string, error) {
	i := slices.IndexFunc(q.Selection.Keys, func(k connectors.KeySet) bool { return k.Field.String() == from.String() })
	if i < 0 {
		return nil, SelectionFault(where, "the values of "+from.String()+", in another system, were not handed over", "collect that system first and pass its keys on")
	}
	if n := len(q.Selection.Keys[i].Values); n > q.KeyLimit {
		return nil, tooManyKeys(from, q.KeyLimit)
	}
	return q.Selection.Keys[i].Values, nil
}

// tooManyKeys is the error for a reference that carries more values than the limit.
func tooManyKeys(from dataset.FieldAddress, limit int) error {
	return &connectors.Error{Code: connectors.ErrTooManyKeys, Where: from.String(),
		What: fmt.Sprintf("one person's rows have more than %d different values here, which other systems are searched by", limit),
		Do:   "reverse the reference's direction, or raise the key limit"}
}

// Usable drops empty values and reads the others, which have to be such as a column of the class can hold. The error doesn't quote them.
func Usable[V any](g Given, read func(Class, string) (V, bool)) ([]V, error) {
	class := g.Field.Single().Class
	out := make([]V, 0, len(g.Values))
	for _, text := range g.Values {
		switch {
		case text == "":
			continue
		case strings.ContainsRune(text, 0):
			return nil, SelectionFault(g.Where, "a value to find rows by holds a zero character", "give it without")
		case !utf8.ValidString(text):
			return nil, SelectionFault(g.Where, "a value to find rows by is no text", "give it as UTF-8")
		}
		v, fits := read(class, text)
		if !fits {
			return nil, &connectors.Error{Code: connectors.ErrType, Where: g.Where, What: fmt.Sprintf("the column is of the type %s and a value to find rows by is not", class),
				Do: "correct the annotation: the identity or reference belongs to another column"}
		}
		out = append(out, v)
	}
	return out, nil
}

// found makes the common table expression with a field's values in the rows found so far, once per field.
func (q *Query) found(t Target, f Field, e dataset.Entry) (Keys, error) {
	from := *e.From
	source, err := q.Target(from.Address)
	if err != nil {
		return Keys{}, err
	}
	if q.place[from.Address] >= q.place[t.Step.Address] {
		return Keys{}, SelectionFault(t.Where(e.Path), "the plan finds it from "+from.Address.String()+", which comes later", "make the plan again")
	}
	sf, err := source.Field(from.Path)
	if err != nil {
		return Keys{}, err
	}
	here, there := f.Single(), sf.Single()
	if !q.Dialect.Comparable(here.Class, there.Class) || here.Class == ClassOther && here.Type != there.Type {
		return Keys{}, &connectors.Error{Code: connectors.ErrType, Where: t.Where(e.Path),
			What: fmt.Sprintf("it is %s and %s, which it refers to, is %s", here.Type, from, there.Type),
			Do:   "give both columns the same type, or read one through a view that casts"}
	}
	k := Keys{Class: there.Class, Type: there.Type}
	if setting, settled := q.Settled[from.String()]; settled && len(q.without) == 0 {
		k.Setting = setting
		return k, nil
	}
	// A field's values differ with what doesn't count at the moment.
	k.CTE, err = q.Once(fmt.Sprintf("%q%q", from, q.without), func() (string, error) { return q.Distinct(source, sf) })
	return k, err
}

// Distinct selects a field's distinct values in the person's rows, as keys hold them. Of an array by which rows are found only the matching
// elements count, unless it returns all: the other elements may be other people's.
func (q *Query) Distinct(t Target, f Field) (string, error) {
	cond, err := q.Where(t)
	if err != nil {
		return "", err
	}
	if !f.Many() {
		return q.selected(t, f, cond), nil
	}
	only, err := q.Elements(t, f)
	return q.selected(t, f, cond+only), err
}

// selected selects a field's distinct values in rows that a condition finds, as keys hold them.
func (q *Query) selected(t Target, f Field, cond string) string {
	from, value := q.Values(t, f)
	return fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s AND %s IS NOT NULL", q.Dialect.Keyed(f.Single(), value), from, cond, value)
}
