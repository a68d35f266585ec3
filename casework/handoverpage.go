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
	var people []uuid.UUID
	for i := range lines {
		people = append(people, lines[i].Person)
	}
	stands, err := tx.StandingsOf(ctx, people, r.Channels)
	if err != nil {
		return page, err
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
		if known && resumed(stands.Of(line.Person, line.Channel, line.Purpose), d.laws.reaching(&tenant, line.Country, line.Channel)) {
			change.Change, change.AllClear = ChangeResumed, allClear(r, stands, line)
		}
		page.Changes = append(page.Changes, change)
	}
	return page, nil
}

// resumed says that somebody has expressly agreed again, and where a law has their mailbox confirm that, that it has.
func resumed(s consent.Standing, laws []privacy.MessageRule) bool {
	if !s.Withdrawn.IsZero() {
		return false
	}
	confirms := slices.ContainsFunc(laws, func(l privacy.MessageRule) bool { return l.Confirmation != nil })
	return !s.Confirmed.IsZero() || !s.Given.IsZero() && !confirms
}

// allClear says that none of the receiver's purposes stands withdrawn for somebody on a channel.
func allClear(r *storage.ConsentReceiver, stands storage.PersonStandings, line *storage.StreamedConsent) bool {
	for purpose := range stands[line.Person][line.Channel] {
		if purpose == storage.Everything || len(r.Purposes) > 0 && !slices.Contains(r.Purposes, purpose) {
			continue
		}
		if s := stands.Of(line.Person, line.Channel, purpose); !s.Withdrawn.IsZero() {
			return false
		}
	}
	return true
}
