package vectors

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// output is what a rule answers: strings, numbers, booleans, lists of strings, or nil.
type output map[string]any

// date puts a day, or null for the zero Date.
func (o output) date(key string, d privacy.Date) {
	o[key] = nil
	if !d.IsZero() {
		o[key] = d.String()
	}
}

// minutes is how the vectors write moments: without seconds when there are none.
const minutes = "2006-01-02T15:04"

// stamp drops the seconds when there are none.
func stamp(t time.Time, suffix string) string {
	layout := minutes
	if t.Second() != 0 {
		layout += ":05"
	}
	return t.Format(layout + suffix)
}

// local writes a moment with the offset of its zone (+00:00, never Z).
func (o output) local(key string, t time.Time, zone *time.Location) {
	o[key] = stamp(t.In(zone), "-07:00")
}

// utc writes a moment in UTC with a Z.
func (o output) utc(key string, t time.Time) {
	o[key] = stamp(t.UTC(), "Z07:00")
}
