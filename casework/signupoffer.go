package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// offer asks somebody to agree expressly whose implied consent ends soon. The question is itself a message that needs consent (CASL s.1(3)), so it is held to the
// same laws as any other on the day on which it goes out; where it may not, or there are no words that one could agree to, nobody is asked.
func (d *Desk) offer(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp) error {
	until, err := d.mayOffer(ctx, tx, self, &up)
	if err != nil || until.IsZero() {
		if err == nil {
			err = tx.DropSignUps(ctx, up.ID)
		}
		return err
	}
	up.State, up.ExpiresAt = consent.SignUpAsked, dayAfter(until, tx.Tenant().Zone)
	up.Next = up.ExpiresAt
	if err := d.askMailbox(ctx, tx, self, &up); err != nil {
		return err
	}
	return tx.KeepSignUp(ctx, up, true)
}

// dayAfter is the moment at which a day is over.
func dayAfter(day privacy.Date, zone *time.Location) time.Time {
	next := day.AddDays(1)
	return time.Date(next.Year, next.Month, next.Day, 0, 0, 0, 0, zone)
}

// mayOffer gives the last day on which what is asked for is implied, and fills in the words; zero where somebody may not, need not or can't be asked.
func (d *Desk) mayOffer(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up *storage.SignUp) (none privacy.Date, err error) {
	tenant := tx.Tenant()
	p, active := activePurpose(tenant, up.Wants[0].Purpose)
	if !active || self.Forgotten {
		return none, nil
	}
	s, err := self.Standing(up.Wants[0].Purpose, privacy.ByEmail)
	if err != nil {
		return none, err
	}
	until, _ := consent.ImpliedUntil(&s, d.laws.reaching(&tenant, self.Country, privacy.ByEmail))
	if until.IsZero() || until.Before(privacy.DateIn(tx.Now(), tenant.Zone)) {
		return none, nil
	}
	who, err := tx.ConsentAddressOf(ctx, self.Person)
	if err != nil {
		return none, err
	}
	asks := MessageQuestion{Purpose: p.Key, Channel: privacy.ByEmail, Class: privacy.AskingConsent}
	may, err := d.MayMessage(ctx, tx, asks, []string{who.Value})
	if err != nil || !may[0].Allowed {
		return none, err
	}
	texts, err := tx.NewestConsentTexts(ctx)
	if err != nil {
		return none, err
	}
	words := TextFor(texts, up.Wants[0].Purpose, up.Language, tenant.Language)
	others, err := othersOf(ctx, tx, *up, signUpKept)
	if err != nil || words.ID == uuid.Nil || !consent.MayAsk(tx.Now(), others) {
		return none, err
	}
	up.Wants[0].Text = words.ID
	return until, nil
}

// othersOf are the other sign-ups of the mailbox, as they count for one: those that wait, and those that ended within a span.
func othersOf(ctx context.Context, tx *storage.Tx, up storage.SignUp, within time.Duration) ([]consent.PastSignUp, error) {
	all, err := tx.SignUpsOf(ctx, up.Person, tx.Now().Add(-within))
	return pastOf(all, up.ID), err
}

// pastOf are sign-ups as they count for another of their mailbox, without that one.
func pastOf(all []storage.SignUp, without uuid.UUID) (out []consent.PastSignUp) {
	for _, o := range all {
		if o.ID != without {
			out = append(out, o.Past())
		}
	}
	return out
}

// offerLetter asks to go on expressly with what is implied until the sign-up expires.
func (d *Desk) offerLetter(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp, what []string, link string) (notify.Letter, error) {
	links, err := d.ownLinksFor(ctx, tx, self, up)
	return &notify.ExpressRequest{Frame: signUpFrame(tx.Tenant()), What: what, Until: up.ExpiresAt.Add(-time.Second), Link: link, End: links.Unsubscribe}, err
}
