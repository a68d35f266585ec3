package main

import (
	"context"
	"slices"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/client"
)

// furnish gives the company what programs would use: a key with a narrow scope, and a webhook that is switched off, because
// nobody listens at its address.
func (c *caseload) furnish(ctx context.Context) error {
	if err := c.programKey(ctx); err != nil {
		return err
	}
	return c.quietWebhook(ctx)
}

func (c *caseload) programKey(ctx context.Context) error {
	const name = "Web shop: files what customers ask for"
	keys, err := c.admin.Keys(ctx)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(keys.Items, func(k client.Key) bool { return k.Name == name }) {
		return nil
	}
	_, err = c.admin.CreateKey(ctx, client.NewKey{Name: name, Role: string(api.Agent), Scopes: []string{"requests:write"}})
	return err
}

// quietWebhook hears of nothing before it is switched off: no obligation of the company is overdue yet.
func (c *caseload) quietWebhook(ctx context.Context) error {
	hook := client.NewWebhook{Name: "Board of the legal department", URL: "https://hooks.halden-birk.example/privacy", Actions: []string{"obligation.overdue"}}
	hooks, err := c.admin.Webhooks(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(hooks.Items, func(h client.Webhook) bool { return h.Name == hook.Name })
	if at >= 0 && !hooks.Items[at].Active {
		return nil
	}
	if at < 0 {
		made, err := c.admin.CreateWebhook(ctx, hook)
		if err != nil {
			return err
		}
		hooks.Items, at = []client.Webhook{{ID: made.ID}}, 0
	}
	_, err = c.admin.ChangeWebhook(ctx, hooks.Items[at].ID, client.WebhookChange{NewWebhook: hook})
	return err
}
