package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ledgerKey is what one standing is for.
type ledgerKey struct {
	person  uuid.UUID
	purpose int32
	channel string
}

func keyOf(p *heldPerson, e ConsentEntry) ledgerKey {
	return ledgerKey{person: p.id, purpose: e.Purpose, channel: string(e.Channel)}
}

// ledgerKeys are several, side by side.
type ledgerKeys struct {
	people   []uuid.UUID
	purposes []int32
	channels []string
}

func (k *ledgerKeys) add(one ledgerKey) {
	k.people, k.purposes, k.channels = append(k.people, one.person), append(k.purposes, one.purpose), append(k.channels, one.channel)
}

// ledgerPage is what is known of one key while entries are written to it.
type ledgerPage struct {
	before, after consent.Standing
	lastAt        time.Time
	events        int32 // before this transaction; none of a page that is new
	added         []consent.Event
	country       string
}

// ledgerPages reads what stands for the keys of entries, and derives what stands with them.
func (t *Tx) ledgerPages(ctx context.Context, people []*heldPerson, entries []ConsentEntry) (map[ledgerKey]*ledgerPage, error) {
	pages := make(map[ledgerKey]*ledgerPage, len(entries))
	var asked ledgerKeys
	for i, e := range entries {
		key := keyOf(people[i], e)
		page := pages[key]
		if page == nil {
			page = &ledgerPage{country: people[i].country}
			pages[key] = page
			if !people[i].fresh {
				asked.add(key)
			}
		}
		page.take(e, t.now)
	}
	if len(asked.people) > 0 {
		if err := t.readPages(ctx, asked, pages); err != nil {
			return nil, err
		}
	}
	return pages, t.derivePages(ctx, pages)
}

func (t *Tx) readPages(ctx context.Context, asked ledgerKeys, pages map[ledgerKey]*ledgerPage) error {
	rows, err := t.q.Consents(ctx, t.tenant.ID, asked.people, asked.purposes, asked.channels)
	if err != nil {
		return fmt.Errorf("read what stands: %w", err)
	}
	for _, r := range rows {
		page := pages[ledgerKey{r.PersonID, r.Purpose, r.Channel}]
		page.lastAt, page.events = r.LastAt, r.Events
		if page.before, err = standingOf(r.RequestedAt, r.GivenAt, r.ConfirmedAt, r.WithdrawnAt, r.Implied); err != nil {
			return err
		}
	}
	return nil
}

// derivePages puts what is added behind what stands. Where something of it happened no later than what is there already, the whole page is read and derived anew.
func (t *Tx) derivePages(ctx context.Context, pages map[ledgerKey]*ledgerPage) error {
	for key, page := range pages {
		events := page.added
		base := page.before
		if page.overtaken() {
			all, err := t.q.ConsentEventsOfKey(ctx, t.tenant.ID, key.person, key.purpose, key.channel)
			if err != nil {
				return fmt.Errorf("read the ledger: %w", err)
			}
			base = consent.Standing{}
			for _, r := range all {
				events = append(events, eventOf(r.Kind, r.At, r.RecordedAt, r.Day, r.Relation, r.NoSolicitation, r.Refusable))
			}
		}
		page.after = base.With(events)
		for _, e := range page.added {
			if e.At.After(page.lastAt) {
				page.lastAt = e.At
			}
		}
	}
	return nil
}

// take adds an entry, which came to be known now.
func (p *ledgerPage) take(e ConsentEntry, now time.Time) {
	event := e.Event
	event.Recorded = now
	p.added = append(p.added, event)
}

// overtaken says whether something that is added happened no later than what is there already.
func (p *ledgerPage) overtaken() bool {
	for _, e := range p.added {
		if p.events > 0 && !e.At.After(p.lastAt) {
			return true
		}
	}
	return false
}

// keepStandings writes what stands now.
func (t *Tx) keepStandings(ctx context.Context, pages map[ledgerKey]*ledgerPage, look ConsentLook) error {
	var fresh, known db.InsertConsentsParams
	for key, page := range pages {
		rows := &known
		if page.events == 0 {
			rows = &fresh
		}
		until, next := look(page.country, privacy.MessageChannel(key.channel), &page.after)
		if err := addStanding(rows, key, page, until, next); err != nil {
			return err
		}
	}
	fresh.TenantID, known.TenantID = t.tenant.ID, t.tenant.ID
	if len(fresh.People) > 0 {
		if err := t.later.InsertConsents(ctx, fresh); err != nil {
			return fmt.Errorf("keep what stands: %w", err)
		}
	}
	if len(known.People) > 0 {
		if _, err := t.later.UpdateConsents(ctx, db.UpdateConsentsParams(known)); err != nil {
			return fmt.Errorf("keep what stands: %w", err)
		}
	}
	return nil
}

func addStanding(rows *db.InsertConsentsParams, key ledgerKey, page *ledgerPage, until, next privacy.Date) error {
	s := page.after
	implied, err := impliedJSON(s)
	if err != nil {
		return err
	}
	rows.People, rows.Purposes, rows.Channels = append(rows.People, key.person), append(rows.Purposes, key.purpose), append(rows.Channels, key.channel)
	rows.Requested, rows.Given = append(rows.Requested, s.Requested), append(rows.Given, s.Given)
	rows.Confirmed, rows.Withdrawn = append(rows.Confirmed, s.Confirmed), append(rows.Withdrawn, s.Withdrawn)
	rows.Implied, rows.Last = append(rows.Implied, implied), append(rows.Last, page.lastAt)
	rows.Events = append(rows.Events, page.events+int32(len(page.added)))
	rows.Until, rows.Looks = append(rows.Until, dateValue(until)), append(rows.Looks, dateValue(next))
	return nil
}

// implied is the part of a standing that has no column of its own.
type implied struct {
	Relations []consent.Relation `json:"relations,omitempty"`
	Address   consent.Address    `json:"address,omitzero"`
}

func impliedJSON(s consent.Standing) ([]byte, error) {
	if len(s.Relations) == 0 && s.Address.Found == "" {
		return nil, nil
	}
	out, err := json.Marshal(implied{s.Relations, s.Address})
	if err != nil {
		return nil, fmt.Errorf("write what consent is implied by: %w", err)
	}
	return out, nil
}

func standingOf(requested, given, confirmed, withdrawn *time.Time, rest []byte) (s consent.Standing, err error) {
	s = consent.Standing{Requested: moment(requested), Given: moment(given), Confirmed: moment(confirmed), Withdrawn: moment(withdrawn)}
	if len(rest) == 0 {
		return s, nil
	}
	var i implied
	if err := json.Unmarshal(rest, &i); err != nil {
		return s, fmt.Errorf("read what consent is implied by: %w", err)
	}
	s.Relations, s.Address = i.Relations, i.Address
	return s, nil
}

func moment(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

func eventOf(kind string, at, recorded time.Time, day pgtype.Date, relation *string, noSolicitation, refusable bool) consent.Event {
	e := consent.Event{
		Kind: consent.Kind(kind), At: at, Recorded: recorded, Day: dayOf(day), NoSolicitation: noSolicitation, Refusable: refusable,
	}
	if relation != nil {
		e.Relation = privacy.ConsentEvent(*relation)
	}
	return e
}

func dayOf(d pgtype.Date) privacy.Date {
	if !d.Valid {
		return privacy.Date{}
	}
	return privacy.DateIn(d.Time, time.UTC)
}

func dateValue(d privacy.Date) pgtype.Date {
	if d.IsZero() {
		return pgtype.Date{}
	}
	return pgtype.Date{Time: time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC), Valid: true}
}
