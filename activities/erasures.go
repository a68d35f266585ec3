package activities

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/dataset"
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

// Fail records that a system could not be erased in and asks a person to decide.
func (e *Erasures) Fail(ctx context.Context, f contract.ErasureFailure) error {
	return named(e.desk.ErasureFailed(ctx, f))
}
