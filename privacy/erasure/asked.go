package erasure

import (
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// AskedCollection stands for all that somebody else holds of a person: nobody here can look into it.
const AskedCollection = "answer"

// DraftAsked lays out a system that somebody else erases in when asked. A hold on it, or a decision, keeps all that they hold, as one row, and
// nobody is asked.
func DraftAsked(s Site, of string, c Circumstances) SystemPlan {
	d := &designer{Site: s, Circumstances: c}
	line := Line{Order: Order{Address: dataset.Address{Dataset: s.Key, Collection: AskedCollection}}, Fields: []FieldFate{}}
	if held, kept := d.kept(line.Address); kept {
		held.Rows = 1
		line.Rows, line.Kept = Rows{Own: 1, Kept: 1}, []Keeping{held}
	}
	out := SystemPlan{Key: s.Key, Name: s.Name, Names: s.Names, Asked: of, Lines: []Line{line}}
	for _, h := range c.Holds {
		out.Holds = append(out.Holds, h.ID)
	}
	slices.Sort(out.Holds)
	return out
}
