package incident

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Duty is something that a law wants told, to whom and by when.
type Duty struct {
	// Rule is the id of the law's rule in the policies.
	Rule string `json:"rule"`
	privacy.BreachDeadline
}

// DutyKey names a duty of an incident: a law asks for each kind once.
type DutyKey struct {
	Rule string
	Kind privacy.BreachKind
}

// Key names the duty.
func (d Duty) Key() DutyKey { return DutyKey{d.Rule, d.Kind} }

// Case is what duties depend on.
type Case struct {
	Scope   privacy.BreachScope
	Moments Moments
	Risk    privacy.BreachRisk
	// Zone is the organisation's, in which days end where a law names no zone of its own.
	Zone *time.Location
	// SmallAgent says that periods are doubled where a law doubles them for small organisations.
	SmallAgent bool
}

// Duties are what is owed under every law that the incident brings, the soonest first.
func Duties(rules []privacy.BreachRule, c Case) ([]Duty, error) {
	var out []Duty
	moments := c.Moments.InForce()
	for _, r := range privacy.BreachesReaching(rules, c.Scope) {
		zone := c.Zone
		if r.Zone != "" {
			own, err := time.LoadLocation(r.Zone)
			if err != nil {
				return nil, fmt.Errorf("the zone of %s: %w", r.ID, err)
			}
			zone = own
		}
		all, err := r.Deadlines(privacy.BreachFacts{Moments: moments, Zone: zone, Affected: r.Protects(c.Scope), SmallAgent: c.SmallAgent, Risk: c.Risk})
		if err != nil {
			return nil, err
		}
		for _, d := range all {
			out = append(out, Duty{r.ID, d})
		}
	}
	slices.SortFunc(out, func(a, b Duty) int {
		return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Kind, b.Kind))
	})
	return out, nil
}

// Change is what becomes of duties when more is known.
type Change struct {
	// Added are owed from now on, Moved have another date, Ended are owed no more.
	Added, Moved []Duty
	Ended        []DutyKey
}

// Nothing says that all is as it was.
func (c Change) Nothing() bool { return len(c.Added)+len(c.Moved)+len(c.Ended) == 0 }

// Compare says what has to change from the duties that stand to those that are owed.
func Compare(stand map[DutyKey]time.Time, owed []Duty) (out Change) {
	left := make(map[DutyKey]bool, len(stand))
	for key := range stand {
		left[key] = true
	}
	for _, d := range owed {
		switch due, stands := stand[d.Key()]; {
		case !stands:
			out.Added = append(out.Added, d)
		case !due.Equal(d.Due):
			out.Moved = append(out.Moved, d)
		}
		delete(left, d.Key())
	}
	for key := range left {
		out.Ended = append(out.Ended, key)
	}
	slices.SortFunc(out.Ended, func(a, b DutyKey) int { return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Kind, b.Kind)) })
	return out
}
