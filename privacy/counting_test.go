package privacy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
)

func calendar(t testing.TB, id string) privacy.Calendar {
	t.Helper()
	c, err := privacy.CalendarByID(id)
	require.NoError(t, err)
	return c
}

func period(t testing.TB, s string) privacy.Period {
	t.Helper()
	p, err := privacy.ParsePeriod(s)
	require.NoError(t, err)
	return p
}

func counted(t testing.TB, rules privacy.Counting, from, length, cal string) privacy.Reckoned {
	t.Helper()
	got, err := rules.Count(day(t, from), period(t, length), 0, calendar(t, cal))
	require.NoError(t, err)
	return got
}

func TestReg1182Art3(t *testing.T) {
	t.Parallel()
	rules := privacy.Counting{FirstDay: privacy.FirstDayExcluded, RollOver: privacy.RollReg1182}
	for _, c := range []struct{ article, from, length, cal, nominal, due string }{
		{"3(2)(c) same number", "2024-03-05", "1 month", "DE", "2024-04-05", "2024-04-05"},
		{"3(2)(c) no such day", "2025-01-31", "1 month", "DE", "2025-02-28", "2025-02-28"},
		{"3(4) Saturday", "2026-01-31", "1 month", "DE", "2026-02-28", "2026-03-02"},
		{"3(4) holiday before a weekend", "2026-04-01", "1 month", "DE", "2026-05-01", "2026-05-04"},
		{"2(1) 1 May is no holiday in Ireland", "2026-04-01", "1 month", "IE", "2026-05-01", "2026-05-01"},
		{"2(1) 26 December is none in France", "2025-11-25", "1 month", "FR", "2025-12-25", "2025-12-26"},
		{"2(1) but one in Germany", "2025-11-25", "1 month", "DE", "2025-12-25", "2025-12-29"},
		{"3(1) one day", "2025-04-04", "1 day", "DE", "2025-04-05", "2025-04-07"},
		{"3(5) two days hold two working days", "2025-04-04", "2 days", "DE", "2025-04-06", "2025-04-08"},
		{"3(5) satisfied", "2025-04-07", "2 days", "DE", "2025-04-09", "2025-04-09"},
		{"3(2)(c) weeks", "2025-04-07", "3 weeks", "DE", "2025-04-28", "2025-04-28"},
	} {
		got := counted(t, rules, c.from, c.length, c.cal)
		require.Equal(t, c.nominal, got.Nominal.String(), c.article)
		require.Equal(t, c.due, got.Due.String(), c.article)
	}
}

func TestFirstDayRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first            privacy.FirstDay
		from, length, to string
	}{
		{privacy.FirstDayExcluded, "2025-06-30", "1 month", "2025-07-30"},
		{privacy.FirstDayNext, "2025-06-30", "1 month", "2025-08-01"}, // DPA 2018 Part 3: never the UK GDPR's month
		{privacy.FirstDayIncluded, "2026-03-02", "45 days", "2026-04-15"},
		{privacy.FirstDayIncluded, "2026-06-04", "5 working_days", "2026-06-10"},
		{privacy.FirstDayIncluded, "2026-03-07", "5 working_days", "2026-03-13"},
		{privacy.FirstDayIncluded, "2026-03-02", "1 week", "2026-03-08"},
		{privacy.FirstDayIncluded, "2026-03-02", "1 year", "2027-03-01"},
		{privacy.FirstDayExcluded, "2024-02-29", "2 years", "2026-02-28"},
	} {
		rules := privacy.Counting{FirstDay: c.first, RollOver: privacy.RollNone}
		require.Equal(t, c.to, counted(t, rules, c.from, c.length, privacy.Weekends).Due.String(), c)
	}
}

func TestAPeriodInHoursHasNoLastDay(t *testing.T) {
	t.Parallel()
	rules := privacy.Counting{FirstDay: privacy.FirstDayExcluded, RollOver: privacy.RollNone}
	_, err := rules.Count(day(t, "2026-01-01"), period(t, "72 hours"), 0, calendar(t, "DE"))
	require.ErrorContains(t, err, "no last day")
}

func TestAHostileHolidayListEndsTheCount(t *testing.T) {
	t.Parallel()
	var all []privacy.Date
	for d := day(t, "2026-01-01"); d.Year < 2040; d = d.AddDays(1) {
		all = append(all, d)
	}
	rules := privacy.Counting{FirstDay: privacy.FirstDayExcluded, RollOver: privacy.RollNextDay}
	_, err := rules.Count(day(t, "2026-01-01"), period(t, "10 working_days"), 0, calendar(t, "DE").WithHolidays(all))
	require.ErrorContains(t, err, "leaves none")
}

// anyRules draws a way to count, a length and a calendar.
func anyRules(t *rapid.T) (privacy.Counting, privacy.Period, privacy.Calendar) {
	rules := privacy.Counting{
		FirstDay: rapid.SampledFrom([]privacy.FirstDay{privacy.FirstDayExcluded, privacy.FirstDayIncluded, privacy.FirstDayNext}).Draw(t, "first"),
		RollOver: rapid.SampledFrom([]privacy.RollOver{privacy.RollNone, privacy.RollNextDay, privacy.RollReg1182}).Draw(t, "roll"),
	}
	units := []privacy.Unit{privacy.Days, privacy.WorkingDays, privacy.Weeks, privacy.Months, privacy.Years}
	p := privacy.Period{Count: rapid.IntRange(1, 40).Draw(t, "count"), Unit: rapid.SampledFrom(units).Draw(t, "unit")}
	cal, err := privacy.CalendarByID(rapid.SampledFrom(privacy.CalendarIDs()).Draw(t, "calendar"))
	require.NoError(t, err)
	return rules, p, cal
}

func TestCountingProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules, p, cal := anyRules(t)
		start, extra := anyDate().Draw(t, "start"), rapid.IntRange(0, 30).Draw(t, "paused")
		plain, err := rules.Count(start, p, 0, cal)
		require.NoError(t, err)
		paused, err := rules.Count(start, p, extra, cal)
		require.NoError(t, err)
		later, err := rules.Count(start.AddDays(1), p, 0, cal)
		require.NoError(t, err)

		require.False(t, plain.Due.Before(plain.Nominal), "due never before nominal")
		require.False(t, paused.Due.Before(plain.Due), "a pause never shortens")
		require.False(t, later.Due.Before(plain.Due), "a later start is never due earlier")
		if rules.RollOver != privacy.RollNone {
			require.True(t, cal.IsOpen(plain.Due), "roll-over lands on an open day")
		}
		if p.Unit == privacy.WorkingDays {
			require.True(t, cal.IsWorkingDay(plain.Nominal), "working days end on one")
		}
	})
}

func TestArt33HoursNeverRoll(t *testing.T) {
	t.Parallel()
	berlin := zone(t, "Europe/Berlin")
	friday := time.Date(2026, time.June, 12, 16, 20, 0, 0, berlin)
	require.Equal(t, "2026-06-15T16:20:00+02:00", privacy.AfterHours(friday, 72).In(berlin).Format(time.RFC3339))
	require.Equal(t, "2026-06-15T17:00:00+02:00", privacy.AfterHoursReg1182(friday, 72, berlin).In(berlin).Format(time.RFC3339))
	autumn := time.Date(2026, time.October, 24, 12, 0, 0, 0, berlin)
	require.Equal(t, "2026-10-27T11:00:00+01:00", privacy.AfterHours(autumn, 72).In(berlin).Format(time.RFC3339), "summer time ends in between")
}
