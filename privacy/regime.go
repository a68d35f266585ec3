package privacy

import "slices"

// Regime is one version of one law: which rights it gives, what is owed by when, and what may stop, lengthen or end it.
// Package policies reads regimes from YAML; keys in the file and in JSON are the same.
type Regime struct {
	ID           string `json:"id"`
	Version      string `json:"version"`
	Name         string `json:"name"`
	Short        string `json:"short"` // what practitioners call it, where there is no room for the name: GDPR
	Jurisdiction string `json:"jurisdiction"`
	// Places are where the people live whom the law protects, as ISO 3166 codes: DE, US-CA. Others may be protected too, by
	// where the controller is.
	Places      []string            `json:"places,omitempty"`
	ValidFrom   Date                `json:"valid_from"`
	ValidTo     Date                `json:"valid_to,omitzero"` // last day in force; none while it is
	Zone        string              `json:"zone,omitempty"`    // IANA name to offer when the tenant gives none
	Calendars   []string            `json:"calendars"`         // those that may apply; the first is the default
	AskCalendar bool                `json:"ask_calendar,omitempty"`
	Counting    Counting            `json:"counting"`
	Duties      map[string]Duties   `json:"duties"`
	Common      []Duty              `json:"common,omitempty"` // owed under every right
	Rights      map[Right]RightRule `json:"rights"`
	Fee         Fee                 `json:"fee"`
	Appeal      Appeal              `json:"appeal"`
	Refusals    []Refusal           `json:"refusals"`
	// BlocksErasure is set where data asked for must be kept until the person's recourse is spent; Recourse says what that is once there is an answer.
	BlocksErasure *Citation `json:"access_blocks_erasure,omitempty"`
	Recourse      *Recourse `json:"recourse,omitempty"`
	Notes         []string  `json:"notes,omitempty"`
}

// RightRule ties a right to a set of duties.
type RightRule struct {
	Duties        string   `json:"duties"`         // key into Regime.Duties
	NeedsIdentity bool     `json:"needs_identity"` // false where the law forbids asking who it is (opt-outs)
	Citation      Citation `json:"citation"`
}

// Duties is what is owed for a request, and what may move its dates.
type Duties struct {
	Obligations []Duty      `json:"obligations"`
	Extension   *Extension  `json:"extension,omitempty"`
	Pauses      []PauseRule `json:"pauses,omitempty"`
}

// Anchor is the fact a period starts from.
type Anchor string

// The anchors of duties.
const (
	FromReceipt   Anchor = "receipt"
	FromAppeal    Anchor = "appeal"    // receipt of an appeal to the controller
	FromComplaint Anchor = "complaint" // receipt of a complaint to the controller
)

// Force says why a period binds.
type Force string

// The forces of a period.
const (
	ForceStatute  Force = "statute"
	ForceGuidance Force = "guidance" // an authority's reading of "reasonable" or "without delay"
	ForceHouse    Force = "house"    // our own target where the law names no number
)

// Valid reports whether a is a known anchor; the empty one is receipt.
func (a Anchor) Valid() bool {
	return a == "" || a == FromReceipt || a == FromAppeal || a == FromComplaint
}

// Valid reports whether f is a known force; the empty one is statute.
func (f Force) Valid() bool {
	return f == "" || f == ForceStatute || f == ForceGuidance || f == ForceHouse
}

// Duty is one thing owed within a period.
type Duty struct {
	Kind ObligationKind `json:"kind"`
	Term
	From        Anchor   `json:"from,omitempty"`
	Force       Force    `json:"force,omitempty"`
	SmallAgents int      `json:"small_agent_factor,omitempty"`
	AppealBy    *Period  `json:"appeal_extension,omitempty"`
	Citation    Citation `json:"citation"`
}

// Extension is the right to take longer.
type Extension struct {
	By       Period   `json:"by,omitzero"`    // further time; the total is counted from the start in one step
	Open     bool     `json:"open,omitempty"` // no fixed cap: the notice names the day
	Notice   Period   `json:"notice"`         // time, from the start, in which the person must be told
	Reasons  []string `json:"reasons"`
	Citation Citation `json:"citation"`
}

// Refusal is a ground for not acting.
type Refusal struct {
	Reason   RefusalReason `json:"reason"`
	Rights   []Right       `json:"rights,omitempty"` // none means every right
	Citation Citation      `json:"citation"`
}

// Fee says what may be charged.
type Fee struct {
	Free     bool     `json:"free"`
	Rule     string   `json:"rule"`
	PerYear  int      `json:"free_per_year,omitempty"` // free requests in twelve months, when limited
	Citation Citation `json:"citation"`
}

// Appeal says where a person may go with a refusal.
type Appeal struct {
	ToController bool     `json:"to_controller"`
	Authority    string   `json:"authority"`
	Court        bool     `json:"court"`
	Within       Period   `json:"within,omitzero"` // time the person has
	Citation     Citation `json:"citation"`
}

// Summary is what lists show of a regime.
type Summary struct {
	ID           string   `json:"id"`
	Version      string   `json:"version"`
	Name         string   `json:"name"`
	Short        string   `json:"short" doc:"What practitioners call it: GDPR."`
	Jurisdiction string   `json:"jurisdiction"`
	Places       []string `json:"places,omitempty"`
	ValidFrom    Date     `json:"valid_from"`
	ValidTo      Date     `json:"valid_to,omitzero"`
	Rights       []Right  `json:"rights"`
}

// Summary gives the regime's head line.
func (r *Regime) Summary() Summary {
	s := Summary{ID: r.ID, Version: r.Version, Name: r.Name, Short: r.Short, Jurisdiction: r.Jurisdiction, Places: r.Places, ValidFrom: r.ValidFrom, ValidTo: r.ValidTo}
	for _, right := range Rights() {
		if _, ok := r.Rights[right]; ok {
			s.Rights = append(s.Rights, right)
		}
	}
	return s
}

// InForce reports whether this version applies to a request received on d.
func (r *Regime) InForce(d Date) bool {
	return !d.Before(r.ValidFrom) && (r.ValidTo.IsZero() || !d.After(r.ValidTo))
}

// CalendarFor gives the controller's calendar where the regime knows it, else the regime's first: a Californian request to
// a German company counts business days by the federal holidays.
func (r *Regime) CalendarFor(own string) string {
	if len(r.Calendars) == 0 || slices.Contains(r.Calendars, own) {
		return own
	}
	return r.Calendars[0]
}

// duties finds what is owed under a right, the regime's common duties included.
func (r *Regime) duties(right Right) (Duties, error) {
	rule, ok := r.Rights[right]
	if !ok {
		return Duties{}, &RuleError{Code: CodeRightUnknown, Message: "the regime " + r.ID + " gives no right of " + string(right), Citation: r.Counting.Citation}
	}
	d := r.Duties[rule.Duties]
	d.Obligations = append(slices.Clone(d.Obligations), r.Common...)
	return d, nil
}
