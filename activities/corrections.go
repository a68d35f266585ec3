package activities

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// written is what became of corrections, by id.
type written map[string]ended

type ended struct {
	state string
	rows  int64
}

// correct writes corrections in one system, in the rows that were read when they were decided on and in no others: whoever the person's address or
// number belongs to by now.
func (w *collecting) correct(ctx context.Context, job storage.Amendment, orders []amendment.Order) error {
	d, err := w.decided(ctx, orders)
	if err != nil {
		return err
	}
	out, found, changed := written{}, int64(0), int64(0)
	switch {
	case d.overtaken:
		// What was to be written before this was not: somebody decides anew, on this too.
		return w.record(ctx, job, d, out, true, 0, 0)
	case !d.current:
		for _, o := range d.orders {
			out[o.Corrects] = ended{state: storage.CorrectionOvertaken}
		}
		return w.record(ctx, job, d, out, true, 0, 0)
	}
	if out, found, changed, err = w.write(ctx, job, d); err != nil {
		return err
	}
	manual := byHand(d.orders)
	if err := w.record(ctx, job, d, out, manual == "", found, changed); err != nil {
		return err
	}
	if manual != "" {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: "Docket could not write " + manual, Do: "look at it in the system, correct it there, and say that it was done by hand"}
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

// decision is what stands of the corrections of a system.
type decision struct {
	// orders are those whose corrections are still to be written; corrections are all of the case.
	orders      []amendment.Order
	corrections []storage.Correction
	// current says that what is written about the systems is what it was when they were read, overtaken that another correction of the same decision
	// was, whose rows somebody changed meanwhile.
	current, overtaken bool
	// by is what the rows were found by then.
	by warrant
}

func (w *collecting) decided(ctx context.Context, orders []amendment.Order) (d decision, err error) {
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		round, err := tx.LatestRound(ctx, w.in.Case)
		if err != nil {
			return err
		}
		holdings, err := tx.Holdings(ctx, w.subject, w.in.Case, round)
		if err != nil {
			return err
		}
		d.current = !slices.ContainsFunc(holdings, func(h correction.Holding) bool { return h.Basis != w.land.basis })
		if d.corrections, err = tx.Corrections(ctx, w.in.Case, w.subject); err != nil {
			return err
		}
		for _, c := range d.corrections {
			d.overtaken = d.overtaken || c.Round == round && c.State == storage.CorrectionOvertaken && c.SystemID != w.system.ID
		}
		for _, o := range orders {
			if slices.ContainsFunc(d.corrections, func(c storage.Correction) bool {
				return c.ID.String() == o.Corrects && c.State == storage.CorrectionAccepted
			}) {
				d.orders = append(d.orders, o)
			}
		}
		return tx.HoldingWarrant(ctx, w.subject, w.in.Case, w.system.ID, round, &d.by)
	})
	return d, err
}

// write carries the orders out and reads back. What the system refuses for its type or a rule of its own is left to a person.
func (w *collecting) write(ctx context.Context, job storage.Amendment, d decision) (out written, found, changed int64, err error) {
	if len(amendment.Groups(d.orders)) == 0 {
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
	// Nobody is looked for by who they are now: the rows are those that were read.
	errand := connectors.Errand{Selection: connectors.Selection{Plan: *plan, Keys: d.by.Keys, Bound: true, Own: true}, Roots: d.by.Roots, Secret: d.by.Secret}
	if err := countAlready(ctx, connector, errand, d.orders); err != nil {
		return nil, 0, 0, err
	}
	for i := range d.orders {
		o := &d.orders[i]
		if o.Manual != "" {
			continue
		}
		counted := &correcting{collecting: w, job: job, order: o, all: d.orders}
		errand.Orders = amendment.Masks([]amendment.Order{*o})
		err := errors.Join(connector.Erase(ctx, errand, counted), ctx.Err())
		changed += counted.rows
		var refused *connectors.Error
		switch {
		case errors.As(err, &refused) && (refused.Code == connectors.ErrType || refused.Code == connectors.ErrConstraint):
			o.Manual = "the system refuses the value: " + refused.What
			continue
		case err != nil:
			return nil, 0, 0, err
		}
		if err := unset(ctx, connector, errand); err != nil {
			return nil, 0, 0, err
		}
	}
	out, found, err = readBack(ctx, connector, errand, d.orders)
	return out, found, changed, err
}

// correcting is a ledger that keeps in how many rows a correction was written, so that a later try knows it, and how many rows said so before.
type correcting struct {
	*collecting
	job   storage.Amendment
	order *amendment.Order
	all   []amendment.Order
	rows  int64
}

// Begin implements connectors.Ledger.
func (*correcting) Begin(context.Context, dataset.Address) (done bool, err error) { return false, nil }

// Changed implements connectors.Ledger. What the system has taken is kept also when the work is being broken off.
func (c *correcting) Changed(ctx context.Context, _ dataset.Address, n connectors.Tally) error {
	c.rows += n.Masked
	c.order.Written += n.Masked
	return c.desk.DB().Change(context.WithoutCancel(ctx), c.in.Tenant, amender, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, c.in.Case); err != nil {
			return err
		}
		now, _, err := amendmentOf(ctx, tx, contract.AmendmentInput{Ref: c.in.Ref, Amendment: contract.Amendment{ID: c.job.ID}})
		if err != nil {
			return err
		}
		orders, err := tx.AmendmentOrders(now, c.subject)
		if err != nil {
			return err
		}
		for i := range orders {
			if orders[i].Corrects == c.order.Corrects {
				orders[i].Written += n.Masked
			}
			if at := slices.IndexFunc(c.all, func(o amendment.Order) bool { return o.Corrects == orders[i].Corrects }); at >= 0 {
				orders[i].Already = c.all[at].Already
			}
		}
		return tx.KeepAmendmentOrders(ctx, now, c.subject, orders)
	})
}

// End implements connectors.Ledger.
func (*correcting) End(context.Context, dataset.Address) error { return nil }

// record says what became of the corrections, and with whole that nothing is left of the amendment.
func (w *collecting) record(ctx context.Context, job storage.Amendment, d decision, out written, whole bool, found, changed int64) error {
	return w.desk.DB().Change(ctx, w.in.Tenant, amender, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
			return err
		}
		now, done, err := amendmentOf(ctx, tx, contract.AmendmentInput{Ref: w.in.Ref, Amendment: contract.Amendment{ID: job.ID}})
		if err != nil || done {
			return err
		}
		for _, c := range d.corrections {
			e, ok := out[c.ID.String()]
			if !ok {
				continue
			}
			if err := tx.EndCorrection(ctx, w.in.Case, c, e.state, e.rows); err != nil {
				return err
			}
		}
		if !whole {
			return nil
		}
		return tx.FinishAmendment(ctx, now, changed, found)
	})
}
