package erasure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Art. 21(3) GDPR: a list of whom nobody writes to is not emptied by an erasure, whether or not people are taken off it some day and whatever is
// declared of it; of an entry no more stays than who it is. It stays for good, and waits for nothing.
func TestArt21AListIsNotEmptied(t *testing.T) {
	t.Parallel()
	for _, remove := range []bool{false, true} {
		l := lay(t, func(s *erasure.Site, _ *erasure.Circumstances) {
			s.Marks = []dataset.LimitTerms{
				{Collection: "shop.customers", Field: "tier", Kinds: []string{"sale"}, Set: "x"},
				{Collection: "shop.visits", List: "email", Kinds: []string{"direct_marketing"}, Remove: remove},
			}
		}, term("visits", dataset.DeleteRows), term("customers", dataset.DeleteRows))
		line := l.line(t, "visits")
		require.False(t, line.Delete)
		require.Empty(t, line.Masks)
		require.Equal(t, map[string]erasure.Fate{"email": erasure.FateUnchanged, "page": erasure.Fate(erasure.Null)}, fates(line))
		require.Len(t, line.Trim, 1)
		require.Equal(t, []string{"page"}, line.Trim[0].Path)
		require.Empty(t, l.line(t, "customers").Kept, "a field that is set makes no list")

		l.draft.Settle([]erasure.Count{{Address: dataset.Address{Dataset: "shop", Collection: "visits"}, Own: 2}}, nil, l.c)
		line = l.line(t, "visits")
		require.Equal(t, erasure.Rows{Own: 2, Kept: 2}, line.Rows)
		require.Equal(t, erasure.KeptOnList, line.Kept[0].Ground)
		require.Equal(t, "Art. 21(3) GDPR", line.Kept[0].Citation.Text)
		require.EqualValues(t, 2, line.Kept[0].Rows)
		require.Empty(t, l.draft.Left(), "nothing of it is erased later")
		require.Zero(t, l.draft.Rest(l.c.Now, l.c.Zone, privacy.Date{}, false))
	}
}

// A hold stands before the list, and keeps all of the entry.
func TestAHoldOnAListKeepsAllOfTheEntry(t *testing.T) {
	t.Parallel()
	l := lay(t, func(s *erasure.Site, c *erasure.Circumstances) {
		s.Marks = []dataset.LimitTerms{{Collection: "shop.visits", List: "email", Kinds: []string{"direct_marketing"}}}
		c.Holds = []erasure.Hold{{ID: "h", Matter: "a claim"}}
	})
	require.Equal(t, erasure.KeptByHold, l.line(t, "visits").Kept[0].Ground)
	require.False(t, l.line(t, "visits").Touches())
}
