package activities

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// consents lays out what the ledger of consents has of the person, as far as it is proven who they are (Art. 15 GDPR). The right to take data along does not reach
// it: the records are the controller's own.
func (b *build) consents(ctx context.Context, tx *storage.Tx, row storage.Case, subject storage.Subject) error {
	if row.RequestRight != string(privacy.Access) {
		return nil
	}
	person, err := tx.Person(ctx, subject)
	if err != nil {
		return err
	}
	told, err := b.desk.ConsentsTold(ctx, tx, casework.Proven(person, row), row.Language)
	if err != nil || len(told.Lines)+len(told.Chosen) == 0 {
		return err
	}
	b.ledger = &packaging.System{Key: erasure.LedgerSystem, Declaration: casework.LedgerDeclaration()}
	for _, c := range []laidOut{consentsNow(told), consentHistory(told), consentChoices(told)} {
		if c.err != nil {
			return c.err
		}
		if len(c.rows) > 0 {
			b.ledger.Collections = append(b.ledger.Collections, inMemory(c.name, c.columns, c.rows))
		}
	}
	return nil
}

// laidOut is a collection in memory.
type laidOut struct {
	name    string
	columns []string
	rows    [][]connectors.Value
	err     error
}

func consentsNow(told casework.ToldConsents) laidOut {
	out := laidOut{name: "consents", columns: []string{"address", "purpose", "title", "channel", "state", "since", "until"}}
	for _, s := range told.Stands {
		out.rows = append(out.rows, []connectors.Value{
			connectors.Text(s.Address), connectors.Text(s.Purpose), connectors.Text(s.Title), connectors.Text(string(s.Channel)), connectors.Text(s.Words), moment(s.Since), date(s.Until),
		})
	}
	return out
}

func consentHistory(told casework.ToldConsents) laidOut {
	out := laidOut{name: "history", columns: []string{
		"at", "what", "address", "purpose", "title", "channel", "kind", "relation", "how", "source", "zone", "recorded_at", "text", "text_version", "text_language", "evidence", "id",
	}}
	for _, l := range told.Lines {
		words, version, language := connectors.Null(), connectors.Null(), connectors.Null()
		if l.Text != nil {
			words, version, language = connectors.Text(l.Text.Body), connectors.Int(int64(l.Text.Version)), connectors.Text(l.Text.Language)
		}
		evidence := connectors.Null()
		if !l.Evidence.Empty() {
			text, err := json.Marshal(l.Evidence)
			if err != nil {
				out.err = fmt.Errorf("write what shows a consent: %w", err)
				return out
			}
			evidence = connectors.JSON(string(text))
		}
		out.rows = append(out.rows, []connectors.Value{
			moment(l.Event.At), connectors.Text(l.Words), connectors.Text(l.Address), connectors.Text(l.Purpose), connectors.Text(l.Title), connectors.Text(string(l.Channel)),
			connectors.Text(string(l.Event.Kind)), optional(string(l.Event.Relation)), connectors.Text(l.How), optional(l.Source), connectors.Text(l.Zone), moment(l.Event.Recorded),
			words, version, language, evidence, connectors.Text(l.ID.String()),
		})
	}
	return out
}

func consentChoices(told casework.ToldConsents) laidOut {
	out := laidOut{name: "preferences", columns: []string{"at", "address", "frequency", "paused_until", "language", "how"}}
	for _, c := range told.Chosen {
		out.rows = append(out.rows, []connectors.Value{
			moment(c.At), connectors.Text(c.Address), connectors.Text(string(c.Frequency)), date(c.PausedUntil), optional(c.Language), connectors.Text(c.How),
		})
	}
	return out
}

func optional(s string) connectors.Value {
	if s == "" {
		return connectors.Null()
	}
	return connectors.Text(s)
}

func moment(at time.Time) connectors.Value {
	if at.IsZero() {
		return connectors.Null()
	}
	return connectors.Time(at)
}

func date(day privacy.Date) connectors.Value {
	if day.IsZero() {
		return connectors.Null()
	}
	return connectors.Text(day.String())
}

// rowSize is about how many bytes of memory a row of the ledger takes.
const rowSize = 1 << 10

func inMemory(name string, columns []string, rows [][]connectors.Value) packaging.Collection {
	c := packaging.Collection{Dataset: erasure.LedgerAddress().Dataset, Name: name}
	for _, column := range columns {
		c.Columns = append(c.Columns, packaging.Column{Name: column, Categories: []string{"user.privacy_preferences"}})
	}
	c.Parts = []packaging.Part{{Size: int64(len(rows)) * rowSize, Rows: func(yield func(packaging.Row) error) error {
		for _, row := range rows {
			if err := yield(row); err != nil {
				return err
			}
		}
		return nil
	}}}
	return c
}
