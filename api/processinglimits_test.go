package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage/storagetest"
)

type useAnswer struct {
	Allowed bool
	Blocks  []struct {
		Kind, Why, Citation string
		Provisional         bool
	}
}

func (w *world) mayUse(body map[string]any) useAnswer {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodPost, "/v1/use-checks", body)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[useAnswer](w.t, got)
}

func known(email string) map[string]any { return map[string]any{"email": email} }

// An objection that is filed stands in the very next check, for who wrote the address in other letters too, and for nobody else.
func TestUseIsChecked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	ask := map[string]any{"person": known("Ana@Example.test"), "purpose": "direct_marketing", "basis": "legitimate_interests"}
	require.True(t, w.mayUse(ask).Allowed)
	filed := w.call(api.Agent, http.MethodPost, "/v1/requests", request("ana@example.test", func(b map[string]any) {
		b["right"], b["against"] = "objection", []string{"direct_marketing"}
	}), "Idempotency-Key", "a")
	require.Equal(t, http.StatusCreated, filed.Status, "%s", filed.Body)
	got := w.mayUse(ask)
	require.False(t, got.Allowed)
	require.Equal(t, "purpose", got.Blocks[0].Why)
	require.Equal(t, "Art. 21(3) GDPR", got.Blocks[0].Citation)
	require.False(t, got.Blocks[0].Provisional)
	require.True(t, w.mayUse(map[string]any{"person": known("ana@example.test"), "purpose": "service", "basis": "contract"}).Allowed)
	require.True(t, w.mayUse(map[string]any{"person": known("bea@example.test"), "purpose": "direct_marketing"}).Allowed)
	byPhone := map[string]any{"person": map[string]any{"phone": "+49 30 1234567"}, "purpose": "direct_marketing"}
	require.False(t, w.mayUse(byPhone).Allowed, "by whatever the system knows them")

	for name, c := range map[string]struct {
		body  any
		field string
	}{
		"nobody":            {map[string]any{"person": map[string]any{}, "purpose": "other"}, "body.person"},
		"no address":        {map[string]any{"person": known("nobody"), "purpose": "other"}, "body.person.email"},
		"no purpose":        {map[string]any{"person": known("a@example.test")}, "body"},
		"a made-up purpose": {map[string]any{"person": known("a@example.test"), "purpose": "fun"}, "body.purpose"},
	} {
		got := w.call(api.Agent, http.MethodPost, "/v1/use-checks", c.body)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), c.field, name)
	}
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodPost, "/v1/use-checks", ask).Status, "who asks names a person")
	foreign := w.send(w.foreign, http.MethodPost, "/v1/use-checks", ask)
	require.Equal(t, http.StatusOK, foreign.Status)
	require.True(t, into[useAnswer](t, foreign).Allowed, "another tenant's people are others")
}

// What a request needs beyond its right is asked for, and what does not belong to it refused.
func TestRequestsSayWhatTheirAnswersTurnOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	for right, extra := range map[string]map[string]any{
		"restriction": {}, "objection": {"against": []string{"sale"}}, "access": {"ground": "unlawful"}, "erasure": {"against": []string{"profiling"}},
		"automated_decision": {}, "portability": {"contest": map[string]any{"decision": "A refused credit"}},
	} {
		got := w.call(api.Agent, http.MethodPost, "/v1/requests", request("a@example.test", func(b map[string]any) {
			b["right"] = right
			for k, v := range extra {
				b[k] = v
			}
		}), "Idempotency-Key", right)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", right, got.Body)
		require.Equal(t, "ask", into[problem](t, got).Code)
	}
	require.Zero(t, w.count())
}

// Several rights in one request are as many cases, all or none, and each says which came with it.
func TestRequestCarriesSeveralRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	type taken struct {
		ID, Reference string
		Also          []struct{ ID, Reference, Right string }
	}
	body := func(also ...map[string]any) map[string]any {
		return request("ana@example.test", func(b map[string]any) { b["also"] = also })
	}
	restriction := map[string]any{"right": "restriction", "ground": "unlawful"}
	got := w.call(api.Agent, http.MethodPost, "/v1/requests", body(restriction, map[string]any{"right": "erasure"}), "Idempotency-Key", "a")
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	first := into[taken](t, got)
	require.Len(t, first.Also, 2)
	require.Equal(t, "restriction", first.Also[0].Right)
	again := into[taken](t, w.call(api.Agent, http.MethodPost, "/v1/requests", body(restriction, map[string]any{"right": "erasure"}), "Idempotency-Key", "a"))
	require.Equal(t, first, again)
	require.Equal(t, 3, w.count())

	detail := into[struct {
		Ground    string
		Submitted []struct{ Reference, Right string }
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/requests/"+first.Also[0].ID, nil))
	require.Equal(t, "unlawful", detail.Ground)
	require.Equal(t, first.Reference, detail.Submitted[0].Reference)

	twice := w.call(api.Agent, http.MethodPost, "/v1/requests", body(map[string]any{"right": "access"}), "Idempotency-Key", "b")
	require.Equal(t, http.StatusUnprocessableEntity, twice.Status)
	half := w.call(api.Agent, http.MethodPost, "/v1/requests", body(map[string]any{"right": "erasure"}, map[string]any{"right": "restriction"}), "Idempotency-Key", "c")
	require.Equal(t, http.StatusUnprocessableEntity, half.Status)
	foreign := w.call(api.Agent, http.MethodPost, "/v1/requests", body(map[string]any{"right": "opt_out"}), "Idempotency-Key", "d")
	require.Equal(t, http.StatusUnprocessableEntity, foreign.Status, "a right that the law does not give")
	require.Equal(t, 3, w.count(), "all or none")
}

// 11 CCR 7025: a signal opts out once; what is none is refused.
func TestOptOutSignals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	body := map[string]any{"person": known("ana@example.test"), "regime": "ccpa"}
	for _, value := range []string{"", "0", "true"} {
		got := w.call(api.Agent, http.MethodPost, "/v1/opt-out-signals", body, "Idempotency-Key", "x"+value, "Sec-GPC", value)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, value)
	}
	type taken struct {
		OptedOut  bool `json:"opted_out"`
		Reference string
	}
	first := w.call(api.Agent, http.MethodPost, "/v1/opt-out-signals", body, "Idempotency-Key", "a", "Sec-GPC", "1")
	require.Equal(t, http.StatusCreated, first.Status, "%s", first.Body)
	require.NotEmpty(t, into[taken](t, first).Reference)
	next := w.call(api.Agent, http.MethodPost, "/v1/opt-out-signals", body, "Idempotency-Key", "b", "Sec-GPC", "1")
	require.Equal(t, http.StatusOK, next.Status)
	require.Equal(t, taken{OptedOut: true}, into[taken](t, next))
	require.Equal(t, 1, w.count())
	require.False(t, w.mayUse(map[string]any{"person": known("ana@example.test"), "purpose": "sharing"}).Allowed)
	none := w.call(api.Agent, http.MethodPost, "/v1/opt-out-signals", map[string]any{"person": known("bea@example.test")}, "Idempotency-Key", "c", "Sec-GPC", "1")
	require.Equal(t, http.StatusConflict, none.Status, "the tenant's own law has no such right")
	require.Contains(t, string(none.Body), "right to opt out")
}

// Everybody who sees the process sees what a request has set; the words of the weighing are for those who may read its notes.
func TestLimitsOfARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	filled := storagetest.Fill(t, w.db, w.tenant)
	path := "/v1/requests/" + filled.Case.String() + "/limits"
	type limits struct {
		Limits []struct{ ID, Kind string }
		Marks  []struct{ System, State string }
	}
	for _, role := range api.Roles() {
		got := w.call(role, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
		all := into[limits](t, got)
		require.Equal(t, "legitimate_interest", all.Limits[0].Kind)
		require.Equal(t, "pending", all.Marks[0].State)
		for _, canary := range filled.Canaries {
			require.NotContains(t, string(got.Body), canary)
		}
	}
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, path, nil).Status)
	listed := into[struct {
		Items []struct{ Kind, Reference string }
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/limits", nil))
	require.Len(t, listed.Items, 1)
	require.Empty(t, into[struct{ Items []any }](t, w.call(api.Auditor, http.MethodGet, "/v1/limits?kind=sale", nil)).Items)
	require.Empty(t, into[struct{ Items []any }](t, w.send(w.foreign, http.MethodGet, "/v1/limits", nil)).Items)

	lift := path + "/" + into[limits](t, w.call(api.DPO, http.MethodGet, path, nil)).Limits[0].ID + "/lift"
	body := `{"reason":"ground_gone","note":"It was checked."}`
	require.Equal(t, http.StatusForbidden, w.call(api.Agent, http.MethodPost, lift, body, "Idempotency-Key", "a").Status)
	open := w.call(api.DPO, http.MethodPost, lift, body, "Idempotency-Key", "b")
	require.Equal(t, http.StatusConflict, open.Status, "%s", open.Body)
	require.Contains(t, string(open.Body), "still open")
	weigh := w.call(api.Agent, http.MethodPost, "/v1/requests/"+filled.Case.String()+"/balance-tests",
		`{"outcome":"grounds_override","interest":"a","necessity":"b","impact":"c","safeguards":"d"}`, "Idempotency-Key", "c")
	require.Equal(t, http.StatusConflict, weigh.Status, "%s", weigh.Body)
}
