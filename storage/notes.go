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

// Note is one text about a case, in clear.
type Note struct {
	ID     uuid.UUID
	Kind   string
	Author string
	Body   string
	At     time.Time
}

// Kinds of note.
const (
	NotePlain         = "note"
	NoteClarification = "clarification"
	NoteReason        = "reason"
)

// AddNote seals a text under the subject's key and adds it to the case.
func (t *Tx) AddNote(ctx context.Context, c Case, s Subject, kind, body string) (uuid.UUID, error) {
	id := newID()
	sealed, err := s.Key.Seal([]byte(body), noteField(id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the note: %w", err)
	}
	err = t.q.InsertNote(ctx, db.InsertNoteParams{
		ID: id, TenantID: t.tenant.ID, CaseID: c.ID, Kind: kind, Author: t.actor.ID, BodySealed: sealed, At: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the note: %w", err)
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.RequestNoted, CaseID: c.ID.String(), Object: audit.Object{Kind: "note", ID: id.String()},
	})
}

func noteField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "notes", Column: "body", Row: id.String()}
}

// Notes opens the notes of a case in order.
func (t *Tx) Notes(ctx context.Context, c Case, s Subject) ([]Note, error) {
	rows, err := t.q.Notes(ctx, t.tenant.ID, c.ID)
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	notes := make([]Note, 0, len(rows))
	for _, row := range rows {
		body, err := s.Key.Open(row.BodySealed, noteField(row.ID))
		if err != nil {
			return nil, fmt.Errorf("open a note: %w", err)
		}
		notes = append(notes, Note{ID: row.ID, Kind: row.Kind, Author: row.Author, Body: string(body), At: row.At})
	}
	return notes, nil
}

// Note opens one note of a case.
func (t *Tx) Note(ctx context.Context, c Case, s Subject, id uuid.UUID) (Note, error) {
	row, err := t.q.Note(ctx, t.tenant.ID, c.ID, id)
	if err != nil {
		return Note{}, fmt.Errorf("note: %w", translate(err))
	}
	body, err := s.Key.Open(row.BodySealed, noteField(id))
	if err != nil {
		return Note{}, fmt.Errorf("open the note: %w", err)
	}
	return Note{ID: row.ID, Kind: row.Kind, Author: row.Author, Body: string(body), At: row.At}, nil
}
