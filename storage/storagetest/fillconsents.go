package storagetest

import (
	"context"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// consents has the person agree to something, buy something, and sign up for something.
func (f *filler) consents(ctx context.Context, tx *storage.Tx) error {
	number, err := tx.AddConsentPurpose(ctx, storage.NewConsentPurpose{Key: "news", Class: string(privacy.Commercial)})
	if err != nil {
		return err
	}
	words, err := tx.AddConsentText(ctx, storage.ConsentPurpose{Number: number, Key: "news"}, "en", "News", "Write to me once a month.")
	if err != nil {
		return err
	}
	address := storage.ConsentAddress{Kind: storage.AddressEmail, Value: f.Person.Email, Country: "CA", Language: "en"}
	given := storage.ConsentEntry{
		Address: address, Purpose: number, Channel: privacy.ByEmail, Zone: "UTC", How: "form", Source: "shop", Text: &words.ID,
		Event:    consent.Event{Kind: consent.Given, At: tx.Now(), Day: privacy.DateIn(tx.Now(), time.UTC)},
		Evidence: storage.ConsentEvidence{IP: f.canary(), Note: f.canary()},
	}
	bought := given
	bought.Event.Kind, bought.Event.Relation, bought.Channel, bought.Text = consent.Refreshed, "purchase", privacy.ByPush, nil
	asked := given
	asked.Event.Kind, asked.Channel, asked.Evidence = consent.Requested, privacy.ByPost, storage.ConsentEvidence{}
	list, err := tx.AddConsentImport(ctx, "Old shop", []byte(`{"address": "Email"}`))
	if err != nil {
		return err
	}
	if err := tx.CheckConsentImport(ctx, list, 1, 100, hash()); err != nil {
		return err
	}
	chunk := storage.ImportChunk{Import: list, Step: storage.ImportCheck, Lines: 2, Written: 1, Faulty: 1, Faults: []storage.ImportFault{{Line: 2, Field: "address", Problem: "is empty"}}}
	if err := tx.AddImportChunk(ctx, chunk); err != nil {
		return err
	}
	_, err = tx.RecordConsents(ctx, []storage.ConsentEntry{given, bought, asked}, func(string, privacy.MessageChannel, *consent.Standing) (until, next privacy.Date) {
		day := privacy.DateIn(tx.Now(), time.UTC)
		return day.AddDays(30), day.AddDays(1)
	})
	return err
}

// ownLinks gives the tenant two keys for links, of which the older was revoked, and has the person choose a pause.
func (f *filler) ownLinks(ctx context.Context, tx *storage.Tx) error {
	key, err := tx.LinkKeyInUse(ctx)
	if err != nil {
		return err
	}
	if err := tx.RevokeLinkKey(ctx, key.Number); err != nil {
		return err
	}
	people, err := tx.NameConsentPeople(ctx, []storage.ConsentAddress{{Kind: storage.AddressEmail, Value: f.Person.Email}})
	if err != nil {
		return err
	}
	self, err := tx.HoldConsentSelf(ctx, people[0])
	if err != nil {
		return err
	}
	paused := privacy.DateIn(tx.Now(), time.UTC).AddDays(30)
	return tx.SetOwnPreferences(ctx, self, storage.ConsentPreferences{Frequency: consent.AtMostWeekly, PausedUntil: paused, Language: "de"}, "page")
}

// receivers has the person want no more by post, and another system that has to hear of it.
func (f *filler) receivers(ctx context.Context, tx *storage.Tx) error {
	left := storage.ConsentEntry{
		Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: f.Person.Email}, Purpose: 1, Channel: privacy.ByPost, Zone: "UTC", How: "staff",
		Event: consent.Event{Kind: consent.Withdrawn, At: tx.Now(), Day: privacy.DateIn(tx.Now(), time.UTC)},
	}
	nothing := func(string, privacy.MessageChannel, *consent.Standing) (until, next privacy.Date) { return }
	if _, err := tx.RecordConsents(ctx, []storage.ConsentEntry{left}, nothing); err != nil {
		return err
	}
	id, err := tx.AddConsentReceiver(ctx, storage.ConsentReceiver{
		Name: "Mailings", Kind: storage.ReceiverListmonk, URL: "https://mailings.example", Login: "docket", Secret: f.canary(), Channels: []privacy.MessageChannel{privacy.ByEmail, privacy.ByPost},
	}, true)
	if err != nil {
		return err
	}
	h, err := tx.ConsentHandoverOf(ctx, id, privacy.DateIn(tx.Now(), time.UTC))
	if err != nil {
		return err
	}
	h.Add(2, []consent.Clock{{Law: "mailbox", Version: "1", Due: tx.Now().AddDate(0, 0, 2)}}, tx.Now())
	h.Confirm(1, 0, tx.Now())
	return tx.PutConsentHandover(ctx, h)
}
