package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/storage"
)

// secretOverlap is how long the secret before signs too, so that the receiver can change over.
const secretOverlap = 24 * time.Hour

type webhookView struct {
	ID       uuid.UUID `json:"id" format:"uuid"`
	Name     string    `json:"name"`
	URL      string    `json:"url"`
	Actions  []string  `json:"actions"`
	Active   bool      `json:"active"`
	Disabled string    `json:"disabled_reason,omitempty" doc:"switched_off by staff, receiver_gone when it answered 410, never_taken when an event was not taken for three days."`
	// PreviousUntil is set while a secret is being replaced.
	PreviousUntil *time.Time `json:"previous_secret_until,omitempty" doc:"Until when the secret before signs too."`
	CreatedAt     time.Time  `json:"created_at"`
	UpdatedAt     time.Time  `json:"updated_at"`
}

// WebhookBody is what a webhook is made of.
type WebhookBody struct {
	Name    string   `json:"name" minLength:"1" maxLength:"100" doc:"What it is for."`
	URL     string   `json:"url" minLength:"1" maxLength:"2000" format:"uri" doc:"An https address on the open network."`
	Actions []string `json:"actions" minItems:"1" maxItems:"50" doc:"The actions of the audit log that it hears of: request.closed, request.*, or * for all. consent.changed, which no star stands for, tells of each change of a consent." example:"[\"request.*\",\"obligation.overdue\"]"`
}

type createWebhook struct{ Body WebhookBody }

type changeWebhook struct {
	WebhookID
	Body struct {
		WebhookBody
		Active bool `json:"active" doc:"Whether it hears of anything. One that is switched on again hears of what happens from then on."`
	}
}

// WebhookID is the webhook in an address.
type WebhookID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

type createdWebhook struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Secret string    `json:"secret" doc:"Shown this once. It signs the events (Standard Webhooks)." example:"whsec_…"`
}

type listDeliveries struct {
	WebhookID
	Paging
}

type deliveryID struct {
	WebhookID
	Delivery uuid.UUID `path:"delivery" format:"uuid"`
}

type deliveryView struct {
	ID        uuid.UUID       `json:"id" format:"uuid" doc:"webhook-id of the event, the same over all tries."`
	Event     uuid.UUID       `json:"event_id" format:"uuid"`
	Action    string          `json:"action"`
	State     string          `json:"state" enum:"queued,sent,failed"`
	Attempts  int32           `json:"attempts"`
	Status    string          `json:"last_status,omitempty" doc:"What became of the last try."`
	Body      json.RawMessage `json:"body" doc:"What is sent."`
	CreatedAt time.Time       `json:"created_at"`
	EndedAt   *time.Time      `json:"ended_at,omitempty"`
	NextTry   *time.Time      `json:"next_attempt_at,omitempty"`
}

func (s *server) webhookOperations() {
	missing := []int{http.StatusNotFound}
	register(s, operation{id: "list-webhooks", method: http.MethodGet, path: "/v1/webhooks", summary: "The programs that hear of the tenant's events", tag: "webhooks"}, s.webhooks)
	register(s, operation{
		id: "create-webhook", method: http.MethodPost, path: "/v1/webhooks", tag: "webhooks", status: http.StatusCreated,
		summary: "Have a program hear of events; the secret that signs them is shown once",
	}, s.createWebhook)
	register(s, operation{
		id: "change-webhook", method: http.MethodPut, path: "/v1/webhooks/{id}", summary: "Change a webhook, or switch it off and on", tag: "webhooks", errors: missing,
	}, s.changeWebhook)
	register(s, operation{id: "delete-webhook", method: http.MethodDelete, path: "/v1/webhooks/{id}", summary: "Delete a webhook and the log of its deliveries", tag: "webhooks", errors: missing}, s.deleteWebhook)
	register(s, operation{
		id: "replace-webhook-secret", method: http.MethodPost, path: "/v1/webhooks/{id}/secret", tag: "webhooks", errors: missing,
		summary: "Make another secret, shown once; the one before signs too for a day",
	}, s.replaceSecret)
	register(s, operation{
		id: "test-webhook", method: http.MethodPost, path: "/v1/webhooks/{id}/test", tag: "webhooks", errors: missing, status: http.StatusAccepted,
		summary: "Send an event of the type webhook.test",
	}, s.testWebhook)
	register(s, operation{
		id: "list-deliveries", method: http.MethodGet, path: "/v1/webhooks/{id}/deliveries", summary: "What was sent to a webhook, newest first", tag: "webhooks", errors: missing,
	}, s.deliveries)
	register(s, operation{
		id: "redeliver", method: http.MethodPost, path: "/v1/webhooks/{id}/deliveries/{delivery}/redeliver", tag: "webhooks", errors: append(missing, http.StatusConflict), status: http.StatusAccepted,
		summary: "Send an event once more, under the id it had",
	}, s.redeliver)
}

func (s *server) webhooks(ctx context.Context, who *caller, _ *struct{}) (*page[webhookView], error) {
	var hooks []storage.Webhook
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
		hooks, err = tx.Webhooks(ctx)
		return err
	})
	return newPage(each(hooks, webhookOf), ""), err
}

func webhookOf(w storage.Webhook) webhookView {
	v := webhookView{
		ID: w.ID, Name: w.Name, URL: w.URL, Actions: w.Actions, Active: w.Active, Disabled: w.DisabledReason,
		CreatedAt: w.CreatedAt, UpdatedAt: w.UpdatedAt,
	}
	if w.Previous != "" {
		v.PreviousUntil = w.PreviousUntil
	}
	return v
}

func (s *server) checkWebhook(b WebhookBody) error {
	if err := webhook.CheckAddress(b.URL, s.WebhooksLocal); err != nil {
		return invalid("body.url", err.Error()+": give the address on the open network at which the program listens")
	}
	for i, pattern := range b.Actions {
		if pattern != webhook.ConsentChanged && !slices.ContainsFunc(audit.Actions(), func(a audit.Action) bool { return webhook.Hears(pattern, string(a)) }) {
			return invalid(fmt.Sprintf("body.actions[%d]", i), "must be an action of the audit log such as request.closed, a kind of them such as request.*, or *; or consent.changed")
		}
	}
	return nil
}

func (s *server) createWebhook(ctx context.Context, who *caller, in *createWebhook) (*shown[createdWebhook], error) {
	if err := s.checkWebhook(in.Body); err != nil {
		return nil, err
	}
	out := &shown[createdWebhook]{Body: createdWebhook{Secret: webhook.NewSecret()}}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		out.Body.ID, err = tx.AddWebhook(ctx, storage.Webhook{Name: in.Body.Name, URL: in.Body.URL, Actions: in.Body.Actions, Secret: out.Body.Secret})
		return err
	})
	return out, err
}

func (s *server) changeWebhook(ctx context.Context, who *caller, in *changeWebhook) (*shown[webhookView], error) {
	b := in.Body
	if err := s.checkWebhook(b.WebhookBody); err != nil {
		return nil, err
	}
	out := &shown[webhookView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.UpdateWebhook(ctx, storage.Webhook{ID: in.ID, Name: b.Name, URL: b.URL, Actions: b.Actions, Active: b.Active}); err != nil {
			return err
		}
		hook, err := tx.Webhook(ctx, in.ID)
		out.Body = webhookOf(hook)
		return err
	})
	return out, err
}

func (s *server) deleteWebhook(ctx context.Context, who *caller, in *WebhookID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error { return tx.DeleteWebhook(ctx, in.ID) })
}

func (s *server) replaceSecret(ctx context.Context, who *caller, in *WebhookID) (*shown[createdWebhook], error) {
	out := &shown[createdWebhook]{Body: createdWebhook{ID: in.ID, Secret: webhook.NewSecret()}}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.ReplaceWebhookSecret(ctx, in.ID, out.Body.Secret, tx.Now().Add(secretOverlap))
	})
	return out, err
}

// testWebhook queues an event of its own, which takes the way of every other.
func (s *server) testWebhook(ctx context.Context, who *caller, in *WebhookID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		hook, err := tx.Webhook(ctx, in.ID)
		if err != nil {
			return err
		}
		const action = "webhook.test"
		body, err := json.Marshal(webhook.Event{Type: action, Timestamp: tx.Now(), Data: json.RawMessage(`{"webhook_id":"` + hook.ID.String() + `"}`)})
		if err != nil {
			return fmt.Errorf("write the event: %w", err)
		}
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make the event's id: %w", err)
		}
		return tx.Deliver(ctx, storage.News{Webhook: hook.ID, Event: id, Action: action, Body: body})
	})
}

const deliveryList = "deliveries"

func (s *server) deliveries(ctx context.Context, who *caller, in *listDeliveries) (*page[deliveryView], error) {
	list := deliveryList + "/" + in.ID.String()
	before, err := readCursor(who, list, in.Cursor)
	if err != nil {
		return nil, err
	}
	var rows []storage.DeliveryLine
	err = s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Webhook(ctx, in.ID); err != nil {
			return err
		}
		rows, err = tx.Deliveries(ctx, in.ID, before, in.Limit)
		return err
	})
	if err != nil {
		return nil, err
	}
	next, err := nextCursor(who, list, in.Limit, rows, func(r storage.DeliveryLine) (time.Time, uuid.UUID) { return r.CreatedAt, r.ID })
	return newPage(each(rows, deliveryOf), next), err
}

func deliveryOf(d storage.DeliveryLine) deliveryView {
	v := deliveryView{
		ID: d.ID, Event: d.EventID, Action: d.Action, State: d.State, Attempts: d.Attempts, Status: text(d.LastStatus), Body: d.Body,
		CreatedAt: d.CreatedAt, EndedAt: d.EndedAt,
	}
	if d.State == "queued" {
		v.NextTry = &d.NextAttemptAt
	}
	return v
}

func (s *server) redeliver(ctx context.Context, who *caller, in *deliveryID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		hook, err := tx.Webhook(ctx, in.ID)
		if err != nil {
			return err
		}
		if !hook.Active {
			return refused(http.StatusConflict, "webhook-disabled", "The webhook is switched off. Switch it on and send the event again.")
		}
		return tx.Redeliver(ctx, in.ID, in.Delivery)
	})
}
