package privacy_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
)

func day(t testing.TB, s string) privacy.Date {
	t.Helper()
	d, err := privacy.ParseDate(s)
	require.NoError(t, err)
	return d
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

// anyDate draws a day between 2020 and 2035.
func anyDate() *rapid.Generator[privacy.Date] {
	return rapid.Custom(func(t *rapid.T) privacy.Date {
		return privacy.NewDate(2020, time.January, 1).AddDays(rapid.IntRange(0, 15*365).Draw(t, "days"))
	})
}

func TestAddMonthsClampsToTheLastDay(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-01-31", 3, "2026-04-30"},
		{"2026-08-31", -6, "2026-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2026-12-31", 2, "2027-02-28"},
		{"2026-03-05", 1, "2026-04-05"},
	} {
		require.Equal(t, c.want, day(t, c.from).AddMonths(c.months).String(), c.from)
	}
}

func TestADayEndsInItsZoneAcrossSummerTime(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	require.Equal(t, "2026-03-28T22:59:59Z", day(t, "2026-03-28").EndIn(berlin).Format(time.RFC3339))
	require.Equal(t, "2026-03-29T21:59:59Z", day(t, "2026-03-29").EndIn(berlin).Format(time.RFC3339))
	require.Equal(t, "2026-10-25T22:59:59Z", day(t, "2026-10-25").EndIn(berlin).Format(time.RFC3339))
}

func TestDatesKeepTheirOrderAndText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, n := anyDate().Draw(t, "d"), rapid.IntRange(-4000, 4000).Draw(t, "n")
		moved := d.AddDays(n)
		require.Equal(t, n, d.DaysUntil(moved))
		require.Equal(t, n > 0, moved.After(d))
		text, err := json.Marshal(moved)
		require.NoError(t, err)
		var back privacy.Date
		require.NoError(t, json.Unmarshal(text, &back))
		require.Equal(t, moved, back)
	})
}

func TestParseDateRefusesWhatIsNoDay(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"2026-02-30", "31.01.2026", "2026-1-2", "2026-01-31T10:00", "tomorrow"} {
		_, err := privacy.ParseDate(s)
		require.ErrorContains(t, err, "2006-01-02", s)
	}
}

func TestPeriodsReadAsWritten(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"1 month", "45 days", "10 working_days", "72 hours", "3 weeks", "8 years"} {
		p, err := privacy.ParsePeriod(s)
		require.NoError(t, err)
		require.Equal(t, s, p.String())
	}
	for _, s := range []string{"", "month", "0 days", "-1 days", "1 fortnight", "1.5 months", "45days"} {
		_, err := privacy.ParsePeriod(s)
		require.Error(t, err, s)
	}
	_, err := privacy.Period{Count: 1, Unit: privacy.Months}.Plus(privacy.Period{Count: 5, Unit: privacy.Days})
	require.ErrorContains(t, err, "the units differ")
}
