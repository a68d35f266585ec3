package relay_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// receiver is a program that hears of events.
type receiver struct {
	t       *testing.T
	office  *office
	hook    uuid.UUID
	secret  string
	mu      sync.Mutex
	answers []int // of the next calls; then 200
	calls   []call
}

type call struct {
	ID   string
	Body webhook.Event
	Text string
}

// hear starts a receiver and has the tenant's webhook lead to it.
func (o *office) hear(actions []string, answers ...int) *receiver {
	o.t.Helper()
	r := &receiver{t: o.t, office: o, secret: webhook.NewSecret(), answers: answers}
	server := httptest.NewServer(r)
	o.t.Cleanup(server.Close)
	storagetest.Change(o.t, o.Register.DB, o.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		r.hook, err = tx.AddWebhook(ctx, storage.Webhook{Name: "receiver", URL: server.URL + "/in", Actions: actions, Secret: r.secret})
		return err
	})
	return r
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	body, _ := io.ReadAll(q.Body)
	secret, err := webhook.ParseSecret(r.secret)
	if err == nil {
		err = webhook.Verify([]webhook.Secret{secret}, q.Header, body, r.office.clock.Now())
	}
	var event webhook.Event
	if err != nil || json.Unmarshal(body, &event) != nil {
		http.Error(w, "not signed", http.StatusTeapot)
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, call{ID: q.Header.Get(webhook.HeaderID), Body: event, Text: string(body)})
	if len(r.answers) > 0 {
		w.WriteHeader(r.answers[0])
		r.answers = r.answers[1:]
	}
}

func (r *receiver) heard() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

func (r *receiver) state() (hook storage.Webhook) {
	r.t.Helper()
	storagetest.Read(r.t, r.office.Register.DB, r.office.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		hook, err = tx.Webhook(ctx, r.hook)
		return err
	})
	return hook
}

func (r *receiver) deliveries() (lines []storage.DeliveryLine) {
	r.t.Helper()
	storagetest.Read(r.t, r.office.Register.DB, r.office.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		lines, err = tx.Deliveries(ctx, r.hook, nil, 200)
		return err
	})
	return lines
}

// Every event that a webhook wants comes once, signed, by the log's own names, and says nothing about the person. Several
// relays do not make it twice.
func TestWebhookHearsOfEveryEventOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.begun() // before the webhook: it hears of nothing that was
	o.relays(3)
	o.until("the log has everything", func() bool { return o.unplaced() == 0 })
	wide, narrow := o.hear([]string{"*"}), o.hear([]string{"request.*"})
	request := o.begun()
	o.until("both have heard", func() bool {
		return slices.ContainsFunc(wide.heard(), func(c call) bool { return c.Body.Type == "message.sent" }) && len(narrow.heard()) > 0 && o.unplaced() == 0
	})
	o.until("nobody is behind the log", func() bool {
		behind, err := o.Register.DB.TenantsWithNews(t.Context())
		return err == nil && !slices.Contains(behind, o.Tenant)
	})
	o.until("all is delivered", func() bool {
		return !slices.ContainsFunc(wide.deliveries(), func(d storage.DeliveryLine) bool { return d.State != "sent" })
	})
	ids := map[string]int{}
	for _, c := range wide.heard() {
		ids[c.ID]++
		require.NotContains(t, c.Text, request.Person.Email)
		require.NotContains(t, c.Text, request.Person.Name)
		require.NotContains(t, c.Text, o.Tenant.String(), "whose it is the receiver knows by the secret")
	}
	require.Len(t, ids, len(wide.deliveries()))
	for id, n := range ids {
		require.Equal(t, 1, n, id)
	}
	require.Contains(t, wide.heard()[0].Text, `"event_id"`)
	for _, c := range narrow.heard() {
		require.Regexp(t, `^request\.`, c.Body.Type)
	}
	require.Contains(t, narrow.heard()[0].Text, request.Ref.Case.String())
}

// What a receiver does not take is sent again under its id; a redelivery too.
func TestWebhookIsTriedAgain(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.hear([]string{"request.received"}, http.StatusBadGateway, http.StatusTooManyRequests)
	o.relays(1)
	o.begun()
	o.until("it was taken", func() bool { return len(r.deliveries()) == 1 && r.deliveries()[0].State == "sent" })
	heard := r.heard()
	require.Len(t, heard, 3)
	require.Equal(t, heard[0], heard[2], "the same id, the same bytes")
	delivery := r.deliveries()[0]
	require.EqualValues(t, 3, delivery.Attempts)
	storagetest.Change(t, o.Register.DB, o.Tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.Redeliver(ctx, r.hook, delivery.ID) })
	o.until("it came again", func() bool { return len(r.heard()) == 4 })
	require.Equal(t, heard[0].ID, r.heard()[3].ID)
}

// A receiver that says it is gone is never called again, and one that takes nothing for days neither. Switched on again, a
// webhook hears of what happens from then on.
func TestWebhookThatIsNotTaken(t *testing.T) {
	t.Parallel()
	for reason, answers := range map[string][]int{"receiver_gone": {http.StatusGone}, "never_taken": slices.Repeat([]int{http.StatusInternalServerError}, 50)} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			r := o.hear([]string{"request.received"}, answers...)
			o.relays(1)
			o.begun()
			o.untilPast("it is switched off", func() bool { return !r.state().Active })
			require.Equal(t, reason, r.state().DisabledReason)
			require.Equal(t, "failed", r.deliveries()[0].State)
			calls := len(r.heard())
			o.begun()
			o.until("the log has everything", func() bool { return o.unplaced() == 0 })
			require.Len(t, r.heard(), calls, "nobody calls")

			r.mu.Lock()
			r.answers = nil
			r.mu.Unlock()
			storagetest.Change(t, o.Register.DB, o.Tenant, func(ctx context.Context, tx *storage.Tx) error {
				hook := r.state()
				hook.Active = true
				return tx.UpdateWebhook(ctx, hook)
			})
			newest := o.begun()
			o.until("it is called again", func() bool { return len(r.heard()) == calls+1 })
			require.Contains(t, r.heard()[calls].Text, newest.Ref.Case.String())
		})
	}
}

// A webhook into the own network is not called unless the operator allows it.
func TestWebhookIntoTheOwnNetwork(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.public = true
	r := o.hear([]string{"request.received"})
	o.relays(1)
	o.begun()
	o.until("it was given up", func() bool { return len(r.deliveries()) == 1 && r.deliveries()[0].State == "failed" })
	require.Empty(t, r.heard())
	require.Contains(t, *r.deliveries()[0].LastStatus, "https://")
}
