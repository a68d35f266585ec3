package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of webhooks' deliveries.
type (
	// Behind is a webhook that has not looked at the whole log.
	Behind = db.LockWebhooksBehindRow
	// Delivery is an event on its way to a webhook.
	Delivery = db.ClaimDeliveriesRow
	// DeliveryLine is a delivery in the list.
	DeliveryLine = db.DeliveriesRow
)

// DeliveriesKept is how long the record of a delivery that has ended is kept.
const DeliveriesKept = 30 * 24 * time.Hour

// News is an event that a webhook hears of.
type News struct {
	Webhook, Event uuid.UUID
	Action         string
	// Body is what is sent.
	Body []byte
}

// LockWebhooksBehind takes the webhooks that have not looked at the whole log, leaving out those that another relay works on.
func (t *Tx) LockWebhooksBehind(ctx context.Context) ([]Behind, error) {
	hooks, err := t.q.LockWebhooksBehind(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("look for webhooks: %w", err)
	}
	return hooks, nil
}

// PlacedEvents reads events of the log from a place on, in its order.
func (t *Tx) PlacedEvents(ctx context.Context, from, to int64) ([]audit.Event, error) {
	rows, err := t.q.AuditEntries(ctx, t.tenant.ID, from, to)
	if err != nil {
		return nil, fmt.Errorf("read the log: %w", err)
	}
	events := make([]audit.Event, 0, len(rows))
	for _, row := range rows {
		event, err := audit.Decode(row.Body)
		if err != nil {
			return nil, fmt.Errorf("read an audit event: %w", err)
		}
		events = append(events, event)
	}
	return events, nil
}

// MoveWebhook records how far a webhook has looked.
func (t *Tx) MoveWebhook(ctx context.Context, id uuid.UUID, to int64) error {
	return t.later.MoveWebhook(ctx, t.tenant.ID, id, to)
}

// Deliver has an event sent to a webhook once the transaction has committed. The same event is delivered once.
func (t *Tx) Deliver(ctx context.Context, n News) error {
	_, err := t.q.InsertDelivery(ctx, db.InsertDeliveryParams{
		ID: newID(), TenantID: t.tenant.ID, WebhookID: n.Webhook, EventID: n.Event, Action: n.Action, Body: n.Body, NextAttemptAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("queue the delivery: %w", err)
	}
	return nil
}

// ClaimDeliveries takes deliveries that are due. They come back by themselves when lease runs out.
func (t *Tx) ClaimDeliveries(ctx context.Context, limit int32, lease time.Duration) ([]Delivery, error) {
	rows, err := t.q.ClaimDeliveries(ctx, t.tenant.ID, t.now.Add(lease), t.now, limit)
	if err != nil {
		return nil, fmt.Errorf("claim deliveries: %w", err)
	}
	return rows, nil
}

// DeliverySent records that the other side took it; status is what it said.
func (t *Tx) DeliverySent(ctx context.Context, id uuid.UUID, status string) error {
	_, err := t.q.DeliverySent(ctx, t.tenant.ID, id, t.now, status)
	return err
}

// RetryDelivery has it tried again at a time.
func (t *Tx) RetryDelivery(ctx context.Context, id uuid.UUID, at time.Time, status string) error {
	_, err := t.q.DeliveryRetry(ctx, t.tenant.ID, id, at, status)
	return err
}

// FailDelivery gives up on it.
func (t *Tx) FailDelivery(ctx context.Context, id uuid.UUID, status string) error {
	_, err := t.q.DeliveryFailed(ctx, t.tenant.ID, id, t.now, status)
	return err
}

// Redeliver sends a delivery that has ended once more, under its own id.
func (t *Tx) Redeliver(ctx context.Context, webhook, id uuid.UUID) error {
	err := one(t.q.RequeueDelivery(ctx, t.tenant.ID, webhook, id, t.now))
	if err != nil {
		return fmt.Errorf("send the delivery again: %w", err)
	}
	return nil
}

// Deliveries lists what was sent to a webhook, newest first.
func (t *Tx) Deliveries(ctx context.Context, webhook uuid.UUID, before *Position, limit int32) ([]DeliveryLine, error) {
	row := db.DeliveriesParams{TenantID: t.tenant.ID, WebhookID: webhook, Wanted: limit}
	at := before.or(lastOfAll)
	row.BeforeAt, row.BeforeID = at.At, at.ID
	rows, err := t.q.Deliveries(ctx, row)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	return rows, nil
}

// ForgetDeliveries deletes what ended before a time.
func (t *Tx) ForgetDeliveries(ctx context.Context, before time.Time) error {
	return t.q.ForgetDeliveries(ctx, t.tenant.ID, &before)
}

// TenantsWithNews lists the tenants that have a webhook which has not looked at the whole log.
func (d *DB) TenantsWithNews(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithNews(ctx)
	return ids, translate(err)
}

// TenantsWithDeliveries lists the tenants that have something to send to webhooks.
func (d *DB) TenantsWithDeliveries(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsWithDeliveries(ctx, d.now())
	return ids, translate(err)
}
