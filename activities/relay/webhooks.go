package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/storage"
)

const (
	// newsAtOnce is how many events one look goes through for a webhook.
	newsAtOnce = 500
	// deliverBatch is how many deliveries one look takes, deliverAtOnce how many are on their way at the same time.
	deliverBatch, deliverAtOnce = 32, 8
	// deliverLease is how long a delivery belongs to who took it: longer than all of a batch can take.
	deliverLease = 3 * time.Minute
)

// pauses between the tries of a delivery, as Standard Webhooks proposes them. After the last it is given up.
var pauses = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 14 * time.Hour, 20 * time.Hour, 24 * time.Hour,
}

// news has webhooks told of what came into the log.
func (r *Relay) news(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithNews, r.newsOf)
}

// newsOf goes on in the log for each webhook of a tenant, in one transaction with the deliveries that come of it: an event
// is neither missed nor delivered twice.
func (r *Relay) newsOf(ctx context.Context, tenant uuid.UUID) (seen int, err error) {
	err = r.db().Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		seen = 0
		hooks, err := tx.LockWebhooksBehind(ctx)
		if err != nil {
			return err
		}
		for _, hook := range hooks {
			events, err := tx.PlacedEvents(ctx, hook.Position, hook.Position+newsAtOnce)
			if err != nil {
				return err
			}
			looked, err := tell(ctx, tx, hook, events)
			if err != nil {
				return err
			}
			if err := tx.MoveWebhook(ctx, hook.ID, hook.Position+int64(looked)); err != nil {
				return err
			}
			if seen = max(seen, looked); looked < len(events) {
				seen = newsAtOnce // there is more
			}
		}
		return nil
	})
	return seen, err
}

// tell has a webhook told of events, and says of how many: where they stand for very many changes of consents, of some.
func tell(ctx context.Context, tx *storage.Tx, hook storage.Behind, events []audit.Event) (looked int, err error) {
	changes := 0
	for i, event := range events {
		if err := deliver(ctx, tx, hook, event); err != nil {
			return 0, err
		}
		n, err := deliverChanges(ctx, tx, hook, event)
		if err != nil {
			return 0, err
		}
		if changes += n; changes >= changesAtOnce {
			return i + 1, nil
		}
	}
	return len(events), nil
}

func deliver(ctx context.Context, tx *storage.Tx, hook storage.Behind, event audit.Event) error {
	if !slices.ContainsFunc(hook.Actions, func(wanted string) bool { return webhook.Hears(wanted, string(event.Action)) }) {
		return nil
	}
	body, err := json.Marshal(webhook.Event{Type: string(event.Action), Timestamp: event.At, Data: dataOf(event)})
	if err != nil {
		return fmt.Errorf("write the event: %w", err)
	}
	return tx.Deliver(ctx, storage.News{Webhook: hook.ID, Event: event.ID, Action: string(event.Action), Body: body})
}

// dataOf is what an event tells outside: ids and facts about the process, as the log has them. The log has nothing about a
// person.
func dataOf(e audit.Event) json.RawMessage {
	data, _ := json.Marshal(struct { // strings and a map of strings can always be written
		Event   uuid.UUID                `json:"event_id"`
		Request string                   `json:"request_id,omitempty"`
		Actor   string                   `json:"actor_kind"`
		Outcome string                   `json:"outcome"`
		Reason  string                   `json:"reason_code,omitempty"`
		Object  string                   `json:"object_kind"`
		ID      string                   `json:"object_id"`
		Facts   map[audit.FactKey]string `json:"facts,omitempty"`
	}{e.ID, e.CaseID, string(e.Actor.Kind), string(e.Outcome), e.Reason, e.Object.Kind, e.Object.ID, e.Facts})
	return data
}

// deliveries sends what is due to the webhooks.
func (r *Relay) deliveries(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithDeliveries, r.deliveriesOf)
}

func (r *Relay) deliveriesOf(ctx context.Context, tenant uuid.UUID) (int, error) {
	var due []storage.Delivery
	hooks := map[uuid.UUID]storage.Webhook{}
	err := r.db().Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Webhooks(ctx)
		if err != nil {
			return err
		}
		for _, hook := range all {
			hooks[hook.ID] = hook
		}
		due, err = tx.ClaimDeliveries(ctx, deliverBatch, deliverLease)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("claim deliveries: %w", err)
	}
	var group errgroup.Group // one whose record fails does not break off the others
	group.SetLimit(deliverAtOnce)
	for _, d := range due {
		group.Go(func() error { return r.post(ctx, tenant, hooks[d.WebhookID], d) })
	}
	return len(due), group.Wait()
}

// post sends one event and records what came of it, also when the relay is being stopped.
func (r *Relay) post(ctx context.Context, tenant uuid.UUID, hook storage.Webhook, d storage.Delivery) error {
	sender, err := r.poster(hook)
	if err == nil {
		_, err = sender.Send(ctx, notify.Message{ID: d.ID.String(), To: notify.Receiver{Address: hook.URL}, Event: d.Body})
	}
	return r.db().Change(context.WithoutCancel(ctx), tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		switch {
		case err == nil:
			return tx.DeliverySent(ctx, d.ID, "taken")
		case notify.Permanent(err), int(d.Attempts) > len(pauses):
			return errors.Join(tx.FailDelivery(ctx, d.ID, err.Error()), disable(ctx, tx, hook, err))
		default:
			asked, _ := notify.RetryAfter(err)
			wait := max(pauses[max(int(d.Attempts)-1, 0)], asked)
			return tx.RetryDelivery(ctx, d.ID, tx.Now().Add(wait), err.Error())
		}
	})
}

// disable stops a webhook whose receiver asked for that, or did not take an event for days: what comes meanwhile would
// pile up.
func disable(ctx context.Context, tx *storage.Tx, hook storage.Webhook, failure error) error {
	reason := "never_taken"
	switch {
	case notify.Disabled(failure):
		reason = "receiver_gone"
	case notify.Permanent(failure):
		return nil // about this event alone, or the address, which its own tries show
	}
	return tx.DisableWebhook(ctx, hook.ID, reason)
}

// ways are the connections to receivers, kept for the next event.
func (r *Relay) ways() http.RoundTripper {
	r.once.Do(func() { r.transport = webhook.NewTransport(r.WebhooksLocal) })
	return r.transport
}

func (r *Relay) poster(hook storage.Webhook) (*webhook.Sender, error) {
	var secrets []webhook.Secret
	for _, text := range []string{hook.Secret, hook.Previous} {
		if text == "" {
			continue
		}
		secret, err := webhook.ParseSecret(text)
		if err != nil {
			return nil, &notify.Failure{Channel: notify.ChannelWebhook, Step: "configure", Code: "secret"}
		}
		secrets = append(secrets, secret)
	}
	return webhook.New(webhook.Config{Secrets: secrets, Clock: r.Clock, AllowLocal: r.WebhooksLocal, Transport: r.ways()})
}
