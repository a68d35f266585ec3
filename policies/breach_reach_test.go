package policies_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func reached(book *policies.Book, s privacy.BreachScope) (ids []string) {
	for _, r := range privacy.BreachesReaching(book.Breaches(), s) {
		ids = append(ids, r.ID)
	}
	slices.Sort(ids)
	return ids
}

// Which laws an incident brings: by what the organisation is and where, and by where the people live.
func TestWhichLawsABreachBrings(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	controller, processor := privacy.BreachController, privacy.BreachProcessor
	for name, c := range map[string]struct {
		scope privacy.BreachScope
		want  []string
	}{
		"a shop in Germany": {privacy.BreachScope{Role: controller, Established: []string{"DE"}, People: map[string]int{"DE": 900}}, []string{"gdpr-breach"}},
		"its customers abroad": {
			privacy.BreachScope{Role: controller, Established: []string{"DE"}, People: map[string]int{"DE": 900, "CH": 3, "GB": 1, "US-CA": 20, "US-ND": 2, "CA-ON": 1, "AU": 1, "BR": 1}},
			[]string{"au-ndb", "br-anpd", "ch-dsg-breach", "gdpr-breach", "pipeda-breach", "uk-gdpr-breach", "us-ca-breach", "us-states-breach"},
		},
		"people in Norway, a company in Brazil": {privacy.BreachScope{Role: controller, Established: []string{"BR"}, People: map[string]int{"NO": 1}}, []string{"br-anpd", "gdpr-breach"}},
		"Quebec is Canada too":                  {privacy.BreachScope{Role: controller, People: map[string]int{"CA-QC": 4}}, []string{"pipeda-breach", "quebec-breach"}},
		"a state that nobody has named": {
			privacy.BreachScope{Role: controller, People: map[string]int{"US": 4}},
			[]string{"us-ca-breach", "us-co-breach", "us-de-breach", "us-fl-breach", "us-ny-breach", "us-states-breach", "us-tx-breach"},
		},
		"nobody has counted anybody yet":        {privacy.BreachScope{Role: controller, Established: []string{"FR"}}, []string{"gdpr-breach"}},
		"no personal data":                      {privacy.BreachScope{Role: controller, Established: []string{"FR"}, People: map[string]int{"FR": 2}, NoData: true}, nil},
		"no personal data, a bank":              {privacy.BreachScope{Role: controller, Established: []string{"FR"}, Organisation: []privacy.OrganisationKind{privacy.FinancialEntity}, NoData: true}, []string{"dora"}},
		"a telephone company":                   {privacy.BreachScope{Role: controller, Established: []string{"GB"}, Organisation: []privacy.OrganisationKind{privacy.CommunicationsProvider}}, []string{"uk-gdpr-breach", "uk-pecr-breach"}},
		"a listed company that runs a hospital": {privacy.BreachScope{Role: controller, People: map[string]int{"US-NV": 5}, Organisation: []privacy.OrganisationKind{privacy.ListedCompany, privacy.HealthCareCoveredEntity}}, []string{"us-hipaa", "us-sec-8k", "us-states-breach"}},
		"a processor owes its controllers and nobody else": {
			privacy.BreachScope{Role: processor, Established: []string{"IE"}, People: map[string]int{"DE": 9, "GB": 9, "CH": 9, "US-CA": 9, "AU": 9}},
			[]string{"ch-dsg-processor-breach", "gdpr-processor-breach", "uk-gdpr-processor-breach", "us-ca-holder-breach"},
		},
		"a processor that is an essential entity": {
			privacy.BreachScope{Role: processor, Established: []string{"IE"}, Organisation: []privacy.OrganisationKind{privacy.EssentialEntity}}, []string{"gdpr-processor-breach", "nis2"},
		},
	} {
		require.Equal(t, c.want, reached(book, c.scope), name)
	}
	everywhere := reached(book, privacy.BreachScope{Role: controller, People: map[string]int{"": 1}})
	require.Subset(t, everywhere, []string{"gdpr-breach", "us-ca-breach", "br-anpd", "pipeda-breach"}, "whoever does not know where people live obeys every law that may be theirs")
}

// Whoever comes to know of more people, or of more that the organisation is, owes no less.
func TestMoreIsNeverLess(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	places := rapid.SampledFrom([]string{"DE", "NO", "GB", "CH", "CA", "CA-QC", "US-CA", "US-NY", "US", "BR", "AU", "JP", ""})
	kinds := rapid.SampledFrom(privacy.OrganisationKinds())
	rapid.Check(t, func(rt *rapid.T) {
		s := privacy.BreachScope{Role: rapid.SampledFrom([]privacy.BreachRole{privacy.BreachController, privacy.BreachProcessor}).Draw(rt, "role"), People: map[string]int{}}
		for _, p := range rapid.SliceOfN(places, 0, 4).Draw(rt, "people") {
			s.People[p] = rapid.IntRange(0, 900).Draw(rt, "count")
		}
		s.Established, s.Organisation = rapid.SliceOfN(places, 0, 2).Draw(rt, "established"), rapid.SliceOfN(kinds, 0, 2).Draw(rt, "kinds")
		s.NoData = rapid.Bool().Draw(rt, "no data")
		before := reached(book, s)
		s.People[places.Draw(rt, "another")]++
		s.Established, s.Organisation = append(s.Established, places.Draw(rt, "also in")), append(s.Organisation, kinds.Draw(rt, "also"))
		require.Subset(rt, reached(book, s), before)
		s.NoData = false
		require.Subset(rt, reached(book, s), before)
	})
}

// What is owed by the risk: nothing to the authority where it is unlikely, something to the people only where it is high; before anybody has assessed it as though
// there were one.
func TestWhatTheRiskBrings(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	at := time.Date(2026, 3, 27, 18, 30, 0, 0, time.UTC)
	for rule, want := range map[string]map[privacy.BreachRisk][]privacy.BreachKind{
		"gdpr-breach": {
			"": {privacy.BreachNotifyAuthority}, privacy.RiskUnlikely: nil, privacy.RiskPresent: {privacy.BreachNotifyAuthority},
			privacy.RiskHigh: {privacy.BreachNotifyAuthority, privacy.BreachNotifyIndividuals},
		},
		"ch-dsg-breach":         {"": nil, privacy.RiskPresent: nil, privacy.RiskHigh: {privacy.BreachNotifyAuthority}},
		"gdpr-processor-breach": {privacy.RiskUnlikely: {privacy.BreachNotifyControllers}},
		"nis2":                  {privacy.RiskUnlikely: {privacy.BreachEarlyWarning, privacy.BreachNotifyAuthority}},
	} {
		r, err := book.Breach(rule)
		require.NoError(t, err)
		for risk, kinds := range want {
			all, err := r.Deadlines(privacy.BreachFacts{Zone: time.UTC, Risk: risk, Moments: map[privacy.BreachTrigger]time.Time{privacy.TriggerAwareness: at, privacy.TriggerHighRisk: at.Add(time.Hour)}})
			require.NoError(t, err)
			var got []privacy.BreachKind
			for _, d := range all {
				got = append(got, d.Kind)
			}
			require.Equal(t, kinds, got, "%s at %q", rule, risk)
		}
	}
}

// Every notice that a law lists the content of can be checked against that list, and what Art. 33(3) lists is whole.
func TestWhatNoticesHaveToSay(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	listed := 0
	for _, r := range book.Breaches() {
		for _, c := range r.Clocks {
			if c.Content != nil {
				listed++
				require.NotEmpty(t, c.Content.Citation.Text, r.ID)
			}
		}
	}
	require.Positive(t, listed)
	for _, id := range []string{"gdpr-breach", "uk-gdpr-breach"} {
		r, err := book.Breach(id)
		require.NoError(t, err)
		require.Equal(t, []privacy.BreachElement{
			privacy.ElementNature, privacy.ElementPeopleKinds, privacy.ElementPeopleNumber, privacy.ElementRecordKinds, privacy.ElementRecordNumber, // (a)
			privacy.ElementContact,      // (b)
			privacy.ElementConsequences, // (c)
			privacy.ElementMeasures,     // (d)
			privacy.ElementDelay,        // Art 33(1), second sentence
		}, r.Clocks[0].Content.Elements)
	}
}

// Alarms come 48, 24, 12, 6, 2 and 1 hours before a limit of 72 hours ends, and when it does, and then every hour until somebody has heard.
func TestAlarmsOfABreach(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	ladder, err := book.Ladder("breach")
	require.NoError(t, err)
	due := time.Date(2026, 3, 30, 18, 30, 0, 0, time.UTC)
	var hours []float64
	now := due.Add(-72 * time.Hour)
	for now.Before(due.Add(2 * time.Hour)) {
		next, more := ladder.Next(privacy.Deadline{Due: due, EarliestSafe: due}, now)
		require.True(t, more)
		if now = next.At; next.At.Sub(due).Minutes() != 1 && next.At.Before(due.Add(time.Second)) {
			hours = append(hours, due.Sub(next.At).Hours())
		}
	}
	require.Equal(t, []float64{48, 24, 12, 6, 2, 1, 0}, slices.Compact(hours))
}
