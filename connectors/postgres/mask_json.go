package postgres

import (
	"encoding/json"
	"fmt"

	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// document writes what masks do to a column that holds documents: each treats one member, wherever it stands on the way through arrays,
// and leaves all others as they are.
func (q *query) document(masks []masked) (change, error) {
	col := masks[0].Field.Col
	c := change{column: relational.Quoted(col.Name)}
	if col.Class != relational.ClassJSON {
		return c, masks[0].Refuse("members of the type "+col.Type+" can't be changed one by one", "treat the whole column with null or fixed, or delete the rows")
	}
	before := fmt.Sprintf("%s::jsonb", masks[0].Field.Expr())
	after := before
	for _, m := range masks {
		leaf, err := q.leaf(m)
		if err != nil {
			return c, err
		}
		if m.Elements {
			if after, err = q.withoutMembers(m, after); err != nil {
				return c, err
			}
			continue
		}
		after = q.within(after, m.Path[1:], leaf, m.Treatment == erasure.Null)
	}
	c.set = plain(fmt.Sprintf("(%s)::%s", after, col.Type))
	c.needs = fmt.Sprintf("%s IS NOT NULL AND (%s) <> %s", masks[0].Field.Expr(), after, before)
	return c, nil
}

// leaf says what becomes of the value at the end of the way; it is given the name of what holds a jsonb that is not SQL's null.
func (q *query) leaf(m masked) (func(d string) string, error) {
	unless := func(d, null, set string) string {
		return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'null' THEN %s ELSE %s END", d, null, set)
	}
	null := func(string) string { return "'null'::jsonb" }
	text := func(d string) string { return d + " #>> '{}'" }
	switch {
	case m.Elements, m.Treatment == erasure.Null:
		return null, nil
	case m.Treatment == erasure.Fixed:
		value, err := m.Literal()
		if err != nil {
			return nil, err
		}
		fixed := q.Arg(value) + "::text::jsonb"
		return func(d string) string { return unless(d, d, fixed) }, nil
	case m.Treatment.Token():
		return func(d string) string {
			y := "(" + text(d) + ")"
			return unless(d, d, fmt.Sprintf("to_jsonb(CASE WHEN jsonb_typeof(%s) = 'string' AND %s THEN %s ELSE %s END)", d, q.isToken(m.Mask, y), y, q.token(m.Mask, "convert_to("+y+", 'UTF8')")))
		}, nil
	case m.Treatment == erasure.Shape:
		return func(d string) string {
			return fmt.Sprintf("CASE jsonb_typeof(%s) WHEN 'string' THEN to_jsonb(%s) WHEN 'number' THEN '0'::jsonb ELSE 'null'::jsonb END", d, shapeText("("+text(d)+")"))
		}, nil
	case m.Treatment == erasure.Generalise:
		return func(d string) string {
			number := fmt.Sprintf("(%s)::numeric", text(d))
			return fmt.Sprintf("CASE jsonb_typeof(%s) WHEN 'string' THEN to_jsonb(%s) WHEN 'number' THEN to_jsonb(trunc(%s - %s %% 10)) ELSE 'null'::jsonb END",
				d, generalText("("+text(d)+")", 0), number, number)
		}, nil
	}
	return nil, m.Cannot()
}

// within writes a document in which the values at the end of a path are others. Arrays on the way are gone through, and at its end too
// unless the whole value is meant.
func (q *query) within(doc string, path []string, leaf func(string) string, whole bool) string {
	s := q.alias()
	d := s + ".d"
	if len(path) == 0 {
		if whole {
			return fmt.Sprintf("(SELECT %s FROM (SELECT %s AS d OFFSET 0) AS %s)", leaf(d), doc, s)
		}
		return fmt.Sprintf("(SELECT %s FROM (SELECT %s AS d OFFSET 0) AS %s)", q.each(d, leaf), doc, s)
	}
	member := func(d string) string {
		name := q.Arg(path[0]) + "::text"
		return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'object' AND %s ? %s THEN jsonb_set(%s, ARRAY[%s], %s) ELSE %s END",
			d, d, name, d, name, q.within(fmt.Sprintf("(%s -> %s)", d, name), path[1:], leaf, whole), d)
	}
	return fmt.Sprintf("(SELECT %s FROM (SELECT %s AS d OFFSET 0) AS %s)", q.each(d, member), doc, s)
}

// each writes what becomes of a value, or of each element when it is an array.
func (q *query) each(d string, do func(string) string) string {
	e := q.alias()
	return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'array' THEN (SELECT coalesce(jsonb_agg(%s ORDER BY %s.o), '[]') FROM jsonb_array_elements(CASE WHEN jsonb_typeof(%s) = 'array' THEN %s END) WITH ORDINALITY AS %s(v, o)) ELSE %s END",
		d, do(e+".v"), e, d, d, e, do(d))
}

// withoutMembers takes those elements out of an array inside a document by which the row was found: the innermost array around what was found.
func (q *query) withoutMembers(m masked, doc string) (string, error) {
	entries := m.Entries()
	if len(entries) == 0 {
		return "", m.NoEntry()
	}
	for _, e := range entries {
		depth := m.Target.Innermost(e.Path)
		if depth < 0 {
			return "", m.NoArray("declare the array's data_type with []")
		}
		f, err := m.Target.Field(e.Path)
		if err != nil {
			return "", err
		}
		k, err := q.Keys(m.Target, f, e)
		if err != nil {
			return "", err
		}
		found := q.Dialect.Match(q.Query, member, f.Single(), k)
		rest := q.Arg(jsonPath(e.Path[depth+1:]))
		has := func(d string) string {
			return fmt.Sprintf("EXISTS (SELECT FROM jsonb_path_query(%s, %s::text::jsonpath) AS u(v) WHERE %s)", d, rest, found)
		}
		leaf := func(d string) string {
			a := q.alias()
			return fmt.Sprintf("CASE WHEN jsonb_typeof(%s) = 'array' THEN (SELECT coalesce(jsonb_agg(%s.v ORDER BY %s.o) FILTER (WHERE NOT %s), '[]') FROM jsonb_array_elements(CASE WHEN jsonb_typeof(%s) = 'array' THEN %s END) WITH ORDINALITY AS %s(v, o)) WHEN %s THEN 'null'::jsonb ELSE %s END",
				d, a, a, has(a+".v"), d, d, a, has(d), d)
		}
		doc = q.within(doc, e.Path[1:depth+1], leaf, true)
	}
	return doc, nil
}

// jsonPath writes a path through a document, in which arrays on the way and at the end are gone through.
func jsonPath(path []string) string {
	out := "lax $"
	for _, name := range path {
		quoted, _ := json.Marshal(name) // a string always marshals
		out += "." + string(quoted)
	}
	return out + "[*]"
}
