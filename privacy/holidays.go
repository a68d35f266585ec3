package privacy

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2"
)

// yearRule gives the closed days that one holiday causes in a year: the day itself and, where the law moves or doubles
// it, the day it is observed on.
type yearRule func(year int) []Date

// on is a fixed day of the year.
func on(month time.Month, day int) yearRule {
	return func(year int) []Date { return []Date{NewDate(year, month, day)} }
}

// onMoved is a fixed day that is also observed some days later when it falls on a weekday named in the table.
func onMoved(month time.Month, day int, move map[time.Weekday]int) yearRule {
	return func(year int) []Date {
		d := NewDate(year, month, day)
		if n, ok := move[d.Weekday()]; ok {
			return []Date{d, d.AddDays(n)}
		}
		return []Date{d}
	}
}

// toMonday is the usual substitution: Saturday and Sunday are made up for on Monday.
func toMonday() map[time.Weekday]int {
	return map[time.Weekday]int{time.Saturday: 2, time.Sunday: 1}
}

// sundayToMonday makes up for Sundays alone.
func sundayToMonday() map[time.Weekday]int { return map[time.Weekday]int{time.Sunday: 1} }

// secondDay is the substitution for the day after another substituted holiday (2 January, 26 December).
func secondDay() map[time.Weekday]int {
	return map[time.Weekday]int{time.Saturday: 2, time.Sunday: 2, time.Monday: 1}
}

// easter is a day counted from Western Easter Sunday.
func easter(offset int) yearRule {
	return func(year int) []Date { return []Date{easterSunday(year).AddDays(offset)} }
}

// orthodoxEaster is a day counted from Orthodox Easter Sunday.
func orthodoxEaster(offset int) yearRule {
	h := &cal.Holiday{Julian: true, Func: cal.CalcEasterOffset}
	return func(year int) []Date { return []Date{dateOf(h.Func(h, year)).AddDays(offset)} }
}

// nth is the nth weekday of a month; -1 is the last.
func nth(n int, day time.Weekday, month time.Month) yearRule {
	return func(year int) []Date { return []Date{nthWeekday(year, month, day, n)} }
}

// onOrAfter is the first such weekday on or after a day.
func onOrAfter(day time.Weekday, month time.Month, from int) yearRule {
	return func(year int) []Date {
		d := NewDate(year, month, from)
		return []Date{d.AddDays((int(day-d.Weekday()) + 7) % 7)}
	}
}

// days are single days by proclamation or by a table in the statute.
func days(list ...Date) yearRule {
	return func(int) []Date { return list }
}

// from limits a rule to the years since it exists.
func from(first int, rule yearRule) yearRule {
	return func(year int) []Date {
		if year < first {
			return nil
		}
		return rule(year)
	}
}

// except drops a rule in single years.
func except(rule yearRule, years ...int) yearRule {
	return func(year int) []Date {
		if slices.Contains(years, year) {
			return nil
		}
		return rule(year)
	}
}

// span closes every day between two days of the year, both included; it may run over New Year.
func span(fromMonth time.Month, fromDay int, toMonth time.Month, toDay int) yearRule {
	return func(year int) []Date {
		d, end := NewDate(year, fromMonth, fromDay), NewDate(year, toMonth, toDay)
		if end.Before(d) {
			end = end.AddYears(1)
		}
		var out []Date
		for ; !d.After(end); d = d.AddDays(1) {
			out = append(out, d)
		}
		return out
	}
}

// library takes the rules of rickar/cal where they agree with the statute.
func library(holidays []*cal.Holiday, without ...*cal.Holiday) yearRule {
	return func(year int) []Date {
		var out []Date
		for _, h := range holidays {
			if slices.Contains(without, h) {
				continue
			}
			if actual, observed := h.Calc(year); !actual.IsZero() {
				out = append(out, dateOf(actual), dateOf(observed))
			}
		}
		return out
	}
}

// closedDays joins rules; a holiday a neighbouring year may be observed in this one (1 January on the 31 December before).
func closedDays(rules []yearRule) holidayFunc {
	return func(d Date) bool {
		for year := d.Year - 1; year <= d.Year+1; year++ {
			for _, rule := range rules {
				if slices.Contains(rule(year), d) {
					return true
				}
			}
		}
		return false
	}
}

func easterSunday(year int) Date {
	h := &cal.Holiday{Func: cal.CalcEasterOffset}
	return dateOf(h.Func(h, year))
}

// nthWeekday counts from the first of the month, or from the last when n is negative.
func nthWeekday(year int, month time.Month, day time.Weekday, n int) Date {
	if n < 0 {
		last := NewDate(year, month, daysIn(year, month))
		return last.AddDays(-(int(last.Weekday()-day)+7)%7 + 7*(n+1))
	}
	first := NewDate(year, month, 1)
	return first.AddDays((int(day-first.Weekday())+7)%7 + 7*(n-1))
}
