package record_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/consent/record"
)

// written is a record as others read it.
func written(t *testing.T, c *record.Consent) map[string]any {
	t.Helper()
	r, err := record.NewDPV(c)
	require.NoError(t, err)
	data, err := json.Marshal(r)
	require.NoError(t, err)
	return plain(t, data).(map[string]any)
}

func types(r map[string]any) (out [][]any) {
	events, _ := r["dpv:hasConsentStatus"].([]any)
	for _, e := range events {
		out = append(out, e.(map[string]any)["@type"].([]any))
	}
	return out
}

func TestEventsComeInTheirOrderAndInTheVocabularysWords(t *testing.T) {
	t.Parallel()
	require.Equal(t, [][]any{
		{"dpv:ConsentGiven", "dpv:ExpressedConsent"}, {"dpv:ConsentRequested"}, {"dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"}, {"dpv:ConsentWithdrawn"},
		{"dpv:ConsentGiven", "dpv:ExpressedConsent"}, {"dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"},
	}, types(written(t, confirmed())))
	for name, c := range map[string]struct {
		law    record.Law
		events []record.Event
		want   [][]any
	}{
		"given again":                    {ePrivacy(), []record.Event{{Kind: consent.Given}, {Kind: consent.Given}}, [][]any{{"dpv:ConsentGiven", "dpv:ExpressedConsent"}, {"dpv:RenewedConsentGiven", "dpv:ExpressedConsent"}}},
		"relations, where they imply":    {casl(), []record.Event{{Kind: consent.Began, Relation: "contract"}, {Kind: consent.Ended, Relation: "contract"}, {Kind: consent.Expired}}, [][]any{{"dpv:ConsentGiven", "dpv:ImpliedConsent"}, {"dpv:ConsentGiven", "dpv:ImpliedConsent"}, {"dpv:ConsentExpired"}}},
		"relations, where they do not":   {ePrivacy(), []record.Event{{Kind: consent.Began, Relation: "contract"}, {Kind: consent.Disclosed}}, nil},
		"an address with a statement":    {casl(), []record.Event{{Kind: consent.Published, NoSolicitation: true}}, [][]any{{"dpv:ConsentRefused"}}},
		"an address without a statement": {casl(), []record.Event{{Kind: consent.Published}}, [][]any{{"dpv:ConsentGiven", "dpv:ImpliedConsent"}}},
	} {
		one := bare()
		one.Laws, one.Events = []record.Law{c.law}, c.events
		for i := range one.Events {
			one.Events[i].At = at(1+i, 8)
		}
		require.Equal(t, c.want, types(written(t, one)), name)
	}
}

// Every kind of event has a word, or is left out with a remark: none falls under the table.
func TestEveryKindOfEventIsWrittenOrNamed(t *testing.T) {
	t.Parallel()
	for _, kind := range consent.Kinds() {
		one := bare()
		one.Laws, one.Events = []record.Law{casl()}, []record.Event{{Kind: kind, At: at(1, 8), Relation: "purchase"}}
		require.Len(t, types(written(t, one)), 1, kind)
		one.Laws = []record.Law{ePrivacy()}
		r := written(t, one)
		left := len(types(r)) == 0
		require.Equal(t, kind.Relates() || kind == consent.Published || kind == consent.Disclosed, left, kind)
		if left {
			require.Contains(t, r["skos:note"], "Left out, as the laws named here read no consent into them, are events of relations and addresses: 1.")
		}
	}
}

// What is not on record is left out and named; nothing is made up for it.
func TestWhatIsNotOnRecordIsNamedAndNotMadeUp(t *testing.T) {
	t.Parallel()
	r := written(t, bare())
	require.NotContains(t, r, "dpv:hasNotice")
	for _, field := range []string{"privacy_notice, language", "storage_locations", "jurisdiction", "recipient_third_parties", "withdrawal_method", "party_address", "party_contact"} {
		require.Contains(t, string(indented(t, r["skos:note"])), field)
	}
	process := r["dpv:hasProcess"].(map[string]any)
	for _, key := range []string{"dpv:hasJurisdiction", "dpv:hasRecipient", "dpv:hasStorageCondition", "dpv:hasConsentControl", "dpv:hasRight", "dpv:hasService"} {
		require.NotContains(t, process, key)
	}
	require.NotContains(t, process["dpv:hasPurpose"], "skos:broader")
	for _, e := range r["dpv:hasConsentStatus"].([]any) {
		require.NotContains(t, e, "dpv:hasNotice")
		require.NotContains(t, e, "dct:date", "no zone is on record, and so no local time")
		require.NotContains(t, e, "dct:created")
	}
	require.NotContains(t, written(t, confirmed()), "skos:note")
}

// How long something lets messages go is said as far as it is on record.
func TestHowLongAnEventCounts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		event record.Event
		want  map[string]any
	}{
		"given":                   {record.Event{Kind: consent.Given}, map[string]any{"@type": "dpv:UntilEventDuration", "rdf:value": "withdrawal of the consent"}},
		"a relation that lasts":   {record.Event{Kind: consent.Began, Relation: "written_contract"}, map[string]any{"@type": "dpv:UntilEventDuration", "rdf:value": "end of the written contract, or withdrawal of the consent"}},
		"a purchase, the day":     {record.Event{Kind: consent.Refreshed, Relation: "purchase", Until: privacy.Date{Year: 2028, Month: 3, Day: 1}}, map[string]any{"@type": "dpv:UntilTimeDuration", "rdf:value": "2028-03-01"}},
		"a purchase, no day":      {record.Event{Kind: consent.Refreshed, Relation: "purchase"}, map[string]any{"@type": "dpv:IndeterminateDuration"}},
		"an address that is open": {record.Event{Kind: consent.Published}, map[string]any{"@type": "dpv:UntilEventDuration", "rdf:value": "withdrawal of the consent"}},
	} {
		one := bare()
		c.event.At = at(1, 8)
		one.Laws, one.Events = []record.Law{casl()}, []record.Event{c.event}
		require.Equal(t, c.want, written(t, one)["dpv:hasConsentStatus"].([]any)[0].(map[string]any)["dpv:hasDuration"], name)
	}
}

func TestTheStatusIsThatOfTheMomentOfWriting(t *testing.T) {
	t.Parallel()
	for state, word := range map[record.State]string{
		record.Unknown: "dpv:ConsentUnknown", record.Asked: "dpv:ConsentRequested", record.Granted: "dpv:ConsentGiven", record.Implied: "dpv:ConsentGiven",
		record.Withdrawn: "dpv:ConsentWithdrawn", record.Expired: "dpv:ConsentExpired",
	} {
		c := confirmed()
		c.Status = record.Status{State: state}
		status := written(t, c)["dpv:hasStatus"].(map[string]any)
		require.Equal(t, word, status["@type"])
		require.Equal(t, "2026-03-31T09:30:00Z", status["dct:date"])
		_, lasts := status["dpv:hasDuration"]
		require.Equal(t, word == "dpv:ConsentGiven", lasts, state)
	}
}

// A status follows from what stands and from what was decided of a message of the day; what needs no consent is none.
func TestTheStatusFollowsFromTheDecision(t *testing.T) {
	t.Parallel()
	day, noon := privacy.Date{Year: 2026, Month: 9, Day: 1}, time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		s    consent.Standing
		d    consent.Decision
		want record.Status
	}{
		"nothing":              {consent.Standing{}, consent.Decision{Reason: consent.NoConsent}, record.Status{State: record.Unknown}},
		"withdrawn":            {consent.Standing{Withdrawn: noon, Requested: noon}, consent.Decision{Reason: consent.WasWithdrawn}, record.Status{State: record.Withdrawn}},
		"withdrawn and barred": {consent.Standing{Withdrawn: noon}, consent.Decision{Reason: consent.Barred}, record.Status{State: record.Withdrawn}},
		"given":                {consent.Standing{Given: noon}, consent.Decision{Allowed: true, Reason: consent.ByExpress}, record.Status{State: record.Granted}},
		"given and barred":     {consent.Standing{Given: noon}, consent.Decision{Reason: consent.Barred}, record.Status{State: record.Granted}},
		"not confirmed":        {consent.Standing{Given: noon}, consent.Decision{Reason: consent.Unconfirmed}, record.Status{State: record.Asked}},
		"asked":                {consent.Standing{Requested: noon}, consent.Decision{Reason: consent.Unconfirmed}, record.Status{State: record.Asked}},
		"implied":              {consent.Standing{}, consent.Decision{Allowed: true, Reason: consent.ByImplied, Until: day}, record.Status{State: record.Implied, Until: day}},
		"in force":             {consent.Standing{}, consent.Decision{Allowed: true, Reason: consent.ByInForce}, record.Status{State: record.Implied}},
		"over":                 {consent.Standing{}, consent.Decision{Reason: consent.WindowOver}, record.Status{State: record.Expired}},
		"a customer":           {consent.Standing{}, consent.Decision{Allowed: true, Reason: consent.BySoftOptIn}, record.Status{State: record.Unknown}},
		"nobody objected":      {consent.Standing{}, consent.Decision{Allowed: true, Reason: consent.ByOptOut}, record.Status{State: record.Unknown}},
		"exempt, was given":    {consent.Standing{Given: noon}, consent.Decision{Allowed: true, Reason: consent.ByExemption}, record.Status{State: record.Granted}},
	} {
		require.Equal(t, c.want, record.StatusOf(&c.s, &c.d), name)
	}
}
