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

// warrant is what a system's rows are found by, once nothing in them says whose they are. It is personal data.
type warrant struct {
	// Keys are values in other systems and in this one that lead to rows here.
	Keys []connectors.KeySet `json:"keys"`
	// Roots are the primary keys of rows that are found by what is known of the person.
	Roots []connectors.KeySet `json:"roots"`
	// Secret makes tokens.
	Secret []byte `json:"secret"`
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
	if w.part.Manual != "" {
		return &connectors.Error{Code: connectors.ErrReadOnly, What: w.part.Manual, Do: "erase by hand"}
	}
	w.walk, w.stages, err = w.land.plan(w.person)
	return err
}

// Warrant puts on record what the rows of a system are found by.
func (e *Erasures) Warrant(ctx context.Context, in contract.ErasureInput) error {
	defer beat(ctx)()
	return named(e.unlessStopped(ctx, in, func(ctx context.Context) error {
		w, done, err := e.begin(ctx, in)
		if err != nil || done || w.run.WarrantSealed != nil {
			return err
		}
		found, err := w.find(ctx)
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

// find reads what leads to the rows: from the systems before, and within this one.
func (w *erasing) find(ctx context.Context) (out warrant, err error) {
	if out.Secret, err = newSecret(); err != nil {
		return out, err
	}
	reading := &collecting{Collection: w.Collection, system: w.system, land: w.land, subject: w.subject, person: w.person}
	leading, err := reading.leading(ctx, w.walk, w.stages, w.system.Key)
	if err != nil {
		return out, err
	}
	connector, err := w.connect(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	here, roots := w.inner()
	selection := connectors.Selection{Plan: *w.walk, Subject: w.person, Keys: leading, Own: true}
	if out.Keys, err = keysOf(ctx, connector, selection, here); err != nil {
		return out, err
	}
	out.Keys = append(leading, out.Keys...)
	out.Roots, err = keysOf(ctx, connector, selection, roots)
	return out, err
}

// inner lists the fields of this system whose values lead to rows in it, and the primary keys of collections that the person is found in directly.
func (w *erasing) inner() (here, roots []dataset.FieldAddress) {
	datasets := w.land.datasets[w.system.Key]
	add := func(all []dataset.FieldAddress, f dataset.FieldAddress) []dataset.FieldAddress {
		if slices.ContainsFunc(all, func(o dataset.FieldAddress) bool { return o.String() == f.String() }) {
			return all
		}
		return append(all, f)
	}
	for _, step := range w.walk.Steps {
		if w.land.holder[step.Dataset] != w.system.Key {
			continue
		}
		for _, e := range step.FoundBy {
			switch {
			case e.From != nil && w.land.holder[e.From.Dataset] == w.system.Key:
				here = add(here, *e.From)
			case e.From == nil && e.Belonging == dataset.Own:
				if key, ok := soleKey(datasets, step.Address); ok {
					roots = add(roots, dataset.FieldAddress{Address: step.Address, Path: []string{key}})
				}
			}
		}
	}
	return here, roots
}

// soleKey is the one field that is all of a collection's primary key.
func soleKey(datasets []dataset.Dataset, a dataset.Address) (key string, ok bool) {
	for _, d := range datasets {
		for _, c := range d.Collections {
			if d.Key != a.Dataset || c.Name != a.Collection {
				continue
			}
			for _, f := range c.Fields {
				if f.PrimaryKey {
					key, ok = f.Name, key == ""
				}
			}
		}
	}
	return key, ok
}

// keysOf reads the values of fields one by one. More than can be carried are left to be looked for where they are.
func keysOf(ctx context.Context, c connectors.Connector, selection connectors.Selection, fields []dataset.FieldAddress) (out []connectors.KeySet, err error) {
	for _, f := range fields {
		selection.Exports = []dataset.FieldAddress{f}
		found, err := c.Keys(ctx, selection)
		if errors.Is(err, connectors.ErrTooManyKeys) {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

// Erase carries out the part of a plan that lies in one system, reads everything back, and keeps that the person was erased there.
func (e *Erasures) Erase(ctx context.Context, in contract.ErasureInput) error {
	defer beat(ctx)()
	return named(e.unlessStopped(ctx, in, func(ctx context.Context) error {
		w, done, err := e.begin(ctx, in)
		if err != nil || done {
			return err
		}
		errand, err := w.errand(ctx)
		if err != nil {
			return err
		}
		if err := w.entomb(ctx); err != nil {
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
func (w *erasing) entomb(ctx context.Context) error {
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		known, err := tx.Person(ctx, w.subject)
		if err != nil {
			return err
		}
		return tx.Entomb(ctx, w.system.ID, known, w.in.Case)
	})
}

// carryOut changes the system, and then counts what is left to do and what stays.
func (w *erasing) carryOut(ctx context.Context, errand connectors.Errand) (found []connectors.Survey, err error) {
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
		return tx.IntendErasure(ctx, l.run, at, l.plan.SHA256)
	})
	return false, err
}

// Changed implements connectors.Ledger.
func (l *ledger) Changed(ctx context.Context, at dataset.Address, n connectors.Tally) error {
	return l.record(ctx, func(ctx context.Context, tx *storage.Tx) error {
		return tx.CountErased(ctx, l.run, at, storage.ErasureTally{Deleted: n.Deleted, Masked: n.Masked, Trimmed: n.Trimmed, Parts: n.Parts})
	})
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
