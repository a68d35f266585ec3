package privacy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

// Art. 22(3) GDPR: who contests a decision says which; what they think of it is theirs to say or not.
func TestArt22ContestNamesItsDecision(t *testing.T) {
	t.Parallel()
	for name, one := range map[string]struct {
		right   privacy.Right
		contest privacy.Contest
		says    string
	}{
		"named":       {privacy.AutomatedDecision, privacy.Contest{Decision: " The credit of 3 March ", View: "My income was read wrongly."}, ""},
		"no view":     {privacy.AutomatedDecision, privacy.Contest{Decision: "The credit"}, ""},
		"unnamed":     {privacy.AutomatedDecision, privacy.Contest{View: "It is wrong."}, "say which decision"},
		"blank":       {privacy.AutomatedDecision, privacy.Contest{Decision: " \n"}, "say which decision"},
		"too long":    {privacy.AutomatedDecision, privacy.Contest{Decision: strings.Repeat("é", privacy.MaxContestLine+1)}, "at most 500"},
		"long view":   {privacy.AutomatedDecision, privacy.Contest{Decision: "x", View: strings.Repeat("é", privacy.MaxContestText+1)}, "at most 4000"},
		"just fits":   {privacy.AutomatedDecision, privacy.Contest{Decision: strings.Repeat("é", privacy.MaxContestLine), Effect: strings.Repeat("é", privacy.MaxContestText)}, ""},
		"other right": {privacy.Access, privacy.Contest{Decision: "The credit"}, "only a request about an automated decision"},
		"nothing":     {privacy.Access, privacy.Contest{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := one.contest.Complete(one.right)
			if one.says != "" {
				require.ErrorContains(t, err, one.says)
				return
			}
			require.NoError(t, err)
			require.Equal(t, strings.TrimSpace(one.contest.Decision), got.Decision)
		})
	}
}
