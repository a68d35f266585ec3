package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

type hook struct {
	ID       uuid.UUID
	URL      string
	Actions  []string
	Active   bool
	Secret   string
	Disabled string `json:"disabled_reason"`
	Previous string `json:"previous_secret_until"`
}

// A webhook's secret is shown when it is made and never after; what can be changed is, and a test is an event like others.
func TestWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := map[string]any{"name": "board", "url": "https://hooks.example.com/in", "actions": []string{"request.*", "obligation.overdue"}}
	got := w.call(api.Admin, http.MethodPost, "/v1/webhooks", body)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	made := into[hook](t, got)
	require.True(t, strings.HasPrefix(made.Secret, "whsec_"))
	listed := w.call(api.Admin, http.MethodGet, "/v1/webhooks", nil)
	require.NotContains(t, string(listed.Body), "whsec_")
	require.True(t, into[struct{ Items []hook }](t, listed).Items[0].Active)

	at := "/v1/webhooks/" + made.ID.String()
	require.Equal(t, http.StatusAccepted, w.call(api.Admin, http.MethodPost, at+"/test", nil).Status)
	sent := into[struct {
		Items []struct {
			ID     uuid.UUID
			Action string
			State  string
			Body   struct{ Type string }
		}
	}](t, w.call(api.Admin, http.MethodGet, at+"/deliveries", nil)).Items
	require.Len(t, sent, 1)
	require.Equal(t, "webhook.test", sent[0].Body.Type)
	require.Equal(t, "queued", sent[0].State)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodPost, at+"/deliveries/"+sent[0].ID.String()+"/redeliver", nil).Status, "it is on its way already")

	again := into[hook](t, w.call(api.Admin, http.MethodPost, at+"/secret", nil))
	require.NotEqual(t, made.Secret, again.Secret)
	body["active"], body["name"] = false, "off for now"
	changed := into[hook](t, w.call(api.Admin, http.MethodPut, at, body))
	require.False(t, changed.Active)
	require.Equal(t, "switched_off", changed.Disabled)
	require.NotEmpty(t, changed.Previous, "the secret before signs too for a day")
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPost, at+"/deliveries/"+sent[0].ID.String()+"/redeliver", nil).Status)
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, at, nil).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodGet, at+"/deliveries", nil).Status)
	audited := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil).Body)
	for _, action := range []string{"webhook.created", "webhook.changed", "webhook.deleted"} {
		require.Contains(t, audited, action)
	}
}

// An address that leads nowhere or inside, and a pattern that is none, are refused with what to do.
func TestWebhookFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for place, body := range map[string]map[string]any{
		"body.url":        {"name": "x", "url": "http://hooks.example.com/in", "actions": []string{"*"}},
		"body.url ":       {"name": "x", "url": "https://user:secret@hooks.example.com", "actions": []string{"*"}},
		"body.actions[1]": {"name": "x", "url": "https://hooks.example.com", "actions": []string{"*", "request"}},
		"body.actions":    {"name": "x", "url": "https://hooks.example.com", "actions": []string{}},
		"body.actions[0]": {"name": "x", "url": "https://hooks.example.com", "actions": []string{"request.recieved"}},
	} {
		got := w.call(api.Admin, http.MethodPost, "/v1/webhooks", body)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s", got.Body)
		require.Contains(t, string(got.Body), `"`+strings.TrimSpace(place)+`"`)
		require.NotContains(t, string(got.Body), "secret")
	}
}
