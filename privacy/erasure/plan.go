package erasure

import (
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Plan is what an erasure will do, for people to read and approve. It has counts, names and days, and no value of a row.
type Plan struct {
	// Made is when the systems were counted.
	Made    time.Time    `json:"made"`
	Systems []SystemPlan `json:"systems"`
	// Holds keep what they name until they are lifted.
	Holds []Hold `json:"holds,omitempty"`
	// Recourses keep what other requests of the person's were about until they are over.
	Recourses []Recourse `json:"recourses,omitempty"`
	// Basis is a hash of what the plan rests on: the systems, their annotations and declarations. Rules is one of the retention rules.
	Basis string `json:"basis,omitempty"`
	Rules string `json:"rules,omitempty"`
}

// SystemPlan is the part of one system.
type SystemPlan struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	// Names are what letters call it, by language.
	Names dataset.Text `json:"names,omitempty"`
	// Manual says why no connector can do it: a person does, and says so.
	Manual string `json:"manual,omitempty"`
	// Asked is who is asked to erase here, where nobody of the controller's can: a processor, a vendor, colleagues. What they hold is not counted.
	Asked string `json:"asked,omitempty"`
	// Lines are in the order of the work.
	Lines []Line `json:"lines"`
	// Unreached are collections that nothing known of the person leads to.
	Unreached []dataset.Unreached `json:"unreached,omitempty"`
	// Basis is the plan's when the system was counted, and Holds are the ids of those that were heeded, in order; so are Recourses.
	Basis     string     `json:"basis,omitempty"`
	Holds     []string   `json:"holds,omitempty"`
	Recourses []Recourse `json:"recourses,omitempty"`
}

// Reaches is in how many rows of a collection the plan has something changed.
func (s *SystemPlan) Reaches(at dataset.Address) (rows int64) {
	for _, l := range s.Lines {
		if l.Address == at {
			rows += l.Rows.Own + l.Rows.Parts
		}
	}
	return rows
}

// Leaves is how many of the person's rows a collection has at most once the plan is carried out: those that are kept, and those that were masked.
func (s *SystemPlan) Leaves(at dataset.Address) (rows int64) {
	for _, l := range s.Lines {
		switch {
		case l.Address != at:
		case l.Delete:
			rows += l.Rows.Kept
		default:
			rows += l.Rows.Own
		}
	}
	return rows
}

// Touches says whether there is anything to do in the system.
func (s *SystemPlan) Touches() bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Touches() })
}

// System is what a plan has for a system, by its key; false when it has nothing there.
func (p *Plan) System(key string) (part SystemPlan, there bool) {
	i := slices.IndexFunc(p.Systems, func(s SystemPlan) bool { return s.Key == key })
	if i < 0 {
		return part, false
	}
	return p.Systems[i], true
}

// Called is the system's name in a language.
func (s *SystemPlan) Called(language string) string {
	if name := s.Names.In(language); name != "" {
		return name
	}
	return s.Name
}

// Asks says whether somebody else is to erase in the system.
func (s *SystemPlan) Asks() bool { return s.Manual == "" && s.Asked != "" && !s.Keeps() }

// Erases says whether rows of the person's are erased in the system.
func (s *SystemPlan) Erases() bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Rows.Erased > 0 && l.Touches() || l.Rows.Parts > 0 })
}

// Keeps says whether rows of the person's stay in the system.
func (s *SystemPlan) Keeps() bool {
	return slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Rows.Kept > 0 })
}

// Orders are the lines that change something, in the order of the work.
func (s *SystemPlan) Orders() (out []Order) {
	for _, l := range s.Lines {
		if l.Touches() {
			out = append(out, l.Order)
		}
	}
	return out
}

// Touches says whether the order changes anything. One that has found nothing of the person's is carried out all the same: a row may have come since.
func (o *Order) Touches() bool {
	return o.Delete || len(o.Masks) > 0 || len(o.Trim) > 0 || len(o.Parts) > 0
}

// Line is one collection.
type Line struct {
	Order
	Method dataset.ErasureMethod `json:"method"`
	// Why says what made the method another than the one declared.
	Why    string      `json:"why,omitempty"`
	Rows   Rows        `json:"rows"`
	Fields []FieldFate `json:"fields"`
	Kept   []Keeping   `json:"kept,omitempty"`
	// Problems are what whoever reviews the plan must know, or decide on: see ProblemCode.Blocks.
	Problems []Problem `json:"problems,omitempty"`
}

// NotErased are the fields of the person's rows that stay as they are because they can't be written, now or when a recourse is over: whoever approved
// the plan knew.
func (l *Line) NotErased() (fields []string) {
	for _, p := range l.Problems {
		if p.Code == ProblemUnwritable && (l.Rows.Erased > 0 || l.waits()) {
			fields = append(fields, p.Where)
		}
	}
	return fields
}

// Rows counts a collection's rows.
type Rows struct {
	Own    int64 `json:"own"`    // the person's
	Erased int64 `json:"erased"` // of those, deleted or masked
	Kept   int64 `json:"kept"`   // of those, kept under an exception; for a recourse also somebody else's with elements of the person's
	Others int64 `json:"others"` // found, and somebody else's or shared: not touched
	Parts  int64 `json:"parts"`  // somebody else's, in which single elements are the person's
}

// Fate is what becomes of a field.
type Fate string

// The fates beside the treatments, whose names are fates too.
const (
	FateDeleted     Fate = "deleted"
	FateNotPersonal Fate = "not_personal" // its categories are none of a person
	FateKey         Fate = "key"          // holds the rows together and leads to nothing any more
	FateUnwritable  Fate = "unwritable"
	FateUnchanged   Fate = "unchanged" // no row of the collection is changed
)

// FieldFate is what happens to one field of the rows that are erased.
type FieldFate struct {
	Path       []string `json:"path"`
	Categories []string `json:"categories,omitempty"`
	Fate       Fate     `json:"fate"`
	// Trimmed says that it is erased from kept rows as well.
	Trimmed bool `json:"trimmed,omitempty"`
}

// Keeping is some rows that stay for one reason.
type Keeping struct {
	Ground Ground `json:"ground"`
	// Rule is the retention rule's id, or the hold's, or the reference of the request that a recourse is about.
	Rule     string           `json:"rule"`
	Name     string           `json:"name"`
	Citation privacy.Citation `json:"citation,omitzero"`
	Rows     int64            `json:"rows"`
	// Until is the last day of the longest of these duties and First that of the shortest; zero while nobody can say.
	Until privacy.Date `json:"until,omitzero"`
	First privacy.Date `json:"first,omitzero"`
	// Ends counts the rows by the last day of their duty, soonest first: what is erased then by itself.
	Ends []End `json:"ends,omitempty"`
}

// End is how many rows of a keeping end on a day.
type End struct {
	Day  privacy.Date `json:"day"`
	Rows int64        `json:"rows"`
}

// Ground is why rows stay.
type Ground string

// The grounds.
const (
	KeptByDuty      Ground = Ground(privacy.GroundDuty)     // Art. 17(3)(b) GDPR
	KeptByClaims    Ground = Ground(privacy.GroundClaims)   // Art. 17(3)(e) GDPR
	KeptForSecurity Ground = Ground(privacy.GroundSecurity) // Art. 17(1)(c), 21(1) GDPR: against abuse
	KeptByHold      Ground = "legal_hold"                   // Art. 17(3)(e) GDPR: a matter in which they may be needed
	KeptForRecourse Ground = "recourse"                     // PIPEDA s.8(8): a request whose answer the person can still complain of
	KeptByReview    Ground = "decision"                     // somebody of the controller decided so, with a reason
	KeptOnList      Ground = "suppression_list"             // Art. 21(3) GDPR: an entry by which the person is not written to again
)

// forGood says that what is kept never goes by itself.
func (g Ground) forGood() bool { return g == KeptByReview || g == KeptOnList }

// Problem is something that keeps a plan from being approved until somebody has decided on it.
type Problem struct {
	Code  ProblemCode `json:"code"`
	Where string      `json:"where,omitempty"`
	What  string      `json:"what"`
	Do    string      `json:"do"`
}

// ProblemCode names a problem for programs.
type ProblemCode string

// The problems.
const (
	ProblemUnwritable ProblemCode = "unwritable" // a field can't be masked
	ProblemUndated    ProblemCode = "undated"    // rows whose duty cannot be dated
	ProblemNoEvent    ProblemCode = "no_event"   // no field tells the day a rule counts from
	ProblemCascade    ProblemCode = "cascade"    // deleting would reach tables that nobody annotated
	ProblemOthers     ProblemCode = "others"     // rows that may be the person's and are not counted as such
	ProblemTerms      ProblemCode = "terms"      // the declaration says something that leads nowhere, and a duty may hang on it
)

// Blocks says whether the plan can't be approved before somebody has decided on the problem, or mended the declaration. The others are for the reader to know.
func (c ProblemCode) Blocks() bool {
	return c == ProblemUnwritable || c == ProblemNoEvent || c == ProblemCascade || c == ProblemTerms
}

// Hold keeps everything of a person, or what lies in some systems, until somebody lifts it.
type Hold struct {
	ID     string `json:"id"`
	Matter string `json:"matter"`
	// Systems narrows it by key; none means everywhere.
	Systems  []string         `json:"systems,omitempty"`
	Citation privacy.Citation `json:"citation,omitzero"`
	Review   privacy.Date     `json:"review,omitzero"`
}

// Covers says whether the hold keeps what lies in a system.
func (h *Hold) Covers(system string) bool {
	return len(h.Systems) == 0 || slices.Contains(h.Systems, system)
}

// Totals adds up a plan.
type Totals struct {
	Systems     int          `json:"systems"`
	Collections int          `json:"collections"`
	Fields      int          `json:"fields"`
	Rows        Rows         `json:"rows"`
	Problems    int          `json:"problems"`
	Manual      int          `json:"manual"`
	Asked       int          `json:"asked"`
	KeptUntil   privacy.Date `json:"kept_until,omitzero"`
}

// Totals counts the plan's rows, fields and problems.
func (p *Plan) Totals() Totals {
	t := Totals{Systems: len(p.Systems)}
	for _, s := range p.Systems {
		if s.Manual != "" {
			t.Manual++
		}
		if s.Asks() {
			t.Asked++
		}
		for _, l := range s.Lines {
			t.Collections++
			t.Fields += len(l.Fields)
			t.Problems += len(l.Problems)
			t.Rows = t.Rows.plus(l.Rows)
			for _, k := range l.Kept {
				if k.Until.After(t.KeptUntil) {
					t.KeptUntil = k.Until
				}
			}
		}
	}
	return t
}

func (r Rows) plus(o Rows) Rows {
	return Rows{Own: r.Own + o.Own, Erased: r.Erased + o.Erased, Kept: r.Kept + o.Kept, Others: r.Others + o.Others, Parts: r.Parts + o.Parts}
}
