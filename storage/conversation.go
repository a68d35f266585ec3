package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Sender is a side of a conversation.
type Sender string

// The sides.
const (
	FromPerson Sender = "person"
	FromStaff  Sender = "staff"
)

// Other is the side that reads what this one writes.
func (s Sender) Other() Sender {
	if s == FromPerson {
		return FromStaff
	}
	return FromPerson
}

// Kinds of entry in a conversation.
const (
	EntryMessage  = "message"
	EntryQuestion = "question" // one that the clock may wait for
	EntryAnswer   = "answer"
)

// Entry is one text of a conversation, in clear.
type Entry struct {
	ID     uuid.UUID
	Sender Sender
	Author string
	Kind   string
	Body   string
	At     time.Time
	ReadAt *time.Time
}

// AddEntry seals a text under the subject's key and adds it to the conversation of the case.
func (t *Tx) AddEntry(ctx context.Context, c Case, s Subject, from Sender, kind, body string) (uuid.UUID, error) {
	id := newID()
	sealed, err := s.Key.Seal([]byte(body), entryField(id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the entry: %w", err)
	}
	err = t.q.InsertEntry(ctx, db.InsertEntryParams{
		ID: id, TenantID: t.tenant.ID, CaseID: c.ID, Sender: string(from), Author: t.actor.ID, Kind: kind, BodySealed: sealed, At: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add to the conversation: %w", err)
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.ConversationWritten, CaseID: c.ID.String(), Object: audit.Object{Kind: "entry", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactStep: kind},
	})
}

func entryField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "conversation", Column: "body", Row: id.String()}
}

// Conversation opens what was written about a case, oldest first.
func (t *Tx) Conversation(ctx context.Context, c Case, s Subject) ([]Entry, error) {
	rows, err := t.q.Conversation(ctx, t.tenant.ID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("read the conversation: %w", err)
	}
	entries := make([]Entry, 0, len(rows))
	for _, row := range rows {
		body, err := s.Key.Open(row.BodySealed, entryField(row.ID))
		if err != nil {
			return nil, fmt.Errorf("open an entry: %w", err)
		}
		entries = append(entries, Entry{
			ID: row.ID, Sender: Sender(row.Sender), Author: row.Author, Kind: row.Kind, Body: string(body), At: row.At, ReadAt: row.ReadAt,
		})
	}
	return entries, nil
}

// EntriesSince counts what a side has written after a time.
func (t *Tx) EntriesSince(ctx context.Context, caseID uuid.UUID, from Sender, since time.Time) (int64, error) {
	return t.q.EntriesSince(ctx, t.tenant.ID, caseID, string(from), since)
}

// Unread counts what a side has written and the other has not seen.
func (t *Tx) Unread(ctx context.Context, caseID uuid.UUID, from Sender) (int64, error) {
	return t.q.UnreadEntries(ctx, t.tenant.ID, caseID, string(from))
}

// ReadEntries records that all that a side has written was seen by the other.
func (t *Tx) ReadEntries(ctx context.Context, caseID uuid.UUID, from Sender) error {
	rows, err := t.q.ReadEntries(ctx, t.tenant.ID, caseID, string(from), t.now)
	if err != nil {
		return fmt.Errorf("record what was read: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{Action: audit.ConversationRead, CaseID: caseID.String(), Object: caseObject(caseID)})
}
