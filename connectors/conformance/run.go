package conformance

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Open fills a new system with a setup and returns a connector to it.
type Open func(t *testing.T, s Setup) connectors.Connector

// bench is one test's system.
type bench struct {
	Traits
	Setup
	connectors.Connector
	sel connectors.Selection
}

// Run runs every test of the contract, each on a system of its own.
func Run(t *testing.T, open Open, of ...Traits) {
	traits := traitsOf(of)
	for name, test := range map[string]func(*testing.T, *bench){
		"test finds nothing wrong":                 testHealthy,
		"the person's rows arrive, typed":          testRows,
		"no neighbour's row arrives":               testNeighbours,
		"parts are bounded and the order is fixed": testParts,
		"a stop at any part resumes exactly":       testResume,
		"a finished collection is not read again":  testDone,
		"a foreign cursor is refused":              testForeignCursor,
		"preview counts what collect delivers":     testPreview,
		"keys are exported and bounded":            testKeys,
		"handed keys find rows":                    testHandedKeys,
		"nobody found is no error":                 testNobody,
		"a selection that doesn't fit is refused":  testBadSelection,
		"a cancelled context stops the work":       testCancel,
		"values beyond the limit leave a marker":   testOversize,
		"the sink's errors come through":           testSinkError,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := setup(t, traits)
			c := open(t, s)
			t.Cleanup(func() { require.NoError(t, c.Close()) })
			test(t, &bench{Traits: traits, Setup: s, Connector: c, sel: selection(t, s.Datasets)})
		})
	}
}

// selection plans for the tests' person.
func selection(t *testing.T, datasets []dataset.Dataset) connectors.Selection {
	t.Helper()
	g, err := dataset.NewGraph(datasets...)
	require.NoError(t, err)
	subject := connectors.Subject{Identities: map[string][]string{"email": {subjectEmail}}}
	plan, err := g.Plan(subject.Known())
	require.NoError(t, err)
	return connectors.Selection{Plan: *plan, Subject: subject}
}

// at is the address of a fixture's collection.
func at(name string) dataset.Address { return dataset.Address{Dataset: "fixture", Collection: name} }

// collect runs one whole collection.
func (b *bench) collect(t *testing.T) *Recorder {
	t.Helper()
	r := NewRecorder()
	require.NoError(t, b.Collect(t.Context(), b.sel, r))
	return r
}

func testHealthy(t *testing.T, b *bench) { require.NoError(t, b.Test(t.Context())) }

func testRows(t *testing.T, b *bench) {
	r := b.collect(t)
	require.Equal(t, []dataset.Address{at("people"), at("visits"), at("purchases"), at("items")}, r.Order)
	rows := r.Kept[at("people")]
	require.Len(t, rows, 2)
	require.Equal(t, people(b.Traits).Rows[2], rows[0])
	require.Equal(t, people(b.Traits).Rows[1][:10], rows[1][:10])
	var names []string
	for _, c := range r.Openings[at("people")].Columns {
		names = append(names, c.Name)
	}
	require.Equal(t, []string{"id", "email", "name", "score", "born", "joined", "active", "avatar", "settings", "tags", "note"}, names)
	require.Equal(t, []string{"user.account.settings"}, r.Openings[at("people")].Columns[8].Categories)
}

func testNeighbours(t *testing.T, b *bench) {
	r := b.collect(t)
	require.Len(t, r.Kept[at("purchases")], 50)
	require.Len(t, r.Kept[at("visits")], 40)
	for _, row := range r.Kept[at("purchases")] {
		require.Equal(t, int64(1), row[2].Int64())
	}
	for _, row := range r.Kept[at("visits")] {
		require.Equal(t, "ana.ruiz@example.org", row[0].Raw())
	}
	require.Len(t, r.Kept[at("items")], 40, "the even items, which the person bought")
}

func testParts(t *testing.T, b *bench) {
	first, second := b.collect(t), b.collect(t)
	require.Equal(t, first.Kept, second.Kept)
	require.GreaterOrEqual(t, first.Parts[at("purchases")], 50/batchRows)
	for a, total := range first.Totals {
		require.Equal(t, total, int64(len(first.Kept[a])))
		require.Equal(t, total, first.Openings[a].Total)
	}
	byKey := func(x, y connectors.Row) int {
		if c := strings.Compare(x[0].Raw(), y[0].Raw()); c != 0 {
			return c
		}
		return int(x[1].Int64() - y[1].Int64())
	}
	require.True(t, slices.IsSortedFunc(first.Kept[at("purchases")], byKey))
}

func testResume(t *testing.T, b *bench) {
	whole := b.collect(t)
	parts := 0
	for _, n := range whole.Parts {
		parts += n
	}
	for stop := 1; stop < parts; stop++ {
		r := NewRecorder()
		r.Again(stop)
		require.ErrorIs(t, b.Collect(t.Context(), b.sel, r), ErrStop)
		r.Again(0)
		require.NoError(t, b.Collect(t.Context(), b.sel, r))
		require.Equal(t, whole.Kept, r.Kept, "stopped after part %d", stop)
		require.Equal(t, whole.Totals, r.Totals)
	}
}

func testDone(t *testing.T, b *bench) {
	r := b.collect(t)
	parts := r.parts
	r.open = nil
	require.NoError(t, b.Collect(t.Context(), b.sel, r))
	require.Equal(t, parts, r.parts)
}

func testForeignCursor(t *testing.T, b *bench) {
	r := b.collect(t)
	again := NewRecorder()
	again.cursors[at("people")] = r.cursors[at("purchases")]
	require.ErrorIs(t, b.Collect(t.Context(), b.sel, again), connectors.ErrCursor)
	again = NewRecorder()
	again.cursors[at("people")] = "{"
	require.ErrorIs(t, b.Collect(t.Context(), b.sel, again), connectors.ErrCursor)
}

func testPreview(t *testing.T, b *bench) {
	r := b.collect(t)
	counts, err := b.Preview(t.Context(), b.sel)
	require.NoError(t, err)
	require.Len(t, counts, 4)
	for i, c := range counts {
		require.Equal(t, b.sel.Plan.Steps[i].Address, c.Address)
		require.Equal(t, r.Totals[c.Address], c.Rows)
	}
	b.sel.Only = []dataset.Address{at("items")}
	counts, err = b.Preview(t.Context(), b.sel)
	require.NoError(t, err)
	require.Equal(t, []connectors.CollectionCount{{Address: at("items"), Rows: 40}}, counts)
}

func testKeys(t *testing.T, b *bench) {
	b.sel.Exports = []dataset.FieldAddress{{Address: at("people"), Path: []string{"id"}}, {Address: at("purchases"), Path: []string{"shop"}}}
	sets, err := b.Keys(t.Context(), b.sel)
	require.NoError(t, err)
	require.Equal(t, []connectors.KeySet{
		{Field: b.sel.Exports[0], Values: []string{"1", "2"}},
		{Field: b.sel.Exports[1], Values: []string{"shop '0'", "shop '1'", "shop '2'"}},
	}, sets)
	b.sel.Exports = []dataset.FieldAddress{{Address: at("purchases"), Path: []string{"number"}}}
	_, err = b.Keys(t.Context(), b.sel)
	require.ErrorIs(t, err, connectors.ErrTooManyKeys, "fifty numbers")
}

func testHandedKeys(t *testing.T, b *bench) {
	other := dataset.FieldAddress{Address: dataset.Address{Dataset: "elsewhere", Collection: "accounts"}, Path: []string{"id"}}
	i := slices.IndexFunc(b.sel.Plan.Steps, func(s dataset.Step) bool { return s.Address == at("purchases") })
	b.sel.Plan.Steps[i].FoundBy = []dataset.Entry{{Path: []string{"person_id"}, From: &other}}
	_, err := b.Preview(t.Context(), b.sel)
	require.ErrorIs(t, err, connectors.ErrSelection, "keys that were not handed over")

	b.sel.Keys = []connectors.KeySet{{Field: other, Values: []string{"3"}}}
	b.sel.Only = []dataset.Address{at("purchases")}
	counts, err := b.Preview(t.Context(), b.sel)
	require.NoError(t, err)
	require.Equal(t, int64(50), counts[0].Rows)

	b.sel.Keys[0].Values = []string{Canary}
	_, err = b.Preview(t.Context(), b.sel)
	require.ErrorIs(t, err, connectors.ErrType)
	require.NotContains(t, err.Error(), Canary)

	b.sel.Keys[0].Values = make([]string, keyLimit+1)
	_, err = b.Preview(t.Context(), b.sel)
	require.ErrorIs(t, err, connectors.ErrTooManyKeys)
}

func testNobody(t *testing.T, b *bench) {
	b.sel.Subject.Identities["email"] = []string{"' OR true --", `nobody"@example.org`, "%"}
	r := b.collect(t)
	for _, a := range []string{"people", "purchases", "items", "visits"} {
		total, closed := r.Totals[at(a)]
		require.True(t, closed)
		require.Zero(t, total)
	}
}

func testBadSelection(t *testing.T, b *bench) {
	refused := func(sel connectors.Selection) {
		t.Helper()
		require.ErrorIs(t, b.Collect(t.Context(), sel, NewRecorder()), connectors.ErrSelection)
	}
	noValue := b.sel
	noValue.Subject = connectors.Subject{}
	refused(noValue)
	elsewhere := b.sel
	elsewhere.Only = []dataset.Address{{Dataset: "elsewhere", Collection: "people"}}
	refused(elsewhere)
	zero := b.sel
	zero.Subject = connectors.Subject{Identities: map[string][]string{"email": {Canary + "\x00"}}}
	refused(zero)
	backwards := b.sel
	backwards.Plan.Steps = slices.Clone(b.sel.Plan.Steps)
	slices.Reverse(backwards.Plan.Steps)
	refused(backwards)
}

func testCancel(t *testing.T, b *bench) {
	ctx, cancel := context.WithCancel(t.Context())
	r := NewRecorder()
	r.OnBegin = func(connectors.Opening) { cancel() }
	require.ErrorIs(t, b.Collect(ctx, b.sel, r), context.Canceled)
}

func testOversize(t *testing.T, b *bench) {
	rows := b.collect(t).Kept[at("people")]
	require.Equal(t, connectors.KindText, rows[0][10].Kind(), "a value of exactly the limit is delivered")
	marker := rows[1][10]
	require.Equal(t, connectors.KindOversize, marker.Kind())
	require.Equal(t, int64(valueLimit+1), marker.Int64())
	require.Equal(t, strings.Repeat("x", 200), marker.Raw())
}

func testSinkError(t *testing.T, b *bench) {
	full := errors.New("disk full")
	require.ErrorIs(t, b.Collect(t.Context(), b.sel, failing{NewRecorder(), full}), full)
}

// failing is a sink that can't close a collection.
type failing struct {
	*Recorder
	err error
}

// End fails.
func (f failing) End(context.Context, dataset.Address, int64) error { return f.err }
