package erasure

import (
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// Recourse keeps what another request of the person's was about while they can still turn to somebody about its end: see privacy.Recourse. What would
// be erased waits until that is over; what a duty keeps for longer stays under the duty.
type Recourse struct {
	// Request is the reference of the other request.
	Request string `json:"request"`
	// Systems are those that it covered, by key; none means everywhere.
	Systems []string `json:"systems,omitempty"`
	// Until is the last day, where the controller is.
	Until    privacy.Date     `json:"until"`
	Citation privacy.Citation `json:"citation"`
}

// Covers says whether the recourse keeps what lies in a system, on a day.
func (r *Recourse) Covers(system string, today privacy.Date) bool {
	return !r.Until.Before(today) && (len(r.Systems) == 0 || slices.Contains(r.Systems, system))
}

// Same says whether two plans with these recourses keep the same for as long.
func (r *Recourse) Same(o Recourse) bool {
	return r.Request == o.Request && r.Until == o.Until && slices.Equal(r.Systems, o.Systems)
}

// Stays says whether a hold or a recourse keeps all that lies in a system today.
func (c *Circumstances) Stays(system string) bool {
	held := slices.ContainsFunc(c.Holds, func(h Hold) bool { return h.Covers(system) })
	return held || c.recourse(system) != nil
}

// recourse is the one that keeps what lies in a system the longest; nil when none does.
func (c *Circumstances) recourse(system string) (longest *Recourse) {
	today := privacy.DateIn(c.Now, c.Zone)
	for i := range c.Recourses {
		r := &c.Recourses[i]
		if r.Covers(system, today) && (longest == nil || r.Until.After(longest.Until)) {
			longest = r
		}
	}
	return longest
}

// keeping is some rows that stay for the recourse.
func (r *Recourse) keeping(rows int64) Keeping {
	k := Keeping{Ground: KeptForRecourse, Rule: r.Request, Name: "the request " + r.Request, Citation: r.Citation}
	k.add(r.Until, rows)
	return k
}

// await has nothing of a system erased while a recourse keeps it. What the plan would have erased stays until that is over, and is kept rows'
// longest duty where that ends later.
func (s *SystemPlan) await(r *Recourse) {
	if r == nil {
		return
	}
	for i := range s.Lines {
		s.Lines[i].await(r)
	}
}

// await keeps a line as it is. Its rows are counted as the plan found them: those that would be treated now, and those of others that hold something
// of the person's, wait for the recourse.
func (l *Line) await(r *Recourse) {
	if !l.Touches() {
		return
	}
	waiting := l.Rows.Erased + l.Rows.Parts
	kept := make([]Keeping, 0, len(l.Kept)+1)
	for _, k := range l.Kept {
		stays, sooner := k.beyond(r.Until)
		waiting += sooner
		if stays.Rows > 0 {
			kept = append(kept, stays)
		}
	}
	if waiting > 0 {
		kept = append(kept, r.keeping(waiting))
	}
	l.Kept, l.Rows.Kept, l.Rows.Erased = kept, l.Rows.Kept+l.Rows.Erased+l.Rows.Parts, 0
	l.Rows.Parts = 0
	l.Order = Order{Address: l.Address, Claimed: l.Claimed}
	for i := range l.Fields {
		l.Fields[i].Fate, l.Fields[i].Trimmed = FateUnchanged, false
	}
}

// beyond parts the rows of a keeping by whether their duty ends before a day. Those of which nobody can say stay.
func (k *Keeping) beyond(day privacy.Date) (stays Keeping, sooner int64) {
	if len(k.Ends) == 0 {
		return *k, 0
	}
	stays = *k
	stays.Rows, stays.Until, stays.First, stays.Ends = 0, privacy.Date{}, privacy.Date{}, nil
	for _, e := range k.Ends {
		if e.Day.Before(day) {
			sooner += e.Rows
			continue
		}
		stays.add(e.Day, e.Rows)
	}
	return stays, sooner
}

// Waits says whether all that the system would erase is kept for a recourse.
func (s *SystemPlan) Waits() bool {
	return !s.Touches() && slices.ContainsFunc(s.Lines, func(l Line) bool { return l.waits() })
}

func (l *Line) waits() bool {
	return slices.ContainsFunc(l.Kept, func(k Keeping) bool { return k.Ground == KeptForRecourse && k.Rows > 0 })
}

// DraftUncounted is the part of a system that could not be counted and is left to a person. A recourse keeps all that lies there as one row, and whoever
// sees to the system is told so.
func DraftUncounted(s Site, why string, c Circumstances) SystemPlan {
	out := SystemPlan{Key: s.Key, Name: s.Name, Names: s.Names, Manual: why, Lines: []Line{}}
	if r := c.recourse(s.Key); r != nil {
		out.Manual += "; nothing may be erased there until " + r.Until.String() + " (" + r.Citation.Text + "), and people are asked again then"
		out.Lines = append(out.Lines, whole(s.Key, r.keeping(1)))
	}
	return out
}
