package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Amendments set fields in the rows of people, and see to lists of them.
type Amendments struct {
	*Collection
}

var amender = casework.System("amender")

// Open lists what is still to be set for a case.
func (a *Amendments) Open(ctx context.Context, ref contract.Ref) ([]contract.Amendment, error) {
	open, err := a.desk.Amendments(ctx, ref)
	return open, named(err)
}

// Amend sets in one system what a case wants set there.
func (a *Amendments) Amend(ctx context.Context, in contract.AmendmentInput) error {
	defer beat(ctx)()
	round := contract.CollectInput{Ref: in.Ref, System: in.Amendment.System}
	return named(a.betweenStops(ctx, round, func(ctx context.Context) error { return a.amend(ctx, in) }))
}

// Fail records that it could not be done and asks a person to decide.
func (a *Amendments) Fail(ctx context.Context, f contract.AmendmentFailure) error {
	return named(a.desk.AmendmentFailed(ctx, f))
}

func (a *Amendments) amend(ctx context.Context, in contract.AmendmentInput) error {
	w, job, orders, done, err := a.begin(ctx, in)
	if err != nil || done {
		return err
	}
	if job.Purpose == storage.AmendCorrect {
		return w.correct(ctx, job, orders)
	}
	found, changed, err := w.set(ctx, orders)
	if err != nil {
		return err
	}
	return a.desk.DB().Change(ctx, in.Tenant, amender, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, in.Case); err != nil {
			return err
		}
		now, done, err := amendmentOf(ctx, tx, in)
		if err != nil || done {
			return err
		}
		return tx.FinishAmendment(ctx, now, changed, found)
	})
}

// amendmentOf reads an amendment; done says that nothing is left of it to carry out: a person has done it, or an earlier try has.
func amendmentOf(ctx context.Context, tx *storage.Tx, in contract.AmendmentInput) (a storage.Amendment, done bool, err error) {
	all, err := tx.Amendments(ctx, in.Case)
	if err != nil {
		return a, false, err
	}
	i := slices.IndexFunc(all, func(a storage.Amendment) bool { return a.ID == in.Amendment.ID })
	if i < 0 {
		return a, false, fmt.Errorf("amendment: %w", storage.ErrNotFound)
	}
	return all[i], all[i].State == storage.RunDone || all[i].State == storage.RunByHand, nil
}

// begin opens what the work needs, and puts on record that it begins; done says that there is none left.
func (a *Amendments) begin(ctx context.Context, in contract.AmendmentInput) (w *collecting, job storage.Amendment, orders []amendment.Order, done bool, err error) {
	w = &collecting{Collection: a.Collection, in: contract.CollectInput{Ref: in.Ref, System: in.Amendment.System}}
	err = a.desk.DB().Change(ctx, in.Tenant, amender, func(ctx context.Context, tx *storage.Tx) error {
		if job, done, err = amendmentOf(ctx, tx, in); err != nil || done {
			return err
		}
		if w.subject, w.person, w.right, err = personOf(ctx, tx, in.Case); err != nil {
			return err
		}
		if orders, err = tx.AmendmentOrders(job, w.subject); err != nil {
			return err
		}
		if w.land, err = survey(ctx, tx); err != nil {
			return err
		}
		var ok bool
		if w.system, ok = w.land.byID(in.Amendment.System); !ok {
			return &connectors.Error{Code: connectors.ErrSelection, What: "the system was switched off", Do: "switch it on and try again, or see to it by hand"}
		}
		if w.system.Stop != nil {
			return errStopped
		}
		return tx.BeginAmendment(ctx, job)
	})
	return w, job, orders, done, err
}

// set carries orders out in the system that w works on, and looks whether all of it is done.
func (w *collecting) set(ctx context.Context, orders []amendment.Order) (found, changed int64, err error) {
	plan, stages, err := w.land.plan(w.person)
	if err != nil {
		return 0, 0, err
	}
	keys, err := w.leading(ctx, plan, stages, w.system.Key)
	if err != nil {
		return 0, 0, err
	}
	secret, err := newSecret()
	if err != nil {
		return 0, 0, err
	}
	connector, err := w.toChange(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	errand := connectors.Errand{Selection: connectors.Selection{Plan: *plan, Subject: w.person, Keys: keys, Own: true}, Secret: secret}
	for _, o := range amendment.Listed(orders) { // first: being on a list counts also where the person has no row that a field could be set in
		entries, put, err := w.list(ctx, connector, errand, o)
		if err != nil {
			return 0, 0, err
		}
		found, changed = found+entries, changed+put
	}
	rows, set, err := setFields(ctx, connector, errand, amendment.Masks(orders))
	return found + rows, changed + set, err
}

// setFields writes fields in the person's rows, and looks whether all of them say so.
func setFields(ctx context.Context, connector connectors.Eraser, errand connectors.Errand, masks []erasure.Order) (found, changed int64, err error) {
	if len(masks) == 0 {
		return 0, 0, nil
	}
	errand.Orders = masks
	counted := &tally{}
	if err := connector.Erase(ctx, errand, counted); err != nil {
		return 0, 0, err
	}
	surveys, err := connector.Survey(ctx, errand)
	for _, s := range surveys {
		found += s.Own
		if s.Left > 0 {
			return 0, 0, errNotSet
		}
	}
	return found, counted.rows, err
}

// errNotSet says that rows were found unset behind the work.
var errNotSet error = &connectors.Error{Code: connectors.ErrBusy, What: "reading back found rows in which the field does not say what was set", Do: "try again; if it goes on, look at the table's triggers and at who else writes there"}

// tally is a ledger of what was changed that keeps no record: an amendment is one step, and done again changes nothing.
type tally struct{ rows int64 }

// Begin implements connectors.Ledger.
func (*tally) Begin(context.Context, dataset.Address) (done bool, err error) { return false, nil }

// Changed implements connectors.Ledger.
func (t *tally) Changed(_ context.Context, _ dataset.Address, n connectors.Tally) error {
	t.rows += n.Masked + n.Deleted
	return nil
}

// End implements connectors.Ledger.
func (*tally) End(context.Context, dataset.Address) error { return nil }
