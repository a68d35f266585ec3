package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Where a stop comes from.
const (
	stopByRequest = "request"
	stopByList    = "list"
	stopByStaff   = "staff"
)

// stoppedPerson is an address of the ledger, by its id and kind.
type stoppedPerson = db.StoppedPeopleRow

// stopped are addresses that one of the questions has found.
func stopped[R db.StoppedByListRow | db.StoppedBeforeRow | db.StoppedByLimitRow](rows []R) []stoppedPerson {
	out := make([]stoppedPerson, len(rows))
	for i, r := range rows {
		out[i] = stoppedPerson(r)
	}
	return out
}

// stopOf is what other systems hear of a limit; false of one that stops no messages.
func stopOf(kind privacy.LimitKind) (consent.Kind, bool) {
	if len(consent.Bars(privacy.Commercial, []privacy.StandingLimit{{Kind: kind}})) == 0 {
		return "", false
	}
	if kind == privacy.LimitRestriction {
		return consent.Restricted, true
	}
	return consent.Objected, true
}

// stopMessages has other systems hear that somebody is written to no more, by everything that they are known by. What the ledger does not know is added to it where there is a system to hear
// of it: without the address nobody could say whom to stop writing to.
func (t *Tx) stopMessages(ctx context.Context, kind consent.Kind, how string, p Person) error {
	hears, err := t.q.AnyConsentReceiver(ctx, t.tenant.ID)
	if err != nil {
		return fmt.Errorf("look for receivers: %w", err)
	}
	if !hears {
		known, err := t.knownBy([]Person{p})
		if err != nil {
			return err
		}
		return t.stopIndexed(ctx, kind, how, known.indexes)
	}
	var entries []ConsentEntry
	for _, a := range []ConsentAddress{{Kind: AddressEmail, Value: p.Email}, {Kind: AddressPhone, Value: p.Phone}, {Kind: AddressCustomer, Value: p.CustomerID}} {
		if a.Value != "" {
			entries = append(entries, ConsentEntry{Address: a})
		}
	}
	held, err := t.holdConsentPeople(ctx, entries)
	if err != nil {
		return err
	}
	people := make([]stoppedPerson, len(held))
	for i, h := range held {
		people[i] = stoppedPerson{ID: h.id, Kind: entries[i].Address.Kind}
	}
	return t.recordStops(ctx, kind, how, people)
}

// stopIndexed is stopMessages for addresses that are known by their keyed hashes alone: those of them that stand in the ledger.
func (t *Tx) stopIndexed(ctx context.Context, kind consent.Kind, how string, indexes [][]byte) error {
	people, err := t.q.StoppedPeople(ctx, t.tenant.ID, indexes)
	if err != nil {
		return fmt.Errorf("find whom messages are stopped to: %w", err)
	}
	return t.recordStops(ctx, kind, how, people)
}

// stopListed is stopIndexed for a list, of which some are on it since now.
func (t *Tx) stopListed(ctx context.Context, indexes, fresh [][]byte) error {
	rows, err := t.q.StoppedByList(ctx, t.tenant.ID, indexes, append([][]byte{}, fresh...))
	if err != nil {
		return fmt.Errorf("find whom a list stops messages to: %w", err)
	}
	return t.recordStops(ctx, consent.Suppressed, stopByList, stopped(rows))
}

// endStops has other systems hear that a suppression has ended. What stands then, they are told with it.
func (t *Tx) endStops(ctx context.Context, how string, indexes [][]byte) error {
	rows, err := t.q.StoppedBefore(ctx, t.tenant.ID, indexes)
	if err != nil {
		return fmt.Errorf("find whom messages were stopped to: %w", err)
	}
	return t.recordStops(ctx, consent.StopEnded, how, stopped(rows))
}

// endStopsOf is endStops for whoever stood under a limit.
func (t *Tx) endStopsOf(ctx context.Context, limit Limit) error {
	if _, stops := stopOf(privacy.LimitKind(limit.Kind)); !stops {
		return nil
	}
	rows, err := t.q.StoppedByLimit(ctx, t.tenant.ID, limit.ID)
	if err != nil {
		return fmt.Errorf("find whom messages were stopped to: %w", err)
	}
	return t.recordStops(ctx, consent.StopEnded, stopByRequest, stopped(rows))
}

// stopLine is what the hash of a line is made over, as JSON. It names nobody.
type stopLine struct {
	Tenant   uuid.UUID    `json:"tenant"`
	ID       uuid.UUID    `json:"id"`
	Person   uuid.UUID    `json:"person"`
	Channel  string       `json:"channel"`
	Kind     consent.Kind `json:"kind"`
	Recorded time.Time    `json:"recorded"`
	How      string       `json:"how"`
	Batch    uuid.UUID    `json:"batch"`
	Position int32        `json:"position"`
}

// recordStops writes a line for each channel on which an address is written to, and puts them on record together: the log gives them their place among the withdrawals.
func (t *Tx) recordStops(ctx context.Context, kind consent.Kind, how string, people []stoppedPerson) error {
	rows := db.InsertConsentStopsParams{TenantID: t.tenant.ID, Kind: string(kind), Recorded: t.now, How: how, Batch: newID()}
	for _, p := range people {
		for _, channel := range channelsOfKind(p.Kind) {
			line := stopLine{Tenant: t.tenant.ID, ID: newID(), Person: p.ID, Channel: channel, Kind: kind, Recorded: t.now, How: how, Batch: rows.Batch, Position: int32(len(rows.Ids))}
			data, err := json.Marshal(line)
			if err != nil {
				return fmt.Errorf("write a stop: %w", err)
			}
			hash := tlog.RecordHash(data)
			rows.Ids, rows.People, rows.Channels = append(rows.Ids, line.ID), append(rows.People, p.ID), append(rows.Channels, channel)
			rows.Positions, rows.Hashes = append(rows.Positions, line.Position), append(rows.Hashes, hash[:])
		}
	}
	if len(rows.Ids) == 0 {
		return nil
	}
	if err := t.later.InsertConsentStops(ctx, rows); err != nil {
		return fmt.Errorf("write what stops messages: %w", err)
	}
	return t.auditBatch(ctx, audit.ConsentStopsRecorded, rows.Batch, rows.Hashes, string(kind))
}

// channelsOfKind are those on which an address of a kind is written to.
func channelsOfKind(kind string) []string {
	channels := map[string][]privacy.MessageChannel{AddressEmail: {privacy.ByEmail}, AddressPhone: {privacy.BySMS, privacy.ByPhone}, AddressCustomer: {privacy.ByPost, privacy.ByPush}}
	return channelNames(channels[kind])
}
