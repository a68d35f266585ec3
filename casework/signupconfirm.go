package casework

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// SignUpPage is what the page behind the link of a letter shows: what somebody has signed up for, and how far that is.
type SignUpPage struct {
	storage.SignUp
	Offers []SignUpOffer
	// Links lead to where what is confirmed can be chosen and ended; empty before.
	Links PersonLinks
}

// SignUpPage reads what a link asks to be confirmed. Looking changes nothing: programs look at every link of a message. Errors are ErrLinkDead and
// ErrLinkForgotten.
func (d *Desk) SignUpPage(ctx context.Context, l OwnLink) (out SignUpPage, err error) {
	return out, d.db.Read(ctx, l.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		up, err := tx.SignUp(ctx, l.Person)
		if err != nil {
			return linkGone(err)
		}
		self, err := tx.ConsentSelf(ctx, up.Person)
		if err != nil {
			return linkGone(err)
		}
		if self.Forgotten {
			return ErrLinkForgotten
		}
		out, err = d.pageOf(ctx, tx, self, up)
		return err
	})
}

func (d *Desk) pageOf(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp) (out SignUpPage, err error) {
	if up.State == consent.SignUpAsked && !tx.Now().Before(up.ExpiresAt) {
		up.State = consent.SignUpExpired // nobody has looked at it yet
	}
	if up.State == consent.SignUpAsked {
		if up.Wants = stillUsed(tx.Tenant(), up.Wants); len(up.Wants) == 0 {
			up.State = consent.SignUpExpired
		}
	}
	out.SignUp = up
	if out.Offers, err = signUpWords(ctx, tx, up); err != nil || up.State != consent.SignUpConfirmed {
		return out, err
	}
	out.Links, err = d.ownLinksFor(ctx, tx, self, up)
	return out, err
}

// ConfirmSignUp puts on record that whoever has the mailbox agrees, once however often it is asked. What comes back is how it stands then: one that expired stays
// so. Errors are those of SignUpPage.
func (d *Desk) ConfirmSignUp(ctx context.Context, l OwnLink, shows storage.ConsentEvidence) (SignUpPage, error) {
	return d.answerSignUp(ctx, l, func(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp) error {
		if up.State != consent.SignUpAsked || !tx.Now().Before(up.ExpiresAt) {
			return nil
		}
		if shows.Fields == nil {
			shows.Fields = map[string]string{}
		}
		shows.Fields["signed_up_at"], shows.Fields["letter"] = up.At.UTC().Format(time.RFC3339), up.Letter.String()
		if up.Wants = stillUsed(tx.Tenant(), up.Wants); len(up.Wants) == 0 { // there is nothing left that one could agree to
			end(tx, up, consent.SignUpExpired)
			return nil
		}
		if err := tx.TellOwnCountry(ctx, self, up.Country); err != nil {
			return err
		}
		if err := d.recordAnswer(ctx, tx, self, *up, consent.Confirmed, "confirmation", shows); err != nil {
			return err
		}
		end(tx, up, consent.SignUpConfirmed)
		if up.Offered() || signUpRules(tx.Tenant()).NoWelcome {
			return nil // who was asked gets it already
		}
		return d.welcome(ctx, tx, self, up)
	})
}

// stillUsed are the wishes for purposes that are not retired.
func stillUsed(tenant storage.Tenant, wants []storage.SignUpWish) (out []storage.SignUpWish) {
	for _, w := range wants {
		if _, active := activePurpose(tenant, w.Purpose); active {
			out = append(out, w)
		}
	}
	return out
}

// DenySignUp puts on record that whoever has the mailbox did not ask for it: it ends, and no letters about sign-ups come for a time.
func (d *Desk) DenySignUp(ctx context.Context, l OwnLink, shows storage.ConsentEvidence) (SignUpPage, error) {
	return d.answerSignUp(ctx, l, func(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp) error {
		if up.State != consent.SignUpAsked && up.State != consent.SignUpExpired {
			return nil
		}
		if err := d.recordAnswer(ctx, tx, self, *up, consent.Withdrawn, "page", shows); err != nil {
			return err
		}
		end(tx, up, consent.SignUpDenied)
		return nil
	})
}

// answerSignUp changes a sign-up as the person whose mailbox it is, who is held before it.
func (d *Desk) answerSignUp(ctx context.Context, l OwnLink, do func(context.Context, *storage.Tx, *storage.ConsentSelf, *storage.SignUp) error) (out SignUpPage, err error) {
	known, err := d.SignUpPage(ctx, l)
	if err != nil {
		return known, err
	}
	of := l
	of.Link.Person = known.Person
	return out, d.asSelf(ctx, of, func(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf) error {
		held, err := tx.LockSignUps(ctx, l.Person)
		if err != nil {
			return err
		}
		if len(held) == 0 {
			return errors.Join(ErrLinkDead, storage.ErrNotFound)
		}
		up, before := held[0], held[0].State
		if err := do(ctx, tx, self, &up); err != nil {
			return err
		}
		if up.State != before {
			if err := tx.KeepSignUp(ctx, up, true); err != nil {
				return err
			}
		}
		out, err = d.pageOf(ctx, tx, self, up)
		return err
	})
}

// recordAnswer writes what the mailbox says to the ledger, after everything that is there.
func (d *Desk) recordAnswer(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp, kind consent.Kind, how string, shows storage.ConsentEvidence) error {
	if !tx.Tenant().Settings.Consents.KeepIP {
		shows.IP = ""
	}
	var entries []storage.ConsentEntry
	for _, w := range up.Wants {
		at := tx.Now()
		if last := self.LastAt(w.Purpose, privacy.ByEmail); kind == consent.Withdrawn && last.After(at) {
			at = last
		}
		if kind == consent.Withdrawn {
			w.Text = uuid.Nil
		}
		up.Source = "sign-up of " + privacy.DateIn(up.At, tx.Tenant().Zone).String()
		if up.Offered() {
			up.Source = "asked on " + privacy.DateIn(up.At, tx.Tenant().Zone).String()
		}
		entries = append(entries, signUpEvent(tx, up, w, consent.Event{Kind: kind, At: at}, how, shows))
	}
	_, err := tx.RecordOwnConsents(ctx, self, entries, d.look(tx))
	return err
}
