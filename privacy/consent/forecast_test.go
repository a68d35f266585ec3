package consent_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// drawnConduct is a ledger of relations, now and then with a word of the person.
func drawnConduct() *rapid.Generator[[]consent.Event] {
	kinds := []consent.Kind{consent.Refreshed, consent.Refreshed, consent.Refreshed, consent.Refreshed, consent.Began, consent.Ended, consent.Ended}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) consent.Event {
		e := drawnEvent().Draw(t, "event")
		if rapid.IntRange(0, 9).Draw(t, "word") > 0 {
			e.Kind, e.Relation, e.NoSolicitation = rapid.SampledFrom(kinds).Draw(t, "conduct"), rapid.SampledFrom(relations).Draw(t, "of"), false
		}
		return e
	}), 0, 6)
}

// What is implied ends on the last day on which any of the windows that a law opens is open, under the law that ends it first. It is found by looking at every
// day of seven years.
func TestImpliedConsentEndsOnTheLastDayOfItsWindows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, laws := consent.At(drawnConduct().Draw(t, "ledger"), ever, ever), drawnLaws().Draw(t, "laws")
		until, under := consent.ImpliedUntil(&s, laws)
		var first privacy.Date
		var ends []string
		for _, law := range laws {
			last := lastOpen(s, law)
			switch {
			case last.IsZero():
			case first.IsZero() || last.Before(first):
				first, ends = last, []string{law.ID}
			case last == first:
				ends = append(ends, law.ID)
			}
		}
		require.Equal(t, first, until)
		if first.IsZero() {
			require.Empty(t, under)
			return
		}
		require.Contains(t, ends, under)
	})
}

// lastOpen looks at every day; zero where consent was given, a relation lasts, or nothing is implied.
func lastOpen(s consent.Standing, law privacy.MessageRule) (last privacy.Date) {
	express := !s.Confirmed.IsZero() || !s.Given.IsZero() && law.Confirmation == nil
	if law.Consent != privacy.OptInModel || express || !s.Withdrawn.IsZero() {
		return last
	}
	for _, r := range s.Relations {
		if r.InForce && law.InForce != nil && slices.Contains(law.InForce.Events, r.Kind) {
			return privacy.Date{}
		}
		for _, w := range law.Windows {
			for day := date("2023-12-31"); !r.InForce && slices.Contains(w.Events, r.Kind) && day.Year < 2031; day = day.AddDays(1) {
				if w.Covers(r.Day, day) && day.After(last) {
					last = day
				}
			}
		}
	}
	return last
}

// What is forecast is what is decided: on the last day a message may go, on the next one no longer, as far as nothing but time passes.
func TestImpliedConsentEndsAsForecast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, law := consent.At(drawnConduct().Draw(t, "ledger"), ever, ever), drawnLaw().Draw(t, "law")
		law.Published, law.SoftOptIn, law.Corporate, law.Exempt = nil, nil, nil, nil
		laws := []privacy.MessageRule{law}
		until, _ := consent.ImpliedUntil(&s, laws)
		if until.IsZero() {
			return
		}
		d := consent.Decide(consent.Ask{Day: until, Class: privacy.Commercial}, &s, nil, laws)
		require.True(t, d.Allowed)
		require.Equal(t, consent.ByImplied, d.Reason)
		require.Equal(t, until, d.Until)
		require.False(t, consent.Decide(consent.Ask{Day: until.AddDays(1), Class: privacy.Commercial}, &s, nil, laws).Allowed)
	})
}

// Nothing is forecast for somebody who has withdrawn, whatever a standing still holds.
func TestNothingIsForecastAfterAWithdrawal(t *testing.T) {
	t.Parallel()
	law := optIn()
	law.Windows = []privacy.ConsentWindow{{Events: relations, Period: privacy.Period{Count: 2, Unit: privacy.Years}}}
	s := consent.Standing{Relations: []consent.Relation{{Kind: "purchase", Day: date("2026-01-01")}}}
	until, under := consent.ImpliedUntil(&s, []privacy.MessageRule{law})
	require.Equal(t, date("2028-01-01"), until)
	require.Equal(t, law.ID, under)
	s.Withdrawn = at("2026-02-01")
	until, under = consent.ImpliedUntil(&s, []privacy.MessageRule{law})
	require.Zero(t, until)
	require.Empty(t, under)
}

// What was given expressly does not end by itself, where the law takes it without a confirmation, or with the one that came.
func TestNothingIsForecastOfExpressConsent(t *testing.T) {
	t.Parallel()
	plain, strict := optIn(), optIn()
	plain.Windows = []privacy.ConsentWindow{{Events: relations, Period: privacy.Period{Count: 2, Unit: privacy.Years}}}
	strict.Windows, strict.Confirmation = plain.Windows, &privacy.MessageGround{Citation: cites("Art 7(1)")}
	bought := []consent.Relation{{Kind: "purchase", Day: date("2026-01-01")}}
	given := consent.Standing{Given: at("2026-01-05"), Relations: bought}
	confirmed := consent.Standing{Given: at("2026-01-05"), Confirmed: at("2026-01-06"), Relations: bought}
	for name, c := range map[string]struct {
		s    consent.Standing
		law  privacy.MessageRule
		want string
	}{
		"given, no confirmation wanted": {given, plain, ""}, "given, a confirmation wanted": {given, strict, "2028-01-01"},
		"confirmed, none wanted": {confirmed, plain, ""}, "confirmed, one wanted": {confirmed, strict, ""},
	} {
		until, _ := consent.ImpliedUntil(&c.s, []privacy.MessageRule{c.law})
		require.Equal(t, c.want, until.String(), name)
	}
}

// Each warning comes once, the longest first, then the day on which it is over, and then nothing more.
func TestNextLookVisitsEachWarningOnceAndEnds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		until := date("2026-02-28").AddDays(rapid.IntRange(-400, 400).Draw(t, "until"))
		warnings := rapid.SliceOfNDistinct(rapid.IntRange(0, 120), 0, 5, rapid.ID[int]).Draw(t, "warnings")
		slices.Sort(warnings)
		slices.Reverse(warnings)
		from := until.AddDays(-rapid.IntRange(-5, 200).Draw(t, "from"))
		var want []privacy.Date
		for _, days := range warnings {
			if day := until.AddDays(-days); day.After(from) {
				want = append(want, day)
			}
		}
		if over := until.AddDays(1); over.After(from) {
			want = append(want, over)
		}
		var visited []privacy.Date
		for day := consent.NextLook(until, from, warnings); !day.IsZero(); day = consent.NextLook(until, day, warnings) {
			visited = append(visited, day)
			require.LessOrEqual(t, len(visited), len(warnings)+1, "it does not end")
		}
		require.Equal(t, want, visited)
	})
}

func TestNothingIsLookedAtWithoutAnEnd(t *testing.T) {
	t.Parallel()
	require.Zero(t, consent.NextLook(privacy.Date{}, date("2026-01-01"), []int{30, 7}))
}
