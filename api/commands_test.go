package api_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// working starts an API with a worker beside it, in a namespace of its own. Workflows take their time from Temporal, so
// the register begins at the same one.
func working(t *testing.T, change ...func(*world, *api.Config)) *world {
	t.Helper()
	address, namespace := localtest.Namespace(t)
	c := lazy(t, address, namespace)
	first := []func(*world, *api.Config){func(_ *world, config *api.Config) { config.Temporal = c }}
	w := newWorldAt(t, time.Now(), append(first, change...)...)
	w.temporal = c
	runs := worker.New(c, contract.TaskQueue, worker.Options{})
	workflows.Register(runs)
	activities.Register(runs, w.desk, w.objects, true)
	activities.RegisterTransmissions(runs, w.desk, true)
	activities.RegisterHandovers(runs, w.desk, true)
	require.NoError(t, runs.Start())
	t.Cleanup(runs.Stop)
	return w
}

// until waits for the workflow to bring a request into a state.
func (w *world) until(id uuid.UUID, state string) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return w.stateOf(id) == state }, 20*time.Second, 20*time.Millisecond, "the request never was %s", state)
}

func (w *world) stateOf(id uuid.UUID) string {
	return into[struct{ State string }](w.t, w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String(), nil)).State
}

// over waits until the workflow of a closed request has tidied up and ended.
func (w *world) over(id uuid.UUID) {
	w.t.Helper()
	require.NoError(w.t, w.temporal.GetWorkflow(w.t.Context(), contract.RequestID(id), "").Get(w.t.Context(), nil))
}

// command gives one with a new key.
func (w *world) command(role api.Role, id uuid.UUID, name string, body any) answer {
	w.t.Helper()
	return w.call(role, http.MethodPost, "/v1/requests/"+id.String()+"/"+name, body, "Idempotency-Key", uuid.NewString())
}

// A request goes through its whole life by commands alone, each once, and what the law or the state forbids is refused.
func TestCommands(t *testing.T) {
	t.Parallel()
	w := working(t)
	id := w.file("ana@example.test").ID
	w.until(id, "verifying")
	w.proveByDocument(id)
	w.until(id, "reviewing")
	w.refusedByRule(id)
	got := w.command(api.DPO, id, "extend", map[string]any{"reason": "complexity"})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	got = w.command(api.DPO, id, "extend", map[string]any{"reason": "complexity"})
	require.Equal(t, http.StatusConflict, got.Status, "an extension is for once (Art. 12(3) GDPR)")
	require.NotEmpty(t, into[problem](t, got).Citation, "%s", got.Body)
	w.supersededDates(id)
	require.Equal(t, http.StatusOK, w.command(api.Agent, id, "approve", map[string]any{"note": "all is well"}).Status)
	w.until(id, "closed")
	require.Equal(t, http.StatusNoContent, w.command(api.Agent, id, "resend", map[string]any{}).Status)
	late := w.command(api.Agent, id, "approve", map[string]any{})
	require.Equal(t, http.StatusConflict, late.Status)
	require.Equal(t, "state", into[problem](t, late).Code)
	w.over(id)
	got = w.command(api.DPO, id, "reopen", map[string]any{})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	w.until(id, "reviewing")
	require.EqualValues(t, 2, into[map[string]any](t, got)["run"])
}

// proveByDocument shows a document, looks at it and accepts it, with a key that is sent twice.
func (w *world) proveByDocument(id uuid.UUID) {
	t, path := w.t, "/v1/requests/"+id.String()
	picture := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("passport"), 1000)...)
	got := w.upload(path+"/documents", picture)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	document := into[struct{ ID string }](t, got).ID
	seen := w.call(api.Agent, http.MethodGet, path+"/documents/"+document, nil)
	require.Equal(t, picture, seen.Body)
	require.Equal(t, "image/png", seen.Header.Get("Content-Type"))
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/tasks", nil).Body), "confirm-identity")
	require.Equal(t, http.StatusUnprocessableEntity, w.upload(path+"/documents", []byte("MZ a program")).Status)

	key := uuid.NewString()
	first := w.call(api.Agent, http.MethodPost, path+"/confirm-identity", map[string]any{"note": "passport seen"}, "Idempotency-Key", key)
	require.Equal(t, http.StatusOK, first.Status, "%s", first.Body)
	again := w.call(api.Agent, http.MethodPost, path+"/confirm-identity", map[string]any{"note": "passport seen"}, "Idempotency-Key", key)
	require.Equal(t, string(first.Body), string(again.Body))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	other := w.call(api.Agent, http.MethodPost, path+"/confirm-identity", map[string]any{"note": "another"}, "Idempotency-Key", key)
	require.Equal(t, http.StatusUnprocessableEntity, other.Status)
	require.Equal(t, http.StatusGone, w.call(api.Agent, http.MethodGet, path+"/documents/"+document, nil).Status, "destroyed on decision")
}

func (w *world) upload(path string, content []byte) answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "id.png")
	require.NoError(w.t, err)
	_, err = part.Write(content)
	require.NoError(w.t, err)
	require.NoError(w.t, form.Close())
	return w.call(api.Agent, http.MethodPost, path, body.Bytes(), "Content-Type", form.FormDataContentType())
}

// refusedByRule tries a ground that the law does not know: it is refused, on record, and its explanation is not kept.
func (w *world) refusedByRule(id uuid.UUID) {
	t := w.t
	key := uuid.NewString()
	for range 2 {
		got := w.call(api.DPO, http.MethodPost, "/v1/requests/"+id.String()+"/refuse", map[string]any{"reason": "fraud_belief", "explanation": "we suspect fraud"}, "Idempotency-Key", key)
		require.Equal(t, http.StatusConflict, got.Status, "%s", got.Body)
		require.Equal(t, "refusal_reason_not_in_regime", into[problem](t, got).Code, "%s", got.Body)
	}
	require.NotContains(t, string(w.call(api.DPO, http.MethodGet, "/v1/requests/"+id.String()+"/notes", nil).Body), "suspect")
	timeline := string(w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/timeline", nil).Body)
	require.Contains(t, timeline, "command.refused")
	require.NotContains(t, timeline, "passport seen")
	require.Equal(t, "reviewing", w.stateOf(id))
}

// supersededDates looks for the dates before and after the extension, each with its explanation.
func (w *world) supersededDates(id uuid.UUID) {
	for _, o := range into[struct {
		Items []struct {
			Kind  string
			Dates []struct {
				Cause       string
				Explanation struct{ Rule, Result string }
			}
		}
	}](w.t, w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/obligations", nil)).Items {
		if o.Kind != "respond" {
			continue
		}
		last := o.Dates[len(o.Dates)-1]
		require.Greater(w.t, len(o.Dates), 1)
		require.Equal(w.t, "extension", last.Cause)
		require.NotEmpty(w.t, last.Explanation.Result)
	}
}

// While Temporal is down a command changes nothing, and says so.
func TestCommandsWithoutTemporal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id := w.file("ana@example.test").ID
	got := w.command(api.Agent, id, "withdraw", map[string]any{"note": "called us"})
	require.Equal(t, http.StatusServiceUnavailable, got.Status, "%s", got.Body)
	require.Equal(t, "temporal-unavailable", into[problem](t, got).Code)
	require.NotEmpty(t, got.Header.Get("Retry-After"))
	require.JSONEq(t, `{"items":[]}`, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+id.String()+"/notes", nil).Body))
	require.Equal(t, "received", w.stateOf(id))
	require.Equal(t, http.StatusCreated, w.call(api.Agent, http.MethodPost, "/v1/requests/"+id.String()+"/notes", map[string]any{"text": "a note"}, "Idempotency-Key", "n").Status)
}

// A command for a request whose workflow was never started starts it: the relay may be behind.
func TestCommandStartsWhatWasLeft(t *testing.T) {
	t.Parallel()
	w := working(t)
	var id uuid.UUID
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		opened, err := w.desk.Open(ctx, tx, newRequest("ana@example.test"))
		id = opened.ID
		return err
	})
	got := w.command(api.Agent, id, "withdraw", map[string]any{"note": strings.Repeat("x", 100)})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, "withdrawn", into[map[string]any](t, got)["outcome"])
}

// deaf is an engine whose answer to one command is lost on the way, as when the server is killed while it waits.
type deaf struct {
	engine.Workflows
	lost atomic.Bool
}

// UpdateWorkflow implements engine.Workflows.
func (d *deaf) UpdateWorkflow(ctx context.Context, options client.UpdateWorkflowOptions) (client.WorkflowUpdateHandle, error) {
	handle, err := d.Workflows.UpdateWorkflow(ctx, options)
	if !d.lost.Swap(true) {
		return nil, serviceerror.NewUnavailable("the answer was lost")
	}
	return handle, err
}

// A command that was carried out and not answered is answered by sending it again, also when the request has lived and
// ended once more meanwhile, so that no workflow knows of it.
func TestLostAnswerIsGivenAgain(t *testing.T) {
	t.Parallel()
	w := working(t, func(_ *world, c *api.Config) { c.Temporal = &deaf{Workflows: c.Temporal} })
	id := w.file("ana@example.test").ID
	w.until(id, "verifying")
	path, body, key := "/v1/requests/"+id.String()+"/extend", map[string]any{"reason": "complexity"}, uuid.NewString()
	got := w.call(api.DPO, http.MethodPost, path, body, "Idempotency-Key", key)
	require.Equal(t, http.StatusGatewayTimeout, got.Status, "%s", got.Body)
	for range 2 {
		require.Equal(t, http.StatusOK, w.command(api.Agent, id, "withdraw", map[string]any{}).Status)
		w.over(id)
		require.Equal(t, http.StatusOK, w.command(api.DPO, id, "reopen", map[string]any{}).Status)
		w.until(id, "verifying")
	}
	require.Equal(t, http.StatusOK, w.command(api.Agent, id, "withdraw", map[string]any{}).Status)
	w.over(id)
	for range 2 {
		got = w.call(api.DPO, http.MethodPost, path, body, "Idempotency-Key", key)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	}
	require.Equal(t, "true", got.Header.Get("Idempotency-Replayed"))
}

// A key belongs to one request: under another one it is refused while it is remembered, and is a new request's afterwards. A
// request that is sent again is done once.
func TestAKeyIsOfOneRequest(t *testing.T) {
	t.Parallel()
	w := working(t)
	id := w.file("ana@example.test").ID
	w.until(id, "verifying")
	under := func(key, name string) answer {
		return w.call(api.DPO, http.MethodPost, "/v1/requests/"+id.String()+"/"+name, map[string]any{}, "Idempotency-Key", key)
	}
	first, second := uuid.NewString(), uuid.NewString()
	require.Equal(t, http.StatusOK, under(first, "withdraw").Status)
	w.over(id)
	refused := under(first, "reopen")
	require.Equal(t, http.StatusUnprocessableEntity, refused.Status, "%s", refused.Body)
	require.Equal(t, "idempotency-key-reused", into[problem](t, refused).Code)
	opened := under(second, "reopen")
	require.Equal(t, http.StatusOK, opened.Status, "%s", opened.Body)
	w.until(id, "verifying")
	again := under(second, "reopen")
	require.Equal(t, string(opened.Body), string(again.Body))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	require.Equal(t, http.StatusUnprocessableEntity, under(second, "withdraw").Status)
	require.Equal(t, "verifying", w.stateOf(id))

	_, err := w.register.Owner(t).Exec(t.Context(), "DELETE FROM idempotency_keys") // as a day does
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, under(second, "withdraw").Status)
	w.over(id)
}
