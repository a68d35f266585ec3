package api_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// described is what the tests read of an operation in the OpenAPI document.
type described struct {
	method, path string
	ID           string   `json:"operationId"`
	Summary      string   `json:"summary"`
	Tags         []string `json:"tags"`
	Roles        []string `json:"x-docket-roles"`
	Body         *struct {
		Content map[string]any `json:"content"`
	} `json:"requestBody"`
}

// operations reads every operation out of the document that the server gives.
func operations(t *testing.T, w *world) []described {
	t.Helper()
	doc := into[struct {
		Paths map[string]map[string]json.RawMessage
	}](t, w.send("", http.MethodGet, "/openapi.json", nil))
	var out []described
	for path, methods := range doc.Paths {
		for method, raw := range methods {
			d := described{method: strings.ToUpper(method), path: path}
			require.NoError(t, json.Unmarshal(raw, &d))
			out = append(out, d)
		}
	}
	slices.SortFunc(out, func(a, b described) int { return strings.Compare(a.ID, b.ID) })
	return out
}

// bodies are valid ones, where {} is not.
func bodies() map[string]string {
	return map[string]string{
		"create-request": `{"person":{"email":"p@example.test"},"right":"access","channel":"staff"}`, "search-requests": `{"email":"ana@example.test"}`,
		"refuse-request": `{"reason":"excessive"}`, "extend-request": `{"reason":"complexity"}`, "pause-request": `{"kind":"identity"}`,
		"resume-request": `{"kind":"identity"}`, "ask-clarification": `{"question":"which?"}`, "retry-system": `{"system":"crm"}`,
		"exclude-system": `{"system":"crm"}`, "acknowledge-escalation": `{"obligation_id":"` + uuid.NewString() + `"}`,
		"bulk-requests":  `{"requests":["` + uuid.NewString() + `"],"command":"assign","assignee":"nobody"}`,
		"complete-task":  `{"decision":"approve"}`,
		"assign-request": `{"staff_id":null}`, "add-note": `{"text":"a note"}`,
		"add-redaction":  `{"system":"crm","dataset":"crm","collection":"c","field":"f","ground":"security"}`,
		"preview-system": `{"request_id":"` + uuid.NewString() + `"}`, "explain-policy": `{"right":"access","received":"2026-01-31T10:00:00Z"}`,
		"create-api-key": `{"name":"k","role":"auditor"}`, "add-staff": `{"role":"agent","name":"S","email":"s@example.test"}`,
		"sign-in": `{"email":"s@example.test","password":"p"}`, "sign-in-code": `{"code":"000000"}`, "step-up": `{"code":"000000"}`, "confirm-totp": `{"code":"000000"}`,
		"choose-tenant": `{"tenant":"acme"}`, "change-password": `{"current":"a","new":"b"}`, "ask-reset": `{"email":"s@example.test"}`,
		"set-single-sign-on": `{"issuer":"https://login.example","client_id":"c","client_secret":"s","label":"l","role_claim":"r","roles":{},"trust_second_factor":false}`,
		"sign-in-passkey":    `{"credential":{}}`, "step-up-passkey": `{"credential":{}}`, "add-passkey": `{"credential":{}}`,
		"use-reset": `{"token":"t","password":"p"}`, "look-invitation": `{"token":"t"}`, "accept-invitation": `{"token":"t"}`,
	}
}

// address fills in a path of the request.
func (d described) address(id uuid.UUID) string {
	path := strings.NewReplacer("{id}", id.String(), "{key}", "crm", "{message}", id.String(), "{redaction}", id.String(), "{document}", id.String(), "{attachment}", id.String()).Replace(d.path)
	if strings.HasPrefix(d.path, "/v1/policies/{id}") {
		path = strings.Replace(d.path, "{id}", "gdpr", 1)
	}
	if d.path == "/v1/events" {
		path += "?once=true" // it has no end otherwise
	}
	return path
}

func (d described) content() (body any, media string) {
	if d.Body == nil {
		return nil, "application/json"
	}
	for media = range d.Body.Content {
		break
	}
	if body, ok := bodies()[d.ID]; ok {
		return body, media
	}
	return "{}", media
}

// Every operation × every role, another tenant's administrator and nobody, over HTTP on a real register.
func TestPermissions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	mine := w.file("ana@example.test")
	all := operations(t, w)
	require.Greater(t, len(all), 55)
	for _, d := range all {
		t.Run(d.ID, func(t *testing.T) {
			t.Parallel()
			require.NotEmpty(t, d.Roles, "an operation without an entry in permissions.go")
			w := &world{t: t, url: w.url, keys: w.keys, foreign: w.foreign}
			if slices.Contains(d.Roles, string(api.Anyone)) {
				require.NotEqual(t, http.StatusInternalServerError, w.try(d, "", mine.ID).Status)
				return
			}
			for _, role := range api.Roles() {
				got := w.try(d, w.keys[role], mine.ID)
				if slices.Contains(d.Roles, string(role)) { // a key needs no step-up
					require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError, http.StatusMethodNotAllowed}, got.Status, "%s: %s", role, got.Body)
				} else {
					require.Equal(t, http.StatusForbidden, got.Status, "%s: %s", role, got.Body)
					require.Equal(t, d.forbidden(), into[problem](t, got).Code)
				}
			}
			require.Equal(t, http.StatusUnauthorized, w.try(d, "", mine.ID).Status)
			require.Equal(t, http.StatusUnauthorized, w.try(d, api.NewKey(), mine.ID).Status)
			foreign := w.try(d, w.foreign, mine.ID)
			require.NotContains(t, string(foreign.Body), mine.Reference)
			require.NotContains(t, string(foreign.Body), "ana@example.test")
			if strings.HasPrefix(d.path, "/v1/requests/{id}") {
				require.Contains(t, []int{http.StatusNotFound, http.StatusUnprocessableEntity}, foreign.Status, "%s", foreign.Body)
			}
		})
	}
}

// forbidden is the code with which a key is told no.
func (d described) forbidden() string {
	if slices.Contains(d.Roles, string(api.SignedIn)) {
		return "session-needed"
	}
	return "role"
}

func (w *world) try(d described, key string, id uuid.UUID) answer {
	w.t.Helper()
	body, media := d.content()
	return w.send(key, d.method, d.address(id), body, "Idempotency-Key", uuid.NewString(), "Content-Type", media)
}

// Who is told no is on record, with the operation and the reason.
func TestRefusalsAreAudited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.call(api.Agent, http.MethodPost, "/v1/api-keys", map[string]any{"name": "k", "role": "admin"})
	require.Equal(t, http.StatusForbidden, got.Status)
	events := into[struct{ Items []map[string]any }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil)).Items
	require.Equal(t, "command.refused", events[0]["action"])
	require.Equal(t, "refused", events[0]["outcome"])
	require.Equal(t, "create-api-key", events[0]["facts"].(map[string]any)["operation"])
	require.Equal(t, "role", events[0]["reason_code"])
}
