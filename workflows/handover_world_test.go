package workflows_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// sender is a tenant whose people are written to by other systems.
type sender struct {
	*casetest.World
	t     testing.TB
	clock *clockwork.FakeClock
}

func newSender(t testing.TB, country, zone string) *sender {
	t.Helper()
	clock := clockwork.NewFakeClockAt(time.Date(2026, time.June, 4, 9, 0, 0, 0, time.UTC))
	s := &sender{World: casetest.New(t, clock, func(n *storage.NewTenant) { n.Country, n.Zone = country, zone }), t: t, clock: clock}
	s.Change(func(ctx context.Context, tx *storage.Tx) error {
		for _, key := range []string{"offers", "events"} {
			if _, err := s.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: key, Class: "commercial"}); err != nil {
				return err
			}
		}
		return nil
	})
	s.DB.ForgetTenant(s.Tenant)
	return s
}

// said records something about somebody by e-mail, with what is different.
func (s *sender) said(address, purpose string, kind consent.Kind, more ...func(*casework.NewConsent)) {
	s.t.Helper()
	n := casework.NewConsent{
		Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: address}, Purpose: purpose, Channel: privacy.ByEmail, Kind: kind, How: "api",
	}
	for _, m := range more {
		m(&n)
	}
	s.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := s.Desk.RecordConsents(ctx, tx, []casework.NewConsent{n})
		return err
	})
}

func livingIn(country string) func(*casework.NewConsent) {
	return func(n *casework.NewConsent) { n.Address.Country = country }
}

func bySMS(n *casework.NewConsent) { n.Channel, n.Address.Kind = privacy.BySMS, storage.AddressPhone }

// clicked ends offers for somebody by the one click of a mailbox provider.
func (s *sender) clicked(address string) {
	s.t.Helper()
	var links []casework.PersonLinks
	s.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		links, err = s.Desk.MakeLinks(ctx, tx, casework.NewLinks{Purpose: "offers", Channel: privacy.ByEmail}, []string{address})
		return err
	})
	_, token, _ := strings.Cut(links[0].Unsubscribe, "/u/")
	s.DB.ForgetTenant(s.Tenant)
	link, err := s.Desk.OpenLink(s.t.Context(), token, consent.LinkUnsubscribe)
	require.NoError(s.t, err)
	require.NoError(s.t, s.Desk.EndAtOnce(s.t.Context(), link))
}

// added is a receiver of a kind.
func (s *sender) added(n casework.NewReceiver) (id uuid.UUID, secret string) {
	s.t.Helper()
	if n.Channels == nil {
		n.Channels = []privacy.MessageChannel{privacy.ByEmail}
	}
	n.Name = "Mailings"
	s.placed()
	s.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		id, secret, err = s.Desk.AddReceiver(ctx, tx, n, true)
		return err
	})
	return id, secret
}

// placed gives what is new its place in the log.
func (s *sender) placed() {
	s.t.Helper()
	for placed := 1; placed > 0; {
		require.NoError(s.t, s.DB.InLog(s.t.Context(), s.Tenant, func(log *storage.LogTx) (err error) {
			placed, err = audit.Sequencer{}.Integrate(s.t.Context(), log, s.Tenant.String(), 700)
			return err
		}))
	}
}

// counted does what the relay does before it has receivers told.
func (s *sender) counted(receiver uuid.UUID) {
	s.t.Helper()
	s.placed()
	for more := true; more; {
		var err error
		more, err = s.Desk.CountHandovers(s.t.Context(), s.Tenant, receiver)
		require.NoError(s.t, err)
	}
}

// told runs the workflow that tells a receiver.
func (s *sender) told(receiver uuid.UUID) {
	s.t.Helper()
	s.counted(receiver)
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(quiet{})
	env := suite.NewTestWorkflowEnvironment()
	env.SetStartTime(s.clock.Now())
	env.SetTestTimeout(idleTime).SetWorkerOptions(worker.Options{WorkflowPanicPolicy: worker.FailWorkflow})
	workflows.Register(env)
	activities.RegisterHandovers(env, s.Desk, true)
	env.ExecuteWorkflow(contract.HandoverWorkflow, contract.HandoverInput{Tenant: s.Tenant, Receiver: receiver})
	require.True(s.t, env.IsWorkflowCompleted())
	require.NoError(s.t, env.GetWorkflowError())
}

func (s *sender) receiver(id uuid.UUID) (r storage.ConsentReceiver) {
	s.t.Helper()
	s.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = tx.ConsentReceiver(ctx, id)
		return err
	})
	return r
}

func (s *sender) handovers(of uuid.UUID) (all []storage.ConsentHandover) {
	s.t.Helper()
	s.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.ConsentHandovers(ctx, false, &of, 100)
		return err
	})
	return all
}

// logged are the events of an action about something.
func (s *sender) logged(action audit.Action, object uuid.UUID) (out []audit.Event) {
	s.t.Helper()
	s.placed()
	s.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.PlacedEvents(ctx, 0, 1_000_000)
		for _, e := range all {
			if e.Action == action && e.Object.ID == object.String() {
				out = append(out, e)
			}
		}
		return err
	})
	return out
}

// letters are the kinds of stage of which staff were told.
func (s *sender) letters() (keys []string) {
	s.t.Helper()
	rows, err := s.Register.Owner(s.t).Query(s.t.Context(), "SELECT split_part(key, '/', 3) FROM messages WHERE kind = 'handover_unconfirmed' ORDER BY created_at, key")
	require.NoError(s.t, err)
	for rows.Next() {
		var key string
		require.NoError(s.t, rows.Scan(&key))
		keys = append(keys, key)
	}
	require.NoError(s.t, rows.Err())
	return keys
}

// hearing is a system that is told over HTTP.
type hearing struct {
	t      testing.TB
	clock  clockwork.Clock
	server *httptest.Server
	secret string

	mu    sync.Mutex
	away  int // how it answers while it takes nothing; 0 is that it does
	ids   []string
	pages [][]casework.ConsentChange
}

func newHearing(t testing.TB, clock clockwork.Clock) *hearing {
	t.Helper()
	h := &hearing{t: t, clock: clock}
	h.server = httptest.NewServer(h)
	t.Cleanup(h.server.Close)
	return h
}

func (h *hearing) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	body, _ := io.ReadAll(q.Body)
	secret, err := webhook.ParseSecret(h.secret)
	if err == nil {
		err = webhook.Verify([]webhook.Secret{secret}, q.Header, body, h.clock.Now())
	}
	var event struct {
		Type string
		Data struct {
			ID      string
			Changes []casework.ConsentChange
		}
	}
	if err != nil || json.Unmarshal(body, &event) != nil {
		http.Error(w, "not signed", http.StatusTeapot)
		return
	}
	if h.away != 0 {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(h.away)
		return
	}
	if event.Data.ID != q.Header.Get(webhook.HeaderID) {
		http.Error(w, "two ids", http.StatusTeapot)
		return
	}
	h.ids, h.pages = append(h.ids, event.Data.ID), append(h.pages, event.Data.Changes)
}

func (h *hearing) answers(status int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.away = status
}

// heard is everything that it was told, in order.
func (h *hearing) heard() (all []casework.ConsentChange) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, page := range h.pages {
		all = append(all, page...)
	}
	return all
}
