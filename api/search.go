package api

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// searchRequests has its question in the body, so that no address or name gets into a URL or a log of one.
type searchRequests struct {
	Body struct {
		Reference string `json:"reference,omitempty" maxLength:"40"`
		Email     string `json:"email,omitempty" maxLength:"254" doc:"The whole address."`
		Phone     string `json:"phone,omitempty" maxLength:"40" doc:"The whole number, with its country code or in the tenant's own."`
		Name      string `json:"name,omitempty" maxLength:"200" doc:"Words of the name, in any order, without regard to case and accents."`
		Limit     int32  `json:"limit,omitempty" minimum:"1" maximum:"200" default:"50"`
	}
}

// searchRequests finds the requests that match all that is given. That somebody searched by a person is recorded.
func (s *server) searchRequests(ctx context.Context, who *caller, in *searchRequests) (*page[RequestLine], error) {
	b := in.Body
	if b.Reference == "" && b.Email == "" && b.Phone == "" && b.Name == "" {
		return nil, invalid("body", "give a reference, an email, a phone or a name to search for")
	}
	var rows []storage.CaseLine
	if b.Email == "" && b.Phone == "" && b.Name == "" {
		err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
			rows, err = byReference(ctx, tx, b.Reference, nil)
			return err
		})
		return newPage(each(rows, lineOf), ""), err
	}
	// Who looks for a person is on record before they are told anything.
	err := s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		searched := audit.Event{Action: audit.RequestViewed, Object: audit.Object{Kind: "search", ID: "requests"}}
		if err := tx.Audit(ctx, searched); err != nil {
			return err
		}
		rows, err = byPerson(ctx, tx, in)
		return err
	})
	return newPage(each(rows, lineOf), ""), err
}

// byPerson finds the requests of those whom everything fits that was given. Who is looked for by one thing alone, as most
// are, is found in one question.
func byPerson(ctx context.Context, tx *storage.Tx, in *searchRequests) ([]storage.CaseLine, error) {
	b := in.Body
	for _, alone := range []struct {
		value string
		find  func(context.Context, string, int32) ([]storage.CaseLine, error)
	}{{b.Email, tx.CasesByEmail}, {b.Phone, tx.CasesByPhone}, {b.Name, tx.CasesByName}} {
		if alone.value == b.Reference+b.Email+b.Phone+b.Name {
			if err := tx.Last(ctx); err != nil {
				return nil, err
			}
			return alone.find(ctx, alone.value, b.Limit)
		}
	}
	subjects, err := searchPeople(ctx, tx, in)
	if err != nil {
		return nil, err
	}
	if b.Reference == "" {
		return tx.CasesOf(ctx, subjects, b.Limit)
	}
	return byReference(ctx, tx, b.Reference, func(c storage.Case) bool { return slices.Contains(subjects, c.SubjectID) })
}

// byReference finds the request with a reference, when it fits. Without fits every request does.
func byReference(ctx context.Context, tx *storage.Tx, reference string, fits func(storage.Case) bool) ([]storage.CaseLine, error) {
	c, err := tx.CaseByReference(ctx, strings.ToUpper(strings.TrimSpace(reference)))
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nil
	}
	if err != nil || (fits != nil && !fits(c)) {
		return nil, err
	}
	return []storage.CaseLine{{
		ID: c.ID, Reference: c.Reference, RequestRight: c.RequestRight, Regime: c.Regime, Channel: c.Channel, State: c.State,
		Outcome: c.Outcome, Identity: c.Identity, AssigneeID: c.AssigneeID, DuplicateOf: c.DuplicateOf, ReceivedAt: c.ReceivedAt,
		ClosedAt: c.ClosedAt, NextDue: c.NextDue, Language: c.Language, OnTime: c.OnTime,
	}}, nil
}

// searchPeople finds those whom every given identity fits.
func searchPeople(ctx context.Context, tx *storage.Tx, in *searchRequests) ([]uuid.UUID, error) {
	var found []uuid.UUID
	for _, by := range []struct {
		value string
		find  func(context.Context, string) ([]uuid.UUID, error)
	}{{in.Body.Email, tx.SubjectsByEmail}, {in.Body.Phone, tx.SubjectsByPhone}, {in.Body.Name, tx.SubjectsByName}} {
		if by.value == "" {
			continue
		}
		ids, err := by.find(ctx, by.value)
		if err != nil {
			return nil, err
		}
		if found != nil {
			ids = slices.DeleteFunc(ids, func(id uuid.UUID) bool { return !slices.Contains(found, id) })
		}
		found = append([]uuid.UUID{}, ids...)
	}
	return found, nil
}
