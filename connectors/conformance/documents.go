package conformance

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// Document is one as a test makes it up: its members in their order.
type Document []Member

// MarshalJSON writes it with its members in their order.
func (d Document) MarshalJSON() ([]byte, error) {
	parts := make([]string, len(d))
	for i, m := range d {
		value, err := json.Marshal(m.Value)
		if err != nil {
			return nil, err
		}
		parts[i] = fmt.Sprintf("%q:%s", m.Name, value)
	}
	return []byte("{" + strings.Join(parts, ",") + "}"), nil
}

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

// drawMailbox makes an address up, every other one the person's.
func drawMailbox(t *rapid.T) any {
	some := mailboxes
	if rapid.Bool().Draw(t, "hers") {
		some = mailboxes[:2]
	}
	return rapid.SampledFrom(some).Draw(t, "mailbox")
}

// hers reports whether an address is the person's.
func hers(v any) bool {
	text, is := v.(string)
	return is && strings.EqualFold(text, "a@example.org")
}

// drawDocuments makes a world up, with lists in lists or without.
func drawDocuments(t *rapid.T, nested bool) *documentWorld {
	w, lists := &documentWorld{}, []int{0, 1}
	if nested {
		lists = append(lists, 2)
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "collections") {
		c := &randomCollection{name: fmt.Sprintf("c%d", i), ids: rapid.IntRange(0, len(idsOf(0))-1).Draw(t, "ids"), delete: rapid.Bool().Draw(t, "delete"), parts: rapid.Bool().Draw(t, "parts")}
		if i == 0 || rapid.IntRange(0, 2).Draw(t, "email") == 0 {
			c.ways = append(c.ways, drawWay(t, "email", nil, nested))
		}
		if i > 0 && rapid.IntRange(0, 2).Draw(t, "pointed") == 0 {
			c.pointer, c.claimed = rapid.SampledFrom(w.collections).Draw(t, "pointer"), rapid.Bool().Draw(t, "claimed")
		}
		if i > 0 && (len(c.ways) == 0 && c.pointer == nil || rapid.Bool().Draw(t, "owned")) {
			c.ways = append(c.ways, drawWay(t, "owner", rapid.SampledFrom(w.collections).Draw(t, "owner"), nested))
		}
		c.bodies = append(c.bodies, drawBody(t, "said", lists), drawBody(t, "told", lists))
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
	d := &randomDocument{n: n, id: idsOf(n)[c.ids], of: map[*way][]any{}, owners: map[*way][]*randomDocument{}, points: map[*randomCollection]*randomDocument{}, bare: map[*way]bool{}}
	for _, way := range c.ways {
		values := min(1, rapid.IntRange(0, 3).Draw(t, "values"))
		if way.place.listed() {
			values = rapid.IntRange(0, 3).Draw(t, "elements")
			d.bare[way] = way.place == inList && rapid.IntRange(0, 4).Draw(t, "bare") == 0
		}
		for range values {
			switch {
			case way.owner == nil:
				d.of[way] = append(d.of[way], drawMailbox(t))
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

// idsOf are ids of the types that a collection's may have. Numbers lie so close that floating point can't tell them apart, texts look like numbers that are the
// same.
func idsOf(n int) []any {
	return []any{int32(n), 1<<53 + int64(n), fmt.Sprintf("id.%d", n), ID(fmt.Sprintf("%024x", 0xabc000+n)), strings.Repeat("0", n-min(n, 1)) + "7"}
}

// otherwise writes an id as the programs of a company do that don't agree about types.
func otherwise(id any, other bool) any {
	switch id := id.(type) {
	case int32:
		if other {
			return int64(id)
		}
	case int64:
		if other {
			return fmt.Sprint(id)
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
		out = append(out, Member{b.path[0], b.spoken(d.said[2*i], d.said[2*i+1])}, Member{fmt.Sprintf("beside%d", i), 1.5})
	}
	return out
}

// annotate says what the world's fields are.
func (w *documentWorld) annotate() []dataset.Dataset {
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
			out.Fields = append(out.Fields, b.field())
		}
		d.Collections = append(d.Collections, out)
	}
	return []dataset.Dataset{d}
}
