package privacy

import (
	"fmt"
	"slices"
	"time"
)

// PauseRule is what a law lets waiting for the person do to the clock.
type PauseRule struct {
	Kind       PauseKind   `json:"kind"`
	Effect     PauseEffect `json:"effect"`
	Reflection Period      `json:"reflection,omitzero"` // for EffectReflection: the time the person has to decide
	Citation   Citation    `json:"citation"`
}

// PauseEffect is how a pause moves the dates.
type PauseEffect string

// The effects of a pause.
const (
	// EffectSuspend adds the days after the asking up to and including the answer (EDPB Guidelines 01/2022 s.5.3).
	EffectSuspend PauseEffect = "suspend"
	// EffectExclude adds the days from the asking to the answer, both included (UK GDPR Art 12A(5)).
	EffectExclude PauseEffect = "exclude_inclusive"
	// EffectRestart starts the period anew when the answer arrives (UK GDPR Art 12A(2)).
	EffectRestart PauseEffect = "restart"
	// EffectReflection starts the period at the end of the time for reflection; silence withdraws the request (DSV 19(3)).
	EffectReflection PauseEffect = "reflection"
)

// Valid reports whether e is one of the effects.
func (e PauseEffect) Valid() bool {
	switch e {
	case EffectSuspend, EffectExclude, EffectRestart, EffectReflection:
		return true
	}
	return false
}

// caseClock is what the pauses of one case come to.
type caseClock struct {
	start     Date          // the day the answer's period runs from
	waiting   bool          // an answer of the person is outstanding
	days      map[Date]bool // days of closed pauses that do not count
	safeDays  map[Date]bool // the same, one day fewer for each pause
	withdrawn bool
	feeLimit  Date // last day to accept a fee, when one was announced
	steps     []ExplainedStep
}

// runClock applies the pauses of a case to the clock that began at receipt.
func (d Duties) runClock(f Facts) (caseClock, error) {
	c := caseClock{start: f.day(f.Received), days: map[Date]bool{}, safeDays: map[Date]bool{}}
	for _, p := range f.answeredPauses() {
		rule, ok := d.pauseRule(p.Kind)
		if !ok {
			return c, noPause(d, p.Kind)
		}
		if err := p.plausible(f, rule); err != nil {
			return c, err
		}
		c.apply(rule, p, f)
	}
	c.restartAt(d, PauseIdentity, f.IdentityInfoReceived, f)
	c.restartAt(d, PauseFee, f.FeePaid, f)
	return c, nil
}

// apply lets one pause act on the clock, by the effect that the law gives it.
func (c *caseClock) apply(rule PauseRule, p Pause, f Facts) {
	from := f.day(p.From)
	switch {
	case rule.Effect == EffectReflection:
		c.reflect(rule, p, f)
	case p.Until == nil:
		c.waiting = true
		c.note("waiting for "+string(p.Kind)+" since "+from.String()+"; the date moves until it arrives", Date{})
	case rule.Effect == EffectRestart:
		c.restart(p.Kind, f.day(*p.Until))
	default:
		until := f.day(*p.Until)
		fill(c.safeDays, from.AddDays(1), until)
		text := "both days included"
		if rule.Effect == EffectSuspend {
			text, from = "the first day excluded", from.AddDays(1)
		}
		fill(c.days, from, until)
		c.note(fmt.Sprintf("waited for %s from %s to %s, %s: %d days do not count", p.Kind, f.day(p.From), until, text, from.DaysUntil(until)+1), Date{})
	}
}

// paused counts the days that closed pauses add. Days before the start (the clock began anew after them) never counted
// and so cannot be added.
func (c *caseClock) paused() pausedDays {
	return pausedDays{full: c.sinceStart(c.days), oneLess: c.sinceStart(c.safeDays)}
}

func (c *caseClock) sinceStart(days map[Date]bool) int {
	n := 0
	for d := range days {
		if !d.Before(c.start) {
			n++
		}
	}
	return n
}

// reflect follows the Swiss fee procedure: the 30 days begin when the ten days have run out, however early the person
// accepts; a person who has not accepted by then has withdrawn the request.
func (c *caseClock) reflect(rule PauseRule, p Pause, f Facts) {
	c.feeLimit = f.day(p.From).AddDays(rule.Reflection.Count)
	c.start = latest(c.start, c.feeLimit)
	c.note(fmt.Sprintf("fee announced %s; the period starts when the %s of reflection end", f.day(p.From), rule.Reflection), c.feeLimit)
	if p.Until == nil {
		c.waiting = true
		return
	}
	c.withdrawn = f.day(*p.Until).After(c.feeLimit)
}

// restartAt takes a bare fact (the identity information arrived, the fee was paid) for the end of a pause that restarts.
func (c *caseClock) restartAt(d Duties, kind PauseKind, at *time.Time, f Facts) {
	rule, ok := d.pauseRule(kind)
	if ok && at != nil && rule.Effect == EffectRestart {
		c.restart(kind, f.day(*at))
	}
}

// restart moves the start, never backwards: the latest of the events counts (UK GDPR Art 12A(2)).
func (c *caseClock) restart(kind PauseKind, at Date) {
	if at.After(c.start) {
		c.start = at
		c.note(string(kind)+" arrived; the clock starts at the latest of the starting events", at)
	}
}

func (c *caseClock) note(text string, d Date) {
	c.steps = append(c.steps, ExplainedStep{Text: text, Date: d})
}

// answeredPauses closes open pauses whose answer is among the facts.
func (f Facts) answeredPauses() []Pause {
	pauses := slices.Clone(f.Pauses)
	for i, p := range pauses {
		switch {
		case p.Until != nil:
		case p.Kind == PauseIdentity:
			pauses[i].Until = f.IdentityInfoReceived
		case p.Kind == PauseFee:
			pauses[i].Until = f.FeePaid
		}
	}
	return pauses
}

func (d Duties) pauseRule(kind PauseKind) (PauseRule, bool) {
	for _, rule := range d.Pauses {
		if rule.Kind == kind {
			return rule, true
		}
	}
	return PauseRule{}, false
}

// fill marks every day of a pause, so that pauses that overlap count once.
func fill(days map[Date]bool, from, until Date) {
	for d := from; !d.After(until); d = d.AddDays(1) {
		days[d] = true
	}
}
