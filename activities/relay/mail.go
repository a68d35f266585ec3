package relay

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// sendAtOnce is how many letters are on their way at the same time; sendTime bounds each.
const (
	sendAtOnce = 8
	sendTime   = 45 * time.Second
	// mailBatch is how many letters one look claims: no more than are sent before the claim runs out (casework.mailLease), were each
	// of them to take all its time. Another worker would send the others again.
	mailBatch = 2 * sendAtOnce
)

// mail sends the letters that are due, tenant by tenant.
func (r *Relay) mail(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithMail, r.mailOf)
}

func (r *Relay) mailOf(ctx context.Context, tenant uuid.UUID) (int, error) {
	letters, err := r.Desk.ClaimMail(ctx, tenant, mailBatch)
	if err != nil {
		return 0, fmt.Errorf("claim mail: %w", err)
	}
	var group errgroup.Group // a letter whose record fails does not break off the others
	group.SetLimit(sendAtOnce)
	for _, letter := range letters {
		group.Go(func() error { return r.send(ctx, tenant, letter) })
	}
	return len(letters), group.Wait()
}

// send hands one letter over and records what came of it. The record is made even when the relay is being stopped: the
// other side has the letter already.
func (r *Relay) send(ctx context.Context, tenant uuid.UUID, letter storage.Outgoing) error {
	failure := r.handOver(ctx, letter)
	ctx = context.WithoutCancel(ctx)
	if failure != nil {
		return r.Desk.MailRefused(ctx, tenant, letter, failure)
	}
	return r.Desk.MailTaken(ctx, tenant, letter)
}

func (r *Relay) handOver(ctx context.Context, letter storage.Outgoing) error {
	channel := notify.Channel(letter.Channel)
	sender, ok := r.Senders[channel]
	if !ok {
		return &notify.Failure{Channel: channel, Step: "configure", Code: "no_sender"}
	}
	var message notify.Message
	if err := json.Unmarshal(letter.Content, &message); err != nil {
		return &notify.Failure{Channel: channel, Step: "read", Code: "unreadable"}
	}
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	_, err := sender.Send(ctx, message)
	return err
}
