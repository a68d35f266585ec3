package erasure

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Count is what a system found in one collection.
type Count struct {
	dataset.Address
	Own, Others, Parts int64
	// Days counts the person's rows by the day in the order's field; Undated are those without one.
	Days    []DayRows
	Undated int64
}

// DayRows is how many rows fall on a day.
type DayRows struct {
	Day  privacy.Date
	Rows int64
}

// Settle completes one system's draft with what was counted there: which days' rows are erased and which are kept, under which rule and
// until when. Where a recourse keeps the system, its lines give no order any more. The terms are those that the draft was made with.
func (s *SystemPlan) Settle(counts []Count, terms []dataset.ErasureTerms, c Circumstances) {
	for i := range s.Lines {
		l := &s.Lines[i]
		at := slices.IndexFunc(counts, func(n Count) bool { return n.Address == l.Address })
		if at < 0 {
			continue
		}
		l.settle(counts[at], s.rulesOf(l, terms, c), c)
	}
	s.await(c.recourse(s.Key))
}

// duty is the rules that keep a collection's rows, with the events that were declared for it.
type duty struct {
	rules  []privacy.RetentionRule
	events map[string]string
}

// rulesOf are the rules for a line: its own, or those of the rows it belongs to.
func (s *SystemPlan) rulesOf(l *Line, all []dataset.ErasureTerms, c Circumstances) duty {
	find := func(name string) dataset.ErasureTerms {
		i := slices.IndexFunc(all, func(t dataset.ErasureTerms) bool { return t.Collection == name })
		if i < 0 {
			return dataset.ErasureTerms{}
		}
		return all[i]
	}
	t := find(l.Address.String())
	for depth := 0; t.With != "" && depth < len(all); depth++ {
		t = find(t.With)
	}
	d := designer{Circumstances: c}
	return duty{d.rules(t), t.Events}
}

func (l *Line) settle(n Count, of duty, c Circumstances) {
	l.Rows = Rows{Own: n.Own, Others: n.Others, Parts: n.Parts}
	if n.Others > 0 && !l.Claimed && (l.Delete || len(l.Masks) > 0) {
		l.Problems = append(l.Problems, Problem{ProblemOthers, l.Address.String(),
			rows(n.Others, "is", "are") + " pointed at from the person's and somebody else's or shared: not touched", "claim them if they are the person's all the same; else there is nothing to do"})
	}
	switch {
	case len(l.Kept) > 0:
		l.Kept[0].Rows, l.Rows.Kept = n.Own, n.Own
	case !l.Touches():
	case l.Days == nil:
		l.Rows.Erased = n.Own
	default:
		l.divide(n, of, c)
	}
}

// divide tells the rows that are erased now from those that a duty keeps.
func (l *Line) divide(n Count, of duty, c Circumstances) {
	today := privacy.DateIn(c.Now, c.Zone)
	keepings := map[string]*Keeping{}
	spans := spanner{list: []Span{}, keeps: func(day privacy.Date) bool {
		rule, _ := of.keeps(day, today, c)
		return rule != nil
	}}
	days := slices.Clone(n.Days)
	slices.SortFunc(days, func(a, b DayRows) int { return a.Day.Compare(b.Day) })
	if l.Days.Through != nil && l.Days.Through.Back {
		spans.list = append(spans.list, Span{Unreferred(), Unreferred()})
	}
	for _, day := range days {
		if day.Day == Unreferred() {
			l.Rows.Erased += day.Rows
			continue
		}
		if day.Day == Undatable() {
			continue
		}
		rule, until := of.keeps(day.Day, today, c)
		if rule == nil {
			spans.add(day.Day)
			l.Rows.Erased += day.Rows
			continue
		}
		keepingOf(keepings, rule).add(until, day.Rows)
		l.Rows.Kept += day.Rows
	}
	l.Days.Spans = spans.list
	for _, k := range keepings {
		l.Kept = append(l.Kept, *k)
	}
	slices.SortFunc(l.Kept, func(a, b Keeping) int { return cmp.Compare(a.Rule, b.Rule) })
	l.undated(n.Own-l.Rows.Erased-l.Rows.Kept, of, c)
}

// keeps finds the rule that keeps a day's rows the longest; nil when none keeps them any more. The last day of a duty is part of it.
func (d duty) keeps(day, today privacy.Date, c Circumstances) (rule *privacy.RetentionRule, until privacy.Date) {
	for i := range d.rules {
		r := &d.rules[i]
		facts := privacy.RetentionFacts{Events: daysOf(*r, d.events, day, c.YearEnd), Supervised: c.Supervised}
		kept, err := r.Retain(facts)
		if err != nil {
			continue // a rule that no event of the rows leads to; the draft has said so
		}
		if !kept.RetainThrough.Before(today) && kept.RetainThrough.After(until) {
			rule, until = r, kept.RetainThrough
		}
	}
	return rule, until
}

func keepingOf(all map[string]*Keeping, r *privacy.RetentionRule) *Keeping {
	if all[r.ID] == nil {
		all[r.ID] = &Keeping{Ground: Ground(r.Ground), Rule: r.ID, Name: r.Name, Citation: r.Citation}
	}
	return all[r.ID]
}

// add counts rows whose duty ends on a day.
func (k *Keeping) add(until privacy.Date, rows int64) {
	k.Rows += rows
	if until.After(k.Until) {
		k.Until = until
	}
	if k.First.IsZero() || until.Before(k.First) {
		k.First = until
	}
	i, found := slices.BinarySearchFunc(k.Ends, until, func(e End, day privacy.Date) int { return e.Day.Compare(day) })
	if !found {
		k.Ends = slices.Insert(k.Ends, i, End{Day: until})
	}
	k.Ends[i].Rows += rows
}

// spanner joins days that follow each other, unless a day between them would be kept: a row that comes to lie there later stays as well.
type spanner struct {
	list  []Span
	keeps func(privacy.Date) bool
}

func (s *spanner) add(day privacy.Date) {
	if len(s.list) > 0 && s.list[len(s.list)-1].To != Unreferred() && !s.parted(s.list[len(s.list)-1].To, day) {
		s.list[len(s.list)-1].To = day
		return
	}
	s.list = append(s.list, Span{day, day})
}

func (s *spanner) parted(from, to privacy.Date) bool {
	for day := from.AddDays(1); day.Before(to); day = day.AddDays(1) {
		if s.keeps(day) {
			return true
		}
	}
	return false
}

// rows says how many, with the verb that follows.
func rows(n int64, one, many string) string {
	if n == 1 {
		return "1 row " + one
	}
	return fmt.Sprintf("%d rows %s", n, many)
}
