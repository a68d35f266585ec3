package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

// Art. 19 GDPR: each recipient is told, unless that is impossible or involves disproportionate effort.
func TestArt19RecipientIsToldOrExcused(t *testing.T) {
	t.Parallel()
	states := []privacy.RecipientState{privacy.RecipientToTell, privacy.RecipientTold, privacy.RecipientConfirmed, privacy.RecipientNotTold}
	allowed := map[privacy.RecipientState]string{
		privacy.RecipientToTell: "told confirmed not_told", privacy.RecipientTold: "confirmed", privacy.RecipientNotTold: "told confirmed", privacy.RecipientConfirmed: "",
	}
	for _, from := range states {
		for _, to := range states {
			reason := ""
			if to == privacy.RecipientNotTold {
				reason = privacy.ReasonImpossible
			}
			err := from.Step(to, reason)
			if slices.Contains(strings.Fields(allowed[from]), string(to)) {
				require.NoError(t, err, "%s to %s", from, to)
			} else {
				require.ErrorContains(t, err, "cannot become", "%s to %s", from, to)
			}
		}
	}
	require.NoError(t, privacy.RecipientToTell.Step(privacy.RecipientNotTold, privacy.ReasonDisproportionate))
	require.ErrorContains(t, privacy.RecipientToTell.Step(privacy.RecipientNotTold, "too tedious"), "impossible")
	require.ErrorContains(t, privacy.RecipientToTell.Step(privacy.RecipientTold, privacy.ReasonImpossible), "leave it out")
}
