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

// What a receiver has to do about a line.
const (
	ChangeWithdrawn = "withdrawn"
	ChangeResumed   = "resumed"
)

// ConsentChange is a line of the ledger as a receiver hears of it.
type ConsentChange struct {
	// ID is that of the line, the same however often it is told.
	ID     uuid.UUID `json:"id"`
	Person uuid.UUID `json:"person"`
	// Address is empty where the person was forgotten.
	Address     string `json:"address,omitempty"`
	AddressKind string `json:"address_kind"`
	Forgotten   bool   `json:"forgotten,omitempty"`
	// Purpose is its key, or EveryPurpose.
	Purpose string                 `json:"purpose"`
	Channel privacy.MessageChannel `json:"channel"`
	// Kind is what happened, and Change what stands since: who reads it late is told what counts now.
	Kind   consent.Kind `json:"kind"`
	Change string       `json:"change"`
	// AllClear says that nothing that the receiver writes for stands withdrawn on this channel.
	AllClear bool      `json:"all_clear"`
	At       time.Time `json:"at"`
	Recorded time.Time `json:"recorded_at"`
	How      string    `json:"how"`
	Batch    uuid.UUID `json:"batch"`
}

// ChangePage are changes in the order of the log.
type ChangePage struct {
	Changes []ConsentChange
	// Behind is the place behind the last, or where somebody read to.
	Behind storage.StreamPlace
	// More says that there may be more.
	More bool
}

// changes reads what concerns a receiver between two places, with addresses.
func (d *Desk) changes(ctx context.Context, tx *storage.Tx, r *storage.ConsentReceiver, from, to storage.StreamPlace, most int32) (ChangePage, error) {
	page := ChangePage{Behind: to}
	lines, err := tx.ConsentChanges(ctx, r, from, to, most)
	if err != nil || len(lines) == 0 {
		return page, err
	}
	if len(lines) == int(most) {
		page.Behind = lines[len(lines)-1].Behind()
		page.More = page.Behind.Before(to)
	}
	tenant := tx.Tenant()
	keys := PurposeKeys(tenant)
	for i := range lines {
		line := &lines[i]
		change := ConsentChange{
			ID: line.ID, Person: line.Person, AddressKind: line.AddressKind, Purpose: keys[line.Purpose], Channel: line.Channel, Kind: line.Kind, Change: ChangeWithdrawn,
			At: line.At, Recorded: line.Recorded, How: line.How, Batch: line.Batch,
		}
		known := false
		if change.Address, known, err = tx.StreamedAddress(line); err != nil {
			return page, err
		}
		change.Forgotten = !known
		page.Changes = append(page.Changes, change)
	}
	stands, err := standsNow(ctx, tx, r, page.Changes)
	if err != nil {
		return page, err
	}
	for i := range lines {
		line, change := &lines[i], &page.Changes[i]
		if change.Forgotten {
			continue
		}
		free := stands.free(r, line)
		if line.Beside() && free || !line.Beside() && stands.resumed(line, d.laws.reaching(&tenant, line.Country, line.Channel)) {
			change.Change, change.AllClear = ChangeResumed, free
		}
	}
	return page, nil
}

// whatStands is what people say and what stands against messages to them, at the moment when a receiver is told.
type whatStands struct {
	consents storage.PersonStandings
	bars     map[uuid.UUID][]consent.Bar
}

// standsNow looks at everybody on a page at once: who reads late is told what counts now.
func standsNow(ctx context.Context, tx *storage.Tx, r *storage.ConsentReceiver, changes []ConsentChange) (out whatStands, err error) {
	var ids []uuid.UUID
	var people []storage.Person
	out.bars = map[uuid.UUID][]consent.Bar{}
	for _, c := range changes {
		if _, there := out.bars[c.Person]; !there && !c.Forgotten {
			out.bars[c.Person], ids, people = nil, append(ids, c.Person), append(people, personAt(c.AddressKind, c.Address))
		}
	}
	if out.consents, err = tx.StandingsOf(ctx, ids, r.Channels); err != nil {
		return out, err
	}
	limits, err := tx.LimitsOn(ctx, people...)
	if err != nil {
		return out, err
	}
	suppressed, err := tx.SuppressionsOn(ctx, people...)
	if err != nil {
		return out, err
	}
	for i, id := range ids {
		out.bars[id] = consent.Bars(privacy.Commercial, standingOn(limits[i], suppressed[i]))
	}
	return out, nil
}

// resumed says that somebody has expressly agreed again, and where a law has their mailbox confirm that, that it has; and that nothing stands against it.
func (w *whatStands) resumed(line *storage.StreamedConsent, laws []privacy.MessageRule) bool {
	s := w.consents.Of(line.Person, line.Channel, line.Purpose)
	if !s.Withdrawn.IsZero() || consent.Stopped(&s, w.bars[line.Person]) {
		return false
	}
	confirms := slices.ContainsFunc(laws, func(l privacy.MessageRule) bool { return l.Confirmation != nil })
	return !s.Confirmed.IsZero() || !s.Given.IsZero() && !confirms
}

// free says that nothing stands against any of the receiver's purposes for somebody on a channel.
func (w *whatStands) free(r *storage.ConsentReceiver, line *storage.StreamedConsent) bool {
	own, bars, asked := w.consents[line.Person][line.Channel], w.bars[line.Person], false
	for purpose := range own {
		if purpose == storage.Everything || len(r.Purposes) > 0 && !slices.Contains(r.Purposes, purpose) {
			continue
		}
		asked = true
		if s := w.consents.Of(line.Person, line.Channel, purpose); !s.Withdrawn.IsZero() || consent.Stopped(&s, bars) {
			return false
		}
	}
	all := own[storage.Everything]
	return asked || all.Withdrawn.IsZero() && !consent.Stopped(&all, bars)
}
