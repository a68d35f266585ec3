package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// facts turns the flags into what a deadline depends on.
func (f explainFlags) facts(regime *privacy.Regime, received time.Time) (privacy.Facts, error) {
	right := privacy.Right(strings.ReplaceAll(f.right, "-", "_"))
	if !right.Valid() {
		return privacy.Facts{}, fmt.Errorf("--right: %q is none of %v", f.right, privacy.Rights())
	}
	facts := privacy.Facts{Right: right, Received: received, SmallAgent: f.smallAgent, Extended: f.extended || f.extendedUntil != ""}
	if f.country != "" {
		calendar, err := privacy.CalendarForCountry(f.country)
		if err != nil {
			return facts, fmt.Errorf("--country: %w", err)
		}
		facts.Calendar = calendar
	}
	zone, err := f.zoneFor(regime, facts.Calendar)
	if err != nil {
		return facts, err
	}
	facts.Zone = zone
	return facts, f.addDates(&facts)
}

// zoneFor takes the zone asked for, else the regime's, else that of the calendar.
func (f explainFlags) zoneFor(regime *privacy.Regime, calendar string) (*time.Location, error) {
	name := f.zone
	if name == "" {
		name = regime.Zone
	}
	if name == "" && calendar != "" {
		c, err := privacy.CalendarByID(calendar)
		if err != nil {
			return nil, err
		}
		name = c.Zone
	}
	if name == "" {
		return nil, fmt.Errorf("the regime %s has no time zone of its own; say --country or --zone, such as Europe/Berlin", regime.ID)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("--zone: %q is no time zone, such as Europe/Berlin", name)
	}
	return zone, nil
}

// addDates reads the flags that hold days; they are taken at noon of the zone.
func (f explainFlags) addDates(facts *privacy.Facts) error {
	for _, day := range []struct {
		flag, value string
		into        **time.Time
	}{
		{"identity-received", f.idReceived, &facts.IdentityInfoReceived},
		{"fee-paid", f.feePaid, &facts.FeePaid},
		{"appeal", f.appeal, &facts.AppealReceived},
		{"complaint", f.complaint, &facts.ComplaintReceived},
	} {
		at, err := policyNoon(day.value, facts.Zone)
		if err != nil {
			return fmt.Errorf("--%s: %w", day.flag, err)
		}
		*day.into = at
	}
	if f.extendedUntil != "" {
		until, err := privacy.ParseDate(f.extendedUntil)
		if err != nil {
			return fmt.Errorf("--extended-until: %w", err)
		}
		facts.ExtendedUntil = until
	}
	for _, text := range f.paused {
		pause, err := policyPause(text, facts)
		if err != nil {
			return fmt.Errorf("--paused: %w", err)
		}
		facts.Pauses = append(facts.Pauses, pause)
	}
	return f.addHolidays(facts)
}

// addHolidays replaces the calendar only when the flag was given, be it empty.
func (f explainFlags) addHolidays(facts *privacy.Facts) error {
	if !f.holidaysGiven {
		return nil
	}
	facts.Holidays = []privacy.Date{}
	for _, text := range fields(f.holidays) {
		d, err := privacy.ParseDate(text)
		if err != nil {
			return fmt.Errorf("--holidays: %w", err)
		}
		facts.Holidays = append(facts.Holidays, d)
	}
	return nil
}

// policyPause reads KIND:FROM[:UNTIL]. A pause that begins on the day of receipt begins at receipt.
func policyPause(text string, facts *privacy.Facts) (privacy.Pause, error) {
	parts := strings.Split(text, ":")
	kind := privacy.PauseKind(parts[0])
	if len(parts) < 2 || len(parts) > 3 || !kind.Valid() {
		return privacy.Pause{}, fmt.Errorf("%q is not of the form identity:2026-03-05:2026-03-11 (kinds identity, clarification, fee)", text)
	}
	from, err := policyNoon(parts[1], facts.Zone)
	if err != nil {
		return privacy.Pause{}, err
	}
	if from == nil {
		return privacy.Pause{}, fmt.Errorf("%q does not say from when", text)
	}
	pause := privacy.Pause{Kind: kind, From: *from}
	if len(parts) == 3 {
		pause.Until, err = policyNoon(parts[2], facts.Zone)
	}
	return pause, err
}

func policyNoon(text string, zone *time.Location) (*time.Time, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // an absent flag is an absent fact
	}
	d, err := privacy.ParseDate(text)
	if err != nil {
		return nil, err
	}
	at := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
	return &at, nil
}

// policyMoment reads RFC 3339, with or without seconds.
func policyMoment(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no moment with an offset, such as 2026-01-31T10:00+01:00", text)
}
