package activities

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/listmonk"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Handovers tell other systems whom they may write to no more.
type Handovers struct {
	desk  *casework.Desk
	local bool

	once      sync.Once
	transport http.RoundTripper
}

// RegisterHandovers makes the activities known that tell other systems. local lets these be in the own network, over plain http too: the operator's choice, never a tenant's.
func RegisterHandovers(r worker.ActivityRegistry, desk *casework.Desk, local bool) {
	h := &Handovers{desk: desk, local: local}
	r.RegisterActivityWithOptions(h.HandOver, activity.RegisterOptions{Name: contract.ActivityHandOver})
	r.RegisterActivityWithOptions(h.Test, activity.RegisterOptions{Name: contract.ActivityTestReceiver})
}

// HandOver tells a receiver page by page what it has not confirmed, and says whether there may be more. It ends when all is confirmed or the receiver does not take it: then it is left
// alone for a while. A try that follows another goes on where that was.
func (h *Handovers) HandOver(ctx context.Context, in contract.HandoverInput) (more bool, err error) {
	defer beat(ctx)()
	began := h.desk.Clock().Now()
	for more = true; more && h.desk.Clock().Since(began) < contract.ConsentStretch; {
		if more, err = h.desk.TellReceiver(ctx, in.Tenant, in.Receiver, h); err != nil {
			return false, named(err)
		}
	}
	return more, nil
}

// Test sees whether a receiver takes what it is told, without telling it of anybody; empty where it does, or why it does not.
func (h *Handovers) Test(ctx context.Context, in contract.HandoverInput) (problem string, err error) {
	var r storage.ConsentReceiver
	err = h.desk.DB().Read(ctx, in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		r, err = tx.ConsentReceiver(ctx, in.Receiver)
		return err
	})
	if err != nil {
		return "", named(err)
	}
	if r.Kind == storage.ReceiverListmonk {
		err = h.listmonk(&r).Check(ctx)
	} else {
		id, made := uuid.NewV7()
		if made != nil {
			return "", fmt.Errorf("make the id of a test: %w", made)
		}
		err = h.post(ctx, &r, id, "consent.receiver_test", nil)
	}
	var known *notify.Failure
	if errors.As(err, &known) {
		return known.Error(), nil
	}
	return "", err
}

// Tell tells a receiver changes, all or with an error.
func (h *Handovers) Tell(ctx context.Context, r *storage.ConsentReceiver, id uuid.UUID, changes []casework.ConsentChange) error {
	if r.Kind == storage.ReceiverListmonk {
		return h.tellListmonk(ctx, r, changes)
	}
	return h.post(ctx, r, id, "consent.withdrawals", changes)
}

// handed is what a receiver is posted.
type handed struct {
	ID       uuid.UUID                `json:"id"`
	Receiver uuid.UUID                `json:"receiver"`
	Changes  []casework.ConsentChange `json:"changes"`
}

func (h *Handovers) post(ctx context.Context, r *storage.ConsentReceiver, id uuid.UUID, kind string, changes []casework.ConsentChange) error {
	secret, err := webhook.ParseSecret(r.Secret)
	if err != nil {
		return &notify.Failure{Channel: notify.ChannelWebhook, Step: "configure", Code: "secret"}
	}
	sender, err := webhook.New(webhook.Config{Secrets: []webhook.Secret{secret}, Clock: h.desk.Clock(), AllowLocal: h.local, Transport: h.ways()})
	if err != nil {
		return fmt.Errorf("make the sender: %w", err)
	}
	data, err := json.Marshal(handed{ID: id, Receiver: r.ID, Changes: append([]casework.ConsentChange{}, changes...)})
	if err != nil {
		return fmt.Errorf("write what a receiver is told: %w", err)
	}
	body, err := json.Marshal(webhook.Event{Type: kind, Timestamp: h.desk.Clock().Now().UTC(), Data: data})
	if err != nil {
		return fmt.Errorf("write what a receiver is told: %w", err)
	}
	_, err = sender.Send(ctx, notify.Message{ID: id.String(), To: notify.Receiver{Address: r.URL}, Event: body})
	return err //nolint:wrapcheck // a *notify.Failure, which the desk reads
}

// tellListmonk blocks whoever stands withdrawn and unblocks whoever has nothing left that is. Of somebody who is in the page twice the last counts.
func (h *Handovers) tellListmonk(ctx context.Context, r *storage.ConsentReceiver, changes []casework.ConsentChange) error {
	c, last := h.listmonk(r), map[uuid.UUID]casework.ConsentChange{}
	var people []uuid.UUID
	for _, change := range changes {
		if change.Channel != privacy.ByEmail || change.Forgotten {
			continue
		}
		if _, there := last[change.Person]; !there {
			people = append(people, change.Person)
		}
		last[change.Person] = change
	}
	var block []string
	for _, person := range people {
		if !last[person].AllClear {
			block = append(block, last[person].Address)
		}
	}
	if err := c.Block(ctx, block); err != nil {
		return err
	}
	for _, person := range people {
		if last[person].AllClear {
			if err := c.Unblock(ctx, last[person].Address); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *Handovers) listmonk(r *storage.ConsentReceiver) *listmonk.Client {
	return listmonk.New(r.URL, r.Login, r.Secret, h.ways(), h.desk.Clock())
}

// ways are the connections to receivers, kept for the next page.
func (h *Handovers) ways() http.RoundTripper {
	h.once.Do(func() { h.transport = webhook.NewTransport(h.local) })
	return h.transport
}
