package main

import (
	"fmt"
	"time"
)

// dueWords is the time left in words: "in 3 days 4 h", "overdue by 2 days". Two units at most; what is left is rounded
// down, so that nobody thinks there is more time than there is.
func dueWords(due, now time.Time) string {
	left := due.Sub(now)
	if left < 0 {
		return "overdue by " + span(-left)
	}
	if left < time.Minute {
		return "now"
	}
	return "in " + span(left)
}

func span(d time.Duration) string {
	days, hours, minutes := int(d/(24*time.Hour)), int(d/time.Hour)%24, int(d/time.Minute)%60
	switch {
	case days >= 10 || (days > 0 && hours == 0):
		return several(days, "day")
	case days > 0:
		return fmt.Sprintf("%s %d h", several(days, "day"), hours)
	case hours > 0 && minutes > 0:
		return fmt.Sprintf("%d h %d min", hours, minutes)
	case hours > 0:
		return fmt.Sprintf("%d h", hours)
	default:
		return fmt.Sprintf("%d min", max(1, minutes))
	}
}

func several(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// due is the time left, or what stands in its place when nothing is owed.
func (s *session) due(at *time.Time) string {
	if at == nil {
		return ""
	}
	return dueWords(*at, s.clock.Now())
}

// minute and exact are how times are shown: in tables to the minute, and where it counts with second and zone.
const (
	minute = "2006-01-02 15:04"
	exact  = "Mon 2006-01-02 15:04:05 MST"
)

func (s *session) at(t time.Time) string { return t.In(s.zone).Format(minute) }

func (s *session) atIf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return s.at(*t)
}

// exactly is a time with its zone by name, for dates on which somebody may have to insist.
func exactly(t time.Time, zone *time.Location) string {
	if zone == time.Local {
		return t.In(zone).Format(exact)
	}
	return t.In(zone).Format(exact) + ", " + zone.String()
}
