package service_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// madeService is one that is made up: how each collection is asked and answers. Its document says so to the connector, and its handlers do it.
type madeService struct {
	named map[string]*madeCollection
	order []string
	// held is how much the connector may hold at a time, in bytes, and concurrency how many requests may be under way.
	held, concurrency int
	servedState
}

// madeCollection is how one collection is reached.
type madeCollection struct {
	name  string
	reads []*madeRead
	// wrapped are fields that stand under attributes in what is answered; typed ones are declared to be whole numbers.
	wrapped, typed map[string]bool
	// keyed names the member that tells rows apart, beside the primary key.
	keyed          bool
	delete, update madeChange
	// deletedBy is the field by which all of a person's rows are deleted at once.
	deletedBy string
	// lag is how often a row is shown as it was once it was changed.
	lag int
	// sloppy collections answer with rows that only look like what was asked for.
	sloppy bool
	rows   []*madeRow
	next   int
}

// madeRead is a request that finds rows by a field, or all of them.
type madeRead struct {
	by, style, paging, rows string
	// first is the first page's number, size what is asked for at a time, most what the service gives at a time.
	first, size, most int
	inBody, implied   bool
}

// madeChange is a request that changes or deletes a row.
type madeChange struct {
	style, at string
	// merge says that null takes a member away and documents are laid over each other; gone is the status of a row that isn't there.
	merge, whole, async, repeatable bool
	gone                            int
}

// drawService makes up how a world is reached.
func drawService(t *rapid.T, w conformance.DocumentWorld) *madeService {
	s := &madeService{named: map[string]*madeCollection{}, held: rapid.SampledFrom([]int{0, 0, 200, 2000}).Draw(t, "held"), concurrency: rapid.IntRange(1, 4).Draw(t, "concurrency")}
	g, err := dataset.NewGraph(w.Datasets...)
	if err != nil {
		t.Fatal(err)
	}
	p, err := g.Plan(conformance.Email("a@example.org").Known())
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range w.Datasets[0].Collections {
		c := &madeCollection{name: decl.Name, wrapped: map[string]bool{}, typed: map[string]bool{}, keyed: rapid.Bool().Draw(t, "keyed"), lag: rapid.SampledFrom([]int{0, 0, 1, 2}).Draw(t, "lag"),
			sloppy: rapid.IntRange(0, 2).Draw(t, "sloppy") == 0}
		for _, f := range decl.Fields {
			c.wrapped[f.Name] = rapid.IntRange(0, 2).Draw(t, "wrapped") == 0
		}
		c.drawReads(t, p, decl, w.Documents[c.name])
		c.drawChanges(t)
		for _, o := range w.Orders {
			if own := c.ownWay(p); o.Address == conformance.AddressOf(c.name) && o.Delete && !o.Claimed && own != "" && rapid.Bool().Draw(t, "deleted at once") {
				c.deletedBy, c.sloppy = own, false
			}
		}
		s.named[c.name], s.order = c, append(s.order, decl.Name)
	}
	return s
}

// ownWay is the field by which alone a person's own rows are found; none where there are several.
func (c *madeCollection) ownWay(p *dataset.Plan) (field string) {
	for _, step := range p.Steps {
		for _, e := range step.FoundBy {
			if step.Address != conformance.AddressOf(c.name) || e.Belonging != dataset.Own {
				continue
			}
			if field != "" {
				return ""
			}
			field = strings.Join(e.Path, ".")
		}
	}
	return field
}

// drawReads makes up a request for each field by which rows are found, and for the key.
func (c *madeCollection) drawReads(t *rapid.T, p *dataset.Plan, decl dataset.Collection, docs []conformance.Document) {
	fields := []string{"_id"}
	for _, step := range p.Steps {
		for _, e := range step.FoundBy {
			if field := strings.Join(e.Path, "."); step.Address == conformance.AddressOf(c.name) && !slices.Contains(fields, field) {
				fields = append(fields, field)
			}
		}
	}
	all := false
	for _, field := range fields {
		if c.typed[field] = whole(docs, field) && rapid.Bool().Draw(t, "typed"); rapid.IntRange(0, 4).Draw(t, "listed") == 0 {
			all = true
			continue
		}
		r := drawRead(t, field)
		r.implied = single(decl, field) && rapid.IntRange(0, 2).Draw(t, "implied") == 0
		c.sloppy = c.sloppy && !r.implied // which no row would show
		c.reads = append(c.reads, r)
	}
	if all {
		c.reads = append(c.reads, drawRead(t, ""))
	}
}

// single reports whether a field beside the key is one value at the top.
func single(decl dataset.Collection, name string) bool {
	return slices.ContainsFunc(decl.Fields, func(f dataset.Field) bool {
		return f.Name == name && !f.PrimaryKey && !f.Type.Array && len(f.Fields) == 0
	})
}

// whole reports whether a member at the top is a whole number wherever it is, and that is somewhere.
func whole(docs []conformance.Document, name string) (yes bool) {
	for _, d := range docs {
		for _, m := range d {
			if m.Name != name {
				continue
			}
			switch m.Value.(type) {
			case int32, int64:
				yes = true
			default:
				return false
			}
		}
	}
	return yes
}

func drawRead(t *rapid.T, by string) *madeRead {
	r := &madeRead{by: by, first: rapid.IntRange(0, 1).Draw(t, "first"), most: rapid.IntRange(1, 4).Draw(t, "most"), size: rapid.IntRange(0, 3).Draw(t, "size")}
	r.style = rapid.SampledFrom([]string{"query", "path", "json", "form"}).Draw(t, "style")
	r.paging = rapid.SampledFrom([]string{"", "page", "offset", "cursor", "number", "link", "url"}).Draw(t, "paging")
	r.rows = rapid.SampledFrom([]string{"items[*]", "data.rows[*].row", "[*]"}).Draw(t, "rows")
	if by == "_id" && rapid.Bool().Draw(t, "one") {
		r.rows, r.paging = "$", ""
	}
	if r.rows == "[*]" && slices.Contains([]string{"cursor", "number", "url"}, r.paging) {
		r.rows = "items[*]"
	}
	body := r.style == "json" || r.style == "form"
	r.inBody = body && slices.Contains([]string{"page", "offset", "cursor", "number"}, r.paging) && rapid.Bool().Draw(t, "in body")
	return r
}

// drawChanges makes up how rows are deleted and changed.
func (c *madeCollection) drawChanges(t *rapid.T) {
	draw := func(styles ...string) madeChange {
		return madeChange{style: rapid.SampledFrom(styles).Draw(t, "change"), async: rapid.IntRange(0, 3).Draw(t, "async") == 0, repeatable: rapid.Bool().Draw(t, "repeatable"),
			gone: rapid.SampledFrom([]int{404, 410, 422}).Draw(t, "gone")}
	}
	c.delete, c.update = draw("path", "json"), draw("PATCH", "PUT", "POST")
	c.update.at = rapid.SampledFrom([]string{"", "set", "change.set"}).Draw(t, "at")
	c.update.whole = c.update.style == "PUT" || rapid.IntRange(0, 3).Draw(t, "whole") == 0
	c.update.merge = !c.update.whole && rapid.Bool().Draw(t, "merge")
}

// document says all this as the connector reads it.
func (s *madeService) document() string {
	var b strings.Builder
	fmt.Fprintf(&b, "service:\n  name: Made up\n  url: URL\n  auth: {kind: bearer}\n  limits: {concurrency: %d, retries: 2}\n  collections:\n", s.concurrency)
	for _, name := range s.order {
		c := s.named[name]
		fmt.Fprintf(&b, "  - collection: d.%s\n    read:\n", name)
		for _, r := range c.reads {
			b.WriteString("    - {" + r.said(name) + "}\n")
		}
		if c.keyed {
			b.WriteString("    key: uid\n")
		}
		b.WriteString("    delete: {" + c.deleting() + "}\n    update: {" + c.updating() + "}\n    fields:\n")
		for name, is := range c.wrapped {
			if is {
				fmt.Fprintf(&b, "      %s: {at: attributes.%s%s}\n", name, name, c.type_(name))
			} else {
				fmt.Fprintf(&b, "      %s: {required: false%s}\n", name, c.type_(name))
			}
		}
	}
	return b.String()
}

func (c *madeCollection) type_(name string) string {
	if c.typed[name] {
		return ", type: integer"
	}
	return ""
}

// said is a read.
func (r *madeRead) said(collection string) string {
	parts := []string{`rows: "` + r.rows + `"`, "by: " + r.by}
	if r.by == "" {
		parts[1] = "all: true"
	}
	if r.rows == "$" {
		parts = append(parts, "nobody: [404]")
	}
	if r.implied {
		parts = append(parts, "implied: true")
	}
	value := "<value>"
	if r.by == "" {
		value = "everybody"
	}
	switch at := "/" + collection; r.style {
	case "query":
		parts = append(parts, "path: "+at, fmt.Sprintf("query: {by: %q, q: %q}", r.by, value))
	case "path":
		parts = append(parts, "path: "+at+"/by/"+value, fmt.Sprintf("query: {by: %q}", r.by))
	case "json":
		parts = append(parts, "path: "+at+"/search", "method: POST", fmt.Sprintf("json: {by: %q, q: %q}", r.by, value))
	case "form":
		parts = append(parts, "path: "+at+"/search", "method: POST", fmt.Sprintf("form: {by: %q, q: %q}", r.by, value))
	}
	return strings.Join(append(parts, r.paged()), ", ")
}

// paged says how it goes on.
func (r *madeRead) paged() string {
	kinds := map[string]string{"page": fmt.Sprintf("kind: page, parameter: page, first: %d", r.first), "offset": "kind: offset, parameter: offset", "cursor": "kind: cursor, parameter: after, next: meta.next",
		"number": "kind: cursor, parameter: after, next: meta.next", "link": "kind: link", "url": "kind: url, next: meta.link"}
	if r.paging == "" {
		return "headers: {X-Pages: none}"
	}
	more := ""
	if r.size > 0 {
		more = fmt.Sprintf(", size_parameter: size, size: %d", r.size)
	}
	if r.inBody {
		more += ", in: body"
	}
	return "paging: {" + kinds[r.paging] + more + "}"
}

// deleting says how rows are deleted.
func (c *madeCollection) deleting() string {
	switch {
	case c.deletedBy != "":
		return fmt.Sprintf("by: %s, path: /%s, query: {q: <value>}%s", c.deletedBy, c.name, c.delete.said())
	case c.delete.style == "json":
		return fmt.Sprintf("method: POST, path: /%s/delete, json: {uid: <row.uid>}%s", c.name, c.delete.said())
	}
	return fmt.Sprintf("path: /%s/<row.uid>%s", c.name, c.delete.said())
}

// updating says how they are changed.
func (c *madeCollection) updating() string {
	out := fmt.Sprintf("method: %s, path: /%s/<row.uid>%s", c.update.style, c.name, c.update.said())
	if c.update.at != "" {
		out += ", at: " + c.update.at + ", json: {reason: erasure}"
	}
	if c.update.whole {
		out += ", send: whole"
	}
	return out
}

func (m madeChange) said() string {
	out := fmt.Sprintf(", gone: [%d]", m.gone)
	if m.async {
		out += ", async: {status: job, state: state, done: [done], failed: [failed], every: 1ms}"
	}
	if m.repeatable {
		out += ", repeatable: true"
	}
	return out
}
