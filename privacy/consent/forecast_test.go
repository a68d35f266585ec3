package consent_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// What is forecast is what is decided: on the last day of implied consent a message may go, on the next one no longer, as far as nothing but time passes.
func TestImpliedConsentEndsAsForecast(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, laws := consent.At(drawnLedger().Draw(t, "ledger"), ever, ever), drawnLaws().Draw(t, "laws")
		for i := range laws {
			laws[i].Published, laws[i].SoftOptIn, laws[i].Corporate, laws[i].Exempt = nil, nil, nil, nil
		}
		until, under := consent.ImpliedUntil(&s, laws)
		if until.IsZero() {
			require.Empty(t, under)
			requireNoEnd(t, s, laws)
			return
		}
		ask := consent.Ask{Class: privacy.Commercial}
		var law privacy.MessageRule
		for _, one := range laws {
			if one.ID == under {
				law = one
			}
		}
		for _, c := range []struct {
			day     privacy.Date
			allowed bool
		}{{until, true}, {until.AddDays(1), false}} {
			ask.Day = c.day
			allowed := false
			for _, d := range consent.Explain(ask, &s, nil, laws) {
				allowed = allowed || d.Law == law.ID && d.Allowed && d.Reason == consent.ByImplied && d.Until == until
			}
			require.Equal(t, c.allowed, allowed, "%s of %s", c.day, until)
		}
	})
}

// requireNoEnd looks at every law on its own for a yes that ends, on days after everything that happened.
func requireNoEnd(t *rapid.T, s consent.Standing, laws []privacy.MessageRule) {
	for _, day := range []string{"2026-09-01", "2026-12-31", "2027-12-31"} {
		for _, d := range consent.Explain(consent.Ask{Day: date(day), Class: privacy.Commercial}, &s, nil, laws) {
			require.Zero(t, d.Until, "%+v", d)
		}
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
