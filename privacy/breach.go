package privacy

import (
	"fmt"
	"time"
)

// BreachRule is what one law wants told, to whom and by when, after an incident.
type BreachRule struct {
	ID       string        `json:"id"`
	Name     string        `json:"name"`
	Regime   string        `json:"regime,omitempty"` // id of the regime it belongs to, when it belongs to one
	Calendar string        `json:"calendar"`
	Zone     string        `json:"zone,omitempty"`
	Counting Counting      `json:"counting"`
	Clocks   []BreachClock `json:"clocks"`
	Notes    []string      `json:"notes,omitempty"`
}

// BreachTrigger is the moment that starts a breach clock.
type BreachTrigger string

// The triggers.
const (
	TriggerAwareness           BreachTrigger = "awareness"     // reasonable certainty that personal data was compromised
	TriggerSuspicion           BreachTrigger = "suspicion"     // reasonable grounds to suspect
	TriggerDetermination       BreachTrigger = "determination" // the breach, its materiality or its notifiability is established
	TriggerDiscovery           BreachTrigger = "discovery"
	TriggerClassification      BreachTrigger = "classification"   // classified as major (DORA)
	TriggerNotification        BreachTrigger = "notification"     // the incident notification was submitted (NIS2)
	TriggerInitialReport       BreachTrigger = "initial_report"   // the initial notification was submitted (DORA)
	TriggerIntermediateReport  BreachTrigger = "intermediate"     // the latest intermediate report was submitted (DORA)
	TriggerIndividualsNotified BreachTrigger = "individuals_told" // the people were told
	TriggerAuthorityNotified   BreachTrigger = "authority_told"   // the authority was told
)

// Valid reports whether t is one of the triggers.
func (t BreachTrigger) Valid() bool {
	switch t {
	case TriggerAwareness, TriggerSuspicion, TriggerDetermination, TriggerDiscovery, TriggerClassification,
		TriggerNotification, TriggerInitialReport, TriggerIntermediateReport, TriggerIndividualsNotified, TriggerAuthorityNotified:
		return true
	}
	return false
}

// BreachClock is one thing owed after an incident.
type BreachClock struct {
	Kind BreachKind `json:"kind"`
	Term
	From        BreachTrigger `json:"from"`
	Cap         *BreachCap    `json:"cap,omitempty"`
	ClockHours  bool          `json:"clock_hours,omitempty"` // Reg. 1182/71 reading of hours has a meaning here
	SmallAgents int           `json:"small_agent_factor,omitempty"`
	MoreThan    int           `json:"more_than,omitempty"` // owed only when more people than this are affected
	Force       Force         `json:"force,omitempty"`
	Citation    Citation      `json:"citation"`
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
	BreachNotifyIndividuals  BreachKind = "notify_individuals"
	BreachIntermediateReport BreachKind = "intermediate_report"
	BreachFinalReport        BreachKind = "final_report"
	BreachAssessment         BreachKind = "assessment"
	BreachSampleToAuthority  BreachKind = "sample_to_authority"
	BreachPublicFiling       BreachKind = "public_filing"
	BreachSupplement         BreachKind = "supplement"
)

// Valid reports whether k is one of the kinds.
func (k BreachKind) Valid() bool {
	switch k {
	case BreachEarlyWarning, BreachNotifyAuthority, BreachNotifyIndividuals, BreachIntermediateReport, BreachFinalReport,
		BreachAssessment, BreachSampleToAuthority, BreachPublicFiling, BreachSupplement:
		return true
	}
	return false
}

// BreachFacts is what breach clocks depend on.
type BreachFacts struct {
	Moments    map[BreachTrigger]time.Time
	Zone       *time.Location
	Calendar   string // replaces the rule's own when set
	Holidays   []Date // nil keeps the calendar's own
	Affected   int
	SmallAgent bool
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

// Deadlines computes every duty whose trigger has happened and whose threshold is passed.
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
		if !happened || (clock.MoreThan > 0 && f.Affected <= clock.MoreThan) {
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
