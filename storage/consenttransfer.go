package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ConsentHistoriesAfter reads the ledger of the next people whose address is known, by their ids, behind one: without what stands, which follows from the lines.
func (t *Tx) ConsentHistoriesAfter(ctx context.Context, behind uuid.UUID, most int32) ([]ConsentHistory, error) {
	people, err := t.q.ConsentPeopleAfter(ctx, t.tenant.ID, behind, most)
	if err != nil {
		return nil, fmt.Errorf("read whom consents are of: %w", err)
	}
	out, keys, places, ids := make([]ConsentHistory, len(people)), make([]*seal.Key, len(people)), map[uuid.UUID]int{}, make([]uuid.UUID, len(people))
	for i, p := range people {
		if keys[i], err = t.tenant.Keys.SubjectKey(p.WrappedKey, p.ID.String()); err != nil {
			return nil, fmt.Errorf("open the key of an address: %w", err)
		}
		value, err := keys[i].Open(p.ValueSealed, addressField(p.ID))
		if err != nil {
			return nil, fmt.Errorf("open an address: %w", err)
		}
		out[i] = ConsentHistory{Person: p.ID, Kind: p.Kind, Address: string(value), Country: given(p.Country), Language: given(p.Language)}
		places[p.ID], ids[i] = i, p.ID
	}
	rows, err := t.q.ConsentEventsOfPeople(ctx, t.tenant.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	texts, err := t.ConsentTexts(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		at := places[r.PersonID]
		line := lineOf(eventRow(r), texts)
		if r.EvidenceSealed != nil {
			if err := openJSON(keys[at], evidenceField(r.ID), r.EvidenceSealed, &line.Evidence); err != nil {
				return nil, fmt.Errorf("open what shows a consent: %w", err)
			}
		}
		out[at].Lines = append(out[at].Lines, line)
	}
	return out, nil
}

func eventRow(r db.ConsentEventsOfPeopleRow) db.ConsentEventsOfPersonRow {
	return db.ConsentEventsOfPersonRow{
		ID: r.ID, Purpose: r.Purpose, Channel: r.Channel, Kind: r.Kind, At: r.At, Zone: r.Zone, Day: r.Day, RecordedAt: r.RecordedAt, Relation: r.Relation, NoSolicitation: r.NoSolicitation,
		Refusable: r.Refusable, How: r.How, Source: r.Source, TextID: r.TextID, Batch: r.Batch, Position: r.Position, Hash: r.Hash, EvidenceSealed: r.EvidenceSealed,
	}
}
