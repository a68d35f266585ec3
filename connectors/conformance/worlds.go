package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Worlds is a system in which databases are made up, with the test's own way past the connector.
type Worlds struct {
	// Schema is where they are made, one after the other.
	Schema string
	// Email is the type of a column with an address.
	Email string
	// Empty makes the schema, in place of the one that stands.
	Empty func(t require.TestingT)
	Run   func(t require.TestingT, statement string)
	// Rows writes a table's rows out whole, by their id.
	Rows func(t require.TestingT, table string) map[int]string
	// Open returns an eraser that may write, with batches of so many rows.
	Open func(t require.TestingT, datasets []dataset.Dataset, rows int) connectors.Eraser
}

func (in Worlds) path(t *randomTable) string { return in.Schema + "." + t.name }

// RunWorlds erases the person in databases made up at random, stopping where it likes, and looks through all that is left: what was the person's is gone or
// treated, and every row of others is what it was.
func RunWorlds(t *testing.T, in Worlds) {
	ctx := t.Context()
	rapid.Check(t, func(t *rapid.T) {
		w := draw(t)
		datasets := w.make(t, in)
		c := in.Open(t, datasets, rapid.IntRange(1, 4).Draw(t, "batch"))
		defer func() { require.NoError(t, c.Close()) }()
		g, err := dataset.NewGraph(datasets...)
		require.NoError(t, err)
		subject := connectors.Subject{Identities: map[string][]string{"email": {"a@example.org"}}}
		p, err := g.Plan(subject.Known())
		require.NoError(t, err)
		e := connectors.Errand{Selection: connectors.Selection{Plan: *p, Subject: subject}, Orders: w.orders(), Secret: []byte("0123456789abcdef0123456789abcdef")}
		w.freeze(ctx, t, c, &e)

		before := map[*randomTable]map[int]string{}
		for _, table := range w.tables {
			before[table] = in.Rows(t, table.name)
		}
		if !w.erase(ctx, t, c, e) {
			return
		}
		for _, table := range w.tables {
			w.look(t, table, before[table], in.Rows(t, table.name))
		}
		surveys, err := c.Survey(ctx, e)
		require.NoError(t, err)
		for _, s := range surveys {
			require.Zero(t, s.Left, s.Address)
		}
	})
}

// erase begins again until the work comes to its end, or to one that a foreign key puts to it: then it returns false.
func (w *world) erase(ctx context.Context, t *rapid.T, c connectors.Eraser, e connectors.Errand) bool {
	for tries, stop := 0, rapid.IntRange(0, 3).Draw(t, "stop"); ; tries++ {
		l := NewLedger()
		if l.StopAfter = stop; tries > 3 {
			l.StopAfter = 0
		}
		err := c.Erase(ctx, e, l)
		if err == nil {
			return true
		}
		if errors.Is(err, connectors.ErrConstraint) {
			w.constrained(t, err)
			return false
		}
		require.ErrorIs(t, err, ErrLedger)
	}
}

// freeze reads what stands in for the rows once they are erased, as whoever leads an erasure does before it begins.
func (w *world) freeze(ctx context.Context, t *rapid.T, c connectors.Eraser, e *connectors.Errand) {
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
	for _, table := range w.tables {
		sel.Exports = append(sel.Exports, dataset.FieldAddress{Address: table.address(), Path: []string{"id"}})
	}
	sets, err := c.Keys(ctx, sel)
	require.NoError(t, err)
	e.Keys, e.Roots = sets[:keys], sets[keys:]
	for i, table := range w.tables {
		var want []string
		for _, r := range table.rows {
			if w.own(table, r) {
				want = append(want, fmt.Sprint(r.id))
			}
		}
		require.ElementsMatch(t, want, sets[keys+i].Values, "whose the rows of %s are", table.name)
	}
}

// constrained is right only where rows are deleted to which others refer that stay.
func (w *world) constrained(t *rapid.T, err error) {
	require.NotContains(t, err.Error(), "Canary")
	require.True(t, slices.ContainsFunc(w.tables, func(table *randomTable) bool {
		return table.delete && slices.ContainsFunc(w.tables, func(o *randomTable) bool { return o.fk || table.fk })
	}), "%v", err)
}

// look compares a table's rows with what they were.
func (w *world) look(t *rapid.T, table *randomTable, before, after map[int]string) {
	for _, r := range table.rows {
		now, there := after[r.id]
		switch {
		case !w.own(table, r):
			require.Equal(t, before[r.id], now, "somebody else's row %d of %s", r.id, table.name)
		case table.delete:
			require.False(t, there, "row %d of %s", r.id, table.name)
		default:
			require.True(t, there)
			require.NotContains(t, now, "Canary")
			require.False(t, table.email && strings.Contains(now, "A@example.org"))
		}
	}
}
