package service

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// send changes one row; done says that it was this request that did.
func (s source) send(ctx context.Context, t *records.Table, p records.Pass, c records.Change) (done bool, err error) {
	doc, _ := s.doc.Collection(t.Step.Address) // its form says that it is there
	how := doc.Update
	if p.Delete {
		how = doc.Delete
	}
	o, err := s.order(&how.ServiceRequest, filler{row: c.Raw, where: t.Step.Address.String()})
	if err != nil {
		return false, err
	}
	if !p.Delete {
		if o.body, err = s.body(t, how, o.body, c); err != nil {
			return false, err
		}
	}
	return s.sent(ctx, how, o)
}

func (s source) sent(ctx context.Context, how *dataset.ServiceChange, o *order) (bool, error) {
	o.repeatable, o.accepts = o.repeatable || how.Repeatable, how.Gone
	a, err := s.client.answered(ctx, o, how.Async)
	if err != nil {
		return false, err
	}
	return !slices.Contains(how.Gone, a.status), nil
}

// body puts the changed columns into the request's body, each where it stands in a row.
func (source) body(t *records.Table, how *dataset.ServiceChange, given any, c records.Change) (any, error) {
	raw := json.RawMessage("{}")
	var err error
	if given != nil {
		if raw, err = json.Marshal(given); err != nil {
			return nil, documentFault(t.Step.Address.String(), "a body can't be written as JSON", "correct json in the service document")
		}
	}
	inner := document.At(raw, how.At)
	if how.Whole {
		inner = asGiven(c.Raw)
	}
	for name, value := range c.Columns {
		at := t.FieldOf([]string{name}, &dataset.Field{Name: name}).At
		if inner, err = document.With(inner, at, value); err != nil {
			return nil, answerFault(t.Step.Address.String(), "a row can't be changed", "report the form of the rows")
		}
	}
	if raw, err = document.With(raw, how.At, inner); err != nil {
		return nil, answerFault(t.Step.Address.String(), "a row can't be changed", "report the form of the rows")
	}
	return raw, nil
}
