package storage

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// Entomb keeps, by keyed hashes, that a person was erased from a system.
func (t *Tx) Entomb(ctx context.Context, system uuid.UUID, p Person, caseID uuid.UUID) error {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return err
	}
	for _, kind := range identityKinds() {
		if indexes[kind] == nil {
			continue
		}
		err := t.q.InsertTombstone(ctx, db.InsertTombstoneParams{
			TenantID: t.tenant.ID, SystemID: system, Kind: kind, BlindIndex: indexes[kind], CaseID: caseID, ErasedAt: t.now,
		})
		if err != nil {
			return fmt.Errorf("keep that the %s was erased: %w", kind, err)
		}
	}
	return nil
}

// tombKey are tombstones of keys that rows were found by, which nothing known of the person leads to.
const tombKey = "key"

// Key is a value in a field, such as the id of a row: who was erased is found by it where nothing says any more who they were.
type Key struct{ Field, Value string }

func (k Key) text() string { return k.Field + "\x00" + k.Value }

// EntombKeys keeps by which keys the rows of somebody who was erased from a system were found, also that there were none.
func (t *Tx) EntombKeys(ctx context.Context, system uuid.UUID, caseID uuid.UUID, keys []Key) error {
	var indexes [][]byte
	seen := map[Key]bool{}
	for _, k := range append(keys, searchable(caseID)) {
		if seen[k] {
			continue
		}
		index, err := t.blindIndex(tombKey, k.text())
		if err != nil {
			return err
		}
		indexes, seen[k] = append(indexes, index), true
	}
	err := t.q.InsertKeyTombstones(ctx, db.InsertKeyTombstonesParams{TenantID: t.tenant.ID, SystemID: system, CaseID: caseID, Indexes: indexes, At: t.now})
	if err != nil {
		return fmt.Errorf("keep by which keys somebody was erased: %w", err)
	}
	return nil
}

// searchable marks a case of which the keys are on record.
func searchable(caseID uuid.UUID) Key { return Key{"", caseID.String()} }

// Tombs are the keyed hashes of who was erased from a system.
type Tombs struct {
	tx     *Tx
	byKind map[string]map[string]uuid.UUID
}

// Tombs reads who was erased from a system since a moment.
func (t *Tx) Tombs(ctx context.Context, system uuid.UUID, since time.Time) (*Tombs, error) {
	rows, err := t.q.Tombstones(ctx, t.tenant.ID, system)
	if err != nil {
		return nil, fmt.Errorf("read who was erased: %w", err)
	}
	out := &Tombs{tx: t, byKind: map[string]map[string]uuid.UUID{}}
	for _, row := range rows {
		if row.ErasedAt.Before(since) {
			continue
		}
		if out.byKind[row.Kind] == nil {
			out.byKind[row.Kind] = map[string]uuid.UUID{}
		}
		out.byKind[row.Kind][hex.EncodeToString(row.BlindIndex)] = row.CaseID
	}
	return out, nil
}

// Len counts them.
func (t *Tombs) Len() (n int) {
	for _, all := range t.byKind {
		n += len(all)
	}
	return n
}

// Keyless counts the cases of which nobody noted by which keys the rows were found: they are found by what is known of the person, or not.
func (t *Tombs) Keyless() (n int) {
	cases := map[uuid.UUID]bool{}
	for _, all := range t.byKind {
		for _, id := range all {
			cases[id] = true
		}
	}
	for id := range cases {
		if _, noted := t.ByKey(searchable(id)); !noted {
			n++
		}
	}
	return n
}

// ByKey says under which case somebody was erased whose rows were found by a key.
func (t *Tombs) ByKey(k Key) (uuid.UUID, bool) {
	if len(t.byKind[tombKey]) == 0 {
		return uuid.Nil, false
	}
	index, err := t.tx.blindIndex(tombKey, k.text())
	if err != nil {
		return uuid.Nil, false
	}
	id, erased := t.byKind[tombKey][hex.EncodeToString(index)]
	return id, erased
}

// Case says under which case somebody was erased who is known by a value; values that can't be one of the kind are nobody's.
func (t *Tombs) Case(identity, value string) (uuid.UUID, bool) {
	kind := kindsOfIdentity()[identity]
	if kind == "" || len(t.byKind[kind]) == 0 {
		return uuid.Nil, false
	}
	index, err := t.tx.blindIndex(kind, value)
	if err != nil {
		return uuid.Nil, false
	}
	id, erased := t.byKind[kind][hex.EncodeToString(index)]
	return id, erased
}

// Knows says whether somebody who was erased under a case is known by a value, of whichever kind.
func (t *Tombs) Knows(caseID uuid.UUID, value string) bool {
	for identity := range kindsOfIdentity() {
		if id, erased := t.Case(identity, value); erased && id == caseID {
			return true
		}
	}
	return false
}

// kindsOfIdentity names the kinds of blind index by the identities of annotations.
func kindsOfIdentity() map[string]string {
	return map[string]string{"email": identityEmail, "phone_number": identityPhone, "customer_id": identityCustomer}
}
