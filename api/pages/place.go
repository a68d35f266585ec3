package pages

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// elsewhere is the choice of who lives where none of the laws on offer applies. They ask under the tenant's own.
const elsewhere = "other"

// placeForm is a country, or a part of one, by ISO 3166.
var placeForm = regexp.MustCompile(`^([A-Z]{2})(-[A-Z0-9]{1,3})?$`)

// law finds what a person asks under, by where they live. asked is false when that has to be asked first.
func (s *site) law(t storage.Tenant, place string) (regime *privacy.Regime, asked bool, err error) {
	now := s.Clock.Now()
	own, err := s.Rules.Regime(t.Regime, now)
	if err != nil {
		return nil, false, err
	}
	for _, id := range t.Settings.Regimes {
		// One that has gone out of force since it was chosen is no reason to turn a person away.
		if other, err := s.Rules.Regime(id, now); err == nil && slices.Contains(other.Places, place) {
			return other, true, nil
		}
	}
	known := place == elsewhere || placeForm.MatchString(place)
	return own, known || len(t.Settings.Regimes) == 0, nil
}

// countryOf gives the country of a place, "" for none.
func countryOf(place string) string {
	found := placeForm.FindStringSubmatch(place)
	if found == nil {
		return ""
	}
	return found[1]
}

// askPlace asks where the person lives, because that decides which rights they have.
func (s *site) askPlace(v *visit, status int, in filled, faults []fault) error {
	page := view{Title: v.say("form.title"), Here: "/" + v.tenant.Slug + "/request", Right: first(in.Rights), Other: in.Other}
	for _, f := range faults { // those of fields that this page does not have wait until it does
		if f.Field == "" {
			page.Faults = append(page.Faults, f)
		}
	}
	if len(faults) > 0 || in.Place != "" {
		if status == http.StatusOK {
			status = http.StatusUnprocessableEntity
		}
		page.Faults = append(page.Faults, fault{Field: "place", Text: v.say("error.place")})
	}
	page.Places = append(page.Places, choice{Text: v.say("place.choose")})
	page.Places = append(page.Places, s.places(v)...)
	page.Places = append(page.Places, choice{Value: elsewhere, Text: v.say("place.elsewhere")})
	v.show(status, "place", page)
	return nil
}

// places are those whose people the tenant's laws name, in the order of the page's language.
func (s *site) places(v *visit) []choice {
	var out []choice
	for _, id := range append([]string{v.tenant.Regime}, v.tenant.Settings.Regimes...) {
		regime, err := s.Rules.Regime(id, s.Clock.Now())
		if err != nil {
			continue
		}
		for _, place := range regime.Places {
			out = append(out, choice{Value: place, Text: placeName(v.language, place, regime.Jurisdiction)})
		}
	}
	order := collate.New(language.MustParse(v.language))
	slices.SortFunc(out, func(a, b choice) int {
		return cmp.Or(order.CompareString(a.Text, b.Text), cmp.Compare(a.Value, b.Value))
	})
	return out
}

// placeName is a country in the language of the page; a part of one stands behind its country, by the law's own name for it.
func placeName(tongue, place, jurisdiction string) string {
	region, err := language.ParseRegion(countryOf(place))
	if err != nil {
		return jurisdiction
	}
	name := display.Regions(language.MustParse(tongue)).Name(region)
	if len(place) > len("DE") {
		name += ": " + jurisdiction
	}
	return name
}
