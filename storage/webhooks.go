package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Webhook is an address of another program that hears of the tenant's events, with its secrets open.
type Webhook struct {
	ID      uuid.UUID
	Name    string
	URL     string
	Actions []string
	// Secret signs the events. Previous signs too until PreviousUntil, so that the receiver can change over.
	Secret, Previous string
	PreviousUntil    *time.Time
	Active           bool
	DisabledReason   string
	CreatedAt        time.Time
	UpdatedAt        time.Time
}

// AddWebhook adds a webhook. It hears of what is placed in the log from now on.
func (t *Tx) AddWebhook(ctx context.Context, w Webhook) (uuid.UUID, error) {
	id := newID()
	sealed, err := t.sealSecret(id, w.Secret)
	if err != nil {
		return uuid.Nil, err
	}
	err = t.q.InsertWebhook(ctx, db.InsertWebhookParams{
		ID: id, TenantID: t.tenant.ID, Name: w.Name, Url: w.URL, Actions: w.Actions, SecretSealed: sealed, CreatedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the webhook: %w", err)
	}
	return id, t.auditWebhook(ctx, audit.WebhookCreated, id, "")
}

func (t *Tx) sealSecret(id uuid.UUID, secret string) ([]byte, error) {
	sealed, err := t.tenant.records.Seal([]byte(secret), webhookField(id))
	if err != nil {
		return nil, fmt.Errorf("seal the webhook's secret: %w", err)
	}
	return sealed, nil
}

func webhookField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "webhooks", Column: "secret", Row: id.String()}
}

func (t *Tx) auditWebhook(ctx context.Context, action audit.Action, id uuid.UUID, reason string) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "webhook", ID: id.String()}, Reason: reason})
}

// Webhooks lists the tenant's webhooks.
func (t *Tx) Webhooks(ctx context.Context) ([]Webhook, error) {
	rows, err := t.q.Webhooks(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read the webhooks: %w", err)
	}
	hooks := make([]Webhook, 0, len(rows))
	for _, row := range rows {
		hook, err := t.openWebhook(db.WebhookRow(row))
		if err != nil {
			return nil, err
		}
		hooks = append(hooks, hook)
	}
	return hooks, nil
}

// Webhook reads one.
func (t *Tx) Webhook(ctx context.Context, id uuid.UUID) (Webhook, error) {
	row, err := t.q.Webhook(ctx, t.tenant.ID, id)
	if err != nil {
		return Webhook{}, fmt.Errorf("webhook: %w", translate(err))
	}
	return t.openWebhook(row)
}

func (t *Tx) openWebhook(row db.WebhookRow) (Webhook, error) {
	w := Webhook{
		ID: row.ID, Name: row.Name, URL: row.Url, Actions: row.Actions, PreviousUntil: row.PreviousUntil, Active: row.State == "active",
		CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
	if row.DisabledReason != nil {
		w.DisabledReason = *row.DisabledReason
	}
	secret, err := t.tenant.records.Open(row.SecretSealed, webhookField(row.ID))
	if err != nil {
		return Webhook{}, fmt.Errorf("open the webhook's secret: %w", err)
	}
	w.Secret = string(secret)
	if row.PreviousSealed == nil || !t.now.Before(*row.PreviousUntil) {
		return w, nil
	}
	before, err := t.tenant.records.Open(row.PreviousSealed, webhookField(row.ID))
	if err != nil {
		return Webhook{}, fmt.Errorf("open the webhook's secret before: %w", err)
	}
	w.Previous = string(before)
	return w, nil
}

// UpdateWebhook changes all of a webhook but its secret. One that is switched on again hears of what happens from then on.
func (t *Tx) UpdateWebhook(ctx context.Context, w Webhook) error {
	err := one(t.q.UpdateWebhook(ctx, db.UpdateWebhookParams{
		TenantID: t.tenant.ID, ID: w.ID, Name: w.Name, Url: w.URL, Actions: w.Actions, Active: w.Active, At: t.now,
	}))
	if err != nil {
		return fmt.Errorf("change the webhook: %w", err)
	}
	return t.auditWebhook(ctx, audit.WebhookChanged, w.ID, "")
}

// ReplaceWebhookSecret gives a webhook another secret; the one before signs too until then.
func (t *Tx) ReplaceWebhookSecret(ctx context.Context, id uuid.UUID, secret string, until time.Time) error {
	sealed, err := t.sealSecret(id, secret)
	if err != nil {
		return err
	}
	err = one(t.q.ReplaceWebhookSecret(ctx, db.ReplaceWebhookSecretParams{
		TenantID: t.tenant.ID, ID: id, SecretSealed: sealed, Until: until, At: t.now,
	}))
	if err != nil {
		return fmt.Errorf("replace the webhook's secret: %w", err)
	}
	return t.auditWebhook(ctx, audit.WebhookChanged, id, "secret_replaced")
}

// DisableWebhook stops a webhook and gives up what waits for it.
func (t *Tx) DisableWebhook(ctx context.Context, id uuid.UUID, reason string) error {
	rows, err := t.q.DisableWebhook(ctx, t.tenant.ID, id, reason, t.now)
	if err != nil || rows == 0 {
		return err
	}
	if err := t.q.FailDeliveries(ctx, t.tenant.ID, id, t.now, "webhook disabled"); err != nil {
		return fmt.Errorf("give up the deliveries: %w", err)
	}
	return t.auditWebhook(ctx, audit.WebhookDisabled, id, reason)
}

// DeleteWebhook removes a webhook and the record of its deliveries.
func (t *Tx) DeleteWebhook(ctx context.Context, id uuid.UUID) error {
	if err := t.later.DeleteDeliveries(ctx, t.tenant.ID, id); err != nil {
		return fmt.Errorf("delete the deliveries: %w", err)
	}
	if err := one(t.q.DeleteWebhook(ctx, t.tenant.ID, id)); err != nil {
		return fmt.Errorf("delete the webhook: %w", err)
	}
	return t.auditWebhook(ctx, audit.WebhookDeleted, id, "")
}
