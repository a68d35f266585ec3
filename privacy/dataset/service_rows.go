package dataset

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

func (r reader) serviceCollection(n *yaml.Node) ServiceCollection {
	o := r.object(n, "service", "collection", "key", "read", "fields", "delete", "update", "add")
	c := ServiceCollection{Line: n.Line, Fields: map[string]ServiceField{}}
	name := o.required("collection")
	o.path = name
	var whole bool
	if c.Dataset, c.Collection, whole = strings.Cut(name, "."); name != "" && (!whole || c.Dataset == "" || c.Collection == "") {
		o.problem("collection", "collection is no name of the form dataset.collection", "write it as newsletter.subscribers")
	}
	c.Key = o.dotted("key")
	for _, q := range r.some(o, "read", "no request finds its rows") {
		c.Reads = append(c.Reads, r.serviceRead(q, o.path))
	}
	seen := map[string]int{}
	for _, read := range c.Reads {
		r.once(seen, "by "+strings.Join(read.By, "."), read.Line, o.path, "read")
	}
	r.serviceFields(o, &c)
	if q := o.get("delete"); q != nil {
		c.Delete = r.serviceChange(q, o.path+".delete", "DELETE", "by", "gone")
	}
	if q := o.get("update"); q != nil {
		c.Update = r.serviceChange(q, o.path+".update", "PATCH", "at", "send", "gone")
	}
	if q := o.get("add"); q != nil {
		c.Add = r.serviceAdd(q, o.path+".add")
	}
	return c
}

// serviceAdd reads the request that puts somebody on a list.
func (r reader) serviceAdd(n *yaml.Node, path string) *ServiceAdd {
	o := r.object(n, path, append(requestKeys(), "async", "repeatable", "there")...)
	a := &ServiceAdd{ServiceRequest: *r.request(o, "POST"), Repeatable: o.boolean("repeatable"), There: []int{409}}
	if slices.Contains([]string{"GET", "DELETE"}, a.Method) {
		o.problem("method", "a "+a.Method+" puts nobody on a list", "write POST, PUT or PATCH")
	}
	if o.get("there") != nil {
		a.There = o.refusals("there", "there lists statuses that mean that the person is on the list already", "write 409")
	}
	if !slices.ContainsFunc(a.allTemplates(), func(t Template) bool { return t.Has(PlaceValue) }) {
		r.add(a.Line, path, "the request doesn't say whom it puts on the list", "put <value> where the service takes the address, as json: {email: <value>}")
	}
	return a
}

// refusals reads statuses of 400 to 499.
func (o object) refusals(key, what, do string) (out []int) {
	for _, v := range o.list(key) {
		status, err := strconv.Atoi(v.Value)
		if err != nil || status < 400 || status > 499 {
			o.src.add(v.Line, o.path, what, do)
			continue
		}
		out = append(out, status)
	}
	return out
}

func (r reader) serviceFields(o object, c *ServiceCollection) {
	n := o.get("fields")
	if n == nil {
		return
	}
	if n.Kind != yaml.MappingNode {
		o.problem("fields", "fields has to be a mapping of names to what is said of them", "write it as born: {type: date}")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		q := r.object(n.Content[i+1], o.path+"."+name, "at", "type", "required")
		f := ServiceField{At: q.dotted("at"), Type: q.str("type"), Required: q.boolean("required"), Line: n.Content[i].Line}
		q.oneOf("type", f.Type, ServiceTypes()...)
		if _, twice := c.Fields[name]; twice {
			r.add(f.Line, o.path, fmt.Sprintf("the field %q stands twice", name), "keep one of them")
		}
		c.Fields[name] = f
	}
}

// dotted reads a path of names; nil when there is none.
func (o object) dotted(key string) []string {
	s := o.str(key)
	if s == "" {
		return nil
	}
	path := strings.Split(s, ".")
	if slices.Contains(path, "") || strings.ContainsAny(s, "[]*$<>") {
		o.problem(key, key+" is no path of names", "write the names with dots between them, as meta.next")
	}
	return path
}

func (r reader) serviceRead(n *yaml.Node, parent string) ServiceRead {
	o := r.object(n, parent+".read", append(requestKeys(), "by", "all", "rows", "nobody", "implied", "paging", "async")...)
	read := ServiceRead{ServiceRequest: *r.request(o, "GET"), By: o.dotted("by"), Implied: o.boolean("implied")}
	if all := o.boolean("all"); all == (read.By != nil) {
		o.problem("by", "a read finds rows by a field, or lists all of them", "write by: with a field of the annotation, or all: true")
	}
	rows := o.required("rows")
	var fine bool
	if read.Rows, fine = parseRowPath(rows); rows != "" && !fine {
		o.problem("rows", "rows is no path to rows", `write names with dots between them and [*] for each element, as data.items[*], or "$" for the answer itself`)
	}
	for _, v := range o.list("nobody") {
		status, err := strconv.Atoi(v.Value)
		switch {
		case v.Value == "empty":
			read.Empty = true
		case err == nil && (status == 404 || status == 410 || status == 204 || status == 400 || status == 422):
			read.Nobody = append(read.Nobody, status)
		default:
			r.add(v.Line, o.path, "nobody lists the answers that mean that there is no such person", "write 404, 410, 204, 400 or 422, or empty for an answer without a body")
		}
	}
	if p := o.get("paging"); p != nil {
		read.Paging = r.servicePaging(p, o.path)
	}
	return read
}

func (r reader) servicePaging(n *yaml.Node, parent string) *ServicePaging {
	o := r.object(n, parent+".paging", "kind", "parameter", "in", "first", "size_parameter", "size", "next")
	p := &ServicePaging{Kind: PagingKind(o.required("kind")), Parameter: o.str("parameter"), InBody: o.str("in") == "body", First: 1,
		SizeParameter: o.str("size_parameter"), Size: o.atMost("size", 100_000), Next: o.dotted("next")}
	o.oneOf("kind", string(p.Kind), string(PagingPage), string(PagingOffset), string(PagingCursor), string(PagingLink), string(PagingURL))
	o.oneOf("in", o.str("in"), "query", "body")
	if f := o.get("first"); f != nil {
		if f.Value != "0" && f.Value != "1" {
			o.problem("first", "first is the number of the first page", "write 0 or 1")
		}
		p.First, _ = strconv.Atoi(f.Value)
	}
	asks := p.Kind == PagingPage || p.Kind == PagingOffset || p.Kind == PagingCursor
	follows := p.Kind == PagingCursor || p.Kind == PagingURL
	switch {
	case asks != (p.Parameter != ""):
		o.problem("parameter", "parameter belongs to the kinds page, offset and cursor, and each of them needs it", "name the parameter, or remove it")
	case follows != (p.Next != nil):
		o.problem("next", "next belongs to the kinds cursor and url, and each of them needs it", "name the member that holds it, as meta.next, or remove it")
	case (p.SizeParameter != "") != (p.Size > 0):
		o.problem("size", "size and size_parameter belong together", "write both, or none")
	}
	return p
}

func (r reader) serviceChange(n *yaml.Node, path, method string, keys ...string) *ServiceChange {
	o := r.object(n, path, append(append(requestKeys(), "async", "repeatable"), keys...)...)
	c := &ServiceChange{ServiceRequest: *r.request(o, method), Repeatable: o.boolean("repeatable"), Gone: []int{404, 410}}
	if o.get("gone") != nil {
		c.Gone = o.refusals("gone", "gone lists statuses that mean that the row is not there", "write 404 or 410")
	}
	if method == "DELETE" {
		c.By = o.dotted("by")
		return c
	}
	c.At, c.Whole = o.dotted("at"), o.str("send") == "whole"
	o.oneOf("send", o.str("send"), "changed", "whole")
	if c.JSON != nil {
		if _, is := c.JSON.(map[string]any); !is {
			o.problem("json", "json has to be a mapping, for the changed fields are put into it", "write a mapping, or leave it away")
		}
	}
	if c.Form != nil {
		o.problem("form", "changed fields are sent as JSON", "remove form")
	}
	return c
}
