package dataset

import (
	"slices"
	"strings"

	"github.com/privacy-docket/docket/privacy"
)

// PortabilityTerms say where data comes from, field by field ("dataset.collection.field" or "dataset.collection"), where the source of the whole
// system does not say it.
type PortabilityTerms struct {
	// Inferred was worked out by the controller or somebody else, as a score is: it is not the person's to take along.
	Inferred []string `json:"inferred,omitempty"`
	// Provided came from the person although other data of the system did not.
	Provided []string `json:"provided,omitempty"`
}

// Portable says whether Art. 20 GDPR covers a field: the person gave it or it was observed of them, and a purpose that it serves rests on consent
// or on a contract. What nothing is declared of is not covered.
func (d Declaration) Portable(a Address, field string, categories []string) privacy.PortabilityDecision {
	origin := "provided"
	switch {
	case names(d.Portability.Inferred, a, field):
		origin = "inferred"
	case !d.Source.FromSubject && !names(d.Portability.Provided, a, field):
		origin = "derived"
	}
	decision := privacy.DecidePortability(privacy.PortabilityFacts{Automated: true, Origin: origin})
	for _, p := range d.Purposes {
		if !overlaps(p.Categories, categories) {
			continue
		}
		found := privacy.DecidePortability(privacy.PortabilityFacts{Basis: string(p.Basis), Automated: true, Origin: origin})
		if found.Applies {
			return found
		}
		if p.Basis == Consent || p.Basis == Contract {
			decision = found // the basis would do: it is something else
		}
	}
	return decision
}

func names(list []string, a Address, field string) bool {
	return slices.Contains(list, a.String()) || slices.Contains(list, a.String()+"."+field)
}

// overlaps says whether one of the categories lies in one of those of a purpose, or has one of them in it.
func overlaps(purpose, field []string) bool {
	return slices.ContainsFunc(field, func(f string) bool {
		return slices.ContainsFunc(purpose, func(p string) bool {
			return p == f || strings.HasPrefix(f, p+".") || strings.HasPrefix(p, f+".")
		})
	})
}
