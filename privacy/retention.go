package privacy

import (
	"fmt"
	"slices"
)

// RetentionRule is one duty to keep records (or one ground to keep them), with the day it ends.
type RetentionRule struct {
	ID       string            `json:"id"`
	Country  string            `json:"country"`
	Name     string            `json:"name"`
	Kinds    []string          `json:"kinds"` // record kinds and their synonyms
	Ground   RetentionGround   `json:"ground"`
	Keep     []RetentionPeriod `json:"keep"` // the latest end counts
	Former   *FormerRetention  `json:"former,omitempty"`
	Then     string            `json:"then,omitempty"`       // what must follow, such as "delete"
	Blocked  string            `json:"blocked_by,omitempty"` // what keeps the period from ending
	Citation Citation          `json:"citation"`
}

// RetentionGround says why the records may be kept from erasure.
type RetentionGround string

// The grounds.
const (
	GroundDuty   RetentionGround = "legal_duty"   // Art 17(3)(b)
	GroundClaims RetentionGround = "legal_claims" // Art 17(3)(e): a reason to keep, never a duty
	// GroundSecurity is the prevention of abuse: what is still needed for it, on grounds that override the person's, has no ground to be
	// erased (Art 17(1)(a), (c) with 21(1); CCPA 1798.105(d)(2)). No law sets its period.
	GroundSecurity RetentionGround = "security"
)

// Valid reports whether g is one of the grounds.
func (g RetentionGround) Valid() bool {
	return g == GroundDuty || g == GroundClaims || g == GroundSecurity
}

// RetentionPeriod counts from an event or from the end of its calendar year.
type RetentionPeriod struct {
	Event  string         `json:"event"`
	Period Period         `json:"period"`
	Runs   RetentionStart `json:"runs"`
}

// RetentionStart is where the period begins.
type RetentionStart string

// The starts.
const (
	RunsFromEvent   RetentionStart = "from_event"
	RunsFromYearEnd RetentionStart = "from_calendar_year_end"
)

// Valid reports whether s is one of the starts.
func (s RetentionStart) Valid() bool { return s == RunsFromEvent || s == RunsFromYearEnd }

// FormerRetention is a longer period of before an amendment. It stays the measure for records whose period had already
// run out under it (BEG IV shortened only periods that were still open).
type FormerRetention struct {
	Period    Period   `json:"period"`
	ClosedBy  Date     `json:"closed_by"`                     // last day on which a former period could close
	LaterFor  string   `json:"supervised,omitempty"`          // firms for which the change came later
	LaterDate Date     `json:"supervised_closed_by,omitzero"` // the same day for them
	Citation  Citation `json:"citation"`
}

// RetentionFacts is what a retention answer depends on.
type RetentionFacts struct {
	Events     map[string]Date // date of each event, by name
	Supervised bool            // the firm belongs to those named in FormerRetention.LaterFor
	Blocked    bool            // what RetentionRule.Blocked names is the case (an assessment is still open)
}

// Retention is how long records must be kept.
type Retention struct {
	Rule           string   `json:"rule"`
	Period         Period   `json:"period"`
	RetainThrough  Date     `json:"retain_through"`  // last day of the duty
	EarliestDelete Date     `json:"earliest_delete"` // zero while blocked
	Blocked        bool     `json:"blocked,omitempty"`
	Then           string   `json:"then,omitempty"`
	Citation       Citation `json:"citation"`
}

// Retain computes the last day of the duty. It needs at least one of the events the rule counts from.
func (r RetentionRule) Retain(f RetentionFacts) (Retention, error) {
	out := Retention{Rule: r.ID, Then: r.Then, Blocked: f.Blocked && r.Blocked != "", Citation: r.Citation}
	for _, keep := range r.Keep {
		event, ok := f.Events[keep.Event]
		if !ok {
			continue
		}
		period := r.periodAt(keep, event, f)
		if end := keep.end(event, period); end.After(out.RetainThrough) {
			out.RetainThrough, out.Period = end, period
		}
	}
	if out.RetainThrough.IsZero() {
		return Retention{}, fmt.Errorf("computing retention under %s: the date of %q is missing", r.ID, r.Keep[0].Event)
	}
	if !out.Blocked {
		out.EarliestDelete = out.RetainThrough.AddDays(1)
	}
	return out, nil
}

// periodAt is the length that applies to records of that event: the former one if it had already run out.
func (r RetentionRule) periodAt(keep RetentionPeriod, event Date, f RetentionFacts) Period {
	if r.Former == nil {
		return keep.Period
	}
	closedBy := r.Former.ClosedBy
	if f.Supervised && !r.Former.LaterDate.IsZero() {
		closedBy = r.Former.LaterDate
	}
	if !keep.end(event, r.Former.Period).After(closedBy) {
		return r.Former.Period
	}
	return keep.Period
}

// end is the last day of the duty. 29 February becomes 28 February in a common year.
func (k RetentionPeriod) end(event Date, p Period) Date {
	start := event
	if k.Runs == RunsFromYearEnd {
		start = event.YearEnd()
	}
	switch p.Unit {
	case Years:
		return start.AddYears(p.Count)
	case Months:
		return start.AddMonths(p.Count)
	case Weeks:
		return start.AddDays(7 * p.Count)
	case Days, WorkingDays, Hours:
	}
	return start.AddDays(p.Count)
}

// Covers reports whether the rule names a kind of record.
func (r RetentionRule) Covers(kind string) bool { return slices.Contains(r.Kinds, kind) }
