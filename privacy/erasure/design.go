package erasure

import (
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Site is one system as far as an erasure there has to know it.
type Site struct {
	Key  string
	Name string
	// Names are what people call it, by language.
	Names dataset.Text
	// Manual says why no connector can do it; Structure is nil then.
	Manual    string
	Datasets  []dataset.Dataset
	Structure *dataset.Structure
	Terms     []dataset.ErasureTerms
	// Marks are where the system marks limits: a list of whom nobody writes to is not emptied.
	Marks []dataset.LimitTerms
}

// Circumstances are what a plan depends on beside the systems.
type Circumstances struct {
	Now time.Time
	// Zone is where moments are days.
	Zone *time.Location
	// Rules are the retention rules that the controller has switched on.
	Rules []privacy.RetentionRule
	// Kinds are the kinds of record that a rule knows, switched on or not; without any they are not looked at.
	Kinds []string
	// Supervised says that the controller belongs to the firms for which FormerRetention came later.
	Supervised bool
	// YearEnd is the last day of the controller's financial year; the zero value is 31 December.
	YearEnd YearEnd
	Holds   []Hold
	// Recourses are those of other requests of the person's that may not be over.
	Recourses []Recourse
	// Counted is the day on which the person's rows were counted first; the zero value is today. A row without a day was made by then.
	Counted privacy.Date
	// Keep and Claim are the decisions of whoever reviews the plan.
	Keep  []Decision
	Claim []dataset.Address
}

// YearEnd is a day of the year.
type YearEnd struct {
	Month time.Month `json:"month"`
	Day   int        `json:"day"`
}

// Decision keeps a collection for a reason that nobody declared.
type Decision struct {
	dataset.Address
	Citation string `json:"citation"`
	Reason   string `json:"reason"`
}

// Draft lays a plan out before anything is counted: what will be asked of each system is in the orders of its lines.
func Draft(walk *dataset.Plan, sites []Site, c Circumstances) *Plan {
	p := &Plan{Made: c.Now, Holds: c.Holds, Recourses: c.Recourses, Systems: []SystemPlan{}}
	for _, s := range sites {
		p.Systems = append(p.Systems, draftSite(walk, s, c))
	}
	return p
}

// designer lays out one system.
type designer struct {
	Site
	Circumstances
	walk  *dataset.Plan
	lines []Line
}

func draftSite(walk *dataset.Plan, s Site, c Circumstances) SystemPlan {
	d := &designer{Site: s, Circumstances: c, walk: walk}
	out := SystemPlan{Key: s.Key, Name: s.Name, Names: s.Names, Manual: s.Manual, Lines: []Line{}}
	out.heeds(c)
	for _, u := range walk.Unreached {
		if d.holds(u.Address) {
			out.Unreached = append(out.Unreached, u)
		}
	}
	if s.Manual != "" {
		return out
	}
	for _, step := range walk.Steps {
		if d.holds(step.Address) {
			d.lines = append(d.lines, d.line(step))
		}
	}
	d.follow()
	d.undelete()
	d.unfit()
	out.Lines = d.sequence()
	return out
}

// holds says whether a collection lies in the system.
func (d *designer) holds(a dataset.Address) bool { return d.collection(a) != nil }

func (d *designer) collection(a dataset.Address) *dataset.Collection {
	for i := range d.Datasets {
		if d.Datasets[i].Key != a.Dataset {
			continue
		}
		for j := range d.Datasets[i].Collections {
			if c := &d.Datasets[i].Collections[j]; c.Name == a.Collection {
				return c
			}
		}
	}
	return nil
}

// terms are what was declared for a collection, or the default.
func (d *designer) terms(a dataset.Address) dataset.ErasureTerms {
	for _, t := range d.Terms {
		if t.Collection == a.String() {
			return t
		}
	}
	return dataset.ErasureTerms{Collection: a.String(), Method: dataset.MaskFields}
}

// line lays one collection out.
func (d *designer) line(step dataset.Step) Line {
	terms := d.terms(step.Address)
	l := Line{Order: Order{Address: step.Address, Claimed: slices.Contains(d.Claim, step.Address)}, Method: terms.Method}
	l.Parts = partsOf(step)
	if reason, kept := d.kept(step.Address); kept {
		l.Parts, l.Kept, l.Fields = nil, []Keeping{reason}, d.untouched(step.Address)
		return l
	}
	if marks := d.listed(step.Address); len(marks) > 0 {
		d.keepListed(&l, marks)
		return l
	}
	masks, fates, problems := d.fields(step.Address, terms)
	l.Fields = fates
	if terms.Method == dataset.DeleteRows {
		l.Delete = true
		for i := range l.Fields {
			l.Fields[i].Fate = FateDeleted
		}
	} else {
		l.Masks, l.Problems = masks, problems
	}
	rules := d.rules(terms)
	if len(rules) == 0 {
		return l
	}
	d.date(&l, terms, rules)
	d.trim(&l, terms, masks)
	return l
}

// kept says whether a hold or a decision keeps the whole collection.
func (d *designer) kept(a dataset.Address) (Keeping, bool) {
	for _, h := range d.Holds {
		if h.Covers(d.Key) {
			return Keeping{Ground: KeptByHold, Rule: h.ID, Name: h.Matter, Citation: h.Citation}, true
		}
	}
	for _, k := range d.Keep {
		if k.Address == a {
			return Keeping{Ground: KeptByReview, Name: k.Reason, Citation: privacy.Citation{Text: k.Citation}}, true
		}
	}
	return Keeping{}, false
}

// partsOf masks the elements that are the person's in rows of others.
func partsOf(step dataset.Step) []Mask {
	var out []Mask
	for _, e := range step.FoundBy {
		if e.Belonging == dataset.Part {
			out = append(out, Mask{Path: e.Path, Treatment: Null, Elements: true})
		}
	}
	return out
}

// rules are those that are switched on and name one of the collection's kinds of record.
func (d *designer) rules(t dataset.ErasureTerms) []privacy.RetentionRule {
	var out []privacy.RetentionRule
	for _, r := range d.Rules {
		if slices.ContainsFunc(t.Records, r.Covers) {
			out = append(out, r)
		}
	}
	return out
}

// trim erases from kept rows what the duty does not need.
func (d *designer) trim(l *Line, terms dataset.ErasureTerms, masks []Mask) {
	if len(terms.Needs) == 0 {
		return
	}
	for _, m := range masks {
		if slices.Contains(terms.Needs, m.Path[0]) || slices.Contains(terms.Needs, strings.Join(m.Path, ".")) {
			continue
		}
		l.Trim = append(l.Trim, m)
		for i := range l.Fields {
			l.Fields[i].Trimmed = l.Fields[i].Trimmed || slices.Equal(l.Fields[i].Path, m.Path)
		}
	}
}

// follow gives the rows that belong to others the days of those. What belongs to rows that belong to others comes after these.
func (d *designer) follow() {
	for range d.lines {
		d.followed()
	}
}

func (d *designer) followed() {
	for i := range d.lines {
		l := &d.lines[i]
		terms := d.terms(l.Address)
		if terms.With == "" || len(l.Kept) > 0 || l.Days != nil {
			continue
		}
		parent := d.lineOf(terms.With)
		if parent == nil || parent.Days == nil && len(parent.Kept) == 0 {
			continue
		}
		if len(parent.Kept) > 0 {
			d.keepAlong(l, parent)
			continue
		}
		through := d.through(l.Address, parent.Address)
		if through == nil || parent.Days == nil || len(parent.Days.Field) == 0 || parent.Days.Through != nil {
			l.Days = &Days{Zone: d.Zone.String(), Spans: []Span{}}
			l.Problems = append(l.Problems, Problem{ProblemNoEvent, l.Address.String(), "the rows stay with those of " + terms.With + ", and nobody can tell which of these stay", "add a reference between the two, and see to what is said of the other"})
			continue
		}
		l.Days = &Days{Field: parent.Days.Field, Zone: parent.Days.Zone, Spans: []Span{}, Through: through}
		masks, _, _ := d.fields(l.Address, terms)
		d.trim(l, terms, masks)
	}
}

func (d *designer) lineOf(name string) *Line {
	for i := range d.lines {
		if d.lines[i].Address.String() == name {
			return &d.lines[i]
		}
	}
	return nil
}

// through finds the reference by which rows of one collection belong to those of another.
func (d *designer) through(from, to dataset.Address) *Through {
	for _, s := range d.walk.Steps {
		if s.Address != from {
			continue
		}
		for _, e := range s.FoundBy {
			if e.From != nil && e.From.Address == to {
				return &Through{Path: e.Path, Of: *e.From, Back: e.Belonging == dataset.Pointed}
			}
		}
	}
	for _, s := range d.walk.Steps {
		if s.Address != to {
			continue
		}
		for _, e := range s.FoundBy {
			if e.From != nil && e.From.Address == from {
				return &Through{Path: e.From.Path, Of: dataset.FieldAddress{Address: to, Path: e.Path}, Back: true}
			}
		}
	}
	return nil
}
