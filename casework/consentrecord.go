package casework

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// EveryPurpose is the key that stands for every purpose in a withdrawal: the person wants nothing any more.
const EveryPurpose = "*"

// NewConsent is something that happened to a consent, as it is told.
type NewConsent struct {
	Address storage.ConsentAddress
	// Purpose is the key of a purpose, or EveryPurpose in a withdrawal.
	Purpose string
	Channel privacy.MessageChannel
	Kind    consent.Kind
	// At is when it happened; now when zero. Zone is that of the clock it was read from; the tenant's when empty.
	At   time.Time
	Zone string
	// Relation is what a refreshed, began or ended is about.
	Relation                  privacy.ConsentEvent
	NoSolicitation, Refusable bool
	How, Source               string
	// Text is the version of the words that were shown, TextLanguage its language; 0 where it is not known.
	Text         int32
	TextLanguage string
	Evidence     storage.ConsentEvidence
}

// ConsentFault says which of several entries can't go into the ledger, and why. It tells nothing of the person.
type ConsentFault struct {
	Place   int
	Field   string
	Problem string
}

func (f *ConsentFault) Error() string {
	return fmt.Sprintf("entry %d: %s %s", f.Place+1, f.Field, f.Problem)
}

// howImport is how lines of a list come in.
const howImport = "import"

// clockSlack is how far the clock of whoever tells of an event may be ahead of ours.
const clockSlack = 5 * time.Minute

// RecordConsents writes to the ledger what happened to consents: all of it or nothing. Errors are *ConsentFault for what can't be written.
func (d *Desk) RecordConsents(ctx context.Context, tx *storage.Tx, news []NewConsent) ([]storage.ConsentRecorded, error) {
	texts, err := textsNamed(ctx, tx, news)
	if err != nil {
		return nil, err
	}
	entries := make([]storage.ConsentEntry, len(news))
	for i, n := range news {
		if entries[i], err = d.entryOf(tx, n, texts); err != nil {
			var fault *ConsentFault
			if errors.As(err, &fault) {
				fault.Place = i
			}
			return nil, err
		}
	}
	tenant := tx.Tenant()
	return tx.RecordConsents(ctx, entries, d.consentLook(&tenant, privacy.DateIn(tx.Now(), tenant.Zone)))
}

// textsNamed reads the texts of purposes when an entry names one.
func textsNamed(ctx context.Context, tx *storage.Tx, news []NewConsent) ([]storage.ConsentText, error) {
	for _, n := range news {
		if n.Text != 0 {
			return tx.ConsentTexts(ctx)
		}
	}
	return nil, nil
}

// entryOf holds what is told to what can be.
func (d *Desk) entryOf(tx *storage.Tx, n NewConsent, texts []storage.ConsentText) (storage.ConsentEntry, error) {
	tenant := tx.Tenant()
	e := storage.ConsentEntry{Address: n.Address, Channel: n.Channel, Zone: n.Zone, How: n.How, Source: n.Source, Evidence: n.Evidence}
	if e.Zone == "" {
		e.Zone = tenant.Zone.String()
	}
	if !tenant.Settings.Consents.KeepIP {
		e.Evidence.IP = ""
	}
	if n.At.IsZero() {
		n.At = tx.Now()
	}
	n.At = n.At.UTC().Truncate(time.Microsecond)
	e.Event = consent.Event{Kind: n.Kind, At: n.At, Day: privacy.DateIn(n.At, tenant.Zone), Relation: n.Relation, NoSolicitation: n.NoSolicitation, Refusable: n.Refusable}
	for _, check := range []func() *ConsentFault{
		func() *ConsentFault { return kindFault(n, d.laws) },
		func() *ConsentFault { return momentFault(n, tx.Now()) },
		func() *ConsentFault { return purposeFault(tenant, n, &e) },
		func() *ConsentFault { return textFault(n, texts, &e) },
	} {
		if fault := check(); fault != nil {
			return e, fault
		}
	}
	return e, nil
}

// kindFault sees to it that an event says what it is about, and nothing else.
func kindFault(n NewConsent, laws *messageLaws) *ConsentFault {
	switch {
	case n.Kind.Relates() && n.Relation == "":
		return &ConsentFault{Field: "relation", Problem: "is missing: say which relation was refreshed, began or ended, such as purchase or membership"}
	case n.Kind.Relates() && !laws.knows(n.Relation):
		return &ConsentFault{Field: "relation", Problem: fmt.Sprintf("%q is none that a rule knows: nothing would ever follow from it", n.Relation)}
	case !n.Kind.Relates() && n.Relation != "":
		return &ConsentFault{Field: "relation", Problem: "is only of refreshed, began and ended"}
	case n.NoSolicitation && n.Kind != consent.Published && n.Kind != consent.Disclosed:
		return &ConsentFault{Field: "no_solicitation", Problem: "is only of published and disclosed"}
	case n.Refusable && !n.Kind.Relates():
		return &ConsentFault{Field: "refusable", Problem: "is only of refreshed, began and ended"}
	}
	return nil
}

func momentFault(n NewConsent, now time.Time) *ConsentFault {
	switch {
	case n.At.After(now.Add(clockSlack)):
		return &ConsentFault{Field: "at", Problem: "lies in the future: the ledger tells what has happened"}
	case n.At.Year() < 1970:
		return &ConsentFault{Field: "at", Problem: "lies before 1970"}
	}
	if n.Zone == "" || n.How == howImport { // that of an import was looked at once for all
		return nil
	}
	if _, err := time.LoadLocation(n.Zone); err != nil {
		return &ConsentFault{Field: "zone", Problem: "is no zone that is known: give an IANA name such as Europe/Berlin"}
	}
	return nil
}

func purposeFault(tenant storage.Tenant, n NewConsent, e *storage.ConsentEntry) *ConsentFault {
	if n.Purpose == EveryPurpose {
		if n.Kind != consent.Withdrawn {
			return &ConsentFault{Field: "purpose", Problem: "* stands for every purpose, which one can only withdraw from"}
		}
		e.Purpose = storage.Everything
		return nil
	}
	purpose, err := PurposeOf(tenant, n.Purpose)
	if err != nil {
		return &ConsentFault{Field: "purpose", Problem: fmt.Sprintf("%q can't be used: %s", n.Purpose, err)}
	}
	e.Purpose = purpose.Number
	return nil
}

// textFault finds the words that were shown.
func textFault(n NewConsent, texts []storage.ConsentText, e *storage.ConsentEntry) *ConsentFault {
	if n.Text == 0 {
		return nil
	}
	for _, t := range texts {
		if t.Purpose == e.Purpose && t.Version == n.Text && t.Language == n.TextLanguage {
			id := t.ID
			e.Text = &id
			return nil
		}
	}
	return &ConsentFault{Field: "text", Problem: fmt.Sprintf("version %d in %q is none of the purpose's texts", n.Text, n.TextLanguage)}
}
