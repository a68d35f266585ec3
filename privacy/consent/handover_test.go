package consent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/consent"
)

// Whatever comes in and is confirmed in whatever order: no more is confirmed than there is, what is late came late, staff are told at most twice while something is owed and never when
// nothing is, and the time that counts is that of what is not confirmed.
func TestHandover(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		var h consent.Handover
		now, all, confirmed, late, told := start, 0, 0, 0, 0
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			switch rapid.IntRange(0, 2).Draw(t, "step") {
			case 0:
				n := rapid.IntRange(1, 5).Draw(t, "n")
				due := now.Add(time.Duration(rapid.IntRange(-5, 100).Draw(t, "due")) * time.Hour)
				if all == confirmed {
					told = 0
				}
				h.Add(n, []consent.Clock{{Law: "mailbox", Version: "1", Due: due}, {Law: "casl", Version: "1", Due: due.Add(time.Hour)}}, now)
				all += n
				require.False(t, h.Due.After(due))
				require.Equal(t, all, h.Laws["casl"].Withdrawals)
			case 1:
				n := rapid.IntRange(0, 7).Draw(t, "taken")
				over := rapid.IntRange(0, n).Draw(t, "late")
				h.Confirm(n, over, now)
				n = min(n, all-confirmed)
				confirmed, late = confirmed+n, late+min(over, n)
			default:
				if !h.Letter.IsZero() && !now.Before(h.Letter) {
					require.True(t, h.Open())
					require.Equal(t, now.After(h.Due), h.Told(now))
					told++
				}
			}
			require.Equal(t, []int{all, confirmed, late}, []int{h.Withdrawals, h.Confirmed, h.Late})
			require.LessOrEqual(t, told, 2)
			require.Equal(t, confirmed < all, h.Open())
			require.Equal(t, confirmed == all && all > 0, !h.ConfirmedAt.IsZero())
			if !h.Open() {
				require.Zero(t, h.Letter)
			}
		}
	})
}
