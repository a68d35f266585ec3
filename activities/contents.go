package activities

import (
	"context"
	"errors"
	"fmt"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// gather lays out the package from the register: the cover, the systems with their declarations, what is left out. The
// case is locked meanwhile, so nothing is asked of the object store here.
func (b *build) gather(ctx context.Context, tx *storage.Tx, row storage.Case) error {
	subject, err := tx.Subject(ctx, row.SubjectID)
	if err != nil {
		return err
	}
	details, err := tx.Details(row, subject)
	if err != nil {
		return err
	}
	b.contents.Cover = b.cover(row, details)
	if b.contents.Cover.Statements, err = statementsOn(ctx, tx, subject); err != nil {
		return err
	}
	redactions, err := tx.Redactions(ctx, row, subject)
	if err != nil {
		return err
	}
	for _, r := range redactions {
		b.contents.Redactions = append(b.contents.Redactions, packaging.Redaction{
			System: r.System, Collection: r.Collection, Field: r.Field, KeyField: r.KeyField, KeyValue: r.KeyValue,
			Ground: packaging.Ground(r.Ground), Citation: r.Citation, Note: r.Note,
		})
	}
	runs, err := tx.Runs(ctx, row.ID, b.in.Round)
	if err != nil {
		return fmt.Errorf("read runs: %w", err)
	}
	for _, run := range runs {
		if run.State != storage.RunDone {
			continue
		}
		system, err := b.system(ctx, tx, run)
		if err != nil {
			return err
		}
		b.contents.Systems = append(b.contents.Systems, system)
	}
	return b.consents(ctx, tx, row, subject)
}

// statementsOn are what the person wanted to be given out with their data.
func statementsOn(ctx context.Context, tx *storage.Tx, subject storage.Subject) (out []packaging.Statement, err error) {
	person, err := tx.Person(ctx, subject)
	if err != nil {
		return nil, err
	}
	all, err := tx.StatementsOn(ctx, person.Email)
	for _, s := range all {
		out = append(out, packaging.Statement{Text: s.Text, At: s.MadeAt})
	}
	return out, err
}

func (b *build) cover(row storage.Case, details string) packaging.Cover {
	profile := b.tenant.Profile
	return packaging.Cover{
		Language: row.Language, Reference: row.Reference, Right: row.RequestRight, Regime: row.Regime,
		Received: row.ReceivedAt, Built: b.pkg.CreatedAt, Zone: b.tenant.Zone, Question: details,
		Controller: packaging.Controller{
			Name: b.tenant.Name, Address: profile.Address, Contact: profile.Contact, DPO: profile.DPO, DPOContact: profile.Contact,
		},
		Authority: packaging.Authority{Name: profile.Authority, URL: profile.AuthorityURL},
	}
}

func (b *build) system(ctx context.Context, tx *storage.Tx, run storage.Run) (packaging.System, error) {
	row, err := tx.System(ctx, run.SystemID)
	if err != nil {
		return packaging.System{}, err
	}
	system := packaging.System{Key: row.Key, Title: row.Name}
	if system.Declaration, err = casework.DeclarationOf(row); err != nil {
		return packaging.System{}, err
	}
	key, err := tx.RunKey(run)
	if errors.Is(err, seal.ErrNoKey) {
		return packaging.System{}, errLost
	}
	if err != nil {
		return packaging.System{}, err
	}
	parts, err := tx.Parts(ctx, run.ID)
	if err != nil {
		return packaging.System{}, fmt.Errorf("read parts: %w", err)
	}
	for len(parts) > 0 {
		n := sameCollection(parts)
		system.Collections = append(system.Collections, packaging.Collection{Dataset: parts[0].Dataset, Name: parts[0].Collection})
		b.stored = append(b.stored, stored{key: key, parts: parts[:n]})
		parts = parts[n:]
	}
	return system, nil
}

// stored is where the rows of a collection lie: its parts, in order, and the key of their run.
type stored struct {
	key   *seal.StreamKey
	parts []storage.Part
}

// attach joins the collections that were laid out with what is stored of them.
func (b *build) attach(ctx context.Context) error {
	next := 0
	for _, system := range b.contents.Systems {
		for i := range system.Collections {
			if err := b.collection(ctx, b.stored[next], &system.Collections[i]); err != nil {
				return err
			}
			next++
		}
	}
	return nil
}

func sameCollection(parts []storage.Part) int {
	n := 1
	for n < len(parts) && parts[n].Dataset == parts[0].Dataset && parts[n].Collection == parts[0].Collection {
		n++
	}
	return n
}

// collection reads the columns of its first part, and gives the rows of each part whenever it is asked.
func (b *build) collection(ctx context.Context, from stored, c *packaging.Collection) error {
	stop := errors.New("columns read")
	err := b.read(ctx, from.key, from.parts[0], func(columns []connectors.Column) {
		for _, column := range columns {
			c.Columns = append(c.Columns, packaging.Column{Name: column.Name, Categories: column.Categories, File: column.File, Named: column.Named})
		}
	}, func(connectors.Row) error { return stop })
	if err != nil && !errors.Is(err, stop) {
		return err
	}
	for _, part := range from.parts {
		c.Parts = append(c.Parts, packaging.Part{Size: part.Bytes, Rows: func(yield func(packaging.Row) error) error {
			return b.read(ctx, from.key, part, func([]connectors.Column) {}, yield)
		}})
	}
	return nil
}

func (b *build) read(ctx context.Context, key *seal.StreamKey, part storage.Part, columns func([]connectors.Column), row func(connectors.Row) error) (err error) {
	object, err := b.objects.Get(ctx, part.ObjectKey)
	if errors.Is(err, objects.ErrNotFound) {
		return errLost
	}
	if err != nil {
		return fmt.Errorf("fetch a part: %w", err)
	}
	defer func() { err = errors.Join(err, object.Close()) }()
	return readPart(object, key, part.ObjectKey, columns, row)
}
