package casework

import (
	"context"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// How long the links of letters about signing in work. An invitation waits for somebody's first day, a reset is wanted now.
const (
	invitationLife = 7 * day
	resetLife      = time.Hour
)

// Invite makes the link by which a member of staff joins, and sends it to them. Links before it end.
func (d *Desk) Invite(ctx context.Context, tx *storage.Tx, member storage.Staff) (link string, err error) {
	token, hash, err := NewToken()
	if err != nil {
		return "", err
	}
	expires := tx.Now().Add(invitationLife)
	if err := tx.NewInvitation(ctx, member.ID, hash, expires); err != nil {
		return "", err
	}
	access := d.access(tx, "/console/invitation#"+token, expires)
	return access.Link, d.tellMember(ctx, tx, member, &notify.Invitation{Access: access})
}

// SendReset sends somebody a link to a new password, by way of a tenant that they belong to.
func (d *Desk) SendReset(ctx context.Context, tx *storage.Tx, member storage.Staff, account *storage.AccountTx) error {
	token, hash, err := NewToken()
	if err != nil {
		return err
	}
	expires := tx.Now().Add(resetLife)
	if err := account.NewReset(ctx, hash, expires); err != nil {
		return err
	}
	if err := d.tellMember(ctx, tx, member, &notify.Reset{Access: d.access(tx, "/console/reset#"+token, expires)}); err != nil {
		return err
	}
	return tx.Audit(ctx, audit.Event{Action: audit.ResetSent, Object: audit.Object{Kind: "staff", ID: member.ID.String()}})
}

// access is what a letter about signing in says. What stands behind the # of a link reaches no server's log.
func (d *Desk) access(tx *storage.Tx, path string, expires time.Time) notify.Access {
	return notify.Access{Tenant: tx.Tenant().Name, Link: d.links.Public + path, Expires: expires, Zone: tx.Tenant().Zone}
}

// tellMember puts a letter to a member of staff into the outbox. It opens a door, so its words are destroyed once it is sent.
func (d *Desk) tellMember(ctx context.Context, tx *storage.Tx, member storage.Staff, letter notify.Letter) error {
	_, err := queueLetter(ctx, tx, storage.NewMessage{Secret: true}, notify.Receiver{Name: member.Name, Address: member.Email}, notify.English, letter)
	return err
}
