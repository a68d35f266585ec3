package api

import "time"

// reckonable says whether dates can be computed from a moment and written. JSON has no year past 9999, and every list with a
// moment beyond it would fail.
func reckonable(t time.Time) bool { return t.Year() >= 1900 && t.Year() < 2200 }
