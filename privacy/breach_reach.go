package privacy

import (
	"slices"
	"strings"
)

// BreachReach says to which incidents a law applies: which organisation answers for it, and where that organisation is or the people live whose data was hit. A part
// that is left out asks nothing.
type BreachReach struct {
	// Role is the part that the organisation has in what was hit.
	Role BreachRole `json:"role"`
	// Organisation is what it has to be, any of these.
	Organisation []OrganisationKind `json:"organisation,omitempty"`
	// Established and Residents are countries (ISO 3166-1 alpha-2, or EEA) and their parts (ISO 3166-2, as US-CA): the law applies where the organisation is
	// established in one of the former, or people live in one of the latter.
	Established []string `json:"established,omitempty"`
	Residents   []string `json:"residents,omitempty"`
	// WithoutData says that the law asks for no personal data to be hit.
	WithoutData bool `json:"without_data,omitempty"`
}

// BreachRole is the part that an organisation has in the processing that an incident hit.
type BreachRole string

// The roles.
const (
	BreachController BreachRole = "controller" // Art. 4(7) GDPR
	BreachProcessor  BreachRole = "processor"  // Art. 4(8) GDPR: it tells its controllers
	BreachEither     BreachRole = "either"
)

// Valid reports whether r is one of the roles.
func (r BreachRole) Valid() bool {
	return slices.Contains([]BreachRole{BreachController, BreachProcessor, BreachEither}, r)
}

// OrganisationKind is what an organisation can be that some laws ask more of.
type OrganisationKind string

// The kinds of organisation.
const (
	EssentialEntity         OrganisationKind = "essential_entity"        // NIS2 Arts 2 and 3, important entities too
	FinancialEntity         OrganisationKind = "financial_entity"        // DORA Art 2
	CommunicationsProvider  OrganisationKind = "communications_provider" // PECR reg 5A: of a public electronic communications service
	ListedCompany           OrganisationKind = "listed_company"          // files reports under the Securities Exchange Act
	HealthCareCoveredEntity OrganisationKind = "health_care_entity"      // 45 CFR 160.103
	NetworkOperator         OrganisationKind = "network_operator"        // of a network in China
)

// OrganisationKinds lists them.
func OrganisationKinds() []OrganisationKind {
	return []OrganisationKind{EssentialEntity, FinancialEntity, CommunicationsProvider, ListedCompany, HealthCareCoveredEntity, NetworkOperator}
}

// Valid reports whether k is one of the kinds.
func (k OrganisationKind) Valid() bool { return slices.Contains(OrganisationKinds(), k) }

// BreachScope is what is known of an incident as far as the reach of laws goes.
type BreachScope struct {
	Role BreachRole
	// Organisation is what the organisation is, Established the countries where it is.
	Organisation []OrganisationKind
	Established  []string
	// People are how many people were hit, by where they live: a country or a part of it. Where somebody lives of whom that is not known is "": whoever does not
	// know obeys every law that may be theirs. A number that is not known yet is 0.
	People map[string]int
	// NoData says that it is established that no personal data was hit.
	NoData bool
}

// Reaches says whether the law applies to an incident.
func (r BreachRule) Reaches(s BreachScope) bool {
	switch reach := r.Reach; {
	case s.NoData && !reach.WithoutData:
		return false
	case reach.Role != BreachEither && reach.Role != s.Role:
		return false
	case len(reach.Organisation) > 0 && !slices.ContainsFunc(reach.Organisation, func(k OrganisationKind) bool { return slices.Contains(s.Organisation, k) }):
		return false
	case len(reach.Established) == 0 && len(reach.Residents) == 0:
		return true
	default:
		_, lives := r.residents(s)
		return lives || slices.ContainsFunc(s.Established, func(c string) bool { return livesIn(reach.Established, c) })
	}
}

// Protects is how many of the people who were hit the rule protects: those who live in its places, or all where the law goes by the organisation alone.
func (r BreachRule) Protects(s BreachScope) (n int) {
	if len(r.Reach.Residents) > 0 && len(r.Reach.Established) == 0 {
		n, _ = r.residents(s)
		return n
	}
	for _, count := range s.People {
		n += count
	}
	return n
}

// residents counts the people who live where the law protects them, and says whether there are any.
func (r BreachRule) residents(s BreachScope) (n int, any bool) {
	for place, count := range s.People {
		if place == "" && len(r.Reach.Residents) > 0 || livesIn(r.Reach.Residents, place) {
			n, any = n+count, true
		}
	}
	return n, any
}

// livesIn says whether a place is one of several, a part of one of them, or a country of which one is a part: in which part somebody lives is not known then, and
// whoever does not know obeys every law that may be theirs.
func livesIn(places []string, one string) bool {
	country, _, part := strings.Cut(one, "-")
	if isAmong(places, country) || isAmong(places, one) {
		return true
	}
	return one != "" && !part && slices.ContainsFunc(places, func(p string) bool { return strings.HasPrefix(p, one+"-") })
}

// BreachesReaching are the laws that apply to an incident.
func BreachesReaching(rules []BreachRule, s BreachScope) (out []BreachRule) {
	for _, r := range rules {
		if r.Reaches(s) {
			out = append(out, r)
		}
	}
	return out
}
