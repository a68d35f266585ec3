package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// ConsentAddress is what a ledger of consents is kept by: an e-mail address, a telephone number, a customer's id.
type ConsentAddress struct {
	// Kind is email, phone or customer_id, and Value how the address was given.
	Kind, Value string
	// Country (ISO 3166-1 alpha-2) and Language are what came to be known of whoever has it; empty where nothing did.
	Country, Language string
}

// The kinds of address.
const (
	AddressEmail    = identityEmail
	AddressPhone    = identityPhone
	AddressCustomer = identityCustomer
)

// ConsentEntry is one line that goes into the ledger.
type ConsentEntry struct {
	Address ConsentAddress
	Purpose int32
	Channel privacy.MessageChannel
	// Event is what happened. When it came to be known is the time of the transaction.
	Event consent.Event
	// Zone is that of the clock which At was read from: an IANA name, or an offset.
	Zone string
	// How it came in, and from where: the name of a form, of an import, of a system.
	How, Source string
	// Text is the version of the words that were shown; nil where it is not known.
	Text     *uuid.UUID
	Evidence ConsentEvidence

	index []byte // of the address, once it was made
}

// ConsentEvidence is what else shows that an event happened. It is sealed under the key of the address.
type ConsentEvidence struct {
	IP        string            `json:"ip,omitempty"`
	UserAgent string            `json:"user_agent,omitempty"`
	URL       string            `json:"url,omitempty"`
	Note      string            `json:"note,omitempty"`
	Fields    map[string]string `json:"fields,omitempty"`
}

// Empty says that there is nothing of it.
func (e ConsentEvidence) Empty() bool {
	return e.IP == "" && e.UserAgent == "" && e.URL == "" && e.Note == "" && len(e.Fields) == 0
}

// ConsentLook says when something is to be done next about implied consent: the last day on which it holds, and the day to look again. Zero where nothing is.
type ConsentLook func(country string, channel privacy.MessageChannel, s *consent.Standing) (until, next privacy.Date)

// ConsentRecorded is an entry that is in the ledger now.
type ConsentRecorded struct {
	ID, Batch, Person uuid.UUID
	Before, After     consent.Standing
}

// RecordConsents writes to the ledger, all of it or nothing. Whoever is written about is held until the transaction ends, so that what stands is always what the
// ledger says. Of each entry it tells what stood for its address, purpose and channel before all of them and after all of them. ErrConflict says that others wrote
// about the same people at the same time: try again. An *AddressError says which address can't be one.
func (t *Tx) RecordConsents(ctx context.Context, entries []ConsentEntry, look ConsentLook) ([]ConsentRecorded, error) {
	if len(entries) == 0 {
		return nil, nil
	}
	people, err := t.holdConsentPeople(ctx, entries)
	if err != nil {
		return nil, err
	}
	pages, err := t.ledgerPages(ctx, people, entries)
	if err != nil {
		return nil, err
	}
	return t.writeLedger(ctx, people, entries, pages, look)
}

// writeLedger adds entries about people that the transaction holds, and what stands with them.
func (t *Tx) writeLedger(ctx context.Context, people []*heldPerson, entries []ConsentEntry, pages map[ledgerKey]*ledgerPage, look ConsentLook) ([]ConsentRecorded, error) {
	batch, err := t.newLedgerBatch(people, entries)
	if err != nil {
		return nil, err
	}
	if err := t.later.InsertConsentEvents(ctx, batch); err != nil {
		return nil, fmt.Errorf("write to the ledger of consents: %w", err)
	}
	if err := t.keepStandings(ctx, pages, look); err != nil {
		return nil, err
	}
	out := make([]ConsentRecorded, len(entries))
	for i := range entries {
		page := pages[keyOf(people[i], entries[i])]
		out[i] = ConsentRecorded{ID: batch.Ids[i], Batch: batch.Batch, Person: people[i].id, Before: page.before, After: page.after}
	}
	return out, t.auditLedger(ctx, batch)
}
