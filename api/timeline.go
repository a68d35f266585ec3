package api

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage"
)

// entry is one thing that happened to a request. What people wrote is not in it: notes and messages are opened apart.
type entry struct {
	At     time.Time  `json:"at"`
	Kind   string     `json:"kind" enum:"step,note,message,clock,pause,extension,evidence" doc:"step: the case moved or something was done to it; clock: what a deadline came to; evidence: a line of the audit log"`
	What   string     `json:"what"`
	ID     *uuid.UUID `json:"id,omitempty" format:"uuid" doc:"Of the note, message, obligation or audit event."`
	Actor  string     `json:"actor_kind,omitempty"`
	By     string     `json:"actor_id,omitempty"`
	From   string     `json:"from,omitempty"`
	To     string     `json:"to,omitempty"`
	Reason string     `json:"reason_code,omitempty"`
	State  string     `json:"state,omitempty" doc:"Of a message."`
	Leaf   *int64     `json:"leaf,omitempty" doc:"The place of an audit event in the log, once it has one."`
}

type noteView struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	Kind   string    `json:"kind"`
	Author string    `json:"author"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

func (s *server) timelineOperations() {
	register(s, operation{
		id: "get-timeline", method: http.MethodGet, path: "/v1/requests/{id}/timeline", tag: "requests",
		summary: "Everything that happened to a request, newest first", errors: []int{http.StatusNotFound},
	}, s.timeline)
	register(s, operation{
		id: "list-notes", method: http.MethodGet, path: "/v1/requests/{id}/notes", tag: "requests",
		summary: "Read the notes of a request; this is recorded", errors: []int{http.StatusNotFound, http.StatusGone},
	}, s.notes)
}

func (s *server) timeline(ctx context.Context, who *caller, in *CaseID) (*page[entry], error) {
	var entries []entry
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		ask := []func(*storage.Tx) error{func(tx *storage.Tx) error { _, err := tx.Case(ctx, in.ID); return err }}
		for _, source := range []func(context.Context, *storage.Tx, uuid.UUID) ([]entry, error){
			steps, letters, milestones, waits, longer, evidence,
		} {
			ask = append(ask, func(tx *storage.Tx) error {
				more, err := source(ctx, tx, in.ID)
				if err == nil {
					entries = append(entries, more...)
				}
				return err
			})
		}
		return tx.Together(ctx, ask...)
	})
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.Kind, b.Kind)) })
	return newPage(entries, ""), err
}

func steps(ctx context.Context, tx *storage.Tx, id uuid.UUID) ([]entry, error) {
	rows, err := tx.Transitions(ctx, id)
	return each(rows, func(t storage.Transition) entry {
		return entry{At: t.At, Kind: "step", What: t.Event, Actor: t.ActorKind, By: t.ActorID, From: text(t.FromState), To: t.ToState, Reason: text(t.ReasonCode)}
	}), err
}

func letters(ctx context.Context, tx *storage.Tx, id uuid.UUID) ([]entry, error) {
	rows, err := tx.Messages(ctx, id)
	return each(rows, func(m storage.MessageLine) entry {
		return entry{At: m.CreatedAt, Kind: "message", What: m.Kind, ID: &m.ID, State: m.State}
	}), err
}

func milestones(ctx context.Context, tx *storage.Tx, id uuid.UUID) ([]entry, error) {
	rows, err := tx.Milestones(ctx, id)
	return each(rows, func(m storage.MilestoneLine) entry {
		return entry{At: m.RecordedAt, Kind: "clock", What: m.Kind, ID: &m.ObligationID, Actor: "timer"}
	}), err
}

func waits(ctx context.Context, tx *storage.Tx, id uuid.UUID) ([]entry, error) {
	pauses, err := tx.Pauses(ctx, id)
	var out []entry
	for _, p := range pauses {
		out = append(out, entry{At: p.FromAt, Kind: "pause", What: "paused", Reason: p.Kind, By: p.OpenedBy})
		if p.UntilAt != nil {
			out = append(out, entry{At: *p.UntilAt, Kind: "pause", What: "resumed", Reason: p.Kind, By: text(p.ClosedBy)})
		}
	}
	return out, err
}

func longer(ctx context.Context, tx *storage.Tx, id uuid.UUID) ([]entry, error) {
	extensions, err := tx.Extensions(ctx, id)
	return each(extensions, func(e storage.ExtensionLine) entry {
		return entry{At: e.GrantedAt, Kind: "extension", What: "extended", Reason: e.ReasonCode, By: e.GrantedBy}
	}), err
}

func evidence(ctx context.Context, tx *storage.Tx, id uuid.UUID) ([]entry, error) {
	lines, err := tx.CaseEvents(ctx, id)
	return each(lines, func(l storage.AuditLine) entry {
		return entry{
			At: l.At, Kind: "evidence", What: string(l.Event.Action), ID: &l.ID, Actor: string(l.Event.Actor.Kind), By: l.Event.Actor.ID,
			Reason: l.Event.Reason, Leaf: l.LeafIndex,
		}
	}), err
}

func (s *server) notes(ctx context.Context, who *caller, in *CaseID) (*page[noteView], error) {
	var out []noteView
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		notes, err := tx.Notes(ctx, c, subject)
		if err != nil {
			return err
		}
		out = each(notes, func(n storage.Note) noteView {
			return noteView{ID: n.ID, Kind: n.Kind, Author: n.Author, Text: n.Body, At: n.At}
		})
		return tx.Audit(ctx, viewed(in.ID, "notes", in.ID))
	})
	return newPage(out, ""), err
}
