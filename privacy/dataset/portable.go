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
	basis := string(Consent) // where each category has its own, which is consent or a contract
	for _, c := range categories {
		if Personal([]string{c}) && !slices.ContainsFunc(d.Purposes, func(p Purpose) bool { return (p.Basis == Consent || p.Basis == Contract) && covers(p.Categories, c) }) {
			basis = ""
		}
	}
	return privacy.DecidePortability(privacy.PortabilityFacts{Basis: basis, Automated: true, Origin: origin})
}

func names(list []string, a Address, field string) bool {
	return slices.Contains(list, a.String()) || slices.Contains(list, a.String()+"."+field)
}

// covers says whether a purpose names a category, or one that it lies in. A purpose for a part of it does not carry the whole.
func covers(purpose []string, category string) bool {
	return slices.ContainsFunc(purpose, func(p string) bool { return p == category || strings.HasPrefix(category, p+".") })
}
