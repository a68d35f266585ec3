package storage

import (
	"bytes"
	"context"
	"fmt"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

// ProveConsent says whether a line of the ledger of a person is what was written: its hash is made anew from what it says, has the same place in its batch, and
// the root of the batch is the one that the log has.
func (t *Tx) ProveConsent(ctx context.Context, person uuid.UUID, l ConsentLine) (bool, error) {
	hash, err := t.lineOfPerson(person, l).Hash()
	if err != nil {
		return false, err
	}
	hashes, err := t.q.ConsentBatch(ctx, t.tenant.ID, l.Batch)
	if err != nil {
		return false, fmt.Errorf("read a batch of the ledger: %w", err)
	}
	if int(l.Position) >= len(hashes) || !bytes.Equal(hashes[l.Position], hash[:]) || !bytes.Equal(l.Hash, hash[:]) {
		return false, nil
	}
	body, err := t.q.ConsentBatchEvent(ctx, t.tenant.ID, l.Batch)
	if err != nil {
		return false, fmt.Errorf("find a batch of the ledger in the log: %w", translate(err))
	}
	event, err := audit.Decode(body)
	if err != nil {
		return false, fmt.Errorf("read what the log says of a batch: %w", err)
	}
	leaves := make([]tlog.Hash, len(hashes))
	for i, h := range hashes {
		copy(leaves[i][:], h)
	}
	root := audit.Root(leaves)
	return bytes.Equal(event.Evidence, root[:]), nil
}

func (t *Tx) lineOfPerson(person uuid.UUID, l ConsentLine) LedgerLine {
	return LedgerLine{
		Tenant: t.tenant.ID, ID: l.ID, Person: person, Purpose: l.Purpose, Channel: string(l.Channel), Kind: string(l.Event.Kind), At: l.Event.At, Zone: l.Zone,
		Day: l.Event.Day, Recorded: l.Event.Recorded, Relation: l.Event.Relation, NoSolicitation: l.Event.NoSolicitation, Refusable: l.Event.Refusable,
		How: l.How, Source: l.Source, Text: l.words, Batch: l.Batch, Position: l.Position, Evidence: l.sealed,
	}
}
