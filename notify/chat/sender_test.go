package chat_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slacktest"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/chat"
)

func notice() notify.Notice {
	return notify.Notice{
		Tenant: "Nordlicht & Co", Reference: "DSR-2026-0042", Right: "access", Regime: "gdpr",
		Link: "https://docket.nordlicht.example/cases/DSR-2026-0042", AckToken: "b3f1",
	}
}

func kinds() []notify.Letter {
	due, now := time.Date(2026, 3, 3, 9, 0, 0, 0, time.UTC), time.Date(2026, 2, 28, 5, 0, 0, 0, time.UTC)
	n, owed, cite := notice(), "Answer <!channel> *now*", "Art. 12(3) GDPR"
	return []notify.Letter{
		&notify.TaskCreated{Notice: n, Task: "Review", Due: due},
		&notify.TaskReminder{Notice: n, Task: "Review", Due: due, Now: now},
		&notify.DueSoon{Notice: n, Obligation: owed, Due: due, Now: now, Citation: cite},
		&notify.Overdue{Notice: n, Obligation: owed, Due: now, Now: due, Citation: cite},
		&notify.Escalation{Notice: n, Obligation: owed, Due: due, Now: now, Citation: cite, Step: 2, Role: "DPO", Before: "lead"},
		&notify.Acknowledged{Notice: n, Obligation: owed, By: "M. Okafor", At: now},
		&notify.MessageFailed{Notice: n, Letter: notify.KindRefusal, Channel: notify.ChannelEmail, Code: "550", At: now},
		&notify.CollectionFailed{Notice: n, System: "shop", Problem: "connection refused", At: now},
	}
}

func message(t testing.TB, letter notify.Letter) notify.Message {
	t.Helper()
	r, err := notify.Render(notify.English, letter)
	require.NoError(t, err)
	return notify.Message{ID: "msg-7", To: notify.Receiver{Address: "C0DOCKET"}, Date: time.Unix(0, 0), Rendered: r}
}

func sender(t *testing.T, apiURL string) *chat.Sender {
	t.Helper()
	s, err := chat.New(chat.Config{Token: "xoxb-test", APIURL: apiURL, Timeout: 10 * time.Second})
	require.NoError(t, err)
	return s
}

// posts keeps what was posted to slack-go's own test server.
type posts struct {
	mu   sync.Mutex
	seen []url.Values
}

func (p *posts) bind(answer func(int, http.ResponseWriter)) slacktest.Binder {
	return func(c slacktest.Customize) {
		c.Handle("/chat.postMessage", func(w http.ResponseWriter, r *http.Request) {
			_ = r.ParseForm()
			p.mu.Lock()
			p.seen = append(p.seen, r.PostForm)
			n := len(p.seen)
			p.mu.Unlock()
			answer(n, w)
		})
	}
}

func ok(_ int, w http.ResponseWriter) {
	_, _ = w.Write([]byte(`{"ok":true,"channel":"C0DOCKET","ts":"1.2"}`))
}

func start(t *testing.T, b ...slacktest.Binder) *slacktest.Server {
	t.Helper()
	s := slacktest.NewTestServer(b...)
	s.Start()
	t.Cleanup(s.Stop)
	return s
}

func TestEveryKindIsTakenBySlacksTestServer(t *testing.T) {
	t.Parallel()
	server := start(t) // its own handler decodes the blocks and answers 500 to what it can't read
	for _, letter := range kinds() {
		receipt, err := sender(t, server.GetAPIURL()).Send(t.Context(), message(t, letter))
		require.NoError(t, err, letter.Kind())
		require.True(t, strings.HasPrefix(receipt.RemoteID, "C0DOCKET/"))
	}
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	p := &posts{}
	server := start(t, p.bind(ok))
	for i, letter := range kinds() {
		_, err := sender(t, server.GetAPIURL()).Send(t.Context(), message(t, letter))
		require.NoError(t, err)
		form := p.seen[i]
		var blocks slack.Blocks
		require.NoError(t, json.Unmarshal([]byte(form.Get("blocks")), &blocks))
		require.IsType(t, &slack.HeaderBlock{}, blocks.BlockSet[0])
		require.NotContains(t, form.Get("blocks"), "<!channel>", "nobody can shout through a notice")
		require.NotContains(t, form.Get("text"), "<!channel>")
		require.Contains(t, form.Get("blocks"), "DSR-2026-0042")
		actions, isActions := blocks.BlockSet[len(blocks.BlockSet)-1].(*slack.ActionBlock)
		require.True(t, isActions)
		first := actions.Elements.ElementSet[0].(*slack.ButtonBlockElement)
		wanted := chat.ActionTake
		if letter.Kind() == notify.KindEscalation {
			wanted = chat.ActionAcknowledge // only an alarm can be taken over
		}
		require.Equal(t, wanted, first.ActionID)
		require.Equal(t, "b3f1", first.Value)
		open := actions.Elements.ElementSet[len(actions.Elements.ElementSet)-1].(*slack.ButtonBlockElement)
		require.Equal(t, "https://docket.nordlicht.example/cases/DSR-2026-0042", open.URL)
	}
}

func TestRetriesCarryTheSameIdentity(t *testing.T) {
	t.Parallel()
	p := &posts{}
	server := start(t, p.bind(func(n int, w http.ResponseWriter) {
		if n == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		ok(n, w)
	}))
	m := message(t, kinds()[0])
	_, err := sender(t, server.GetAPIURL()).Send(t.Context(), m)
	require.Error(t, err)
	require.False(t, notify.Permanent(err))
	_, err = sender(t, server.GetAPIURL()).Send(t.Context(), m)
	require.NoError(t, err)
	require.Equal(t, m.UUID(), p.seen[0].Get("client_msg_id"))
	require.Equal(t, p.seen[0], p.seen[1])
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	refuse := func(code string) func(int, http.ResponseWriter) {
		return func(_ int, w http.ResponseWriter) { _, _ = w.Write([]byte(`{"ok":false,"error":"` + code + `"}`)) }
	}
	for name, c := range map[string]struct {
		answer    func(int, http.ResponseWriter)
		permanent bool
		code      string
		wait      time.Duration
	}{
		"no such channel": {refuse("channel_not_found"), true, "channel_not_found", 0},
		"token revoked":   {refuse("token_revoked"), true, "token_revoked", 0},
		"trouble":         {refuse("internal_error"), false, "internal_error", 0},
		"rate limit": {func(_ int, w http.ResponseWriter) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}, false, "ratelimited", 7 * time.Second},
		"redirect": {func(_ int, w http.ResponseWriter) {
			w.Header().Set("Location", "http://127.0.0.1:1/")
			w.WriteHeader(http.StatusFound)
		}, true, "302", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, (&posts{}).bind(c.answer))
			_, err := sender(t, server.GetAPIURL()).Send(t.Context(), message(t, kinds()[0]))
			var f *notify.Failure
			require.True(t, errors.As(err, &f))
			require.Equal(t, c.permanent, notify.Permanent(err), err)
			require.Equal(t, c.code, f.Code)
			wait, _ := notify.RetryAfter(err)
			require.Equal(t, c.wait, wait)
		})
	}
}

func TestADeletedFirstPostCountsAsSent(t *testing.T) {
	t.Parallel()
	server := start(t, (&posts{}).bind(func(_ int, w http.ResponseWriter) {
		_, _ = w.Write([]byte(`{"ok":false,"error":"duplicate_message_not_found"}`))
	}))
	receipt, err := sender(t, server.GetAPIURL()).Send(t.Context(), message(t, kinds()[0]))
	require.NoError(t, err)
	require.True(t, receipt.Duplicate)
}

func TestNewNeedsAToken(t *testing.T) {
	t.Parallel()
	_, err := chat.New(chat.Config{})
	require.ErrorContains(t, err, "token")
	_, err = sender(t, "http://127.0.0.1:1/").Send(t.Context(), message(t, kinds()[0]))
	require.False(t, notify.Permanent(err))
	_, err = sender(t, "http://127.0.0.1:1/").Send(t.Context(), notify.Message{})
	require.True(t, notify.Permanent(err))
}
