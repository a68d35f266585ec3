package conformance

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Document is one as a test makes it up: its members in their order.
type Document []Member

// Member is a field of one. Its value is nil, a bool, int32, int64, float64, string, ID, time.Time, []any or Document.
type Member struct {
	Name  string
	Value any
}

// ID is a value that is 24 hexadecimal digits as a text, and of a type of its own in databases that have one for them.
type ID string

// documentWorld is a small database of documents made up at random, with what a reader of the annotation would say about whose each is.
type documentWorld struct {
	collections []*randomCollection
}

// randomCollection is found by ways, and pointed at by another one's documents. What its documents say stands in bodies.
type randomCollection struct {
	name    string
	ways    []*way
	pointer *randomCollection // whose documents point at its documents
	bodies  []body
	ids     int // the type of its ids
	docs    []*randomDocument
	delete  bool
	parts   bool // elements are taken out of others' lists
	claimed bool
}

// way is a field by which documents are found: the e-mail address of a person, or the id of a document of an earlier collection.
type way struct {
	owner *randomCollection // nil for an address
	place place
	name  string
}

// place is where in a document a field lies.
type place int

const (
	atTop place = iota
	inDocument
	inList
	inDocuments
)

// listed reports whether it is among others: then single elements are somebody's, and not the document.
func (p place) listed() bool { return p >= inList }

// path leads to a way's values; field to what is annotated at the top.
func (w *way) path() []string {
	if w.place == inDocument || w.place == inDocuments {
		return []string{"in_" + w.name, w.name}
	}
	return []string{w.name}
}

// body is a field that is masked.
type body struct {
	path []string
	mask erasure.Treatment
}

// randomDocument is one with its values: of each way a list, of which those that are not listed have one at most.
type randomDocument struct {
	n      int
	id     any
	of     map[*way][]any
	owners map[*way][]*randomDocument
	points map[*randomCollection]*randomDocument
	bare   map[*way]bool // a single value where a list is declared
	said   []any
}

// mailboxes are addresses, of which the first are the person's.
var mailboxes = []any{"a@example.org", "A@Example.ORG", "b@example.org", "xa@example.org", "a@example.org.example.net", "a@exampleXorg", `{"$ne": null}`, "", nil}

// hers reports whether an address is the person's.
func hers(v any) bool {
	text, is := v.(string)
	return is && strings.EqualFold(text, "a@example.org")
}

// drawDocuments makes a world up.
func drawDocuments(t *rapid.T) *documentWorld {
	w := &documentWorld{}
	for i := range rapid.IntRange(1, 4).Draw(t, "collections") {
		c := &randomCollection{name: fmt.Sprintf("c%d", i), ids: rapid.IntRange(0, 3).Draw(t, "ids"), delete: rapid.Bool().Draw(t, "delete"), parts: rapid.Bool().Draw(t, "parts")}
		where := func() place { return place(rapid.IntRange(0, 3).Draw(t, "place")) }
		if i == 0 || rapid.IntRange(0, 2).Draw(t, "email") == 0 {
			c.ways = append(c.ways, &way{name: "email", place: where()})
		}
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "pointed") == 0 {
			c.pointer, c.claimed = rapid.SampledFrom(w.collections).Draw(t, "pointer"), rapid.Bool().Draw(t, "claimed")
		}
		if i > 0 && (len(c.ways) == 0 && c.pointer == nil || rapid.Bool().Draw(t, "owned")) {
			c.ways = append(c.ways, &way{owner: rapid.SampledFrom(w.collections).Draw(t, "owner"), name: "owner", place: where()})
		}
		for _, path := range rapid.Permutation([][]string{{"body"}, {"inside", "body"}, {"list", "body"}, {"texts"}, {"far", "in", "texts"}}).Draw(t, "bodies")[:2] {
			c.bodies = append(c.bodies, body{path, rapid.SampledFrom(erasure.Treatments()).Draw(t, "mask")})
		}
		w.collections = append(w.collections, c)
	}
	for _, c := range w.collections {
		for i := range rapid.IntRange(0, 6).Draw(t, "documents") {
			c.docs = append(c.docs, c.draw(t, i+1))
		}
		if c.pointer == nil || len(c.docs) == 0 {
			continue
		}
		for _, from := range c.pointer.docs {
			if rapid.IntRange(0, 2).Draw(t, "points") > 0 {
				from.points[c] = rapid.SampledFrom(c.docs).Draw(t, "pointed document")
			}
		}
	}
	return w
}

// draw makes a document up.
func (c *randomCollection) draw(t *rapid.T, n int) *randomDocument {
	d := &randomDocument{n: n, id: idOf(c.ids, n), of: map[*way][]any{}, owners: map[*way][]*randomDocument{}, points: map[*randomCollection]*randomDocument{}, bare: map[*way]bool{}}
	for _, way := range c.ways {
		most := 1
		if way.place.listed() {
			most = 3
			d.bare[way] = way.place == inList && rapid.IntRange(0, 4).Draw(t, "bare") == 0
		}
		for range rapid.IntRange(0, most).Draw(t, "values") {
			switch {
			case way.owner == nil:
				d.of[way] = append(d.of[way], rapid.SampledFrom(mailboxes).Draw(t, "mailbox"))
			case len(way.owner.docs) > 0:
				owner := rapid.SampledFrom(way.owner.docs).Draw(t, "owner document")
				d.owners[way] = append(d.owners[way], owner)
				d.of[way] = append(d.of[way], otherwise(owner.id, rapid.Bool().Draw(t, "written otherwise")))
			}
		}
		if d.bare[way] && len(d.of[way]) > 1 {
			d.of[way] = d.of[way][:1]
			d.owners[way] = d.owners[way][:min(1, len(d.owners[way]))]
		}
	}
	for range 4 {
		said := fmt.Sprintf("%s %s %d $set {\"a\": 1} ñ'", Canary, c.name, n)
		d.said = append(d.said, rapid.SampledFrom([]any{said, said + "\n", 4711.5, int64(12), nil}).Draw(t, "said"))
	}
	return d
}

// idOf is an id of one of four types.
func idOf(kind, n int) any {
	return []any{int32(n), 1 << 40 * int64(n), fmt.Sprintf("id.%d", n), ID(fmt.Sprintf("%024x", 0xabc000+n))}[kind]
}

// otherwise writes an id as the programs of a company do that don't agree about types.
func otherwise(id any, other bool) any {
	switch id := id.(type) {
	case int32:
		if other {
			return int64(id)
		}
	case ID:
		if other {
			return string(id)
		}
	}
	return id
}

// own says whether a document is the person's by what stands in it and what refers to it; what is only pointed at is somebody else's.
func (w *documentWorld) own(c *randomCollection, d *randomDocument) bool {
	for _, way := range c.ways {
		if !way.place.listed() && slices.ContainsFunc(w.mine(way, d), func(mine bool) bool { return mine }) {
			return true
		}
	}
	return false
}

// mine says of each value of a way whether it is the person's, or a document's of theirs.
func (w *documentWorld) mine(of *way, d *randomDocument) (out []bool) {
	for i, v := range d.of[of] {
		out = append(out, of.owner == nil && hers(v) || of.owner != nil && w.own(of.owner, d.owners[of][i]))
	}
	return out
}

// reached says whether an order for the collection goes to a document as one of the person's: the claimed ones too that their documents point at.
func (w *documentWorld) reached(c *randomCollection, d *randomDocument) bool {
	return w.own(c, d) || c.claimed && slices.ContainsFunc(c.pointers(), func(from *randomDocument) bool { return from.points[c] == d && w.own(c.pointer, from) })
}

func (c *randomCollection) pointers() []*randomDocument {
	if c.pointer == nil {
		return nil
	}
	return c.pointer.docs
}

// part says whether elements of somebody else's document are the person's.
func (w *documentWorld) part(c *randomCollection, d *randomDocument) bool {
	return !w.reached(c, d) && slices.ContainsFunc(c.ways, func(way *way) bool { return way.place.listed() && slices.Contains(w.mine(way, d), true) })
}

// document is what is put into the database. What is not annotated stands between what is.
func (d *randomDocument) document(c *randomCollection) Document {
	out := Document{{"_id", d.id}, {"n", int32(d.n)}, {"made", time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.UTC)}}
	for _, way := range c.ways {
		if value, there := d.written(way); there {
			out = append(out, Member{way.path()[0], value})
		}
	}
	for to, row := range d.points {
		out = append(out, Member{"to_" + to.name, row.id})
	}
	slices.SortFunc(out[3:], func(a, b Member) int { return strings.Compare(a.Name, b.Name) })
	for i, b := range c.bodies {
		out = append(out, Member{b.path[0], spoken(b.path, d.said[2*i], d.said[2*i+1])}, Member{fmt.Sprintf("beside%d", i), 1.5})
	}
	return out
}

// written is what a way's field holds.
func (d *randomDocument) written(of *way) (any, bool) {
	values := d.of[of]
	switch {
	case len(values) == 0 && !of.place.listed():
		return nil, false
	case of.place == atTop || d.bare[of] && len(values) > 0:
		return values[0], true
	case of.place == inDocument:
		return Document{{"since", int64(7)}, {of.name, values[0]}, {"until", nil}}, true
	case of.place == inList:
		return slices.Concat([]any{}, values), true
	}
	list := []any{Document{{"note", "nobody"}}, "loose"}
	for _, v := range values {
		list = append(list, Document{{of.name, v}, {"score", 2.5}})
	}
	return list, true
}

// spoken is what a body's field holds, around two values.
func spoken(path []string, one, other any) any {
	switch strings.Join(path, ".") {
	case "body":
		return one
	case "inside.body":
		return Document{{"since", int64(7)}, {"body", one}, {"flag", true}}
	case "list.body":
		return []any{Document{{"body", one}, {"rank", int32(1)}}, Document{{"rank", int64(2)}}, nil, Document{{"body", other}}}
	case "texts":
		return []any{one, other}
	}
	return Document{{"in", []any{Document{{"texts", []any{one, other}}, {"rank", 0.5}}, Document{{"texts", other}}}}}
}

// annotate says what the world's fields are.
func (w *documentWorld) annotate() []dataset.Dataset {
	text, objects := dataset.DataType{Base: dataset.String}, dataset.DataType{Base: dataset.Object, Array: true}
	d := dataset.Dataset{Key: "d"}
	for _, c := range w.collections {
		out := dataset.Collection{Name: c.name, Fields: []dataset.Field{{Name: "_id", PrimaryKey: true}}}
		for _, way := range c.ways {
			out.Fields = append(out.Fields, way.field())
		}
		for _, to := range w.collections {
			if to.pointer == c {
				out.Fields = append(out.Fields, dataset.Field{Name: "to_" + to.name, References: []dataset.Reference{{Dataset: "d", Field: to.name + "._id", Direction: dataset.To}}})
			}
		}
		for _, b := range c.bodies {
			last := dataset.Field{Name: b.path[len(b.path)-1], Type: text}
			last.Type.Array = last.Name == "texts"
			switch len(b.path) {
			case 2:
				last = dataset.Field{Name: b.path[0], Type: dataset.DataType{Base: dataset.Object, Array: b.path[0] == "list"}, Fields: []dataset.Field{last}}
			case 3:
				last = dataset.Field{Name: b.path[0], Type: dataset.DataType{Base: dataset.Object}, Fields: []dataset.Field{{Name: b.path[1], Type: objects, Fields: []dataset.Field{last}}}}
			}
			out.Fields = append(out.Fields, last)
		}
		d.Collections = append(d.Collections, out)
	}
	return []dataset.Dataset{d}
}

// field annotates a way.
func (w *way) field() dataset.Field {
	f := dataset.Field{Name: w.name}
	if w.owner == nil {
		f.Identity = "email"
	} else {
		f.References = []dataset.Reference{{Dataset: "d", Field: w.owner.name + "._id", Direction: dataset.From}}
	}
	switch w.place {
	case inList:
		f.Type = dataset.DataType{Base: dataset.String, Array: true}
	case inDocument, inDocuments:
		f = dataset.Field{Name: w.path()[0], Type: dataset.DataType{Base: dataset.Object, Array: w.place == inDocuments}, Fields: []dataset.Field{f}}
	case atTop:
	}
	return f
}
