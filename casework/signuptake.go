package casework

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// signUpsAtOnce is how many sign-ups one look takes.
const signUpsAtOnce = 200

// SignUpsLooked is what came of a look at sign-ups.
type SignUpsLooked struct {
	// More says that there may be more to do at once.
	More bool
	// PutOff is why some can't be gone on with now; they come again after a while, and keep no other waiting.
	PutOff error
}

// signUpPause is how long a sign-up waits that something kept from going on.
const signUpPause = time.Minute

// LookAtSignUps does what is to be done about sign-ups of a tenant now: finds out whose those are that came in, asks their mailboxes, asks once more, ends what
// nobody has confirmed. Each mailbox is a transaction of its own.
func (d *Desk) LookAtSignUps(ctx context.Context, tenant uuid.UUID) (out SignUpsLooked, err error) {
	var groups [][]uuid.UUID
	d.db.ForgetTenant(tenant) // a purpose may have been added or its form closed a moment ago, elsewhere
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		groups, err = tx.SignUpsDue(ctx, signUpsAtOnce)
		return err
	})
	if err != nil {
		return out, err
	}
	seen := 0
	for _, ids := range groups {
		seen += len(ids)
		failed := d.changeOwn(ctx, tenant, System("sign-ups"), func(ctx context.Context, tx *storage.Tx) error { return d.lookAtMailbox(ctx, tx, ids) })
		if failed == nil {
			continue
		}
		err := d.db.Change(ctx, tenant, System("sign-ups"), func(ctx context.Context, tx *storage.Tx) error {
			return tx.PutOffSignUps(ctx, tx.Now().Add(signUpPause), ids...)
		})
		if err != nil {
			return out, errors.Join(failed, err)
		}
		out.PutOff = errors.Join(out.PutOff, failed)
	}
	out.More = seen == signUpsAtOnce
	return out, nil
}

// lookAtMailbox does what is due about sign-ups of one mailbox. Those that came in nobody else knows of; whoever changes one whose mailbox is known holds its
// person first.
func (d *Desk) lookAtMailbox(ctx context.Context, tx *storage.Tx, ids []uuid.UUID) error {
	for _, id := range ids {
		up, err := tx.SignUp(ctx, id)
		if err != nil {
			if errors.Is(err, storage.ErrNotFound) {
				continue // somebody else has seen to it
			}
			return err
		}
		if up.State == consent.SignUpEntered {
			err = d.takeIn(ctx, tx, id)
		} else {
			err = d.goOnWith(ctx, tx, up)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// howAPI is how a sign-up comes in from a server of the controller's.
const howAPI = "api"

// takeIn finds out whose a sign-up is and what comes of it.
func (d *Desk) takeIn(ctx context.Context, tx *storage.Tx, id uuid.UUID) error {
	held, err := tx.LockSignUps(ctx, id)
	if err != nil || len(held) == 0 || held[0].State != consent.SignUpEntered {
		return err
	}
	up := held[0]
	who := storage.ConsentAddress{Kind: storage.AddressEmail, Value: up.Entered.Address, Language: up.Language}
	if up.How == howAPI { // what a server of the controller's says counts; what a stranger enters does not before the mailbox confirms
		who.Country = up.Entered.Country
	}
	up.Country = up.Entered.Country
	people, err := tx.NameConsentPeople(ctx, []storage.ConsentAddress{who})
	if err != nil {
		return err
	}
	self, err := tx.HoldConsentSelf(ctx, people[0])
	if err != nil {
		return err
	}
	past, err := tx.SignUpsOf(ctx, self.Person, tx.Now().Add(-signUpKept))
	if err != nil {
		return err
	}
	s := consent.SignUp{At: tx.Now(), Past: pastOf(past, up.ID)}
	wants, shows := up.Entered.Wants, up.Entered.Evidence
	up.Person, up.Entered = self.Person, nil
	if up.Wants = stillUsed(tx.Tenant(), wants); len(up.Wants) == 0 { // there is nothing left that anybody could agree to, or that comes already
		end(tx, &up, consent.SignUpExpired)
		return tx.KeepSignUp(ctx, up, true)
	}
	if up.Wants, s.Confirm, err = d.missing(ctx, tx, self, who, up.Wants); err != nil {
		return err
	}
	for _, w := range up.Wants {
		s.Missing = append(s.Missing, w.Purpose)
	}
	a := s.Arrives()
	if a.Joins >= 0 {
		return d.repeat(ctx, tx, self, past[a.Joins], up.ID, a.Letter)
	}
	up.State = a.State
	return d.begin(ctx, tx, self, up, a, shows)
}

// repeat counts a sign-up as one that there is already, and has its letter go out: once more, or for the first time where the mailbox had just got another.
func (d *Desk) repeat(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, first storage.SignUp, again uuid.UUID, letter bool) error {
	first.Repeats++
	write := d.askMailbox
	if first.State == consent.SignUpKnown {
		write = d.tellKnown
	}
	if letter {
		if err := write(ctx, tx, self, &first); err != nil {
			return err
		}
	}
	return errors.Join(tx.KeepSignUp(ctx, first, false), tx.DropSignUps(ctx, again))
}

// begin does what follows from a sign-up that is none of those before.
func (d *Desk) begin(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp, a consent.Arrival, shows storage.ConsentEvidence) error {
	rules, letter := signUpRules(tx.Tenant()), a.Letter
	var err error
	switch up.State {
	case consent.SignUpAsked:
		up.ExpiresAt = tx.Now().AddDate(0, 0, rules.Expires())
		if up.Next = afterAsking(tx, up); a.Wait > 0 {
			up.Next = tx.Now().Add(a.Wait)
		}
		err = d.recordSignUp(ctx, tx, self, up, consent.Requested, shows)
		if letter && err == nil {
			err = d.askMailbox(ctx, tx, self, &up)
		}
	case consent.SignUpGiven:
		err = d.recordSignUp(ctx, tx, self, up, consent.Given, shows)
		end(tx, &up, up.State)
		if letter && err == nil && !rules.NoWelcome {
			err = d.welcome(ctx, tx, self, &up)
		}
	default:
		end(tx, &up, up.State)
		if letter {
			err = d.tellKnown(ctx, tx, self, &up)
		}
	}
	if err != nil {
		return err
	}
	return tx.KeepSignUp(ctx, up, true)
}

// signUpRules are the tenant's. Where the forms were closed meanwhile, what came in while they were open is taken in all the same.
func signUpRules(tenant storage.Tenant) storage.SignUpSettings {
	if rules := tenant.Settings.Consents.SignUps; rules != nil {
		return *rules
	}
	return storage.SignUpSettings{}
}

func (d *Desk) recordSignUp(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, up storage.SignUp, kind consent.Kind, shows storage.ConsentEvidence) error {
	var entries []storage.ConsentEntry
	for _, w := range up.Wants {
		entries = append(entries, signUpEvent(tx, up, w, consent.Event{Kind: kind, At: up.At}, up.How, shows))
	}
	_, err := tx.RecordOwnConsents(ctx, self, entries, d.look(tx))
	return err
}

// missing are the wishes that were not agreed to before. confirm says that the mailbox has to confirm any of them: a law wants it, or somebody has ended it, or
// something stands against it, which an entry in a form alone can't undo.
func (d *Desk) missing(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, who storage.ConsentAddress, wants []storage.SignUpWish) (out []storage.SignUpWish, confirm bool, err error) {
	tenant := tx.Tenant()
	for _, w := range wants {
		p, active := activePurpose(tenant, w.Purpose)
		if !active {
			continue // it is used no more
		}
		s, err := self.Standing(p.Number, privacy.ByEmail)
		if err != nil {
			return nil, false, err
		}
		country := self.Country
		if country == "" {
			country = who.Country
		}
		may, err := d.MayMessage(ctx, tx, MessageQuestion{Purpose: p.Key, Channel: privacy.ByEmail, Country: country}, []string{who.Value})
		if err != nil {
			return nil, false, err
		}
		wanted := slices.ContainsFunc(d.laws.reaching(&tenant, may[0].Country, privacy.ByEmail), func(r privacy.MessageRule) bool {
			return !p.Tracking && r.Confirmation != nil || p.Tracking && r.Tracking != nil
		})
		barred := may[0].Reason == consent.Barred
		if agreed := !s.Confirmed.IsZero() || !s.Given.IsZero() && (p.Tracking || !wanted); agreed && s.Withdrawn.IsZero() && !barred {
			continue
		}
		out = append(out, w)
		confirm = confirm || wanted || barred || !s.Withdrawn.IsZero()
	}
	return out, confirm, nil
}
