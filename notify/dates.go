package notify

import (
	"fmt"
	"strings"
	"time"
)

// months in the languages of the letters. Legal dates are written with the month's name: 03/04 means two things.
func months(l Language) []string {
	switch l {
	case German:
		return strings.Fields("Januar Februar März April Mai Juni Juli August September Oktober November Dezember")
	case French:
		return strings.Fields("janvier février mars avril mai juin juillet août septembre octobre novembre décembre")
	case Spanish:
		return strings.Fields("enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre")
	}
	return strings.Fields("January February March April May June July August September October November December")
}

// FormatDate writes the day that t falls on in its own zone, as the language writes days in letters.
func FormatDate(l Language, t time.Time) string {
	month := months(l)[t.Month()-1]
	switch l {
	case German:
		return fmt.Sprintf("%d. %s %d", t.Day(), month, t.Year())
	case French:
		if t.Day() == 1 {
			return fmt.Sprintf("1er %s %d", month, t.Year())
		}
	case Spanish:
		return fmt.Sprintf("%d de %s de %d", t.Day(), month, t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
}

// FormatMoment writes a day as FormatDate does, with the time of day and the zone.
func FormatMoment(l Language, t time.Time) string {
	return FormatDate(l, t) + ", " + t.Format("15:04 MST")
}

// date is the day in the controller's zone; nothing for a zero time.
func (w *writer) date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return FormatDate(w.book.language, t.In(w.zone()))
}

// moment is the day, the time and the zone.
func (w *writer) moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return FormatMoment(w.book.language, t.In(w.zone()))
}

// Left says how far a due time is away, the way every screen says it: "in 3 days 4 h", "overdue by 2 days".
func Left(due, now time.Time) string {
	gap, late := due.Sub(now), false
	if gap < 0 {
		gap, late = -gap, true
	}
	text := span(gap)
	if late {
		return "overdue by " + text
	}
	return "in " + text
}

func span(d time.Duration) string {
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days > 0 && hours > 0 && days < 7:
		return fmt.Sprintf("%s %d h", plural(days, "day"), hours)
	case days > 0:
		return plural(days, "day")
	case hours > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	}
	return fmt.Sprintf("%d min", minutes)
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
