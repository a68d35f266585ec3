package privacy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
)

func TestObligationMoves(t *testing.T) {
	t.Parallel()
	allowed := map[privacy.ObligationState]string{
		privacy.ObligationOpen:    "met overdue paused waived",
		privacy.ObligationPaused:  "met open waived",
		privacy.ObligationOverdue: "met open paused waived",
		privacy.ObligationMet:     "open",
		privacy.ObligationWaived:  "open",
	}
	got := map[privacy.ObligationState]string{}
	for _, pair := range privacy.ObligationTransitions() {
		if got[pair[0]] != "" {
			got[pair[0]] += " "
		}
		got[pair[0]] += string(pair[1])
	}
	require.Equal(t, allowed, got)
	require.ElementsMatch(t, []privacy.ObligationState{"open", "paused"}, privacy.ObligationBegins())
}

// Whatever path an obligation takes, it never stays where it is, it is late only from open, and it leaves met and waived
// only by being owed again.
func TestObligationPaths(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		state := rapid.SampledFrom(privacy.ObligationBegins()).Draw(t, "begin")
		for _, next := range rapid.SliceOf(rapid.SampledFrom(privacy.ObligationStates())).Draw(t, "path") {
			err := state.MayBecome(next)
			if err != nil {
				var refused *privacy.ObligationError
				require.ErrorAs(t, err, &refused)
				require.Equal(t, privacy.ObligationError{From: state, To: next}, *refused)
				continue
			}
			require.NotEqual(t, state, next)
			if next == privacy.ObligationOverdue {
				require.Equal(t, privacy.ObligationOpen, state)
			}
			if !state.Standing() {
				require.Equal(t, privacy.ObligationOpen, next)
			}
			state = next
		}
	})
}

func TestUnknownObligationStateGoesNowhere(t *testing.T) {
	t.Parallel()
	for _, to := range privacy.ObligationStates() {
		require.Error(t, privacy.ObligationState("lost").MayBecome(to))
	}
	require.EqualError(t, privacy.ObligationPaused.MayBecome(privacy.ObligationOverdue), `an obligation that is "paused" cannot become "overdue"`)
}
