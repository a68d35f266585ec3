package service

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// source finds and changes rows by the requests of the service document.
type source struct{ *Connector }

var _ records.Source = source{}

// Form says what the service document says of a collection's rows.
func (s source) Form(a dataset.Address) (*records.Form, error) {
	how, ok := s.doc.Collection(a)
	if !ok {
		return nil, documentFault(a.String(), "the service document doesn't say how it is reached", "add it under collections, or mark it skip_processing in the annotation")
	}
	form := &records.Form{Key: how.Key, Fields: map[string]records.FieldForm{}, Deletes: how.Delete != nil, Changes: how.Update != nil}
	if how.Delete != nil {
		form.DeletesBy = how.Delete.By
	}
	for name, f := range how.Fields {
		form.Fields[name] = records.FieldForm{At: f.At, Type: f.Type, Required: f.Required}
	}
	return form, nil
}

// Finds reports whether there is a request that finds rows by a field, or one that lists all.
func (s source) Finds(a dataset.Address, path []string) bool { return s.readBy(a, path) != nil }

// readBy finds the request that finds rows by a field; nil finds the one that lists all.
func (c *Connector) readBy(a dataset.Address, path []string) *dataset.ServiceRead {
	how, ok := c.doc.Collection(a)
	if !ok {
		return nil
	}
	for i := range how.Reads {
		if slices.Equal(how.Reads[i].By, path) {
			return &how.Reads[i]
		}
	}
	return nil
}

// Find sends the requests.
func (s source) Find(ctx context.Context, q records.Query, take func(json.RawMessage) error) error {
	f := filler{where: q.Step.Address.String()}
	if q.By == nil {
		read := s.readBy(q.Step.Address, nil)
		if read == nil {
			return documentFault(f.where, "nobody can be looked for whose values are not known: the service document has no read with all: true", "add one, or search this system by hand")
		}
		return s.rows(ctx, read, f, take)
	}
	read := s.readBy(q.Step.Address, q.By.Field.Path)
	if read == nil {
		return documentFault(q.By.Field.Where(), "the service document has no read by it", "add one, or one with all: true")
	}
	f.value = q.By.Field.Literal(q.By.Value)
	return s.rows(ctx, read, f, func(raw json.RawMessage) (err error) {
		if read.Implied {
			if raw, err = implied(q, raw); err != nil {
				return answerFault(f.where, "a row can't be read", "report the form of the rows")
			}
		}
		return take(raw)
	})
}

// given is the member under which a row stands as the service gave it, where something is implied of it: no service calls one so.
const given = "\x00given"

// implied is a row with what is implied of it, and as it was given: whole rows are sent back without what the service never said.
func implied(q records.Query, raw json.RawMessage) (json.RawMessage, error) {
	is, err := q.Implied(raw, q.By.Field, q.By.Value)
	if err != nil || bytes.Equal(is, raw) {
		return is, err
	}
	return document.With(is, []string{given}, raw)
}

// asGiven is a row as the service gave it.
func asGiven(raw json.RawMessage) json.RawMessage {
	if was := document.At(raw, []string{given}); was != nil {
		return was
	}
	return raw
}

// rows sends a read's requests and hands on each row.
func (c *Connector) rows(ctx context.Context, read *dataset.ServiceRead, f filler, take func(json.RawMessage) error) error {
	o, err := c.order(&read.ServiceRequest, f)
	if err != nil {
		return err
	}
	p := &pages{client: c.client, read: read, where: f.where}
	return p.each(ctx, o, func(rows []json.RawMessage) error {
		for _, raw := range rows {
			if document.Kind(raw) != '{' {
				return answerFault(p.where, "a row is no object", "correct rows in the service document")
			}
			if err := take(raw); err != nil {
				return err
			}
		}
		return nil
	})
}

// Current rows are all that a service answers.
func (source) Current(json.RawMessage) bool { return true }

// Late has nothing to read: what a service answers stands in its rows.
func (source) Late(context.Context, *records.Table, *records.Field, json.RawMessage) (connectors.Value, error) {
	return connectors.Null(), nil
}

// Able refuses to take elements out of an array that rows don't show: what is implied of a row is the person alone, and written back it would be an array without
// all others.
func (s source) Able(_ context.Context, t *records.Table, o *erasure.Order) error {
	how, _ := s.doc.Collection(t.Step.Address) // its form says that it is there
	for _, m := range o.Parts {
		for i := range how.Reads {
			read := &how.Reads[i]
			if n := min(len(read.By), len(m.Path)); read.Implied && slices.Equal(read.By[:n], m.Path[:n]) {
				return documentFault(t.Step.Address.String()+"."+strings.Join(m.Path, "."), "elements are to be taken out of it, and rows that are found by it don't say what else is in it",
					"take implied out of the read where the service answers with the field, or have the declaration leave other people's rows alone")
			}
		}
	}
	return nil
}

// Change sends a request for each row, so many at a time as the service may be asked.
func (s source) Change(ctx context.Context, t *records.Table, p records.Pass, rows []records.Change) ([]bool, error) {
	done := make([]bool, len(rows)) // each is written by one goroutine alone
	group, inGroup := errgroup.WithContext(ctx)
	group.SetLimit(s.client.limits.Concurrency)
	for i, c := range rows {
		group.Go(func() (err error) {
			done[i], err = s.send(inGroup, t, p, c)
			return err
		})
	}
	err := group.Wait()
	return done, err
}

// DeleteBy sends the one request that deletes all rows with a value.
func (s source) DeleteBy(ctx context.Context, t *records.Table, q records.Asked) (bool, error) {
	how, ok := s.doc.Collection(t.Step.Address)
	if !ok || how.Delete == nil {
		return false, documentFault(t.Step.Address.String(), "the service document has no request that deletes its rows", "add delete")
	}
	o, err := s.order(&how.Delete.ServiceRequest, filler{value: q.Field.Literal(q.Value), where: t.Step.Address.String()})
	if err != nil {
		return false, err
	}
	return s.sent(ctx, how.Delete, o)
}
