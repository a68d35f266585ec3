package vectors

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// date is the day of the first key that is given; none is an error.
func (in *input) date(keys ...string) privacy.Date {
	d := in.optionalDate(keys...)
	if d.IsZero() && len(in.errs) == 0 {
		in.fail(keys[0], "missing or null")
	}
	return d
}

// optionalDate is the zero Date when every key is absent or null. A full timestamp counts with its own calendar day.
func (in *input) optionalDate(keys ...string) privacy.Date {
	for _, key := range keys {
		s := in.str(key)
		if s == "" {
			continue
		}
		day, _, _ := strings.Cut(s, "T")
		d, err := privacy.ParseDate(day)
		if err != nil {
			in.fail(key, "%v", err)
		}
		return d
	}
	return privacy.Date{}
}

// instant reads a moment with its offset; none is an error.
func (in *input) instant(keys ...string) time.Time {
	at, ok := in.optionalInstant(keys...)
	if !ok && len(in.errs) == 0 {
		in.fail(keys[0], "missing or null")
	}
	return at
}

func (in *input) optionalInstant(keys ...string) (time.Time, bool) {
	for _, key := range keys {
		s := in.str(key)
		if s == "" {
			continue
		}
		for _, layout := range []string{"2006-01-02T15:04Z07:00", time.RFC3339} {
			if at, err := time.Parse(layout, s); err == nil {
				return at, true
			}
		}
		in.fail(key, "%q is no moment of the form 2006-01-02T15:04+01:00", s)
		return time.Time{}, true
	}
	return time.Time{}, false
}

// zone is the time zone named by tz; UTC when none is.
func (in *input) zone() *time.Location {
	name := in.str("tz", "zone", "timezone")
	zone, err := time.LoadLocation(name)
	if err != nil {
		in.fail("tz", "%q is no time zone", name)
		return time.UTC
	}
	return zone
}

// holidays is nil when no list is given, so that the calendar's own days count, and never nil otherwise.
func (in *input) holidays() []privacy.Date {
	for _, key := range []string{"holidays", "non_working"} {
		if !in.has(key) {
			continue
		}
		list := []privacy.Date{}
		for _, s := range in.texts(key) {
			d, err := privacy.ParseDate(s)
			if err != nil {
				in.fail(key, "%v", err)
			}
			list = append(list, d)
		}
		return list
	}
	return nil
}
