package activities

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// written is what became of corrections, by id.
type written map[string]ended

type ended struct {
	state string
	rows  int64
}

// correct writes corrections in one system. What its rows are found by is on record before the first value changes anywhere: a correction may
// change just that, here and where another system's rows are led to.
func (w *collecting) correct(ctx context.Context, job storage.Amendment, orders []amendment.Order) error {
	orders, current, err := w.open(ctx, orders)
	if err != nil {
		return err
	}
	out, found, changed := written{}, int64(0), int64(0)
	if current {
		by, err := w.warrantFor(ctx, job)
		if err != nil {
			return err
		}
		if out, found, changed, err = w.write(ctx, orders, by); err != nil {
			return err
		}
	} else {
		for _, o := range orders {
			out[o.Corrects] = ended{state: storage.CorrectionOvertaken}
		}
	}
	manual := ""
	if current {
		manual = byHand(orders)
	}
	if err := w.record(ctx, job, out, manual == "", found, changed); err != nil {
		return err
	}
	if manual != "" {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: "Docket can't write " + manual, Do: "correct it in the system, and say that it was done by hand"}
	}
	return nil
}

// byHand names what a person has to write, and why.
func byHand(orders []amendment.Order) string {
	var out []string
	for _, o := range orders {
		if o.Manual != "" {
			out = append(out, o.Address.String()+"."+o.Field+" ("+o.Manual+")")
		}
	}
	slices.Sort(out)
	return strings.Join(slices.Compact(out), ", ")
}

// open gives those orders whose corrections still stand. current says that what is written about the systems is what it was when the corrections
// were decided on.
func (w *collecting) open(ctx context.Context, orders []amendment.Order) (out []amendment.Order, current bool, err error) {
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		round, err := tx.LatestRound(ctx, w.in.Case)
		if err != nil {
			return err
		}
		holdings, err := tx.Holdings(ctx, w.subject, w.in.Case, round)
		if err != nil {
			return err
		}
		current = !slices.ContainsFunc(holdings, func(h correction.Holding) bool { return h.Basis != w.land.basis })
		all, err := tx.Corrections(ctx, w.in.Case, w.subject)
		for _, o := range orders {
			if slices.ContainsFunc(all, func(c storage.Correction) bool {
				return c.ID.String() == o.Corrects && c.State == storage.CorrectionAccepted
			}) {
				out = append(out, o)
			}
		}
		return err
	})
	return out, current, err
}

// warrantFor puts on record what the rows are found by in every system in which corrections of the same decision are still to be written, and
// gives that of this one. Whoever comes first says it for all.
func (w *collecting) warrantFor(ctx context.Context, job storage.Amendment) (by warrant, err error) {
	var together []storage.Amendment
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Amendments(ctx, w.in.Case)
		together = slices.DeleteFunc(all, func(a storage.Amendment) bool {
			return a.Round != job.Round || a.Purpose != storage.AmendCorrect || a.WarrantSealed != nil || a.State == storage.RunDone || a.State == storage.RunByHand
		})
		return err
	})
	if err != nil {
		return by, err
	}
	for _, a := range together {
		if err := w.findFor(ctx, a); err != nil {
			return by, err
		}
	}
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		now, _, err := amendmentOf(ctx, tx, contract.AmendmentInput{Ref: w.in.Ref, Amendment: contract.Amendment{ID: job.ID}})
		if err != nil {
			return err
		}
		known, err := tx.AmendmentWarrant(now, w.subject, &by)
		if err == nil && !known {
			err = errNotSet
		}
		return err
	})
	return by, err
}

// findFor reads what leads to the person's rows in the system of an amendment, and keeps it unless somebody else has.
func (w *collecting) findFor(ctx context.Context, a storage.Amendment) error {
	system, ok := w.land.byID(a.SystemID)
	if !ok {
		return nil // switched off: its own work says so
	}
	there := *w
	there.system = system
	plan, stages, err := w.land.plan(w.person)
	if err != nil {
		return err
	}
	found, err := there.afresh(ctx, plan, stages)
	if err != nil {
		return err
	}
	return w.desk.DB().Change(ctx, w.in.Tenant, amender, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
			return err
		}
		now, done, err := amendmentOf(ctx, tx, contract.AmendmentInput{Ref: w.in.Ref, Amendment: contract.Amendment{ID: a.ID}})
		if err != nil || done || now.WarrantSealed != nil {
			return err
		}
		return tx.SaveAmendmentWarrant(ctx, now, w.subject, found)
	})
}

// write carries the orders out and reads back. Where fewer rows say the new value than ought to, somebody has changed some meanwhile: those were
// left as they are, and the correction is overtaken.
func (w *collecting) write(ctx context.Context, orders []amendment.Order, by warrant) (out written, found, changed int64, err error) {
	groups := amendment.Groups(orders)
	if len(groups) == 0 {
		return written{}, 0, 0, nil
	}
	plan, _, err := w.land.plan(w.person)
	if err != nil {
		return nil, 0, 0, err
	}
	connector, err := w.toChange(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return nil, 0, 0, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	errand := connectors.Errand{
		Selection: connectors.Selection{Plan: *plan, Subject: w.person, Keys: by.Keys, Own: true}, Roots: by.Roots, Secret: by.Secret,
	}
	counted := &tally{}
	for _, pass := range amendment.Passes(orders) {
		errand.Orders = pass
		if err := connector.Erase(ctx, errand, counted); err != nil {
			return nil, 0, 0, err
		}
		if err := unset(ctx, connector, errand); err != nil {
			return nil, 0, 0, err
		}
	}
	out = written{}
	for _, g := range groups {
		errand.Orders = amendment.Masks([]amendment.Order{{Address: g.Address, Field: g.Field, Value: g.Value}})
		own, says, err := saying(ctx, connector, errand)
		if err != nil {
			return nil, 0, 0, err
		}
		found = max(found, own)
		for _, o := range orders {
			if !slices.Contains(g.IDs, o.Corrects) {
				continue
			}
			out[o.Corrects] = ended{state: storage.CorrectionWritten, rows: o.Rows}
			if says < g.Expected {
				out[o.Corrects] = ended{state: storage.CorrectionOvertaken}
			}
		}
	}
	return out, found, counted.rows, nil
}

// unset wants no row to say any more what was to be written over.
func unset(ctx context.Context, c connectors.Eraser, errand connectors.Errand) error {
	surveys, err := c.Survey(ctx, errand)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(surveys, func(s connectors.Survey) bool { return s.Left > 0 }) {
		return errNotSet
	}
	return nil
}

// saying counts the person's rows in a collection, and those in which a field says what an errand would set.
func saying(ctx context.Context, c connectors.Eraser, errand connectors.Errand) (own, says int64, err error) {
	surveys, err := c.Survey(ctx, errand)
	for _, s := range surveys {
		own, says = own+s.Own, says+s.Own-s.Left
	}
	return own, says, err
}

// record says what became of the corrections, and with whole that nothing is left of the amendment.
func (w *collecting) record(ctx context.Context, job storage.Amendment, out written, whole bool, found, changed int64) error {
	return w.desk.DB().Change(ctx, w.in.Tenant, amender, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
			return err
		}
		now, done, err := amendmentOf(ctx, tx, contract.AmendmentInput{Ref: w.in.Ref, Amendment: contract.Amendment{ID: job.ID}})
		if err != nil || done {
			return err
		}
		for id, e := range out {
			correction, err := uuid.Parse(id)
			if err != nil {
				return err
			}
			if err := tx.EndCorrection(ctx, correction, e.state, e.rows); err != nil {
				return err
			}
		}
		if !whole {
			return nil
		}
		return tx.FinishAmendment(ctx, now, changed, found)
	})
}
