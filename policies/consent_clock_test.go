package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// lawTime is when a law has a withdrawal have effect that was sent and came to be known at moments of a zone.
func lawTime(t *testing.T, law, sent, received, zone string) time.Time {
	t.Helper()
	rule, err := book(t).Message(law)
	require.NoError(t, err)
	place, err := time.LoadLocation(zone)
	require.NoError(t, err)
	told := consent.Told{Sent: momentIn(t, sent, place), Received: momentIn(t, received, place)}
	clocks, err := consent.Clocks([]privacy.MessageRule{rule}, told, time.UTC, time.LoadLocation)
	require.NoError(t, err)
	require.Len(t, clocks, 1)
	require.Equal(t, law, clocks[0].Law)
	return clocks[0].Due
}

func momentIn(t *testing.T, text string, place *time.Location) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04:05", text, place)
	require.NoError(t, err)
	return at
}

// The times of each law, by the published vectors and where they are easily missed: holidays on which nobody relies, weekends, the day of sending that counts or does not, clocks that are
// put back and forward, and that one law counts from the sending and another from the receipt. Days end with their last second where the law is.
func TestTimeToUnsubscribe(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ law, sent, received, zone, due string }{
		"CASL s.11(3): over Canada Day (ca-casl-unsub-001)":                 {"casl", "2026-06-25 10:00:00", "2026-06-25 10:00:00", "America/Toronto", "2026-07-09 23:59:59"},
		"CASL s.11(3): over Thanksgiving (ca-casl-unsub-002)":               {"casl", "2026-09-25 10:00:00", "2026-09-25 10:00:00", "America/Toronto", "2026-10-09 23:59:59"},
		"CASL s.11(3): from the sending, which was known late":              {"casl", "2026-06-25 10:00:00", "2026-07-03 10:00:00", "America/Toronto", "2026-07-09 23:59:59"},
		"CASL s.11(3): clocks are put back on 1 November":                   {"casl", "2026-10-23 23:30:00", "2026-10-23 23:30:00", "America/Toronto", "2026-11-06 23:59:59"},
		"CASL s.11(3): the day is that of the law":                          {"casl", "2026-06-24 22:30:00", "2026-06-24 22:30:00", "America/Vancouver", "2026-07-09 20:59:59"},
		"15 USC 7704(a)(4)(A): from the receipt":                            {"can-spam", "2026-06-25 10:00:00", "2026-06-29 10:00:00", "America/New_York", "2026-07-13 23:59:59"},
		"15 USC 7704(a)(4)(A): over Thanksgiving and its weekend":           {"can-spam", "2026-11-20 10:00:00", "2026-11-20 10:00:00", "America/New_York", "2026-12-04 23:59:59"},
		"Spam Act Sch 2 cl 6: the day of sending counts (au-spam-unsub)":    {"au-spam", "2026-06-01 10:00:00", "2026-06-01 10:00:00", "Australia/Sydney", "2026-06-05 23:59:59"},
		"Spam Act Sch 2 cl 6: over the King's Birthday (au-spam-unsub-002)": {"au-spam", "2026-06-04 10:00:00", "2026-06-04 10:00:00", "Australia/Sydney", "2026-06-11 23:59:59"},
		"Spam Act Sch 2 cl 6: sent on a Saturday (au-spam-unsub-004)":       {"au-spam", "2026-03-07 10:00:00", "2026-03-07 10:00:00", "Australia/Sydney", "2026-03-13 23:59:59"},
		"mailbox providers: 48 hours (mbp-two-days-001)":                    {"mailbox", "2026-03-02 10:00:00", "2026-03-02 10:00:00", "UTC", "2026-03-04 10:00:00"},
		"mailbox providers: 48 hours over the night clocks go forward":      {"mailbox", "2026-03-28 10:00:00", "2026-03-28 10:00:00", "Europe/Berlin", "2026-03-30 11:00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			place, err := time.LoadLocation(c.zone)
			require.NoError(t, err)
			due := lawTime(t, c.law, c.sent, c.received, c.zone)
			require.Equal(t, c.due, due.In(place).Format("2006-01-02 15:04:05"))
		})
	}
}

// Who says it earlier, or is heard earlier, is never due later: so the earliest of many decides for all of them.
func TestEarlierIsDueEarlier(t *testing.T) {
	t.Parallel()
	rules := book(t).Messages()
	rapid.Check(t, func(t *rapid.T) {
		start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		hours := func(name string) time.Duration {
			return time.Duration(rapid.IntRange(0, 20_000).Draw(t, name)) * time.Hour
		}
		first := consent.Told{Received: start.Add(hours("received"))}
		first.Sent = first.Received.Add(-hours("before") / 100)
		second := consent.Told{Sent: first.Sent.Add(hours("later sent") / 10), Received: first.Received.Add(hours("later received") / 10)}
		a, err := consent.Clocks(rules, first, time.UTC, time.LoadLocation)
		require.NoError(t, err)
		b, err := consent.Clocks(rules, second, time.UTC, time.LoadLocation)
		require.NoError(t, err)
		later := map[string]time.Time{}
		for _, c := range b {
			later[c.Law] = c.Due
		}
		for _, c := range a {
			require.False(t, later[c.Law].Before(c.Due), c.Law)
		}
	})
}
