package consent_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/consent"
)

func TestTheOrderOfRecordingDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ledger := drawnLedger().Draw(t, "ledger")
		moment, known := drawnMoment().Draw(t, "moment"), drawnMoment().Draw(t, "known")
		shuffled := rapid.Permutation(ledger).Draw(t, "shuffled")
		require.Equal(t, consent.At(ledger, moment, known), consent.At(shuffled, moment, known))
	})
}

// What is kept beside the ledger, one event at a time, is what the ledger says.
func TestStepByStepIsTheWholeLedger(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ledger := drawnLedger().Draw(t, "ledger")
		slices.SortStableFunc(ledger, func(a, b consent.Event) int { return a.At.Compare(b.At) })
		ledger = slices.CompactFunc(ledger, func(a, b consent.Event) bool { return a.At.Equal(b.At) })
		var step consent.Standing
		for i, e := range ledger {
			before := consent.At(ledger[:i], ever, ever)
			require.Equal(t, before, step)
			step.Add(e)
			require.Equal(t, before, consent.At(ledger[:i], ever, ever), "what was handed out before is touched")
		}
		require.Equal(t, consent.At(ledger, ever, ever), step)
	})
}

// A standing that was copied stays as it is when another takes in more.
func TestACopyStaysAsItIs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := consent.At(drawnLedger().Draw(t, "ledger"), ever, ever)
		kept, before := s, slices.Clone(s.Relations)
		for _, e := range drawnLedger().Draw(t, "more") {
			s.Add(e)
		}
		require.Equal(t, before, kept.Relations)
	})
}

// Whatever comes to be known later, what was known at a moment stays: an answer of then can be given again.
func TestWhatIsRecordedLaterDoesNotChangeWhatWasKnown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ledger := drawnLedger().Draw(t, "ledger")
		moment, known := drawnMoment().Draw(t, "moment"), drawnMoment().Draw(t, "known")
		then := consent.At(ledger, moment, known)
		for _, e := range drawnLedger().Draw(t, "more") {
			if !e.Recorded.After(known) {
				e.Recorded = known.Add(1)
			}
			ledger = append(ledger, e)
		}
		require.Equal(t, then, consent.At(ledger, moment, known))
	})
}

// What happens after a moment is no part of it.
func TestWhatHappensLaterDoesNotChangeTheMoment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ledger, moment := drawnLedger().Draw(t, "ledger"), drawnMoment().Draw(t, "moment")
		then := consent.At(ledger, moment, ever)
		for _, e := range drawnLedger().Draw(t, "more") {
			if !e.At.After(moment) {
				e.At = moment.Add(1)
			}
			ledger = append(ledger, e)
		}
		require.Equal(t, then, consent.At(ledger, moment, ever))
	})
}

// GDPR Art 7(3): after a withdrawal nothing stands, whatever somebody does, until they say so themselves.
func TestAfterAWithdrawalOnlyAWordCounts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ledger := append(drawnLedger().Draw(t, "ledger"), consent.Event{Kind: consent.Withdrawn, At: at("2027-01-01"), Recorded: at("2027-01-01")})
		for _, e := range drawnLedger().Draw(t, "more") {
			if e.Kind != consent.Given && e.Kind != consent.Confirmed && e.Kind != consent.Withdrawn {
				e.At = e.At.AddDate(3, 0, 0)
				ledger = append(ledger, e)
			}
		}
		s := consent.At(ledger, at("2040-01-01"), at("2040-01-01"))
		s.Requested = consent.Standing{}.Requested
		require.Equal(t, consent.Standing{Withdrawn: at("2027-01-01")}, s)
		for _, word := range []consent.Kind{consent.Given, consent.Confirmed} {
			anew := consent.At(append(slices.Clone(ledger), on("2035-01-01", word)), at("2040-01-01"), at("2040-01-01"))
			require.Equal(t, at("2035-01-01"), anew.Given)
			require.Zero(t, anew.Withdrawn)
			require.Empty(t, anew.Relations, "what was implied before does not come back")
			require.Zero(t, anew.Address)
		}
	})
}

// A stop of everything counts as a withdrawal of each purpose in that moment. What was implied since is not counted either: the standing does not say whether
// it happened before or after the person spoke again.
func TestUnderIsAWithdrawalOfThePurpose(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		purpose, all := drawnLedger().Draw(t, "purpose"), drawnLedger().Draw(t, "everything")
		everything := consent.At(all, ever, ever)
		under := consent.At(purpose, ever, ever).Under(everything)
		merged := purpose
		if !everything.Withdrawn.IsZero() {
			merged = append(slices.Clone(purpose), consent.Event{Kind: consent.Withdrawn, At: everything.Withdrawn})
		}
		want := consent.At(merged, ever, ever)
		if len(under.Relations) == 0 && under.Address == (consent.Address{}) {
			want.Relations, want.Address = nil, consent.Address{}
		}
		if under.Given.Equal(under.Confirmed) && !want.Given.IsZero() { // the last of several confirmations is kept, and the first of them gave
			require.False(t, want.Given.After(under.Given))
			want.Given = under.Given
		}
		require.Equal(t, want, under)
	})
}
