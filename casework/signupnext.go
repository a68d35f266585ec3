package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// signUpKept is how long a sign-up that has ended is remembered: as long as it bears on the letters that its mailbox gets.
const signUpKept = consent.DeniedFor

// enteredKept is for how long an address is kept that nobody has confirmed: as long as it counts for the letters that its mailbox gets.
const enteredKept = consent.MailboxSpan

// goOnWith does what is due about a sign-up whose mailbox was asked, or that has ended.
func (d *Desk) goOnWith(ctx context.Context, tx *storage.Tx, up storage.SignUp) error {
	self, err := tx.HoldConsentSelf(ctx, up.Person)
	if err != nil {
		return err
	}
	if up, err = tx.SignUp(ctx, up.ID); err != nil || up.Next.IsZero() || up.Next.After(tx.Now()) {
		return err
	}
	switch {
	case up.State == consent.SignUpEnding:
		return d.offer(ctx, tx, self, up)
	case up.State != consent.SignUpAsked:
		return d.forgetEntered(ctx, tx, self, up)
	case self.Forgotten || !tx.Now().Before(up.ExpiresAt):
		end(tx, &up, consent.SignUpExpired)
		return tx.KeepSignUp(ctx, up, true)
	case up.Letters == 0:
		return d.askLater(ctx, tx, self, up)
	default:
		return d.remind(ctx, tx, self, up)
	}
}

// askLater asks a mailbox that had just got another letter when this was entered.
func (d *Desk) askLater(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp) error {
	others, err := othersOf(ctx, tx, up, signUpKept)
	if err != nil {
		return err
	}
	switch wait := (consent.SignUp{At: tx.Now(), Past: others}).Wait(); {
	case wait > 0:
		up.Next = tx.Now().Add(wait)
	case !consent.MayAsk(tx.Now(), others):
		up.Next = up.ExpiresAt
	default:
		up.Next = afterAsking(tx, up)
		err = d.askMailbox(ctx, tx, self, &up)
	}
	if err != nil {
		return err
	}
	return tx.KeepSignUp(ctx, up, false)
}

// forgetEntered lets an address go that somebody has entered, nobody has confirmed, and of which nothing else is known. The lines of the ledger stay, without a name. The sign-up
// itself goes when it bears on nothing any more.
func (d *Desk) forgetEntered(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp) error {
	others, err := othersOf(ctx, tx, up, enteredKept)
	if err != nil {
		return err
	}
	if len(others) == 0 && self.OnlyEntered() {
		why := storage.Forgetting{Object: audit.Object{Kind: "consent_sign_up", ID: up.ID.String()}}
		if err := tx.ForgetConsents(ctx, []uuid.UUID{self.Person}, why); err != nil {
			return err
		}
	}
	if up.Next = up.Ended.Add(signUpKept); !tx.Now().Before(up.Next) {
		return tx.DropSignUps(ctx, up.ID)
	}
	return tx.KeepSignUp(ctx, up, false)
}

// remind asks a mailbox once more, unless it has had enough letters.
func (d *Desk) remind(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp) error {
	others, err := othersOf(ctx, tx, up, signUpKept)
	if err != nil {
		return err
	}
	if up.Past().MayRemind(tx.Now(), others) && up.RemindedAt.IsZero() {
		up.RemindedAt = tx.Now()
		if err := d.askMailbox(ctx, tx, self, &up); err != nil {
			return err
		}
	}
	up.Next = up.ExpiresAt
	return tx.KeepSignUp(ctx, up, false)
}

// afterAsking is when something is to be done about a sign-up once its mailbox was asked: it is asked again, or it is over.
func afterAsking(tx *storage.Tx, up storage.SignUp) time.Time {
	if days := signUpRules(tx.Tenant()).Reminds(); days > 0 {
		return tx.Now().AddDate(0, 0, days)
	}
	return up.ExpiresAt
}

// end says what came of a sign-up, and when it is looked at again: to forget the address where nobody has confirmed it, and the sign-up itself otherwise.
func end(tx *storage.Tx, up *storage.SignUp, state consent.SignUpState) {
	up.State, up.Ended, up.Next = state, tx.Now(), tx.Now().Add(signUpKept)
	if state == consent.SignUpExpired || state == consent.SignUpHeld { // its mailbox has not answered, or was not asked
		up.Next = up.Ended.Add(enteredKept)
	}
}
