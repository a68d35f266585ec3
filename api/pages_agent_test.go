package api_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage"
)

// asAgent fills in the form of somebody who asks for another person.
func (w *world) asAgent(file string, change ...func(url.Values)) answer {
	w.t.Helper()
	form := w.form(append([]func(url.Values){
		sets("for", "other"), sets("agent_name", "Lena Law"), sets("agent_email", "lena@law.test"), sets("standing", "I am her lawyer."),
	}, change...)...)
	var body bytes.Buffer
	parts := multipart.NewWriter(&body)
	for name, values := range form {
		require.NoError(w.t, parts.WriteField(name, values[0]))
	}
	part, err := parts.CreateFormFile("proof", "authority.pdf")
	require.NoError(w.t, err)
	_, err = part.Write([]byte(file))
	require.NoError(w.t, err)
	require.NoError(w.t, parts.Close())
	return w.send("", http.MethodPost, "/acme/request", body.String(), "Content-Type", parts.FormDataContentType())
}

// Somebody who asks for another shows why they may. The code that the person types proves the mailbox alone: staff decide.
func TestAgentAsks(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	require.Contains(t, string(w.visit("/acme/request?for=other", nil).Body), `enctype="multipart/form-data"`)
	got := w.asAgent("%PDF-1.7\nauthority")
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	listed := into[struct {
		Items []struct{ ID uuid.UUID }
	}](t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil)).Items
	require.Len(t, listed, 1)
	id := listed[0].ID.String()
	person := string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+id+"/person", nil).Body)
	require.Contains(t, person, "lena@law.test")
	require.Contains(t, person, "I am her lawyer.")
	documents := string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+id+"/documents", nil).Body)
	require.Contains(t, documents, `"kind":"authority"`)

	w.until(listed[0].ID, "verifying")
	status := statusLink.FindStringSubmatch(w.letter(id, "acknowledgement"))[1]
	code := sixDigits.FindStringSubmatch(w.letter(id, "one_time_code"))[1]
	require.Equal(t, http.StatusOK, w.visit(status+"/code", url.Values{"code": {code}}).Status)
	require.Equal(t, "verifying", w.stateOf(listed[0].ID), "the mailbox is proven, the authority is not")
	require.Contains(t, string(w.call(api.Agent, http.MethodGet, "/v1/tasks", nil).Body), storage.TaskIdentityCheck)
}

// What is missing about an agent is said beside its field, nothing is filed and no document stays behind.
func TestAgentFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	for field, got := range map[string]answer{
		"agent_name": w.asAgent("%PDF-1.7\n", sets("agent_name", " ")), "agent_email": w.asAgent("%PDF-1.7\n", sets("agent_email", "x")),
		"standing": w.asAgent("%PDF-1.7\n", sets("standing", "")), "proof": w.asAgent("plain words"),
	} {
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, field)
		require.Contains(t, string(got.Body), `href="#`+field+`"`, field)
		require.Contains(t, string(got.Body), `href="#proof"`, "the document has to be chosen again")
	}
	require.Equal(t, http.StatusUnprocessableEntity, w.asAgent("").Status, "no document")
	require.Equal(t, 0, w.count())
	again := w.form(sets("for", "other"))
	require.Equal(t, http.StatusUnprocessableEntity, w.visit("/acme/request", again).Status, "an agent's form without its document")
	keys, err := w.objects.List(t.Context(), "documents/")
	require.NoError(t, err)
	require.Empty(t, keys)
}

// Where a tenant answers under several laws, the place decides which rights are on offer and under which law the request runs.
func TestPlaceDecidesTheLaw(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	w.answersUnder("ccpa", "uk-gdpr")
	first := string(w.visit("/acme/request?lang=de", nil).Body)
	require.Contains(t, first, "Wo leben Sie?")
	require.NotContains(t, first, `name="right" value=`)
	order := regexp.MustCompile(`<option value="([^"]*)">([^<]*)`).FindAllStringSubmatch(first, -1)
	require.Equal(t, "Bitte wählen", order[0][2])
	require.Contains(t, first, `<option value="US-CA">Vereinigte Staaten: California</option>`)
	require.Less(t, strings.Index(first, "Österreich"), strings.Index(first, "Polen"), "sorted as Germans sort")

	form := w.formAt("/acme/request?place=US-CA", sets("place", "US-CA"))
	require.Equal(t, http.StatusOK, w.visit("/acme/request", form).Status)
	require.Equal(t, http.StatusUnprocessableEntity, w.visit("/acme/request", w.formAt("/acme/request?place=US-CA", sets("place", "nowhere"))).Status)
	require.Equal(t, http.StatusOK, w.visit("/acme/request", w.formAt("/acme/request?place=other", sets("place", "other"), sets("email", "b@example.test"))).Status)
	var regimes []string
	for _, item := range into[struct{ Items []struct{ Regime string } }](t, w.call(api.Auditor, http.MethodGet, "/v1/requests", nil)).Items {
		regimes = append(regimes, item.Regime)
	}
	require.ElementsMatch(t, []string{"ccpa", "gdpr"}, regimes)
}

// answersUnder has the tenant answer under further laws, so that the form asks where a person lives.
func (w *world) answersUnder(regimes ...string) {
	w.t.Helper()
	tenant := into[map[string]any](w.t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	delete(tenant, "id")
	delete(tenant, "slug")
	delete(tenant, "$schema")
	tenant["settings"].(map[string]any)["regimes"] = regimes
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
}

// Pages have the tenant's colour, by a style of its own and nothing inline.
func TestTenantColour(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	require.Contains(t, string(w.visit("/acme/request", nil).Body), `href="/assets/pages.css?v=`)
	tenant := into[map[string]any](t, w.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	delete(tenant, "id")
	delete(tenant, "slug")
	delete(tenant, "$schema")
	tenant["settings"].(map[string]any)["colour"] = "#b3005e"
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant).Status)
	sheet := regexp.MustCompile(`href="(/acme/pages\.css\?v=\w+b3005e)"`).FindStringSubmatch(string(w.visit("/acme/request", nil).Body))
	require.NotNil(t, sheet)
	css := w.visit(sheet[1], nil)
	require.Contains(t, string(css.Body), "--button: #b3005e; --on-button: #ffffff;")
	require.Equal(t, "text/css; charset=utf-8", css.Header.Get("Content-Type"))
}

// Spam ends a request without a word to the mailbox, and is undone with the dates it had.
func TestSpamIsMarkedAndUndone(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	filed := w.file("ana@example.test")
	w.until(filed.ID, "verifying")
	id := filed.ID.String()
	due := w.due(id)
	require.Equal(t, http.StatusConflict, w.command(api.Agent, filed.ID, "not-spam", map[string]any{}).Status)
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "mark-spam", map[string]any{"note": "the same text forty times"}).Status)
	w.until(filed.ID, "closed")
	require.NotContains(t, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+id+"/messages", nil).Body), `"cancelled"`, "no letter")
	require.Equal(t, http.StatusOK, w.command(api.Agent, filed.ID, "not-spam", map[string]any{}).Status)
	w.until(filed.ID, "verifying")
	require.Equal(t, due, w.due(id), "as if it had never been marked")
}

// due is when the answer is owed.
func (w *world) due(id string) string {
	w.t.Helper()
	for _, o := range into[struct{ Items []struct{ Kind, Due string } }](w.t, w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id+"/obligations", nil)).Items {
		if o.Kind == "respond" {
			return o.Due
		}
	}
	require.FailNow(w.t, "no answer is owed")
	return ""
}
