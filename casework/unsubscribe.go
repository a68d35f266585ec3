package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// Choice is a purpose on a channel: what one can say yes or no to.
type Choice struct {
	Purpose int32
	Channel privacy.MessageChannel
}

// Scope is how much somebody ends.
type Scope int

// The scopes.
const (
	ThisPurpose Scope = iota // the purpose of the link, on its channel
	AllOfIt                  // every purpose on every channel of the address
)

// Ended is what somebody has ended by a link.
type Ended struct {
	// Fresh says that it was ended just now. Otherwise nothing had to be done.
	Fresh bool
	// Since is when it was ended.
	Since time.Time
	// Batch are the lines of the ledger that say so.
	Batch uuid.UUID
	// Back is what was going on until then, and can be taken up again by who did not mean to.
	Back []Choice
}

// ErrLinkForgotten says that nothing is kept any more of whom a link is of.
var ErrLinkForgotten = errors.New("nothing is kept any more of the person whose link this is")

// ownTries is how often something is tried that others were in the way of.
const ownTries = 3

// End ends what a link is for, once however often it is asked; how is one_click or page. It is over with the end of the transaction: the next question whether
// the person may be written to is answered by it. Errors are ErrLinkDead and ErrLinkForgotten.
func (d *Desk) End(ctx context.Context, l OwnLink, scope Scope, how string, shows storage.ConsentEvidence) (out Ended, err error) {
	return out, d.asSelf(ctx, l, func(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf) error {
		out = Ended{}
		entries, since, err := endings(self, l, scope)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			out.Since = since
			return nil
		}
		if out.Back, err = goingOn(self, l, entries); err != nil {
			return err
		}
		for i := range entries {
			complete(tx, l, &entries[i], how, shows)
		}
		recorded, err := tx.RecordOwnConsents(ctx, self, entries, d.look(tx))
		if err != nil {
			return err
		}
		out.Fresh, out.Since, out.Batch = true, entries[0].Event.At, recorded[0].Batch
		return nil
	})
}

// asSelf runs do in a transaction in which the link's person is held, as that person.
func (d *Desk) asSelf(ctx context.Context, l OwnLink, do func(context.Context, *storage.Tx, *storage.ConsentSelf) error) error {
	actor := audit.Actor{Kind: audit.Subject, ID: l.Person.String()}
	return d.changeOwn(ctx, l.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		self, err := tx.HoldConsentSelf(ctx, l.Person)
		if err != nil {
			return linkGone(err)
		}
		if self.Forgotten {
			return ErrLinkForgotten
		}
		return do(ctx, tx, self)
	})
}

// changeOwn changes what is kept of somebody by actor, and tries again where others were in the way.
func (d *Desk) changeOwn(ctx context.Context, tenant uuid.UUID, actor audit.Actor, do func(context.Context, *storage.Tx) error) (err error) {
	for range ownTries {
		if err = d.db.Change(ctx, tenant, actor, do); !errors.Is(err, storage.ErrConflict) {
			return err
		}
	}
	return err
}

// linkGone is the error of a link whose person the register does not have.
func linkGone(err error) error {
	if errors.Is(err, storage.ErrNotFound) {
		return fmt.Errorf("%w: %w", ErrLinkDead, err)
	}
	return err
}

// ChannelsOf are the channels on which somebody is reached by a kind of address.
func ChannelsOf(kind string) (out []privacy.MessageChannel) {
	for _, by := range privacy.MessageChannels() {
		if AddressKind(by) == kind {
			out = append(out, by)
		}
	}
	return out
}

// endings are the lines that end something, none for what has ended before; then since says when.
func endings(self *storage.ConsentSelf, l OwnLink, scope Scope) (out []storage.ConsentEntry, since time.Time, err error) {
	wanted := []Choice{{l.Purpose, l.Channel}}
	if scope == AllOfIt {
		wanted = nil
		for _, by := range ChannelsOf(self.Kind) {
			wanted = append(wanted, Choice{storage.Everything, by})
		}
	}
	for _, c := range wanted {
		at, err := endedAt(self, c)
		if err != nil {
			return nil, since, err
		}
		if at.After(since) {
			since = at
		}
		if at.IsZero() {
			out = append(out, storage.ConsentEntry{Purpose: c.Purpose, Channel: c.Channel, Event: consent.Event{Kind: consent.Withdrawn, At: newestOf(self, c)}})
		}
	}
	return out, since, nil
}

// endedAt is when somebody ended something; zero while any of it goes on.
func endedAt(self *storage.ConsentSelf, c Choice) (time.Time, error) {
	s, err := self.Standing(c.Purpose, c.Channel)
	if err != nil || c.Purpose != storage.Everything || s.Withdrawn.IsZero() {
		return s.Withdrawn, err
	}
	for _, purpose := range self.Purposes(c.Channel) { // what was given after everything was ended
		one, err := self.Standing(purpose, c.Channel)
		if err != nil || one.Withdrawn.IsZero() {
			return time.Time{}, err
		}
	}
	return s.Withdrawn, nil
}

// newestOf is when the newest thing happened that an end has to come after: clocks of others may be ahead, and an end that came before a consent would end nothing.
func newestOf(self *storage.ConsentSelf, c Choice) time.Time {
	newest := self.LastAt(c.Purpose, c.Channel)
	if c.Purpose == storage.Everything {
		for _, purpose := range self.Purposes(c.Channel) {
			if at := self.LastAt(purpose, c.Channel); at.After(newest) {
				newest = at
			}
		}
	}
	return newest
}

// complete fills in what all lines have that come by a link. Where At was set, the line comes no earlier.
func complete(tx *storage.Tx, l OwnLink, e *storage.ConsentEntry, how string, shows storage.ConsentEvidence) {
	tenant := tx.Tenant()
	if now := tx.Now(); now.After(e.Event.At) {
		e.Event.At = now
	}
	e.Event.Day, e.Zone, e.How = privacy.DateIn(e.Event.At, tenant.Zone), tenant.Zone.String(), how
	e.Source = "link of " + l.Day.String()
	if l.List != "" {
		e.Source += ", " + l.List
	}
	if e.Evidence = shows; !tenant.Settings.Consents.KeepIP {
		e.Evidence.IP = ""
	}
}

// goingOn are the choices that lines end: what somebody had agreed to, what their conduct allows, and what the link itself was sent for.
func goingOn(self *storage.ConsentSelf, l OwnLink, ends []storage.ConsentEntry) (out []Choice, err error) {
	for _, e := range ends {
		purposes := []int32{e.Purpose}
		if e.Purpose == storage.Everything {
			purposes = self.Purposes(e.Channel)
			if e.Channel == l.Channel && l.Purpose != storage.Everything && !slices.Contains(purposes, l.Purpose) {
				purposes = append(purposes, l.Purpose)
			}
			slices.Sort(purposes)
		}
		for _, purpose := range purposes {
			s, err := self.Standing(purpose, e.Channel)
			if err != nil {
				return nil, err
			}
			c := Choice{purpose, e.Channel}
			if _, active := activePurpose(l.Of, purpose); active && (s.Stands() || s.Withdrawn.IsZero() && c == Choice{l.Purpose, l.Channel}) {
				out = append(out, c)
			}
		}
	}
	return out, nil
}

// look says when something is to be done next about implied consent.
func (d *Desk) look(tx *storage.Tx) storage.ConsentLook {
	tenant := tx.Tenant()
	return d.consentLook(&tenant, privacy.DateIn(tx.Now(), tenant.Zone))
}
