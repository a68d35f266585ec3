package postgres

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// keys is a set of values to match: a text-array parameter, or a common table expression with one column v.
type keys struct {
	class class
	typ   string
	param string
	cte   string
	// setting is a setting of the session that holds the values: see settle.
	setting string
	fold    bool // compare without regard to case
	n       int  // how many values the parameter has
}

// keys finds where an entry's values come from, and checks that they can be compared with the field.
func (q *query) keys(t target, f field, e dataset.Entry) (keys, error) {
	where := t.step.Address.String() + "." + strings.Join(e.Path, ".")
	class, _ := f.scalar()
	var values []string
	switch {
	case e.From != nil && q.here(e.From.Address) && !q.stoodIn(*e.From):
		return q.found(t, where, f, *e.From)
	case e.From != nil:
		set, err := q.handed(where, *e.From)
		if err != nil {
			return keys{}, err
		}
		values = set
	case e.Identity != "":
		values = q.sel.Subject.Identities[e.Identity]
	default:
		values = q.sel.Subject.Request[e.RequestField]
	}
	values, err := usable(where, class, values)
	if err != nil {
		return keys{}, err
	}
	if len(values) == 0 && e.From == nil {
		return keys{}, selectionFault(where, "the plan finds rows by "+e.Identity+e.RequestField+" and no value was given", "give a value or make the plan without it")
	}
	return keys{class: class, param: q.arg(values), n: len(values), fold: e.Identity == "email" && !q.cfg.ExactEmail}, nil
}

// handed looks up the values that another system handed over.
func (q *query) handed(where string, from dataset.FieldAddress) ([]string, error) {
	i := slices.IndexFunc(q.sel.Keys, func(k connectors.KeySet) bool { return k.Field.String() == from.String() })
	if i < 0 {
		return nil, selectionFault(where, "the values of "+from.String()+", in another system, were not handed over", "collect that system first and pass its keys on")
	}
	if n := len(q.sel.Keys[i].Values); n > q.cfg.KeyLimit {
		return nil, tooManyKeys(from, q.cfg.KeyLimit)
	}
	return q.sel.Keys[i].Values, nil
}

// tooManyKeys is the error for a reference that carries more values than the limit.
func tooManyKeys(from dataset.FieldAddress, limit int) error {
	return &connectors.Error{Code: connectors.ErrTooManyKeys, Where: from.String(),
		What: fmt.Sprintf("one person's rows have more than %d different values here, which other systems are searched by", limit),
		Do:   "reverse the reference's direction, or raise the key limit"}
}

// usable drops empty values and refuses those that a column of the class can't hold. The error doesn't quote them.
func usable(where string, c class, values []string) ([]string, error) {
	out := make([]string, 0, len(values))
	for _, v := range values {
		_, err := strconv.ParseInt(v, 10, 64)
		switch {
		case v == "":
		case strings.ContainsRune(v, 0):
			return nil, selectionFault(where, "a value to find rows by holds a zero character", "give it without")
		case c == classInt && err != nil:
			return nil, &connectors.Error{Code: connectors.ErrType, Where: where, What: "the column is an integer and a value to find rows by is not",
				Do: "correct the annotation: the identity or reference belongs to another column"}
		default:
			out = append(out, v)
		}
	}
	return out, nil
}

// found makes the common table expression with a field's values in the rows found so far, once per field.
func (q *query) found(t target, where string, f field, from dataset.FieldAddress) (keys, error) {
	source, err := q.target(from.Address)
	if err != nil {
		return keys{}, err
	}
	if q.place[from.Address] >= q.place[t.step.Address] {
		return keys{}, selectionFault(where, "the plan finds it from "+from.Address.String()+", which comes later", "make the plan again")
	}
	sf, err := source.field(from.Path)
	if err != nil {
		return keys{}, err
	}
	class, typ := f.scalar()
	sourceClass, sourceType := sf.scalar()
	if !class.comparable(sourceClass) || class == classOther && typ != sourceType {
		return keys{}, &connectors.Error{Code: connectors.ErrType, Where: where,
			What: fmt.Sprintf("it is %s and %s, which it refers to, is %s", typ, from, sourceType),
			Do:   "give both columns the same type, or read one through a view that casts"}
	}
	if setting, settled := q.settled[from.String()]; settled && len(q.without) == 0 {
		return keys{class: sourceClass, typ: sourceType, setting: setting}, nil
	}
	name, made := q.cteOf[q.cteKey(from)]
	if !made {
		if name, err = q.cte(source, sf, from); err != nil {
			return keys{}, err
		}
	}
	return keys{class: sourceClass, typ: sourceType, cte: name}, nil
}

// cte writes the common table expression of a source field.
func (q *query) cte(source target, f field, from dataset.FieldAddress) (string, error) {
	body, err := q.distinct(source, f)
	if err != nil {
		return "", err
	}
	name := q.name(body)
	q.cteOf[q.cteKey(from)] = name
	return name, nil
}

// cteKey is what a common table expression is kept under: a field's values differ with what doesn't count at the moment.
func (q *query) cteKey(from dataset.FieldAddress) string { return fmt.Sprintf("%q%q", from, q.without) }

// distinct selects a field's distinct values in the person's rows. Of an array by which rows are found only the matching
// elements count, unless it returns all: the other elements may be other people's.
func (q *query) distinct(source target, f field) (string, error) {
	cond, err := q.where(source)
	if err != nil {
		return "", err
	}
	from, value := q.values(source, f)
	if value != f.expr() {
		only, err := q.elements(source, f)
		if err != nil {
			return "", err
		}
		cond += only
	}
	return fmt.Sprintf("SELECT DISTINCT %s FROM %s WHERE %s AND %s IS NOT NULL", value, from, cond, value), nil
}

// values writes a FROM clause and an expression for the single values in a field: of an array the elements, of a document the members.
func (q *query) values(source target, f field) (from, value string) {
	switch from, value = source.from(), f.expr(); {
	case f.inside():
		return from + ", " + q.members(f), "u.v #>> '{}'"
	case f.col.class == classArray:
		return from + ", unnest(" + value + ") AS u(v)", "u.v"
	}
	return from, value
}

// elements narrows u.v, the elements of an array, to those that match; it is empty when all are wanted.
func (q *query) elements(t target, f field) (string, error) {
	array := f.col.class == classArray || f.array
	if !array || f.decl.ReturnAllElements {
		return "", nil
	}
	value, class, typ := "u.v", f.col.element, f.col.elemType
	if f.inside() {
		value, class, typ = "u.v #>> '{}'", classMember, "text"
	}
	var any []string
	for _, e := range t.step.FoundBy {
		if !slices.Equal(e.Path, f.path) {
			continue
		}
		k, err := q.keys(t, f, e)
		if err != nil {
			return "", err
		}
		any = append(any, q.match(value, class, typ, k))
	}
	if len(any) == 0 {
		return "", nil
	}
	return " AND (" + strings.Join(any, " OR ") + ")", nil
}

// scalar is the class and type of the single values in a field: of a column, of an array's elements, of a document's members.
func (f field) scalar() (class, string) {
	switch {
	case f.inside():
		return classMember, "text"
	case f.col.class == classArray:
		return f.col.element, f.col.elemType
	default:
		return f.col.class, f.col.typ
	}
}

// members unnests the values at a field's path inside its document, as u(v). Lax paths see through arrays on the way.
func (q *query) members(f field) string {
	return fmt.Sprintf("jsonb_path_query(to_jsonb(%s), %s::text::jsonpath) AS u(v)", f.expr(), q.arg(jsonPath(f.path[1:])))
}

// foldedOneByOne is up to how many values are written one by one when case doesn't count, so that the server knows them when it chooses
// between an index and reading the table.
const foldedOneByOne = 16

// match writes "value is among the keys", casting so that nothing is compared as text that is a number, and indexes stay usable.
func (q *query) match(value string, c class, typ string, k keys) string {
	if k.fold && (c == classText || c == classMember) {
		return k.folded(value)
	}
	plain := func(typ string) bool { return typ == "text" || typ == "character varying" }
	asText := c == classMember || c == classText && !plain(typ) || k.class == classMember
	byText := asText || c == classText && !plain(k.typ) // the found values have a type of their own
	switch {
	case k.param != "" && asText:
		return fmt.Sprintf("(%s)::text = ANY(%s::text[])", value, k.param)
	case k.param != "":
		return fmt.Sprintf("%s = ANY(%s::text[]::%s[])", value, k.param, typ)
	case k.setting != "" && byText:
		return fmt.Sprintf("(%s)::text = ANY((SELECT pg_catalog.current_setting('%s')::text[])::text[])", value, k.setting)
	case k.setting != "":
		return fmt.Sprintf("%s = ANY((SELECT pg_catalog.current_setting('%s')::text[]::%s[])::%s[])", value, k.setting, k.typ, k.typ)
	case byText:
		return fmt.Sprintf("(%s)::text IN (SELECT v::text FROM %s)", value, k.cte)
	default:
		return fmt.Sprintf("%s IN (SELECT v FROM %s)", value, k.cte)
	}
}

// folded writes "value is among the keys" without regard to case.
func (k keys) folded(value string) string {
	if k.n == 0 || k.n > foldedOneByOne {
		return fmt.Sprintf("lower((%s)::text) = ANY(ARRAY(SELECT lower(x) FROM unnest(%s::text[]) AS x))", value, k.param)
	}
	each := make([]string, k.n)
	for i := range each {
		each[i] = fmt.Sprintf("lower((%s::text[])[%d])", k.param, i+1)
	}
	return fmt.Sprintf("lower((%s)::text) = ANY(ARRAY[%s])", value, strings.Join(each, ", "))
}
