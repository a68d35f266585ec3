package service

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// send changes one row; done says that it was this request that did.
func (j *job) send(ctx context.Context, t *table, p pass, c change) (done bool, err error) {
	how := t.how.Update
	if p.delete {
		how = t.how.Delete
	}
	o, err := j.Connector.order(&how.ServiceRequest, filler{row: c.raw, where: j.order.Address.String()})
	if err != nil {
		return false, err
	}
	if !p.delete {
		if o.body, err = j.body(t, how, o.body, c); err != nil {
			return false, err
		}
	}
	return j.sent(ctx, how, o)
}

func (j *job) sent(ctx context.Context, how *dataset.ServiceChange, o *order) (bool, error) {
	o.repeatable, o.accepts = o.repeatable || how.Repeatable, how.Gone
	a, err := j.client.answered(ctx, o, how.Async)
	if err != nil {
		return false, err
	}
	return !slices.Contains(how.Gone, a.status), nil
}

// body puts the changed columns into the request's body, each where it stands in a row.
func (j *job) body(t *table, how *dataset.ServiceChange, given any, c change) (any, error) {
	raw := json.RawMessage("{}")
	var err error
	if given != nil {
		if raw, err = json.Marshal(given); err != nil {
			return nil, documentFault(j.order.Address.String(), "a body can't be written as JSON", "correct json in the service document")
		}
	}
	inner := document.At(raw, how.At)
	if how.Whole {
		inner = c.raw
	}
	for name, value := range c.columns {
		at := t.fieldOf([]string{name}, &dataset.Field{Name: name}).at
		if inner, err = document.With(inner, at, value); err != nil {
			return nil, answerFault(j.order.Address.String(), "a row can't be changed", "report the form of the rows")
		}
	}
	if raw, err = document.With(raw, how.At, inner); err != nil {
		return nil, answerFault(j.order.Address.String(), "a row can't be changed", "report the form of the rows")
	}
	return raw, nil
}

// deleteAll deletes all rows of each value by which they are found.
func (j *job) deleteAll(ctx context.Context, t *table, pending []change) error {
	w, err := j.Connector.errand(j.errand)
	if err != nil {
		return err
	}
	asks, err := w.asks(ctx, t)
	if err != nil {
		return err
	}
	for _, q := range asks {
		if q.as != own || !slices.Equal(q.field.path, t.how.Delete.By) {
			continue
		}
		o, err := j.Connector.order(&t.how.Delete.ServiceRequest, filler{value: q.field.literal(q.value), where: j.order.Address.String()})
		if err != nil {
			return err
		}
		done, err := j.sent(ctx, t.how.Delete, o)
		if err != nil {
			return err
		}
		var tally connectors.Tally
		for _, c := range pending {
			if name := t.name(c.raw); done && q.matches(c.raw) && !j.treated[name] {
				j.treated[name] = true
				tally.Deleted++
			}
		}
		if err := j.tell(ctx, tally); err != nil {
			return err
		}
	}
	return nil
}
