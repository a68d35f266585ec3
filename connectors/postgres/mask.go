package postgres

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
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
		f, err := t.maskable(m)
		if err != nil {
			return nil, err
		}
		mf := masked{Mask: m, field: f, target: t}
		if f.inside() && !(len(f.path) == 1 && (m.Treatment == erasure.Null || m.Treatment == erasure.Fixed) && !m.Elements) {
			if nested[f.col.name] == nil {
				out = append(out, change{column: f.col.name})
			}
			nested[f.col.name] = append(nested[f.col.name], mf)
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

// masked is a mask with the field that it treats.
type masked struct {
	erasure.Mask
	field
	target target
}

// refuse is the error for a treatment that the field's type doesn't take.
func (m masked) refuse(what, do string) error {
	return &connectors.Error{Code: connectors.ErrType, Where: m.target.step.Address.String() + "." + strings.Join(m.Path, "."), What: what, Do: do}
}

// cannot is the error for a treatment that there is no sense in for a type.
func (m masked) cannot() error {
	return m.refuse(fmt.Sprintf("the treatment %s can't be done to the type %s", m.Treatment, m.col.typ), "treat it with null or fixed, or delete the rows")
}

// column writes what a mask does to a whole column.
func (q *query) column(m masked) (change, error) {
	c := change{column: pgx.Identifier{m.col.name}.Sanitize()}
	x := m.expr()
	if m.Elements {
		return q.withoutElements(m, c)
	}
	switch {
	case m.Treatment == erasure.Null:
		c.set, c.needs = plain("NULL"), x+" IS NOT NULL"
	case m.Treatment == erasure.Fixed:
		fixed := q.arg(m.Value) + "::text::" + m.col.full
		// As texts: some types have no equality, and some, as numbers with more or fewer zeros, call values equal that are written differently.
		c.set, c.needs = plain(fmt.Sprintf("CASE WHEN %s IS NOT NULL THEN %s END", x, fixed)), fmt.Sprintf("%s::text <> (%s)::text", x, fixed)
	case m.col.class == classArray:
		return q.array(m, c)
	default:
		v, err := q.scalarMask(m, x, m.col.class)
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

// treated is a treatment of a single value: what it becomes, and whether it has become that already. Done is never null where the value isn't.
type treated struct {
	set  func() string
	done string
	// pure is a set that does nothing to a value that is done, so that done needn't be asked before.
	pure bool
}

// scalarMask writes a treatment of a single value of a class.
func (q *query) scalarMask(m masked, x string, c class) (treated, error) {
	switch {
	case m.Treatment.Token():
		return q.tokenMask(m, x, c)
	case m.Treatment == erasure.Shape:
		return shape(m, x, c)
	case m.Treatment == erasure.Generalise:
		return generalise(m, x, c)
	default:
		return treated{}, m.refuse(fmt.Sprintf("the treatment %q is not known", m.Treatment), "make the order again")
	}
}

// tokenMask writes a token in place of a value. A uuid is itself 32 digits, and bytes take a token's.
func (q *query) tokenMask(m masked, x string, c class) (treated, error) {
	length := connectors.TokenLength(m.Mask) + utf8.RuneCountInString(m.Suffix)
	if limit := m.col.length; limit > 0 && length > limit && c == classText {
		return treated{}, m.refuse(fmt.Sprintf("a token would have %d characters and the column takes %d", length, limit), "give the mask the column's length and a shorter suffix, or treat it with null or fixed")
	}
	switch c {
	case classText:
		text := "(" + x + ")::text"
		return treated{set: func() string { return q.token(m.Mask, "convert_to("+text+", 'UTF8')") }, done: q.isToken(m.Mask, text)}, nil
	case classBytes:
		return treated{set: func() string { return "convert_to(" + q.token(m.Mask, x) + ", 'UTF8')" }, done: q.isToken(m.Mask, "encode("+x+", 'escape')")}, nil
	case classUUID:
		if length != erasure.TokenLength || m.Suffix != "" {
			return treated{}, m.refuse("a uuid takes a whole token and nothing behind it", "leave suffix and length away")
		}
		return treated{set: func() string { return "(" + q.token(m.Mask, "convert_to("+x+"::text, 'UTF8')") + ")::uuid" }, done: q.isToken(m.Mask, "replace("+x+"::text, '-', '')")}, nil
	}
	return treated{}, m.cannot()
}
