package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// Calendars, ladders and letters can be looked at by whoever works under them.
func TestRulesCanBeLookedAt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/calendars", nil).Body), `{"id":"DE","zone":"Europe/Berlin"}`)
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/calendars/DE/2026", nil).Body), `"2026-10-03"`)
	require.Equal(t, http.StatusNotFound, w.call(api.Auditor, http.MethodGet, "/v1/calendars/XX/2026", nil).Status)
	ladders := into[struct {
		Items []struct {
			ID    string
			Own   bool
			Steps []struct{ Roles []string }
		}
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/ladders", nil)).Items
	own := 0
	for _, l := range ladders {
		require.NotEmpty(t, l.Steps, l.ID)
		if l.Own {
			own++
		}
	}
	require.Equal(t, 1, own)
}

// Every letter there is can be seen in each of its languages, in the tenant's name.
func TestEveryLetterHasAPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	letters := into[struct {
		Items []struct {
			Kind      string
			Languages []string
		}
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/letters", nil)).Items
	require.Greater(t, len(letters), 20)
	for _, l := range letters {
		for _, language := range l.Languages {
			got := w.call(api.Auditor, http.MethodGet, "/v1/letters/"+l.Kind+"/"+language, nil)
			require.Equal(t, http.StatusOK, got.Status, "%s in %s: %s", l.Kind, language, got.Body)
			require.Contains(t, string(got.Body), "Acme GmbH")
			require.NotContains(t, into[map[string]string](t, got)["html"], "<script")
		}
	}
	require.Equal(t, http.StatusNotFound, w.call(api.Auditor, http.MethodGet, "/v1/letters/due_soon/de", nil).Status, "notices are in English")
	require.Equal(t, http.StatusNotFound, w.call(api.Auditor, http.MethodGet, "/v1/letters/love/en", nil).Status)
}

// An annotation can be checked without being kept, and the graph shows where it leads.
func TestDatasetIsCheckedAndDrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{"key": "crm", "name": "CRM", "kind": "postgres", "target": "postgres://reader:x@127.0.0.1:1/crm", "declaration": declaration})
	id := into[struct{ ID string }](t, got).ID
	check := func(text string) answer {
		return w.call(api.Admin, http.MethodPost, "/v1/systems/"+id+"/dataset/check", text, "Content-Type", "application/yaml")
	}
	require.Equal(t, http.StatusOK, check(annotation).Status)
	require.Regexp(t, `^dataset:\d+$`, into[problem](t, check(annotation+"          - nmae: x\n")).Errors[0].Location)
	const round = "dataset: [{fides_key: crm, collections: [{name: a, fides_meta: {after: [b]}, fields: [{name: e, fides_meta: {identity: email}}]},\n" +
		" {name: b, fields: [{name: x, fides_meta: {references: [{dataset: crm, field: a.e, direction: from}]}}]}]}]"
	require.Contains(t, into[problem](t, check(round)).Errors[0].Message, "after asks for an order", "it would keep all requests from being planned")
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Admin, http.MethodPut, "/v1/systems/"+id+"/dataset", round, "Content-Type", "application/yaml").Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodGet, "/v1/datasets/crm", nil).Status, "nothing was kept")

	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, "/v1/systems/"+id+"/dataset", annotation, "Content-Type", "application/yaml").Status)
	graph := into[struct {
		Collections []struct {
			System, Collection string
			Identities         []string
			Step               int
		}
		Problems []any
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/graph", nil))
	require.Empty(t, graph.Problems)
	require.NotEmpty(t, graph.Collections)
	require.Equal(t, "crm", graph.Collections[0].System)
	require.Equal(t, 1, graph.Collections[0].Step)
	require.Equal(t, []string{"email"}, graph.Collections[0].Identities)
}

// A stop is on record with who and why, holds against a second one, and shows in a test of the system.
func TestEmergencyStop(t *testing.T) {
	t.Parallel()
	w := working(t)
	for _, key := range []string{"crm", "shop"} {
		got := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{"key": key, "name": key, "kind": "postgres", "target": "postgres://reader:x@127.0.0.1:1/x", "declaration": strings.Replace(declaration, "crm", key, 1)})
		require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	}
	type system struct {
		ID   string
		Stop *struct{ Reason, By string }
	}
	systems := func() []system {
		return into[struct{ Items []system }](t, w.call(api.Auditor, http.MethodGet, "/v1/systems", nil)).Items
	}
	at := "/v1/systems/" + systems()[0].ID
	require.Equal(t, http.StatusForbidden, w.call(api.Agent, http.MethodPost, at+"/stop", map[string]any{"reason": "x"}).Status)
	require.Equal(t, http.StatusOK, w.call(api.DPO, http.MethodPost, at+"/stop", map[string]any{"reason": "it answers with the wrong people"}).Status)
	require.Equal(t, http.StatusOK, w.call(api.DPO, http.MethodPost, "/v1/systems/stop", map[string]any{"reason": "all of them"}).Status)
	require.Equal(t, "it answers with the wrong people", systems()[0].Stop.Reason, "the first word stands")
	require.Equal(t, "all of them", systems()[1].Stop.Reason)
	tested := w.call(api.DPO, http.MethodPost, at+"/test", map[string]any{})
	require.Contains(t, string(tested.Body), `"stopped"`)
	require.Equal(t, http.StatusOK, w.call(api.DPO, http.MethodPost, at+"/resume", map[string]any{}).Status)
	require.Nil(t, systems()[0].Stop)
	require.NotNil(t, systems()[1].Stop)
	require.Equal(t, http.StatusOK, w.call(api.DPO, http.MethodPost, "/v1/systems/resume", map[string]any{}).Status)
	require.Nil(t, systems()[1].Stop)
	audited := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil).Body)
	require.Equal(t, 2, strings.Count(audited, `"system.stopped"`))
	require.Equal(t, 2, strings.Count(audited, `"system.resumed"`))
}

// A system can be tried with a person who has no case. They are forgotten once it has answered, whatever it said.
func TestPreviewOfATrial(t *testing.T) {
	t.Parallel()
	w := working(t)
	got := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{"key": "crm", "name": "CRM", "kind": "postgres", "target": "postgres://reader:x@127.0.0.1:1/crm", "declaration": declaration})
	at := "/v1/systems/" + into[struct{ ID string }](t, got).ID + "/preview"
	person := map[string]any{"email": "trial@example.test"}
	tried := w.call(api.Agent, http.MethodPost, at, map[string]any{"person": person})
	require.Equal(t, http.StatusOK, tried.Status, "%s", tried.Body)
	require.Contains(t, string(tried.Body), "findings")
	for _, body := range []map[string]any{{}, {"person": person, "request_id": w.file("a@example.test").ID}} {
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Agent, http.MethodPost, at, body).Status)
	}
	owner := w.register.Owner(t)
	var left int
	require.NoError(t, owner.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM trial_subjects)
		+ (SELECT count(*) FROM subjects s WHERE wrapped_key IS NOT NULL AND NOT EXISTS (SELECT FROM cases c WHERE c.subject_id = s.id))`).Scan(&left))
	require.Zero(t, left)
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil).Body), "system.previewed")
}
