package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type useListAnswer struct {
	Checked int
	Refused []struct {
		Index  int
		Blocks []struct{ Kind, Why string }
	}
}

// suppressed keeps somebody from coming back, as an erasure does.
func (w *world) suppressed(p storage.Person) {
	w.t.Helper()
	require.NoError(w.t, w.db.Change(w.t.Context(), w.tenant, audit.Actor{Kind: audit.System, ID: "eraser"}, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, p, storage.SuppressAll, storage.SuppressedErased, nil)
	}))
}

// Before a list is imported it is asked about as a whole: whoever was erased, objected or is restricted is named by their place in it.
func TestAListIsCheckedAsAWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	w.suppressed(storage.Person{Email: "gone@example.test", Phone: "+49 30 999"})
	filed := w.call(api.Agent, http.MethodPost, "/v1/requests", request("ana@example.test", func(b map[string]any) {
		b["right"], b["against"] = "objection", []string{"direct_marketing"}
	}), "Idempotency-Key", "a")
	require.Equal(t, http.StatusCreated, filed.Status, "%s", filed.Body)
	people := []any{known("bea@example.test"), known("Gone@Example.test"), map[string]any{"phone": "+4930999"}, known("ana@example.test"), known("cleo@example.test")}
	ask := func(purpose string) useListAnswer {
		got := w.call(api.Agent, http.MethodPost, "/v1/use-checks/list", map[string]any{"people": people, "purpose": purpose, "basis": "legitimate_interests"})
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		return into[useListAnswer](t, got)
	}
	got := ask("direct_marketing")
	require.Equal(t, 5, got.Checked)
	var places []int
	for _, r := range got.Refused {
		places = append(places, r.Index)
	}
	require.Equal(t, []int{1, 2, 3}, places)
	require.Equal(t, "suppression", got.Refused[0].Blocks[0].Kind)
	require.Equal(t, "direct_marketing", got.Refused[2].Blocks[0].Kind)
	require.Empty(t, ask("service").Refused)

	for name, c := range map[string]struct {
		body  map[string]any
		words string
	}{
		"no list":        {map[string]any{"people": nil, "purpose": "sale"}, "body.people"},
		"nothing at all": {map[string]any{"purpose": "sale"}, "people"},
		"an empty list":  {map[string]any{"people": []any{}, "purpose": "sale"}, "body.people"},
		"no address":     {map[string]any{"people": []any{known("a@example.test"), known("nobody")}, "purpose": "sale"}, "body.people[1].email"},
		"nobody":         {map[string]any{"people": []any{known("a@example.test"), map[string]any{}}, "purpose": "sale"}, "body.people[1]"},
		"one too many":   {map[string]any{"people": many(10_001), "purpose": "sale"}, "body.people"},
		"a made-up word": {map[string]any{"people": people, "purpose": "fun"}, "body.purpose"},
	} {
		got := w.call(api.Agent, http.MethodPost, "/v1/use-checks/list", c.body)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), c.words, name)
	}
	all := w.call(api.Agent, http.MethodPost, "/v1/use-checks/list", map[string]any{"people": many(10_000), "purpose": "sale"})
	require.Equal(t, http.StatusOK, all.Status, "%s", all.Body)
	require.Equal(t, 10_000, into[useListAnswer](t, all).Checked)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodPost, "/v1/use-checks/list", map[string]any{"people": people, "purpose": "sale"}).Status)
}

// Who asks about many leaves a trace that names nobody: how many, and for what. What is refused was not asked.
func TestAskingAboutManyIsOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	people := []any{known("gone@example.test"), known("bea@example.test")}
	ask := func(body map[string]any) int {
		return w.call(api.Agent, http.MethodPost, "/v1/use-checks/list", body).Status
	}
	require.Equal(t, http.StatusUnprocessableEntity, ask(map[string]any{"people": nil, "purpose": "sale"}))
	require.Equal(t, http.StatusOK, ask(map[string]any{"people": people, "purpose": "direct_marketing"}))
	require.Equal(t, http.StatusOK, ask(map[string]any{"people": people[:1], "purpose": "sale"}))
	w.placed()
	lines := w.auditLog(url.Values{"action": {string(audit.UsesChecked)}}, 10)
	require.Len(t, lines, 2)
	require.Equal(t, map[string]string{"count": "1", "purpose": "sale"}, lines[0].Facts)
	require.Equal(t, map[string]string{"count": "2", "purpose": "direct_marketing"}, lines[1].Facts)
}

func many(n int) []any {
	out := make([]any, n)
	for i := range out {
		out[i] = known(fmt.Sprintf("person-%d-of-a-long-list@mail.customers.example.test", i))
	}
	return out
}

// Who was erased may come back by themselves: an officer says why that is known. Erased once more, they are suppressed once more.
func TestASuppressionEndsWhenThePersonComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	gone := storage.Person{Email: "gone@example.test"}
	w.suppressed(gone)
	ask := map[string]any{"person": known("gone@example.test"), "purpose": "direct_marketing", "basis": "consent"}
	require.False(t, w.mayUse(ask).Allowed)
	back := map[string]any{"person": known("Gone@example.test"), "reason": "consent"}
	end := func(role api.Role) answer { return w.ends(role, back, uuid.NewString()) }
	require.Equal(t, http.StatusForbidden, end(api.Agent).Status)
	ended := end(api.DPO)
	require.Equal(t, http.StatusOK, ended.Status, "%s", ended.Body)
	require.JSONEq(t, `{"ended":1}`, string(ended.Body))
	require.True(t, w.mayUse(ask).Allowed)
	again := end(api.DPO)
	require.Equal(t, http.StatusConflict, again.Status)
	require.Equal(t, "not_suppressed", into[problem](t, again).Code)
	w.suppressed(gone)
	require.False(t, w.mayUse(ask).Allowed)
	w.suppressed(gone)
	require.JSONEq(t, `{"ended":1}`, string(end(api.Admin).Body))
	foreign := w.send(w.foreign, http.MethodPost, "/v1/suppressions/end", back, "Idempotency-Key", "a")
	require.Equal(t, http.StatusConflict, foreign.Status, "another tenant's suppressions are others")
	back["reason"] = "marketing"
	require.Equal(t, http.StatusUnprocessableEntity, end(api.DPO).Status)
}

func (w *world) ends(role api.Role, back any, key string) answer {
	w.t.Helper()
	return w.call(role, http.MethodPost, "/v1/suppressions/end", back, "Idempotency-Key", key)
}

// Who lost the answer asks again under the same key, and hears the same. What ended is named in the log by its id, and where it came from.
func TestTheEndOfASuppressionIsFoundAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	erased := w.file("gone@example.test").ID
	require.NoError(t, w.db.Change(t.Context(), w.tenant, audit.Actor{Kind: audit.System, ID: "eraser"}, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, storage.Person{Email: "gone@example.test", Phone: "+49 30 999"}, storage.SuppressAll, storage.SuppressedErased, &erased)
	}))
	w.suppressed(storage.Person{CustomerID: "C-17"})
	back := map[string]any{"person": map[string]any{"email": "gone@example.test", "phone": "+49 30 999", "customer_id": "C-17"}, "reason": "contract"}
	none := w.call(api.DPO, http.MethodPost, "/v1/suppressions/end", back)
	require.Equal(t, http.StatusBadRequest, none.Status)
	require.Equal(t, "idempotency-key-missing", into[problem](t, none).Code)

	first := w.ends(api.DPO, back, "once")
	require.Equal(t, http.StatusOK, first.Status, "%s", first.Body)
	require.JSONEq(t, `{"ended":3}`, string(first.Body))
	again := w.ends(api.DPO, back, "once")
	require.Equal(t, http.StatusOK, again.Status)
	require.Equal(t, first.Body, again.Body)
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
	require.Equal(t, http.StatusConflict, w.ends(api.DPO, back, "twice").Status, "nothing is left to end")
	other := map[string]any{"person": known("other@example.test"), "reason": "contract"}
	require.Equal(t, http.StatusUnprocessableEntity, w.ends(api.DPO, other, "once").Status, "the key is of another request")

	w.placed()
	lines := w.auditLog(url.Values{"action": {"suppression.ended"}}, 100)
	require.Len(t, lines, 3, "each once")
	ids, requests := map[string]bool{}, map[uuid.UUID]int{}
	for _, l := range lines {
		require.Equal(t, "suppression", l.ObjectKind)
		require.NoError(t, uuid.Validate(l.ObjectID))
		require.Equal(t, map[string]string{"method": "contract"}, l.Facts)
		ids[l.ObjectID] = true
		requests[l.Request]++
	}
	require.Len(t, ids, 3)
	require.Equal(t, map[uuid.UUID]int{erased: 2, uuid.Nil: 1}, requests)
}
