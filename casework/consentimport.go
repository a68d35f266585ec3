package casework

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// importPurpose says what the parts of an import's file are to the key that seals them.
const importPurpose = "consent-import"

// NewConsentImport adds an import that waits for its file. Errors are *privacy.RuleError for a mapping that can't be right.
func (d *Desk) NewConsentImport(ctx context.Context, tx *storage.Tx, name string, m consentcsv.Mapping) (uuid.UUID, error) {
	if field, problem := m.Check(); problem != "" {
		return uuid.Nil, &ConsentFault{Field: field, Problem: problem}
	}
	if m.Transfer == nil && m.Purpose != EveryPurpose {
		if _, err := PurposeOf(tx.Tenant(), m.Purpose); err != nil {
			return uuid.Nil, err
		}
	}
	mapping, err := json.Marshal(m)
	if err != nil {
		return uuid.Nil, fmt.Errorf("write the mapping: %w", err)
	}
	return tx.AddConsentImport(ctx, name, mapping)
}

// importState refuses what an import's state forbids.
func importState(i storage.ConsentImport, wanted, otherwise string) error {
	if i.State == wanted {
		return nil
	}
	return &privacy.RuleError{Code: privacy.RuleCode("import_" + i.State), Message: otherwise}
}

// RunConsentImport has an import that was checked be written to the ledger.
func (d *Desk) RunConsentImport(ctx context.Context, tx *storage.Tx, id uuid.UUID, skipFaulty, again bool) error {
	i, err := tx.LockConsentImport(ctx, id)
	if err != nil {
		return err
	}
	if i.State != storage.ImportStopped { // which goes on, with what was said when it began
		if err := importState(i, storage.ImportChecked, "an import is run after it was checked, once"); err != nil {
			return err
		}
	}
	mapping, err := mappingOf(i)
	if err != nil {
		return err
	}
	if mapping.Transfer != nil && i.Checked.Faulty > 0 {
		return &privacy.RuleError{Code: "transfer_faulty", Message: fmt.Sprintf("%d lines can't be taken over, and what comes with a business comes as a whole: whoever has withdrawn could be among them", i.Checked.Faulty)}
	}
	if i.Checked.Faulty > 0 && !skipFaulty && !i.SkipFaulty {
		return &privacy.RuleError{Code: "import_faulty", Message: fmt.Sprintf("%d lines can't be imported: mend the file, or say that they are to be left out (skip_faulty)", i.Checked.Faulty)}
	}
	before, err := tx.ImportedBefore(ctx, i.Sha256, id)
	if err != nil {
		return err
	}
	if before && !again {
		return &privacy.RuleError{Code: "import_again", Message: "the very same file was imported before: its lines would stand in the ledger twice. Say so if that is meant (again)"}
	}
	return tx.RunConsentImport(ctx, id, skipFaulty)
}

// StopConsentImport has nothing more of an import written that is running. What is written stays, and it can be run on or dropped.
func (d *Desk) StopConsentImport(ctx context.Context, tx *storage.Tx, id uuid.UUID) error {
	i, err := tx.LockConsentImport(ctx, id)
	if err != nil {
		return err
	}
	if err := importState(i, storage.ImportRunning, "an import is stopped while it is written; one that waits is given up"); err != nil {
		return err
	}
	mapping, err := mappingOf(i)
	if err != nil {
		return err
	}
	if mapping.Transfer != nil {
		return &privacy.RuleError{Code: "transfer_whole", Message: "what comes with a business comes as a whole: whoever has withdrawn could be in what is not written yet"}
	}
	return tx.StopConsentImport(ctx, i)
}

// DropConsentImport gives up an import that was not run, or was stopped: its file can't be read any more, and is taken out of the store.
func (d *Desk) DropConsentImport(ctx context.Context, tenant uuid.UUID, actor audit.Actor, id uuid.UUID) error {
	err := d.db.Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		i, err := tx.LockConsentImport(ctx, id)
		if err != nil {
			return err
		}
		switch i.State {
		case storage.ImportWaiting, storage.ImportChecked:
			return tx.EndConsentImport(ctx, i, "dropped before it was run")
		case storage.ImportStopped:
			return tx.EndConsentImport(ctx, i, "dropped after it was stopped")
		default:
			return &privacy.RuleError{Code: privacy.RuleCode("import_" + i.State), Message: "an import is dropped before it is run or once it is stopped, and not while it is checked"}
		}
	})
	if err != nil {
		return err
	}
	return d.dropImportFile(ctx, tenant, id)
}

// importKept is how long the file of an import waits for the word to run, or to go on.
const importKept = 7 * day

// DropStaleImports gives up imports that nobody ran, or went on with, for a week: their files hold people's data.
func (d *Desk) DropStaleImports(ctx context.Context, tenant uuid.UUID) (dropped int, err error) {
	var stale []uuid.UUID
	err = d.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		stale, err = tx.ConsentImportsBefore(ctx, tx.Now().Add(-importKept))
		return err
	})
	for _, id := range stale {
		err = errors.Join(err, d.DropConsentImport(ctx, tenant, System("relay"), id))
	}
	return len(stale), err
}

// mappingOf reads the mapping of an import.
func mappingOf(i storage.ConsentImport) (m consentcsv.Mapping, err error) {
	if err := json.Unmarshal(i.Mapping, &m); err != nil {
		return m, fmt.Errorf("read the mapping of an import: %w", err)
	}
	return m, nil
}

// importedLine is what a line of a list comes to.
func importedLine(l consentcsv.Line, i storage.ConsentImport, m consentcsv.Mapping) NewConsent {
	n := NewConsent{
		Purpose: m.Purpose, Channel: ChannelOf(m.Channel), Kind: l.Kind, At: l.At, Zone: m.Zone, Relation: l.Relation, Refusable: m.Refusable && l.Kind.Relates(), How: howImport,
		Source: m.Source, Text: m.Text, TextLanguage: m.TextLanguage,
		Evidence: storage.ConsentEvidence{IP: l.IP, URL: l.URL, Fields: l.Evidence},
	}
	if o := l.Over; o != nil {
		n.Purpose, n.Channel, n.Zone, n.NoSolicitation, n.Refusable, n.Text = o.Purpose, ChannelOf(o.Channel), o.Zone, o.NoSolicitation, o.Refusable, 0
		n.Evidence.UserAgent, n.Evidence.Note = o.UserAgent, o.Note
	}
	n.Address = storage.ConsentAddress{Kind: AddressKind(n.Channel), Value: l.Address, Country: l.Country, Language: l.Language}
	if n.Source == "" {
		n.Source = i.Name
	}
	if l.Source != "" {
		n.Source = cut(l.Source, 200)
	}
	if n.At.IsZero() {
		n.At = i.CreatedAt // so that a second try says the same
	}
	return n
}

// ChannelOf is the channel that somebody names; e-mail where they name none.
func ChannelOf(said string) privacy.MessageChannel {
	if said == "" {
		return privacy.ByEmail
	}
	return privacy.MessageChannel(said)
}

// cut shortens a text to so many bytes, at a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && text[most]&0xc0 == 0x80 {
		most--
	}
	return text[:most]
}
