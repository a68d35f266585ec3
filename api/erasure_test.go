package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage/storagetest"
)

type holdsAnswer struct {
	Items []struct{ Matter string }
	Next  string `json:"next_cursor"`
}

// hold is the body that places one.
func hold(matter string) map[string]any {
	return map[string]any{
		"matter": matter, "reason": "They dispute an order.", "review_on": time.Now().AddDate(0, 3, 0).Format(time.DateOnly),
		"people": []map[string]any{{"email": "ana@example.test"}},
	}
}

// Holds are read to their end a page at a time, each once, newest first.
func TestHoldsByThePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	for i := range 5 {
		got := w.call(api.DPO, http.MethodPost, "/v1/holds", hold(fmt.Sprintf("matter %d", i)), "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	}
	var matters []string
	cursor := ""
	for range 3 {
		all := into[holdsAnswer](t, w.call(api.DPO, http.MethodGet, "/v1/holds?limit=2&cursor="+cursor, nil))
		for _, h := range all.Items {
			matters = append(matters, h.Matter)
		}
		cursor = all.Next
	}
	require.Empty(t, cursor)
	require.Equal(t, []string{"matter 4", "matter 3", "matter 2", "matter 1", "matter 0"}, matters)
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.DPO, http.MethodGet, "/v1/holds?cursor=abc", nil).Status)
}

// A reason of spaces is none, wherever one is wanted, and whatever the spaces are.
func TestBlankReasonsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	id := w.file("ana@example.test").ID
	spaces := " \t\n\u00a0\u2003\u3000"
	at := "/v1/requests/" + id.String()
	with := func(body map[string]any, field string) map[string]any {
		body[field] = spaces
		return body
	}
	for name, c := range map[string]struct {
		path, field string
		body        map[string]any
	}{
		"a hold's matter":       {"/v1/holds", "matter", hold("x")},
		"a hold's reason":       {"/v1/holds", "reason", hold("x")},
		"lifting a hold":        {"/v1/holds/" + uuid.NewString() + "/lift", "reason", map[string]any{}},
		"a decision":            {at + "/erasure/decisions", "reason", map[string]any{"kind": "claim", "dataset": "shop", "collection": "orders"}},
		"sending a plan back":   {at + "/return-plan", "note", map[string]any{}},
		"what was done by hand": {at + "/done-by-hand", "note", map[string]any{"system": "shop"}},
		"leaving a system out":  {at + "/exclude-system", "note", map[string]any{"system": "shop"}},
		"an identity":           {at + "/confirm-identity", "note", map[string]any{}},
		"a question":            {at + "/ask-clarification", "question", map[string]any{}},
		"telling a recipient":   {at + "/recipients/" + uuid.NewString(), "note", map[string]any{"state": "told"}},
		"a stop":                {"/v1/systems/stop", "reason", map[string]any{}},
		"a note":                {at + "/notes", "text", map[string]any{}},
	} {
		got := w.call(api.DPO, http.MethodPost, c.path, with(c.body, c.field), "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", name, got.Body)
		p := into[problem](t, got)
		require.Len(t, p.Errors, 1, "%s: %s", name, got.Body)
		require.Equal(t, "body."+c.field, p.Errors[0].Location, name)
		require.Contains(t, p.Errors[0].Message, "more than spaces", name)
	}
}

// An approval names the plan that was read, and everybody who looks sees who can't give it.
func TestApprovalNamesThePlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	id := w.file("ana@example.test").ID
	approve := "/v1/requests/" + id.String() + "/approve-plan"
	for name, sum := range map[string]any{"none": nil, "too short": "c8037e", "no sum": strings.Repeat("x", 64), "in capitals": strings.Repeat("A", 64)} {
		got := w.call(api.DPO, http.MethodPost, approve, map[string]any{"sha256": sum}, "Idempotency-Key", uuid.NewString())
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", name, got.Body)
	}
	filled := storagetest.Fill(t, w.db, w.tenant)
	seen := into[struct {
		SHA256     string   `json:"sha256"`
		PreparedBy []string `json:"prepared_by"`
		ProposedBy string   `json:"proposed_by"`
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/requests/"+filled.Case.String()+"/erasure", nil))
	require.Len(t, seen.SHA256, 64)
	require.Contains(t, seen.PreparedBy, seen.ProposedBy)
}

// A key tells who made it, and one that was made with a key tells of the same person.
func TestKeysTellWhoMadeThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	own, staff := w.person(api.Admin)
	first := w.send(own, http.MethodPost, "/v1/api-keys", map[string]any{"name": "first", "role": "admin"})
	require.Equal(t, http.StatusCreated, first.Status, "%s", first.Body)
	second := w.send(into[madeKey](t, first).Key, http.MethodPost, "/v1/api-keys", map[string]any{"name": "second", "role": "agent"})
	require.Equal(t, http.StatusCreated, second.Status, "%s", second.Body)
	unknown := w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "third", "role": "agent"})
	require.Equal(t, http.StatusCreated, unknown.Status, "%s", unknown.Body)
	makers := map[string]string{}
	for _, k := range into[struct {
		Items []struct {
			Name   string
			MadeBy string `json:"made_by"`
		}
	}](t, w.call(api.Admin, http.MethodGet, "/v1/api-keys", nil)).Items {
		makers[k.Name] = k.MadeBy
	}
	require.Equal(t, staff.String(), makers["first"])
	require.Equal(t, staff.String(), makers["second"])
	require.Empty(t, makers["third"], "the key that made it was made on the server")
}
