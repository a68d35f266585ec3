package api

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type personView struct {
	Name       string `json:"name,omitempty"`
	Email      string `json:"email"`
	Phone      string `json:"phone,omitempty"`
	CustomerID string `json:"customer_id,omitempty"`
	Details    string `json:"details,omitempty" doc:"What the person wrote."`
	// Representative asks for the person.
	Representative *representativeView `json:"representative,omitempty" doc:"Who asks for the person, where they do not ask themselves."`
}

type representativeView struct {
	Name     string `json:"name"`
	Email    string `json:"email"`
	Standing string `json:"standing" doc:"Why they may, in their own words."`
}

// getPerson shows the person, and records that somebody looked, in one transaction: no record, no data.
func (s *server) getPerson(ctx context.Context, who *caller, in *CaseID) (*shown[personView], error) {
	out := &shown[personView]{}
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		c, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		person, err := tx.Person(ctx, subject)
		if err != nil {
			return err
		}
		details, err := tx.Details(c, subject)
		if err != nil {
			return err
		}
		agent, err := tx.Representative(ctx, in.ID, subject)
		if err != nil && !errors.Is(err, storage.ErrNotFound) {
			return err
		}
		out.Body = personView{Name: person.Name, Email: person.Email, Phone: person.Phone, CustomerID: person.CustomerID, Details: details}
		if err == nil {
			view := representativeView(agent)
			out.Body.Representative = &view
		}
		return tx.Audit(ctx, viewed(in.ID, "person", in.ID))
	})
	return out, err
}

type copyIn struct {
	CaseID
	Body struct {
		What string `json:"what" enum:"person,conversation,notes,message,redactions,corrections,decision" doc:"Where it was copied from."`
	}
}

// recordCopy records that personal data on a screen was copied: a program that shows some says so.
func (s *server) recordCopy(ctx context.Context, who *caller, in *copyIn) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.Case(ctx, in.ID); err != nil {
			return err
		}
		event := viewed(in.ID, in.Body.What, in.ID)
		event.Action = audit.RequestCopied
		return tx.Audit(ctx, event)
	})
}

// fileOf reads a case with its subject's key.
func fileOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (storage.Case, storage.Subject, error) {
	c, err := tx.Case(ctx, id)
	if err != nil {
		return storage.Case{}, storage.Subject{}, err
	}
	subject, err := tx.Subject(ctx, c.SubjectID)
	return c, subject, err
}

// viewed is the record that somebody looked at personal data.
func viewed(caseID uuid.UUID, kind string, id uuid.UUID) audit.Event {
	return audit.Event{Action: audit.RequestViewed, CaseID: caseID.String(), Object: audit.Object{Kind: kind, ID: id.String()}}
}
