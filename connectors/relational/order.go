package relational

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Sound looks whether an order makes sense by the annotation and the catalogue.
func (w *Walk) Sound(o *erasure.Order) error {
	t, err := w.Target(o.Address)
	if err != nil {
		return err
	}
	switch {
	case o.Delete && len(o.Masks) > 0:
		return SelectionFault(t.Where(nil), "its rows are to be deleted and masked", "order one of the two")
	case slices.ContainsFunc(o.Parts, func(m erasure.Mask) bool { return !m.Elements }):
		return SelectionFault(t.Where(nil), "a part of somebody else's row can only be taken out of its array", "set elements")
	case len(o.Trim) > 0 && o.Days == nil:
		return SelectionFault(t.Where(nil), "the rows that stay are to be trimmed, and no days say which stay", "give the days, or leave trim away")
	case slices.ContainsFunc(slices.Concat(o.Masks, o.Trim), func(m erasure.Mask) bool { return o.Days.Decides(m.Path) }):
		return SelectionFault(t.Where(o.Days.Field), "the days in it decide which rows are erased, and it is to be masked itself", "leave it as it is, or delete the rows")
	}
	if t.Table.Derived && (o.Delete || len(o.Masks)+len(o.Parts) > 0) {
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: t.Where(nil), What: "it is a materialised view, which can't be changed", Do: "erase in the tables that it is made of and refresh it"}
	}
	for _, m := range slices.Concat(o.Masks, o.Trim, o.Parts) {
		masked, err := t.Masked(m)
		if err != nil {
			return err
		}
		if err := masked.sound(o); err != nil {
			return err
		}
	}
	return nil
}

// overlap reports whether one path leads through the other.
func overlap(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// Masked is a mask with the field that it treats.
type Masked struct {
	erasure.Mask
	Field  Field
	Target Target
}

// Masked looks up a mask's field, which must be one that can be written.
func (t Target) Masked(m erasure.Mask) (Masked, error) {
	if len(m.Path) == 0 {
		return Masked{}, SelectionFault(t.Where(nil), "a mask names no field", "make the order again")
	}
	f, err := t.Field(m.Path)
	if err != nil {
		return Masked{}, err
	}
	masked := Masked{Mask: m, Field: f, Target: t}
	for i := range m.Path {
		if around, _ := t.Collection.At(m.Path[:i+1]); around.ReadOnly {
			return Masked{}, &connectors.Error{Code: connectors.ErrReadOnly, Where: t.Where(m.Path), What: "the annotation says that it is never written", Do: "leave it out of the order, or take read_only away"}
		}
	}
	if f.Col.Generated {
		return Masked{}, masked.Refuse("the server computes the column", "mask the columns that it is computed from")
	}
	if f.Col.Required && m.Treatment == erasure.Null && !m.Elements && len(m.Path) == 1 {
		return Masked{}, masked.Refuse("the column has to have a value", "treat it with something else than null")
	}
	return masked, nil
}

// sound looks at one mask of an order.
func (m Masked) sound(o *erasure.Order) error {
	for _, list := range [][]erasure.Mask{o.Masks, o.Trim, o.Parts} {
		n := 0
		for _, other := range list {
			if overlap(other.Path, m.Path) {
				n++
			}
		}
		if n > 1 {
			return SelectionFault(m.Target.Where(m.Path), "it is masked twice", "order one mask for it")
		}
	}
	if connectors.HoldsZero(m.Mask) {
		return m.Refuse("a value of the mask holds a zero character", "give it without")
	}
	if limit, n := m.Field.Col.Length, utf8.RuneCountInString(m.Value); m.Writes() && len(m.Path) == 1 && limit > 0 && n > limit {
		return m.Refuse(fmt.Sprintf("the fixed value has %d characters and the column takes %d", n, limit), "give a shorter one")
	}
	return nil
}

// Writes reports whether the mask gives a field a value that it names.
func (m Masked) Writes() bool { return m.Treatment == erasure.Fixed || m.Treatment == erasure.Set }

// Whole reports whether the mask gives a whole column another value, whatever was in it.
func (m Masked) Whole() bool {
	return len(m.Path) == 1 && (m.Treatment == erasure.Null || m.Writes()) && !m.Elements
}

// Entries are those ways into the collection that go by the masked field or by something inside it.
func (m Masked) Entries() []dataset.Entry {
	var out []dataset.Entry
	for _, e := range m.Target.Step.FoundBy {
		if len(e.Path) >= len(m.Path) && slices.Equal(e.Path[:len(m.Path)], m.Path) {
			out = append(out, e)
		}
	}
	return out
}

// Refuse is the error for a treatment that the field's type doesn't take.
func (m Masked) Refuse(what, do string) error {
	return &connectors.Error{Code: connectors.ErrType, Where: m.Target.Where(m.Path), What: what, Do: do}
}

// Cannot is the error for a treatment that there is no sense in for a type.
func (m Masked) Cannot() error {
	return m.Refuse(fmt.Sprintf("the treatment %s can't be done to the type %s", m.Treatment, m.Field.Col.Type), "treat it with null or fixed, or delete the rows")
}

// Unknown is the error for a treatment that there isn't.
func (m Masked) Unknown() error {
	return m.Refuse(fmt.Sprintf("the treatment %q is not known", m.Treatment), "make the order again")
}

// NoArray is the error for taking elements out of what isn't an array, or of which nothing is known to be one.
func (m Masked) NoArray(do string) error {
	return m.Refuse("it is no array, and single elements are to be taken out of it", do)
}

// NoEntry is the error for taking elements out of an array by which no rows are found.
func (m Masked) NoEntry() error {
	return SelectionFault(m.Target.Where(m.Path), "elements are to be taken out of it, and no rows are found by them", "make the order again")
}

// Literal is the fixed value as JSON, of the member's declared type.
func (m Masked) Literal() (string, error) {
	switch base := m.Field.Decl.Type.Base; base {
	case dataset.Integer, dataset.Float, dataset.Boolean:
		var v any
		err := json.Unmarshal([]byte(m.Value), &v)
		switch v.(type) {
		case float64, bool:
			if err == nil {
				return strings.TrimSpace(m.Value), nil
			}
		}
		return "", m.Refuse("the fixed value is no "+base, "give one that is, or correct data_type")
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(m.Value) // a string always marshals
	return strings.TrimSpace(b.String()), nil
}

// Innermost is the place in a path of the last array that is declared; -1 when there is none.
func (t Target) Innermost(path []string) int {
	for i := len(path) - 1; i >= 0; i-- {
		if f, _ := t.Collection.At(path[:i+1]); f != nil && f.Type.Array {
			return i
		}
	}
	return -1
}
