package relational

import (
	"context"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// keys reads the values that other systems are searched by.
func (s *System) keys(ctx context.Context, sel connectors.Selection) ([]connectors.KeySet, error) {
	sets := []connectors.KeySet{}
	err := s.snapshot(ctx, func(session Session) error {
		w, err := s.walk(ctx, session, sel)
		if err != nil {
			return err
		}
		for _, f := range sel.Exports {
			set, err := w.export(ctx, session, f)
			if err != nil {
				return w.Named(ctx, err)
			}
			sets = append(sets, set)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return sets, nil
}

// export reads one field's values.
func (w *Walk) export(ctx context.Context, s Session, from dataset.FieldAddress) (connectors.KeySet, error) {
	set := connectors.KeySet{Field: from, Values: []string{}}
	t, err := w.Target(from.Address)
	if err != nil {
		return set, err
	}
	f, err := t.Field(from.Path)
	if err != nil {
		return set, err
	}
	q := w.Query()
	body, err := q.Distinct(t, f)
	if err != nil {
		return set, err
	}
	statement, args := q.Whole(w.Dialect.Export(f.Single(), q.Added(body), w.KeyLimit+1))
	var value string
	err = s.Ask(ctx, from.String(), statement, args, []any{&value}, func() error {
		if len(set.Values) == w.KeyLimit {
			return tooManyKeys(from, w.KeyLimit)
		}
		set.Values = append(set.Values, value)
		return nil
	})
	return set, err
}
