package dataset

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Draft is a first annotation of one schema, guessed from names, types and keys. It is for a person to correct: it never holds a value.
type Draft struct {
	// Datasets is the draft as Parse reads it from Text; empty when there is nothing to annotate.
	Datasets []Dataset `json:"-"`
	// Text is the draft as YAML, with how sure each guess is and why behind its line.
	Text string `json:"text"`
	// Unsure lists the guesses that a person should look at first.
	Unsure []Doubt `json:"unsure"`
	// Notes say what is not in the draft, and why.
	Notes []string `json:"notes"`
}

// Doubt is a guess that may well be wrong.
type Doubt struct {
	// Where is the collection, or the collection and its field.
	Where string `json:"where"`
	Why   string `json:"why"`
}

// DraftOptions say what is drafted and how it is called.
type DraftOptions struct {
	// Key is the fides_key where the schema has no annotation yet; Name is for people.
	Key, Name string
	// Schema is the schema to draft; empty takes the one that is annotated already, or the only one, or public, or the largest.
	Schema string
	// sampled is the structure's.
	sampled bool
}

// The limits on a draft, so that it can be read by Parse and sent in one piece, whatever the system says of itself.
const (
	maxDraftTable = 200 << 10
	maxDraft      = 800 << 10
	maxDoubts     = 200
	maxNotes      = 50
)

// NewDraft drafts an annotation. The same structure and options always give the same draft.
func NewDraft(s *Structure, o DraftOptions) Draft {
	d := &drafting{options: o, lexicon: newLexicon(), byName: map[[2]string]*draftTable{}, byAddress: map[Address]*draftTable{},
		called: map[string][]*draftTable{}}
	d.options.sampled = s.Sampled
	d.options.Schema = cmp.Or(o.Schema, d.choose(s))
	d.gather(s)
	for _, t := range d.tables {
		d.describe(t)
	}
	d.identify()
	d.link()
	d.reach()
	d.settle()
	d.fit()
	return d.finish()
}

// drafting is a draft in the making.
type drafting struct {
	options DraftOptions
	lexicon lexicon
	// tables are those of the schema in their order, behind them annotated ones of other schemas, which may lead here.
	tables []*draftTable
	byName map[[2]string]*draftTable
	// byAddress and called find tables by what references and other columns call them.
	byAddress map[Address]*draftTable
	called    map[string][]*draftTable
	notes     []string
}

// draftTable is a table on its way to a collection.
type draftTable struct {
	*Table
	address Address
	// inside is set for tables of the drafted schema; the others only lead to them.
	inside bool
	fields []*draftField
	byName map[string]*draftField

	words                       []string
	person, staff, organization bool
	lookup                      bool
	// postal tables hold whole addresses.
	postal           bool
	topic            string
	links            []*draftLink
	distance         int
	pointed, left    bool
	description, why string
	personal         bool
}

// draftField is a column on its way to a field.
type draftField struct {
	*TableColumn
	table    *draftTable
	words    []string
	key      bool
	identity string
	// named is what the column's own name says.
	named guess
	// links lead from this column.
	links []*draftLink
	guess guess
	refs  []Reference
	// path leads to the column by its name, or to a member through those around it; inside are the members of documents in it.
	path   string
	inside []*draftField
	// listed is set where it lies in a list of documents.
	listed bool
}

// guess is a category with how sure it is and why. The zero value is no guess.
type guess struct {
	category string
	sure     bool
	why      string
}

// note adds what a person should know that has no line in the draft.
func (d *drafting) note(format string, args ...any) {
	d.notes = append(d.notes, fmt.Sprintf(format, args...))
}

// choose takes the schema that is annotated already, or public, or the one with the most tables.
func (d *drafting) choose(s *Structure) string {
	tables := map[string]int{}
	for i := range s.Tables {
		if s.Tables[i].Collection != nil {
			return s.Tables[i].Schema
		}
		tables[s.Tables[i].Schema]++
	}
	if tables["public"] > 0 {
		return "public"
	}
	best := ""
	for _, schema := range slices.Sorted(maps.Keys(tables)) {
		if tables[schema] > tables[best] {
			best = schema
		}
	}
	return best
}

// gather takes what can be annotated, and notes what can't.
func (d *drafting) gather(s *Structure) {
	key := d.key(s)
	others := map[string]int{}
	for i := range s.Tables {
		t := &s.Tables[i]
		if t.Schema == d.options.Schema {
			d.take(t, Address{key, t.Name}, true)
			continue
		}
		others[t.Schema]++
		if t.Collection != nil && t.Collection.Dataset != key {
			d.take(t, *t.Collection, false)
		}
	}
	for _, schema := range slices.Sorted(maps.Keys(others)) {
		d.note("the schema %s with %s is not in this draft; scan it by itself", quoted(schema), counted(others[schema], "table"))
	}
	slices.SortStableFunc(d.tables, func(a, b *draftTable) int {
		if a.inside != b.inside {
			return map[bool]int{true: -1, false: 1}[a.inside]
		}
		return 0
	})
}

// key is the dataset that the schema's tables are annotated in already, or the given one.
func (d *drafting) key(s *Structure) string {
	for i := range s.Tables {
		if t := &s.Tables[i]; t.Schema == d.options.Schema && t.Collection != nil {
			d.note("the schema is annotated already as %s; saving this draft replaces that annotation", quoted(t.Collection.Dataset))
			return t.Collection.Dataset
		}
	}
	for i := range s.Tables {
		if c := s.Tables[i].Collection; c != nil && c.Dataset == d.options.Key && annotatable(d.options.Schema) {
			return d.options.Key + "_" + d.options.Schema
		}
	}
	return d.options.Key
}

// take enters a table and its columns, as far as their names can be written in an annotation.
func (d *drafting) take(t *Table, a Address, inside bool) {
	taken := &draftTable{Table: t, address: a, inside: inside, byName: map[string]*draftField{}, distance: -1, words: d.lexicon.words(t.Name)}
	if !annotatable(a.Collection) || !annotatable(a.Dataset) {
		d.note("the table %s can't be annotated, because its name has other characters than letters, digits and _ . -; read it through a view", quoted(t.Name))
		return
	}
	if d.byName[[2]string{t.Schema, t.Name}] != nil {
		d.note("the table %s is listed twice and drafted once", quoted(t.Name))
		return
	}
	size := 0
	for i := range t.Columns {
		if size > maxDraftTable {
			d.note("the table %s is too wide: its columns from %s on are left out", t.Name, quoted(t.Columns[i].Name))
			break
		}
		size += d.takeColumn(taken, &t.Columns[i])
	}
	if len(taken.fields) == 0 {
		d.note("the table %s has no column that can be annotated", t.Name)
		return
	}
	d.tables, d.byName[[2]string{t.Schema, t.Name}] = append(d.tables, taken), taken
}

// takeColumn enters a column and says how much of the draft it may take.
func (d *drafting) takeColumn(t *draftTable, c *TableColumn) int {
	switch {
	case !annotatable(c.Name):
		d.note("the column %s of %s can't be annotated, because its name has other characters than letters, digits and _ . -; read it through a view", quoted(c.Name), t.Name)
		return 0
	case t.byName[c.Name] != nil:
		d.note("the column %s of %s is listed twice and drafted once", c.Name, t.Name)
		return 0
	}
	f := &draftField{TableColumn: c, table: t, path: c.Name, words: d.lexicon.words(c.Name), key: slices.Contains(t.Key, c.Name)}
	t.fields, t.byName[c.Name] = append(t.fields, f), f
	return len(c.Name) + maxDraftLine + d.takeInside(f, 1)
}

// maxDraftLine is what a field takes beside its name, at most: categories, type, comment.
const maxDraftLine = 250

// annotatable reports whether a name can stand in an annotation.
func annotatable(name string) bool { return checkName(name) }

// settle says of each table whether it is visited and why not, and gives every field its category.
func (d *drafting) settle() {
	for _, t := range d.tables {
		for _, f := range t.all() {
			f.guess = d.categorize(f)
		}
		t.personal = slices.ContainsFunc(t.all(), func(f *draftField) bool { return f.identity != "" || f.named.sure && ofAnybody(f.named.category) })
		if t.visited() {
			continue
		}
		switch {
		case t.personal || t.person || t.why != "":
			t.why = cmp.Or(t.why, "no column finds a person here, and no reference leads here from where one is found")
			t.description = "Look at this table: it is not read, because nothing leads from a person to it. If it holds data of people, say how they are found."
		case t.lookup:
			t.description = "A list that other tables point to; nobody's data, by its names."
		default:
			t.description = "Nobody's data, by its names: it is not read."
		}
	}
}

// visited reports whether a person's rows lead to the table.
func (t *draftTable) visited() bool { return t.distance >= 0 || t.pointed }

// fit leaves tables out that would make the draft too long to be read; those nearest to a person stay.
func (d *drafting) fit() {
	order := slices.DeleteFunc(slices.Clone(d.tables), func(t *draftTable) bool { return !t.inside })
	rank := func(t *draftTable) int {
		switch {
		case t.distance >= 0:
			return t.distance
		case t.pointed:
			return 1 << 20
		case t.why != "":
			return 1 << 21
		default:
			return 1 << 22
		}
	}
	slices.SortStableFunc(order, func(a, b *draftTable) int { return cmp.Compare(rank(a), rank(b)) })
	size, left := 0, 0
	for i, t := range order {
		d.refer(t)
		size += len(collectionText(t))
		if size > maxDraft || i >= maxCollections {
			t.left = true
			left++
		}
	}
	if left > 0 {
		d.note("%s would make the annotation longer than one file may be and are left out, those farthest from a person first", counted(left, "table"))
	}
}

// finish writes the draft and reads it again, so that what is handed out is what Parse makes of it.
func (d *drafting) finish() Draft {
	kept := slices.DeleteFunc(slices.Clone(d.tables), func(t *draftTable) bool { return !t.inside || t.left })
	draft := Draft{Unsure: []Doubt{}, Notes: bounded(d.notes)}
	if len(kept) == 0 {
		return draft
	}
	for _, t := range kept {
		d.refer(t)
		draft.Unsure = append(draft.Unsure, t.doubts()...)
	}
	draft.Text = draftText(kept, d.options, draft.Unsure, draft.Notes)
	if len(draft.Unsure) > maxDoubts {
		draft.Unsure = draft.Unsure[:maxDoubts:maxDoubts]
	}
	datasets, err := Parse("draft", []byte(draft.Text))
	if err != nil {
		// Only a mistake here can lead to this; a draft that can't be read is worth nothing.
		return Draft{Unsure: []Doubt{}, Notes: []string{"no draft could be made of this schema; write the annotation by hand"}}
	}
	draft.Datasets = datasets
	return draft
}

// doubts lists what a person should look at in a table.
func (t *draftTable) doubts() []Doubt {
	var out []Doubt
	if t.why != "" {
		out = append(out, Doubt{t.Name, "not read: " + t.why})
	}
	for _, f := range t.all() {
		if !f.guess.sure {
			out = append(out, Doubt{t.Name + "." + f.path, f.guess.why})
		}
	}
	return out
}

// bounded keeps a list of notes readable.
func bounded(notes []string) []string {
	if len(notes) <= maxNotes {
		return append([]string{}, notes...)
	}
	return append(slices.Clone(notes[:maxNotes]), counted(len(notes)-maxNotes, "more note")+" of the same kinds")
}

// counted writes a number of things.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// quoted writes a name that may hold anything so that it can neither break a line nor turn its direction.
func quoted(name string) string {
	runes := []rune(name)
	if len(runes) > 80 {
		name = string(runes[:80]) + "…"
	}
	return strconv.QuoteToASCII(name)
}
