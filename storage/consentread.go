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

// ConsentHistory is everything that the ledger says of one address.
type ConsentHistory struct {
	Person            uuid.UUID
	Kind, Address     string
	Country, Language string
	Since             time.Time
	Standings         []ConsentStanding
	// Lines are the events in the order in which they happened.
	Lines []ConsentLine
}

// ConsentStanding is what stands for a purpose on a channel.
type ConsentStanding struct {
	Purpose  int32
	Channel  privacy.MessageChannel
	Standing consent.Standing
	// ImpliedUntil is the last day on which implied consent alone holds; zero where there is no such day.
	ImpliedUntil privacy.Date
}

// ConsentLine is one event of the ledger, with what shows it.
type ConsentLine struct {
	ID          uuid.UUID
	Purpose     int32
	Channel     privacy.MessageChannel
	Event       consent.Event
	Zone        string
	How, Source string
	// Text is the version of the words that were shown; nil where it is not known.
	Text     *ConsentText
	Batch    uuid.UUID
	Position int32
	Hash     []byte
	Evidence ConsentEvidence
	// words is the id of Text, and sealed the hash of the evidence as it is stored.
	words  *uuid.UUID
	sealed []byte
}

// StoodAt is what stood for a purpose on a channel at a moment, as far as it was known at another.
func (h ConsentHistory) StoodAt(purpose int32, by privacy.MessageChannel, at, known time.Time) consent.Standing {
	var events []consent.Event
	for _, l := range h.Lines {
		if l.Purpose == purpose && l.Channel == by {
			events = append(events, l.Event)
		}
	}
	return consent.At(events, at, known)
}

// ConsentHistory reads the ledger of an address; ErrNotFound where there is none.
func (t *Tx) ConsentHistory(ctx context.Context, a ConsentAddress) (ConsentHistory, error) {
	index, err := t.addressIndex(a)
	if err != nil {
		return ConsentHistory{}, err
	}
	row, err := t.q.ConsentPerson(ctx, t.tenant.ID, index)
	if err != nil {
		return ConsentHistory{}, fmt.Errorf("consents of an address: %w", translate(err))
	}
	key, err := t.tenant.Keys.SubjectKey(row.WrappedKey, row.ID.String())
	if err != nil {
		return ConsentHistory{}, fmt.Errorf("open the key of an address: %w", err)
	}
	value, err := key.Open(row.ValueSealed, addressField(row.ID))
	if err != nil {
		return ConsentHistory{}, fmt.Errorf("open an address: %w", err)
	}
	out := ConsentHistory{
		Person: row.ID, Kind: row.Kind, Address: string(value), Country: given(row.Country), Language: given(row.Language), Since: row.CreatedAt,
	}
	if out.Standings, err = t.consentStandings(ctx, row.ID); err != nil {
		return out, err
	}
	out.Lines, err = t.consentLines(ctx, row.ID, func(l *ConsentLine, sealed []byte) error {
		if sealed == nil {
			return nil
		}
		return openJSON(key, evidenceField(l.ID), sealed, &l.Evidence)
	})
	return out, err
}

func (t *Tx) consentStandings(ctx context.Context, person uuid.UUID) ([]ConsentStanding, error) {
	rows, err := t.q.ConsentsOfPerson(ctx, t.tenant.ID, person)
	if err != nil {
		return nil, fmt.Errorf("read what stands: %w", err)
	}
	out := make([]ConsentStanding, len(rows))
	for i, r := range rows {
		s, err := standingOf(r.RequestedAt, r.GivenAt, r.ConfirmedAt, r.WithdrawnAt, r.Implied)
		if err != nil {
			return nil, err
		}
		out[i] = ConsentStanding{Purpose: r.Purpose, Channel: privacy.MessageChannel(r.Channel), Standing: s, ImpliedUntil: dayOf(r.ImpliedUntil)}
	}
	return out, nil
}

func (t *Tx) consentLines(ctx context.Context, person uuid.UUID, open func(*ConsentLine, []byte) error) ([]ConsentLine, error) {
	rows, err := t.q.ConsentEventsOfPerson(ctx, t.tenant.ID, person)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	texts, err := t.ConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ConsentLine, len(rows))
	for i, r := range rows {
		out[i] = lineOf(r, texts)
		if err := open(&out[i], r.EvidenceSealed); err != nil {
			return nil, fmt.Errorf("open what shows a consent: %w", err)
		}
	}
	return out, nil
}

func lineOf(r db.ConsentEventsOfPersonRow, texts []ConsentText) ConsentLine {
	line := ConsentLine{
		ID: r.ID, Purpose: r.Purpose, Channel: privacy.MessageChannel(r.Channel), Zone: r.Zone, How: r.How, Source: r.Source, Batch: r.Batch, Position: r.Position, Hash: r.Hash,
		Event: eventOf(r.Kind, r.At, r.RecordedAt, r.Day, r.Relation, r.NoSolicitation, r.Refusable), words: r.TextID, sealed: evidenceHash(r.EvidenceSealed),
	}
	if words := textOf(texts, r.TextID); words.ID != uuid.Nil {
		line.Text = &words
	}
	return line
}
