package incident

import (
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Phase is how far an incident has come. They follow each other; what one of them does may be begun before it.
type Phase string

// The phases, in their order. They are stored and never renamed.
const (
	Detection    Phase = "detection"    // it was reported, and nobody has looked at it yet
	Assessment   Phase = "assessment"   // what it is, whom it hit, and how grave it is
	Containment  Phase = "containment"  // it is kept from getting worse
	Notification Phase = "notification" // whoever has to be told is told
	Remediation  Phase = "remediation"  // what it broke is mended
	Review       Phase = "review"       // why it happened, and what keeps it from happening again
	Closed       Phase = "closed"
)

// Phases lists them in their order.
func Phases() []Phase {
	return []Phase{Detection, Assessment, Containment, Notification, Remediation, Review, Closed}
}

// Next is the phase behind one; ok is false behind the last.
func (p Phase) Next() (next Phase, ok bool) {
	at := slices.Index(Phases(), p)
	if at < 0 || p == Closed {
		return "", false
	}
	return Phases()[at+1], true
}

// Answer is what is known of something.
type Answer string

// The answers.
const (
	Unknown Answer = ""
	Yes     Answer = "yes"
	No      Answer = "no"
)

// Severity is how grave an incident is for the organisation and those whose data it has; the risk to people is assessed by itself.
type Severity string

// The severities, the lowest first.
const (
	Low      Severity = "low"
	Medium   Severity = "medium"
	High     Severity = "high"
	Critical Severity = "critical"
)

// Severities lists them, the lowest first.
func Severities() []Severity { return []Severity{Low, Medium, High, Critical} }

// Known is what is known of an incident as far as its phases depend on it.
type Known struct {
	// Owner says that somebody leads it.
	Owner    bool
	Severity Severity
	// PersonalData says whether it hit any: only then it is a breach (Art. 4(12) GDPR).
	PersonalData Answer
	// Scoped says that it is on record what was hit, and where the people live, as far as that can be known now.
	Scoped bool
	// Role is the organisation's part in what was hit. A processor weighs no risk (Art. 33(2) GDPR).
	Role privacy.BreachRole
	// Aware says that the moment of awareness was decided, Risk what was assessed.
	Aware bool
	Risk  privacy.BreachRisk
	// Contained says that what was done to contain it is on record, or why there was nothing to do; Mended the same of what it broke.
	Contained, Mended bool
	// Owed is how many duties are neither met nor waived.
	Owed int
	// RootCause says that it is on record; Loose is how many of the actions have no owner or no day.
	RootCause bool
	Loose     int
}

// Need is something without which a phase does not end.
type Need string

// The needs.
const (
	NeedOwner        Need = "owner"
	NeedSeverity     Need = "severity"
	NeedPersonalData Need = "personal_data"
	NeedScope        Need = "scope"
	NeedAwareness    Need = "awareness"
	NeedRisk         Need = "risk"
	NeedContained    Need = "containment"
	NeedDuties       Need = "duties"
	NeedMended       Need = "remediation"
	NeedRootCause    Need = "root_cause"
	NeedActions      Need = "actions"
)

// Needs are what is missing before a phase can end, in the order in which it is best seen to; none when it can.
func (p Phase) Needs(k Known) (out []Need) {
	need := func(missing bool, n Need) {
		if missing {
			out = append(out, n)
		}
	}
	breach := k.PersonalData == Yes
	switch p {
	case Detection:
		need(!k.Owner, NeedOwner)
	case Assessment:
		need(k.Severity == "", NeedSeverity)
		need(k.PersonalData == Unknown, NeedPersonalData)
		need(breach && !k.Scoped, NeedScope)
		need(breach && !k.Aware, NeedAwareness)
		need(breach && k.Role != privacy.BreachProcessor && k.Risk == "", NeedRisk)
	case Containment:
		need(!k.Contained, NeedContained)
	case Notification:
		need(k.Owed > 0, NeedDuties)
	case Remediation:
		need(!k.Mended, NeedMended)
	case Review:
		need(!k.RootCause, NeedRootCause)
		need(k.Loose > 0, NeedActions)
		need(k.Owed > 0, NeedDuties) // what a law asks for after the others: a final report
	}
	return out
}

// Settled is the phase that an incident is in by what is known of it, from the one that it is in: as far as nothing is missing. It never goes back: what is corrected later
// does not undo what was done. Only a person ends the review.
func (p Phase) Settled(k Known) Phase {
	for p != Review && p != Closed && len(p.Needs(k)) == 0 {
		p, _ = p.Next()
	}
	return p
}
