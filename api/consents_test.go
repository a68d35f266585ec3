package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage"
)

// wantsMail is a world with a purpose of news, in which people of many countries are.
func wantsMail(t *testing.T) *world {
	t.Helper()
	w := newWorldAt(t, time.Date(2026, time.May, 20, 9, 0, 0, 0, time.UTC), wide)
	w.putPurpose("news", map[string]any{"similar_goods": true})
	w.putPurpose("tracking", map[string]any{"tracking": true})
	return w
}

func (w *world) putPurpose(key string, body map[string]any) answer {
	w.t.Helper()
	got := w.call(api.DPO, http.MethodPut, "/v1/consent/purposes/"+key, body)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return got
}

// happened records an event of news.
func (w *world) happened(address, kind string, more ...func(map[string]any)) {
	w.t.Helper()
	e := map[string]any{"address": address, "purpose": "news", "kind": kind}
	for _, m := range more {
		m(e)
	}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/events", map[string]any{"events": []any{e}}, "Idempotency-Key", uuid.NewString())
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
}

func on(day string) func(map[string]any) {
	return func(e map[string]any) { e["at"] = day + "T12:00:00Z" }
}

func about(relation string) func(map[string]any) {
	return func(e map[string]any) { e["relation"], e["refusable"] = relation, true }
}

type verdict struct {
	Allowed  bool
	Reason   string
	Law      string
	Citation string
	Until    string
	Bar      string
	Remedies []string
	Country  string
	Laws     []struct {
		Allowed     bool
		Reason, Law string
	}
	Tracking *struct {
		Allowed bool
		Reason  string
	}
}

// mayWrite asks whether news may be sent to an address.
func (w *world) mayWrite(address string, more map[string]any) verdict {
	w.t.Helper()
	body := map[string]any{"address": address, "purpose": "news"}
	for k, v := range more {
		body[k] = v
	}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/check", body)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[verdict](w.t, got)
}

// One address is asked about under the law of where it is read: the answer says why, by which rule, until when and what would change it.
func TestWhoMayBeWrittenTo(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("bought@person.example", "refreshed", about("purchase"), on("2025-05-01"))
	w.happened("asked@person.example", "refreshed", about("inquiry"), on("2025-10-01"))
	w.happened("member@person.example", "began", about("membership"), on("2020-01-01"))
	w.happened("said-yes@person.example", "given", on("2026-01-01"))
	w.happened("confirmed@person.example", "confirmed", on("2026-01-01"))
	w.happened("left@person.example", "given", on("2026-01-01"))
	w.happened("left@person.example", "withdrawn", on("2026-02-01"))
	for _, c := range []struct {
		address, country string
		allowed          bool
		reason, law      string
	}{
		{"bought@person.example", "CA", true, "implied", "casl@2026.1"},
		{"bought@person.example", "DE", true, "soft_opt_in", "eu-eprivacy@2026.1"},
		{"bought@person.example", "GB", true, "soft_opt_in", "uk-pecr@2026.1"},
		{"bought@person.example", "US", true, "opt_out_model", "can-spam@2026.1"},
		{"bought@person.example", "AU", false, "no_consent", "au-spam@2026.1"},
		{"bought@person.example", "JP", false, "no_consent", "elsewhere@2026.1"},
		{"asked@person.example", "CA", false, "window_over", "casl@2026.1"},
		{"asked@person.example", "GB", true, "soft_opt_in", "uk-pecr@2026.1"},
		{"member@person.example", "CA", true, "relation_in_force", "casl@2026.1"},
		{"member@person.example", "AU", true, "relation_in_force", "au-spam@2026.1"},
		{"said-yes@person.example", "CA", true, "express", "casl@2026.1"},
		{"said-yes@person.example", "DE", false, "unconfirmed", "eu-eprivacy@2026.1"},
		{"confirmed@person.example", "DE", true, "confirmed", "eu-eprivacy@2026.1"},
		{"confirmed@person.example", "JP", true, "confirmed", "elsewhere@2026.1"},
		{"left@person.example", "US", false, "withdrawn", "can-spam@2026.1"},
		{"left@person.example", "CA", false, "withdrawn", "casl@2026.1"},
		{"nobody@person.example", "US", true, "opt_out_model", "can-spam@2026.1"},
		{"nobody@person.example", "FR", false, "no_consent", "eu-eprivacy@2026.1"},
	} {
		got := w.mayWrite(c.address, map[string]any{"country": c.country})
		require.Equal(t, []any{c.allowed, c.reason, c.law}, []any{got.Allowed, got.Reason, got.Law}, "%s in %s", c.address, c.country)
		require.NotEmpty(t, got.Citation)
		require.Equal(t, c.country, got.Country)
		require.Equal(t, !c.allowed, len(got.Remedies) > 0, "a no says what would make it a yes: %s in %s", c.address, c.country)
	}
	require.Equal(t, "2027-05-01", w.mayWrite("Bought@Person.example", map[string]any{"country": "CA"}).Until)
	later := w.mayWrite("bought@person.example", map[string]any{"country": "CA", "day": "2027-05-02"})
	require.Equal(t, "window_over", later.Reason)
	require.Equal(t, []string{"express", "renew_relation"}, later.Remedies)
}

// Of somebody of whom nobody knows where they live every law has to say yes; what an event says of their country counts from then on.
func TestAnUnknownCountryObeysEveryLaw(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "given")
	got := w.mayWrite("ana@person.example", nil)
	require.False(t, got.Allowed)
	require.Equal(t, "unconfirmed", got.Reason)
	require.Greater(t, len(got.Laws), 3)
	w.happened("ana@person.example", "given", func(e map[string]any) { e["country"] = "CA" })
	got = w.mayWrite("ana@person.example", nil)
	require.Equal(t, []any{true, "express", "CA"}, []any{got.Allowed, got.Reason, got.Country})
}

// What stands against a message is stronger than consent: an objection until the person confirms that they want messages, a restriction always. What they have
// bought is told to them all the same.
func TestWhatStandsAgainstMessages(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "confirmed", on("2026-01-01"))
	filed := w.call(api.Agent, http.MethodPost, "/v1/requests", request("ana@person.example", func(b map[string]any) {
		b["right"], b["against"] = "objection", []string{"direct_marketing"}
	}), "Idempotency-Key", "objection")
	require.Equal(t, http.StatusCreated, filed.Status, "%s", filed.Body)
	german := map[string]any{"country": "DE"}
	got := w.mayWrite("ana@person.example", german)
	require.Equal(t, []any{false, "barred", "direct_marketing"}, []any{got.Allowed, got.Reason, got.Bar})
	require.Equal(t, "Art. 21(3) GDPR", got.Citation)
	require.True(t, w.mayWrite("ana@person.example", map[string]any{"country": "DE", "class": "transactional"}).Allowed)
	w.suppressed(storage.Person{Email: "ben@person.example"})
	require.Equal(t, "suppression", w.mayWrite("ben@person.example", map[string]any{"country": "US"}).Bar, "also where the law wants no consent")
	w.clock.Advance(time.Hour)
	w.happened("ana@person.example", "given")
	require.Equal(t, "barred", w.mayWrite("ana@person.example", german).Reason, "what others say of them is not enough")
	w.clock.Advance(time.Hour)
	w.happened("ana@person.example", "confirmed")
	require.True(t, w.mayWrite("ana@person.example", german).Allowed)
}

// Whether it may be seen what somebody opens is a question of its own.
func TestTrackingWantsConsentOfItsOwn(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "confirmed")
	ask := map[string]any{"country": "FR", "tracking": true}
	got := w.mayWrite("ana@person.example", ask)
	require.True(t, got.Allowed)
	require.Equal(t, []any{false, "no_consent"}, []any{got.Tracking.Allowed, got.Tracking.Reason})
	w.happened("ana@person.example", "given", func(e map[string]any) { e["purpose"] = "tracking" })
	require.True(t, w.mayWrite("ana@person.example", ask).Tracking.Allowed)
}

// A list is asked about as a whole and answers in its own order, as each would alone.
func TestAListIsAnsweredAsEachAlone(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.suppressed(storage.Person{Email: "gone@person.example"})
	w.happened("ana@person.example", "confirmed", func(e map[string]any) { e["country"] = "DE" })
	w.happened("ben@person.example", "given", func(e map[string]any) { e["country"] = "FR" })
	addresses := []string{"ana@person.example", "stranger@person.example", "gone@person.example", "ben@person.example", "ANA@person.example"}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/check/batch", map[string]any{"addresses": addresses, "purpose": "news", "tracking": true})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	all := into[struct {
		Answers []struct {
			Allowed     bool
			Reason, Law string
			Tracking    *bool
		}
		Allowed int
	}](t, got)
	require.Len(t, all.Answers, len(addresses))
	for i, a := range addresses {
		alone := w.mayWrite(a, map[string]any{"tracking": true})
		require.Equal(t, []any{alone.Allowed, alone.Reason, alone.Law}, []any{all.Answers[i].Allowed, all.Answers[i].Reason, all.Answers[i].Law}, a)
		require.Equal(t, alone.Tracking.Allowed, *all.Answers[i].Tracking, a)
	}
	require.Equal(t, 2, all.Allowed)
	bad := w.call(api.Agent, http.MethodPost, "/v1/consent/check/batch", map[string]any{"addresses": []string{"ana@person.example", "nobody"}, "purpose": "news"})
	require.Equal(t, http.StatusUnprocessableEntity, bad.Status)
	require.Contains(t, string(bad.Body), "body.addresses[1]")
	require.NotContains(t, string(bad.Body), "nobody")
	for _, purpose := range []string{"*", "none", "not a key"} {
		unknown := w.call(api.Agent, http.MethodPost, "/v1/consent/check/batch", map[string]any{"addresses": addresses, "purpose": purpose})
		require.Equal(t, http.StatusConflict, unknown.Status, "%s: %s", purpose, unknown.Body)
	}
}

// The whole ledger of an address can be read, as it stands and as it stood: what came to be known later can be left out.
func TestWhatStoodAtAMoment(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	text := w.call(api.DPO, http.MethodPost, "/v1/consent/purposes/news/texts", map[string]any{"language": "en", "title": "News", "body": "Write to me."}, "Idempotency-Key", "text")
	require.Equal(t, http.StatusCreated, text.Status, "%s", text.Body)
	w.happened("ana@person.example", "given", on("2026-03-01"), func(e map[string]any) {
		e["text"] = map[string]any{"language": "en", "version": 1}
		e["evidence"] = map[string]any{"ip": "192.0.2.7", "url": "https://shop.example/newsletter", "fields": map[string]any{"form": "footer"}}
		e["source"], e["zone"] = "shop footer", "America/Toronto"
	})
	w.clock.Advance(48 * time.Hour)
	w.happened("ana@person.example", "withdrawn", on("2026-04-01"))
	type person struct {
		Consents []struct{ Purpose, Channel, State string }
		Events   []struct {
			Kind, Zone, Source, How string
			Text                    *struct{ Body string }
			Evidence                map[string]any
		}
	}
	read := func(more map[string]any) person {
		body := map[string]any{"address": "ana@person.example"}
		for k, v := range more {
			body[k] = v
		}
		got := w.call(api.Agent, http.MethodPost, "/v1/consent/person", body)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		return into[person](t, got)
	}
	now := read(nil)
	require.Equal(t, "withdrawn", now.Consents[0].State)
	require.Equal(t, "withdrawn", now.Events[0].Kind, "newest first")
	first := now.Events[1]
	require.Equal(t, []any{"given", "America/Toronto", "shop footer", "Write to me."}, []any{first.Kind, first.Zone, first.Source, first.Text.Body})
	require.Equal(t, map[string]any{"url": "https://shop.example/newsletter", "fields": map[string]any{"form": "footer"}}, first.Evidence, "the network address only where the tenant keeps it")
	require.Equal(t, "given", read(map[string]any{"at": "2026-03-15T00:00:00Z"}).Consents[0].State)
	require.Equal(t, "none", read(map[string]any{"at": "2026-02-15T00:00:00Z"}).Consents[0].State)
	require.Equal(t, "given", read(map[string]any{"at": "2026-05-01T00:00:00Z", "known": "2026-05-21T00:00:00Z"}).Consents[0].State, "the withdrawal came to be known later")
	require.Equal(t, http.StatusNotFound, w.call(api.Agent, http.MethodPost, "/v1/consent/person", map[string]any{"address": "nobody@person.example"}).Status)
}

// What can't be true is refused with its field, and then nothing of the whole is written.
func TestWhatTheLedgerRefuses(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	good := map[string]any{"address": "good@person.example", "purpose": "news", "kind": "given"}
	for name, c := range map[string]struct {
		event map[string]any
		where string
	}{
		"no such purpose":        {map[string]any{"purpose": "fun"}, "body.events[1].purpose"},
		"everything, given":      {map[string]any{"purpose": "*"}, "body.events[1].purpose"},
		"no relation":            {map[string]any{"kind": "refreshed"}, "body.events[1].relation"},
		"a relation nobody has":  {map[string]any{"kind": "refreshed", "relation": "smiled"}, "body.events[1].relation"},
		"a relation of consent":  {map[string]any{"relation": "purchase"}, "body.events[1].relation"},
		"tomorrow":               {map[string]any{"at": "2026-05-21T09:00:00Z"}, "body.events[1].at"},
		"long ago":               {map[string]any{"at": "1903-05-21T09:00:00Z"}, "body.events[1].at"},
		"no zone":                {map[string]any{"zone": "Mars/Base"}, "body.events[1].zone"},
		"no such text":           {map[string]any{"text": map[string]any{"language": "en", "version": 3}}, "body.events[1].text"},
		"no address":             {map[string]any{"address": "nobody"}, "body.events[1].address"},
		"no number":              {map[string]any{"address": "ana@person.example", "channel": "sms"}, "body.events[1].address"},
		"an expiry":              {map[string]any{"kind": "expired"}, "body.events[1].kind"},
		"a request":              {map[string]any{"kind": "requested"}, "body.events[1].kind"},
		"refusable alone":        {map[string]any{"refusable": true}, "body.events[1].refusable"},
		"no solicitation, given": {map[string]any{"no_solicitation": true}, "body.events[1].no_solicitation"},
	} {
		bad := map[string]any{"address": "bad@person.example", "purpose": "news", "kind": "given"}
		for k, v := range c.event {
			bad[k] = v
		}
		got := w.call(api.Agent, http.MethodPost, "/v1/consent/events", map[string]any{"events": []any{good, bad}}, "Idempotency-Key", name)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", name, got.Body)
		require.Contains(t, string(got.Body), c.where, name)
	}
	require.Equal(t, "no_consent", w.mayWrite("good@person.example", map[string]any{"country": "CA"}).Reason)
}

// A purpose that is retired is asked about no more, and keeps what was recorded; whoever withdraws from everything also withdraws from what comes after.
func TestPurposesAndEverything(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "confirmed")
	w.clock.Advance(time.Minute)
	w.happened("ana@person.example", "withdrawn", func(e map[string]any) { e["purpose"] = "*" })
	w.putPurpose("offers", map[string]any{})
	american := map[string]any{"country": "US", "purpose": "offers"}
	require.Equal(t, "withdrawn", w.mayWrite("ana@person.example", american).Reason)
	w.putPurpose("offers", map[string]any{"retired": true})
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/check", map[string]any{"address": "ana@person.example", "purpose": "offers"})
	require.Equal(t, http.StatusConflict, got.Status, "%s", got.Body)
	require.Contains(t, string(got.Body), "purpose_retired")
	changed := w.call(api.DPO, http.MethodPut, "/v1/consent/purposes/news", map[string]any{"tracking": true})
	require.Contains(t, string(changed.Body), "purpose_tracking")
	second := w.call(api.DPO, http.MethodPut, "/v1/consent/purposes/pixels", map[string]any{"tracking": true})
	require.Contains(t, string(second.Body), "purpose_tracking")
}

// Was it allowed on 3 May? By what was known then, and what stood against it then.
func TestWasItAllowedOnADay(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "given", on("2026-04-01"))
	w.clock.Advance(24 * time.Hour)
	w.suppressed(storage.Person{Email: "ana@person.example"})
	w.clock.Advance(24 * time.Hour)
	w.happened("ana@person.example", "withdrawn")
	asOf := func(moment string) verdict {
		return w.mayWrite("ana@person.example", map[string]any{"country": "CA", "as_of": moment})
	}
	require.Equal(t, "no_consent", asOf("2026-05-03T00:00:00Z").Reason, "nobody knew of it before it was recorded")
	require.Equal(t, "express", asOf("2026-05-20T10:00:00Z").Reason)
	require.Equal(t, "barred", asOf("2026-05-21T12:00:00Z").Reason)
	future := w.call(api.Agent, http.MethodPost, "/v1/consent/check", map[string]any{"address": "ana@person.example", "purpose": "news", "as_of": "2026-06-01T00:00:00Z"})
	require.Equal(t, http.StatusUnprocessableEntity, future.Status)
	require.Contains(t, string(future.Body), "body.as_of")
}

// What is on record can be handed to others: a record of each purpose with its whole history, and what a receipt would need.
func TestConsentsAsDocumentsForOthers(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	text := w.call(api.DPO, http.MethodPost, "/v1/consent/purposes/news/texts", map[string]any{"language": "en", "title": "News", "body": "Write to me."}, "Idempotency-Key", "text")
	require.Equal(t, http.StatusCreated, text.Status, "%s", text.Body)
	w.happened("ana@person.example", "given", on("2026-03-01"), func(e map[string]any) {
		e["text"], e["country"] = map[string]any{"language": "en", "version": 1}, "CA"
	})
	w.happened("ana@person.example", "withdrawn", on("2026-04-01"), func(e map[string]any) { e["purpose"] = "*" })
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/person/records", map[string]any{"address": "ana@person.example"})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	all := into[struct {
		Records []struct{ Purpose, Missing, Document string }
	}](t, answer{Body: []byte(strings.ReplaceAll(string(got.Body), "\"document\":{", "\"document_\":{"))})
	require.Len(t, all.Records, 1)
	require.Empty(t, all.Records[0].Missing)
	for _, word := range []string{"https://w3id.org/dpv/schema/dpv-27560#record", "dpv:ConsentGiven", "dpv:ConsentWithdrawn", "Write to me."} {
		require.Contains(t, string(got.Body), word)
	}
	require.NotContains(t, string(got.Body), "ana@")
	receipt := w.call(api.Agent, http.MethodPost, "/v1/consent/person/records", map[string]any{"address": "ana@person.example", "form": "kantara"})
	require.Contains(t, string(receipt.Body), "a receipt is of a consent that stands")
	require.Equal(t, http.StatusNotFound, w.call(api.Agent, http.MethodPost, "/v1/consent/person/records", map[string]any{"address": "nobody@person.example"}).Status)

	for i, title := range []string{"Neuigkeiten von gestern", "Neuigkeiten von heute"} {
		words := map[string]any{"language": "de", "title": title, "body": "Schreibt mir."}
		require.Equal(t, http.StatusCreated, w.call(api.DPO, http.MethodPost, "/v1/consent/purposes/news/texts", words, "Idempotency-Key", strconv.Itoa(i)).Status)
	}
	w.happened("max@person.example", "given", func(e map[string]any) { e["language"] = "de" })
	german := w.call(api.Agent, http.MethodPost, "/v1/consent/person/records", map[string]any{"address": "max@person.example"})
	require.Contains(t, string(german.Body), "Neuigkeiten von heute", "the newest words in the person's language")
	require.NotContains(t, string(german.Body), "Neuigkeiten von gestern")
}

// What ends is foretold by week, for whoever plans to ask before: express consent and what has no end are not in it.
func TestWhatEndsIsForetold(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	canada := func(e map[string]any) { e["country"] = "CA" }
	w.happened("a@person.example", "refreshed", about("inquiry"), on("2025-11-25"), canada) // the last day is 25 May
	w.happened("b@person.example", "refreshed", about("inquiry"), on("2025-11-26"), canada)
	w.happened("c@person.example", "refreshed", about("inquiry"), on("2025-12-01"), canada) // 1 June
	w.happened("d@person.example", "given", on("2025-11-25"), canada)
	w.happened("e@person.example", "began", about("membership"), on("2025-11-25"), canada)
	w.happened("f@person.example", "refreshed", about("purchase"), on("2025-11-25"), canada) // in two years
	w.happened("g@person.example", "refreshed", about("inquiry"), on("2025-11-25"), func(e map[string]any) { e["country"] = "DE" })
	got := into[struct {
		Weeks []struct {
			From     string
			Total    int64
			Purposes []struct {
				Purpose string
				Count   int64
			}
		}
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/consent/forecast?weeks=3", nil))
	require.Len(t, got.Weeks, 3)
	require.Equal(t, []any{"2026-05-20", int64(2), "news", int64(2)}, []any{got.Weeks[0].From, got.Weeks[0].Total, got.Weeks[0].Purposes[0].Purpose, got.Weeks[0].Purposes[0].Count})
	require.Equal(t, []any{"2026-05-27", int64(1)}, []any{got.Weeks[1].From, got.Weeks[1].Total})
	require.Equal(t, []any{"2026-06-03", int64(0)}, []any{got.Weeks[2].From, got.Weeks[2].Total})
}
