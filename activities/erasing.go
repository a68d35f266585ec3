package activities

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

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

// errNoPlan fails closed: without an approved plan that is being carried out nothing is erased.
var errNoPlan error = &connectors.Error{Code: connectors.ErrSelection, What: "no approved plan is being carried out here", Do: "plan the erasure anew"}

// errOutdated fails closed: what was approved was approved for systems and annotations as they were.
var errOutdated error = &connectors.Error{
	Code: connectors.ErrSelection, What: "a system, its annotation or its declaration was changed after the plan was made", Do: "put it back and try again, or have the plan made anew",
}

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
	if w.part, ok = w.plan.Plan.System(w.system.Key); !ok {
		return errNoPlan
	}
	if w.plan.Plan.Basis != w.land.basis {
		return errOutdated
	}
	if err := w.keptSince(ctx, tx); err != nil {
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

// keptSince says what has come to keep the person's rows since the plan was approved.
func (w *erasing) keptSince(ctx context.Context, tx *storage.Tx) error {
	err := w.desk.KeptSince(ctx, tx, w.in.Ref, w.plan.Plan)
	refusal, kept := casework.RefusalOf(err)
	switch {
	case kept && refusal.Code == string(casework.CodeRecourse):
		return errRecourse
	case kept:
		return errHeld
	}
	return err
}

// reading is the system as it is read.
func (w *erasing) reading() *collecting {
	return &collecting{
		Collection: w.Collection, in: contract.CollectInput{Ref: w.in.Ref, System: w.in.System}, system: w.system, land: w.land, subject: w.subject, person: w.person,
	}
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
		known, err := provenOf(ctx, tx, w.in.Case, w.subject)
		if err != nil {
			return err
		}
		if err := tx.Entomb(ctx, w.system.ID, known, w.in.Case); err != nil {
			return err
		}
		return tx.EntombKeys(ctx, w.system.ID, w.in.Case, w.land.leads(w.system.Key, errand))
	})
}

// provenOf is the person of a case as far as it is proven who they are.
func provenOf(ctx context.Context, tx *storage.Tx, caseID uuid.UUID, subject storage.Subject) (storage.Person, error) {
	row, err := tx.Case(ctx, caseID)
	if err != nil {
		return storage.Person{}, err
	}
	person, err := tx.Person(ctx, subject)
	return casework.Proven(person, row), err
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

// errHeld says that a hold was placed while the plan was carried out, errRecourse that a request was closed whose answer the person can complain of.
var (
	errHeld error = &connectors.Error{
		Code: connectors.ErrSelection, What: "a legal hold was placed on the person after the plan was approved", Do: "have the plan made anew, or try again once the hold is lifted",
	}
	errRecourse error = &connectors.Error{
		Code: connectors.ErrSelection, What: "a request of the person's was closed after the plan was approved, and keeps what it was about", Do: "have the plan made anew",
	}
)
