package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/notify"
)

// signUpPeople is consentPeople with forms that ask for news and offers.
func signUpPeople(t testing.TB, rules map[string]any) *world {
	t.Helper()
	w := consentPeople(t)
	if rules["purposes"] == nil {
		rules["purposes"] = []string{"news", "offers"}
	}
	w.settle(func(settings map[string]any) { settings["consents"] = map[string]any{"sign_ups": rules} }, http.StatusOK)
	return w
}

// settle changes the settings of the tenant.
func (w *world) settle(change func(map[string]any), status int) answer {
	w.t.Helper()
	tenant := into[map[string]any](w.t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	change(tenant["settings"].(map[string]any))
	delete(tenant, "id")
	delete(tenant, "slug")
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(w.t, status, got.Status, "%s", got.Body)
	w.clock.Advance(11 * time.Second)
	return got
}

var hiddenText = regexp.MustCompile(`name="text" value="([^"]+)"`)

// signUpForm is the form as the page has it, filled in.
func (w *world) signUpForm(email string, purposes ...string) url.Values {
	w.t.Helper()
	page := w.visit("/acme/sign-up?lang=en", nil)
	require.Equal(w.t, http.StatusOK, page.Status, "%s", page.Body)
	form := url.Values{"email": {email}, "purpose": purposes}
	for _, found := range hiddenText.FindAllStringSubmatch(string(page.Body), -1) {
		form.Add("text", found[1])
	}
	return form
}

// mailboxes does what the workflow of sign-ups does, and gives the letters that went out, newest last.
func (w *world) mailboxes() (letters []notify.Message) {
	w.t.Helper()
	looked, err := w.config.Desk.LookAtSignUps(w.t.Context(), w.tenant)
	require.NoError(w.t, err)
	require.NoError(w.t, looked.PutOff)
	mail, err := w.config.Desk.ClaimMail(w.t.Context(), w.tenant, 100)
	require.NoError(w.t, err)
	for _, m := range mail {
		var letter notify.Message
		require.NoError(w.t, json.Unmarshal(m.Content, &letter))
		letters = append(letters, letter)
		require.NoError(w.t, w.config.Desk.MailTaken(w.t.Context(), w.tenant, m))
	}
	return letters
}

var confirmAddress = regexp.MustCompile(`/c/[A-Za-z0-9_-]+`)

// asked is the path of the link in the letter that was just written.
func (w *world) asked() string {
	w.t.Helper()
	letters := w.mailboxes()
	require.Len(w.t, letters, 1)
	path := confirmAddress.FindString(letters[0].Rendered.Text)
	require.NotEmpty(w.t, path)
	return path
}

// From the form to the confirmation; whatever a program opens changes nothing.
func TestSigningUp(t *testing.T) {
	t.Parallel()
	w := signUpPeople(t, map[string]any{})
	form := w.signUpForm("ana@person.example", "news")
	page := w.visit("/acme/sign-up?lang=en", nil)
	require.Contains(t, string(page.Body), "Yes, I want news (en).")
	require.NotContains(t, string(page.Body), " checked", "nothing is ticked beforehand (C-673/17 Planet49)")
	sent := w.visit("/acme/sign-up?lang=en", form, "Sec-Fetch-Site", "cross-site", "Origin", "https://shop.example", "Referer", "https://shop.example/footer?email=ana")
	require.Equal(t, http.StatusOK, sent.Status, "%s", sent.Body)
	require.Contains(t, string(sent.Body), "Look into your mailbox")

	path := w.asked()
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		require.Equal(t, http.StatusOK, w.call("", method, path+"?act=confirm", nil).Status)
	}
	require.Equal(t, "unconfirmed", w.may("ana@person.example", "news").Reason)
	shown := string(w.visit(path, nil).Body)
	require.Contains(t, shown, "Yes, I want news (en).")
	require.Contains(t, shown, "It can be confirmed until 9 March 2026")
	require.Contains(t, string(w.press(path, url.Values{}).Body), "Was it you?", "a press without a word is none")
	done := w.press(path, url.Values{"act": {"confirm"}})
	require.Equal(t, http.StatusOK, done.Status)
	require.Contains(t, string(done.Body), "You agreed to this on 2 March 2026")
	require.Equal(t, "confirmed", w.may("ana@person.example", "news").Reason)
	require.Contains(t, string(w.press(path, url.Values{"act": {"deny"}}).Body), "It is confirmed", "what is confirmed is ended by the links for that")
	welcome := w.mailboxes()
	require.Len(t, welcome, 1)
	require.Contains(t, welcome[0].Rendered.Text, "The news")

	events := w.ledger("ana@person.example")
	require.Equal(t, []string{"confirmed", "requested"}, []string{events[0].Kind, events[1].Kind})
	person := into[struct {
		Events []struct{ Evidence struct{ URL string } }
		Ups    []struct {
			State            string
			Purposes         []string
			Letters, Repeats int
		} `json:"sign_ups"`
	}](t, w.call(api.DPO, http.MethodPost, "/v1/consent/person", map[string]any{"address": "ana@person.example"}))
	require.Equal(t, "https://shop.example/footer", person.Events[1].Evidence.URL, "what stands behind the question mark may be about the person")
	require.Equal(t, "confirmed", person.Ups[0].State)
	require.Equal(t, []string{"news"}, person.Ups[0].Purposes)
	require.Equal(t, 2, person.Ups[0].Letters)

	unsubscribe := regexp.MustCompile(`/u/[A-Za-z0-9_-]+`).FindString(welcome[0].Rendered.Text)
	require.Equal(t, http.StatusOK, w.oneClick(unsubscribe).Status)
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason)
	require.Contains(t, string(w.press(path, url.Values{"act": {"confirm"}}).Body), "It is confirmed")
	require.Equal(t, "withdrawn", w.may("ana@person.example", "news").Reason, "a link that was used confirms no second time")
}

// Whoever sends the form can't tell by the answer whether an address is on a list, was asked, or wants nothing.
func TestTheFormTellsNothing(t *testing.T) {
	t.Parallel()
	w := signUpPeople(t, map[string]any{})
	w.agrees("known@person.example", "news")
	require.Equal(t, http.StatusOK, w.visit("/acme/sign-up", w.signUpForm("denied@person.example", "news")).Status)
	w.press(w.asked(), url.Values{"act": {"deny"}})
	require.Equal(t, http.StatusOK, w.visit("/acme/sign-up", w.signUpForm("asked@person.example", "news")).Status)
	w.asked()
	var answers []string
	for _, who := range []string{"known", "denied", "asked", "nobody"} {
		got := w.visit("/acme/sign-up", w.signUpForm(who+"@person.example", "news"))
		for _, name := range []string{"X-Correlation-Id", "Date", "Traceparent"} {
			got.Header.Del(name)
		}
		answers = append(answers, fmt.Sprint(got.Status, got.Header, string(got.Body)))
	}
	require.Equal(t, answers[0], answers[1])
	require.Equal(t, answers[0], answers[2])
	require.Equal(t, answers[0], answers[3])
	letters := w.mailboxes()
	require.Len(t, letters, 2, "one is asked, and one reads that they get it already")
}

// What is wrong with a form comes back with what was typed.
func TestFaultsOfSigningUp(t *testing.T) {
	t.Parallel()
	w := signUpPeople(t, map[string]any{})
	for name, c := range map[string]struct {
		change func(url.Values)
		says   string
	}{
		"no address":            {func(f url.Values) { f.Set("email", "ana") }, "Enter an e-mail address"},
		"nothing chosen":        {func(f url.Values) { f.Del("purpose") }, "Choose at least one."},
		"what no form asks for": {func(f url.Values) { f.Set("purpose", "seen") }, "Choose at least one."},
		"words that nobody saw": {func(f url.Values) { f.Del("text") }, "This form is out of date"},
		"words of another":      {func(f url.Values) { f["text"] = f["text"][1:] }, "This form is out of date"},
		"a program":             {func(f url.Values) { f.Set("website", "x") }, "Something filled in a field"},
		"a country that is not": {func(f url.Values) { f.Set("country", "Germany") }, "Something in this form"},
		"far too long":          {func(f url.Values) { f.Set("email", strings.Repeat("a", 300)+"@b.example") }, "Enter an e-mail address"},
	} {
		form := w.signUpForm("typed@person.example", "news")
		c.change(form)
		got := w.visit("/acme/sign-up?lang=en", form)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), c.says, name)
		if form.Get("email") == "typed@person.example" {
			require.Contains(t, string(got.Body), `value="typed@person.example"`, name)
		}
		w.clock.Advance(time.Minute)
	}
	require.Empty(t, w.mailboxes())
	require.Equal(t, http.StatusNotFound, w.visit("/acme/sign-up?purpose=seen", nil).Status, "what forms may not ask for")
	one := string(w.visit("/acme/sign-up?purpose=offers&lang=de&country=DE&source=footer", nil).Body)
	require.Contains(t, one, `<input type="hidden" name="purpose" value="offers">`)
	require.Contains(t, one, "Das offers")
	require.Contains(t, one, `name="country" value="DE"`)
	require.Contains(t, one, `lang=fr&amp;country=DE&amp;purpose=offers&amp;source=footer`, "another language is the same form")
	closed := consentPeople(t)
	require.Equal(t, http.StatusNotFound, closed.visit("/acme/sign-up", nil).Status)
	require.Equal(t, http.StatusNotFound, closed.visit("/acme/sign-up", url.Values{"email": {"a@b.example"}}).Status)
}

// A script may send the same, from the sites that the tenant names.
func TestSigningUpByAScript(t *testing.T) {
	t.Parallel()
	w := signUpPeople(t, map[string]any{"origins": []string{"https://www.acme.example"}})
	texts := w.signUpForm("x@y.example")["text"]
	body := map[string]any{"address": "ana@person.example", "purposes": []string{"news"}, "texts": texts, "language": "de", "source": "footer"}
	from := func(origin string, sends any) answer {
		return w.call("", http.MethodPost, "/acme/sign-up", sends, "Origin", origin, "Sec-Fetch-Site", "cross-site", "Content-Type", "application/json")
	}
	asks := w.call("", http.MethodOptions, "/acme/sign-up", nil, "Origin", "https://www.acme.example", "Access-Control-Request-Method", "POST")
	require.Equal(t, http.StatusNoContent, asks.Status)
	require.Equal(t, "https://www.acme.example", asks.Header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, http.StatusForbidden, w.call("", http.MethodOptions, "/acme/sign-up", nil, "Origin", "https://evil.example").Status)
	require.Equal(t, http.StatusForbidden, from("https://evil.example", body).Status)
	got := from("https://www.acme.example", body)
	require.Equal(t, http.StatusAccepted, got.Status, "%s", got.Body)
	require.Equal(t, "https://www.acme.example", got.Header.Get("Access-Control-Allow-Origin"))
	require.JSONEq(t, `{"next":"look_into_mailbox"}`, string(got.Body))
	letters := w.mailboxes()
	require.Len(t, letters, 1)
	require.Contains(t, letters[0].Rendered.Subject, "Bitte bestätigen")
	for name, sends := range map[string]any{
		"no address": map[string]any{"address": "ana", "purposes": []string{"news"}, "texts": texts}, "no purpose": map[string]any{"address": "a@b.example", "texts": texts},
		"no words": map[string]any{"address": "a@b.example", "purposes": []string{"news"}},
	} {
		got := from("https://www.acme.example", sends)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.NotEmpty(t, into[struct{ Field, Problem string }](t, got).Problem, name)
	}
	require.Equal(t, http.StatusBadRequest, from("https://www.acme.example", map[string]any{"mail": "a@b.example"}).Status)
	require.Equal(t, http.StatusBadRequest, from("https://www.acme.example", []byte("{")).Status)
	require.Equal(t, http.StatusBadRequest, from("https://www.acme.example", map[string]any{"address": strings.Repeat("a", 20_000)}).Status)
}

// A tenant's own page may come after the form; it is the same for everybody.
func TestTheTenantsOwnThanks(t *testing.T) {
	t.Parallel()
	var came []string
	own := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { came = append(came, r.Method+" "+r.URL.String()) }))
	defer own.Close()
	w := signUpPeople(t, map[string]any{"thanks": own.URL + "/thanks"})
	form := w.signUpForm("ana@person.example", "news")
	page := w.visit("/acme/sign-up", nil)
	require.Contains(t, page.Header.Get("Content-Security-Policy"), "form-action 'self' "+own.URL+";", "browsers hold where a form leads on to the same policy")
	require.Equal(t, http.StatusOK, w.visit("/acme/sign-up", form).Status)
	require.Equal(t, []string{"GET /thanks"}, came)
}

// A server of the tenant's hands on what its own page took.
func TestSigningUpByTheAPI(t *testing.T) {
	t.Parallel()
	w := signUpPeople(t, map[string]any{})
	texts := w.signUpForm("x@y.example")["text"]
	body := map[string]any{"address": "ana@person.example", "purposes": []string{"news"}, "texts": texts, "country": "DE", "evidence": map[string]any{"ip": "192.0.2.1", "url": "https://www.acme.example"}}
	got := w.call(api.Agent, http.MethodPost, "/v1/consent/sign-ups", body, "Idempotency-Key", "one")
	require.Equal(t, http.StatusAccepted, got.Status, "%s", got.Body)
	again := w.call(api.Agent, http.MethodPost, "/v1/consent/sign-ups", body, "Idempotency-Key", "one")
	require.JSONEq(t, string(got.Body), string(again.Body))
	id := into[struct{ ID, State string }](t, got)
	require.Equal(t, "entered", id.State)
	path := w.asked()
	stands := func() string {
		return into[struct{ State string }](t, w.call(api.Agent, http.MethodGet, "/v1/consent/sign-ups/"+id.ID, nil)).State
	}
	require.Equal(t, "asked", stands())
	w.press(path, url.Values{"act": {"confirm"}})
	require.Equal(t, "confirmed", stands())
	for name, change := range map[string]map[string]any{
		"purposes": {"purposes": []string{"seen"}}, "texts": {"texts": []string{"0197a0d8-0000-7000-8000-000000000001"}}, "address": {"address": "ana"},
	} {
		sends := map[string]any{"address": "ana@person.example", "purposes": []string{"news"}, "texts": texts}
		for key, value := range change {
			sends[key] = value
		}
		got := w.call(api.Agent, http.MethodPost, "/v1/consent/sign-ups", sends, "Idempotency-Key", name)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", name, got.Body)
		require.Contains(t, string(got.Body), "body."+name)
	}
	form := into[struct{ HTML, Page, Post string }](t, w.call(api.Agent, http.MethodGet, "/v1/consent/sign-up-form?purpose=news&language=de", nil))
	require.Contains(t, form.HTML, "Yes, I want news (de).")
	require.Contains(t, form.HTML, `<label>Ihre E-Mail-Adresse <input type="email" name="email" autocomplete="email" maxlength="254" required>`)
	require.Contains(t, form.HTML, `<button type="submit">Eintragen</button>`)
	elsewhere := into[struct{ HTML string }](t, w.call(api.Agent, http.MethodGet, "/v1/consent/sign-up-form?language=fr-CA", nil))
	require.Contains(t, elsewhere.HTML, "Votre adresse e-mail", "the nearest language that there are words in")
	require.Contains(t, elsewhere.HTML, `<input type="checkbox" name="purpose" value="offers">`)
	require.Contains(t, form.HTML, `action="`+public+`/acme/sign-up?lang=de&amp;purpose=news"`)
	require.Equal(t, http.StatusNotFound, w.call(api.Agent, http.MethodGet, "/v1/consent/sign-up-form?purpose=seen", nil).Status)
}

// The letter that asks advertises nothing, by the rules that Docket holds every message to.
func TestTheLetterThatAsksIsFreeOfAdvertising(t *testing.T) {
	t.Parallel()
	w := signUpPeople(t, map[string]any{})
	require.Equal(t, http.StatusOK, w.visit("/acme/sign-up", w.signUpForm("ana@person.example", "news")).Status)
	letters := w.mailboxes()
	require.Len(t, letters, 1)
	text := letters[0].Rendered.Text
	require.Equal(t, 1, strings.Count(text, public), "one link, and it is the one to confirm by")
	require.NotContains(t, letters[0].Rendered.HTML, "<img")
}

// Settings that could not work are refused with the field.
func TestSettingsOfSignUps(t *testing.T) {
	t.Parallel()
	w := consentPeople(t)
	for field, rules := range map[string]map[string]any{
		"remind_days": {"purposes": []string{"news"}, "expire_days": 3, "remind_days": 3}, "thanks": {"purposes": []string{"news"}, "thanks": "http://acme.example"},
		"origins": {"purposes": []string{"news"}, "origins": []string{"https://acme.example/form"}},
	} {
		got := w.settle(func(settings map[string]any) { settings["consents"] = map[string]any{"sign_ups": rules} }, http.StatusUnprocessableEntity)
		require.Contains(t, string(got.Body), field)
	}
}
