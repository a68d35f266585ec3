package erasure

import (
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// AskedCollection stands for all that somebody else holds of a person: nobody here can look into it.
const AskedCollection = "answer"

// DraftAsked lays out a system that somebody else erases in when asked. A hold on it, a decision or a recourse keeps all that they hold, as one row,
// and nobody is asked.
func DraftAsked(s Site, of string, c Circumstances) SystemPlan {
	d := &designer{Site: s, Circumstances: c}
	line := whole(s.Key)
	held, kept := d.kept(line.Address)
	if r := c.recourse(s.Key); !kept && r != nil {
		held, kept = r.keeping(1), true
	}
	if kept {
		held.Rows = 1
		line = whole(s.Key, held)
	}
	out := SystemPlan{Key: s.Key, Name: s.Name, Names: s.Names, Asked: of, Lines: []Line{line}}
	out.heeds(c)
	return out
}

// whole is all that lies in a system which nobody here can look into: one row, if it is kept.
func whole(system string, kept ...Keeping) Line {
	line := Line{Order: Order{Address: dataset.Address{Dataset: system, Collection: AskedCollection}}, Fields: []FieldFate{}}
	if len(kept) > 0 {
		line.Rows, line.Kept = Rows{Own: 1, Kept: 1}, kept
	}
	return line
}

// heeds notes what the part was drafted by that can change while others are counted.
func (s *SystemPlan) heeds(c Circumstances) {
	for _, h := range c.Holds {
		s.Holds = append(s.Holds, h.ID)
	}
	slices.Sort(s.Holds)
	s.Recourses = c.Recourses
}
