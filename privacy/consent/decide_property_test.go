package consent_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Each law has to say yes, and what is explained of each is what is decided by it alone.
func TestADecisionIsThatOfEveryLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, a, laws := consent.At(drawnLedger().Draw(t, "ledger"), ever, ever), drawnAsk().Draw(t, "ask"), drawnLaws().Draw(t, "laws")
		d := consent.Decide(a, &s, nil, laws)
		each := consent.Explain(a, &s, nil, laws)
		allowed, at := len(each) > 0, 0
		for _, law := range laws {
			if law.Consent == privacy.TermsModel {
				continue
			}
			require.Equal(t, consent.Decide(a, &s, nil, []privacy.MessageRule{law}), each[at])
			allowed = allowed && each[at].Allowed
			at++
		}
		require.Len(t, each, at)
		require.Equal(t, allowed, d.Allowed)
		if len(each) == 0 {
			require.Equal(t, consent.Decision{Reason: consent.NoLaw}, d)
			return
		}
		require.Contains(t, each, d)
		require.Contains(t, consent.Reasons(), d.Reason)
		require.Equal(t, d.Allowed, len(d.Reason.Remedies()) == 0, "a no has a way out, and a yes needs none")
	})
}

// A further law never makes a message allowed, nor allowed for longer.
func TestMoreLawsAreNeverMorePermissive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, a := consent.At(drawnLedger().Draw(t, "ledger"), ever, ever), drawnAsk().Draw(t, "ask")
		laws, more := drawnLaws().Draw(t, "laws"), drawnLaws().Draw(t, "more")
		few := consent.Decide(a, &s, nil, laws)
		many := consent.Decide(a, &s, nil, append(more, laws...))
		if few.Reason == consent.NoLaw || !many.Allowed {
			return
		}
		require.True(t, few.Allowed)
		if !few.Until.IsZero() {
			require.False(t, many.Until.IsZero())
			require.False(t, many.Until.After(few.Until))
		}
	})
}

// What stands against messages stands whatever the laws say, and is named; one bar more never lets a message through.
func TestABarStandsUnderEveryLaw(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, a, laws := consent.At(drawnLedger().Draw(t, "ledger"), ever, ever), drawnAsk().Draw(t, "ask"), drawnLaws().Draw(t, "laws")
		bar := consent.Bar{Kind: rapid.SampledFrom(privacy.LimitKinds()).Draw(t, "bar"), Since: drawnMoment().Draw(t, "since"), Citation: cites("Art 21")}
		marketing := bar.Kind == privacy.LimitMarketing
		d := consent.Decide(a, &s, []consent.Bar{bar}, laws)
		if marketing && s.Confirmed.After(bar.Since) {
			require.Equal(t, consent.Decide(a, &s, nil, laws), d)
			return
		}
		require.Equal(t, consent.Decision{Reason: consent.Barred, Citation: bar.Citation, Bar: &bar}, d)
		require.Equal(t, []consent.Decision{d}, consent.Explain(a, &s, []consent.Bar{bar}, laws))
	})
}

// A yes until a day holds on every day through that one and on none after it, and one without end never ends.
func TestAYesHoldsThroughItsLastDay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s, a, laws := consent.At(drawnLedger().Draw(t, "ledger"), ever, ever), drawnAsk().Draw(t, "ask"), drawnLaws().Draw(t, "laws")
		first := consent.Decide(a, &s, nil, laws)
		if !first.Allowed {
			return
		}
		require.False(t, !first.Until.IsZero() && first.Until.Before(a.Day))
		for range 1000 {
			a.Day = a.Day.AddDays(1)
			d := consent.Decide(a, &s, nil, laws)
			lasts := first.Until.IsZero() || !a.Day.After(first.Until)
			require.Equal(t, lasts, d.Allowed, "%s of %s", a.Day, first.Until)
			if !lasts {
				return
			}
		}
	})
}

// Who has withdrawn is written to by no law, but for what the law exempts even from that.
func TestWhoHasWithdrawnIsNotWrittenTo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ledger := append(drawnLedger().Draw(t, "ledger"), on("2027-01-01", consent.Withdrawn))
		s, a := consent.At(ledger, ever, at("2035-01-01")), drawnAsk().Draw(t, "ask")
		for _, d := range consent.Explain(a, &s, nil, drawnLaws().Draw(t, "laws")) {
			if d.Allowed {
				require.Equal(t, consent.ByExemption, d.Reason)
				require.Equal(t, "exempt", d.Citation.Text)
				continue
			}
			require.Equal(t, consent.WasWithdrawn, d.Reason)
			require.Equal(t, "unsubscribe", d.Citation.Text)
		}
	})
}
