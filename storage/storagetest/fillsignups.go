package storagetest

import (
	"context"
	"time"

	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// signUps has somebody enter the person's address into a form twice: once their mailbox was asked, once nobody has looked yet.
func (f *filler) signUps(ctx context.Context, tx *storage.Tx) error {
	people, err := tx.NameConsentPeople(ctx, []storage.ConsentAddress{{Kind: storage.AddressEmail, Value: f.Person.Email}})
	if err != nil {
		return err
	}
	entered := storage.NewSignUp{
		Entered:  storage.EnteredSignUp{Address: f.Person.Email, Wants: []storage.SignUpWish{{Purpose: 1}}, Evidence: storage.ConsentEvidence{IP: f.canary()}},
		Language: "en", How: "form", Source: "footer",
	}
	id, err := tx.AddSignUp(ctx, entered)
	if err != nil {
		return err
	}
	up, err := tx.SignUp(ctx, id)
	if err != nil {
		return err
	}
	up.Person, up.State, up.Wants, up.Letters, up.Letter = people[0], consent.SignUpAsked, up.Entered.Wants, 1, id
	up.LetterAt, up.RemindedAt, up.ExpiresAt, up.Next = tx.Now(), tx.Now(), tx.Now().Add(time.Hour), tx.Now()
	if err := tx.KeepSignUp(ctx, up, true); err != nil {
		return err
	}
	_, err = tx.AddSignUp(ctx, entered)
	return err
}
