package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// heldPerson is one whose row the transaction holds.
type heldPerson struct {
	id      uuid.UUID
	country string
	// fresh says that the transaction has added them: nothing stands for them yet.
	fresh bool
	// linked says that links of theirs are out in the world.
	linked  bool
	wrapped []byte
	key     *seal.Key
	// first is the entry that they came with.
	first ConsentAddress
}

// seal gives the key of the person.
func (p *heldPerson) open(keys *seal.TenantKeys) (*seal.Key, error) {
	if p.key != nil {
		return p.key, nil
	}
	key, err := keys.SubjectKey(p.wrapped, p.id.String())
	if err != nil {
		return nil, fmt.Errorf("open the key of an address: %w", err)
	}
	p.key = key
	return key, nil
}

// holdConsentPeople finds or adds whoever entries are about, and holds them until the transaction ends; of each entry in turn.
func (t *Tx) holdConsentPeople(ctx context.Context, entries []ConsentEntry) ([]*heldPerson, error) {
	held := make(map[string]*heldPerson, len(entries))
	out := make([]*heldPerson, len(entries))
	var told []uuid.UUID
	var countries, languages []string
	for i := range entries {
		e := &entries[i]
		if err := t.Address(e); err != nil {
			return nil, &AddressError{Place: i, Err: err}
		}
		index := e.index
		p := held[string(index)]
		if p == nil {
			p = &heldPerson{first: e.Address}
			held[string(index)] = p
		}
		p.first.Country, p.first.Language = later(p.first.Country, e.Address.Country), later(p.first.Language, e.Address.Language)
		out[i] = p
	}
	if err := t.lockConsentPeople(ctx, held); err != nil {
		return nil, err
	}
	if err := t.addConsentPeople(ctx, held); err != nil {
		return nil, err
	}
	for _, p := range held {
		if !p.fresh && (p.first.Country != "" || p.first.Language != "") {
			told, countries, languages = append(told, p.id), append(countries, p.first.Country), append(languages, p.first.Language)
		}
		p.country = later(p.country, p.first.Country)
	}
	if len(told) == 0 {
		return out, nil
	}
	return out, t.later.TellConsentPeople(ctx, t.tenant.ID, told, countries, languages)
}

// Address finds out by what an entry's address is found; an error where it can't be one of its kind.
func (t *Tx) Address(e *ConsentEntry) (err error) {
	if e.index == nil {
		e.index, err = t.addressIndex(e.Address)
	}
	return err
}

// later is what was said last.
func later(before, now string) string {
	if now == "" {
		return before
	}
	return now
}

func (t *Tx) addressIndex(a ConsentAddress) ([]byte, error) {
	if !slices.Contains([]string{AddressEmail, AddressPhone, AddressCustomer}, a.Kind) || a.Value == "" {
		return nil, errors.New("an address for the ledger of consents is an e-mail address, a telephone number or a customer's id")
	}
	return t.blindIndex(a.Kind, a.Value)
}

// lockConsentPeople holds those of people that are there, in the order of their indexes.
func (t *Tx) lockConsentPeople(ctx context.Context, people map[string]*heldPerson) error {
	var indexes [][]byte
	for index, p := range people {
		if p.id == uuid.Nil {
			indexes = append(indexes, []byte(index))
		}
	}
	if len(indexes) == 0 {
		return nil
	}
	rows, err := t.q.LockConsentPeople(ctx, t.tenant.ID, indexes)
	if err != nil {
		return fmt.Errorf("find whom consents are of: %w", translate(err))
	}
	for _, r := range rows {
		p := people[string(r.BlindIndex)]
		p.id, p.wrapped, p.country = r.ID, r.WrappedKey, given(r.Country)
	}
	return nil
}

// addConsentPeople adds those that are not there, each with a key of its own. Who was added by another transaction meanwhile is held as they are.
func (t *Tx) addConsentPeople(ctx context.Context, people map[string]*heldPerson) error {
	arg := db.InsertConsentPeopleParams{TenantID: t.tenant.ID, At: t.now}
	made := map[string]heldPerson{}
	for index, p := range people {
		if p.id != uuid.Nil {
			continue
		}
		made[index] = heldPerson{id: newID()}
	}
	if len(made) == 0 {
		return nil
	}
	for _, index := range sortedKeys(made) {
		m, first := made[index], people[index].first
		wrapped, key, err := t.tenant.Keys.NewSubject(m.id.String())
		if err != nil {
			return fmt.Errorf("make the key of an address: %w", err)
		}
		sealed, err := key.Seal([]byte(asWritten(first)), addressField(m.id))
		if err != nil {
			return fmt.Errorf("seal an address: %w", err)
		}
		m.key, m.fresh, m.wrapped = key, true, wrapped
		made[index] = m
		arg.Ids, arg.Kinds, arg.BlindIndexes = append(arg.Ids, m.id), append(arg.Kinds, first.Kind), append(arg.BlindIndexes, []byte(index))
		arg.WrappedKeys, arg.Sealed = append(arg.WrappedKeys, wrapped), append(arg.Sealed, sealed)
		arg.Countries, arg.Languages = append(arg.Countries, first.Country), append(arg.Languages, first.Language)
	}
	if err := t.later.InsertConsentPeople(ctx, arg); err != nil {
		return fmt.Errorf("add whom consents are of: %w", err)
	}
	if err := t.lockConsentPeople(ctx, people); err != nil {
		return err
	}
	for index, m := range made {
		if p := people[index]; p.id == m.id {
			p.fresh, p.key = true, m.key
		} else if p.id == uuid.Nil {
			return fmt.Errorf("whom consents are of: %w", ErrConflict)
		}
	}
	return nil
}

// asWritten is an address as it is kept. Letters that only look like those of the address that it is found by are turned into these: whoever enters it first must not
// decide where all that follows goes.
func asWritten(a ConsentAddress) string {
	if a.Kind != AddressEmail {
		return a.Value
	}
	return norm.NFKC.String(strings.TrimSpace(a.Value))
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int { return bytes.Compare([]byte(a), []byte(b)) })
	return keys
}

func addressField(person uuid.UUID) seal.Field {
	return seal.Field{Table: "consent_people", Column: "value", Row: person.String()}
}
