package storage

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
)

// NameConsentPeople gives the ids by which addresses stand in the ledger, of each in turn. Whoever is not in it is added, without anything having happened.
// It says nothing of links: LinkConsentPeople does.
// Errors are *AddressError for what can't be an address of its kind.
func (t *Tx) NameConsentPeople(ctx context.Context, addresses []ConsentAddress) ([]uuid.UUID, error) {
	order, err := t.nameConsentPeople(ctx, addresses)
	out := make([]uuid.UUID, len(order))
	for i, p := range order {
		out[i] = p.id
	}
	return out, err
}

// LinkConsentPeople is NameConsentPeople for who gets links: whoever has one is not forgotten for having confirmed nothing.
func (t *Tx) LinkConsentPeople(ctx context.Context, addresses []ConsentAddress) ([]uuid.UUID, error) {
	order, err := t.nameConsentPeople(ctx, addresses)
	if err != nil {
		return nil, err
	}
	out := make([]uuid.UUID, len(order))
	var first []uuid.UUID
	for i, p := range order {
		if out[i] = p.id; !p.linked {
			first, p.linked = append(first, p.id), true
		}
	}
	slices.SortFunc(first, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }) // whoever names the same people does so in the same order
	if len(first) > 0 {
		if err := t.later.LinkConsentPeople(ctx, t.tenant.ID, t.now, first); err != nil {
			return nil, fmt.Errorf("note who has links: %w", err)
		}
	}
	return out, nil
}

func (t *Tx) nameConsentPeople(ctx context.Context, addresses []ConsentAddress) ([]*heldPerson, error) {
	people, order, indexes := map[string]*heldPerson{}, make([]*heldPerson, len(addresses)), [][]byte{}
	for i, a := range addresses {
		index, err := t.addressIndex(a)
		if err != nil {
			return nil, &AddressError{Place: i, Err: err}
		}
		if people[string(index)] == nil {
			people[string(index)] = &heldPerson{first: a}
			indexes = append(indexes, index)
		}
		order[i] = people[string(index)]
	}
	rows, err := t.q.ConsentPeopleNamed(ctx, t.tenant.ID, indexes)
	if err != nil {
		return nil, fmt.Errorf("find whom consents are of: %w", err)
	}
	for _, r := range rows {
		people[string(r.BlindIndex)].id, people[string(r.BlindIndex)].linked = r.ID, r.LinkedAt != nil
	}
	if err := t.addConsentPeople(ctx, people); err != nil {
		return nil, err
	}
	return order, nil
}
