package storage

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
)

// ConsentHeld is an address in the ledger of consents that somebody is known by.
type ConsentHeld struct {
	Person uuid.UUID
	ConsentAddress
	// InForce says that anything stands that was not withdrawn; Last is when the newest of it happened, or the address came to be known where nothing did.
	InForce bool
	Last    time.Time
	// Anew says that anything but an end was recorded after the moment that was asked about.
	Anew bool
}

// HoldConsentsOf finds what the ledger of consents has of somebody, by whatever they are known by, and holds it until the transaction ends.
func (t *Tx) HoldConsentsOf(ctx context.Context, p Person, since time.Time) ([]ConsentHeld, error) {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return nil, err
	}
	values := map[string]string{AddressEmail: p.Email, AddressPhone: p.Phone, AddressCustomer: p.CustomerID}
	var known [][]byte
	for _, kind := range identityKinds() {
		if indexes[kind] != nil && values[kind] != "" {
			known = append(known, indexes[kind])
		}
	}
	if len(known) == 0 {
		return nil, nil
	}
	rows, err := t.q.LockConsentsHeld(ctx, t.tenant.ID, since, known)
	if err != nil {
		return nil, fmt.Errorf("find what the ledger of consents has of somebody: %w", err)
	}
	out := make([]ConsentHeld, len(rows))
	for i, r := range rows {
		out[i] = ConsentHeld{Person: r.ID, ConsentAddress: ConsentAddress{Kind: r.Kind, Value: values[r.Kind]}, InForce: r.InForce, Last: r.LastAt, Anew: r.Anew}
	}
	return out, nil
}

// Forgetting says on whose account addresses are forgotten: a request, and the plan or the deferral by which it is carried out; or a sign-up that nobody confirmed,
// without a request.
type Forgetting struct {
	Case   uuid.UUID
	Object audit.Object
}

// ForgetConsents destroys what leads from lines of the ledger to addresses: the key, the address and what it is found by. The lines stay, with their hashes.
func (t *Tx) ForgetConsents(ctx context.Context, people []uuid.UUID, why Forgetting) error {
	if len(people) == 0 {
		return nil
	}
	n, err := t.q.ForgetConsentPeople(ctx, t.tenant.ID, t.now, people)
	if err != nil {
		return fmt.Errorf("forget whose consents they are: %w", err)
	}
	if int(n) != len(people) {
		return fmt.Errorf("forget whose consents they are: %w", ErrConflict)
	}
	event := audit.Event{Action: audit.ConsentForgotten, Object: why.Object, Outcome: audit.Done, Facts: map[audit.FactKey]string{audit.FactCount: strconv.FormatInt(n, 10)}}
	if why.Case != uuid.Nil {
		event.CaseID = why.Case.String()
	}
	return t.Audit(ctx, event)
}
