package storage

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// SuppressListed keeps addresses of one kind from being written to, as keyed hashes: the addresses themselves are kept nowhere. added counts those that were not suppressed by a list before.
// An *AddressError says which address can't be one.
func (t *Tx) SuppressListed(ctx context.Context, kind string, addresses []string) (added int64, err error) {
	indexes := make([][]byte, len(addresses))
	for i, a := range addresses {
		if indexes[i], err = t.addressIndex(ConsentAddress{Kind: kind, Value: a}); err != nil {
			return 0, &AddressError{Place: i, Err: err}
		}
	}
	slices.SortFunc(indexes, bytes.Compare) // whoever hands in the same at the same time waits, and nobody for each other
	indexes = slices.CompactFunc(indexes, bytes.Equal)
	fresh, err := t.q.InsertListedSuppressions(ctx, db.InsertListedSuppressionsParams{TenantID: t.tenant.ID, Kind: kind, Scope: SuppressMarketing, At: t.now, BlindIndexes: indexes})
	if err != nil {
		return 0, fmt.Errorf("suppress a list: %w", err)
	}
	added = int64(len(fresh))
	if err := t.stopListed(ctx, indexes, fresh); err != nil {
		return 0, err
	}
	return added, t.Audit(ctx, audit.Event{Action: audit.SuppressionsListed, Object: audit.Object{Kind: "list", ID: "suppressions"}, Facts: map[audit.FactKey]string{
		audit.FactCount: strconv.Itoa(len(addresses)), audit.FactChanged: strconv.FormatInt(added, 10), audit.FactKeyKind: kind,
	}})
}

// SuppressionFound is a suppression of what somebody is known by, of now or of before.
type SuppressionFound = db.SuppressionsOfRow

// FindSuppressions looks for what suppresses somebody by exactly what is given, the newest first. That somebody looked is on record.
func (t *Tx) FindSuppressions(ctx context.Context, p Person) ([]SuppressionFound, error) {
	known, err := t.knownBy([]Person{p})
	if err != nil {
		return nil, err
	}
	found, err := t.q.SuppressionsOf(ctx, t.tenant.ID, known.kinds, known.indexes)
	if err != nil {
		return nil, fmt.Errorf("look for suppressions: %w", err)
	}
	return found, t.Audit(ctx, audit.Event{Action: audit.SuppressionSearched, Object: audit.Object{Kind: "list", ID: "suppressions"}, Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(len(found))}})
}
