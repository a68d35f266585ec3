package privacy

import (
	"fmt"
	"strconv"
	"time"
)

// finish turns the dates into instants and writes the explanation.
func (run *reckoning) finish(d *Deadline, duty Duty, p Period, best Reckoned) {
	d.Due, d.EarliestSafe = d.DueDate.EndIn(run.facts.Zone), d.EarliestSafeDate.EndIn(run.facts.Zone)
	d.Explanation = Explanation{
		Rule:     run.ruleText(duty, p),
		Inputs:   run.inputs(*d),
		Citation: duty.Citation,
		Result:   fmt.Sprintf("due %s 23:59:59 %s, earliest safe %s", d.DueDate, run.facts.Zone, d.EarliestSafeDate),
	}
	if duty.pausable() {
		d.Explanation.Steps = append(d.Explanation.Steps, run.clock.steps...)
	}
	d.Explanation.Steps = append(d.Explanation.Steps, best.Steps...)
	if d.EarliestSafeDate != d.DueDate {
		d.Explanation.Steps = append(d.Explanation.Steps, ExplainedStep{Text: "the cautious reading (" + duty.Safe.words() + ")", Date: d.EarliestSafeDate})
	}
}

func (run *reckoning) ruleText(duty Duty, p Period) string {
	return fmt.Sprintf("%s %s, %s, %s: %s", run.regime.ID, run.regime.Version, run.facts.Right, duty.Kind, p)
}

// inputs lists the facts that went into a date, for its explanation.
func (run *reckoning) inputs(d Deadline) []Input {
	in := []Input{
		{Name: "received", Value: run.facts.Received.In(run.facts.Zone).Format(time.RFC3339)},
		{Name: "zone", Value: run.facts.Zone.String()},
		{Name: "calendar", Value: run.cal.ID},
	}
	if run.facts.Holidays != nil {
		in = append(in, Input{Name: "holidays", Value: strconv.Itoa(len(run.facts.Holidays)) + " given by the caller"})
	}
	if d.Extended {
		in = append(in, Input{Name: "extended", Value: "yes"})
	}
	for _, p := range run.facts.answeredPauses() {
		in = append(in, Input{Name: "pause", Value: p.words(run.facts)})
	}
	return in
}

func (p Pause) words(f Facts) string {
	if p.Until == nil {
		return fmt.Sprintf("%s since %s", p.Kind, f.day(p.From))
	}
	return fmt.Sprintf("%s from %s to %s", p.Kind, f.day(p.From), f.day(*p.Until))
}

// deadlineOf computes all and picks one.
func (r *Regime) deadlineOf(f Facts, kind ObligationKind) (Deadline, error) {
	all, err := r.Deadlines(f)
	if err != nil {
		return Deadline{}, err
	}
	for _, d := range all {
		if d.Kind == kind {
			return d, nil
		}
	}
	return Deadline{}, &RuleError{Code: CodeRightUnknown, Message: fmt.Sprintf("the regime %s sets no %s for %s", r.ID, kind, f.Right)}
}
