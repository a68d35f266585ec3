package privacy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Weekends is the calendar without holidays, for laws that count every day or whose holidays are not fixed in advance.
const Weekends = "WEEKENDS"

// place is one entry of the table of calendars.
type place struct {
	id, zone string
	rules    []yearRule
}

// CalendarByID finds a calendar of the table. The error is a *RuleError.
func CalendarByID(id string) (Calendar, error) {
	for _, p := range places() {
		if p.id == id {
			return p.calendar(), nil
		}
	}
	return Calendar{}, &RuleError{
		Code:    CodeCalendarUnknown,
		Message: fmt.Sprintf("no calendar %q; give the holidays, or one of %s", id, strings.Join(CalendarIDs(), ", ")),
	}
}

// CalendarWith is the calendar of that id with the holidays replaced when the list is not nil, even if it is empty. A
// place that the table does not know is accepted when its holidays are given; no place at all means Weekends.
func CalendarWith(id string, holidays []Date) (Calendar, error) {
	if id == "" {
		id = Weekends
	}
	c, err := CalendarByID(id)
	if err != nil {
		if holidays == nil {
			return Calendar{}, err
		}
		c = place{id: id}.calendar()
	}
	return c.WithHolidays(holidays), nil
}

// CalendarIDs lists the calendars of the table in alphabetical order.
func CalendarIDs() []string {
	var ids []string
	for _, p := range places() {
		ids = append(ids, p.id)
	}
	slices.Sort(ids)
	return ids
}

// CalendarForCountry turns a country, or a part of one, into the id of its calendar: "DE" is itself, "NZ" is the
// calendar of its Privacy Act, "US-CA" that of the federal holidays.
func CalendarForCountry(country string) (string, error) {
	country = strings.ToUpper(country)
	if slices.Contains(CalendarIDs(), country) {
		return country, nil
	}
	head, _, _ := strings.Cut(country, "-")
	switch head {
	case "NZ":
		return "NZ-PRIVACY", nil
	case "US":
		return "US-FED", nil
	case "CA":
		return "CA-FED", nil
	}
	if head != country && slices.Contains(CalendarIDs(), head) {
		return head, nil
	}
	switch country {
	case "GB", "UK":
		return "", &RuleError{Code: CodeCalendarUnknown, Message: "the nations of the United Kingdom have different bank holidays; say GB-ENG, GB-WLS, GB-SCT or GB-NIR"}
	case "AU":
		return "", &RuleError{Code: CodeCalendarUnknown, Message: "the states of Australia have different holidays; say AU-NSW, AU-VIC and so on"}
	}
	_, err := CalendarByID(country)
	return "", err
}

// calendar builds the entry. Saturdays and Sundays are no working days anywhere in the table; only Canada lets a period end
// on a Saturday.
func (p place) calendar() Calendar {
	c := Calendar{
		ID: p.id, Zone: p.zone,
		weekend: []time.Weekday{time.Saturday, time.Sunday},
		closed:  []time.Weekday{time.Saturday, time.Sunday},
		days:    closedDays(p.rules),
	}
	if p.id == "CA-FED" {
		c.closed = []time.Weekday{time.Sunday} // Interpretation Act s.35 names Sundays and no Saturdays
	}
	return c
}

// places joins the tables. Where a day is in doubt it is left out: a missing holiday makes a date earlier, never later.
func places() []place {
	return slices.Concat([]place{{id: Weekends, zone: "UTC"}},
		libraryPlaces(), ownEuropeanPlaces(), britishPlaces(), americanPlaces(), pacificPlaces())
}
