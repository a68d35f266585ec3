package preflight

import (
	"slices"
	"strings"

	"golang.org/x/text/language"

	"github.com/privacy-docket/docket/privacy"
)

// Consent says whether the recipients have agreed to commercial messages.
type Consent string

// The kinds of consent to messages.
const (
	ConsentUnknown Consent = "unknown"
	ConsentExpress Consent = "express" // prior affirmative consent (15 USC 7704(a)(5)(B), CASL s.10(1))
	ConsentImplied Consent = "implied" // a relationship, as in CASL s.10(9) or the soft opt-in of PECR reg 22(3)
	ConsentNone    Consent = "none"
)

// Consents lists them.
func Consents() []Consent {
	return []Consent{ConsentUnknown, ConsentExpress, ConsentImplied, ConsentNone}
}

// TrackingConsent says whether the recipients have agreed to being followed.
type TrackingConsent string

// The kinds of consent to tracking.
const (
	TrackingUnknown TrackingConsent = "unknown"
	TrackingYes     TrackingConsent = "yes"
	TrackingNo      TrackingConsent = "no"
)

// TrackingConsents lists them.
func TrackingConsents() []TrackingConsent {
	return []TrackingConsent{TrackingUnknown, TrackingYes, TrackingNo}
}

// Question is what is asked about a message. Its zero value asks about a commercial message to everywhere, of which nothing else is known.
type Question struct {
	Class           privacy.MailClass // empty: commercial
	Countries       []string          // of the recipients, ISO 3166-1 alpha-2; none: all
	Consent         Consent           // empty: unknown
	TrackingConsent TrackingConsent   // empty: unknown

	// Domains are verified as the sender's own; what stands below one is, too. None: From and Reply-To are not compared.
	Domains []string
	// Lapsed are domains that were verified once and no longer are: they get a reason of their own.
	Lapsed []string
	// Name and Address are the sender's, as they must stand in the message. Empty: not compared.
	Name, Address string
	// AuthServers are the authserv-ids whose Authentication-Results are believed (RFC 8601 s.2.5).
	AuthServers []string
	// BeforeSigning says that the message is a draft that is signed later.
	BeforeSigning bool
}

// complete fills in what was left out and refuses what has no meaning.
func (q Question) complete() (Question, error) {
	q.Class = orElse(q.Class, privacy.CommercialMail)
	q.Consent = orElse(q.Consent, ConsentUnknown)
	q.TrackingConsent = orElse(q.TrackingConsent, TrackingUnknown)
	switch {
	case !q.Class.Valid():
		return q, refuseQuestion("there is no class of messages %q; give one of %s", q.Class, list(privacy.MailClasses()))
	case !slices.Contains(Consents(), q.Consent):
		return q, refuseQuestion("there is no consent %q; give one of %s", q.Consent, list(Consents()))
	case !slices.Contains(TrackingConsents(), q.TrackingConsent):
		return q, refuseQuestion("there is no consent to tracking %q; give one of %s", q.TrackingConsent, list(TrackingConsents()))
	}
	var err error
	if q.Countries, err = countries(q.Countries); err != nil {
		return q, err
	}
	if q.Domains, err = domains(q.Domains); err != nil {
		return q, err
	}
	q.Lapsed, err = domains(q.Lapsed)
	return q, err
}

func orElse[T ~string](value, otherwise T) T {
	if value == "" {
		return otherwise
	}
	return value
}

func list[T ~string](all []T) string {
	texts := make([]string, len(all))
	for i, one := range all {
		texts[i] = string(one)
	}
	return strings.Join(texts, ", ")
}

// countries brings countries into the form of ISO 3166-1; UK is taken for GB.
func countries(given []string) ([]string, error) {
	var out []string
	for _, country := range given {
		region, err := language.ParseRegion(strings.TrimSpace(country))
		if err != nil || !region.IsCountry() || len(region.String()) != 2 {
			return nil, refuseQuestion("%q is no country; give two letters as in CA, US, DE (ISO 3166-1)", shown(country))
		}
		if code := region.Canonicalize().String(); !slices.Contains(out, code) {
			out = append(out, code)
		}
	}
	slices.Sort(out)
	return out, nil
}

func domains(given []string) ([]string, error) {
	var out []string
	for _, domain := range given {
		normal, err := NormalDomain(domain)
		if err != nil {
			return nil, refuseQuestion("the domain %q: %s", shown(domain), err)
		}
		out = append(out, normal)
	}
	return out, nil
}
