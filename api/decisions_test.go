package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

type contestedAnswer struct {
	Decision, Taken, Effect, View string
	Makers                        []string
	SaidAt                        *time.Time `json:"makers_said_at"`
	Reviews                       []struct{ Outcome, Reasons, Role, SHA256 string }
}

// Art. 22(3) GDPR: what the form takes about a decision is shown to those who work on it; a program reviews nothing, somebody signed in does, and the answer is
// what was read.
func TestArt22DecisionIsReviewedBySomebodySignedIn(t *testing.T) {
	t.Parallel()
	w := working(t, wide)
	form := w.form(sets("right", "automated_decision"), sets("contest_decision", "A refused\r\ninstalment plan"), sets("contest_view", "It was not my order."))
	require.Equal(t, http.StatusOK, w.visit("/acme/request?lang=en", form).Status)
	id := into[struct{ Items []struct{ ID uuid.UUID } }](t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil)).Items[0].ID
	w.until(id, "verifying")
	code := sixDigits.FindStringSubmatch(w.letter(id.String(), "one_time_code"))[1]
	status := statusLink.FindStringSubmatch(w.letter(id.String(), "acknowledgement"))[1]
	require.Equal(t, http.StatusOK, w.visit(status+"/code", url.Values{"code": {code}}).Status)
	w.until(id, "reviewing")

	at := "/v1/requests/" + id.String() + "/decision"
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, at, nil).Status, "auditors see no person")
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, at, nil).Status)
	seen := into[contestedAnswer](t, w.call(api.Agent, http.MethodGet, at, nil))
	require.Equal(t, contestedAnswer{Decision: "A refused instalment plan", View: "It was not my order.", Makers: []string{}, Reviews: seen.Reviews}, seen)
	require.Empty(t, seen.Reviews)

	review := map[string]any{"outcome": "annulled", "considered": "The order was another's.", "data": "Orders of two years.", "reasons": "You can pay in parts."}
	program := w.command(api.DPO, id, "decision/reviews", review)
	require.Equal(t, http.StatusConflict, program.Status, "%s", program.Body)
	require.Equal(t, "human_needed", into[problem](t, program).Code)
	dpo := w.browser().enter(w.hire(w.tenant, "dpo", "bo@acme.test"))
	for field := range review {
		without := map[string]any{}
		for k, v := range review {
			if without[k] = v; k == field {
				without[k] = " "
			}
		}
		require.Equal(t, http.StatusUnprocessableEntity, dpo.call(http.MethodPost, at+"/reviews", without).Status, field)
	}
	made := dpo.must(http.StatusCreated, http.MethodPost, at+"/reviews", review)
	require.NotContains(t, string(made.Body), "in parts", "the answer that is remembered holds no words")
	sum := into[struct{ SHA256 string }](t, made).SHA256
	shown := into[contestedAnswer](t, dpo.must(http.StatusOK, http.MethodGet, at, nil))
	require.Equal(t, sum, shown.Reviews[0].SHA256)
	require.Equal(t, "You can pay in parts.", shown.Reviews[0].Reasons)

	unsaid := dpo.must(http.StatusConflict, http.MethodPost, "/v1/requests/"+id.String()+"/conclude-review", map[string]any{"sha256": sum})
	require.Equal(t, "makers_unsaid", into[problem](t, unsaid).Code)
	dpo.must(http.StatusOK, http.MethodPost, at+"/makers", map[string]any{"makers": []string{}})
	require.NotNil(t, into[contestedAnswer](t, dpo.must(http.StatusOK, http.MethodGet, at, nil)).SaidAt)
	require.Equal(t, http.StatusConflict, w.command(api.DPO, id, "conclude-review", map[string]any{"sha256": sum}).Status, "nor does a program answer")
	dpo.must(http.StatusOK, http.MethodPost, "/v1/requests/"+id.String()+"/conclude-review", map[string]any{"sha256": sum})
	w.until(id, "closed")
	require.Contains(t, w.letter(id.String(), "decision_reviewed"), "You can pay in parts.")
	require.Contains(t, string(w.visit(status, nil).Body), "A human has looked at the decision.")
	late := dpo.call(http.MethodPost, at+"/reviews", review)
	require.Equal(t, "nothing_to_review", into[problem](t, late).Code)
}

// A decision is nothing that a request for something else has.
func TestDecisionIsOfItsRightAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	filed := w.file("ana@example.test")
	at := "/v1/requests/" + filed.ID.String() + "/decision"
	require.Equal(t, http.StatusNotFound, w.call(api.Agent, http.MethodGet, at, nil).Status)
	got := w.command(api.Agent, filed.ID, "decision/makers", map[string]any{"makers": []string{}})
	require.Equal(t, "nothing_to_review", into[problem](t, got).Code)
}
