package privacy_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

// TestHolidays checks whole years. DE, FR and IE are the lists of the Official Journal (9, 11 and 10 entries in 2026).
func TestHolidays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		id   string
		year int
		want string
	}{
		{"DE", 2024, "01-01 03-29 04-01 05-01 05-09 05-20 10-03 12-25 12-26"},
		{"DE", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"},
		{"DE", 2028, "01-01 04-14 04-17 05-01 05-25 06-05 10-03 12-25 12-26"},
		{"FR", 2025, "01-01 04-21 05-01 05-08 05-29 06-09 07-14 08-15 11-01 11-11 12-25"},
		{"FR", 2026, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 08-15 11-01 11-11 12-25"},
		{"IE", 2025, "01-01 02-03 03-17 04-21 05-05 06-02 08-04 10-27 12-25 12-26"},
		{"IE", 2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26"},
		{"GB-ENG", 2026, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28"},
		{"GB-ENG", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"},
		{"GB-SCT", 2026, "01-01 01-02 04-03 05-04 05-25 06-15 08-03 11-30 12-25 12-26 12-28"},
		{"GB-SCT", 2028, "01-01 01-02 01-03 01-04 04-14 05-01 05-29 08-07 11-30 12-25 12-26"},
		{"GB-NIR", 2026, "01-01 03-17 04-03 04-06 05-04 05-25 07-12 07-13 08-31 12-25 12-26 12-28"},
		{"US-FED", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"},
		{"US-FED", 2027, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
		{"CA-FED", 2026, "01-01 04-03 04-06 05-18 07-01 09-07 09-30 10-12 11-11 12-25"},
		{"BR", 2026, "01-01 04-03 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25"},
	} {
		var got []string
		for _, d := range calendar(t, c.id).Holidays(c.year) {
			got = append(got, d.String()[5:])
		}
		require.Equal(t, c.want, strings.Join(got, " "), "%s %d", c.id, c.year)
	}
}

func TestPrivacyAct2020Section7ClosesTheYearsTurn(t *testing.T) {
	t.Parallel()
	nz := calendar(t, "NZ-PRIVACY")
	for year := 2024; year <= 2028; year++ {
		for d := privacy.NewDate(year, time.December, 25); d.Compare(privacy.NewDate(year+1, time.January, 15)) <= 0; d = d.AddDays(1) {
			require.False(t, nz.IsWorkingDay(d), d.String())
		}
	}
	for _, closed := range []string{"2026-02-06", "2026-04-03", "2026-04-06", "2026-04-27", "2026-06-01", "2026-07-10", "2026-10-26", "2027-02-08", "2027-06-25", "2028-07-14"} {
		require.False(t, nz.IsWorkingDay(day(t, closed)), closed)
	}
	for _, open := range []string{"2026-01-26", "2026-01-16", "2026-11-13", "2025-12-24"} { // regional anniversary days are working days
		require.True(t, nz.IsWorkingDay(day(t, open)), open)
	}
}

func TestInterpretationActSection35NamesNoSaturday(t *testing.T) {
	t.Parallel()
	saturday := day(t, "2026-04-04")
	require.True(t, calendar(t, "CA-FED").IsOpen(saturday))
	require.False(t, calendar(t, "CA-FED").IsWorkingDay(saturday))
	require.False(t, calendar(t, "CA-FED").IsOpen(saturday.AddDays(1)))
	for _, id := range []string{"DE", "GB-ENG"} {
		require.False(t, calendar(t, id).IsOpen(saturday), id)
	}
}

func TestAustralianStatesDiffer(t *testing.T) {
	t.Parallel()
	kings := day(t, "2026-06-08")
	for id, closed := range map[string]bool{"AU-NSW": true, "AU-VIC": true, "AU-SA": true, "AU-QLD": false, "AU-WA": false} {
		require.Equal(t, closed, calendar(t, id).IsHoliday(kings), id)
	}
	require.True(t, calendar(t, "AU-WA").IsHoliday(day(t, "2026-04-27")), "Anzac Day on a Saturday is made up for in Western Australia")
	require.False(t, calendar(t, "AU-TAS").IsHoliday(day(t, "2026-04-27")))
}

func TestHolidaysOfTheCallerWin(t *testing.T) {
	t.Parallel()
	may := day(t, "2026-05-01")
	require.False(t, calendar(t, "DE").IsOpen(may))
	require.True(t, calendar(t, "DE").WithHolidays([]privacy.Date{}).IsOpen(may), "an empty list replaces too")
	require.False(t, calendar(t, "DE").WithHolidays(nil).IsOpen(may))
	own, err := privacy.CalendarWith("ZZ", []privacy.Date{may})
	require.NoError(t, err)
	require.False(t, own.IsOpen(may))
	_, err = privacy.CalendarWith("ZZ", nil)
	var refused *privacy.RuleError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, privacy.CodeCalendarUnknown, refused.Code)
}

func TestEveryCalendarIsPlausible(t *testing.T) {
	t.Parallel()
	for _, id := range privacy.CalendarIDs() {
		c := calendar(t, id)
		_, err := time.LoadLocation(c.Zone)
		require.NoError(t, err, id)
		if id == privacy.Weekends {
			continue
		}
		for year := 2024; year <= 2028; year++ {
			days := c.Holidays(year)
			require.True(t, slices.Contains(days, privacy.NewDate(year, time.December, 25)) || id == "JP", id)
			require.Contains(t, days, privacy.NewDate(year, time.January, 1), id)
		}
	}
}

func TestCountriesNameTheirCalendar(t *testing.T) {
	t.Parallel()
	for country, want := range map[string]string{"de": "DE", "NZ": "NZ-PRIVACY", "US-CA": "US-FED", "CA-QC": "CA-FED", "DE-BY": "DE", "GB-SCT": "GB-SCT"} {
		got, err := privacy.CalendarForCountry(country)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	for _, country := range []string{"GB", "AU", "XX"} {
		_, err := privacy.CalendarForCountry(country)
		require.Error(t, err, country)
	}
}
