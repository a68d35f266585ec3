package relational

import (
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Query builds one SQL statement. Names reach it quoted and qualified, values as parameters only.
type Query struct {
	*Walk
	args []any
	ctes []string
	// cteOf names the common table expression that holds a field's values.
	cteOf map[string]string
	// made names those that were written, by what they say: MariaDB takes 64 of them and no more.
	made map[string]string
	// without are collections whose own rows are being told apart at the moment: what would follow from them doesn't count meanwhile.
	without []dataset.Address
	asked   int
}

// Query starts an empty statement.
func (w *Walk) Query() *Query {
	return &Query{Walk: w, cteOf: map[string]string{}, made: map[string]string{}}
}

// Arg adds a parameter.
func (q *Query) Arg(v any) string {
	q.args = append(q.args, v)
	return q.Dialect.Param(len(q.args))
}

// Whole puts the common table expressions before a statement, and gives it with its parameters.
func (q *Query) Whole(statement string) (string, []any) {
	if len(q.ctes) > 0 {
		statement = "WITH " + strings.Join(q.ctes, ", ") + " " + statement
	}
	return q.Dialect.Placed(statement, q.args)
}

// Added adds a common table expression with one column v, unless there is one that says the same with the same values.
func (q *Query) Added(body string) string {
	says := q.says(body)
	if name, there := q.made[says]; there {
		return name
	}
	name := fmt.Sprintf("k%d", len(q.ctes)+1)
	q.made[says] = name
	q.ctes = append(q.ctes, q.Dialect.CTE(name, body))
	return name
}

// says is a text with its values told by where they stood first: two texts that mean the same are the same.
func (q *Query) says(body string) string {
	text, args := q.Dialect.Placed(body, q.args)
	if text == body { // the values stand in it by number
		return body
	}
	for _, arg := range args {
		first := slices.IndexFunc(q.args, func(other any) bool {
			a, text := arg.(string)
			b, too := other.(string)
			return text && too && a == b
		})
		if first < 0 {
			return body
		}
		text += fmt.Sprintf(" %d", first)
	}
	return text
}

// Once adds a common table expression that is found again by what it is kept under.
func (q *Query) Once(under string, body func() (string, error)) (string, error) {
	if name, made := q.cteOf[under]; made {
		return name, nil
	}
	written, err := body()
	if err != nil {
		return "", err
	}
	q.cteOf[under] = q.Added(written)
	return q.cteOf[under], nil
}

// Where writes the condition under which a row of the target is found: any of its entries matches. Where rows are told apart by
// whose they are, it has to be the person's own.
func (q *Query) Where(t Target) (string, error) {
	if len(t.Step.FoundBy) == 0 {
		return "", SelectionFault(t.Where(nil), "the plan has no field to find its rows by", "make the plan again")
	}
	if q.owning != nil {
		return q.Owned(t)
	}
	conds, err := q.conditions(t, func(dataset.Entry) bool { return true })
	return q.anyOf(t, conds), err
}

// Belonging writes the condition under which a row is found by an entry with this belonging; nothing when there is none such.
func (q *Query) Belonging(t Target, b dataset.Belonging) (string, error) {
	conds, err := q.conditions(t, func(e dataset.Entry) bool { return q.belonging(t.Step.Address, e) == b })
	if err != nil || len(conds) == 0 {
		return "", err
	}
	return q.anyOf(t, conds), nil
}

// conditions writes the conditions of those entries of the target that are wanted.
func (q *Query) conditions(t Target, wanted func(dataset.Entry) bool) ([]string, error) {
	var conds []string
	for _, e := range t.Step.FoundBy {
		if !wanted(e) {
			continue
		}
		cond, err := q.entry(t, e)
		if err != nil {
			return nil, err
		}
		conds = append(conds, cond)
	}
	return conds, nil
}

// anyOf joins conditions on rows of the target, of which one has to hold.
func (q *Query) anyOf(t Target, conds []string) string {
	key := t.Key()
	switch {
	case len(conds) == 0:
		return "FALSE"
	case len(conds) == 1 || len(key) == 0:
		return "(" + strings.Join(conds, " OR ") + ")"
	}
	// A disjunction would read the whole table; by the key, each condition can use its own index.
	branches := make([]string, len(conds))
	for i, cond := range conds {
		branches[i] = fmt.Sprintf("SELECT %s FROM %s WHERE %s", ColumnList(key), t.From(), cond)
	}
	return q.Dialect.AnyOf(key, branches)
}

// entry writes one entry's condition.
func (q *Query) entry(t Target, e dataset.Entry) (string, error) {
	f, err := t.Field(e.Path)
	if err != nil {
		return "", err
	}
	k, err := q.Keys(t, f, e)
	if err != nil {
		return "", err
	}
	return q.Holds(f, k), nil
}

// Holds writes the condition under which a field has one of the keys.
func (q *Query) Holds(f Field, k Keys) string {
	if f.Many() {
		return fmt.Sprintf("EXISTS (SELECT 1 FROM %s WHERE %s)", q.Dialect.Unnest(q, f), q.Dialect.Match(q, q.Dialect.Element(f), f.Single(), k))
	}
	return q.Dialect.Match(q, f.Expr(), f.Col, k)
}

// Values writes a FROM clause and an expression for the single values in a field.
func (q *Query) Values(t Target, f Field) (from, value string) {
	if f.Many() {
		return t.From() + " CROSS JOIN " + q.Dialect.Unnest(q, f), q.Dialect.Element(f)
	}
	return t.From(), f.Expr()
}

// Elements narrows the unnested values of a field to those by which the row was found; it is empty when all are wanted.
func (q *Query) Elements(t Target, f Field) (string, error) {
	if f.Col.Class != ClassArray && !f.Array || f.Decl.ReturnAllElements {
		return "", nil
	}
	var any []string
	for _, e := range t.Step.FoundBy {
		if !slices.Equal(e.Path, f.Path) {
			continue
		}
		k, err := q.Keys(t, f, e)
		if err != nil {
			return "", err
		}
		any = append(any, q.Dialect.Match(q, q.Dialect.Element(f), f.Single(), k))
	}
	if len(any) == 0 {
		return "", nil
	}
	return " AND (" + strings.Join(any, " OR ") + ")", nil
}
