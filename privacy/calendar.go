package privacy

import (
	"fmt"
	"slices"
	"time"
)

// Calendar knows which days are closed in one place. Two questions are kept apart: which days count as working days,
// and on which days a period may not end. In Canada a Saturday is no business day, yet a period may end on it
// (Interpretation Act s.35 lists Sundays among the holidays and leaves Saturdays out).
type Calendar struct {
	ID      string
	Zone    string         // IANA zone of the place, to offer when none is given
	weekend []time.Weekday // no working days
	closed  []time.Weekday // no period ends on these
	days    holidayFunc
}

// holidayFunc tells whether a date is a holiday.
type holidayFunc func(Date) bool

// WithHolidays replaces the calendar's own holidays by a list, which may be empty; nil keeps the calendar's own.
func (c Calendar) WithHolidays(list []Date) Calendar {
	if list == nil {
		return c
	}
	list = slices.Clone(list)
	c.days = func(d Date) bool { return slices.Contains(list, d) }
	return c
}

// IsHoliday reports whether d is a holiday, whatever its weekday.
func (c Calendar) IsHoliday(d Date) bool { return c.days != nil && c.days(d) }

// IsWorkingDay reports whether d counts in a period of working days.
func (c Calendar) IsWorkingDay(d Date) bool {
	return !slices.Contains(c.weekend, d.Weekday()) && !c.IsHoliday(d)
}

// IsOpen reports whether a period may end on d.
func (c Calendar) IsOpen(d Date) bool {
	return !slices.Contains(c.closed, d.Weekday()) && !c.IsHoliday(d)
}

// NextOpenDay is d itself when it is open, else the first open day after it.
func (c Calendar) NextOpenDay(d Date) Date {
	for range longestClosure {
		if c.IsOpen(d) {
			return d
		}
		d = d.AddDays(1)
	}
	return d
}

// longestClosure bounds the search for an open day, so that a hostile holiday list cannot make it endless.
const longestClosure = 3660

// Holidays lists the holidays of a year in order.
func (c Calendar) Holidays(year int) []Date {
	var out []Date
	for d := NewDate(year, time.January, 1); d.Year == year; d = d.AddDays(1) {
		if c.IsHoliday(d) {
			out = append(out, d)
		}
	}
	return out
}

// addWorkingDays gives the nth working day after start.
func (c Calendar) addWorkingDays(start Date, n int) (Date, error) {
	d := start
	for range n*7 + longestClosure {
		if n == 0 {
			return d, nil
		}
		d = d.AddDays(1)
		if c.IsWorkingDay(d) {
			n--
		}
	}
	return Date{}, fmt.Errorf("counting working days from %s: the holiday list of calendar %q leaves none", start, c.ID)
}

// workingDaysBetween counts the working days after start up to and including end.
func (c Calendar) workingDaysBetween(start, end Date) int {
	n := 0
	for d := start.AddDays(1); !d.After(end); d = d.AddDays(1) {
		if c.IsWorkingDay(d) {
			n++
		}
	}
	return n
}

// whyClosed says in words why no period ends on d.
func (c Calendar) whyClosed(d Date) string {
	if c.IsHoliday(d) {
		return "a holiday"
	}
	return "a " + d.Weekday().String()
}
