package privacy

import "time"

// ConfirmWithin is how long after an erasure has begun the person has heard what came of it, and ConfirmSafe when they are told how far it has come
// if it is not done by then. The law says "without undue delay" (Art. 12(3) GDPR); the hours are a promise of ours.
const (
	ConfirmWithin = 24 * time.Hour
	ConfirmSafe   = 20 * time.Hour
)

// Confirmation is the deadline for telling a person what was erased. Regime and version are those of the request.
func Confirmation(begun time.Time, zone *time.Location, regime, version string) Deadline {
	begun = begun.UTC()
	due, safe := begun.Add(ConfirmWithin), begun.Add(ConfirmSafe)
	citation := Citation{Text: "house rule: no law sets these hours", Mark: Knowledge}
	if regime == "gdpr" || regime == "uk-gdpr" {
		citation = Citation{Text: "Art. 12(3) GDPR: without undue delay", Mark: Verified}
	}
	return Deadline{
		Kind: ConfirmErasure, Right: Erasure, Regime: regime, Version: version, Start: DateIn(begun, zone), Nominal: DateIn(due, zone), DueDate: DateIn(due, zone),
		EarliestSafeDate: DateIn(safe, zone), Due: due, EarliestSafe: safe, Force: ForceHouse, Citation: citation,
		Explanation: Explanation{
			Rule: "The person hears what was erased within 24 hours of its beginning", Inputs: []Input{{Name: "begun", Value: begun.Format(time.RFC3339)}},
			Steps:  []ExplainedStep{{Text: "20 hours later they are told how far it has come, unless it is done", Date: DateIn(safe, zone)}, {Text: "24 hours later they have heard", Date: DateIn(due, zone)}},
			Result: due.Format(time.RFC3339), Citation: citation,
		},
	}
}
