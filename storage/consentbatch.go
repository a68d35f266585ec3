package storage

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// LedgerLine is what the hash of an event of the ledger is made over, as JSON: whoever has it can check it against the log. It names nobody; of the evidence it
// has the hash of what is stored, which is sealed.
type LedgerLine struct {
	Tenant         uuid.UUID            `json:"tenant"`
	ID             uuid.UUID            `json:"id"`
	Person         uuid.UUID            `json:"person"`
	Purpose        int32                `json:"purpose"`
	Channel        string               `json:"channel"`
	Kind           string               `json:"kind"`
	At             time.Time            `json:"at"`
	Zone           string               `json:"zone"`
	Day            privacy.Date         `json:"day"`
	Recorded       time.Time            `json:"recorded"`
	Relation       privacy.ConsentEvent `json:"relation,omitempty"`
	NoSolicitation bool                 `json:"no_solicitation,omitempty"`
	Refusable      bool                 `json:"refusable,omitempty"`
	How            string               `json:"how"`
	Source         string               `json:"source,omitempty"`
	Text           *uuid.UUID           `json:"text,omitempty"`
	Batch          uuid.UUID            `json:"batch"`
	Position       int32                `json:"position"`
	Evidence       []byte               `json:"evidence,omitempty"`
}

// Hash is that of the line, as a leaf of RFC 6962.
func (l LedgerLine) Hash() (tlog.Hash, error) {
	data, err := json.Marshal(l)
	if err != nil {
		return tlog.Hash{}, fmt.Errorf("write a line of the ledger: %w", err)
	}
	return tlog.RecordHash(data), nil
}

// TextHash is that of the words that people agree to, which the log has.
func TextHash(title, body string) [sha256.Size]byte {
	return sha256.Sum256([]byte(title + "\x00" + body))
}

// newLedgerBatch makes the rows of entries: evidence sealed, each with its hash.
func (t *Tx) newLedgerBatch(people []*heldPerson, entries []ConsentEntry) (db.InsertConsentEventsParams, error) {
	rows := db.InsertConsentEventsParams{TenantID: t.tenant.ID, Recorded: t.now, Batch: newID()}
	for i, e := range entries {
		id := newID()
		sealed, err := t.sealEvidence(people[i], id, e.Evidence)
		if err != nil {
			return rows, err
		}
		line := LedgerLine{
			Tenant: t.tenant.ID, ID: id, Person: people[i].id, Purpose: e.Purpose, Channel: string(e.Channel), Kind: string(e.Event.Kind), At: e.Event.At,
			Zone: e.Zone, Day: e.Event.Day, Recorded: t.now, Relation: e.Event.Relation, NoSolicitation: e.Event.NoSolicitation, Refusable: e.Event.Refusable,
			How: e.How, Source: e.Source, Text: e.Text, Batch: rows.Batch, Position: int32(i),
		}
		line.Evidence = evidenceHash(sealed)
		hash, err := line.Hash()
		if err != nil {
			return rows, err
		}
		addLine(&rows, line, hash, sealed)
	}
	return rows, nil
}

func addLine(rows *db.InsertConsentEventsParams, l LedgerLine, hash tlog.Hash, sealed []byte) {
	var words uuid.UUID
	if l.Text != nil {
		words = *l.Text
	}
	rows.Ids, rows.People, rows.Purposes = append(rows.Ids, l.ID), append(rows.People, l.Person), append(rows.Purposes, l.Purpose)
	rows.Channels, rows.Kinds, rows.Ats = append(rows.Channels, l.Channel), append(rows.Kinds, l.Kind), append(rows.Ats, l.At)
	rows.Zones, rows.Days, rows.Relations = append(rows.Zones, l.Zone), append(rows.Days, dateValue(l.Day)), append(rows.Relations, string(l.Relation))
	rows.NoSolicitations, rows.Refusables = append(rows.NoSolicitations, l.NoSolicitation), append(rows.Refusables, l.Refusable)
	rows.Hows, rows.Sources, rows.Texts = append(rows.Hows, l.How), append(rows.Sources, l.Source), append(rows.Texts, words)
	rows.Positions, rows.Hashes, rows.Evidence = append(rows.Positions, l.Position), append(rows.Hashes, hash[:]), append(rows.Evidence, sealed)
}

func (t *Tx) sealEvidence(p *heldPerson, event uuid.UUID, e ConsentEvidence) ([]byte, error) {
	if e.Empty() {
		return nil, nil
	}
	key, err := p.open(t.tenant.Keys)
	if err != nil {
		return nil, err
	}
	return sealJSON(key, evidenceField(event), e)
}

// evidenceHash is that of evidence as it is stored; nil where there is none.
func evidenceHash(sealed []byte) []byte {
	if sealed == nil {
		return nil
	}
	sum := sha256.Sum256(sealed)
	return sum[:]
}

func evidenceField(event uuid.UUID) seal.Field {
	return seal.Field{Table: "consent_events", Column: "evidence", Row: event.String()}
}

// auditLedger puts a batch of the ledger on record.
func (t *Tx) auditLedger(ctx context.Context, rows db.InsertConsentEventsParams) error {
	return t.auditBatch(ctx, audit.ConsentRecorded, rows.Batch, rows.Hashes, rows.Hows[0])
}

// auditBatch puts lines that were written together on record: how many they are, and the root of the tree over their hashes. The event has the id of the batch.
func (t *Tx) auditBatch(ctx context.Context, action audit.Action, batch uuid.UUID, hashes [][]byte, method string) error {
	leaves := make([]tlog.Hash, len(hashes))
	for i, h := range hashes {
		copy(leaves[i][:], h)
	}
	root := audit.Root(leaves)
	return t.Audit(ctx, audit.Event{
		ID: batch, Action: action, Object: audit.Object{Kind: "consent_batch", ID: batch.String()}, Evidence: root[:],
		Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(len(leaves)), audit.FactMethod: method},
	})
}
