package service

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// filler fills places: of what is asked for, of the row that is meant, of the document's constants.
type filler struct {
	constants map[string]string
	value     json.RawMessage
	row       json.RawMessage
	where     string
}

// text fills a template in. The error quotes nothing.
func (f filler) text(t dataset.Template) (string, error) {
	return f.write(t, func(s string) (string, error) { return s, nil })
}

// write fills a template in, with each value written as its place takes it.
func (f filler) write(t dataset.Template, escape func(string) (string, error)) (string, error) {
	var b strings.Builder
	for _, p := range t {
		b.WriteString(p.Text)
		if p.Place == "" {
			continue
		}
		raw, err := f.at(p)
		if err != nil {
			return "", err
		}
		s, err := escape(document.Text(raw))
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

// at is what belongs into a place.
func (f filler) at(p dataset.TemplatePart) (json.RawMessage, error) {
	raw := f.value
	switch p.Place {
	case dataset.PlaceConstants:
		raw = document.Quoted(f.constants[strings.Join(p.Path, ".")])
	case dataset.PlaceRow:
		raw = document.At(f.row, p.Path)
	}
	if k := document.Kind(raw); k != '"' && k != '0' && k != 't' {
		return nil, &connectors.Error{Code: connectors.ErrAnswer, Where: f.where, What: "a row has no single value in " + strings.Join(p.Path, ".") + ", which a request needs",
			Do: "name a member in the service document that each row has"}
	}
	return raw, nil
}

// segment writes a value into a path. What would end a segment or lead elsewhere has no place in it, whether or not the server sees through the escape.
func (f filler) segment(s string) (string, error) {
	if s == "" || s == "." || s == ".." || strings.ContainsAny(s, "/\\") || controls(s) {
		return "", &connectors.Error{Code: connectors.ErrSelection, Where: f.where, What: "a value to be looked for can't stand in a path", Do: "have the service document put it into query or json"}
	}
	return url.PathEscape(s), nil
}

// header writes a value into a header.
func (f filler) header(s string) (string, error) {
	if controls(s) {
		return "", &connectors.Error{Code: connectors.ErrSelection, Where: f.where, What: "a value to be looked for can't stand in a header", Do: "have the service document put it into query or json"}
	}
	return s, nil
}

func controls(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f })
}

// body fills a body of JSON in. A text that is nothing but a place becomes the value as it is, a number a number.
func (f filler) body(b any) (any, error) {
	switch b := b.(type) {
	case dataset.Template:
		if len(b) == 1 && b[0].Place != "" {
			return f.at(b[0])
		}
		return f.text(b)
	case map[string]any:
		out := make(map[string]any, len(b))
		for name, v := range b {
			var err error
			if out[name], err = f.body(v); err != nil {
				return nil, err
			}
		}
		return out, nil
	case []any:
		out := make([]any, len(b))
		for i, v := range b {
			var err error
			if out[i], err = f.body(v); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return b, nil
}

// order is a request that is ready to be sent, but for who asks.
type order struct {
	method string
	url    *url.URL
	header http.Header
	body   any
	form   url.Values
	// repeatable requests are sent again when nobody knows whether they arrived.
	repeatable bool
	// accepts are statuses beside 2xx that are an answer.
	accepts []int
	where   string
}

// order fills a request in.
func (c *Connector) order(q *dataset.ServiceRequest, f filler) (*order, error) {
	f.constants = c.doc.Constants
	o := &order{method: q.Method, header: http.Header{}, where: f.where, repeatable: q.Method == http.MethodGet || q.Method == http.MethodPut || q.Method == http.MethodDelete}
	path, err := f.write(q.Path, f.segment)
	if err != nil {
		return nil, err
	}
	if o.url, err = url.Parse(c.doc.URL + path); err != nil {
		return nil, &connectors.Error{Code: connectors.ErrDocument, Where: f.where, What: "a path of the service document is none", Do: "correct it"}
	}
	query := url.Values{}
	for name, t := range q.Query {
		s, err := f.text(t)
		if err != nil {
			return nil, err
		}
		query.Set(name, s)
	}
	o.url.RawQuery = query.Encode()
	for _, headers := range []map[string]dataset.Template{c.doc.Headers, q.Headers} {
		for name, t := range headers {
			s, err := f.write(t, f.header)
			if err != nil {
				return nil, err
			}
			o.header.Set(name, s)
		}
	}
	if q.Form != nil {
		o.form = url.Values{}
		for name, t := range q.Form {
			s, err := f.text(t)
			if err != nil {
				return nil, err
			}
			o.form.Set(name, s)
		}
	}
	if q.JSON != nil {
		if o.body, err = f.body(q.JSON); err != nil {
			return nil, err
		}
	}
	return o, nil
}
