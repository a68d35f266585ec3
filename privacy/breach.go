package privacy

import "slices"

// BreachRule is what one law wants told, to whom and by when, after an incident.
type BreachRule struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Regime string      `json:"regime,omitempty"` // id of the regime it belongs to, when it belongs to one
	Reach  BreachReach `json:"reach"`
	// Authority is who has to be told, where there is one of the kind; empty where it is the organisation's own.
	Authority string        `json:"authority,omitempty"`
	Calendar  string        `json:"calendar"`
	Zone      string        `json:"zone,omitempty"`
	Counting  Counting      `json:"counting"`
	Clocks    []BreachClock `json:"clocks"`
	Notes     []string      `json:"notes,omitempty"`
}

// BreachTrigger is the moment that starts a breach clock.
type BreachTrigger string

// The triggers.
const (
	TriggerAwareness           BreachTrigger = "awareness"     // reasonable certainty that personal data was compromised
	TriggerSuspicion           BreachTrigger = "suspicion"     // reasonable grounds to suspect
	TriggerDetermination       BreachTrigger = "determination" // the breach, its materiality or its notifiability is established
	TriggerDiscovery           BreachTrigger = "discovery"
	TriggerHighRisk            BreachTrigger = "high_risk"        // the risk to people was assessed as high
	TriggerClassification      BreachTrigger = "classification"   // classified as major (DORA)
	TriggerNotification        BreachTrigger = "notification"     // the incident notification was submitted (NIS2)
	TriggerInitialReport       BreachTrigger = "initial_report"   // the initial notification was submitted (DORA)
	TriggerIntermediateReport  BreachTrigger = "intermediate"     // the latest intermediate report was submitted (DORA)
	TriggerIndividualsNotified BreachTrigger = "individuals_told" // the people were told
	TriggerAuthorityNotified   BreachTrigger = "authority_told"   // the authority was told
)

// BreachTriggers lists them, in the order in which they come.
func BreachTriggers() []BreachTrigger {
	return []BreachTrigger{
		TriggerSuspicion, TriggerDiscovery, TriggerAwareness, TriggerDetermination, TriggerHighRisk, TriggerClassification, TriggerNotification, TriggerInitialReport,
		TriggerIntermediateReport, TriggerAuthorityNotified, TriggerIndividualsNotified,
	}
}

// Valid reports whether t is one of the triggers.
func (t BreachTrigger) Valid() bool { return slices.Contains(BreachTriggers(), t) }

// BreachClock is one thing owed after an incident.
type BreachClock struct {
	Kind BreachKind `json:"kind"`
	Term
	From        BreachTrigger `json:"from"`
	Cap         *BreachCap    `json:"cap,omitempty"`
	ClockHours  bool          `json:"clock_hours,omitempty"` // Reg. 1182/71 reading of hours has a meaning here
	SmallAgents int           `json:"small_agent_factor,omitempty"`
	MoreThan    int           `json:"more_than,omitempty"` // owed only when more people than this are affected
	// Risk is the lowest at which it is owed; empty where it is owed whatever the risk.
	Risk  BreachRisk `json:"risk,omitempty"`
	Force Force      `json:"force,omitempty"`
	// Content is what has to be said; nil where the law lists nothing.
	Content  *BreachContent `json:"content,omitempty"`
	Citation Citation       `json:"citation"`
}

// BreachCap is an outer limit counted from an earlier moment; it binds only while it has not already passed when the
// clock starts (a late classification under DORA still leaves the four hours).
type BreachCap struct {
	Period Period        `json:"period"`
	From   BreachTrigger `json:"from"`
}

// BreachKind is what is owed.
type BreachKind string

// The kinds of breach duty.
const (
	BreachEarlyWarning       BreachKind = "early_warning"
	BreachNotifyAuthority    BreachKind = "notify_authority"
	BreachNotifyControllers  BreachKind = "notify_controllers" // a processor tells those on whose behalf it works
	BreachNotifyIndividuals  BreachKind = "notify_individuals"
	BreachIntermediateReport BreachKind = "intermediate_report"
	BreachFinalReport        BreachKind = "final_report"
	BreachAssessment         BreachKind = "assessment"
	BreachSampleToAuthority  BreachKind = "sample_to_authority"
	BreachPublicFiling       BreachKind = "public_filing"
	BreachSupplement         BreachKind = "supplement"
)

// BreachKinds lists them.
func BreachKinds() []BreachKind {
	return []BreachKind{
		BreachEarlyWarning, BreachNotifyAuthority, BreachNotifyControllers, BreachNotifyIndividuals, BreachIntermediateReport, BreachFinalReport, BreachAssessment,
		BreachSampleToAuthority, BreachPublicFiling, BreachSupplement,
	}
}

// Valid reports whether k is one of the kinds.
func (k BreachKind) Valid() bool { return slices.Contains(BreachKinds(), k) }
