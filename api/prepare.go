package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// handedOver is what stands under the key of a command between its claim and its answer.
type handedOver struct {
	Note   *uuid.UUID `json:"note,omitempty"`
	System *uuid.UUID `json:"system,omitempty"`
}

// prepare claims the key and seals the note, in one transaction. It gives the answer when there is one already. A command
// that the state refuses is refused here, before anything is written.
func (s *server) prepare(ctx context.Context, who *caller, id uuid.UUID, k keyed, o *order) (*storage.Answer, error) {
	var before *storage.Answer
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c, err := tx.Case(ctx, id)
		if err != nil {
			return err
		}
		who.caseID = id.String()
		if before, err = k.claim(ctx, tx); err != nil {
			return err
		}
		if before != nil {
			return o.resume(&before)
		}
		if err := o.command.Kind.AllowedIn(privacy.RequestState(c.State)); err != nil {
			return err
		}
		if err := unclaimed(ctx, tx, who, id, o.command.Kind); err != nil {
			return err
		}
		return o.handOver(ctx, tx, c, k)
	})
	return before, err
}

// resume takes a command up again that was handed over and not answered: with the same note, so that nothing happens
// twice.
func (o *order) resume(before **storage.Answer) error {
	if (*before).Status != http.StatusProcessing {
		return nil
	}
	var over handedOver
	if err := json.Unmarshal((*before).Response, &over); err != nil {
		return fmt.Errorf("read what was handed over: %w", err)
	}
	o.command.Note, o.command.System = over.Note, over.System
	*before = nil
	return nil
}

func (o *order) handOver(ctx context.Context, tx *storage.Tx, c storage.Case, k keyed) error {
	if o.system != "" {
		system, err := tx.SystemByKey(ctx, o.system)
		if errors.Is(err, storage.ErrNotFound) {
			return invalid("body.system", "there is no system with this key; GET /v1/systems lists them")
		}
		if err != nil {
			return err
		}
		o.command.System = &system.ID
	}
	if o.note != "" {
		kind := o.noteKind
		if kind == "" {
			kind = storage.NotePlain
		}
		subject, err := tx.Subject(ctx, c.SubjectID)
		if err != nil {
			return err
		}
		note, err := tx.AddNote(ctx, c, subject, kind, o.note)
		if err != nil {
			return err
		}
		o.command.Note = &note
	}
	_, err := k.keep(ctx, tx, http.StatusProcessing, handedOver{Note: o.command.Note, System: o.command.System})
	return err
}

// undo ends a command that was refused: its note is dropped, for nobody acted on it, and the refusal is kept as the
// answer to its key.
func (s *server) undo(ctx context.Context, who *caller, id uuid.UUID, k keyed, o order, cause error) error {
	p := problemOf(cause)
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if o.command.Note != nil {
			if err := tx.DropNote(ctx, id, *o.command.Note); err != nil && !errors.Is(err, storage.ErrNotFound) {
				return err
			}
		}
		_, err := k.keep(ctx, tx, p.Status, p)
		return err
	})
	return errors.Join(err, p)
}

// again gives a kept answer, which may be a refusal.
func again[T any](a storage.Answer) (*answered[T], error) {
	if a.Status < http.StatusBadRequest {
		return replay[T](a, false), nil
	}
	var p Problem
	if err := json.Unmarshal(a.Response, &p); err != nil {
		return nil, fmt.Errorf("read the kept answer: %w", err)
	}
	p.replayed = true
	return nil, &p
}
