package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/storage"
)

// installationView is what a tenant's administrator may know of the installation it lives on.
type installationView struct {
	Version   string        `json:"version"`
	Public    string        `json:"public_url"`
	MailFrom  string        `json:"mail_from"`
	Slack     bool          `json:"slack" doc:"Whether notices can be posted in Slack."`
	Buttons   bool          `json:"slack_buttons" doc:"Whether buttons in Slack do something."`
	Keys      []keyAge      `json:"keys" doc:"The installation's own keys. docket keys rotate rotates them."`
	Rotation  *rotationView `json:"rotation,omitempty" doc:"The newest rotation of the tenant's wrapping key."`
	Retention retentionView `json:"retention" doc:"How long what Docket itself holds is kept."`
}

type keyAge struct {
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	RotatedAt *time.Time `json:"rotated_at,omitempty"`
}

type rotationView struct {
	StartedAt time.Time  `json:"started_at"`
	By        string     `json:"started_by"`
	Rewrapped int64      `json:"rewrapped" doc:"How many keys were wrapped under the new one so far."`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
}

type retentionView struct {
	Package     int `json:"package_days" doc:"A package can be fetched for that long, then its key is destroyed. A setting of the tenant."`
	Unproven    int `json:"unproven_days" doc:"A request whose person is never proven closes after that long. A setting of the tenant."`
	Deliveries  int `json:"webhook_deliveries_days"`
	Sessions    int `json:"sessions_days" doc:"Ended sign-ins are listed for that long."`
	Idempotency int `json:"idempotency_hours"`
}

type rotateKeys struct{ Body plainBody }

func (s *server) installationOperations() {
	register(s, operation{
		id: "get-installation", method: http.MethodGet, path: "/v1/installation", tag: "tenant",
		summary: "How the installation reaches people, how old its keys are, and how long what it holds is kept",
	}, s.installation)
	register(s, operation{
		id: "rotate-keys", method: http.MethodPost, path: "/v1/keys/rotate", tag: "tenant", status: http.StatusAccepted,
		summary: "Give the tenant a new wrapping key and have every key below it wrapped anew; everything stays readable meanwhile", together: true,
	}, s.rotateKeys)
}

func (s *server) installation(ctx context.Context, who *caller, _ *struct{}) (*shown[installationView], error) {
	settings := who.tenant.Settings.Defaults()
	view := installationView{
		Version: s.Version, Public: s.Desk.Public(), MailFrom: s.MailFrom, Slack: s.Slack, Buttons: s.SlackSigningSecret != "", Keys: []keyAge{},
		Retention: retentionView{
			Package: settings.PackageDays, Unproven: settings.VerifyDays, Deliveries: days(storage.DeliveriesKept), Sessions: days(storage.SessionsKept),
			Idempotency: int(storage.IdempotencyLife.Hours()),
		},
	}
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		ages, err := tx.InstallationKeyDates(ctx)
		if err != nil {
			return err
		}
		view.Keys = each(ages, func(k storage.KeyDates) keyAge {
			return keyAge{Name: k.Name, CreatedAt: k.CreatedAt, RotatedAt: k.RotatedAt}
		})
		rotation, err := tx.Rotation(ctx)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		view.Rotation = &rotationView{StartedAt: rotation.StartedAt, By: rotation.StartedBy, Rewrapped: rotation.Rewrapped, EndedAt: rotation.EndedAt}
		return err
	})
	return &shown[installationView]{Body: view}, err
}

func days(d time.Duration) int { return int(d.Hours() / 24) }

func (s *server) rotateKeys(ctx context.Context, who *caller, _ *rotateKeys) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error { return tx.BeginRotation(ctx) })
}
