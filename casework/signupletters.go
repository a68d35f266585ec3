package casework

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// askMailbox writes the letter that asks to confirm a sign-up, or asks once more.
func (d *Desk) askMailbox(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp) error {
	what, err := titles(ctx, tx, *up)
	if err != nil {
		return err
	}
	link, err := d.confirmLink(ctx, tx, *up)
	if err != nil {
		return err
	}
	if up.Offered() {
		letter, err := d.offerLetter(ctx, tx, self, *up, what, link)
		if err != nil {
			return err
		}
		return d.writeToMailbox(ctx, tx, self, up, letter)
	}
	return d.writeToMailbox(ctx, tx, self, up, &notify.SignUpConfirm{
		Frame: signUpFrame(tx.Tenant()), What: what, Entered: up.At, Until: up.ExpiresAt, Link: link, Reminder: up.RemindedAt.Equal(tx.Now()),
	})
}

// confirmLink leads to the page of a sign-up. It says the same each time.
func (d *Desk) confirmLink(ctx context.Context, tx *storage.Tx, up storage.SignUp) (string, error) {
	key, err := tx.LinkKeyInUse(ctx)
	if err != nil {
		return "", err
	}
	tenant := tx.Tenant()
	token, err := signLink(key, consent.Link{
		Tenant: tenant.ID, Person: up.ID, Kind: consent.LinkConfirm, Key: key.Number, Channel: privacy.ByEmail, Day: privacy.DateIn(up.At, tenant.Zone),
	})
	return d.links.Public + "/c/" + token, err
}

// welcome writes that what was asked for comes from now on.
func (d *Desk) welcome(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp) error {
	what, err := titles(ctx, tx, *up)
	if err != nil {
		return err
	}
	links, err := d.ownLinksFor(ctx, tx, self, *up)
	if err != nil {
		return err
	}
	return d.writeToMailbox(ctx, tx, self, up, &notify.SignUpWelcome{Frame: signUpFrame(tx.Tenant()), What: what, Choose: links.Preferences, End: links.Unsubscribe})
}

// tellKnown writes that everything that was asked for comes already.
func (d *Desk) tellKnown(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp) error {
	links, err := d.ownLinksFor(ctx, tx, self, *up)
	if err != nil {
		return err
	}
	return d.writeToMailbox(ctx, tx, self, up, &notify.SignUpKnown{Frame: signUpFrame(tx.Tenant()), Entered: up.At, Choose: links.Preferences})
}

// ownLinksFor are the links by which somebody ends and chooses what they signed up for.
func (d *Desk) ownLinksFor(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp) (PersonLinks, error) {
	key, err := tx.LinkKeyInUse(ctx)
	if err != nil {
		return PersonLinks{}, err
	}
	tenant := tx.Tenant()
	link := consent.Link{Tenant: tenant.ID, Person: self.Person, Key: key.Number, Channel: privacy.ByEmail, Day: privacy.DateIn(tx.Now(), tenant.Zone)}
	if len(up.Wants) == 1 {
		link.Purpose = up.Wants[0].Purpose
	}
	return d.linksOf(tenant, key, link)
}

// titles are what the purposes of a sign-up are called, in the words that were shown.
func titles(ctx context.Context, tx *storage.Tx, up storage.SignUp) ([]string, error) {
	words, err := signUpWords(ctx, tx, up)
	out := make([]string, len(words))
	for i, o := range words {
		out[i] = o.Text.Title
	}
	return out, err
}

// signUpWords are the purposes of a sign-up with the words that were shown, or the newest where that is not known.
func signUpWords(ctx context.Context, tx *storage.Tx, up storage.SignUp) (out []SignUpOffer, err error) {
	texts, err := tx.ConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	tenant := tx.Tenant()
	for _, w := range up.Wants {
		o := SignUpOffer{Text: TextFor(texts, w.Purpose, up.Language, tenant.Language)}
		for _, t := range texts {
			if t.ID == w.Text {
				o.Text = t
			}
		}
		for _, p := range tenant.Purposes {
			if p.Number == w.Purpose {
				o.Purpose = p
			}
		}
		if o.Text.Title == "" {
			o.Text.Title = o.Purpose.Key
		}
		out = append(out, o)
	}
	return out, nil
}

// writeToMailbox puts a letter about a sign-up into the outbox and counts it. Its words go as soon as it is sent: the links in it are for nobody else.
func (d *Desk) writeToMailbox(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp, letter notify.Letter) error {
	to, err := tx.ConsentAddressOf(ctx, self.Person)
	if err != nil {
		return err
	}
	up.Letters, up.LetterAt = up.Letters+1, tx.Now()
	m := storage.NewMessage{Key: fmt.Sprintf("sign-up/%s/%d", up.ID, up.Letters), Secret: true}
	id, err := queueLetter(ctx, tx, m, notify.Receiver{Address: to.Value}, notify.Language(up.Language), letter)
	if up.Letter == uuid.Nil {
		up.Letter = id
	}
	return err
}
