package api_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/pages"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// visit opens a page as a browser without JavaScript does; form is what is sent, nil for looking.
func (w *world) visit(path string, form url.Values, headers ...string) answer {
	w.t.Helper()
	method, body := http.MethodGet, io.Reader(nil)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, body)
	require.NoError(w.t, err)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	jar, err := cookiejar.New(nil)
	require.NoError(w.t, err)
	client := &http.Client{Jar: jar}
	response, err := client.Do(request)
	require.NoError(w.t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(w.t, errors.Join(err, response.Body.Close()))
	require.Empty(w.t, response.Cookies(), "no cookies")
	return answer{Status: response.StatusCode, Header: response.Header, Body: text}
}

// form opens the form and fills it in, after the time a person takes.
func (w *world) form(change ...func(url.Values)) url.Values {
	w.t.Helper()
	return w.formAt("/acme/request", change...)
}

// formAt is form at another address of it.
func (w *world) formAt(path string, change ...func(url.Values)) url.Values {
	w.t.Helper()
	token := tokenField.FindStringSubmatch(string(w.visit(path, nil).Body))
	require.NotNil(w.t, token)
	w.clock.Advance(10 * time.Second)
	form := url.Values{"token": {token[1]}, "right": {"access"}, "email": {"ana@example.test"}, "name": {"Ana"}, "website": {""}}
	for _, f := range change {
		f(form)
	}
	return form
}

func (w *world) count() int {
	return len(into[struct{ Items []any }](w.t, w.call(api.Auditor, http.MethodGet, "/v1/requests", nil)).Items)
}

func sets(key, value string) func(url.Values) { return func(f url.Values) { f.Set(key, value) } }

// The form files a request, once however often it is sent, and says by when the answer comes.
func TestForm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	form := w.form()
	first := w.visit("/acme/request?lang=de", form)
	require.Equal(t, http.StatusOK, first.Status, "%s", first.Body)
	require.Contains(t, string(first.Body), "2. April 2026")
	again := w.visit("/acme/request?lang=de", form)
	require.Equal(t, string(first.Body), string(again.Body))
	require.Equal(t, 1, w.count())

	unknown := w.visit("/acme/request?lang=de", w.form(sets("email", "nobody@example.test")))
	reference := regexp.MustCompile(`AR-\w{4}-\w{4}`)
	require.Equal(t, reference.ReplaceAllString(string(first.Body), "X"), reference.ReplaceAllString(string(unknown.Body), "X"), "the same answer whoever asks")
}

// Every right that the form offers can be filed, and a form that is changed and sent again is no mishap of ours.
func TestFormOffersWhatItTakes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	offered := regexp.MustCompile(`name="right" value="([a-z_]+)"`).FindAllStringSubmatch(string(w.visit("/acme/request", nil).Body), -1)
	require.NotEmpty(t, offered)
	for _, right := range offered {
		require.Equal(t, http.StatusOK, w.visit("/acme/request", w.form(sets("right", right[1]), sets("ground", "unlawful"), sets("against", "direct_marketing"), sets("contest_decision", "My account was closed."))).Status, right[1])
	}
	form := w.form()
	require.Equal(t, http.StatusOK, w.visit("/acme/request", form).Status)
	form.Set("details", "something else")
	again := w.visit("/acme/request", form)
	require.Equal(t, http.StatusConflict, again.Status)
	require.Contains(t, string(again.Body), "something else")
	require.NotContains(t, string(again.Body), form.Get("token"), "a token of its own")
}

// What is wrong stands beside its field and on top, with what was entered kept; nothing is filed.
func TestFormFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	token := tokenField.FindStringSubmatch(string(w.visit("/acme/request", nil).Body))[1]
	quick := w.visit("/acme/request", url.Values{"token": {token}, "right": {"access"}, "email": {"a@example.test"}})
	require.Equal(t, http.StatusUnprocessableEntity, quick.Status)
	require.Contains(t, string(quick.Body), "very quick")
	for name, change := range map[string]func(url.Values){
		"right": sets("right", "everything"), "email": sets("email", "not an address"), "phone": sets("phone", "call me"),
		"name": sets("name", strings.Repeat("n", 300)), "token": sets("token", "AAAA"),
	} {
		got := w.visit("/acme/request", w.form(sets("details", "<b>kept</b>"), change))
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), "&lt;b&gt;kept&lt;/b&gt;", name)
		require.Contains(t, string(got.Body), `role="alert"`, name)
		if name != "token" {
			require.Contains(t, string(got.Body), `href="#`+name+`"`, name)
			require.Contains(t, string(got.Body), `class="error"`, name)
		}
	}
	trapped := w.visit("/acme/request", w.form(sets("website", "http://spam.example")))
	require.Equal(t, http.StatusUnprocessableEntity, trapped.Status, "a browser that fills in too much is told, and nothing is dropped in silence")
	stale := w.form()
	w.clock.Advance(24 * time.Hour)
	require.Contains(t, string(w.visit("/acme/request", stale).Body), "open for too long")
	require.Equal(t, 0, w.count())
	require.Equal(t, http.StatusNotFound, w.visit("/nobody/request", nil).Status)
	require.Equal(t, http.StatusForbidden, w.visit("/acme/request", w.form(), "Sec-Fetch-Site", "cross-site").Status, "no other site's form")
}

// Every page is small, strict, uncached, and in the language asked for.
func TestPagesAreStrict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	for language, words := range map[string]string{"en": "What do you want?", "de": "Was möchten Sie?", "fr": "Que souhaitez-vous", "es": "¿Qué desea?"} {
		for _, got := range []answer{w.visit("/acme/request?lang="+language, nil), w.visit("/acme/request", nil, "Accept-Language", language+",xx;q=0.5")} {
			require.Contains(t, string(got.Body), words)
			require.Less(t, len(got.Body), 50_000)
			require.NotContains(t, string(got.Body), "<script")
			require.NotContains(t, string(got.Body), "style=")
			require.Equal(t, "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'", got.Header.Get("Content-Security-Policy"))
			require.Equal(t, "no-store", got.Header.Get("Cache-Control"))
			require.Equal(t, "same-origin", got.Header.Get("Referrer-Policy"))
		}
	}
	css := w.visit("/assets/pages.css", nil)
	require.Equal(t, "text/css; charset=utf-8", css.Header.Get("Content-Type"))
	require.NotContains(t, string(css.Body), "url(")
}

// Each limit ends in a friendly page that says when to come back.
func TestPageLimits(t *testing.T) {
	t.Parallel()
	few, many := throttle.Rule{Every: time.Minute, Burst: 2}, throttle.Rule{Every: time.Millisecond, Burst: 1000}
	for name, limits := range map[string]pages.Limits{
		"look": {Look: few, Send: many, Tenant: many, Mailbox: many}, "send": {Look: many, Send: few, Tenant: many, Mailbox: many},
		"tenant": {Look: many, Send: many, Tenant: few, Mailbox: many}, "mailbox": {Look: many, Send: many, Tenant: many, Mailbox: few},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(_ *world, c *api.Config) { c.Limits.Pages = limits })
			var got answer
			for range 3 {
				if name == "look" {
					got = w.visit("/acme/request", nil)
					continue
				}
				got = w.visit("/acme/request", w.form(sets("details", "what I typed")))
			}
			require.Equal(t, http.StatusTooManyRequests, got.Status)
			require.Equal(t, name != "look", strings.Contains(string(got.Body), "what I typed"), "who typed something gets it back")
			require.NotEmpty(t, got.Header.Get("Retry-After"))
			require.Contains(t, string(got.Body), "Please wait")
		})
	}
}

// Who may not even look gets a page that costs nothing, and an agent past a limit is told to choose their document again.
func TestPastTheLimits(t *testing.T) {
	t.Parallel()
	two, one := throttle.Rule{Every: time.Hour, Burst: 2}, throttle.Rule{Every: time.Hour, Burst: 1}
	w := newWorld(t, func(_ *world, c *api.Config) {
		c.Limits.Pages = pages.Limits{Look: throttle.Rule{Every: time.Hour, Burst: 4}, Send: two, Tenant: one, Mailbox: one}
	})
	form := w.form()
	require.Equal(t, http.StatusOK, w.visit("/acme/request", form).Status)
	agent := w.asAgent("%PDF-1.7\n", sets("details", "what I typed"))
	require.Equal(t, http.StatusTooManyRequests, agent.Status, "one for the tenant")
	require.Contains(t, string(agent.Body), "what I typed")
	require.Contains(t, string(agent.Body), "choose the document again")
	agent = w.asAgent("%PDF-1.7\n", sets("details", "what I typed"))
	require.Equal(t, http.StatusTooManyRequests, agent.Status, "two forms from an address")
	require.Contains(t, string(agent.Body), "what I typed")
	require.NotContains(t, string(w.visit("/acme/request", form).Body), "Ana", "no more pages for the address")
}

// Only what is filed counts for a tenant and a mailbox: a form that is sent again, or changed and sent again, keeps nobody out.
func TestOnlyFiledRequestsCount(t *testing.T) {
	t.Parallel()
	few, many := throttle.Rule{Every: time.Hour, Burst: 2}, throttle.Rule{Every: time.Millisecond, Burst: 1000}
	for name, limits := range map[string]pages.Limits{
		"tenant": {Look: many, Send: many, Tenant: few, Mailbox: many}, "mailbox": {Look: many, Send: many, Tenant: many, Mailbox: few},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, func(_ *world, c *api.Config) { c.Limits.Pages = limits })
			form := w.form()
			for range 3 {
				require.Equal(t, http.StatusOK, w.visit("/acme/request", form).Status)
				changed := maps.Clone(form)
				changed.Set("details", "something else")
				require.Equal(t, http.StatusConflict, w.visit("/acme/request", changed).Status)
				require.Equal(t, http.StatusUnprocessableEntity, w.asAgent("no document").Status)
			}
			require.Equal(t, 1, w.count())
			require.Equal(t, http.StatusOK, w.visit("/acme/request", w.form()).Status, "the second that is filed")
			require.Equal(t, http.StatusTooManyRequests, w.visit("/acme/request", w.form()).Status)
			require.Equal(t, 2, w.count())
		})
	}
}

// letter reads a message of a request, as the person would in their mailbox.
func (w *world) letter(id, kind string) string {
	w.t.Helper()
	for _, m := range into[struct{ Items []struct{ ID, Kind string } }](w.t, w.call(api.Agent, http.MethodGet, "/v1/requests/"+id+"/messages", nil)).Items {
		if m.Kind == kind {
			got := w.call(api.Agent, http.MethodGet, "/v1/requests/"+id+"/messages/"+m.ID, nil)
			require.NotRegexp(w.t, `/(status|download)/[A-Za-z0-9_-]{20}`, string(got.Body), "staff are not shown the person's own links")
			return w.written(id, m.ID)
		}
	}
	require.FailNow(w.t, "no such letter", kind)
	return ""
}

// written opens a letter where it is sealed.
func (w *world) written(id, message string) string {
	w.t.Helper()
	var m notify.Message
	require.NoError(w.t, w.db.Read(w.t.Context(), w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		content, err := tx.MessageContent(ctx, uuid.MustParse(id), uuid.MustParse(message))
		if err != nil {
			return err
		}
		return json.Unmarshal(content, &m)
	}))
	return m.Rendered.Text
}

var (
	statusLink   = regexp.MustCompile(`http://docket\.test(/acme/status/\S+)`)
	downloadLink = regexp.MustCompile(`http://docket\.test(/acme/download/\S+)`)
	sixDigits    = regexp.MustCompile(`(?m)^\s*(\d{6})\s*$`)
)

// The person's own way: status, wrong code, right code, withdrawal or download.
func TestPersonalPages(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	filed := w.file("ana@example.test", func(b map[string]any) { b["language"] = "fr" })
	w.until(filed.ID, "verifying")
	id := filed.ID.String()
	status := statusLink.FindStringSubmatch(w.letter(id, "acknowledgement"))[1]
	seen := string(w.visit(status, nil).Body)
	require.Contains(t, seen, "Votre demande "+filed.Reference)
	require.NotContains(t, seen, "ana@")
	code := sixDigits.FindStringSubmatch(w.letter(id, "one_time_code"))[1]
	wrong := w.visit(status+"/code", url.Values{"code": {flip(code)}})
	require.Equal(t, http.StatusUnprocessableEntity, wrong.Status)
	require.Equal(t, http.StatusTooManyRequests, w.visit(status+"/resend", url.Values{}).Status, "a new code not at once")
	right := w.visit(status+"/code", url.Values{"code": {code[:3] + " " + code[3:]}})
	require.Equal(t, http.StatusOK, right.Status, "%s", right.Body)
	w.until(filed.ID, "reviewing")
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "approve", map[string]any{}).Status)
	w.until(filed.ID, "closed")

	link := downloadLink.FindStringSubmatch(w.letter(id, "package_ready"))[1]
	for range 3 {
		require.Equal(t, http.StatusOK, w.visit(link, nil).Status, "looking does nothing")
	}
	w.clock.Advance(time.Minute)
	require.Equal(t, http.StatusOK, w.visit(link+"/code", url.Values{}).Status)
	code = sixDigits.FindStringSubmatch(w.letter(id, "download_code"))[1]
	require.Equal(t, http.StatusUnprocessableEntity, w.visit(link, url.Values{"code": {flip(code)}}).Status)
	zip := w.visit(link, url.Values{"code": {code}})
	require.Equal(t, http.StatusOK, zip.Status)
	require.Equal(t, "PK", string(zip.Body[:2]))
	require.Equal(t, `attachment; filename="`+filed.Reference+`.zip"`, zip.Header.Get("Content-Disposition"))
	dead := w.visit(link, nil)
	require.Equal(t, http.StatusNotFound, dead.Status)
	require.Contains(t, string(dead.Body), "privacy@acme.test")
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id+"/packages", nil).Body), `"complete":true`)
	require.Equal(t, dead.Status, w.visit("/acme/download/made-up", nil).Status)
	require.Equal(t, dead.Status, w.visit("/other"+strings.TrimPrefix(status, "/acme"), nil).Status, "another tenant's page")
}

var passField = regexp.MustCompile(`name="pass" value="([^"]+)"`)

// open enters the newest code for the conversation and gives the pass of the page that comes.
func (w *world) open(id, status string) string {
	w.t.Helper()
	code := sixDigits.FindStringSubmatch(w.letter(id, "message_code"))[1]
	got := w.visit(status+"/messages", url.Values{"code": {code}})
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return passField.FindStringSubmatch(string(got.Body))[1]
}

// flip gives a code that is not the one.
func flip(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

// A person takes a request back, after being asked, and answers a question.
func TestPersonAnswersAndWithdraws(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	filed := w.file("ana@example.test")
	w.until(filed.ID, "verifying")
	id := filed.ID.String()
	status := statusLink.FindStringSubmatch(w.letter(id, "acknowledgement"))[1]
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "confirm-identity", map[string]any{"note": "called back on the number we know"}).Status)
	w.until(filed.ID, "reviewing")
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "ask-clarification", map[string]any{"question": "which account?"}).Status)
	require.Contains(t, string(w.visit(status, nil).Body), status+"/messages", "the question is answered where it is read")
	require.Equal(t, http.StatusOK, w.visit(status+"/messages/code", url.Values{}).Status)
	pass := w.open(id, status)
	require.Equal(t, http.StatusUnprocessableEntity, w.visit(status+"/messages/reply", url.Values{"pass": {pass}, "text": {" "}}).Status)
	got := w.visit(status+"/messages/reply", url.Values{"pass": {pass}, "text": {"the blue one"}})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Contains(t, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+id+"/conversation", nil).Body), "the blue one")
	w.until(filed.ID, "reviewing")

	require.Equal(t, http.StatusOK, w.visit(status+"/withdraw", nil).Status)
	require.Equal(t, "reviewing", w.stateOf(filed.ID), "asking ends nothing")
	require.Equal(t, http.StatusOK, w.visit(status+"/withdraw", url.Values{}).Status)
	require.Equal(t, "closed", w.stateOf(filed.ID))
	require.Contains(t, string(w.visit(status, nil).Body), "took this request back")
}

// A page that one goes back to sends another message when it has other words, and the same one once. What is too long is kept in
// the page, and said to be too long.
func TestMessagesFromOnePage(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	filed := w.file("ana@example.test")
	w.until(filed.ID, "verifying")
	id := filed.ID.String()
	status := statusLink.FindStringSubmatch(w.letter(id, "acknowledgement"))[1]
	require.Equal(t, http.StatusOK, w.visit(status+"/messages/code", url.Values{}).Status)
	pass := w.open(id, status)
	reply := func(text string) answer {
		return w.visit(status+"/messages/reply", url.Values{"pass": {pass}, "text": {text}})
	}
	for _, text := range []string{"the first", "the second", "the first", "the second"} {
		require.Equal(t, http.StatusOK, reply(text).Status)
	}
	said := string(reply("the third").Body)
	for _, text := range []string{"the first", "the second", "the third"} {
		require.Equal(t, 1, strings.Count(said, text), text)
	}
	for _, length := range []int{20_000, 200_000} {
		long := reply("what I wrote " + strings.Repeat("z", length))
		require.Contains(t, []int{http.StatusUnprocessableEntity, http.StatusRequestEntityTooLarge}, long.Status)
		require.Contains(t, string(long.Body), "too long")
		require.Contains(t, string(long.Body), "what I wrote")
		require.Contains(t, string(long.Body), `href="#text"`)
	}
	broken := w.send("", http.MethodPost, status+"/messages/reply", `{"text":"x"}`)
	require.Equal(t, http.StatusBadRequest, broken.Status)
	require.Contains(t, string(broken.Body), "could not read all")
	require.Equal(t, http.StatusForbidden, w.visit(status+"/messages/reply", url.Values{"text": {"no pass"}}).Status)
}

// Nothing about a person gets into logs or metrics, and no token.
func TestNothingPersonalIsLogged(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	canaries := []string{"canary-name", "canary@example.test", "4930777", "canary-words", "canary-customer", "canary-note"}
	filed := w.file("canary@example.test", func(b map[string]any) {
		b["details"] = "canary-words"
		b["person"] = map[string]any{"name": "canary-name", "email": "canary@example.test", "phone": "+4930777123", "customer_id": "canary-customer"}
	})
	w.until(filed.ID, "verifying")
	status := statusLink.FindStringSubmatch(w.letter(filed.ID.String(), "acknowledgement"))[1]
	canaries = append(canaries, status[len("/acme/status/"):])
	w.visit(status, nil)
	w.visit("/acme/status/canary-note", nil)
	w.call(api.Agent, http.MethodPost, "/v1/requests/search", map[string]any{"email": "canary@example.test"})
	w.call(api.Agent, http.MethodGet, "/v1/requests/canary-words?x=canary-name", nil)
	w.command(api.Agent, filed.ID, "withdraw", map[string]any{"note": "canary-note"})
	w.send("dk_canary-name", "CANARY-NAME", "/v1/canary-name", nil)
	w.visit("/acme/request", w.form(sets("email", "canary@example.test"), sets("details", "canary-words")))
	metrics := string(w.send("", http.MethodGet, "/metrics", nil).Body)
	require.Contains(t, metrics, `docket_http_requests_total{method="POST",route="/v1/requests",status="201"} 1`)
	var logged strings.Builder
	for _, entry := range w.log.All() {
		text, err := json.Marshal(entry.ContextMap())
		require.NoError(t, err)
		logged.WriteString(entry.Message + string(text) + "\n")
	}
	require.Contains(t, logged.String(), "/:tenant/status/:token")
	for _, canary := range canaries {
		require.NotContains(t, strings.ToLower(logged.String()), strings.ToLower(canary))
		require.NotContains(t, strings.ToLower(metrics), strings.ToLower(canary))
	}
}

// One form carries several rights: each is filed by itself, with what its answer turns on.
func TestFormCarriesSeveralRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	several := func(f url.Values) {
		f["right"] = []string{"access", "restriction", "objection"}
		f.Set("ground", "unlawful")
		f["against"] = []string{"direct_marketing", "profiling"}
	}
	got := w.visit("/acme/request", w.form(several))
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	for _, prefix := range []string{"AR-", "SR-", "OR-"} {
		require.Contains(t, string(got.Body), prefix)
	}
	require.Equal(t, 3, w.count())

	for name, change := range map[string]func(url.Values){
		"Say why your data": func(f url.Values) { f["right"] = []string{"access", "restriction"} },
		"Say what you object to": func(f url.Values) {
			f["right"] = []string{"objection"}
			f["against"] = []string{"sale"}
		},
		"Choose what you want": func(f url.Values) { f.Del("right") },
	} {
		got := w.visit("/acme/request", w.form(change))
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), name)
	}
	require.Equal(t, 3, w.count(), "nothing is filed by halves")
}

// 11 CCR 7025(c): a browser's signal is taken for what it asks.
func TestFormHearsTheBrowsersSignal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	w.answersUnder("ccpa")
	ticked := regexp.MustCompile(`value="opt_out" checked`)
	const form = "/acme/request?place=US-CA"
	require.False(t, ticked.Match(w.visit(form, nil).Body))
	for value, heard := range map[string]bool{"1": true, "0": false, "true": false} {
		require.Equal(t, heard, ticked.Match(w.visit(form, nil, "Sec-GPC", value).Body), value)
	}
}
