package api_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const slackSecret = "8f742231b10e8888abcd99yyyzzz85a5"

// workspace is a Slack whose users press buttons; said is what they are told.
type workspace struct {
	*world
	url  string
	said chan string
}

func newWorkspace(t *testing.T) *workspace {
	t.Helper()
	s := &workspace{said: make(chan string, 10)}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.said <- string(body)
	}))
	t.Cleanup(server.Close)
	s.url = server.URL + "/"
	s.world = working(t, func(_ *world, c *api.Config) { c.SlackSigningSecret, c.SlackReplies = slackSecret, s.url })
	tenant := into[map[string]any](t, s.call(api.Admin, http.MethodGet, "/v1/tenant", nil))
	delete(tenant, "id")
	delete(tenant, "slug")
	delete(tenant, "$schema")
	tenant["settings"].(map[string]any)["slack_channel"] = "C0123456"
	got := s.call(api.Admin, http.MethodPut, "/v1/tenant", tenant)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	return s
}

// escalate rings the first alarm of a request and gives the value of the buttons that Slack is sent.
func (s *workspace) escalate(id uuid.UUID) string {
	s.t.Helper()
	ref := contract.Ref{Tenant: s.tenant, Case: id}
	var owed storage.Obligation
	s.change(s.tenant, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Obligations(ctx, id)
		owed = all[slices.IndexFunc(all, func(o storage.Obligation) bool { return o.Kind == string(privacy.Respond) })]
		return err
	})
	for _, m := range owed.Ladder.Milestones(owed.Deadline) {
		if m.Kind == privacy.MilestoneEscalation {
			_, err := s.desk.Reach(s.t.Context(), contract.Milestone{Ref: ref, Obligation: owed.ID, Milestone: m})
			require.NoError(s.t, err)
			break
		}
	}
	for _, m := range into[struct {
		Items []struct{ ID, Channel, Kind string }
	}](s.t, s.call(api.Agent, http.MethodGet, "/v1/requests/"+id.String()+"/messages", nil)).Items {
		if m.Channel != "slack" || m.Kind != string(notify.KindEscalation) {
			continue
		}
		var sent notify.Message
		require.NoError(s.t, s.db.Read(s.t.Context(), s.tenant, func(ctx context.Context, tx *storage.Tx) error {
			content, err := tx.MessageContent(ctx, id, uuid.MustParse(m.ID))
			if err != nil {
				return err
			}
			return json.Unmarshal(content, &sent)
		}))
		return sent.Rendered.AckToken
	}
	require.FailNow(s.t, "Slack was not told")
	return ""
}

// press reports a press as Slack does. change may spoil the request before it is sent.
func (s *workspace) press(user, action, value string, change ...func(*http.Request)) int {
	s.t.Helper()
	payload, err := json.Marshal(map[string]any{
		"type": "block_actions", "user": map[string]any{"id": user}, "response_url": s.url + "answer",
		"actions": []map[string]any{{"type": "button", "action_id": action, "block_id": "docket", "value": value, "action_ts": fmt.Sprint(time.Now().UnixNano())}},
	})
	require.NoError(s.t, err)
	body := url.Values{"payload": {string(payload)}}.Encode()
	at := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(slackSecret))
	mac.Write([]byte("v0:" + at + ":" + body))
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.world.url+"/slack/interactivity", strings.NewReader(body))
	require.NoError(s.t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("X-Slack-Request-Timestamp", at)
	request.Header.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	for _, f := range change {
		f(request)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(s.t, err)
	require.NoError(s.t, response.Body.Close())
	return response.StatusCode
}

func (s *workspace) told() string {
	s.t.Helper()
	select {
	case said := <-s.said:
		return said
	case <-time.After(20 * time.Second):
		require.FailNow(s.t, "nobody was told anything")
		return ""
	}
}

// A press in Slack is that person's own command: the audit log names them, the role decides, and it is done once.
func TestButtonsInSlack(t *testing.T) {
	t.Parallel()
	s := newWorkspace(t)
	dana := s.hire(s.tenant, "dpo", "dana@acme.test")
	uma := s.hire(s.tenant, "auditor", "uma@acme.test")
	for id, slack := range map[uuid.UUID]string{dana.id: "U0DANA", uma.id: "U0UMA1"} {
		got := s.staffPatch(id, map[string]any{"slack_user": slack})
		require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	}
	request := s.file("ana@example.test")
	s.until(request.ID, "verifying") // where the clock waits for the person; it runs once they are proven
	require.Equal(t, http.StatusOK, s.command(api.Agent, request.ID, "confirm-identity", map[string]any{"note": "called back"}).Status)
	s.until(request.ID, "reviewing")
	value := s.escalate(request.ID)

	require.Equal(t, http.StatusOK, s.press("U0NOBODY", "docket.acknowledge", value))
	require.Contains(t, s.told(), "does not know who you are")
	require.Equal(t, http.StatusOK, s.press("U0UMA1", "docket.acknowledge", value))
	require.Contains(t, s.told(), "auditor may not do this")
	require.Equal(t, http.StatusOK, s.press("U0DANA", "docket.open", "whatever"), "a link is reported too")
	require.Equal(t, http.StatusOK, s.press("U0DANA", "docket.acknowledge", value))
	require.Contains(t, s.told(), "You are on it")
	require.Equal(t, http.StatusOK, s.press("U0DANA", "docket.take", value))
	require.Contains(t, s.told(), "You have the request now")

	detail := string(s.call(api.Auditor, http.MethodGet, "/v1/requests/"+request.ID.String(), nil).Body)
	require.Contains(t, detail, dana.id.String(), "assigned")
	type line struct {
		Action, Actor, By, Outcome string
	}
	events := into[struct {
		Items []struct {
			Action  string
			Actor   string `json:"actor_kind"`
			By      string `json:"actor_id"`
			Outcome string
		}
	}](t, s.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil)).Items
	var seen []line
	for _, e := range events {
		if e.Actor == "person" {
			seen = append(seen, line{e.Action, e.Actor, e.By, e.Outcome})
		}
	}
	require.Contains(t, seen, line{"obligation.escalation_acknowledged", "person", dana.id.String(), "done"})
	require.Contains(t, seen, line{"command.refused", "person", uma.id.String(), "refused"})
}

// What Slack did not sign, or signed long ago, is not taken in; a value that is none of ours opens nothing.
func TestSlackMustSign(t *testing.T) {
	t.Parallel()
	s := newWorkspace(t)
	for name, spoil := range map[string]func(*http.Request){
		"no signature": func(r *http.Request) { r.Header.Del("X-Slack-Signature") },
		"another":      func(r *http.Request) { r.Header.Set("X-Slack-Signature", "v0="+strings.Repeat("0", 64)) },
		"old":          func(r *http.Request) { r.Header.Set("X-Slack-Request-Timestamp", "1600000000") },
	} {
		require.Equal(t, http.StatusUnauthorized, s.press("U0DANA", "docket.take", "x", spoil), name)
	}
	request := s.file("ana@example.test")
	s.until(request.ID, "verifying") // where the clock waits for the person; it runs once they are proven
	require.Equal(t, http.StatusOK, s.command(api.Agent, request.ID, "confirm-identity", map[string]any{"note": "called back"}).Status)
	s.until(request.ID, "reviewing")
	value := s.escalate(request.ID)
	begin := "A"
	if value[:1] == begin {
		begin = "B"
	}
	for _, forged := range []string{"", "x", begin + value[1:], value[:20], value + "AAAA"} {
		require.Equal(t, http.StatusOK, s.press("U0DANA", "docket.take", forged))
		require.Contains(t, s.told(), "none of this Docket's")
	}
	other := newWorld(t)
	require.Equal(t, http.StatusNotFound, other.send("", http.MethodPost, "/slack/interactivity", nil).Status, "without a secret there is no door")
}

// staffPatch changes a member of staff as an administrator who has just shown a second factor.
func (w *world) staffPatch(id uuid.UUID, body map[string]any) answer {
	return w.call(api.Admin, http.MethodPatch, "/v1/staff/"+id.String(), body)
}
