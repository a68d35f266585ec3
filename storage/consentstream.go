package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// StreamPlace is a place in the ledger by the order of the log: a leaf, and a position in the batch of lines that it tells of. It stands for everything before it. The log gets
// its order after the commit, so that nothing comes up before a place that somebody has read to, in whatever order transactions end.
type StreamPlace struct {
	Leaf     int64
	Position int32
}

// Before says that p comes first.
func (p StreamPlace) Before(o StreamPlace) bool {
	return cmp.Or(cmp.Compare(p.Leaf, o.Leaf), cmp.Compare(p.Position, o.Position)) < 0
}

// String writes it as 17.4.
func (p StreamPlace) String() string { return fmt.Sprintf("%d.%d", p.Leaf, p.Position) }

// ErrStreamPlace says that a text is no place.
var ErrStreamPlace = errors.New("it is no place in the feed")

// ParseStreamPlace reads what String writes, and nothing else.
func ParseStreamPlace(text string) (p StreamPlace, err error) {
	leaf, position, found := strings.Cut(text, ".")
	if p.Leaf, err = strconv.ParseInt(leaf, 10, 64); err != nil || !found {
		return StreamPlace{}, ErrStreamPlace
	}
	n, err := strconv.ParseInt(position, 10, 32)
	p.Position = int32(n)
	if err != nil || p.Leaf < 0 || n < 0 || p.String() != text {
		return StreamPlace{}, ErrStreamPlace
	}
	return p, nil
}

// StreamedConsent is a line of the ledger that concerns a receiver, or one of what else stops messages: that has no purpose of its own, for it stands against all.
type StreamedConsent struct {
	Place           StreamPlace
	ID, Batch       uuid.UUID
	Hash            []byte
	Person          uuid.UUID
	Purpose         int32
	Channel         privacy.MessageChannel
	Kind            consent.Kind
	At, Recorded    time.Time
	How             string
	AddressKind     string
	Country         string
	wrapped, sealed []byte
}

// Beside says that it is none of the ledger: something else stops messages, or no longer does.
func (s *StreamedConsent) Beside() bool {
	return s.Purpose == Everything && s.Kind != consent.Withdrawn
}

// Behind is the place behind the line.
func (s *StreamedConsent) Behind() StreamPlace {
	return StreamPlace{s.Place.Leaf, s.Place.Position + 1}
}

// ConsentChanges reads what concerns a receiver from a place on and before another, in the order of the log: withdrawals and what else stops messages, and express consent
// behind either. Nobody's address is opened.
func (t *Tx) ConsentChanges(ctx context.Context, r *ConsentReceiver, from, to StreamPlace, most int32) ([]StreamedConsent, error) {
	rows, err := t.q.ConsentChanges(ctx, db.ConsentChangesParams{
		TenantID: t.tenant.ID, FromLeaf: from.Leaf, FromPosition: from.Position, ToLeaf: to.Leaf, ToPosition: to.Position,
		Channels: channelNames(r.Channels), Purposes: append([]int32{}, r.Purposes...), Most: most,
	})
	if err != nil {
		return nil, fmt.Errorf("read what a receiver has to hear: %w", err)
	}
	out := make([]StreamedConsent, len(rows))
	for i, row := range rows {
		out[i] = StreamedConsent{
			Place: StreamPlace{row.LeafIndex, row.Position}, ID: row.ID, Batch: row.Batch, Hash: row.Hash, Person: row.PersonID, Purpose: row.Purpose, Channel: privacy.MessageChannel(row.Channel),
			Kind: consent.Kind(row.Kind), At: row.At, Recorded: row.RecordedAt, How: row.How, AddressKind: row.AddressKind, Country: given(row.Country), wrapped: row.WrappedKey, sealed: row.ValueSealed,
		}
	}
	return out, nil
}

// StreamedAddress opens the address of whom a line is about; false where they were forgotten.
func (t *Tx) StreamedAddress(s *StreamedConsent) (address string, known bool, err error) {
	if s.wrapped == nil || s.sealed == nil {
		return "", false, nil
	}
	key, err := t.tenant.Keys.SubjectKey(s.wrapped, s.Person.String())
	if err != nil {
		return "", false, fmt.Errorf("open the key of an address: %w", err)
	}
	value, err := key.Open(s.sealed, addressField(s.Person))
	if err != nil {
		return "", false, fmt.Errorf("open an address: %w", err)
	}
	return string(value), true, nil
}

// PersonStandings is what stands for people: by person, channel and purpose.
type PersonStandings map[uuid.UUID]map[privacy.MessageChannel]map[int32]consent.Standing

// Of is what stands for a purpose, with what the person said of all of them.
func (p PersonStandings) Of(person uuid.UUID, by privacy.MessageChannel, purpose int32) consent.Standing {
	own := p[person][by]
	if purpose == Everything {
		return own[Everything]
	}
	return own[purpose].Under(own[Everything])
}

// StandingsOf reads what stands for people on channels, whatever the purpose.
func (t *Tx) StandingsOf(ctx context.Context, people []uuid.UUID, channels []privacy.MessageChannel) (PersonStandings, error) {
	rows, err := t.q.ConsentsOfPeople(ctx, t.tenant.ID, people, channelNames(channels))
	if err != nil {
		return nil, fmt.Errorf("read what stands: %w", err)
	}
	out := PersonStandings{}
	for _, r := range rows {
		if out[r.PersonID] == nil {
			out[r.PersonID] = map[privacy.MessageChannel]map[int32]consent.Standing{}
		}
		by := privacy.MessageChannel(r.Channel)
		if out[r.PersonID][by] == nil {
			out[r.PersonID][by] = map[int32]consent.Standing{}
		}
		s, err := standingOf(r.RequestedAt, r.GivenAt, r.ConfirmedAt, r.WithdrawnAt, r.Implied)
		if err != nil {
			return nil, err
		}
		out[r.PersonID][by][r.Purpose] = s
	}
	return out, nil
}

// LogSize is how many events have their place in the log.
func (t *Tx) LogSize(ctx context.Context) (int64, error) {
	head, err := t.q.AuditHead(ctx, t.tenant.ID)
	if err = translate(err); errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the head of the log: %w", err)
	}
	return head.Size, nil
}

// WrittenConsent is a line of the ledger without its address.
type WrittenConsent = db.ConsentLinesOfBatchRow

// ConsentLinesOfBatch reads the lines that were written together.
func (t *Tx) ConsentLinesOfBatch(ctx context.Context, batch uuid.UUID) ([]WrittenConsent, error) {
	rows, err := t.q.ConsentLinesOfBatch(ctx, t.tenant.ID, batch)
	if err != nil {
		return nil, fmt.Errorf("read what was written together: %w", err)
	}
	return rows, nil
}
