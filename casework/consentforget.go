package casework

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// ledgerNames are what letters call the ledger of consents.
func ledgerNames() dataset.Text {
	return dataset.Text{"en": "Record of consents to messages", "de": "Verzeichnis der Einwilligungen in Nachrichten", "fr": "Registre des consentements aux messages", "es": "Registro de consentimientos para mensajes"}
}

// LedgerName is what the staff call it.
func LedgerName() string { return ledgerNames().In("en") }

// How the end of consents comes in that an erasure ends, and from where.
const (
	howSystem     = "system"
	sourceErasure = "erasure"
)

// heldLedger is what the ledger of consents has of somebody, as a plan of erasure counts it.
type heldLedger struct {
	addresses []storage.ConsentHeld
	rows      []erasure.LedgerRow
}

// holdLedger holds what the ledger has of somebody: but for addresses of which anything was begun anew since a moment.
func holdLedger(ctx context.Context, tx *storage.Tx, known storage.Person, since time.Time) (out heldLedger, err error) {
	all, err := tx.HoldConsentsOf(ctx, known, since)
	for _, one := range all {
		if !since.IsZero() && one.Anew {
			continue
		}
		day := privacy.DateIn(tx.Now(), tx.Tenant().Zone)
		if !one.InForce {
			day = privacy.DateIn(one.Last, tx.Tenant().Zone)
		}
		out.addresses = append(out.addresses, one)
		out.rows = append(out.rows, erasure.LedgerRow{Phone: one.Kind == storage.AddressPhone, Day: day})
	}
	return out, err
}

// LedgerToErase is the part of a plan that lies in the ledger of consents: what was proven to be the person's. ok is false for a tenant that asks for no consents.
func (d *Desk) LedgerToErase(ctx context.Context, tx *storage.Tx, row storage.Case, s storage.Subject) (part erasure.SystemPlan, ok bool, err error) {
	if len(tx.Tenant().Purposes) == 0 {
		return part, false, nil
	}
	circumstances, err := d.Circumstances(ctx, tx, row, s)
	if err != nil {
		return part, false, err
	}
	person, err := tx.Person(ctx, s)
	if err != nil {
		return part, false, err
	}
	held, err := holdLedger(ctx, tx, Proven(person, row), time.Time{})
	return erasure.Ledger(ledgerNames(), held.rows, circumstances), true, err
}

// forgetConsents carries out the part of a plan that lies in the ledger of consents: all of it ends, and what no rule keeps is forgotten. It says how many were.
func (f *file) forgetConsents(ctx context.Context, plan storage.ErasurePlan) (forgotten int64, err error) {
	if _, there := plan.Plan.System(erasure.LedgerSystem); !there {
		return 0, nil
	}
	circumstances, err := f.Circumstances(ctx, f.tx, f.row, f.subject)
	if err != nil {
		return 0, err
	}
	person, err := f.whom(ctx)
	if err != nil {
		return 0, err
	}
	held, err := holdLedger(ctx, f.tx, Proven(person, f.row), time.Time{})
	if err != nil {
		return 0, err
	}
	if err := f.endConsents(ctx, held.addresses); err != nil {
		return 0, err
	}
	gone := held.over(circumstances)
	why := storage.Forgetting{Case: f.row.ID, Object: audit.Object{Kind: "erasure_plan", ID: plan.ID.String()}}
	return int64(len(gone)), f.tx.ForgetConsents(ctx, gone, why)
}

// over are the addresses that nothing keeps.
func (h *heldLedger) over(c erasure.Circumstances) (people []uuid.UUID) {
	for i, row := range h.rows {
		if !erasure.LedgerKeeps(row, c) {
			people = append(people, h.addresses[i].Person)
		}
	}
	return people
}

// endConsents puts on record that whatever stands ends: whoever is erased consents to nothing any more.
func (f *file) endConsents(ctx context.Context, addresses []storage.ConsentHeld) error {
	tenant := f.tx.Tenant()
	var entries []storage.ConsentEntry
	for _, a := range addresses {
		if !a.InForce {
			continue
		}
		self, err := f.tx.ConsentHistory(ctx, a.ConsentAddress)
		if err != nil {
			return err
		}
		at := f.tx.Now()
		if a.Last.After(at) { // an end comes no earlier than what it ends
			at = a.Last
		}
		for _, s := range self.Standings {
			if !s.Standing.Withdrawn.IsZero() {
				continue
			}
			entries = append(entries, storage.ConsentEntry{
				Address: a.ConsentAddress, Purpose: s.Purpose, Channel: s.Channel, Zone: tenant.Zone.String(), How: howSystem, Source: sourceErasure,
				Event: consent.Event{Kind: consent.Withdrawn, At: at, Day: privacy.DateIn(at, tenant.Zone)},
			})
		}
	}
	if len(entries) == 0 {
		return nil
	}
	_, err := f.tx.RecordConsents(ctx, entries, f.consentLook(&tenant, privacy.DateIn(f.tx.Now(), tenant.Zone)))
	return err
}

// ledgerUnfinished counts addresses in the ledger that a plan would forget and something keeps by now that the plan does not know of: they are planned for anew.
func (f *file) ledgerUnfinished(ctx context.Context, plan storage.ErasurePlan) (int64, error) {
	part, there := plan.Plan.System(erasure.LedgerSystem)
	if !there || !part.Erases() {
		return 0, nil
	}
	person, beside, err := f.known(ctx)
	if err != nil {
		return 0, err
	}
	err = f.keptSince(ctx, person, plan.Plan, beside)
	if _, kept := RefusalOf(err); !kept {
		return 0, err
	}
	return part.Lines[0].Rows.Erased, nil
}

// ForgetConsentsLater forgets what the ledger of consents kept of an erasure, as far as its time is over by what stands today; part is what stays. Whoever has begun
// anything anew since is not forgotten: what they have begun is not what was left.
func (d *Desk) ForgetConsentsLater(ctx context.Context, tx *storage.Tx, deferral storage.Deferral, known storage.Person, c erasure.Circumstances) (part erasure.SystemPlan, err error) {
	held, err := holdLedger(ctx, tx, known, deferral.Made)
	if err != nil {
		return part, err
	}
	gone := held.over(c)
	why := storage.Forgetting{Case: deferral.CaseID, Object: audit.Object{Kind: "deferred_erasure", ID: deferral.ID.String()}}
	if err := tx.ForgetConsents(ctx, gone, why); err != nil {
		return part, err
	}
	if held, err = holdLedger(ctx, tx, known, deferral.Made); err != nil {
		return part, err
	}
	return erasure.Ledger(ledgerNames(), held.rows, c), nil
}
