package casework

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
)

// handoverLetters is how many handovers one transaction tells of.
const handoverLetters = 50

// TellHandovers tells whoever answers for the law of withdrawals that a receiver has not confirmed, when half of their time has gone and when all of it has, and says how many it looked
// at.
func (d *Desk) TellHandovers(ctx context.Context, tenant uuid.UUID) (told int, err error) {
	err = d.db.Change(ctx, tenant, System("handover"), func(ctx context.Context, tx *storage.Tx) error {
		due, err := tx.ConsentHandoversToTell(ctx, handoverLetters)
		if told = len(due); err != nil || told == 0 {
			return err
		}
		staff, err := tx.Staff(ctx)
		if err != nil {
			return err
		}
		for _, h := range due {
			over := h.Told(tx.Now())
			if err := tx.PutConsentHandover(ctx, h); err != nil {
				return err
			}
			if err := tx.HandoverTold(ctx, h, over); err != nil {
				return err
			}
			if err := d.tellHandover(ctx, tx, staff, h, over); err != nil {
				return err
			}
		}
		return nil
	})
	return told, err
}

func (d *Desk) tellHandover(ctx context.Context, tx *storage.Tx, staff []storage.Staff, h storage.ConsentHandover, over bool) error {
	r, err := tx.ConsentReceiver(ctx, h.Receiver)
	if err != nil {
		return err
	}
	tenant, stage := tx.Tenant(), "half"
	if over {
		stage = "over"
	}
	letter := &notify.HandoverUnconfirmed{
		Tenant: tenant.Name, Receiver: r.Name, Day: h.Day.String(), Withdrawals: h.Withdrawals, Left: h.Withdrawals - h.Confirmed, Due: h.Due, Over: over,
		Citation: d.UnsubscribeCitation(h.DueLaw), Problem: r.Problem, Link: d.links.Public + "/console/consents/receivers/" + r.ID.String(), Zone: tenant.Zone,
	}
	for _, member := range staff {
		if !member.Active || member.Role != "dpo" {
			continue
		}
		key := fmt.Sprintf("handover/%s/%s/%d/%s", h.ID, stage, h.Due.Unix(), member.ID)
		if err := d.tellOnce(ctx, tx, member, key, letter); err != nil {
			return err
		}
	}
	return nil
}

// UnsubscribeCitation is where a law on messages sets the time to unsubscribe; its id where it is not known any more.
func (d *Desk) UnsubscribeCitation(law string) string {
	for _, rule := range d.laws.all {
		if rule.ID == law {
			return rule.Unsubscribe.Citation.Text
		}
	}
	return law
}
