package relational

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// Entry is a statement that puts a value on a list unless it is there. Lock names the list, for a lock that all hold who put something on it:
// where the table has no unique key, nothing else keeps two of them from doing it at once.
type Entry struct {
	Where     string
	Lock      string
	Statement string
	Args      []any
}

// Entry looks whether an entry can be made, and writes what makes it.
func (s *System) Entry(ctx context.Context, l connectors.Listing, value string) (e Entry, err error) {
	if !s.AllowWrites {
		return e, ReadOnly()
	}
	err = s.snapshot(ctx, func(session Session) error {
		cat, err := session.Catalog(ctx)
		if err != nil {
			return err
		}
		w := s.NewWalk(session.Dialect(), cat, connectors.Selection{
			Plan: dataset.Plan{Steps: []dataset.Step{l.Step()}}, Subject: connectors.Subject{Identities: map[string][]string{l.Identity: {value}}},
		})
		e, err = w.entered(l, value)
		return err
	})
	return e, err
}

func (w *Walk) entered(l connectors.Listing, value string) (Entry, error) {
	t, err := w.Target(l.Address)
	if err != nil {
		return Entry{}, err
	}
	f, err := t.Field([]string{l.Field})
	if err != nil {
		return Entry{}, err
	}
	if refused := unlisted(t, f); refused != nil {
		return Entry{}, refused
	}
	q := w.Query()
	there, err := q.entry(t, t.Step.FoundBy[0])
	if err != nil {
		return Entry{}, err
	}
	written := q.Dialect.Taken(q, f.Col, value)
	statement, args := q.Whole(fmt.Sprintf("INSERT INTO %s (%s) SELECT e.v FROM (SELECT %s AS v) AS e WHERE NOT EXISTS (SELECT 1 FROM %s WHERE %s)",
		t.Table.Spot, Quoted(f.Col.Name), written, t.From(), there))
	return Entry{Where: t.Where([]string{l.Field}), Lock: t.Table.Spot.String(), Statement: statement, Args: args}, nil
}

// unlisted says what keeps a table from taking an entry that is a value alone.
func unlisted(t Target, f Field) *connectors.Error {
	where := t.Where([]string{f.Col.Name})
	switch {
	case t.Table.Derived:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: t.Where(nil), What: "it is a materialised view, which takes no entries", Do: "name the table behind it as the list"}
	case f.Many():
		return &connectors.Error{Code: connectors.ErrType, Where: where, What: "the list's column is of the type " + f.Col.Type + ", which has more than one value", Do: "name a column with one value in each row"}
	case f.Col.Generated:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: where, What: "the database works the list's column out by itself", Do: "name the column that is written"}
	}
	var needed []string
	for name, col := range t.Table.Columns {
		if name != f.Col.Name && col.Required && !col.Default && !col.Generated {
			needed = append(needed, Quoted(name))
		}
	}
	if len(needed) == 0 {
		return nil
	}
	slices.Sort(needed)
	return &connectors.Error{Code: connectors.ErrConstraint, Where: t.Where(nil), What: "an entry on the list has to have values of which Docket knows none: " + strings.Join(needed, ", "),
		Do: "give these columns defaults, or let them be empty"}
}

// CheckList looks whether the table takes entries, and whether the user may make them and take them away.
func (r Reads) CheckList(ctx context.Context, l connectors.Listing) error {
	var findings connectors.Findings
	err := r.system.snapshot(ctx, func(session Session) error {
		cat, err := session.Catalog(ctx)
		if err != nil {
			return err
		}
		may, err := session.Account(ctx, cat)
		if err != nil {
			return err
		}
		w := r.system.NewWalk(session.Dialect(), cat, connectors.Selection{Plan: dataset.Plan{Steps: []dataset.Step{l.Step()}}})
		t, err := w.Target(l.Address)
		if err != nil {
			return err
		}
		f, err := t.Field([]string{l.Field})
		if err != nil {
			return err
		}
		findings = listable(l, t, f, may)
		return nil
	})
	return findings.Or(err)
}

func listable(l connectors.Listing, t Target, f Field, may Account) (out connectors.Findings) {
	if refused := unlisted(t, f); refused != nil {
		out = append(out, refused)
	}
	where := t.Where(nil)
	if !f.Col.Insertable {
		out = append(out, &connectors.Error{Code: connectors.ErrReadOnly, Where: where, What: "the " + may.Called + " may not put anybody on the list", Do: "grant INSERT on the table to the " + may.Called})
	}
	if l.Removes && !t.Table.Deletable {
		out = append(out, &connectors.Error{Code: connectors.ErrReadOnly, Where: where, What: "the " + may.Called + " may not take anybody off the list", Do: "grant DELETE on the table to the " + may.Called})
	}
	return out
}
