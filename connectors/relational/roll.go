package relational

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// RollAtOnce is how many values one part of a roll has.
const RollAtOnce = 10_000

// Rolled is where the values of a field are: those of a column, of an array's elements, of a document's members.
type Rolled struct {
	*Query
	Field Field
	// From and Value are what is selected from, and what.
	From, Value string
}

// Rolled finds a field in the catalogue of a session.
func (s *System) Rolled(ctx context.Context, session Session, at dataset.FieldAddress) (r Rolled, err error) {
	_, plan, err := s.Graph()
	if err != nil {
		return r, err
	}
	cat, err := session.Catalog(ctx)
	if err != nil {
		return r, err
	}
	r.Query = s.NewWalk(session.Dialect(), cat, connectors.Selection{Plan: With(plan, at.Address)}).Query()
	t, err := r.Target(at.Address)
	if err != nil {
		return r, err
	}
	if r.Field, err = t.Field(at.Path); err != nil {
		return r, err
	}
	r.From, r.Value = r.Values(t, r.Field)
	return r, nil
}
