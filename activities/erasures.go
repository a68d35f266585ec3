package activities

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Erasures carry approved plans out.
type Erasures struct {
	*Collection
}

var eraser = casework.System("eraser")

// Runs lists the systems that the approved plan of a case is carried out on, and which of them lead to others.
func (e *Erasures) Runs(ctx context.Context, ref contract.Ref) (out contract.ErasureRuns, err error) {
	err = e.desk.DB().Read(ctx, ref.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		plan, err := tx.ErasurePlanState(ctx, ref.Case)
		if err != nil {
			return err
		}
		out.Plan = plan.ID
		runs, err := tx.ErasureRuns(ctx, plan.ID)
		if err != nil {
			return err
		}
		l, err := survey(ctx, tx)
		if err != nil {
			return err
		}
		_, person, _, err := personOf(ctx, tx, ref.Case)
		if err != nil {
			return err
		}
		_, stages, err := l.plan(person)
		for _, r := range runs {
			out.Runs = append(out.Runs, contract.ErasureRun{System: r.SystemID, Needs: l.before(stages, r.SystemKey)})
		}
		return err
	})
	return out, named(err)
}

// before are the systems that are asked for values which lead to one's rows.
func (l *landscape) before(stages []dataset.Stage, to string) (ids []uuid.UUID) {
	last := -1
	for i, stage := range stages {
		if stage.System == to {
			last = i
		}
	}
	for _, stage := range stages[:last+1] {
		if id := l.systems[stage.System].ID; stage.System != to && len(stage.Exports) > 0 && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// erasing is one system of a plan on its way.
type erasing struct {
	*Erasures
	in      contract.ErasureInput
	system  storage.System
	land    *landscape
	plan    storage.ErasurePlan
	part    erasure.SystemPlan
	run     storage.ErasureRun
	walk    *dataset.Plan
	stages  []dataset.Stage
	subject storage.Subject
	person  connectors.Subject
}

// begin opens what the work on one system needs; done says that there is none left.
func (e *Erasures) begin(ctx context.Context, in contract.ErasureInput) (w *erasing, done bool, err error) {
	w = &erasing{Erasures: e, in: in}
	err = e.desk.DB().Change(ctx, in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if w.subject, w.person, _, err = personOf(ctx, tx, in.Case); err != nil {
			return err
		}
		if w.plan, err = tx.ErasurePlan(ctx, w.subject, in.Case); err != nil {
			return err
		}
		if w.plan.ID != in.Plan || w.plan.State != storage.PlanExecuting {
			return errNoPlan
		}
		if w.run, err = tx.ErasureRunOn(ctx, in.Plan, in.System); err != nil {
			return err
		}
		if done = w.run.State == storage.RunDone || w.run.State == storage.RunByHand; done {
			return nil
		}
		if err := w.open(ctx, tx); err != nil {
			return err
		}
		return tx.RunErasure(ctx, w.run)
	})
	return w, done, err
}

// errNoPlan fails closed: without an approved plan that is being carried out nothing is erased.
var errNoPlan error = &connectors.Error{Code: connectors.ErrSelection, What: "no approved plan is being carried out here", Do: "plan the erasure anew"}

// errOutdated fails closed: what was approved was approved for systems and annotations as they were.
var errOutdated error = &connectors.Error{
	Code: connectors.ErrSelection, What: "a system, its annotation or its declaration was changed after the plan was made", Do: "put it back and try again, or have the plan made anew",
}

// errHeld says that a hold was placed while the plan was carried out, errRecourse that a request was closed whose answer the person can complain of.
var (
	errHeld error = &connectors.Error{
		Code: connectors.ErrSelection, What: "a legal hold was placed on the person after the plan was approved", Do: "have the plan made anew, or try again once the hold is lifted",
	}
	errRecourse error = &connectors.Error{
		Code: connectors.ErrSelection, What: "a request of the person's was closed after the plan was approved, and keeps what it was about", Do: "have the plan made anew",
	}
)

// open brings the systems and the part of the plan that lies in this one.
func (w *erasing) open(ctx context.Context, tx *storage.Tx) (err error) {
	if w.land, err = survey(ctx, tx); err != nil {
		return err
	}
	var ok bool
	if w.system, ok = w.land.byID(w.in.System); !ok {
		return &connectors.Error{Code: connectors.ErrSelection, What: "the system was switched off", Do: "switch it on and try again, or erase by hand"}
	}
	if w.system.Stop != nil {
		return errStopped
	}
	i := slices.IndexFunc(w.plan.Plan.Systems, func(s erasure.SystemPlan) bool { return s.Key == w.system.Key })
	if i < 0 {
		return errNoPlan
	}
	w.part = w.plan.Plan.Systems[i]
	if w.plan.Plan.Basis != w.land.basis {
		return errOutdated
	}
	if err := w.desk.KeptSince(ctx, tx, w.in.Ref, w.plan.Plan); err != nil {
		refusal, kept := casework.RefusalOf(err)
		switch {
		case kept && refusal.Code == string(casework.CodeRecourse):
			return errRecourse
		case kept:
			return errHeld
		}
		return err
	}
	if w.part.Manual != "" {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: w.part.Manual, Do: "erase by hand"}
	}
	if w.asks() {
		return nil
	}
	w.walk, w.stages, err = w.land.plan(w.person)
	return err
}

// reading is the system as it is read.
func (w *erasing) reading() *collecting {
	return &collecting{
		Collection: w.Collection, in: contract.CollectInput{Ref: w.in.Ref, System: w.in.System}, system: w.system, land: w.land, subject: w.subject, person: w.person,
	}
}

// Warrant puts on record what the rows of a system are found by.
func (e *Erasures) Warrant(ctx context.Context, in contract.ErasureInput) error {
	defer beat(ctx)()
	return named(e.unlessStopped(ctx, in, func(ctx context.Context) error {
		w, done, err := e.begin(ctx, in)
		if err != nil || done || w.asks() || w.run.WarrantSealed != nil {
			return err
		}
		found, err := w.reading().find(ctx, w.walk, w.stages)
		if err != nil {
			return err
		}
		return e.desk.DB().Change(ctx, in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
			return tx.SaveWarrant(ctx, w.run, w.subject, found)
		})
	}))
}

// unlessStopped does the work, and does it again when the system was stopped meanwhile and is let go on.
func (e *Erasures) unlessStopped(ctx context.Context, in contract.ErasureInput, work func(context.Context) error) error {
	return e.betweenStops(ctx, contract.CollectInput{Ref: in.Ref, System: in.System}, work)
}

// Erase carries out the part of a plan that lies in one system, reads everything back, and keeps that the person was erased there.
func (e *Erasures) Erase(ctx context.Context, in contract.ErasureInput) error {
	defer beat(ctx)()
	return named(e.unlessStopped(ctx, in, func(ctx context.Context) error {
		w, done, err := e.begin(ctx, in)
		if err != nil || done {
			return err
		}
		if w.asks() {
			return w.haveErased(ctx)
		}
		errand, err := w.errand(ctx)
		if err != nil {
			return err
		}
		if err := w.entomb(ctx, errand); err != nil {
			return err
		}
		found, err := w.carryOut(ctx, errand)
		if err != nil {
			return err
		}
		return w.finish(ctx, found)
	}))
}

// errand joins the plan's orders with what the rows are found by.
func (w *erasing) errand(ctx context.Context) (connectors.Errand, error) {
	var found warrant
	err := w.desk.DB().Read(ctx, w.in.Tenant, func(_ context.Context, tx *storage.Tx) error {
		ok, err := tx.Warrant(w.run, w.subject, &found)
		if err == nil && !ok {
			err = errNoPlan
		}
		return err
	})
	return connectors.Errand{
		Selection: connectors.Selection{Plan: *w.walk, Subject: w.person, Keys: found.Keys, Own: true}, Orders: w.part.Orders(), Roots: found.Roots, Secret: found.Secret,
	}, err
}

// entomb keeps that the person is erased here before they are: a crash in between must not leave a backup that nobody erases again.
func (w *erasing) entomb(ctx context.Context, errand connectors.Errand) error {
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		known, err := tx.Person(ctx, w.subject)
		if err != nil {
			return err
		}
		if err := tx.Entomb(ctx, w.system.ID, known, w.in.Case); err != nil {
			return err
		}
		return tx.EntombKeys(ctx, w.system.ID, w.in.Case, w.land.leads(w.system.Key, errand))
	})
}

// carryOut changes the system, and then counts what is left to do and what stays. Where all stays nothing is changed, and no way in that may is needed.
func (w *erasing) carryOut(ctx context.Context, errand connectors.Errand) (found []connectors.Survey, err error) {
	if len(errand.Orders) == 0 && w.part.Keeps() {
		return w.readBack(ctx, errand)
	}
	connector, err := w.toChange(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	if err := connector.Erase(ctx, errand, &ledger{w}); err != nil {
		return nil, err
	}
	return connector.Survey(ctx, errand)
}

// readBack counts what stays.
func (w *erasing) readBack(ctx context.Context, errand connectors.Errand) (found []connectors.Survey, err error) {
	connector, err := w.connect(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	eraser, ok := connector.(connectors.Eraser)
	if !ok {
		return nil, errNoEraser
	}
	return eraser.Survey(ctx, errand)
}

// finish keeps what reading back found.
func (w *erasing) finish(ctx context.Context, found []connectors.Survey) error {
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
			return err
		}
		var unfinished int64
		for _, s := range found {
			unfinished += s.Left
			if err := tx.VerifiedCollection(ctx, w.run, s.Address, s.Left, s.Own); err != nil {
				return err
			}
		}
		if err := tx.VerifiedErasure(ctx, w.run, unfinished, w.plan.SHA256); err != nil {
			return err
		}
		return tx.FinishErasure(ctx, w.run)
	})
}

// Fail records that a system could not be erased in and asks a person to decide.
func (e *Erasures) Fail(ctx context.Context, f contract.ErasureFailure) error {
	return named(e.desk.ErasureFailed(ctx, f))
}

// ledger puts on record what is about to be done, and what was.
type ledger struct{ *erasing }

// Begin implements connectors.Ledger.
func (l *ledger) Begin(ctx context.Context, at dataset.Address) (done bool, err error) {
	err = l.record(ctx, func(ctx context.Context, tx *storage.Tx) error {
		now, err := tx.ErasurePlanState(ctx, l.in.Case)
		if err != nil {
			return err
		}
		if now.ID != l.plan.ID || now.State != storage.PlanExecuting {
			return errNoPlan // it was sent to be planned anew
		}
		return tx.IntendErasure(ctx, l.run, at, l.plan.SHA256)
	})
	return false, err
}

// Changed implements connectors.Ledger.
func (l *ledger) Changed(ctx context.Context, at dataset.Address, n connectors.Tally) error {
	var total int64
	err := l.record(ctx, func(ctx context.Context, tx *storage.Tx) (err error) {
		total, err = tx.CountErased(ctx, l.run, at, storage.ErasureTally{Deleted: n.Deleted, Masked: n.Masked, Trimmed: n.Trimmed, Parts: n.Parts})
		return err
	})
	if err == nil && total > l.part.Reaches(at) {
		return &connectors.Error{Code: connectors.ErrSelection, Where: at.String(), What: "there is more to change than the plan counted when it was approved", Do: "have the plan made anew"}
	}
	return err
}

// End implements connectors.Ledger.
func (l *ledger) End(ctx context.Context, at dataset.Address) error {
	return l.record(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return tx.ErasedCollection(ctx, l.run, at, l.plan.SHA256)
	})
}

func (l *ledger) record(ctx context.Context, do func(context.Context, *storage.Tx) error) error {
	return l.desk.DB().Change(ctx, l.in.Tenant, eraser, do)
}
