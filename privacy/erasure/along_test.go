package erasure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Somebody decides to keep the orders, with which other rows stay by the declaration: these stay for the same reason, what belongs to them too, and of
// the customer no more than what is needed.
func TestWhatStaysWithRowsThatWereDecidedToStay(t *testing.T) {
	t.Parallel()
	orders := dataset.Address{Dataset: "shop", Collection: "orders"}
	customers := dataset.ErasureTerms{Collection: "shop.customers", Method: dataset.DeleteRows, With: "shop.orders", Needs: []string{"name"}}
	lines := dataset.ErasureTerms{Collection: "shop.lines", Method: dataset.DeleteRows, With: "shop.orders"}
	cards := dataset.ErasureTerms{Collection: "shop.cards", With: "shop.lines"}
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
		c.Keep = []erasure.Decision{{Address: orders, Citation: "Art. 17(3)(e) GDPR", Reason: "a claim is announced"}}
	}, customers, lines, cards, term("visits", dataset.DeleteRows))
	for _, name := range []string{"orders", "lines", "customers", "cards"} {
		line := l.line(t, name)
		require.Empty(t, line.Problems, name)
		require.Equal(t, []erasure.Keeping{{Ground: erasure.KeptByReview, Name: "a claim is announced", Citation: privacy.Citation{Text: "Art. 17(3)(e) GDPR"}}}, line.Kept, name)
		require.False(t, line.Delete, name)
		require.Empty(t, line.Masks, name)
	}
	require.True(t, l.line(t, "visits").Delete)
	require.False(t, l.line(t, "lines").Touches())
	kept := l.line(t, "customers")
	var trimmed [][]string
	for _, m := range kept.Trim {
		trimmed = append(trimmed, m.Path)
	}
	require.Equal(t, [][]string{{"email"}, {"settings", "colour"}}, trimmed)
	require.Empty(t, kept.Days.Spans, "none of the rows goes")
	require.Equal(t, erasure.FateUnchanged, fates(kept)["name"])
	require.Equal(t, erasure.Fate(erasure.Random), fates(kept)["email"])
	l.draft.Settle([]erasure.Count{{Address: kept.Address, Own: 1, Undated: 1}, {Address: l.line(t, "lines").Address, Own: 7}}, []dataset.ErasureTerms{customers, lines, cards}, l.c)
	require.Equal(t, erasure.Rows{Own: 1, Kept: 1}, kept.Rows)
	require.Empty(t, kept.Problems)
	require.Equal(t, int64(7), l.line(t, "lines").Kept[0].Rows)
}

// A collection that is to stay with itself is a problem of the plan at that collection, and at no other.
func TestStayingWithItself(t *testing.T) {
	t.Parallel()
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Rules = []privacy.RetentionRule{german()} },
		dataset.ErasureTerms{Line: 7, Collection: "shop.orders", With: "shop.orders"}, dataset.ErasureTerms{Line: 8, Collection: "shop.lines", With: "shop.orders"})
	require.Equal(t, []erasure.Problem{{Code: erasure.ProblemTerms, Where: "erasure.shop.orders",
		What: "line 7 of the system's declaration: with names the collection itself, so that nothing says how long these rows stay",
		Do:   "name the collection whose rows these belong to, or give this one records and events"}}, l.line(t, "orders").Problems)
	require.Empty(t, l.line(t, "lines").Problems)
}
