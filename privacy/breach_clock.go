package privacy

import (
	"fmt"
	"time"
)

// BreachFacts is what breach clocks depend on.
type BreachFacts struct {
	Moments  map[BreachTrigger]time.Time
	Zone     *time.Location
	Calendar string // replaces the rule's own when set
	Holidays []Date // nil keeps the calendar's own
	// Affected are how many people were hit whom the rule protects.
	Affected   int
	SmallAgent bool
	// Risk is what was assessed; while nothing was, "", all is owed that a risk brings.
	Risk BreachRisk
}

// BreachDeadline is one breach duty with its limit.
type BreachDeadline struct {
	Kind         BreachKind `json:"kind"`
	Due          time.Time  `json:"due"`
	EarliestSafe time.Time  `json:"earliest_safe"`
	// ClockHoursDue is the limit when hours are read as clock hours (Reg. 1182/71); zero where that has no meaning.
	ClockHoursDue    time.Time   `json:"clock_hours_due,omitzero"`
	DueDate          Date        `json:"due_date"`
	EarliestSafeDate Date        `json:"earliest_safe_date"`
	Force            Force       `json:"force"`
	Citation         Citation    `json:"citation"`
	Explanation      Explanation `json:"explanation"`
}

// Deadlines computes every duty whose trigger has happened and whose thresholds are passed.
func (r BreachRule) Deadlines(f BreachFacts) ([]BreachDeadline, error) {
	if f.Zone == nil {
		return nil, &RuleError{Code: CodeZoneMissing, Message: "the facts name no time zone; a day ends somewhere"}
	}
	id := f.Calendar
	if id == "" {
		id = r.Calendar
	}
	cal, err := CalendarWith(id, f.Holidays)
	if err != nil {
		return nil, err
	}
	var out []BreachDeadline
	for _, clock := range r.Clocks {
		at, happened := f.Moments[clock.From]
		if !happened || (clock.MoreThan > 0 && f.Affected <= clock.MoreThan) || !f.Risk.reaches(clock.Risk) {
			continue
		}
		d, err := clock.deadline(r, f, at, cal)
		if err != nil {
			return nil, fmt.Errorf("computing %s under %s: %w", clock.Kind, r.ID, err)
		}
		out = append(out, d)
	}
	return out, nil
}

// deadline counts one clock from the moment that started it.
func (c BreachClock) deadline(r BreachRule, f BreachFacts, at time.Time, cal Calendar) (BreachDeadline, error) {
	if f.SmallAgent && c.SmallAgents > 1 {
		c.Period = c.Period.Times(c.SmallAgents)
	}
	d := BreachDeadline{Kind: c.Kind, Force: c.Force, Citation: c.Citation}
	if d.Force == "" {
		d.Force = ForceStatute
	}
	d.Explanation = Explanation{
		Rule:     fmt.Sprintf("%s, %s: %s from %s", r.ID, c.Kind, c.Period, c.From),
		Inputs:   []Input{{Name: string(c.From), Value: at.In(f.Zone).Format(time.RFC3339)}, {Name: "zone", Value: f.Zone.String()}},
		Citation: c.Citation,
	}
	if c.Period.Unit == Hours {
		c.inHours(&d, f, at)
	} else if err := c.inDays(&d, r, f, at, cal); err != nil {
		return BreachDeadline{}, err
	}
	d.Explanation.Result = "due " + d.Due.In(f.Zone).Format(time.RFC3339)
	return d, nil
}

// inHours counts elapsed hours and puts the outer limit and the clock-hour reading beside them. The law names no cautious
// reading of hours, so both dates are the same.
func (c BreachClock) inHours(d *BreachDeadline, f BreachFacts, at time.Time) {
	d.Due = AfterHours(at, c.Period.Count)
	d.note(ExplainedStep{Text: fmt.Sprintf("%s elapsed, weekends and holidays included: %s", c.Period, d.Due.Format(time.RFC3339))})
	if c.Cap != nil {
		if first, ok := f.Moments[c.Cap.From]; ok {
			limit := AfterHours(first, c.Cap.Period.Count)
			if !at.After(limit) && limit.Before(d.Due) {
				d.Due = limit
				d.note(ExplainedStep{Text: fmt.Sprintf("but no later than %s after %s", c.Cap.Period, c.Cap.From)})
			}
		}
	}
	if c.ClockHours {
		d.ClockHoursDue = AfterHoursReg1182(at, c.Period.Count, f.Zone)
		d.note(ExplainedStep{Text: "counted in clock hours it would end " + d.ClockHoursDue.In(f.Zone).Format(time.RFC3339) + "; not relied on"})
	}
	d.EarliestSafe = d.Due
	d.DueDate = DateIn(d.Due, f.Zone)
	d.EarliestSafeDate = d.DueDate
}

// inDays counts whole days, which end with the last second of the last one.
func (c BreachClock) inDays(d *BreachDeadline, r BreachRule, f BreachFacts, at time.Time, cal Calendar) error {
	dates, err := c.Count(r.Counting, DateIn(at, f.Zone), cal)
	if err != nil {
		return err
	}
	d.DueDate, d.EarliestSafeDate = dates.Due, dates.EarliestSafe
	d.Due, d.EarliestSafe = dates.Due.EndIn(f.Zone), dates.EarliestSafe.EndIn(f.Zone)
	d.Explanation.Steps = append(d.Explanation.Steps, dates.Steps...)
	return nil
}

func (d *BreachDeadline) note(s ExplainedStep) { d.Explanation.Steps = append(d.Explanation.Steps, s) }

// LateNotice reports whether a notification came after its limit, strictly by elapsed time; a late one must carry the
// reasons for the delay (GDPR Art 33(1), second sentence).
func (d BreachDeadline) LateNotice(notified time.Time) bool { return notified.After(d.Due) }
