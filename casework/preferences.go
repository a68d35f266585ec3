package casework

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// OwnChoices are what a person can choose by a link of their own, as it stands.
type OwnChoices struct {
	Offers []Offer
	// Frequency is any where nothing was said. PausedUntil is the day on which messages may come again; zero where nothing is paused now.
	Frequency   consent.Frequency
	PausedUntil privacy.Date
	// Language is what is known of what they read; empty where nothing is.
	Language string
	// EndedAt is when what the link is for was ended; zero while it goes on.
	EndedAt time.Time
}

// Offer is a choice, with the words that one agrees to by it.
type Offer struct {
	Choice
	Key string
	// Tracking says that what is agreed to is that opening and following links is seen.
	Tracking bool
	// On says that messages come, as far as anybody can know here.
	On   bool
	Text storage.ConsentText
}

// ownSelf reads whom a link is of. Errors are ErrLinkDead and ErrLinkForgotten.
func (d *Desk) ownSelf(ctx context.Context, tx *storage.Tx, l OwnLink) (*storage.ConsentSelf, error) {
	self, err := tx.ConsentSelf(ctx, l.Person)
	if err != nil {
		return nil, linkGone(err)
	}
	if self.Forgotten {
		return nil, ErrLinkForgotten
	}
	return self, nil
}

// OwnChoices reads what a person can choose; choose picks the language of the words by what is known of them. Errors are ErrLinkDead and ErrLinkForgotten.
func (d *Desk) OwnChoices(ctx context.Context, l OwnLink, choose func(own string) string) (out OwnChoices, err error) {
	return out, d.db.Read(ctx, l.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		self, err := d.ownSelf(ctx, tx, l)
		if err != nil {
			return err
		}
		texts, err := tx.NewestConsentTexts(ctx)
		if err != nil {
			return err
		}
		out, err = d.choicesOf(tx, self, l, texts, choose(self.Language))
		return err
	})
}

func (d *Desk) choicesOf(tx *storage.Tx, self *storage.ConsentSelf, l OwnLink, texts []storage.ConsentText, language string) (OwnChoices, error) {
	today := privacy.DateIn(tx.Now(), tx.Tenant().Zone)
	ended, err := endedAt(self, Choice{l.Purpose, l.Channel})
	if err != nil {
		return OwnChoices{}, err
	}
	out := OwnChoices{Frequency: self.Frequency, Language: self.Language, EndedAt: ended}
	if out.Frequency == "" {
		out.Frequency = consent.AnyFrequency
	}
	if today.Before(self.PausedUntil) {
		out.PausedUntil = self.PausedUntil
	}
	for _, p := range tx.Tenant().Purposes {
		if p.RetiredAt != nil || !isChoice(p) {
			continue
		}
		for _, by := range ChannelsOf(self.Kind) {
			if p.Tracking && by != ChannelsOf(self.Kind)[0] {
				continue // it is asked once
			}
			on, err := d.comes(tx, self, l, p, by, today)
			if err != nil {
				return out, err
			}
			out.Offers = append(out.Offers, Offer{
				Choice: Choice{p.Number, by}, Key: p.Key, Tracking: p.Tracking, On: on, Text: TextFor(texts, p.Number, language, tx.Tenant().Language),
			})
		}
	}
	return out, nil
}

// comes says whether messages for a purpose come, as far as anybody can know: the person agreed, their conduct or the law allows it, or one came that had this link in it.
func (d *Desk) comes(tx *storage.Tx, self *storage.ConsentSelf, l OwnLink, p storage.ConsentPurpose, by privacy.MessageChannel, today privacy.Date) (bool, error) {
	s, err := self.Standing(p.Number, by)
	if err != nil || !s.Withdrawn.IsZero() {
		return false, err
	}
	tenant := tx.Tenant()
	laws := d.laws.reaching(&tenant, self.Country, by)
	if p.Tracking {
		return consent.Track(&s, laws).Allowed, nil
	}
	said := !s.Given.IsZero() && s.Confirmed.IsZero() // what a law may want to be confirmed
	if s.Stands() && !said || (Choice{p.Number, by} == Choice{l.Purpose, l.Channel}) {
		return true, nil
	}
	return consent.Decide(consent.Ask{Day: today, Class: privacy.MessageClass(p.Class), Similar: p.SimilarGoods}, &s, nil, laws).Allowed, nil
}

// OwnWish is what somebody sends from the page of their choices. Only what differs from what the page had shown is meant: it may be old.
type OwnWish struct {
	// Was are the choices that the page showed as on, On those that are on now.
	Was, On []Choice
	// Texts are the words that were shown, by purpose.
	Texts     map[int32]uuid.UUID
	Frequency consent.Frequency
	// PauseDays is for how many days from today nothing may come; 0 ends a pause, and -1 leaves it as it is.
	PauseDays int
	Language  string
}

// Chosen is what came of a wish.
type Chosen struct {
	Given, Ended []Choice
	// Waits are those of what was given that can't be used yet: a law wants the mailbox to confirm, and the link is too old for that.
	Waits []Choice
	// Other says that something beside them was changed.
	Other bool
}

// Choose keeps what somebody wishes, all of it in one transaction. Errors are ErrLinkDead and ErrLinkForgotten.
func (d *Desk) Choose(ctx context.Context, l OwnLink, w OwnWish, shows storage.ConsentEvidence) (out Chosen, err error) {
	return out, d.asSelf(ctx, l, func(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf) error {
		out = Chosen{}
		entries, err := d.wished(ctx, tx, self, l, w, &out)
		if err != nil {
			return err
		}
		for i := range entries {
			complete(tx, l, &entries[i], "page", shows)
		}
		if _, err := tx.RecordOwnConsents(ctx, self, entries, d.look(tx)); err != nil {
			return err
		}
		out.Other, err = prefer(ctx, tx, self, w)
		return err
	})
}

// wished are the lines that a wish comes to.
func (d *Desk) wished(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, l OwnLink, w OwnWish, out *Chosen) (entries []storage.ConsentEntry, err error) {
	texts, err := tx.ConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	choices, err := d.choicesOf(tx, self, l, nil, "")
	if err != nil {
		return nil, err
	}
	confirms := l.Confirms(privacy.DateIn(tx.Now(), tx.Tenant().Zone))
	for _, o := range choices.Offers {
		was, on := slices.Contains(w.Was, o.Choice), slices.Contains(w.On, o.Choice)
		s, err := self.Standing(o.Purpose, o.Channel)
		if err != nil {
			return nil, err
		}
		if on && !was && !confirms && s.Confirmed.IsZero() && d.waits(tx, self, o) {
			out.Waits = append(out.Waits, o.Choice)
		}
		switch {
		case was == on:
		case on && (s.Given.IsZero() || confirms && s.Confirmed.IsZero()):
			entries = append(entries, yes(self, o.Choice, shown(texts, o.Purpose, w.Texts[o.Purpose]), confirms)...)
			out.Given = append(out.Given, o.Choice)
		case !on && s.Withdrawn.IsZero():
			entries = append(entries, storage.ConsentEntry{
				Purpose: o.Purpose, Channel: o.Channel, Event: consent.Event{Kind: consent.Withdrawn, At: self.LastAt(o.Purpose, o.Channel)},
			})
			out.Ended = append(out.Ended, o.Choice)
		}
	}
	return entries, nil
}

// waits says whether a law that reaches the person wants what they say to be confirmed.
func (d *Desk) waits(tx *storage.Tx, self *storage.ConsentSelf, o Offer) bool {
	tenant := tx.Tenant()
	laws := d.laws.reaching(&tenant, self.Country, o.Channel)
	return !o.Tracking && slices.ContainsFunc(laws, func(r privacy.MessageRule) bool { return r.Confirmation != nil })
}

// shown is the version of the words that the page had, if it is one of the purpose's.
func shown(texts []storage.ConsentText, purpose int32, id uuid.UUID) *uuid.UUID {
	at := slices.IndexFunc(texts, func(t storage.ConsentText) bool { return t.ID == id && t.Purpose == purpose })
	if at < 0 {
		return nil
	}
	return &texts[at].ID
}

// prefer keeps how often, a pause and the language, when any of them is another than before.
func prefer(ctx context.Context, tx *storage.Tx, self *storage.ConsentSelf, w OwnWish) (changed bool, err error) {
	today := privacy.DateIn(tx.Now(), tx.Tenant().Zone)
	was := storage.ConsentPreferences{Frequency: self.Frequency, Language: self.Language}
	if today.Before(self.PausedUntil) {
		was.PausedUntil = self.PausedUntil
	}
	if was.Frequency == "" {
		was.Frequency = consent.AnyFrequency
	}
	now := was
	if w.Frequency.Valid() {
		now.Frequency = w.Frequency
	}
	if w.Language != "" {
		now.Language = w.Language
	}
	switch {
	case w.PauseDays == 0:
		now.PausedUntil = privacy.Date{}
	case slices.Contains(consent.Pauses(), w.PauseDays):
		now.PausedUntil = today.AddDays(w.PauseDays)
	}
	if now == was {
		return false, nil
	}
	return true, tx.SetOwnPreferences(ctx, self, now, "page")
}
