package erasure

import (
	"fmt"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// undelete gives up deleting rows to which others refer that stay: they are masked instead. One that is given up may hold back the next.
func (d *designer) undelete() {
	for changed := true; changed; {
		changed = false
		for i := range d.lines {
			l := &d.lines[i]
			if !l.Delete {
				continue
			}
			why, problem := d.heldBy(l)
			if why == "" {
				continue
			}
			d.maskInstead(l, why)
			if problem != nil {
				l.Problems = append(l.Problems, *problem)
			}
			changed = true
		}
	}
}

// heldBy looks for a foreign key of rows that stay.
func (d *designer) heldBy(l *Line) (why string, problem *Problem) {
	table, known := d.Structure.Table(l.Address)
	if !known {
		return "", nil
	}
	for i := range d.Structure.Tables {
		other := &d.Structure.Tables[i]
		for _, r := range other.References {
			if r.Schema != table.Schema || r.Table != table.Name || other == table {
				continue
			}
			if why, problem := d.heldFrom(l, other, r); why != "" {
				return why, problem
			}
		}
	}
	return "", nil
}

func (d *designer) heldFrom(l *Line, other *dataset.Table, r dataset.ForeignKey) (why string, problem *Problem) {
	if other.Collection == nil || d.lineOf(other.Collection.String()) == nil {
		if r.OnDelete == dataset.OnDeleteNull {
			return "", nil
		}
		why = fmt.Sprintf("rows of %s refer to it, which the annotation does not reach", other.Name)
		if r.OnDelete == dataset.OnDeleteCascade {
			problem = &Problem{ProblemCascade, l.Address.String(), "deleting it would also delete rows of " + other.Name + ", about which nothing is known", "annotate " + other.Name + ", or leave the rows masked and say so"}
		}
		return why, problem
	}
	from := d.lineOf(other.Collection.String())
	if from.Delete && sameRows(from, l) {
		return "", nil
	}
	return fmt.Sprintf("rows of %s refer to it and stay", from.Address), nil
}

// sameRows says whether all rows that refer to those that go, go too: all of them, or those that belong to them.
func sameRows(from, to *Line) bool {
	switch {
	case from.Days == nil:
		return true
	case from.Days.Through != nil && from.Days.Through.Of.Address == to.Address:
		return true
	default:
		return to.Days != nil && to.Days.Through != nil && to.Days.Through.Back && to.Days.Through.Of.Address == from.Address
	}
}

// maskInstead turns a deletion into masks.
func (d *designer) maskInstead(l *Line, why string) {
	terms := d.terms(l.Address)
	terms.Method = dataset.MaskFields
	trimmed := l.Fields
	l.Delete, l.Method, l.Why = false, dataset.MaskFields, why
	var problems []Problem
	l.Masks, l.Fields, problems = d.fields(l.Address, terms)
	for i := range l.Fields {
		l.Fields[i].Trimmed = trimmed[i].Trimmed
	}
	l.Problems = append(l.Problems, problems...)
}

// sequence puts the lines in the order of the work: what is found through a collection comes before it, for its rows lead there; so do
// rows that refer to rows which are deleted, what belongs to a collection's rows, and what erase_after names. Where these contradict
// each other in a circle, the first of the walk's end comes first, and the system says what it makes of it.
func (d *designer) sequence() []Line {
	before := map[dataset.Address][]dataset.Address{}
	for i := range d.lines {
		d.precede(before, &d.lines[i])
	}
	var out []Line
	done := map[dataset.Address]bool{}
	for len(out) < len(d.lines) {
		next := -1
		for i := len(d.lines) - 1; i >= 0; i-- {
			a := d.lines[i].Address
			if done[a] {
				continue
			}
			if next < 0 {
				next = i
			}
			if allDone(before[a], done) {
				next = i
				break
			}
		}
		out = append(out, d.lines[next])
		done[d.lines[next].Address] = true
	}
	return out
}

func allDone(names []dataset.Address, done map[dataset.Address]bool) bool {
	for _, a := range names {
		if !done[a] {
			return false
		}
	}
	return true
}

// precede notes what has to come before a line.
func (d *designer) precede(before map[dataset.Address][]dataset.Address, l *Line) {
	add := func(first, then dataset.Address) {
		if first != then && d.lineOf(first.String()) != nil {
			before[then] = append(before[then], first)
		}
	}
	for _, name := range d.collection(l.Address).EraseAfter {
		add(d.named(l.Dataset, name), l.Address)
	}
	if l.Days != nil && l.Days.Through != nil {
		if l.Days.Through.Back {
			add(l.Days.Through.Of.Address, l.Address) // what is left then keeps its row
		} else {
			add(l.Address, l.Days.Through.Of.Address)
		}
	}
	table, known := d.Structure.Table(l.Address)
	if !l.Delete || !known {
		return
	}
	for i := range d.Structure.Tables {
		other := &d.Structure.Tables[i]
		for _, r := range other.References {
			if other.Collection != nil && r.Schema == table.Schema && r.Table == table.Name {
				add(*other.Collection, l.Address)
			}
		}
	}
}

// named reads a name in erase_after: a collection of the same dataset, or dataset.collection.
func (d *designer) named(own, name string) dataset.Address {
	if a := (dataset.Address{Dataset: own, Collection: name}); d.holds(a) {
		return a
	}
	for i := range name {
		if name[i] == '.' {
			if a := (dataset.Address{Dataset: name[:i], Collection: name[i+1:]}); d.holds(a) {
				return a
			}
		}
	}
	return dataset.Address{}
}
