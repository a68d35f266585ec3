package dataset

import (
	"fmt"
	"sort"
	"strings"
)

// Problem is one thing wrong with a document: where, what, and what to do about it.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	// Path names the place in words of the document: "crm.contacts.email".
	Path string `json:"path,omitempty"`
	What string `json:"what"`
	Do   string `json:"do"`
}

// String writes the problem as compilers do, so that editors can jump to it.
func (p Problem) String() string {
	where := ""
	if p.Path != "" {
		where = p.Path + ": "
	}
	return fmt.Sprintf("%s:%d: %s%s; %s", p.File, p.Line, where, p.What, p.Do)
}

// Problems is everything that was found wrong, in the order of file and line. It is the error of Parse, ParseDeclarations and NewGraph.
type Problems []Problem

// Error lists every problem, one per line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// maxProblems keeps a hostile document from producing an error larger than itself.
const maxProblems = 200

// err sorts the problems and returns them as an error, or nil when there are none.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	sort.SliceStable(ps, func(i, j int) bool {
		if ps[i].File != ps[j].File {
			return ps[i].File < ps[j].File
		}
		return ps[i].Line < ps[j].Line
	})
	if len(ps) > maxProblems {
		rest := len(ps) - maxProblems
		last := ps[maxProblems-1]
		ps = append(ps[:maxProblems:maxProblems], Problem{File: last.File, Line: last.Line,
			What: fmt.Sprintf("%d more problems are not listed", rest), Do: "mend these first and read the file again"})
	}
	return ps
}
