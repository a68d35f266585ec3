package erasure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// proofs settles three orders as records of a rule of the book: two of 6 May 2011 by the field that is counted from, and one without a day there.
func proofs(t *testing.T, id string, events map[string]string) *erasure.Line {
	t.Helper()
	book, err := policies.Embedded()
	require.NoError(t, err)
	rule, err := book.Retention(id)
	require.NoError(t, err)
	terms := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: rule.Kinds[:1], Events: events}
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Rules = []privacy.RetentionRule{rule} }, terms)
	line := l.line(t, "orders")
	count := erasure.Count{Address: line.Address, Own: 3, Undated: 3} // as connectors count where no field tells the day
	if len(line.Days.Field) > 0 {
		count.Undated, count.Days = 1, []erasure.DayRows{{Day: privacy.NewDate(2011, time.May, 6), Rows: 2}}
	}
	l.draft.Settle([]erasure.Count{count}, []dataset.ErasureTerms{terms}, l.c)
	return line
}

// Where a rule counts from the latest of several events, nothing is counted from one of them while another one may be later: all stays, and
// somebody must see to it.
func TestNothingIsCountedFromOneOfSeveralDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   string
		events map[string]string
		what   string
		never  bool // nobody can say when it ends
	}{
		{rule: "de-phone-consent", events: map[string]string{"created": "placed"}, what: "no field tells the day of last_used: counted from placed alone they could go too early"},
		{rule: "de-phone-consent", events: map[string]string{"created": "placed", "last_used": "note"}, what: "which different fields tell (note, placed)"},
		{rule: "de-consent-proof", events: map[string]string{"last_used": "placed"}, what: "no field tells the day of withdrawn"},
		{rule: "de-consent-proof", events: map[string]string{"withdrawn": "placed", "last_used": "note"}, what: "which different fields tell (note, placed)"},
		{rule: "de-consent-proof", events: map[string]string{"created": "placed"}, what: "no field tells the day it counts from (the latest of withdrawn, last_used)"},
		{rule: "us-i9", events: map[string]string{"hired": "placed"}, what: "no field tells the day of ended", never: true},
		{rule: "us-i9", events: map[string]string{"ended": "placed"}, what: "no field tells the day of hired", never: true},
		{rule: "us-eeo", events: map[string]string{"created": "placed"}, what: "no field tells the day of action", never: true},
		{rule: "us-hipaa", events: map[string]string{"created": "placed"}, what: "no field tells the day of last_effective", never: true},
		{rule: "us-employment-tax", events: map[string]string{"tax_due": "placed"}, what: "no field tells the day of tax_due_or_paid, tax_paid", never: true},
		{rule: "us-ca-ccpa-requests", events: map[string]string{"received": "placed"}, what: "no field tells the day of responded"},
	} {
		got := proofs(t, c.rule, c.events)
		require.Equal(t, erasure.Rows{Own: 3, Kept: 3}, got.Rows, "%s %v", c.rule, c.events)
		require.Empty(t, got.Days.Spans)
		require.Len(t, got.Problems, 1)
		require.Equal(t, erasure.ProblemNoEvent, got.Problems[0].Code)
		require.Contains(t, got.Problems[0].What, c.what, "%s %v", c.rule, c.events)
		require.Equal(t, c.never, got.Kept[0].Until.IsZero(), "%s %v", c.rule, c.events)
	}
}

// What the problems advise is enough: one field under all events, or under the one that the others are never later than.
func TestADayThatTellsAllEventsIsCountedFrom(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		rule   string
		events map[string]string
	}{
		{"de-phone-consent", map[string]string{"created": "placed", "last_used": "placed"}},
		{"de-phone-consent", map[string]string{"last_used": "placed"}},
		{"de-consent-proof", map[string]string{"withdrawn": "placed", "last_used": "placed"}},
		{"de-consent-proof", map[string]string{"withdrawn": "placed"}},
		{"us-i9", map[string]string{"hired": "placed", "ended": "placed"}},
		{"us-hipaa", map[string]string{"last_effective": "placed"}},
		{"us-employment-tax", map[string]string{"tax_due_or_paid": "placed"}},
		{"us-employment-tax", map[string]string{"tax_due": "placed", "tax_paid": "placed"}},
		{"us-ca-ccpa-requests", map[string]string{"responded": "placed", "created": "note"}},
		{"us-ca-ccpa-requests", map[string]string{"created": "placed"}},
	} {
		got := proofs(t, c.rule, c.events)
		require.Equal(t, []string{"placed"}, got.Days.Field, "%s %v", c.rule, c.events)
		require.Equal(t, erasure.Rows{Own: 3, Erased: 2, Kept: 1}, got.Rows, "%s %v: what is of 2011 is over", c.rule, c.events)
		for _, p := range got.Problems {
			require.Equal(t, erasure.ProblemUndated, p.Code, "%s %v: %s", c.rule, c.events, p.What)
		}
	}
}

// Of a consent the advice says that the column must be empty while it stands: its proof is kept from the erasure on.
func TestAdviceOnSeveralDaysIsTrue(t *testing.T) {
	t.Parallel()
	both := proofs(t, "de-consent-proof", map[string]string{"withdrawn": "placed", "last_used": "note"}).Problems[0]
	require.Equal(t, "have one column hold the later day, which the database can work out, and nothing while the consent is not withdrawn, and name it under each of these events in the system's declaration", both.Do)
	one := proofs(t, "de-phone-consent", map[string]string{"created": "placed"}).Problems
	require.Len(t, one, 1)
	require.Equal(t, "have one column hold the later day, and name it under each of these events in the system's declaration; where no later day is possible, name placed under each of them", one[0].Do)
}

// A tenant's own rule may give the events periods of their own: then neither stands for the other.
func TestADayOfAnotherPeriodStandsForNone(t *testing.T) {
	t.Parallel()
	years := func(n int) privacy.Period { return privacy.Period{Count: n, Unit: privacy.Years} }
	rule := german()
	rule.Keep = []privacy.RetentionPeriod{
		{Event: "created", Period: years(10), Runs: privacy.RunsFromEvent}, {Event: "last_used", Period: years(2), Runs: privacy.RunsFromEvent},
	}
	terms := dataset.ErasureTerms{Collection: "shop.orders", Method: dataset.DeleteRows, Records: []string{"invoice"}, Events: map[string]string{"last_used": "placed"}}
	l := lay(t, func(_ *erasure.Site, c *erasure.Circumstances) { c.Rules = []privacy.RetentionRule{rule} }, terms)
	require.Len(t, l.line(t, "orders").Problems, 1)
	require.Contains(t, l.line(t, "orders").Problems[0].What, "no field tells the day of created")
	require.Empty(t, l.line(t, "orders").Days.Field)
}
