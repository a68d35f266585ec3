package api_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/storage"
)

// business makes the tenant one of the network, under Californian law too.
func (w *world) business() {
	w.t.Helper()
	var tenant map[string]any
	require.NoError(w.t, json.Unmarshal(w.call(api.Admin, http.MethodGet, "/v1/tenant", nil).Body, &tenant))
	settings := tenant["settings"].(map[string]any)
	settings["drp_business_id"], settings["regimes"] = "ACME", []string{"ccpa"}
	for _, gone := range []string{"id", "slug", "$schema", "operates"} {
		delete(tenant, gone)
	}
	got := w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	w.db.ForgetTenant(w.tenant)
}

// agent is an authorised agent with its key pair.
type agent struct {
	w       *world
	id      uuid.UUID
	handle  string
	private ed25519.PrivateKey
	token   string
	*listener
}

const drpBase = "/drp/acme/v1"

// represent registers an agent and, unless it is told not to, pairs it.
func (w *world) represent(handle string, change ...func(map[string]any)) *agent {
	w.t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(w.t, err)
	body := map[string]any{
		"protocol": "drp", "handle": handle, "name": "Example Agent", "verify_key": base64.StdEncoding.EncodeToString(public),
		"web_url": "https://agent.example", "vouches": []string{"email", "phone_number"},
	}
	for _, f := range change {
		f(body)
	}
	got := w.call(api.Admin, http.MethodPost, "/v1/requesters", body)
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	a := &agent{w: w, id: into[struct{ ID uuid.UUID }](w.t, got).ID, handle: handle, private: private, listener: listen(w.t.(*testing.T))}
	a.pair()
	return a
}

// envelope is what each message says of itself; change alters it.
func (a *agent) envelope(change ...func(map[string]any)) map[string]any {
	now := a.w.clock.Now()
	m := map[string]any{
		"agent-id": a.handle, "business-id": "ACME", "issued-at": now.Add(-time.Second).Format(time.RFC3339Nano),
		"expires-at": now.Add(10 * time.Minute).Format(time.RFC3339Nano), "drp.version": "0.9.4",
	}
	for _, f := range change {
		f(m)
	}
	return m
}

// exercise is a request of a person in California.
func (a *agent) exercise(action string, change ...func(map[string]any)) map[string]any {
	return a.envelope(append([]func(map[string]any){func(m map[string]any) {
		m["exercise"], m["regime"], m["status_callback"], m["agent-request-id"] = action, "ccpa", a.url, uuid.NewString()
		m["name"], m["email"], m["email_verified"] = "Ana Ünal", "ana@example.test", true
		m["phone_number"], m["phone_number_verified"] = "+14155550100", true
		m["address"] = map[string]string{"street_address": "1 Main Street"}
		m["relationships"], m["power_of_attorney"] = []string{"customer"}, "https://agent.example/poa/1"
	}}, change...)...)
}

func (a *agent) sign(message any) []byte {
	text, err := json.Marshal(message)
	require.NoError(a.w.t, err)
	return drp.Sign(a.private, text)
}

func (a *agent) post(path string, body []byte) answer {
	a.w.t.Helper()
	return a.w.send(a.token, http.MethodPost, drpBase+path, body, "Content-Type", "text/plain")
}

// pair sets the key of the two up.
func (a *agent) pair() {
	a.w.t.Helper()
	got := a.w.send("", http.MethodPost, drpBase+"/agent/"+a.handle, a.sign(a.envelope()), "Content-Type", "text/plain")
	require.Equal(a.w.t, http.StatusOK, got.Status, "%s", got.Body)
	made := into[map[string]string](a.w.t, got)
	require.Equal(a.w.t, a.handle, made["agent-id"])
	a.token = made["token"]
}

// file exercises a right and expects it to be taken.
func (a *agent) file(action string, change ...func(map[string]any)) drp.Status {
	a.w.t.Helper()
	got := a.post("/data-rights-request", a.sign(a.exercise(action, change...)))
	require.Equal(a.w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[drp.Status](a.w.t, got)
}

func (a *agent) status(id uuid.UUID) drp.Status {
	a.w.t.Helper()
	got := a.w.send(a.token, http.MethodGet, drpBase+"/data-rights-request/"+id.String(), nil)
	require.Equal(a.w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[drp.Status](a.w.t, got)
}

func (a *agent) caseOf(id uuid.UUID) (row storage.Case) {
	a.w.t.Helper()
	require.NoError(a.w.t, a.w.db.Read(a.w.t.Context(), a.w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		filed, err := tx.FiledRequestByName(ctx, a.id, id)
		if err != nil {
			return err
		}
		row, err = tx.Case(ctx, filed.CaseID)
		return err
	}))
	return row
}

func (a *agent) told() (statuses []string) {
	for _, call := range a.heard() {
		var s drp.Status
		require.NoError(a.w.t, json.Unmarshal(call.Body, &s))
		require.NotContains(a.w.t, string(call.Body), "example.test")
		statuses = append(statuses, strings.TrimSpace(s.Status+" "+s.Reason))
		if s.Status == drp.InProgress {
			require.NotNil(a.w.t, s.Expected, "expected_by is given while a request is in progress")
		}
	}
	return statuses
}

// The whole play of an agent: it pairs, exercises a right, is told of each change with the day by which to expect an answer, and fetches it where it may.
func TestAnAgentIsAnswered(t *testing.T) {
	t.Parallel()
	w := working(t, local, wide)
	w.business()
	a := w.represent("EXAMPLE_AGENT", func(b map[string]any) { b["results"] = true })
	require.JSONEq(t, `{}`, string(w.send(a.token, http.MethodGet, drpBase+"/agent/EXAMPLE_AGENT", nil).Body))
	taken := a.file("access")
	require.Contains(t, []string{drp.Opened, drp.InProgress}, taken.Status)
	require.NotNil(t, taken.Expected)
	row := a.caseOf(taken.ID)
	require.Equal(t, "ccpa", row.Regime)
	require.Equal(t, "drp", row.Channel)
	require.Equal(t, "phone_number", *row.AlsoProven)
	person := string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+row.ID.String()+"/person", nil).Body)
	require.Contains(t, person, "1 Main Street")
	require.Contains(t, person, "Example Agent", "who asks for the person")
	w.until(row.ID, "reviewing")
	w.tell()
	before := a.status(taken.ID)
	require.Equal(t, http.StatusOK, w.command(api.DPO, row.ID, "extend", map[string]any{"reason": "complexity"}).Status)
	after := a.status(taken.ID)
	require.True(t, after.Expected.After(*before.Expected))
	require.Contains(t, after.Details, "complexity", "an extension says why (section 3.08)")
	w.tell()
	require.Equal(t, http.StatusOK, w.command(api.Agent, row.ID, "approve", map[string]any{"note": "all is well"}).Status)
	w.until(row.ID, "closed")
	w.tell()
	require.Equal(t, []string{drp.InProgress, drp.InProgress, drp.Fulfilled}, a.told())
	done := a.status(taken.ID)
	require.Equal(t, drp.Fulfilled, done.Status)
	got := w.send(a.token, http.MethodGet, strings.TrimPrefix(done.ResultsURL, public), nil)
	require.Equal(t, http.StatusOK, got.Status)
	require.True(t, bytes.HasPrefix(got.Body, []byte("PK")))
	w.clock.Advance(15 * 24 * time.Hour)
	require.Equal(t, drp.Expired, a.status(taken.ID).Status, "its expires_at is over")
	require.Equal(t, http.StatusGone, w.send(a.token, http.MethodGet, strings.TrimPrefix(done.ResultsURL, public), nil).Status)
}

// An opt-out of sale asks nobody who they are, and what the protocol's other rights become.
func TestRightsOfTheProtocol(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	w.business()
	a := w.represent("EXAMPLE_AGENT", func(b map[string]any) { b["vouches"] = []string{} })
	for action, right := range map[string]string{"sale:opt-out": "opt_out", "sale:opt_out": "opt_out", "deletion": "erasure", "access": "access", "access:specific": "access"} {
		row := a.caseOf(a.file(action).ID)
		require.Equal(t, right, row.RequestRight, action)
		require.Equal(t, map[bool]string{true: "waived", false: "unproven"}[right == "opt_out"], row.Identity, "the agent's word counts for nothing here")
	}
	for _, action := range []string{"sale:opt_in", "access:categories", "restriction", ""} {
		got := a.post("/data-rights-request", a.sign(a.exercise(action)))
		require.Equal(t, http.StatusBadRequest, got.Status, action)
		require.Contains(t, string(got.Body), `"fatal":true`)
		require.Contains(t, string(got.Body), `"code":"400"`)
	}
	voluntary := a.caseOf(a.file("access", func(m map[string]any) { delete(m, "regime") }).ID)
	require.Equal(t, "gdpr", voluntary.Regime, "without a regime it is the tenant's own law")
	unverified := w.represent("CAREFUL_AGENT")
	row := unverified.caseOf(unverified.file("access", func(m map[string]any) { m["email_verified"] = false }).ID)
	require.Equal(t, "unproven", row.Identity, "it does not say that it has verified the mailbox")
}

// The six checks come in their order: a message with several things wrong is told the first. What is refused is on record, without the person.
func TestTheSixChecks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	w.business()
	a, other := w.represent("EXAMPLE_AGENT"), w.represent("OTHER_AGENT")
	late := func(m map[string]any) { m["expires-at"] = "2026-01-01T00:00:00Z" }
	early := func(m map[string]any) { late(m); m["issued-at"] = "2026-12-01T00:00:00Z" }
	elsewhere := func(m map[string]any) { early(m); m["business-id"] = "ANOTHER" }
	stolen := func(m map[string]any) { elsewhere(m); m["agent-id"] = "OTHER_AGENT" }
	truncated := a.sign(a.exercise("access"))
	for _, c := range []struct {
		check  drp.Check
		status int
		body   []byte
	}{
		{drp.CheckEncoding, http.StatusBadRequest, []byte("{}")},
		{drp.CheckEncoding, http.StatusBadRequest, []byte(base64.StdEncoding.EncodeToString(make([]byte, 64)))},
		{drp.CheckEncoding, http.StatusRequestEntityTooLarge, bytes.Repeat([]byte("A"), drp.MaxBody+4)},
		{drp.CheckSignature, http.StatusForbidden, other.sign(a.exercise("access", stolen))},
		{drp.CheckSignature, http.StatusForbidden, truncated[:len(truncated)-40]},
		{drp.CheckAgent, http.StatusForbidden, a.sign(a.exercise("access", stolen))},
		{drp.CheckBusiness, http.StatusForbidden, a.sign(a.exercise("access", elsewhere))},
		{drp.CheckIssued, http.StatusBadRequest, a.sign(a.exercise("access", early))},
		{drp.CheckExpired, http.StatusBadRequest, a.sign(a.exercise("access", late))},
		{drp.CheckExpired, http.StatusBadRequest, a.sign(a.exercise("access", func(m map[string]any) { m["expires-at"] = "2027-01-01T00:00:00Z" }))},
		{drp.FaultVersion, http.StatusBadRequest, a.sign(a.exercise("access", func(m map[string]any) { m["drp.version"] = "0.5" }))},
		{drp.FaultForm, http.StatusBadRequest, a.sign([]int{1})},
		{drp.FaultForm, http.StatusBadRequest, a.sign(a.exercise("access", func(m map[string]any) { m["email"] = "ana.example.test" }))},
		{drp.FaultRegime, http.StatusBadRequest, a.sign(a.exercise("access", func(m map[string]any) { m["regime"] = "gdpr" }))},
	} {
		got := a.post("/data-rights-request", c.body)
		require.Equal(t, c.status, got.Status, "%s: %s", c.check, got.Body)
		require.NotContains(t, string(got.Body), "ana")
		require.Equal(t, string(c.check), w.lastRefusal(), "%s", got.Body)
	}
	require.Empty(t, into[struct{ Items []any }](t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil)).Items)
}

// lastRefusal is why a requester was told no most recently.
func (w *world) lastRefusal() string {
	w.t.Helper()
	page := into[struct {
		Items []struct {
			Action string
			Reason string `json:"reason_code"`
		}
	}](w.t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events?action=requester.refused&limit=1", nil))
	require.NotEmpty(w.t, page.Items)
	return page.Items[0].Reason
}

// A message is good once, whoever sends it and however often at once; the agent's own name for a request makes a new message the same request.
func TestMessagesAreGoodOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	w.business()
	a := w.represent("EXAMPLE_AGENT")
	body := a.sign(a.exercise("access", func(m map[string]any) { m["agent-request-id"] = "R-1" }))
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 100, MaxIdleConnsPerHost: 100}}
	var mu sync.Mutex
	seen := map[int]int{}
	var group errgroup.Group
	for range 1000 {
		group.Go(func() error {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+drpBase+"/data-rights-request", bytes.NewReader(body))
			if err != nil {
				return err
			}
			request.Header.Set("Authorization", "Bearer "+a.token)
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, response.Body)
			_ = response.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			seen[response.StatusCode]++
			return err
		})
	}
	require.NoError(t, group.Wait())
	require.Equal(t, map[int]int{http.StatusOK: 1, http.StatusConflict: 999}, seen)
	require.Equal(t, "replay", w.lastRefusal())
	w.clock.Advance(time.Minute)
	again := a.file("access", func(m map[string]any) { m["agent-request-id"] = "R-1" })
	require.Equal(t, "R-1", again.AgentsName)
	require.Len(t, into[struct{ Items []any }](t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil)).Items, 1)
	got := a.post("/data-rights-request", a.sign(a.exercise("deletion", func(m map[string]any) { m["agent-request-id"] = "R-1" })))
	require.Equal(t, http.StatusConflict, got.Status)

	setup := a.sign(a.envelope())
	require.Equal(t, http.StatusOK, w.send("", http.MethodPost, drpBase+"/agent/EXAMPLE_AGENT", setup).Status)
	caught := w.send("", http.MethodPost, drpBase+"/agent/EXAMPLE_AGENT", setup)
	require.Equal(t, http.StatusForbidden, caught.Status, "a message that somebody has caught gives no token")
	require.Empty(t, caught.Body)
	require.Equal(t, "replay", w.lastRefusal())
}

// Pairing fails with 403 and no word, whatever is wrong; a token is one agent's, at one tenant, and its requests are nobody else's.
func TestAgentsAreKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	w.business()
	a, other := w.represent("EXAMPLE_AGENT"), w.represent("OTHER_AGENT")
	for name, c := range map[string]struct {
		handle string
		body   []byte
	}{
		"nobody":          {"NOBODY", a.sign(a.envelope())},
		"another's key":   {"EXAMPLE_AGENT", other.sign(a.envelope())},
		"another's id":    {"EXAMPLE_AGENT", a.sign(a.envelope(func(m map[string]any) { m["agent-id"] = "OTHER_AGENT" }))},
		"another address": {"OTHER_AGENT", a.sign(a.envelope())},
		"expired":         {"EXAMPLE_AGENT", a.sign(a.envelope(func(m map[string]any) { m["expires-at"] = "2026-01-01T00:00:00Z" }))},
		"not base64":      {"EXAMPLE_AGENT", []byte("%")},
	} {
		got := w.send("", http.MethodPost, drpBase+"/agent/"+c.handle, c.body)
		require.Equal(t, http.StatusForbidden, got.Status, name)
		require.Empty(t, got.Body, name)
	}
	require.Equal(t, http.StatusForbidden, w.send(other.token, http.MethodGet, drpBase+"/agent/EXAMPLE_AGENT", nil).Status)
	require.Equal(t, http.StatusUnauthorized, w.send("", http.MethodGet, drpBase+"/agent/EXAMPLE_AGENT", nil).Status)
	require.Equal(t, http.StatusNotFound, w.send(a.token, http.MethodGet, "/drp/other/v1/agent/EXAMPLE_AGENT", nil).Status, "another tenant is no business of the network")
	id := a.file("access").ID
	for _, theirs := range []string{id.String(), uuid.NewString(), "nonsense"} {
		require.Equal(t, http.StatusForbidden, w.send(other.token, http.MethodGet, drpBase+"/data-rights-request/"+theirs, nil).Status, theirs)
	}
	before := a.token
	w.clock.Advance(time.Second) // within the same one the message would be the same, and was used
	a.pair()
	require.Equal(t, http.StatusOK, w.send(before, http.MethodGet, drpBase+"/agent/EXAMPLE_AGENT", nil).Status, "calls under way go through")
	w.clock.Advance(11 * time.Minute)
	require.Equal(t, http.StatusUnauthorized, w.send(before, http.MethodGet, drpBase+"/agent/EXAMPLE_AGENT", nil).Status)
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/requesters/"+a.id.String(), nil).Status)
	require.Equal(t, http.StatusForbidden, w.send(a.token, http.MethodGet, drpBase+"/data-rights-request/"+id.String(), nil).Status)
}

// A request is taken back by a signed message, as long as it may be, and its agent is told.
func TestAnAgentRevokes(t *testing.T) {
	t.Parallel()
	w := working(t, local, wide)
	w.business()
	a := w.represent("EXAMPLE_AGENT", func(b map[string]any) { b["vouches"] = []string{} })
	taken := a.file("deletion")
	row := a.caseOf(taken.ID)
	w.until(row.ID, "verifying")
	at := drpBase + "/data-rights-request/" + taken.ID.String()
	require.Equal(t, http.StatusBadRequest, w.send(a.token, http.MethodDelete, at, `{"reason":"no"}`).Status, "it is not signed")
	wrong := a.sign(a.envelope(func(m map[string]any) { m["business-id"] = "ANOTHER" }))
	require.Equal(t, http.StatusForbidden, w.send(a.token, http.MethodDelete, at, wrong).Status)
	got := w.send(a.token, http.MethodDelete, at, a.sign(map[string]string{"reason": "I want to keep it"}))
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, drp.Revoked, into[drp.Status](t, got).Status)
	w.tell()
	require.Equal(t, []string{drp.InProgress, drp.Revoked}, a.told())

	refused := a.file("access")
	row = a.caseOf(refused.ID)
	w.until(row.ID, "verifying")
	require.Equal(t, http.StatusOK, w.command(api.DPO, row.ID, "reject-identity", map[string]any{}).Status)
	w.until(row.ID, "closed")
	status := a.status(refused.ID)
	require.Equal(t, drp.Denied+" "+drp.InsufVerified, status.Status+" "+status.Reason)
	require.NotEmpty(t, status.Details)
	late := w.send(a.token, http.MethodDelete, drpBase+"/data-rights-request/"+refused.ID.String(), a.sign(map[string]string{}))
	require.Equal(t, http.StatusConflict, late.Status)
}
