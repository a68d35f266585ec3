package privacy

import (
	"fmt"
	"time"
)

// plausible refuses pauses that run backwards or begin before there was a request.
func (p Pause) plausible(f Facts, rule PauseRule) error {
	switch {
	case f.day(p.From).Before(f.day(f.Received)):
		return contradiction(rule.Citation, "the pause for %s begins before the request was received", p.Kind)
	case p.Until != nil && f.day(*p.Until).Before(f.day(p.From)):
		return contradiction(rule.Citation, "the pause for %s ends before it begins", p.Kind)
	}
	return nil
}

// MayPause reports whether the clock of a case may be stopped at this moment for this kind of waiting; the error is a
// *RuleError.
func (r *Regime) MayPause(f Facts, kind PauseKind, at time.Time) error {
	duties, err := r.duties(f.Right)
	if err != nil {
		return err
	}
	rule, ok := duties.pauseRule(kind)
	if !ok {
		return noPause(duties, kind)
	}
	for _, p := range f.answeredPauses() {
		if p.Kind == kind && p.Until == nil {
			return &RuleError{Code: CodeAlreadyPaused, Citation: rule.Citation, Message: "the clock already waits for " + string(kind)}
		}
	}
	respond, err := r.deadlineOf(f, Respond)
	if err != nil {
		return err
	}
	switch {
	case at.Before(f.Received):
		return &RuleError{Code: CodePauseTooEarly, Citation: rule.Citation, Message: "a pause cannot begin before the request was received"}
	case !respond.Paused && at.After(respond.Due):
		return &RuleError{Code: CodePauseTooLate, Citation: rule.Citation, Message: "the answer was due on " + respond.DueDate.String() + "; a pause cannot revive it"}
	}
	return nil
}

// noPause cites the rule of the answer: it is what keeps the clock running.
func noPause(d Duties, kind PauseKind) error {
	var cited Citation
	if len(d.Obligations) > 0 {
		cited = d.Obligations[len(d.Obligations)-1].Citation
	}
	for _, duty := range d.Obligations {
		if duty.Kind == Respond {
			cited = duty.Citation
		}
	}
	return &RuleError{Code: CodeNoPause, Citation: cited, Message: "the clock keeps running while " + string(kind) + " is awaited"}
}

func contradiction(c Citation, format string, args ...any) error {
	return &RuleError{Code: CodeFactsContradictory, Citation: c, Message: fmt.Sprintf(format, args...)}
}
