package postgres

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// change is what becomes of one column: the expression that it is set to, and the condition under which there is something to do.
// The expression is written when it is asked for: a statement that only looks has no use for its parameters.
type change struct {
	column string
	set    func() string
	needs  string
}

// plain is an expression that is there already.
func plain(expr string) func() string { return func() string { return expr } }

// assignments writes the SET list of an UPDATE.
func assignments(changes []change) string {
	list := make([]string, len(changes))
	for i, c := range changes {
		list[i] = c.column + " = " + c.set()
	}
	return strings.Join(list, ", ")
}

// needs writes the condition under which a row needs one of the changes.
func needs(changes []change) string {
	if len(changes) == 0 {
		return "false"
	}
	list := make([]string, len(changes))
	for i, c := range changes {
		list[i] = "(" + c.needs + ")"
	}
	return "(" + strings.Join(list, " OR ") + ")"
}

// changes writes what masks do to the target's columns. Masks of one document follow each other.
func (q *query) changes(t target, masks []erasure.Mask) ([]change, error) {
	var out []change
	nested := map[string][]masked{}
	for _, m := range masks {
		mf, err := t.Masked(m)
		if err != nil {
			return nil, err
		}
		if name := mf.Field.Col.Name; mf.Field.Inside() && !mf.Whole() {
			if nested[name] == nil {
				out = append(out, change{column: name})
			}
			nested[name] = append(nested[name], mf)
			continue
		}
		c, err := q.column(mf)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	for i := range out {
		if masks := nested[out[i].column]; masks != nil && out[i].set == nil {
			var err error
			if out[i], err = q.document(masks); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// column writes what a mask does to a whole column.
func (q *query) column(m masked) (change, error) {
	c := change{column: relational.Quoted(m.Field.Col.Name)}
	x := m.Field.Expr()
	if m.Elements {
		return q.withoutElements(m, c)
	}
	switch {
	case m.Treatment == erasure.Null:
		c.set, c.needs = plain("NULL"), x+" IS NOT NULL"
		q.narrow(m, x, &c)
	case m.Treatment == erasure.Fixed:
		fixed := q.Arg(m.Value) + "::text::" + m.Field.Col.Full
		// As texts: some types have no equality, and some, as numbers with more or fewer zeros, call values equal that are written differently.
		c.set, c.needs = plain(fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", x, fixed)), fmt.Sprintf("%s::text <> (%s)::text", x, fixed)
	case m.Treatment == erasure.Set:
		value := q.typed(m, m.Value)
		c.set, c.needs = plain(value), fmt.Sprintf("%s::text IS DISTINCT FROM (%s)::text", x, value)
		q.narrow(m, x, &c)
	case m.Field.Col.Class == relational.ClassArray:
		return q.array(m, c)
	default:
		v, err := q.scalarMask(m, x, m.Field.Col.Class)
		if err != nil {
			return c, err
		}
		c.set, c.needs = v.set, fmt.Sprintf("%s IS NOT NULL AND NOT (%s)", x, v.done)
		if !v.pure {
			c.set = func() string {
				return fmt.Sprintf("CASE WHEN %s IS NOT NULL AND NOT (%s) THEN %s ELSE %s END", x, v.done, v.set(), x)
			}
		}
	}
	return c, nil
}

// typed writes a value that an order names in the column's type.
func (q *query) typed(m masked, value string) string {
	return q.Arg(value) + "::text::" + m.Field.Col.Full
}

// narrow keeps a change to the fields that say what is to be written over, or have no value.
func (q *query) narrow(m masked, x string, c *change) {
	switch {
	case m.Only != nil:
		c.needs += fmt.Sprintf(" AND %s::text = (%s)::text", x, q.typed(m, *m.Only))
	case m.Absent:
		c.needs += fmt.Sprintf(" AND %s IS NULL", x)
	default:
		return
	}
	c.set = plain(fmt.Sprintf("CASE WHEN %s THEN %s ELSE %s END", c.needs, c.set(), x))
}

// treated is a treatment of a single value: what it becomes, and whether it has become that already. Done is never null where the value isn't.
type treated struct {
	set  func() string
	done string
	// pure is a set that does nothing to a value that is done, so that done needn't be asked before.
	pure bool
}

// scalarMask writes a treatment of a single value of a class.
func (q *query) scalarMask(m masked, x string, c relational.Class) (treated, error) {
	switch {
	case m.Treatment.Token():
		return q.tokenMask(m, x, c)
	case m.Treatment == erasure.Shape:
		return shape(m, x, c)
	case m.Treatment == erasure.Generalise:
		return generalise(m, x, c)
	default:
		return treated{}, m.Unknown()
	}
}

// tokenMask writes a token in place of a value. A uuid is itself 32 digits, and bytes take a token's.
func (q *query) tokenMask(m masked, x string, c relational.Class) (treated, error) {
	length := connectors.TokenLength(m.Mask) + utf8.RuneCountInString(m.Suffix)
	if limit := m.Field.Col.Length; limit > 0 && length > limit && c == relational.ClassText {
		return treated{}, m.Refuse(fmt.Sprintf("a token would have %d characters and the column takes %d", length, limit), "give the mask the column's length and a shorter suffix, or treat it with null or fixed")
	}
	switch c {
	case relational.ClassText:
		text := "(" + x + ")::text"
		return treated{set: func() string { return q.token(m.Mask, "convert_to("+text+", 'UTF8')") }, done: q.isToken(m.Mask, text)}, nil
	case relational.ClassBytes:
		return treated{set: func() string { return "convert_to(" + q.token(m.Mask, x) + ", 'UTF8')" }, done: q.isToken(m.Mask, "encode("+x+", 'escape')")}, nil
	case relational.ClassUUID:
		if length != erasure.TokenLength || m.Suffix != "" {
			return treated{}, m.Refuse("a uuid takes a whole token and nothing behind it", "leave suffix and length away")
		}
		return treated{set: func() string { return "(" + q.token(m.Mask, "convert_to("+x+"::text, 'UTF8')") + ")::uuid" }, done: q.isToken(m.Mask, "replace("+x+"::text, '-', '')")}, nil
	}
	return treated{}, m.Cannot()
}
