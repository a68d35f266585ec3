package consent

import (
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Clock is the time that one law leaves for a withdrawal to have effect.
type Clock struct {
	// Law and Version are those of the rule.
	Law, Version string
	// Due is the last moment at which it may still be without effect.
	Due time.Time
}

// Told is when somebody said that they want no more, and when that came to be known. CASL and the Spam Act count from the first, CAN-SPAM from the second.
type Told struct{ Sent, Received time.Time }

// Zones finds zones by their IANA names.
type Zones func(name string) (*time.Location, error)

// Clocks are the times that run for a withdrawal, by each law that reaches it, the shortest first. Days are those of the law's own zone, and of zone where a law has none.
func Clocks(laws []privacy.MessageRule, told Told, zone *time.Location, named Zones) ([]Clock, error) {
	out := make([]Clock, 0, len(laws))
	for _, law := range laws {
		days := zone
		if law.Zone != "" {
			own, err := named(law.Zone)
			if err != nil {
				return nil, fmt.Errorf("the zone of %s: %w", law.ID, err)
			}
			days = own
		}
		from := told.Received
		if law.Unsubscribe.From == privacy.FromSending && told.Sent.Before(from) {
			from = told.Sent
		}
		due, err := law.UnsubscribeBy(from, days)
		if err != nil {
			return nil, fmt.Errorf("the time of %s to unsubscribe: %w", law.ID, err)
		}
		out = append(out, Clock{Law: law.ID, Version: law.Version, Due: due})
	}
	slices.SortStableFunc(out, func(a, b Clock) int { return a.Due.Compare(b.Due) })
	return out, nil
}
