package objects_test

import (
	"fmt"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// madeStore is one that is made up, below a beginning of its own of a bucket's keys: where in objects the members of documents stand, and what lies beside them.
type madeStore struct {
	*bench
	root        string
	versions    bool
	concurrency int
	named       map[string]*madeObjects
	order       []string
	// beside are objects that belong to no collection, by their keys.
	beside map[string]string
	gate   *gate
	// tried says that it was erased in.
	tried bool
}

// madeObjects are those of one collection.
type madeObjects struct {
	name, form string
	// at says of members at the top that they don't stand in the content: key, tag or metadata.
	at map[string]string
	// whole says that the ids in its keys are declared to be whole numbers.
	whole, all, deletes, marks bool
	upper                      bool
	fields                     []string
	rows                       []*madeObject
	reached                    map[string]bool // whether all that lies at a key is the person's
}

// madeObject is a document as it was put away. What is past is not what is seen at its key.
type madeObject struct {
	n            int
	key          string
	past, marked bool
}

// drawStore makes up where a world's documents stand.
func drawStore(t *rapid.T, buckets map[bool]*bench, world int, w conformance.DocumentWorld) *madeStore {
	s := &madeStore{named: map[string]*madeObjects{}, root: fmt.Sprintf("w%d/", world), versions: rapid.Bool().Draw(t, "versions"), concurrency: rapid.IntRange(1, 4).Draw(t, "concurrency"),
		beside: map[string]string{}}
	s.bench = buckets[s.versions]
	g, err := dataset.NewGraph(w.Datasets...)
	if err != nil {
		t.Fatal(err)
	}
	p, err := g.Plan(conformance.Email("a@example.org").Known())
	if err != nil {
		t.Fatal(err)
	}
	for _, decl := range w.Datasets[0].Collections {
		c := &madeObjects{name: decl.Name, at: map[string]string{}, upper: rapid.Bool().Draw(t, "upper"), reached: map[string]bool{}}
		for _, f := range decl.Fields {
			c.fields = append(c.fields, f.Name)
		}
		c.deletes = slices.ContainsFunc(w.Orders, func(o erasure.Order) bool { return o.Address == conformance.AddressOf(c.name) && o.Delete })
		c.drawPlaces(t, p, decl, w.Documents[c.name])
		s.drawRows(t, c, w.Documents[c.name])
		s.named[c.name], s.order = c, append(s.order, c.name)
	}
	return s
}

// drawPlaces makes up where what documents are found by stands, and the form of the keys.
func (c *madeObjects) drawPlaces(t *rapid.T, p *dataset.Plan, decl dataset.Collection, docs []conformance.Document) {
	found := foundBy(p, conformance.AddressOf(c.name))
	var places []string
	for _, name := range append([]string{"_id"}, found...) {
		i := slices.IndexFunc(decl.Fields, func(f dataset.Field) bool { return f.Name == name && !f.Type.Array && len(f.Fields) == 0 })
		if i < 0 || c.at[name] != "" {
			continue
		}
		may := []string{"content", "tag", "metadata"}
		if name == "_id" || c.deletes { // what stands in a key can't be masked
			may = append(may, "key", "key")
		}
		if c.at[name] = rapid.SampledFrom(may).Draw(t, "at"); c.at[name] == "key" {
			places = append(places, name)
		}
	}
	c.all = slices.ContainsFunc(found, func(name string) bool { return c.at[name] != "key" }) || rapid.Bool().Draw(t, "all")
	c.marks = len(places) == 0 || len(places) == 1 && (places[0] == "_id" || len(found) == 1)
	c.whole = c.at["_id"] == "key" && wholeIDs(docs) && rapid.Bool().Draw(t, "whole")
	segments := []string{c.name}
	if len(places) > 0 {
		for _, place := range rapid.Permutation(places).Draw(t, "places") {
			segments = append(segments, rapid.SampledFrom([]string{"{%s}", "of-{%s}", "{%s}.d"}).Draw(t, "segment"))
			segments[len(segments)-1] = fmt.Sprintf(segments[len(segments)-1], place)
		}
	}
	if c.at["_id"] != "key" || rapid.Bool().Draw(t, "tail") {
		segments = append(segments, rapid.SampledFrom([]string{"*", "*.json", "**"}).Draw(t, "rest"))
	}
	c.form = strings.Join(segments, "/")
}

// foundBy are the fields by which a plan finds a collection's rows, as paths.
func foundBy(p *dataset.Plan, a dataset.Address) (out []string) {
	for _, step := range p.Steps {
		for _, e := range step.FoundBy {
			if name := strings.Join(e.Path, "."); step.Address == a && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// wholeIDs reports whether all ids are whole numbers.
func wholeIDs(docs []conformance.Document) bool {
	return !slices.ContainsFunc(docs, func(d conformance.Document) bool {
		switch d[0].Value.(type) {
		case int32, int64:
			return false
		}
		return true
	})
}

// drawRows makes up the keys: several documents may come to lie at one, the last of them on top, and a mark that it was deleted above them.
func (s *madeStore) drawRows(t *rapid.T, c *madeObjects, docs []conformance.Document) {
	odd := rapid.SampledFrom([]string{"", "ä ö", "+%41&=", "a@example.org", "'\"<>"}).Draw(t, "odd")
	for i, d := range docs {
		key := c.key(d, fmt.Sprintf("%s%d", odd, i))
		if i > 0 && s.versions && rapid.IntRange(0, 2).Draw(t, "above") == 0 {
			if before := c.rows[i-1]; c.key(docs[i-1], "") == c.key(d, "") {
				key, before.past = before.key, true
			}
		}
		c.rows = append(c.rows, &madeObject{n: i + 1, key: s.root + strings.TrimPrefix(key, s.root)})
	}
	for i, r := range c.rows {
		top := i == len(c.rows)-1 || c.rows[i+1].key != r.key
		if r.marked = top && s.versions && c.marks && rapid.IntRange(0, 3).Draw(t, "deleted") == 0; r.marked {
			r.past = true
		}
	}
}

// key is that of a document, with a name where the form has room for one.
func (c *madeObjects) key(d conformance.Document, name string) string {
	key := c.form
	for member, at := range c.at {
		if at == "key" {
			key = strings.ReplaceAll(key, "{"+member+"}", c.inKey(d, member))
		}
	}
	return strings.NewReplacer("**", "deep/"+name, "*", name).Replace(key)
}

// inKey is a member as it stands in a key.
func (c *madeObjects) inKey(d conformance.Document, name string) string {
	text := strings.ToLower(texted(d, name))
	if c.upper && name == "email" {
		text = strings.ToUpper(text)
	}
	if text == "" {
		return "nobody"
	}
	return text
}

// texted is a member as a text; empty when there is none.
func texted(d conformance.Document, name string) string {
	for _, m := range d {
		if m.Name == name && m.Value != nil {
			return fmt.Sprint(m.Value)
		}
	}
	return ""
}

// document says all this as the connector reads it.
func (s *madeStore) document() string {
	var b strings.Builder
	fmt.Fprintf(&b, "store:\n  name: Made up\n  url: URL\n  bucket: BUCKET\n  limits: {concurrency: %d}\n  collections:\n", s.concurrency)
	for _, name := range s.order {
		c := s.named[name]
		fmt.Fprintf(&b, "  - collection: d.%s\n    objects: %q\n", name, s.root+c.form)
		if c.all {
			b.WriteString("    search: all\n")
		}
		b.WriteString("    fields:\n")
		for _, field := range c.fields {
			switch c.at[field] {
			case "key":
				if field == "_id" && c.whole {
					b.WriteString("      _id: {type: integer}\n")
				}
			case "tag", "metadata":
				fmt.Fprintf(&b, "      %s: {%s: the-%s}\n", field, c.at[field], strings.Trim(field, "_"))
			default:
				fmt.Fprintf(&b, "      %s: {content: %s}\n", field, field)
			}
		}
	}
	return b.String()
}
