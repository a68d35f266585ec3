package conformance

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// DocumentWorlds is a system in which databases of documents are made up, with the test's own way past the connector.
type DocumentWorlds struct {
	// Fill makes a collection of these documents, in place of the one that stands.
	Fill func(t require.TestingT, collection string, docs []Document)
	// Read gives a collection's documents whole, as extended JSON that keeps types apart (canonical).
	Read func(t require.TestingT, collection string) []string
	// Open returns an eraser that may write, with batches of so many documents.
	Open func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser
}

// RunDocumentWorlds is RunWorlds for databases of documents, in which what people are found by and what is said of them lies in documents and lists. The system is
// Blind and Loose.
func RunDocumentWorlds(t *testing.T, in DocumentWorlds) {
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		w := drawDocuments(t)
		for _, c := range w.collections {
			var docs []Document
			for _, d := range c.docs {
				docs = append(docs, d.document(c))
			}
			in.Fill(t, c.name, docs)
		}
		datasets := w.annotate()
		eraser := in.Open(t, datasets, rapid.IntRange(1, 4).Draw(t, "batch"))
		defer func() { require.NoError(t, eraser.Close()) }()
		g, err := dataset.NewGraph(datasets...)
		require.NoError(t, err)
		subject := Email("a@example.org")
		p, err := g.Plan(subject.Known())
		require.NoError(t, err)
		e := connectors.Errand{Selection: connectors.Selection{Plan: *p, Subject: subject}, Orders: w.orders(), Secret: []byte("0123456789abcdef0123456789abcdef")}
		w.freeze(ctx, t, eraser, &e)
		w.count(ctx, t, eraser, e)

		before := w.read(t, in)
		w.erase(ctx, t, eraser, e)
		for i, after := range w.read(t, in) {
			w.look(t, w.collections[i], before[i], after)
		}
		surveys, err := eraser.Survey(ctx, e)
		require.NoError(t, err)
		for _, s := range surveys {
			require.Zero(t, s.Left, s.Address)
		}
		again := NewLedger()
		require.NoError(t, eraser.Erase(ctx, e, again))
		require.Zero(t, again.Rows, "a second erasure changes nothing")
	})
}

// orders erases what is the person's.
func (w *documentWorld) orders() (out []erasure.Order) {
	for _, c := range slices.Backward(w.collections) { // what refers is later than what is referred to
		o := erasure.Order{Address: AddressOf(c.name), Delete: c.delete, Claimed: c.claimed}
		for _, b := range c.bodies {
			m := erasure.Mask{Path: b.path, Treatment: b.mask, Value: "gone"}
			if len(b.path) == 1 && b.path[0] == "texts" {
				m.Value = `["gone"]`
			}
			o.Masks = append(o.Masks, m)
		}
		for _, way := range c.ways {
			switch {
			case way.place.listed() && c.parts:
				o.Parts = append(o.Parts, erasure.Mask{Path: way.path()[:1], Treatment: erasure.Null, Elements: true})
			case way.place.listed() || way.owner != nil:
			default:
				o.Masks = append(o.Masks, erasure.Mask{Path: way.path(), Treatment: erasure.Random, Suffix: "@erased.invalid"})
			}
			if way.place.listed() && way.owner == nil {
				o.Masks = append(o.Masks, erasure.Mask{Path: way.path()[:1], Treatment: erasure.Null})
			}
		}
		if c.delete {
			o.Masks = nil
		}
		out = append(out, o)
	}
	return out
}

// freeze reads what stands in for the documents once they are erased, and looks whether it is what a reader of the annotation would say.
func (w *documentWorld) freeze(ctx context.Context, t *rapid.T, c connectors.Eraser, e *connectors.Errand) {
	sel := e.Selection
	sel.Own = true
	for _, step := range sel.Plan.Steps {
		for _, entry := range step.FoundBy {
			if entry.From != nil {
				sel.Exports = append(sel.Exports, *entry.From)
			}
		}
	}
	keys := len(sel.Exports)
	for _, c := range w.collections {
		sel.Exports = append(sel.Exports, dataset.FieldAddress{Address: AddressOf(c.name), Path: []string{"_id"}})
	}
	sets, err := c.Keys(ctx, sel)
	require.NoError(t, err)
	e.Keys, e.Roots = sets[:keys], sets[keys:]
	for i, c := range w.collections {
		want := []string{}
		for _, d := range c.docs {
			if w.own(c, d) {
				want = append(want, fmt.Sprint(d.id))
			}
		}
		require.ElementsMatch(t, want, sets[keys+i].Values, "whose the documents of %s are", c.name)
	}
}

// count compares what a survey says before anything is done.
func (w *documentWorld) count(ctx context.Context, t *rapid.T, eraser connectors.Eraser, e connectors.Errand) {
	surveys, err := eraser.Survey(ctx, e)
	require.NoError(t, err)
	require.Len(t, surveys, len(w.collections))
	for i, c := range slices.Backward(w.collections) {
		var own, parts int64
		for _, d := range c.docs {
			switch {
			case w.reached(c, d):
				own++
			case w.part(c, d):
				parts++
			}
		}
		s := surveys[len(w.collections)-1-i]
		require.Equal(t, AddressOf(c.name), s.Address)
		require.Equal(t, own, s.Own, c.name)
		require.Equal(t, parts, s.Parts, c.name)
	}
}

// erase begins again until the work comes to its end.
func (w *documentWorld) erase(ctx context.Context, t *rapid.T, c connectors.Eraser, e connectors.Errand) {
	for tries, stop := 0, rapid.IntRange(0, 3).Draw(t, "stop"); ; tries++ {
		l := NewLedger()
		if l.StopAfter = stop; tries > 3 {
			l.StopAfter = 0
		}
		err := c.Erase(ctx, e, l)
		if err == nil {
			return
		}
		require.ErrorIs(t, err, ErrLedger)
	}
}

// read gives each collection's documents by their numbers.
func (w *documentWorld) read(t *rapid.T, in DocumentWorlds) (out []map[int]map[string]any) {
	for _, c := range w.collections {
		docs := map[int]map[string]any{}
		for _, text := range in.Read(t, c.name) {
			var doc map[string]any
			require.NoError(t, json.Unmarshal([]byte(text), &doc))
			var n int
			_, err := fmt.Sscan(plainText(doc["n"]), &n)
			require.NoError(t, err)
			docs[n] = doc
		}
		out = append(out, docs)
	}
	return out
}

// look compares a collection's documents with what they were.
func (w *documentWorld) look(t *rapid.T, c *randomCollection, before, after map[int]map[string]any) {
	for _, d := range c.docs {
		was, now := before[d.n], after[d.n]
		switch {
		case w.reached(c, d) && c.delete:
			require.Nil(t, now, "document %d of %s", d.n, c.name)
		case w.reached(c, d):
			w.masked(t, c, d, was, now)
		case w.part(c, d) && c.parts:
			for _, way := range c.ways {
				if way.place.listed() {
					was[way.path()[0]] = w.without(way, d, was[way.path()[0]])
				}
			}
			require.Equal(t, was, now, "elements were taken out of document %d of %s, and nothing else", d.n, c.name)
		default:
			require.Equal(t, was, now, "somebody else's document %d of %s", d.n, c.name)
		}
		if !w.part(c, d) || c.parts {
			text, err := json.Marshal(now)
			require.NoError(t, err)
			require.NotContains(t, strings.ToLower(string(text)), `"a@example.org"`, "document %d of %s", d.n, c.name)
		}
	}
}

// masked wants a document of the person's to be what it was, but for what was masked, which says nothing of them any more.
func (w *documentWorld) masked(t *rapid.T, c *randomCollection, d *randomDocument, was, now map[string]any) {
	require.NotNil(t, now, "document %d of %s", d.n, c.name)
	text, err := json.Marshal(now)
	require.NoError(t, err)
	require.NotContains(t, string(text), Canary)
	for _, b := range c.bodies {
		cut(was, b.path)
		cut(now, b.path)
	}
	for _, way := range c.ways {
		if path := way.path(); way.owner == nil {
			if way.place.listed() {
				path = path[:1]
			}
			cut(was, path)
			cut(now, path)
		}
	}
	require.Equal(t, was, now, "what is not masked in document %d of %s", d.n, c.name)
}

// cut takes out what stands at the end of a path, through lists.
func cut(v any, path []string) {
	switch v := v.(type) {
	case map[string]any:
		if len(path) == 1 {
			delete(v, path[0])
			return
		}
		cut(v[path[0]], path[1:])
	case []any:
		for _, e := range v {
			cut(e, path)
		}
	}
}

// without is a list without the elements that are the person's.
func (w *documentWorld) without(of *way, d *randomDocument, list any) any {
	var gone []string
	for i, mine := range w.mine(of, d) {
		if mine {
			gone = append(gone, strings.ToLower(fmt.Sprint(d.of[of][i])))
		}
	}
	hit := func(v any) bool {
		if doc, is := v.(map[string]any); is && of.place == inDocuments {
			v = doc[of.name]
		}
		return slices.Contains(gone, strings.ToLower(plainText(v)))
	}
	items, is := list.([]any)
	if !is && hit(list) {
		return nil
	} else if !is {
		return list
	}
	return slices.DeleteFunc(slices.Clone(items), hit)
}

// plainText is a value of extended JSON as a text.
func plainText(v any) string {
	if typed, is := v.(map[string]any); is {
		for _, name := range []string{"$numberInt", "$numberLong", "$oid"} {
			if text, is := typed[name].(string); is {
				return text
			}
		}
	}
	text, _ := v.(string)
	return text
}
