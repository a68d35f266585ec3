package dataset

import (
	"slices"
	"strings"
)

// draftLink leads from a column to the column of another table whose rows it names.
type draftLink struct {
	from, to *draftField
	// sure links are foreign keys; others were guessed by the name.
	sure bool
	// cascades is set when the row goes with the one it refers to.
	cascades, composite bool
	// acting links say who worked on a row.
	acting bool
}

// link finds the references: foreign keys first, and by name where a table has none for a column.
func (d *drafting) link() {
	for _, t := range d.tables {
		d.byAddress[t.address] = t
		for _, stem := range stems(strings.Join(t.words, "")) {
			d.called[stem] = append(d.called[stem], t)
		}
	}
	for _, t := range d.tables {
		for _, key := range t.References {
			d.linkKey(t, key)
		}
	}
	for _, t := range d.tables {
		for _, f := range t.fields {
			if len(f.links) == 0 {
				d.linkByName(f)
			}
		}
	}
	for _, t := range d.tables {
		for _, f := range t.fields {
			d.identifyByNumber(f)
		}
	}
	for _, t := range d.tables {
		d.act(t)
	}
}

// linkKey enters a foreign key. Each column of a reference is followed by itself, so of a key of several columns only the one is
// taken that says most.
func (d *drafting) linkKey(t *draftTable, key ForeignKey) {
	to := d.byName[[2]string{key.Schema, key.Table}]
	if to == nil || len(key.Columns) == 0 || len(key.Columns) != len(key.To) {
		return
	}
	best := 0
	for i := range key.Columns {
		if d.telling(to, key.To[i]) > d.telling(to, key.To[best]) {
			best = i
		}
	}
	from, target := t.byName[key.Columns[best]], to.byName[key.To[best]]
	if from != nil && target != nil {
		d.enter(draftLink{from: from, to: target, sure: true, cascades: key.OnDelete == OnDeleteCascade, composite: len(key.Columns) > 1})
	}
}

// telling ranks the columns of a composite key: what is a key by itself says most, what many rows share says least.
func (d *drafting) telling(t *draftTable, column string) int {
	words := d.lexicon.words(column)
	switch {
	case slices.Equal(t.Key, []string{column}):
		return 3
	case slices.ContainsFunc(words, func(w string) bool { return oneOf(w, d.lexicon.person) }) && slices.Contains(words, "id"):
		return 2
	case slices.ContainsFunc(words, func(w string) bool { return oneOf(w, d.lexicon.sharing) }):
		return 0
	default:
		return 1
	}
}

// linkByName guesses a reference from names such as customer_id.
func (d *drafting) linkByName(f *draftField) {
	if f.Array || f.Kind == ColumnJSON || f.key && len(f.table.Key) == 1 {
		return
	}
	for _, words := range stripped(f.words) {
		for from := range words {
			if to := d.target(f, words[from:]); to != nil {
				d.enter(draftLink{from: f, to: to})
				return
			}
		}
	}
}

// stripped takes the word for a key away from a column's name.
func stripped(words []string) [][]string {
	n := len(words)
	var out [][]string
	if n > 1 && slices.Contains([]string{"id", "fk", "uuid", "ref", "key", "nr", "no"}, words[n-1]) {
		out = append(out, words[:n-1])
	}
	if n > 1 && slices.Contains([]string{"id", "fk"}, words[0]) {
		out = append(out, words[1:])
	}
	return out
}

// target finds the table of that name with a key of one column of the same kind.
func (d *drafting) target(f *draftField, words []string) *draftField {
	for _, t := range d.called[strings.Join(words, "")] {
		if t == f.table || len(t.Key) != 1 || t.inside != f.table.inside && !t.inside {
			continue
		}
		if to := t.byName[t.Key[0]]; to != nil && to.Kind == f.Kind && !to.Array {
			return to
		}
	}
	return nil
}

// enter adds a link, unless it can't stand in an annotation.
func (d *drafting) enter(l draftLink) {
	if l.from.table == l.to.table || l.from.isObject() || l.to.isObject() || !d.resolves(l.to) {
		return
	}
	for _, f := range l.from.links {
		if f.to == l.to {
			return
		}
	}
	link := &l
	l.from.links = append(l.from.links, link)
	l.from.table.links = append(l.from.table.links, link)
}

// resolves reports whether a reference to the field is read as meant: names may hold dots, and the longest collection's name is tried first.
func (d *drafting) resolves(f *draftField) bool {
	ref := f.reference()
	if len(ref) > maxName || len(f.table.address.Dataset) > maxName {
		return false
	}
	for i := len(ref) - 1; i > 0; i-- {
		if ref[i] != '.' {
			continue
		}
		if t := d.byAddress[Address{f.table.address.Dataset, ref[:i]}]; t != nil && t.byName[ref[i+1:]] != nil {
			return t == f.table && ref[i+1:] == f.Name
		}
	}
	return false
}

// reference writes the field as references name it.
func (f *draftField) reference() string { return f.table.address.Collection + "." + f.Name }

// act marks the links of a table that say who worked on a row: by their column's name, or because the table is about somebody else as well.
func (d *drafting) act(t *draftTable) {
	others := slices.ContainsFunc(t.links, func(l *draftLink) bool {
		return l.to.table.person && !l.to.table.staff && !d.isActing(l.from)
	})
	for _, l := range t.links {
		l.acting = l.to.table.person && (d.isActing(l.from) && !t.staffed() || l.to.table.staff && (others || t.person))
	}
}

// staffed reports whether a table's only person is a member of staff, and no more than one is named.
func (t *draftTable) staffed() bool {
	return t.topic != "" && len(t.links) == 1 && t.links[0].to.table.staff
}

// reach finds what belongs to a person: rows that carry an identity, rows that refer to these, and so on; and behind them what
// these rows point at and others may point at too. What tables of other schemas point at is theirs to say.
func (d *drafting) reach() {
	var queue []*draftTable
	referring := map[*draftTable][]*draftTable{}
	for _, t := range d.tables {
		for _, l := range t.links {
			if !l.acting {
				referring[l.to.table] = append(referring[l.to.table], t)
			}
		}
		if slices.ContainsFunc(t.all(), func(f *draftField) bool { return f.identity != "" }) {
			t.distance = 0
			queue = append(queue, t)
		}
	}
	for len(queue) > 0 {
		owner := queue[0]
		queue = queue[1:]
		for _, t := range referring[owner] {
			if t.distance < 0 {
				t.distance = owner.distance + 1
				queue = append(queue, t)
			}
		}
	}
	for _, t := range d.tables {
		for _, l := range t.links {
			if to := l.to.table; t.inside && t.distance >= 0 && to.distance < 0 && !to.lookup && !l.acting {
				to.pointed = true
			}
		}
	}
	for _, t := range d.tables {
		for _, l := range t.links {
			if t.distance < 0 && l.acting && l.to.table.distance >= 0 {
				t.why = "only " + l.from.Name + " leads to a person, and that may be who worked on it and not whom it is about"
			}
		}
	}
}

// refer writes the references of a table's fields: from the owner to it, and from it to what it points at.
func (d *drafting) refer(t *draftTable) {
	for _, f := range t.fields {
		f.refs = nil
		for _, l := range f.links {
			to := l.to.table
			if to.left || t.distance < 0 {
				continue
			}
			ref := Reference{Dataset: to.address.Dataset, Field: l.to.reference()}
			switch {
			case l.owns() && d.owner(t, l):
				ref.Direction = From
			case to.pointed && !l.acting && to.distance < 0:
				ref.Direction = To
			default:
				continue
			}
			f.refs = append(f.refs, ref)
		}
	}
}

// owns reports whether a link leads nearer to a person.
func (l *draftLink) owns() bool {
	from, to := l.from.table.distance, l.to.table.distance
	return !l.acting && to >= 0 && (to < from || to == 0 && from == 0)
}

// owner reports whether rows are to be found by this link. Where people themselves are referred to, by each; behind them by one alone: a line
// of an order is found by its order, and not by a thing that somebody else owns.
func (d *drafting) owner(t *draftTable, l *draftLink) bool {
	if l.to.table.distance == 0 {
		return true
	}
	best := l
	for _, other := range t.links {
		if other.owns() && other.to.table.distance == l.to.table.distance && t.closeness(other) > t.closeness(best) {
			best = other
		}
	}
	return best == l || best.to.table == l.to.table
}

// closeness ranks links by how much a row is a part of the one it refers to.
func (t *draftTable) closeness(l *draftLink) int {
	partOf := len(t.words) > 0 && (slices.Contains(l.to.table.words, t.words[0]) || sharesStem(t.words[0], l.to.table.words))
	score := 0
	for i, holds := range []bool{!l.from.Nullable, l.sure, partOf, slices.Contains(t.Key, l.from.Name), l.cascades} {
		if holds {
			score += 1 << i
		}
	}
	return score*len(t.links) - slices.Index(t.links, l) // among equals the first
}

// isObject reports whether a column holds documents, which an annotation describes by their members.
func (f *draftField) isObject() bool { return f.Kind == ColumnJSON }
