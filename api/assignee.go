package api

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// Assigned is what lists take that are narrowed by who something is assigned to.
type Assigned struct {
	Assignee string `query:"assignee" maxLength:"36" doc:"The id of a member of staff, or me, or nobody."`
}

// read gives whom a list is narrowed to: a member of staff, nobody, or everyone.
func (a Assigned) read(who *caller) (id *uuid.UUID, nobody bool, err error) {
	if a.Assignee == "" {
		return nil, false, nil
	}
	return who.assignee("query.assignee", a.Assignee)
}

// assignee reads who is meant: a member of staff by id, me, or nobody.
func (c *caller) assignee(place, text string) (id *uuid.UUID, nobody bool, err error) {
	switch text {
	case "nobody":
		return nil, true, nil
	case "me":
		if id = c.staff(); id == nil {
			return nil, false, invalid(place, "me is for members of staff, and this key belongs to none; give an id, or nobody")
		}
		return id, false, nil
	}
	given, err := uuid.Parse(text)
	if err != nil {
		return nil, false, invalid(place, "must be the id of a member of staff, me or nobody")
	}
	return &given, false, nil
}

// staff is the member of staff that the caller is, nil for a program.
func (c *caller) staff() *uuid.UUID {
	if c.actor.Kind != audit.Person {
		return nil
	}
	id, err := uuid.Parse(c.actor.ID)
	if err != nil {
		return nil
	}
	return &id
}

// systemNamed finds the system that a list is narrowed to; nil for none.
func systemNamed(ctx context.Context, tx *storage.Tx, key string) (*uuid.UUID, error) {
	if key == "" {
		return nil, nil //nolint:nilnil // no key is no system: the list is not narrowed
	}
	system, err := tx.SystemByKey(ctx, key)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, invalid("query.system", "there is no system with this key; GET /v1/systems lists them")
	}
	return &system.ID, err
}
