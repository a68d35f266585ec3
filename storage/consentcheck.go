package storage

import (
	"context"
	"fmt"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ConsentQuestion is what is to be known of many addresses of one kind at once: what stands for a purpose on a channel.
type ConsentQuestion struct {
	Kind    string
	Channel privacy.MessageChannel
	Purpose int32
	// Tracking is the number of the purpose of tracking; 0 asks nothing of it.
	Tracking int32
}

// ConsentKnown is what is known of one address.
type ConsentKnown struct {
	// Country is where its person lives; empty where nobody said.
	Country string
	// Frequency is how often they want to hear of the sender at most; empty where they have not said. PausedUntil is the day on which messages may come
	// again; zero where nothing is paused.
	Frequency   consent.Frequency
	PausedUntil privacy.Date
	// Barred says that something may stand against messages: LimitsOn and SuppressionsOn say what.
	Barred bool
	// Standing is what stands for the purpose, with what the person said of all purposes.
	Standing consent.Standing
	Tracking consent.Standing
}

// ConsentsFor reads what stands for addresses, of each in turn. It is one question however many they are. An address that can't be one is an *AddressError.
func (t *Tx) ConsentsFor(ctx context.Context, q ConsentQuestion, addresses []string) ([]ConsentKnown, error) {
	indexes := make([][]byte, len(addresses))
	for i, a := range addresses {
		index, err := t.addressIndex(ConsentAddress{Kind: q.Kind, Value: a})
		if err != nil {
			return nil, &AddressError{Place: i, Err: err}
		}
		indexes[i] = index
	}
	return t.consentsKnown(ctx, q, indexes)
}

// ConsentsForEach is ConsentsFor of a list in which addresses may be wrong: what is wrong with each stands in its place, and of such a one nothing is known.
func (t *Tx) ConsentsForEach(ctx context.Context, q ConsentQuestion, addresses []string) (known []ConsentKnown, faults []error, err error) {
	indexes, faults := make([][]byte, len(addresses)), make([]error, len(addresses))
	for i, a := range addresses {
		indexes[i], faults[i] = t.addressIndex(ConsentAddress{Kind: q.Kind, Value: a})
	}
	known, err = t.consentsKnown(ctx, q, indexes)
	return known, faults, err
}

func (t *Tx) consentsKnown(ctx context.Context, q ConsentQuestion, indexes [][]byte) ([]ConsentKnown, error) {
	if len(indexes) == 1 {
		return t.consentsForOne(ctx, q, indexes[0])
	}
	purposes := []int32{Everything, q.Purpose}
	if q.Tracking > 0 {
		purposes = append(purposes, q.Tracking)
	}
	rows, err := t.q.ConsentChecks(ctx, db.ConsentChecksParams{
		TenantID: t.tenant.ID, Kind: q.Kind, BlindIndexes: indexes, Channel: string(q.Channel), Purposes: purposes,
	})
	if err != nil {
		return nil, fmt.Errorf("read what stands: %w", err)
	}
	return knownOf(rows, q, len(indexes))
}

func (t *Tx) consentsForOne(ctx context.Context, q ConsentQuestion, index []byte) ([]ConsentKnown, error) {
	rows, err := t.q.ConsentCheck(ctx, db.ConsentCheckParams{
		TenantID: t.tenant.ID, Kind: q.Kind, BlindIndex: index, Channel: string(q.Channel), Purpose: q.Purpose, Tracking: q.Tracking,
	})
	if err != nil {
		return nil, fmt.Errorf("read what stands: %w", err)
	}
	all := make([]db.ConsentChecksRow, len(rows))
	for i, r := range rows {
		all[i] = db.ConsentChecksRow{
			Place: 1, Country: r.Country, Frequency: r.Frequency, PausedUntil: r.PausedUntil, Barred: r.Barred, Purpose: r.Purpose, RequestedAt: r.RequestedAt, GivenAt: r.GivenAt, ConfirmedAt: r.ConfirmedAt,
			WithdrawnAt: r.WithdrawnAt, Implied: r.Implied,
		}
	}
	return knownOf(all, q, 1)
}

// AddressError says which of many addresses can't be one of its kind. It does not say the address.
type AddressError struct {
	Place int
	Err   error
}

func (e *AddressError) Error() string { return fmt.Sprintf("address %d: %s", e.Place+1, e.Err) }

// Unwrap gives what is wrong with it.
func (e *AddressError) Unwrap() error { return e.Err }

// knownOf puts rows together, of which an address has one for each purpose that something is known of.
func knownOf(rows []db.ConsentChecksRow, q ConsentQuestion, addresses int) ([]ConsentKnown, error) {
	out := make([]ConsentKnown, addresses)
	var everything map[int32]consent.Standing
	for _, r := range rows {
		known := &out[r.Place-1]
		known.Country, known.Barred = given(r.Country), r.Barred
		known.Frequency, known.PausedUntil = consent.Frequency(given(r.Frequency)), dayOf(r.PausedUntil)
		if r.Purpose == nil {
			continue
		}
		s, err := standingOf(r.RequestedAt, r.GivenAt, r.ConfirmedAt, r.WithdrawnAt, r.Implied)
		if err != nil {
			return nil, err
		}
		switch *r.Purpose {
		case q.Purpose:
			known.Standing = s
		case Everything:
			if everything == nil {
				everything = map[int32]consent.Standing{}
			}
			everything[r.Place-1] = s
		default:
			known.Tracking = s
		}
	}
	for place, s := range everything {
		out[place].Standing, out[place].Tracking = out[place].Standing.Under(s), out[place].Tracking.Under(s)
	}
	return out, nil
}
