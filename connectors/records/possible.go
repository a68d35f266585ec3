package records

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// masked is a mask on its field.
type masked struct {
	erasure.Mask
	field *Field
}

// errand readies a walk for an errand, and looks whether all of it can be carried out before anything is changed.
func (c *Reader) errand(ctx context.Context, e connectors.Errand) (*walk, error) {
	tokens, err := connectors.NewTokens(e.Secret)
	if err != nil {
		return nil, selectionFault("", err.Error(), "give the case's own secret")
	}
	sel := e.Selection
	sel.Own, sel.Only = true, nil
	w := c.newWalk(sel)
	w.tokens, w.roots = tokens, e.Roots
	for i := range e.Orders {
		if e.Orders[i].Claimed {
			w.claimed[e.Orders[i].Address] = true
		}
	}
	for i := range e.Orders {
		if err := w.possible(ctx, &e.Orders[i]); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// possible looks whether an order makes sense by the annotation and can be done by the system's document.
func (w *walk) possible(ctx context.Context, o *erasure.Order) error {
	t, err := w.step(o.Address)
	if err != nil {
		return err
	}
	where := o.Address.String()
	switch {
	case o.Delete && len(o.Masks) > 0:
		return selectionFault(where, "its rows are to be deleted and masked", "order one of the two")
	case slices.ContainsFunc(o.Parts, func(m erasure.Mask) bool { return !m.Elements }):
		return selectionFault(where, "a part of somebody else's row can only be taken out of its array", "set elements")
	case len(o.Trim) > 0 && o.Days == nil:
		return selectionFault(where, "the rows that stay are to be trimmed, and no days say which stay", "give the days, or leave trim away")
	case slices.ContainsFunc(slices.Concat(o.Masks, o.Trim), func(m erasure.Mask) bool { return o.Days.Decides(m.Path) }):
		return selectionFault(where+"."+strings.Join(o.Days.Field, "."), "the days in it decide which rows are erased, and it is to be masked itself", "leave it as it is, or delete the rows")
	}
	if o.Days != nil {
		if err := w.datable(t, o.Days); err != nil {
			return err
		}
	}
	for _, list := range [][]erasure.Mask{o.Masks, o.Trim, o.Parts} {
		for _, m := range list {
			if err := w.sound(t, m, list); err != nil {
				return err
			}
		}
	}
	return w.able(ctx, t, o)
}

// able looks whether the system's document has the requests that an order needs.
func (w *walk) able(ctx context.Context, t *Table, o *erasure.Order) error {
	where := o.Address.String()
	switch {
	case o.Delete && !t.Form.Deletes:
		return documentFault(where, "its rows are to be deleted, and the system's document has no request that does", "add delete, or have the declaration mask the rows")
	case o.Delete && t.Form.DeletesBy != nil && o.Days != nil:
		return documentFault(where, "some of its rows are to stay, and the service deletes all of a person's at once", "have delete go to one row, or keep the collection with a reason")
	case o.Delete && slices.ContainsFunc(t.Step.FoundBy, func(e dataset.Entry) bool {
		return t.Form.DeletesBy != nil && e.Belonging == dataset.Own && !slices.Equal(e.Path, t.Form.DeletesBy)
	}):
		return documentFault(where, "its rows are found by other fields too than the one that they are deleted by", "have delete go to one row")
	case len(o.Masks)+len(o.Trim)+len(o.Parts) > 0 && !t.Form.Changes:
		return documentFault(where, "its fields are to be masked, and the system's document has no request that does", "add update, or have the declaration delete the rows")
	}
	for _, m := range slices.Concat(o.Masks, o.Trim) {
		for i := range t.Step.FoundBy {
			if slices.Equal(t.Step.FoundBy[i].Path, m.Path) && !w.findable(t) {
				return documentFault(where+"."+strings.Join(m.Path, "."), "its rows are found by this field, and could not be found again once it is masked", "add a read by the primary key, or one with all: true")
			}
		}
	}
	return w.source.Able(ctx, t, o)
}

// findable reports whether rows can be found by their key.
func (w *walk) findable(t *Table) bool {
	return w.found(t, nil) || len(t.keys) == 1 && w.found(t, t.keys[0].Path)
}

// overlap reports whether one path leads through the other.
func overlap(a, b []string) bool {
	n := min(len(a), len(b))
	return slices.Equal(a[:n], b[:n])
}

// sound looks at one mask among others.
func (w *walk) sound(t *Table, m erasure.Mask, list []erasure.Mask) error {
	where := t.Step.Address.String()
	if len(m.Path) == 0 {
		return selectionFault(where, "a mask names no field", "make the order again")
	}
	f, err := w.field(t, m.Path)
	if err != nil {
		return err
	}
	twice := 0
	for _, other := range list {
		if overlap(other.Path, m.Path) {
			twice++
		}
	}
	if twice > 1 {
		return selectionFault(f.Where(), "it is masked twice", "order one mask for it")
	}
	for i := range m.Path {
		if around, _ := t.Decl.At(m.Path[:i+1]); around.ReadOnly {
			return &connectors.Error{Code: connectors.ErrReadOnly, Where: f.Where(), What: "the annotation says that it is never written", Do: "leave it out of the order, or take read_only away"}
		}
	}
	if m.Elements {
		if !slices.ContainsFunc(t.Step.FoundBy, func(e dataset.Entry) bool {
			return len(e.Path) >= len(m.Path) && slices.Equal(e.Path[:len(m.Path)], m.Path)
		}) || f.outer == 0 && !w.arrayInside(t, m.Path) {
			return masked{m, f}.refuse("it is no array by whose elements rows are found", "declare the array's data_type with []")
		}
		return nil
	}
	if connectors.HoldsZero(m) {
		return masked{m, f}.refuse("a value of the mask holds a zero character", "give it without")
	}
	return masked{m, f}.fits()
}

// arrayInside reports whether an array by whose elements rows are found lies at or under a path.
func (w *walk) arrayInside(t *Table, path []string) bool {
	return slices.ContainsFunc(t.Step.FoundBy, func(e dataset.Entry) bool {
		if len(e.Path) < len(path) || !slices.Equal(e.Path[:len(path)], path) {
			return false
		}
		f, err := w.field(t, e.Path)
		return err == nil && f.outer >= len(path)
	})
}

func (m masked) refuse(what, do string) error {
	return &connectors.Error{Code: connectors.ErrType, Where: m.field.Where(), What: what, Do: do}
}

// fits says what keeps a treatment from a field.
func (m masked) fits() error {
	f := m.field
	length := shorter(m.Length, f.Decl.Length)
	textual := f.Type == "" || f.Type == "text"
	other := "treat it with something else"
	switch {
	case m.Treatment == erasure.Set:
		return m.setFits(length)
	case m.Treatment == erasure.Null && m.Only != nil && !f.required:
		return m.onlyFits()
	case !slices.Contains(erasure.Treatments(), m.Treatment):
		return m.refuse("the treatment is not known", "make the order again")
	case m.Treatment == erasure.Null && f.required && !f.inside():
		return m.refuse("the field has to have a value", "treat it with something else than null")
	case m.Treatment == erasure.Fixed:
		return m.fixedFits(length)
	case m.Treatment.Token():
		return m.tokenFits(length, textual)
	case m.Treatment == erasure.Shape && !textual && f.Type != "integer" && f.Type != "number":
		return m.refuse("only a text or a number has a form to keep", other)
	case m.Treatment == erasure.Generalise && !textual && !slices.Contains([]string{"integer", "number", "date", "moment"}, f.Type):
		return m.refuse("values of the type "+f.typeName()+" can't be made general", other)
	}
	return nil
}

func (m masked) setFits(length int) error {
	if err := m.onlyFits(); err != nil {
		return err
	}
	return m.fixedFits(length)
}

// onlyFits looks at what is to be written over, and that it is a whole field.
func (m masked) onlyFits() error {
	if m.field.inside() {
		return m.refuse("only a whole field can be set", "name the field around it")
	}
	if m.Only == nil {
		return nil
	}
	wrong := m
	wrong.Value = *m.Only
	if _, ok := wrong.fixed(); !ok {
		return m.refuse("the value to be written over is none of the type "+m.field.typeName(), "give one that is")
	}
	return nil
}

func (m masked) fixedFits(length int) error {
	if _, ok := m.fixed(); !ok {
		return m.refuse("the fixed value is none of the type "+m.field.typeName(), "give one that is")
	}
	if n := utf8.RuneCountInString(m.Value); length > 0 && n > length {
		return m.refuse(fmt.Sprintf("the fixed value has %d characters and the field takes %d", n, length), "give a shorter one")
	}
	return nil
}

func (m masked) tokenFits(length int, textual bool) error {
	if !textual && m.field.Type != "bytes" {
		return m.refuse("a token is a text and the field takes none", "treat it with something else")
	}
	if n := connectors.TokenLength(m.Mask) + utf8.RuneCountInString(m.Suffix); length > 0 && n > length {
		return m.refuse(fmt.Sprintf("a token has %d characters here and the field takes %d", n, length), "treat it with something else")
	}
	return nil
}

func shorter(a, b int) int {
	if a == 0 || b == 0 {
		return max(a, b)
	}
	return min(a, b)
}
