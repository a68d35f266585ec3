package privacy

import (
	"fmt"
	"time"
)

// Deadlines computes every obligation of a request from the facts known so far: one Deadline per kind, in the order
// of the policy file, the extension notice after them. Errors are *RuleError where a rule or a missing fact is the
// cause.
func (r *Regime) Deadlines(f Facts) ([]Deadline, error) {
	run, err := r.prepare(f)
	if err != nil {
		return nil, err
	}
	var out []Deadline
	for _, duty := range run.duties.Obligations {
		d, owed, err := run.deadline(duty)
		if err != nil {
			return nil, fmt.Errorf("computing %s under %s: %w", duty.Kind, r.ID, err)
		}
		if owed {
			out = append(out, d)
		}
	}
	notice, err := run.extensionNotice()
	if err != nil {
		return nil, fmt.Errorf("computing the extension notice under %s: %w", r.ID, err)
	}
	return append(append(out, notice...), run.feeConfirmation()...), nil
}

// reckoning is one computation: a regime applied to the facts of one case.
type reckoning struct {
	regime *Regime
	facts  Facts
	duties Duties
	cal    Calendar
	clock  caseClock
}

// prepare refuses facts that no date can follow from, then finds the holidays and runs the clock.
func (r *Regime) prepare(f Facts) (*reckoning, error) {
	duties, err := r.duties(f.Right)
	if err != nil {
		return nil, err
	}
	switch {
	case f.Received.IsZero():
		return nil, &RuleError{Code: CodeReceivedMissing, Message: "the facts do not say when the request was received"}
	case f.Zone == nil:
		return nil, &RuleError{Code: CodeZoneMissing, Message: "the facts name no time zone; a day ends somewhere"}
	case f.Extended && duties.Extension == nil:
		return nil, &RuleError{Code: CodeNoExtension, Citation: r.Counting.Citation, Message: "the regime " + r.ID + " knows no extension for " + string(f.Right)}
	case f.Extended && duties.Extension.Open && f.ExtendedUntil.IsZero():
		return nil, &RuleError{Code: CodeExtensionDate, Citation: duties.Extension.Citation, Message: "the extension has no fixed length; name the day given in the notice"}
	}
	cal, err := r.calendar(f)
	if err != nil {
		return nil, err
	}
	clock, err := duties.runClock(f)
	if err != nil {
		return nil, err
	}
	return &reckoning{regime: r, facts: f, duties: duties, cal: cal, clock: clock}, nil
}

// calendar picks the holidays: those of the facts, else those of the calendar named, else the regime's first.
// A regime of many states has no first: without a place there must be a list.
func (r *Regime) calendar(f Facts) (Calendar, error) {
	id := f.Calendar
	if id == "" && f.Holidays == nil && r.AskCalendar {
		return Calendar{}, &RuleError{Code: CodeCalendarMissing, Citation: r.Counting.Citation, Message: "the holidays of the place that answers count here; name its calendar, such as DE or FR"}
	}
	if id == "" && !r.AskCalendar && len(r.Calendars) > 0 {
		id = r.Calendars[0]
	}
	return CalendarWith(id, f.Holidays)
}

// anchor is the day a duty runs from; owed is false while the fact it hangs on has not happened.
func (run *reckoning) anchor(duty Duty) (start Date, owed bool) {
	switch duty.From {
	case FromAppeal:
		return run.day(run.facts.AppealReceived)
	case FromComplaint:
		return run.day(run.facts.ComplaintReceived)
	case FromReceipt:
	}
	if duty.pausable() {
		return run.clock.start, true
	}
	return run.facts.day(run.facts.Received), true
}

func (run *reckoning) day(t *time.Time) (Date, bool) {
	if t == nil {
		return Date{}, false
	}
	return run.facts.day(*t), true
}

// pausable duties belong to the answer; confirming receipt or passing a request on never waits for the person.
func (d Duty) pausable() bool {
	switch d.Kind {
	case Respond, ExtensionNotice, RefusalNotice, Inform, Verify:
		return d.From == "" || d.From == FromReceipt
	default:
		return false
	}
}

// deadline computes one duty; owed is false while the fact it hangs on has not happened.
func (run *reckoning) deadline(duty Duty) (Deadline, bool, error) {
	start, owed := run.anchor(duty)
	if !owed {
		return Deadline{}, false, nil
	}
	period, err := run.period(duty)
	if err != nil {
		return Deadline{}, false, err
	}
	if duty.Kind == Respond && run.facts.Extended && run.duties.Extension.Open {
		return run.openExtension(duty, start), true, nil
	}
	d, err := run.count(duty, start, period)
	return d, err == nil, err
}

// period is the length that applies: doubled for small agents where the law says so, extended in one step from the
// start (never one rolled period and then another).
func (run *reckoning) period(duty Duty) (Period, error) {
	p := duty.Period
	if run.facts.SmallAgent && duty.SmallAgents > 1 {
		p = p.Times(duty.SmallAgents)
	}
	switch {
	case duty.Kind == Respond && run.facts.Extended && !run.duties.Extension.Open:
		return p.Plus(run.duties.Extension.By)
	case duty.Kind == AppealDecision && run.facts.AppealExtended && duty.AppealBy != nil:
		return p.Plus(*duty.AppealBy)
	}
	return p, nil
}

// count reckons a duty under the best reading and under the cautious and the generous one.
func (run *reckoning) count(duty Duty, start Date, p Period) (Deadline, error) {
	var paused pausedDays
	if duty.pausable() {
		paused = run.clock.paused()
	}
	term := duty.Term
	term.Period = p
	dates, err := term.count(run.regime.Counting, start, run.cal, paused)
	if err != nil {
		return Deadline{}, err
	}
	d := run.newDeadline(duty, start, dates.Reckoned)
	d.EarliestSafeDate, d.LenientDate, d.PausedDays = dates.EarliestSafe, dates.Lenient, paused.full
	run.finish(&d, duty, p, dates.Reckoned)
	return d, nil
}

// newDeadline fills in what does not depend on the readings. A duty without a force of its own is owed by statute.
func (run *reckoning) newDeadline(duty Duty, start Date, best Reckoned) Deadline {
	d := Deadline{
		Kind: duty.Kind, Right: run.facts.Right, Regime: run.regime.ID, Version: run.regime.Version,
		Start: start, Nominal: best.Nominal, DueDate: best.Due, EarliestSafeDate: best.Due,
		Force: duty.Force, Citation: duty.Citation,
		Extended: duty.Kind == Respond && run.facts.Extended,
	}
	if d.Force == "" {
		d.Force = ForceStatute
	}
	if duty.pausable() {
		d.Paused, d.Withdrawn = run.clock.waiting, run.clock.withdrawn
	}
	return d
}
