package erasure

import (
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// unfit puts what is wrong with the system's terms to the lines that they are of, or where there is none to the first: nobody can tell which rows
// the duty is for that was meant.
func (d *designer) unfit() {
	if len(d.lines) == 0 {
		return
	}
	for _, p := range dataset.CheckTerms(dataset.Declaration{Erasure: d.Terms}, d.Datasets, d.Kinds, true) {
		at := max(slices.IndexFunc(d.lines, func(l Line) bool { return p.Path == "erasure."+l.Address.String() }), 0)
		d.lines[at].Problems = append(d.lines[at].Problems, Problem{ProblemTerms, p.Path, fmt.Sprintf("line %d of the system's declaration: %s", p.Line, p.What), p.Do})
	}
}

// Unfit is a problem with the terms that the plan was made with; ok says that there is none. Such a plan is not carried out.
func (s *SystemPlan) Unfit() (p Problem, ok bool) {
	for _, l := range s.Lines {
		for _, p := range l.Problems {
			if p.Code == ProblemTerms {
				return p, false
			}
		}
	}
	return p, true
}
