package api_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

var (
	wasField    = regexp.MustCompile(`name="was" value="([^"]+)"`)
	textField   = regexp.MustCompile(`name="text" value="([^"]+)"`)
	spokenField = regexp.MustCompile(`name="was_language" value="([^"]+)"`)
	onBox       = regexp.MustCompile(`name="on" value="([^"]+)"( checked)?`)
)

// chooser is the form of choices as a page has it, with nothing changed.
func (w *world) chooser(path string) url.Values {
	w.t.Helper()
	page := w.press(path, nil)
	require.Equal(w.t, http.StatusOK, page.Status, "%s", page.Body)
	return chooserOf(w.t, page)
}

func chooserOf(t testing.TB, page answer) url.Values {
	t.Helper()
	spoken := spokenField.FindStringSubmatch(string(page.Body))
	require.NotNil(t, spoken, "%s", page.Body)
	form := url.Values{"act": {"save"}, "often": {"any"}, "pause": {"-1"}, "was_language": {spoken[1]}, "language": {spoken[1]}}
	for _, found := range wasField.FindAllStringSubmatch(string(page.Body), -1) {
		form.Add("was", found[1])
	}
	for _, found := range textField.FindAllStringSubmatch(string(page.Body), -1) {
		form.Add("text", found[1])
	}
	for _, found := range onBox.FindAllStringSubmatch(string(page.Body), -1) {
		if found[2] != "" {
			form.Add("on", found[1])
		}
	}
	return form
}

// numbers are those of purposes by their keys, as forms have them.
func (w *world) number(key string) string {
	w.t.Helper()
	all := into[struct{ Items []struct{ Key string } }](w.t, w.call(api.Admin, http.MethodGet, "/v1/consent/purposes", nil)).Items
	for i, p := range all {
		if p.Key == key {
			return fmt.Sprint(i + 1)
		}
	}
	require.Fail(w.t, "no such purpose", key)
	return ""
}

// What is chosen is kept in one go, holds in the next question, and is what the page shows then.
func TestPeopleChooseWhatTheyGet(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	_, path := w.link("ana@person.example")
	form := w.chooser(path)
	news, offers, seen := w.number("news")+"/email", w.number("offers")+"/email", w.number("seen")+"/email"
	require.Equal(t, []string{news}, form["on"])
	require.Equal(t, form["was"], form["on"])
	require.Len(t, form["text"], 3)

	form["on"] = []string{offers, seen}
	form.Set("often", "monthly")
	saved := w.press(path, form)
	require.Equal(t, http.StatusOK, saved.Status)
	require.Contains(t, string(saved.Body), "Saved. It holds from now on.")
	require.Contains(t, string(saved.Body), "Ended: The news (by e-mail)")
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
	got := w.may("ana@person.example", "offers", with("tracking", true))
	require.Equal(t, []string{"confirmed", "monthly"}, []string{got.Reason, got.Frequency}, "the link is from a message of today")
	require.True(t, got.Tracking.Allowed)
	shown := chooserOf(t, saved)
	require.ElementsMatch(t, []string{offers, seen}, shown["on"])

	events := w.ledger("ana@person.example")
	require.Len(t, events, 6, "one ended, two given and confirmed")
	for _, e := range events[:5] {
		require.Equal(t, "page", e.How)
		if e.Kind == "given" {
			require.Equal(t, "en", e.Text.Language, "the words that were shown")
		}
	}
	again := w.press(path, having(shown, "often", "monthly"))
	require.Contains(t, string(again.Body), "Everything stays as it was.")
	require.Len(t, w.ledger("ana@person.example"), 6)
}

func having(form url.Values, name, value string) url.Values {
	form.Set(name, value)
	return form
}

// While everything is paused nothing may be sent, what was agreed to stands, and it goes on by itself.
func TestPausingEverything(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	_, path := w.link("ana@person.example")
	page := w.press(path, having(w.chooser(path), "pause", "30"))
	require.Contains(t, string(page.Body), "Paused: nothing comes before 1 April 2026.")
	got := w.may("ana@person.example", "news")
	require.Equal(t, mayMessage{Reason: "paused", Paused: "2026-04-01", Frequency: "any"}, got)
	batch := w.call(api.Agent, http.MethodPost, "/v1/consent/check/batch", map[string]any{"addresses": []string{"ana@person.example", "ben@person.example"}, "purpose": "news"})
	require.Contains(t, string(batch.Body), `"paused_until":"2026-04-01"`)
	require.True(t, w.may("ana@person.example", "news", with("class", "transactional")).Allowed, "what one gets because of an order")
	require.False(t, w.may("ana@person.example", "news", with("day", "2026-03-31")).Allowed)
	require.True(t, w.may("ana@person.example", "news", with("day", "2026-04-01")).Allowed)

	w.clock.Advance(30 * 24 * time.Hour)
	require.True(t, w.may("ana@person.example", "news").Allowed)
	require.Equal(t, "paused", w.may("ana@person.example", "news", with("as_of", began.Add(24*time.Hour))).Reason, "as it was then")
	require.True(t, w.may("ana@person.example", "news", with("as_of", began.Add(30*time.Second))).Allowed, "before it was paused")
	require.NotContains(t, string(w.press(path, nil).Body), "Paused:")
	w.press(path, having(w.chooser(path), "pause", "90"))
	require.Equal(t, "paused", w.may("ana@person.example", "news").Reason)
	w.clock.Advance(time.Minute)
	w.press(path, having(w.chooser(path), "pause", "0"))
	require.True(t, w.may("ana@person.example", "news").Allowed)
	kept := into[struct {
		Preferences []struct {
			Paused string `json:"paused_until"`
			How    string
		}
	}](t, w.call(api.DPO, http.MethodPost, "/v1/consent/person", map[string]any{"address": "ana@person.example"})).Preferences
	require.Equal(t, []string{"", "2026-06-30", "2026-04-01"}, []string{kept[0].Paused, kept[1].Paused, kept[2].Paused})
	for _, days := range []string{"31", "-2", "36500", "x", ""} {
		w.press(path, having(w.chooser(path), "pause", days))
		require.True(t, w.may("ana@person.example", "news").Allowed, days)
	}
}

// An old message may lie anywhere: what is switched on by its link waits until the mailbox confirms, where a law wants that.
func TestOldLinksConfirmNothing(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	_, path := w.link("ana@person.example", with("purpose", "offers"), with("day", "2026-01-30"))
	form := w.chooser(path)
	form.Add("on", w.number("news")+"/email")
	saved := string(w.press(path, form).Body)
	require.Contains(t, saved, "One thing is missing")
	require.Equal(t, "unconfirmed", w.may("ana@person.example", "news").Reason)
	require.True(t, w.may("ana@person.example", "news", with("country", "CA")).Allowed || w.may("ana@person.example", "news", with("country", "US")).Allowed)
	w.clock.Advance(time.Minute)
	again := w.chooser(path)
	again.Add("on", w.number("news")+"/email")
	require.Contains(t, string(w.press(path, again).Body), "One thing is missing", "it is said each time")

	_, fresh := w.link("ana@person.example", with("purpose", "offers"), with("day", "2026-01-31"))
	form = w.chooser(fresh)
	require.NotContains(t, form["on"], w.number("news")+"/email", "what is not confirmed does not come")
	form.Add("on", w.number("news")+"/email")
	require.NotContains(t, string(w.press(fresh, form).Body), "One thing is missing")
	require.Equal(t, "confirmed", w.may("ana@person.example", "news").Reason)
}

// A page may be old when it is saved: what it did not change is as it stands by then.
func TestOnlyWhatWasChangedIsMeant(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news", "offers")
	unsubscribe, path := w.link("ana@person.example")
	old := w.chooser(path)
	require.Equal(t, http.StatusOK, w.oneClick(unsubscribe).Status)
	w.clock.Advance(time.Minute)
	old["on"] = []string{w.number("news") + "/email"} // only the offers were unticked
	saved := w.press(path, old)
	require.Contains(t, string(saved.Body), "Ended: The offers (by e-mail)")
	require.NotContains(t, string(saved.Body), "You have agreed")
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
}

// The page speaks the language that the person chose, shows the words in it, and takes nothing that it did not offer.
func TestChoicesAreThoseOfThePage(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	unsubscribe, path := w.link("ana@person.example")
	form := w.chooser(path)
	form.Set("language", "de")
	saved := string(w.press(path, form).Body)
	require.Contains(t, saved, `<html lang="de">`)
	require.Contains(t, saved, "Das news")
	require.Contains(t, string(w.visit(unsubscribe, nil, "Accept-Language", "fr").Body), "Das news (per E-Mail)", "theirs comes before the browser's")
	require.Contains(t, string(w.visit(unsubscribe+"?lang=es", nil).Body), `<html lang="es">`)

	form = w.chooser(path)
	form["on"] = append(form["on"], "0/email", "99/email", w.number("news")+"/sms", w.number("offers")+"/phone", "x", "-1/email", "99999999999/email")
	form.Set("often", "hourly")
	form.Set("language", "xx")
	form["text"] = []string{w.number("news") + "/0197a0d8-0000-7000-8000-000000000001", "x/y"}
	require.Contains(t, string(w.press(path, form).Body), "Everything stays as it was.")
	require.Len(t, w.ledger("ana@person.example"), 1)

	retired := w.call(api.Admin, http.MethodPut, "/v1/consent/purposes/offers", map[string]any{"retired": true})
	require.Equal(t, http.StatusOK, retired.Status)
	w.clock.Advance(11 * time.Second)
	require.NotContains(t, string(w.press(path, nil).Body), "The offers")
}

// A telephone has its own channels, and its own link.
func TestChoicesOfATelephone(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	_, path := w.link("+4930123456", with("channel", "sms"))
	form := w.chooser(path)
	news := w.number("news")
	require.Equal(t, []string{news + "/sms"}, form["on"], "that one came by text message")
	form["on"] = []string{news + "/phone"}
	saved := string(w.press(path, form).Body)
	require.Contains(t, saved, "You have agreed to: The news (by telephone).")
	require.Contains(t, saved, "Ended: The news (by text message).")
	require.True(t, w.may("+4930123456", "news", with("channel", "phone")).Allowed)
	require.Equal(t, "withdrawn", w.may("+4930123456", "news", with("channel", "sms")).Reason)
	done := w.press(path, url.Values{"act": {"all"}})
	require.Contains(t, string(done.Body), "Ended: all messages")
	require.Equal(t, "withdrawn", w.may("+4930123456", "news", with("channel", "phone")).Reason)
	require.Equal(t, "withdrawn", w.may("+4930123456", "offers", with("channel", "sms")).Reason)
}

// Who saves all day is asked to wait; whoever wants to end something never is.
func TestChoosingIsLimitedAndEndingIsNot(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	w.agrees("ana@person.example", "news")
	unsubscribe, path := w.link("ana@person.example")
	form := w.chooser(path)
	for range 20 {
		require.Equal(t, http.StatusOK, w.press(path, form).Status)
	}
	got := w.press(path, form)
	require.Equal(t, http.StatusTooManyRequests, got.Status)
	require.NotEmpty(t, got.Header.Get("Retry-After"))
	for range 30 {
		require.Equal(t, http.StatusOK, w.press(unsubscribe, url.Values{"act": {"this"}}).Status)
	}
	require.Equal(t, http.StatusOK, w.press(path, url.Values{"act": {"all"}}).Status)
	require.Equal(t, http.StatusBadRequest, w.press(path, url.Values{"on": {"1/email"}}).Status, "nothing was pressed")
	require.Equal(t, http.StatusRequestEntityTooLarge, w.press(path, url.Values{"act": {"save"}, "on": {strings.Repeat("x", 200<<10)}}).Status)
}
