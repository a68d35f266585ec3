package privacy

import "slices"

// AppealKind is what a person can make to the controller itself against its answer.
type AppealKind string

// The kinds.
const (
	// NoAppeal says that the law knows nothing of the kind: the person turns to an authority or a court.
	NoAppeal AppealKind = ""
	// Appealed is decided within a period of its own (the privacy acts of the states of the US).
	Appealed AppealKind = "appeal"
	// Complained is confirmed within a period, and answered without undue delay (section 164A of the UK Data Protection Act 2018).
	Complained AppealKind = "complaint"
)

// AppealKind says what the regime lets people make.
func (r *Regime) AppealKind() AppealKind {
	switch {
	case slices.ContainsFunc(r.Common, func(d Duty) bool { return d.Kind == AppealDecision }):
		return Appealed
	case slices.ContainsFunc(r.Common, func(d Duty) bool { return d.Kind == ComplaintAcknowledge }):
		return Complained
	default:
		return NoAppeal
	}
}

// MayAppeal says whether people can make anything to the controller against its answer.
func (r *Regime) MayAppeal() error {
	if r.AppealKind() != NoAppeal {
		return nil
	}
	return &RuleError{Code: "no_appeal", Citation: r.Appeal.Citation, Message: r.Name + " knows no appeal to the controller: the person turns to the authority or a court"}
}

// MayExtendAppeal says whether the decision on an appeal may take longer.
func (r *Regime) MayExtendAppeal() error {
	if slices.ContainsFunc(r.Common, func(d Duty) bool { return d.Kind == AppealDecision && d.AppealBy != nil }) {
		return nil
	}
	return &RuleError{Code: "no_extension", Citation: r.Appeal.Citation, Message: r.Name + " gives no more time for the decision on an appeal"}
}
