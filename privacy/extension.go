package privacy

import (
	"slices"
	"strings"
	"time"
)

// openExtension is the deadline where the notice, not the law, names the day (DSV 18(2); Privacy Act 2020 (NZ) s.48).
func (run *reckoning) openExtension(duty Duty, start Date) Deadline {
	until := run.facts.ExtendedUntil
	best := Reckoned{Nominal: until, Due: until, Steps: []ExplainedStep{{Text: "the day named in the notice to the person", Date: until}}}
	d := run.newDeadline(duty, start, best)
	run.finish(&d, duty, duty.Period, best)
	return d
}

// extensionNotice is the last day on which the person may be told of an extension.
func (run *reckoning) extensionNotice() ([]Deadline, error) {
	ext := run.duties.Extension
	if ext == nil {
		return nil, nil
	}
	duty := Duty{Kind: ExtensionNotice, Term: Term{Period: ext.Notice}, Citation: ext.Citation}
	if respond, ok := run.duties.find(Respond); ok {
		duty.FirstDay, duty.RollOver, duty.Safe, duty.SmallAgents = respond.FirstDay, respond.RollOver, respond.Safe, respond.SmallAgents
	}
	d, _, err := run.deadline(duty)
	if err != nil {
		return nil, err
	}
	return []Deadline{d}, nil
}

// feeConfirmation is the person's last day to accept a fee, after which the request counts as withdrawn.
func (run *reckoning) feeConfirmation() []Deadline {
	rule, ok := run.duties.pauseRule(PauseFee)
	if !ok || run.clock.feeLimit.IsZero() {
		return nil
	}
	limit := run.clock.feeLimit
	duty := Duty{Kind: FeeConfirmation, Term: Term{Period: rule.Reflection}, Citation: rule.Citation}
	best := Reckoned{Nominal: limit, Due: limit}
	d := run.newDeadline(duty, limit.AddDays(-rule.Reflection.Count), best)
	d.Withdrawn = run.clock.withdrawn
	run.finish(&d, duty, rule.Reflection, best)
	return []Deadline{d}
}

func (d Duties) find(kind ObligationKind) (Duty, bool) {
	for _, duty := range d.Obligations {
		if duty.Kind == kind {
			return duty, true
		}
	}
	return Duty{}, false
}

// MayExtend reports whether the answer may still be put off at this moment: the law must know an extension, it is
// taken once, and the notice must go out before the cut-off. The error is a *RuleError.
func (r *Regime) MayExtend(f Facts, at time.Time) error {
	duties, err := r.duties(f.Right)
	if err != nil {
		return err
	}
	ext := duties.Extension
	if ext == nil {
		return &RuleError{Code: CodeNoExtension, Citation: r.Counting.Citation, Message: "the regime " + r.ID + " knows no extension for " + string(f.Right)}
	}
	if f.Extended {
		return &RuleError{Code: CodeAlreadyExtended, Citation: ext.Citation, Message: "the answer has been put off once already"}
	}
	notice, err := r.deadlineOf(f, ExtensionNotice)
	if err != nil {
		return err
	}
	if !notice.Paused && at.After(notice.Due) {
		return &RuleError{Code: CodeExtensionTooLate, Citation: ext.Citation, Message: "the person had to be told by " + notice.DueDate.String()}
	}
	return nil
}

// MayExtendBecause reports whether the law puts the answer off for this reason; the error is a *RuleError. A regime
// without a list accepts any.
func (r *Regime) MayExtendBecause(right Right, reason string) error {
	duties, err := r.duties(right)
	if err != nil {
		return err
	}
	ext := duties.Extension
	if ext == nil || len(ext.Reasons) == 0 || slices.Contains(ext.Reasons, reason) {
		return nil
	}
	return &RuleError{Code: CodeExtensionReason, Citation: ext.Citation, Message: "the answer may be put off for: " + strings.Join(ext.Reasons, ", ")}
}
