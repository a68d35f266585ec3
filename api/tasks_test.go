package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

type taskLine struct {
	ID, Kind, State, Role string
	Request               uuid.UUID `json:"request_id"`
	ClaimedBy             string    `json:"claimed_by"`
	Decisions             []struct {
		Decision, Command string
		Fields            []struct {
			Name, Kind string
			Required   bool
			Choices    []string
		}
	}
}

func (w *world) tasks(key, query string) []taskLine {
	w.t.Helper()
	got := w.send(key, http.MethodGet, "/v1/tasks?"+query, nil)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[struct{ Items []taskLine }](w.t, got).Items
}

// task adds a task to a request, as a workflow does.
func (w *world) task(id uuid.UUID, kind string) string {
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddTask(ctx, storage.NewTask{CaseID: id, Key: uuid.NewString(), Kind: kind, Role: "agent"})
		return err
	})
	for _, task := range w.tasks(w.keys[api.Auditor], "kind="+kind) {
		if task.Request == id {
			return task.ID
		}
	}
	return ""
}

func (w *world) on(key, task, verb string, body any) answer {
	w.t.Helper()
	return w.send(key, http.MethodPost, "/v1/tasks/"+task+"/"+verb, body, "Idempotency-Key", uuid.NewString())
}

// A task is one person's at a time; officers take it over and say why.
func TestClaims(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, two := w.file("ana@example.test").ID, w.file("bo@example.test").ID
	task := w.task(one, storage.TaskReview)
	w.task(two, storage.TaskReview)
	ana, anaID := w.person(api.Agent)
	bo, _ := w.person(api.Agent)
	boss, bossID := w.person(api.DPO)
	got := w.on(ana, task, "claim", map[string]any{})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, anaID.String(), into[taskLine](t, got).ClaimedBy)
	require.Equal(t, http.StatusOK, w.on(ana, task, "claim", map[string]any{}).Status, "it is theirs already")
	for _, verb := range []string{"claim", "release"} {
		refused := w.on(bo, task, verb, map[string]any{})
		require.Equal(t, http.StatusConflict, refused.Status)
		require.Equal(t, "task-claimed", into[problem](t, refused).Code)
	}
	require.Equal(t, "task-claimed", into[problem](t, w.on(bo, task, "complete", map[string]any{"decision": "approve"})).Code)
	require.Equal(t, http.StatusConflict, w.on(bo, task, "claim", map[string]any{"reason": "I want it"}).Status, "an agent takes nothing over")
	require.Len(t, w.tasks(ana, "claimed=me"), 1)
	require.Empty(t, w.tasks(bo, "claimed=me"))
	free := w.tasks(bo, "claimed=nobody")
	require.Len(t, free, 1)
	require.Equal(t, two, free[0].Request)
	require.Equal(t, http.StatusUnprocessableEntity, w.on(boss, task, "claim", map[string]any{}).Status, "without a reason")
	taken := w.on(boss, task, "claim", map[string]any{"reason": "Ana is on leave"})
	require.Equal(t, bossID.String(), into[taskLine](t, taken).ClaimedBy, "%s", taken.Body)
	require.Contains(t, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+one.String()+"/notes", nil).Body), "on leave")
	require.Equal(t, http.StatusOK, w.on(boss, task, "release", map[string]any{}).Status)
	require.Len(t, w.tasks(bo, "claimed=nobody&role=agent"), 2)
	require.Empty(t, w.tasks(bo, "role=dpo"))
	require.Equal(t, http.StatusNotFound, w.on(w.foreign, task, "claim", map[string]any{}).Status)
	log := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=200", nil).Body)
	require.Equal(t, []int{2, 1}, []int{strings.Count(log, `"task.claimed"`), strings.Count(log, `"task.released"`)})
	require.NotContains(t, log, "leave")
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.EndTasks(ctx, one, "", "over") })
	require.Equal(t, "task-ended", into[problem](t, w.on(ana, task, "claim", map[string]any{})).Code)
}

// By due date the task of what is owed soonest comes first, and that of what owes nothing last, page by page.
func TestTasksByDue(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var want []uuid.UUID
	for range 3 {
		id := w.file(uuid.NewString() + "@example.test").ID
		want = append(want, id)
		w.clock.Advance(240 * time.Hour)
	}
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error { // the first owes nothing any more
		owed, err := tx.Obligations(ctx, want[0])
		for _, o := range owed {
			if err == nil {
				err = tx.MoveObligation(ctx, o, storage.ObligationWaived, "x")
			}
		}
		if err != nil {
			return err
		}
		return tx.RefreshNextDue(ctx, want[0])
	})
	for _, i := range []int{2, 0, 1} {
		w.task(want[i], storage.TaskReview)
	}
	var got []uuid.UUID
	for cursor, more := "", true; more; more = cursor != "" {
		page := into[struct {
			Items []taskLine
			Next  string `json:"next_cursor"`
		}](t, w.call(api.Auditor, http.MethodGet, "/v1/tasks?order=due&limit=1&cursor="+cursor, nil))
		for _, task := range page.Items {
			got = append(got, task.Request)
		}
		cursor = page.Next
	}
	require.Equal(t, []uuid.UUID{want[1], want[2], want[0]}, got)
}

// A form is held to what its decision asks for, everything at once, and a decision to who may give its command.
func TestTaskForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.file("ana@example.test").ID
	for kind, decisions := range map[string][]string{
		storage.TaskReview: {"approve", "recollect", "ask_clarification", "refuse"}, storage.TaskIdentityCheck: {"confirm", "reject"},
		storage.TaskCollectionFailed: {"retry", "exclude"}, storage.TaskMessage: {"read"},
	} {
		task := w.task(id, kind)
		described := w.tasks(w.keys[api.Auditor], "kind="+kind)[0]
		var names []string
		for _, d := range described.Decisions {
			names = append(names, d.Decision)
			missing := into[problem](t, w.on(w.keys[api.DPO], task, "complete", map[string]any{"decision": d.Decision}))
			required := map[string]bool{}
			for _, f := range d.Fields {
				if f.Required {
					required["body.fields."+f.Name] = true
				}
			}
			if d.Decision == "read" {
				require.Empty(t, missing.Code, "that is all there is to it")
				continue
			}
			if len(required) == 0 {
				require.Equal(t, "temporal-unavailable", missing.Code, "nothing else is missing")
				continue
			}
			require.Len(t, missing.Errors, len(required), d.Decision)
			for _, fault := range missing.Errors {
				require.True(t, required[fault.Location], fault.Location)
			}
		}
		require.Equal(t, decisions, names)
	}
	task := w.task(id, storage.TaskIdentityCheck)
	for _, wrong := range []map[string]any{
		{"decision": "approve"},
		{"decision": "confirm", "fields": map[string]any{"method": "palm reading", "compared": "x"}},
		{"decision": "confirm", "fields": map[string]any{"method": "document", "compared": "x", "question": "y"}},
	} {
		require.Equal(t, http.StatusUnprocessableEntity, w.on(w.keys[api.DPO], task, "complete", wrong).Status, "%v", wrong)
	}
	refused := w.on(w.keys[api.Agent], task, "complete", map[string]any{"decision": "reject", "fields": map[string]any{"method": "document", "compared": "x"}})
	require.Equal(t, http.StatusForbidden, refused.Status, "an agent rejects nobody")
	require.Equal(t, "received", w.stateOf(id))
}

// Completing is the single command: the workflow goes on, the decision is on record and how it was made on file, and all of it once.
func TestComplete(t *testing.T) {
	t.Parallel()
	w := working(t)
	id := w.file("ana@example.test").ID
	w.until(id, string(privacy.RequestVerifying))
	path := "/v1/requests/" + id.String()
	require.Equal(t, http.StatusCreated, w.upload(path+"/documents", append([]byte("\x89PNG\r\n\x1a\n"), "passport"...)).Status)
	task := w.tasks(w.keys[api.Agent], "kind=identity_check")[0]
	body := map[string]any{
		"decision": "confirm", "note": "seen by two", "fields": map[string]any{"method": "document", "compared": "name and birthday with the customer file"},
	}
	complete := func(key string) answer {
		return w.call(api.Agent, http.MethodPost, "/v1/tasks/"+task.ID+"/complete", body, "Idempotency-Key", key)
	}
	first := complete("once")
	require.Equal(t, http.StatusOK, first.Status, "%s", first.Body)
	again := complete("once")
	require.Equal(t, string(first.Body), string(again.Body))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	_, err := w.register.Owner(t).Exec(t.Context(), "UPDATE idempotency_keys SET status = 102, response = '{}' WHERE status = 200 AND key_hash = sha256('once')")
	require.NoError(t, err) // as if the server had died when the command was carried out and nothing else
	w.until(id, string(privacy.RequestReviewing))
	require.Equal(t, http.StatusOK, complete("once").Status, "it is gone on with, though the task has ended")
	ended := complete("twice")
	require.Equal(t, "task-ended", into[problem](t, ended).Code, "%s", ended.Body)
	notes := string(w.call(api.Agent, http.MethodGet, path+"/notes", nil).Body)
	require.Contains(t, notes, "Checked by: document")
	require.Contains(t, notes, "seen by two")
	timeline := string(w.call(api.Auditor, http.MethodGet, path+"/timeline", nil).Body)
	require.Contains(t, timeline, "identity.proven")
	require.Contains(t, timeline, "task.completed")
	require.NotContains(t, timeline, "birthday")

	review := w.tasks(w.keys[api.Agent], "kind=review")[0].ID
	wrong := w.on(w.keys[api.DPO], review, "complete", map[string]any{"decision": "refuse", "fields": map[string]any{"reason": "fraud_belief"}})
	require.Equal(t, http.StatusConflict, wrong.Status, "%s", wrong.Body)
	require.Equal(t, "refusal_reason_not_in_regime", into[problem](t, wrong).Code)
	require.Equal(t, http.StatusOK, w.on(w.keys[api.Agent], review, "complete", map[string]any{"decision": "approve"}).Status)
	w.until(id, string(privacy.RequestClosed))
}
