package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ConsentEnding is how many implied consents end on a day, for one purpose.
type ConsentEnding struct {
	Day     privacy.Date
	Purpose int32
	Count   int64
}

// ConsentsDue says whether the day of any consent has come, to warn of its end or to put on record that it is over.
func (t *Tx) ConsentsDue(ctx context.Context, day privacy.Date) (bool, error) {
	due, err := t.q.ConsentsDue(ctx, t.tenant.ID, dateValue(day))
	if err != nil {
		return false, fmt.Errorf("look for consents that end: %w", err)
	}
	return due, nil
}

// ConsentsLook is how consents are looked at whose day has come.
type ConsentsLook struct {
	Day  privacy.Date
	Most int32
	Look ConsentLook
	// Asks says whether people are asked to agree expressly whose implied consent ends on a day; nil asks nobody.
	Asks func(until privacy.Date) bool
}

// LookAtConsents looks at consents whose day has come, some at a time, and says how many they were. Where implied consent is over, that is put on record; each
// gets the next day on which something is to be done, and who is to be asked is. Who is written about by somebody else at this moment is left for the next look.
func (t *Tx) LookAtConsents(ctx context.Context, l ConsentsLook) (looked int, err error) {
	day, look := l.Day, l.Look
	rows, err := t.q.ConsentsToLookAt(ctx, t.tenant.ID, dateValue(day), l.Most)
	if err != nil {
		return 0, fmt.Errorf("look at consents: %w", err)
	}
	if len(rows) == 0 {
		return 0, nil
	}
	pages := make(map[ledgerKey]*ledgerPage, len(rows))
	var over []ConsentEntry
	var people []*heldPerson
	ending := db.InsertEndingSignUpsParams{TenantID: t.tenant.ID, At: t.now, Since: t.now.Add(-askedAnew)}
	for _, r := range rows {
		page := &ledgerPage{lastAt: r.LastAt, events: r.Events, country: given(r.Country)}
		if page.before, err = standingOf(r.RequestedAt, r.GivenAt, r.ConfirmedAt, r.WithdrawnAt, r.Implied); err != nil {
			return 0, err
		}
		page.after = page.before
		pages[ledgerKey{r.PersonID, r.Purpose, r.Channel}] = page
		until, _ := look(page.country, privacy.MessageChannel(r.Channel), &page.after)
		if until.IsZero() || !until.Before(day) {
			if l.Asks != nil && !until.IsZero() && r.Channel == string(privacy.ByEmail) && l.Asks(until) {
				addEnding(&ending, r, t.tenant.Language)
			}
			continue
		}
		over, people = append(over, t.expiry(r, until)), append(people, &heldPerson{id: r.PersonID})
		page.added = []consent.Event{over[len(over)-1].Event}
		page.lastAt = t.now
	}
	if err := t.recordExpiries(ctx, people, over); err != nil {
		return 0, err
	}
	if len(ending.Ids) > 0 {
		if err := t.q.InsertEndingSignUps(ctx, ending); err != nil {
			return 0, fmt.Errorf("note whom to ask: %w", err)
		}
		err := t.Audit(ctx, audit.Event{
			Action: audit.ConsentSignUpMoved, Object: audit.Object{Kind: "list", ID: "consent-sign-ups"},
			Facts: map[audit.FactKey]string{audit.FactTo: string(consent.SignUpEnding), audit.FactCount: strconv.Itoa(len(ending.Ids))},
		})
		if err != nil {
			return 0, err
		}
	}
	return len(rows), t.keepStandings(ctx, pages, look)
}

// askedAnew is how long nobody is asked again about the same purpose: the longest warning lies less than that before the end.
const askedAnew = 180 * 24 * time.Hour

func addEnding(rows *db.InsertEndingSignUpsParams, r db.ConsentsToLookAtRow, otherwise string) {
	language := given(r.Language)
	if language == "" {
		language = otherwise
	}
	rows.Ids, rows.People, rows.Purposes, rows.Languages = append(rows.Ids, newID()), append(rows.People, r.PersonID), append(rows.Purposes, r.Purpose), append(rows.Languages, language)
}

// expiry is what is put on record of implied consent that is over.
func (t *Tx) expiry(r db.ConsentsToLookAtRow, until privacy.Date) ConsentEntry {
	return ConsentEntry{
		Purpose: r.Purpose, Channel: privacy.MessageChannel(r.Channel), Zone: t.tenant.Zone.String(), How: "timer", Source: "last day " + until.String(),
		Event: consent.Event{Kind: consent.Expired, At: t.now, Recorded: t.now, Day: privacy.DateIn(t.now, t.tenant.Zone)},
	}
}

func (t *Tx) recordExpiries(ctx context.Context, people []*heldPerson, over []ConsentEntry) error {
	if len(over) == 0 {
		return nil
	}
	batch, err := t.newLedgerBatch(people, over)
	if err != nil {
		return err
	}
	if err := t.later.InsertConsentEvents(ctx, batch); err != nil {
		return fmt.Errorf("write to the ledger of consents: %w", err)
	}
	return t.auditLedger(ctx, batch)
}

// ConsentsEnding counts the implied consents that end from a day on and before another, by day and purpose.
func (t *Tx) ConsentsEnding(ctx context.Context, first, behind privacy.Date) ([]ConsentEnding, error) {
	rows, err := t.q.ConsentsEnding(ctx, t.tenant.ID, dateValue(first), dateValue(behind))
	if err != nil {
		return nil, fmt.Errorf("count consents that end: %w", err)
	}
	out := make([]ConsentEnding, len(rows))
	for i, r := range rows {
		out[i] = ConsentEnding{Day: dayOf(r.ImpliedUntil), Purpose: r.Purpose, Count: r.Consents}
	}
	return out, nil
}
