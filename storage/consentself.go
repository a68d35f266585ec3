package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ConsentSelf is somebody who comes by a link of their own, with what stands for them. Nobody has to know their address for that.
type ConsentSelf struct {
	Person uuid.UUID
	// Kind is that of their address.
	Kind              string
	Country, Language string
	Frequency         consent.Frequency
	PausedUntil       privacy.Date
	// Linked says that links of theirs are out in the world.
	Linked bool
	// Forgotten says that nothing is kept of them any more but the row.
	Forgotten bool

	held *heldPerson
	rows map[ledgerKey]db.ConsentsOfPersonRow
}

// ConsentSelf reads somebody by their id; ErrNotFound where there is none.
func (t *Tx) ConsentSelf(ctx context.Context, id uuid.UUID) (*ConsentSelf, error) {
	return t.consentSelf(ctx, id, func(tx *Tx) (db.LockConsentSelfRow, error) {
		row, err := tx.q.ConsentSelf(ctx, t.tenant.ID, id)
		return db.LockConsentSelfRow(row), err
	})
}

// HoldConsentSelf is ConsentSelf, and holds them until the transaction ends: what is read is what stands when it is written on.
func (t *Tx) HoldConsentSelf(ctx context.Context, id uuid.UUID) (*ConsentSelf, error) {
	return t.consentSelf(ctx, id, func(tx *Tx) (db.LockConsentSelfRow, error) { return tx.q.LockConsentSelf(ctx, t.tenant.ID, id) })
}

// consentSelf asks for the person and for what stands in one round trip. The second question is answered after the first, so behind its lock.
func (t *Tx) consentSelf(ctx context.Context, id uuid.UUID, find func(*Tx) (db.LockConsentSelfRow, error)) (*ConsentSelf, error) {
	var row db.LockConsentSelfRow
	var stands []db.ConsentsOfPersonRow
	err := t.Together(ctx,
		func(tx *Tx) (err error) { row, err = find(tx); return err },
		func(tx *Tx) (err error) { stands, err = tx.q.ConsentsOfPerson(ctx, t.tenant.ID, id); return err },
	)
	if err != nil {
		return nil, fmt.Errorf("whom consents are of: %w", translate(err))
	}
	return selfOf(row, stands), nil
}

func selfOf(row db.LockConsentSelfRow, stands []db.ConsentsOfPersonRow) *ConsentSelf {
	s := &ConsentSelf{
		Person: row.ID, Kind: row.Kind, Country: given(row.Country), Language: given(row.Language), Frequency: consent.Frequency(given(row.Frequency)),
		PausedUntil: dayOf(row.PausedUntil), Linked: row.LinkedAt != nil, Forgotten: row.DestroyedAt != nil, rows: map[ledgerKey]db.ConsentsOfPersonRow{},
		held: &heldPerson{id: row.ID, country: given(row.Country), wrapped: row.WrappedKey},
	}
	for _, r := range stands {
		s.rows[ledgerKey{row.ID, r.Purpose, r.Channel}] = r
	}
	return s
}

// HoldConsentSelves is HoldConsentSelf of several, by their ids. Who is not there, or is held by others at the moment, is not among them.
func (t *Tx) HoldConsentSelves(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]*ConsentSelf, error) {
	var rows []db.LockConsentSelvesRow
	var stands []db.ConsentsOfSelvesRow
	err := t.Together(ctx,
		func(tx *Tx) (err error) { rows, err = tx.q.LockConsentSelves(ctx, t.tenant.ID, ids); return err },
		func(tx *Tx) (err error) { stands, err = tx.q.ConsentsOfSelves(ctx, t.tenant.ID, ids); return err },
	)
	if err != nil {
		return nil, fmt.Errorf("whom consents are of: %w", translate(err))
	}
	of := map[uuid.UUID][]db.ConsentsOfPersonRow{}
	for _, r := range stands {
		of[r.PersonID] = append(of[r.PersonID], db.ConsentsOfPersonRow(r))
	}
	out := make(map[uuid.UUID]*ConsentSelf, len(rows))
	for _, r := range rows {
		out[r.ID] = selfOf(db.LockConsentSelfRow(r), of[r.ID])
	}
	return out, nil
}

func (s *ConsentSelf) row(purpose int32, by privacy.MessageChannel) (db.ConsentsOfPersonRow, bool) {
	r, found := s.rows[ledgerKey{s.Person, purpose, string(by)}]
	return r, found
}

// Standing is what stands for a purpose on a channel, with what the person said of all purposes.
func (s *ConsentSelf) Standing(purpose int32, by privacy.MessageChannel) (consent.Standing, error) {
	own, err := s.Alone(purpose, by)
	if err != nil || purpose == Everything {
		return own, err
	}
	all, err := s.Alone(Everything, by)
	return own.Under(all), err
}

// Alone is what stands for a purpose on a channel, whatever the person said of all purposes.
func (s *ConsentSelf) Alone(purpose int32, by privacy.MessageChannel) (consent.Standing, error) {
	r, found := s.row(purpose, by)
	if !found {
		return consent.Standing{}, nil
	}
	return standingOf(r.RequestedAt, r.GivenAt, r.ConfirmedAt, r.WithdrawnAt, r.Implied)
}

// Purposes are those of which something is known on a channel, without that of everything.
func (s *ConsentSelf) Purposes(by privacy.MessageChannel) (out []int32) {
	for key := range s.rows {
		if key.channel == string(by) && key.purpose != Everything {
			out = append(out, key.purpose)
		}
	}
	return out
}

// OnlyEntered says that nothing is known of them but what somebody has entered into forms, which nobody has confirmed: they have chosen nothing, and no link of
// theirs is out, which must go on working.
func (s *ConsentSelf) OnlyEntered() bool {
	for _, r := range s.rows {
		if r.GivenAt != nil || r.ConfirmedAt != nil || r.WithdrawnAt != nil || len(r.Implied) > 0 {
			return false
		}
	}
	return !s.Forgotten && !s.Linked && s.Frequency == "" && s.PausedUntil.IsZero()
}

// LastAt is when the newest event happened that is known of a purpose on a channel; zero where there is none.
func (s *ConsentSelf) LastAt(purpose int32, by privacy.MessageChannel) time.Time {
	r, _ := s.row(purpose, by)
	return r.LastAt
}

// TellOwnCountry keeps where somebody lives, which they have said themselves.
func (t *Tx) TellOwnCountry(ctx context.Context, s *ConsentSelf, country string) error {
	if country == "" || s.Country != "" {
		return nil
	}
	s.Country, s.held.country = country, country
	return t.q.TellConsentPeople(ctx, t.tenant.ID, []uuid.UUID{s.Person}, []string{country}, []string{""})
}

// OwnEntry is an entry about somebody whom the transaction holds; its address is left empty.
type OwnEntry struct {
	Self *ConsentSelf
	ConsentEntry
}

// RecordOwnConsents is RecordConsents for somebody whom the transaction holds: the addresses of the entries are left empty.
func (t *Tx) RecordOwnConsents(ctx context.Context, s *ConsentSelf, entries []ConsentEntry, look ConsentLook) ([]ConsentRecorded, error) {
	own := make([]OwnEntry, len(entries))
	for i, e := range entries {
		own[i] = OwnEntry{s, e}
	}
	return t.RecordConsentsOf(ctx, own, look)
}

// RecordConsentsOf is RecordConsents for people whom the transaction holds.
func (t *Tx) RecordConsentsOf(ctx context.Context, own []OwnEntry, look ConsentLook) ([]ConsentRecorded, error) {
	if len(own) == 0 {
		return nil, nil
	}
	people, entries, pages := make([]*heldPerson, len(own)), make([]ConsentEntry, len(own)), map[ledgerKey]*ledgerPage{}
	for i, e := range own {
		people[i], entries[i] = e.Self.held, e.ConsentEntry
		key := keyOf(people[i], e.ConsentEntry)
		if pages[key] == nil {
			page, err := e.Self.page(key)
			if err != nil {
				return nil, err
			}
			pages[key] = page
		}
		pages[key].take(e.ConsentEntry, t.now)
	}
	if err := t.derivePages(ctx, pages); err != nil {
		return nil, err
	}
	return t.writeLedger(ctx, people, entries, pages, look)
}

// page is what is known of them under a key.
func (s *ConsentSelf) page(key ledgerKey) (page *ledgerPage, err error) {
	page = &ledgerPage{country: s.Country}
	if r, found := s.rows[key]; found {
		page.lastAt, page.events = r.LastAt, r.Events
	}
	page.before, err = s.Alone(key.purpose, privacy.MessageChannel(key.channel))
	return page, err
}

// LinesOfSelf reads the ledger of somebody whom the transaction holds, without what shows it.
func (t *Tx) LinesOfSelf(ctx context.Context, s *ConsentSelf) ([]ConsentLine, error) {
	return t.consentLines(ctx, s.Person, func(*ConsentLine, []byte) error { return nil })
}

// NewestConsentTexts lists the words that people are shown now: of each purpose and language the newest version.
func (t *Tx) NewestConsentTexts(ctx context.Context) ([]ConsentText, error) {
	rows, err := t.q.NewestConsentTexts(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read the words of consents: %w", err)
	}
	out := make([]ConsentText, len(rows))
	for i, r := range rows {
		out[i] = ConsentText(r)
	}
	return out, nil
}
