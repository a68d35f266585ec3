package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// DocumentWorlds is a system in which collections of documents are made up, with the test's own way past the connector.
type DocumentWorlds struct {
	// Fill makes a collection of these documents, in place of the one that stands.
	Fill func(t require.TestingT, collection string, docs []Document)
	// Read gives a collection's documents whole, as JSON, or as extended JSON that keeps types apart (canonical).
	Read func(t require.TestingT, collection string) []string
	// Open returns an eraser that may write, with batches of so many documents.
	Open func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser
	// Nested says that lists may lie in lists directly.
	Nested bool
	// Draw makes up how the system holds a world, before it is filled; nil where there is one way.
	Draw func(t *rapid.T, w DocumentWorld)
	// Break has the system break the next try off, or make it difficult: it gives the context to erase in, and what tells whether an error is how that ended. The
	// try has an eraser of its own, opened after. Nil where only the ledger stops.
	Break func(ctx context.Context, t *rapid.T) (context.Context, func(error) bool)
	// Mend ends what Break began.
	Mend func()
	// Past says of a document that it lies there only as it once was: what is to be changed in it goes as a whole. Nil where there are none.
	Past func(collection string, n int) bool
	// Beside counts what is the person's beside documents, where these documents are; nil where there is nothing.
	Beside func(collection string, reached func(n int) bool) int64
}

// DocumentWorld is what was made up: how the documents are annotated, what they say, and what becomes of them.
type DocumentWorld struct {
	Datasets  []dataset.Dataset
	Orders    []erasure.Order
	Documents map[string][]Document
}

// RunDocumentWorlds is RunWorlds for databases of documents, services and stores, in which what people are found by and what is said of them lies in
// documents and lists. The system is Blind and Loose.
func RunDocumentWorlds(t *testing.T, in DocumentWorlds) {
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		w := drawDocuments(t, in.Nested)
		datasets := w.annotate()
		w.fill(t, in, datasets)
		rows := rapid.IntRange(1, 4).Draw(t, "batch")
		eraser := in.Open(t, datasets, rows)
		defer func() { require.NoError(t, eraser.Close()) }()
		g, err := dataset.NewGraph(datasets...)
		require.NoError(t, err)
		subject := Email("a@example.org")
		p, err := g.Plan(subject.Known())
		require.NoError(t, err)
		e := connectors.Errand{Selection: connectors.Selection{Plan: *p, Subject: subject}, Orders: w.orders(), Secret: []byte("0123456789abcdef0123456789abcdef")}
		w.freeze(ctx, t, eraser, &e)
		w.count(ctx, t, in, eraser, e)

		before := w.read(t, in)
		w.erase(ctx, t, in, rows, e)
		for i, after := range w.read(t, in) {
			w.look(t, in, w.collections[i], before[i], after)
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
			if len(b.path) == 1 && b.lists[0] > 0 {
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
func (w *documentWorld) count(ctx context.Context, t *rapid.T, in DocumentWorlds, eraser connectors.Eraser, e connectors.Errand) {
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
		if in.Beside != nil {
			own += in.Beside(c.name, func(n int) bool { return w.reached(c, c.docs[n-1]) })
		}
		s := surveys[len(w.collections)-1-i]
		require.Equal(t, AddressOf(c.name), s.Address)
		require.Equal(t, own, s.Own, c.name)
		require.Equal(t, parts, s.Parts, c.name)
	}
}

// fill puts the world into the system.
func (w *documentWorld) fill(t *rapid.T, in DocumentWorlds, datasets []dataset.Dataset) {
	made := DocumentWorld{Datasets: datasets, Orders: w.orders(), Documents: map[string][]Document{}}
	for _, c := range w.collections {
		for _, d := range c.docs {
			made.Documents[c.name] = append(made.Documents[c.name], d.document(c))
		}
	}
	if in.Draw != nil {
		in.Draw(t, made)
	}
	for _, c := range w.collections {
		in.Fill(t, c.name, made.Documents[c.name])
	}
}

// erase begins again until the work comes to its end, each time as a worker does that was started anew.
func (w *documentWorld) erase(ctx context.Context, t *rapid.T, in DocumentWorlds, rows int, e connectors.Errand) {
	stop := rapid.IntRange(0, 3).Draw(t, "stop")
	for tries := range 5 {
		if w.try(ctx, t, in, rows, e, stop, tries < 4) {
			return
		}
	}
	require.Fail(t, "an erasure that nothing stops comes to no end")
}

// try erases once, and says whether that came to its end; broken off it may be where there are tries left.
func (w *documentWorld) try(ctx context.Context, t *rapid.T, in DocumentWorlds, rows int, e connectors.Errand, stop int, breaks bool) bool {
	explained := func(error) bool { return false }
	l := NewLedger()
	if breaks {
		l.StopAfter = stop
		if in.Break != nil {
			ctx, explained = in.Break(ctx, t)
		}
	}
	eraser := in.Open(t, w.annotate(), rows)
	defer func() { require.NoError(t, eraser.Close()) }()
	err := eraser.Erase(ctx, e, l)
	if in.Mend != nil {
		in.Mend()
	}
	if err == nil {
		return true
	}
	require.NotContains(t, err.Error(), Canary)
	require.NotContains(t, err.Error(), "example.org")
	require.True(t, errors.Is(err, ErrLedger) || explained(err), "%+v", err)
	return false
}
