package privacy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

// What was not done is explained; what was needs no words.
func TestInquiryOutcomes(t *testing.T) {
	t.Parallel()
	for outcome, words := range map[privacy.InquiryOutcome]string{privacy.InquiryDone: "", privacy.InquiryNothing: "", privacy.InquiryPartly: "the archive", privacy.InquiryRefused: "a duty"} {
		require.NoError(t, outcome.Check(words), outcome)
		require.Equal(t, words == "", outcome.Settled())
		if words != "" {
			require.ErrorContains(t, outcome.Check(""), "say what was not done")
		}
	}
	require.ErrorContains(t, privacy.InquiryOutcome("perhaps").Check("x"), "no outcome")
}

func TestInquiryReminders(t *testing.T) {
	t.Parallel()
	asked := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	require.Equal(t, []time.Time{asked.AddDate(0, 0, 7), asked.AddDate(0, 0, 14), asked.AddDate(0, 0, 21)}, privacy.InquiryReminders(asked, asked.Add(privacy.InquiryWithin)))
}
