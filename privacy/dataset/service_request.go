package dataset

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// requestKeys are those of every request.
func requestKeys() []string {
	return []string{"method", "path", "query", "headers", "json", "form"}
}

// request reads a request.
func (r reader) request(o object, method string) *ServiceRequest {
	q := &ServiceRequest{Method: o.str("method"), Query: r.templates(o, "query"), Headers: r.templates(o, "headers"), Form: r.templates(o, "form"), Line: o.line}
	if q.Method == "" {
		q.Method = method
	}
	o.oneOf("method", q.Method, "GET", "POST", "PUT", "PATCH", "DELETE")
	path := o.required("path")
	q.Path = r.template(o.lineOf("path"), o.path, path)
	switch {
	case path != "" && (!strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "?#\\ \t\r\n")):
		o.problem("path", "path is no path", "begin it with one /, and put what stands behind a question mark under query")
	case slices.ContainsFunc(strings.Split(path, "/"), func(s string) bool { return s == "." || s == ".." }):
		o.problem("path", "path leads upwards", "write it without . and ..")
	}
	for name := range q.Headers {
		if !headerName.MatchString(name) || slices.ContainsFunc([]string{"host", "authorization", "cookie", "content-length", "transfer-encoding", "connection", "accept-encoding"},
			func(own string) bool { return strings.EqualFold(own, name) }) {
			o.problem("headers", fmt.Sprintf("the header %q can't be set here", name), "say who asks under auth, and leave the others to the connector")
		}
	}
	if n := o.get("json"); n != nil {
		q.JSON = r.body(n, o.path)
	}
	switch {
	case q.JSON != nil && q.Form != nil:
		o.problem("form", "a request has one body", "keep json or form")
	case !slices.Contains([]string{"POST", "PUT", "PATCH", "DELETE"}, q.Method) && (q.JSON != nil || q.Form != nil):
		o.problem("method", "a GET has no body", "write method: POST, or put the values under query")
	}
	if n := o.get("async"); n != nil {
		q.Async = r.serviceAsync(n, o.path)
	}
	return q
}

// template reads a text with places.
func (r reader) template(line int, path, s string) Template {
	t, unknown := parseTemplate(s)
	if unknown != "" {
		r.add(line, path, unknown+" is no place for a value", "use <value>, <row.member> or <constants.name>")
	}
	return t
}

// templates reads a mapping of names to texts; numbers and truth values are texts here.
func (r reader) templates(o object, key string) map[string]Template {
	n := o.get(key)
	if n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		o.problem(key, key+" has to be a mapping of names to texts", "write it as name: value")
		return nil
	}
	out := map[string]Template{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		switch _, twice := out[name.Value]; {
		case twice:
			r.add(name.Line, o.path, fmt.Sprintf("%q stands twice in %s", name.Value, key), "keep one of them")
		case value.Kind != yaml.ScalarNode || value.Tag == "!!null" || name.Value == "":
			r.add(value.Line, o.path, fmt.Sprintf("%q in %s has to be a text", name.Value, key), "write a text behind the name")
		default:
			out[name.Value] = r.template(value.Line, o.path, value.Value)
		}
	}
	return out
}

// body reads a body of JSON, with texts as templates.
func (r reader) body(n *yaml.Node, path string) any {
	switch n.Kind {
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if _, twice := m[n.Content[i].Value]; twice {
				r.add(n.Content[i].Line, path, fmt.Sprintf("%q stands twice in json", n.Content[i].Value), "keep one of them")
			}
			m[n.Content[i].Value] = r.body(n.Content[i+1], path)
		}
		return m
	case yaml.SequenceNode:
		l := make([]any, len(n.Content))
		for i, c := range n.Content {
			l[i] = r.body(c, path)
		}
		return l
	default:
		if n.Tag == "!!str" {
			return r.template(n.Line, path, n.Value)
		}
		return anyScalar(n)
	}
}

func (r reader) serviceAsync(n *yaml.Node, parent string) *ServiceAsync {
	o := r.object(n, parent+".async", "status", "state", "done", "failed", "result", "every", "within")
	a := &ServiceAsync{Status: o.dotted("status"), State: o.dotted("state"), Done: o.strs("done"), Failed: o.strs("failed"), Result: o.dotted("result"),
		Every: o.within("every", time.Millisecond, 10*time.Minute), Within: o.within("within", time.Second, 24*time.Hour)}
	if (a.State != nil) != (len(a.Done) > 0) || a.State == nil && len(a.Failed) > 0 {
		o.problem("state", "state names the member that tells how far the job is, and done and failed its last values", "write all three, or none to wait until the service answers something other than 202")
	}
	return a
}

// places looks that each place of a request has something to be filled in.
func (r reader) places(s *Service) {
	check := func(line int, path string, t Template, allowed ...string) {
		for _, p := range t {
			_, constant := s.Constants[strings.Join(p.Path, ".")]
			switch {
			case p.Place == "":
			case p.Place == PlaceConstants && !constant:
				r.add(line, path, fmt.Sprintf("the constant %q is not declared", strings.Join(p.Path, ".")), "add it under constants")
			case p.Place != PlaceConstants && !slices.Contains(allowed, p.Place):
				r.add(line, path, "<"+p.Place+"> has no value in this request", "use <value> where rows are found and somebody is put on a list, <row.member> where one row is deleted or changed")
			}
		}
	}
	request := func(path string, q *ServiceRequest, allowed ...string) {
		for _, t := range q.allTemplates() {
			check(q.Line, path, t, allowed...)
		}
	}
	for _, t := range s.Headers {
		check(1, "service.headers", t)
	}
	if s.Test != nil {
		request("service.test", s.Test)
	}
	for i := range s.Collections {
		c := &s.Collections[i]
		path := strings.TrimSuffix(c.Address.String(), ".")
		for j := range c.Reads {
			read := &c.Reads[j]
			if read.By == nil {
				request(path+".read", &read.ServiceRequest)
				continue
			}
			request(path+".read", &read.ServiceRequest, PlaceValue)
			if !slices.ContainsFunc(read.allTemplates(), func(t Template) bool { return t.Has(PlaceValue) }) {
				r.add(read.Line, path+".read", "the request doesn't say whose rows it finds", "put <value> where the service takes what it looks for, or write all: true in place of by")
			}
		}
		if c.Delete != nil && c.Delete.By != nil {
			request(path+".delete", &c.Delete.ServiceRequest, PlaceValue)
		} else if c.Delete != nil {
			request(path+".delete", &c.Delete.ServiceRequest, PlaceRow)
			r.tells(path+".delete", &c.Delete.ServiceRequest)
		}
		if c.Add != nil {
			request(path+".add", &c.Add.ServiceRequest, PlaceValue)
		}
		if c.Update != nil {
			request(path+".update", &c.Update.ServiceRequest, PlaceRow)
			r.tells(path+".update", &c.Update.ServiceRequest)
		}
	}
}

// tells wants a request that goes to one row to say which.
func (r reader) tells(path string, q *ServiceRequest) {
	if !slices.ContainsFunc(q.allTemplates(), func(t Template) bool { return t.Has(PlaceRow) }) {
		r.add(q.Line, path, "the request doesn't say which row it goes to", "put <row.id>, with the member that tells rows apart, where the service takes it")
	}
}

// allTemplates lists every text of a request.
func (q *ServiceRequest) allTemplates() []Template {
	out := []Template{q.Path}
	for _, m := range []map[string]Template{q.Query, q.Headers, q.Form} {
		for _, t := range m {
			out = append(out, t)
		}
	}
	return append(out, templatesIn(q.JSON)...)
}

func templatesIn(body any) (out []Template) {
	switch b := body.(type) {
	case Template:
		out = append(out, b)
	case map[string]any:
		for _, v := range b {
			out = append(out, templatesIn(v)...)
		}
	case []any:
		for _, v := range b {
			out = append(out, templatesIn(v)...)
		}
	}
	return out
}
