package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"
)

// NameConsentPeople gives the ids by which addresses stand in the ledger, of each in turn. Whoever is not in it is added, without anything having happened.
// Errors are *AddressError for what can't be an address of its kind.
func (t *Tx) NameConsentPeople(ctx context.Context, addresses []ConsentAddress) ([]uuid.UUID, error) {
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
		people[string(r.BlindIndex)].id = r.ID
	}
	if err := t.addConsentPeople(ctx, people); err != nil {
		return nil, err
	}
	out := make([]uuid.UUID, len(order))
	for i, p := range order {
		out[i] = p.id
	}
	return out, nil
}
