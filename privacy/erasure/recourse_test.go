package erasure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// complaint is a recourse that keeps what a request was about until 1 May 2027; the drafts are of 22 November 2026.
func complaint(systems ...string) erasure.Recourse {
	return erasure.Recourse{
		Request: "DR-2026-7K3M", Systems: systems, Until: privacy.NewDate(2027, 5, 1), Citation: privacy.Citation{Text: "PIPEDA ss.8(8), 11(3)", Mark: privacy.Verified},
	}
}

func kept(rows int64, until privacy.Date, r erasure.Recourse) erasure.Keeping {
	return erasure.Keeping{
		Ground: erasure.KeptForRecourse, Rule: r.Request, Name: "the request " + r.Request, Citation: r.Citation, Rows: rows, Until: until, First: until,
		Ends: []erasure.End{{Day: until, Rows: rows}},
	}
}

// settled lays the shop out under recourses and counts three orders, of which tax law keeps one until the end of 2026 and one until the end of 2034.
func settled(t *testing.T, of ...erasure.Recourse) *laid {
	t.Helper()
	l := lay(t, func(s *erasure.Site, c *erasure.Circumstances) {
		c.Rules, c.Recourses = []privacy.RetentionRule{german()}, of
	}, dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{"created": "placed"}, Needs: []string{"placed"}})
	at := func(name string) dataset.Address { return dataset.Address{Dataset: "shop", Collection: name} }
	l.draft.Settle([]erasure.Count{
		{Address: at("customers"), Own: 1},
		{Address: at("orders"), Own: 3, Days: []erasure.DayRows{{Day: privacy.NewDate(2010, 1, 1), Rows: 1}, {Day: privacy.NewDate(2018, 1, 1), Rows: 1}, {Day: privacy.NewDate(2026, 1, 1), Rows: 1}}},
		{Address: at("visits"), Own: 0, Parts: 2},
	}, l.site.Terms, l.c)
	return l
}

// PIPEDA s.8(8): nothing is changed while the person can complain. What tax law keeps for longer stays under that; what it keeps for less stays for the
// recourse, and so do rows of others in which something is the person's.
func TestRecourseKeepsWhatWouldBeErased(t *testing.T) {
	t.Parallel()
	r := complaint("crm", "shop")
	l := settled(t, r)
	require.False(t, l.draft.Touches(), "no line gives an order any more")
	require.True(t, l.draft.Waits())
	require.True(t, l.draft.Keeps())
	require.Equal(t, []erasure.Keeping{kept(1, r.Until, r)}, l.line(t, "customers").Kept)
	orders := l.line(t, "orders")
	require.Equal(t, erasure.Rows{Own: 3, Kept: 3}, orders.Rows)
	require.Len(t, orders.Kept, 2)
	require.Equal(t, []any{"de-ao147-vouchers", int64(1), privacy.NewDate(2034, 12, 31)}, []any{orders.Kept[0].Rule, orders.Kept[0].Rows, orders.Kept[0].Until})
	require.Equal(t, kept(2, r.Until, r), orders.Kept[1], "one that nothing keeps, and one that tax law keeps for a month")
	require.Equal(t, []erasure.Keeping{kept(2, r.Until, r)}, l.line(t, "visits").Kept)
	for _, line := range l.draft.Lines {
		for _, f := range line.Fields {
			require.Equal(t, erasure.FateUnchanged, f.Fate, line.Collection)
			require.False(t, f.Trimmed)
		}
	}
	require.Equal(t, privacy.NewDate(2034, 12, 31), (&erasure.Plan{Systems: []erasure.SystemPlan{l.draft}}).Totals().KeptUntil)
}

// Recourse about other systems, or that is over, keeps nothing; the last day is part of it, and the longest counts.
func TestRecourseKeepsWhatItIsAbout(t *testing.T) {
	t.Parallel()
	today := privacy.NewDate(2026, 11, 22)
	over, last, sooner := complaint(), complaint(), complaint("shop")
	over.Until, last.Until, sooner.Until = today.AddDays(-1), today, today.AddDays(7)
	for name, c := range map[string]struct {
		recourses []erasure.Recourse
		until     privacy.Date
	}{
		"another system":  {[]erasure.Recourse{complaint("crm")}, privacy.Date{}},
		"over":            {[]erasure.Recourse{over}, privacy.Date{}},
		"on the last day": {[]erasure.Recourse{last}, today},
		"the longest":     {[]erasure.Recourse{sooner, complaint(), last}, complaint().Until},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := settled(t, c.recourses...)
			require.Equal(t, !c.until.IsZero(), !l.draft.Touches())
			require.Equal(t, !c.until.IsZero(), l.c.Stays("shop"))
			if c.until.IsZero() {
				require.Empty(t, l.line(t, "customers").Kept)
				return
			}
			require.Equal(t, c.until, l.line(t, "customers").Kept[0].Until)
		})
	}
}

// A hold has no end that anybody knows, and a decision no end: each stands before recourse.
func TestHoldsAndDecisionsStandBeforeRecourse(t *testing.T) {
	t.Parallel()
	at := dataset.Address{Dataset: "shop", Collection: "customers"}
	hold := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
		c.Holds, c.Recourses = []erasure.Hold{{ID: "h"}}, []erasure.Recourse{complaint()}
	})
	hold.draft.Settle([]erasure.Count{{Address: at, Own: 1}}, nil, hold.c)
	require.Equal(t, erasure.KeptByHold, hold.line(t, "customers").Kept[0].Ground)
	decision := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) {
		c.Keep, c.Recourses = []erasure.Decision{{Address: at, Citation: "x"}}, []erasure.Recourse{complaint()}
	})
	decision.draft.Settle([]erasure.Count{{Address: at, Own: 1}}, nil, decision.c)
	require.Equal(t, erasure.KeptByReview, decision.line(t, "customers").Kept[0].Ground)
}

// Who has a system is not asked, and a person who must see to one that could not be counted is told to wait. Both are looked at again by themselves.
func TestRecourseKeepsWhereNobodyCanLook(t *testing.T) {
	t.Parallel()
	r := complaint()
	c := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Recourses = []erasure.Recourse{r} }).c
	asked := erasure.DraftAsked(erasure.Site{Key: "printer"}, "Printing House", c)
	require.False(t, asked.Asks())
	require.Equal(t, []erasure.Keeping{kept(1, r.Until, r)}, asked.Lines[0].Kept)
	uncounted := erasure.DraftUncounted(erasure.Site{Key: "shop"}, "it could not be counted", c)
	require.Equal(t, "it could not be counted; nothing may be erased there until 2027-05-01 (PIPEDA ss.8(8), 11(3)), and people are asked again then", uncounted.Manual)
	require.True(t, uncounted.Waits())
	for _, s := range []erasure.SystemPlan{asked, uncounted} {
		require.Equal(t, erasure.Rest{Next: r.Until.EndIn(c.Zone).Add(1e9)}, s.Rest(c.Now, c.Zone, privacy.Date{}, false))
		require.Equal(t, erasure.Rest{Over: true}, s.Rest(c.Now.AddDate(1, 0, 0), c.Zone, privacy.Date{}, false))
	}
	c.Recourses = nil
	require.Empty(t, erasure.DraftUncounted(erasure.Site{Key: "shop"}, "it could not be counted", c).Lines)
}

// A field that can't be written can't be written later either: the person hears of it with the rest.
func TestRecourseDoesNotHideWhatCannotBeErased(t *testing.T) {
	t.Parallel()
	l := lay(t, func(s *erasure.Site, c *erasure.Circumstances) {
		c.Recourses = []erasure.Recourse{complaint()}
		s.Structure.Tables[0].Columns[2].Generated = true
	})
	l.draft.Settle([]erasure.Count{{Address: dataset.Address{Dataset: "shop", Collection: "customers"}, Own: 1}}, nil, l.c)
	require.Equal(t, []string{"shop.customers.name"}, l.line(t, "customers").NotErased())
}
