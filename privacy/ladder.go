package privacy

import (
	"slices"
	"time"
)

// Ladder says who is reminded of an obligation, and who hears of it when it is not met.
type Ladder struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	// Reminders are the times before the earliest safe moment at which the assignee is reminded.
	Reminders []time.Duration `json:"reminders"`
	// Steps are the rungs, each counted from the due moment.
	Steps []Step `json:"steps"`
	// Repeat is how often the last rung is climbed again until somebody acknowledges it.
	Repeat time.Duration `json:"repeat"`
}

// Step is one rung: After is counted from the due moment and is negative before it.
type Step struct {
	After time.Duration `json:"after"`
	Roles []string      `json:"roles"`
}

// MilestoneKind says what happens at a milestone.
type MilestoneKind string

// The kinds of milestone.
const (
	MilestoneReminder   MilestoneKind = "reminder"
	MilestoneSafe       MilestoneKind = "earliest_safe" // the cautious reading of the law ends here
	MilestoneDue        MilestoneKind = "due"           // the law's own limit ends here; past it the obligation is overdue
	MilestoneEscalation MilestoneKind = "escalation"
	MilestoneRepeat     MilestoneKind = "repeat"
)

// Milestone is a moment at which the clock of an obligation has something to say, and to whom.
type Milestone struct {
	At    time.Time     `json:"at"`
	Kind  MilestoneKind `json:"kind"`
	Roles []string      `json:"roles,omitempty"`
}

// Milestones lists the moments of one deadline in order of time, up to and including the first repetition. A paused
// deadline has none: its clock stands still.
func (l Ladder) Milestones(d Deadline) []Milestone {
	if d.Paused {
		return nil
	}
	first := l.firstRoles()
	var out []Milestone
	for _, before := range l.Reminders {
		out = append(out, Milestone{At: d.EarliestSafe.Add(-before), Kind: MilestoneReminder, Roles: first})
	}
	out = append(out,
		Milestone{At: d.EarliestSafe, Kind: MilestoneSafe, Roles: first},
		Milestone{At: d.Due, Kind: MilestoneDue, Roles: first})
	for _, step := range l.Steps {
		out = append(out, Milestone{At: d.Due.Add(step.After), Kind: MilestoneEscalation, Roles: step.Roles})
	}
	if n := len(l.Steps); n > 0 && l.Repeat > 0 {
		last := l.Steps[n-1]
		out = append(out, Milestone{At: d.Due.Add(last.After + l.Repeat), Kind: MilestoneRepeat, Roles: last.Roles})
	}
	slices.SortStableFunc(out, func(a, b Milestone) int { return a.At.Compare(b.At) })
	return out
}

// Next is the first milestone after now; repetitions go on without end, so ok is false only for a paused deadline or a
// ladder that does not repeat and is climbed.
func (l Ladder) Next(d Deadline, now time.Time) (next Milestone, ok bool) {
	milestones := l.Milestones(d)
	for _, m := range milestones {
		if m.At.After(now) {
			return m, true
		}
	}
	if len(milestones) == 0 || milestones[len(milestones)-1].Kind != MilestoneRepeat {
		return Milestone{}, false
	}
	last := milestones[len(milestones)-1]
	rounds := now.Sub(last.At)/l.Repeat + 1
	last.At = last.At.Add(rounds * l.Repeat)
	return last, true
}

// firstRoles hear of reminders and of both dates: whoever stands on the first rung.
func (l Ladder) firstRoles() []string {
	if len(l.Steps) == 0 {
		return nil
	}
	return l.Steps[0].Roles
}
