package main

import (
	"fmt"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// How far from the wished day a due day may lie, because no period ends on a holiday; and how long before its due day a
// request with a month's time can have been received.
const (
	dueWithin   = 10
	longestWait = 45
)

// receipt gives the morning on which a request has to come in for its answer to be due in that many days, as the law counts.
// Where nothing can be due on that day it is the next one away from today.
func (p *part) receipt(days int) (time.Time, error) {
	zone, calendar := companyTenant().Zone, companyTenant().Calendar
	at, err := time.LoadLocation(zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("read the company's zone: %w", err)
	}
	today := p.clock.Now().In(at)
	away := 1
	if days < 0 {
		away = -1
	}
	for range dueWithin {
		wanted := privacy.DateIn(today, at).AddDays(days)
		for back := range longestWait {
			received := morning(today.AddDate(0, 0, days-back))
			if received.After(today) {
				continue
			}
			due, err := p.dueOn(received, calendar)
			if err != nil {
				return time.Time{}, err
			}
			if due == wanted {
				return received, nil
			}
		}
		days += away
	}
	return time.Time{}, fmt.Errorf("no day of receipt leads to an answer that is due in %d days", days)
}

// dueOn says when the answer to a request of that moment is due.
func (p *part) dueOn(received time.Time, calendar string) (privacy.Date, error) {
	regime, err := p.product.book.Regime(companyTenant().Regime, received)
	if err != nil {
		return privacy.Date{}, err
	}
	deadlines, err := regime.Deadlines(privacy.Facts{
		Right: privacy.Access, Received: received, Zone: received.Location(), Calendar: regime.CalendarFor(calendar),
	})
	if err != nil {
		return privacy.Date{}, fmt.Errorf("compute when an answer is due: %w", err)
	}
	for _, d := range deadlines {
		if d.Kind == privacy.Respond {
			return d.DueDate, nil
		}
	}
	return privacy.Date{}, fmt.Errorf("the law %s owes no answer", regime.ID)
}
