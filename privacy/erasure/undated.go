package erasure

import (
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
)

// undated decides on rows that have no day to count from. They were made before they were counted first, so that no duty which counts from their
// making ends later than one that would count from that day: until then they stay, and then they go. So do proofs of a consent that nobody has
// withdrawn: it ends with the erasure. Under a duty that counts from something else, such as the end of a contract, nobody can say, and they stay
// until somebody has found out.
func (l *Line) undated(n int64, of duty, c Circumstances) {
	if n <= 0 {
		return
	}
	today := privacy.DateIn(c.Now, c.Zone)
	counted := c.Counted
	if counted.IsZero() {
		counted = today
	}
	kept := Keeping{Ground: KeptByDuty}
	rule, until, known := of.latest(counted, today, c)
	if known && rule == nil {
		l.Days.Spans = append(l.Days.Spans, Span{Undatable(), Undatable()})
		l.Rows.Erased += n
		return
	}
	if rule == nil && len(of.rules) > 0 {
		rule = &of.rules[0]
	}
	if rule != nil {
		kept.Ground, kept.Rule, kept.Name, kept.Citation = Ground(rule.Ground), rule.ID, rule.Name, rule.Citation
	}
	what := "kept until somebody has found out"
	if known {
		kept.add(until, n)
		what = fmt.Sprintf("kept as if they were of %s, until %s", counted, until)
	} else {
		kept.Rows = n
	}
	l.Rows.Kept += n
	l.Kept = append(l.Kept, kept)
	if len(l.Days.Field) > 0 && !of.standing() {
		l.Problems = append(l.Problems, Problem{ProblemUndated, l.Address.String(), rows(n, "has", "have") + " no day that the retention counts from: " + what, "give them one in the system, or decide on them by hand"})
	}
}

// latest finds the rule that keeps rows the longest of which nothing is known but that they were made by a day; nil when none keeps them any
// more. Only rules that count from the making of a record, or from what ends with the erasure at the latest, let that be known.
func (d duty) latest(made, today privacy.Date, c Circumstances) (rule *privacy.RetentionRule, until privacy.Date, known bool) {
	for i := range d.rules {
		other := func(k privacy.RetentionPeriod) bool { return k.Event != created && !derived(k.Event) && !untilNow(k) }
		if slices.ContainsFunc(d.rules[i].Keep, other) {
			return nil, privacy.Date{}, false
		}
	}
	rule, until = duty{d.rules, map[string]string{created: created, withdrawn: withdrawn, lastUsed: lastUsed}}.keeps(made, today, c)
	return rule, until, len(d.rules) > 0
}

// standing says that rows without a day are what the rules expect: of a consent that was not withdrawn.
func (d duty) standing() bool {
	return !slices.ContainsFunc(d.rules, func(r privacy.RetentionRule) bool {
		return slices.ContainsFunc(r.Keep, func(k privacy.RetentionPeriod) bool { return !untilNow(k) })
	})
}
