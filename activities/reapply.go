package activities

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Reapply searches a restored system for everybody who was erased since its backup was made, and erases them again by the rules and holds of
// today. A try that follows another does it all again: who is erased is found no more.
func (e *Erasures) Reapply(ctx context.Context, in contract.ReapplyInput) error {
	defer beat(ctx)()
	w := &reapplying{Erasures: e, in: in, found: map[uuid.UUID]*connectors.Subject{}}
	if err := w.begin(ctx); err != nil {
		return named(err)
	}
	if w.asked.State != "running" {
		return nil
	}
	if err := w.search(ctx); err != nil {
		return named(err)
	}
	for _, id := range w.order {
		if err := w.erase(ctx, *w.found[id]); err != nil {
			return named(err)
		}
	}
	w.sum.People = int64(len(w.order))
	return named(w.end(ctx, ""))
}

// ReapplyFailed puts on record why a reapplication did not come to its end.
func (e *Erasures) ReapplyFailed(ctx context.Context, f contract.ReapplyFailure) error {
	w := &reapplying{Erasures: e, in: f.ReapplyInput}
	if err := w.begin(ctx); err != nil {
		return named(err)
	}
	if w.asked.State != "running" {
		return nil
	}
	return named(w.end(ctx, f.Problem))
}

// reapplying is a reapplication on its way.
type reapplying struct {
	*Erasures
	in     contract.ReapplyInput
	asked  storage.Reapplication
	land   *landscape
	system storage.System
	tombs  *storage.Tombs
	// found are the people by the case they were erased under, order as they were found.
	found map[uuid.UUID]*connectors.Subject
	order []uuid.UUID
	sum   storage.Reapplied
}

func (w *reapplying) begin(ctx context.Context) error {
	return w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		if w.asked, err = tx.Reapplication(ctx, w.in.Reapplication); err != nil {
			return err
		}
		if w.land, err = survey(ctx, tx); err != nil {
			return err
		}
		var ok bool
		if w.system, ok = w.land.byID(w.in.System); !ok {
			return &connectors.Error{Code: connectors.ErrSelection, What: "the system is switched off", Do: "switch it on first"}
		}
		w.tombs, err = tx.Tombs(ctx, w.in.System, w.asked.BackupAt)
		return err
	})
}

// search lists every value by which people are found, and keeps those of people who were erased.
func (w *reapplying) search(ctx context.Context) (err error) {
	if w.tombs.Len() == 0 {
		return nil
	}
	connector, err := w.connect(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	roster, ok := connector.(connectors.Roster)
	if !ok {
		return errNoEraser
	}
	for _, f := range identityFields(w.land.datasets[w.system.Key]) {
		err := roster.Roll(ctx, f.FieldAddress, func(values []string) error {
			if activity.IsActivity(ctx) {
				activity.RecordHeartbeat(ctx)
			}
			w.sum.Searched += int64(len(values))
			for _, v := range values {
				w.look(f.kind, v)
			}
			return ctx.Err()
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// look notes a value if somebody who was erased is known by it.
func (w *reapplying) look(kind, value string) {
	id, erased := w.tombs.Case(kind, value)
	if !erased {
		return
	}
	if w.found[id] == nil {
		w.found[id] = &connectors.Subject{Identities: map[string][]string{}}
		w.order = append(w.order, id)
	}
	if known := w.found[id].Identities; !slices.Contains(known[kind], value) {
		known[kind] = append(known[kind], value)
	}
}

// identityField is a field by which people are found.
type identityField struct {
	dataset.FieldAddress
	kind string
}

func identityFields(datasets []dataset.Dataset) (out []identityField) {
	for _, d := range datasets {
		for _, c := range d.Collections {
			if !c.Skip {
				out = append(out, identitiesIn(dataset.Address{Dataset: d.Key, Collection: c.Name}, c.Fields, nil)...)
			}
		}
	}
	return out
}

func identitiesIn(a dataset.Address, fields []dataset.Field, parent []string) (out []identityField) {
	for _, f := range fields {
		path := append(slices.Clone(parent), f.Name)
		if f.Identity != "" {
			out = append(out, identityField{dataset.FieldAddress{Address: a, Path: path}, f.Identity})
		}
		out = append(out, identitiesIn(a, f.Fields, path)...)
	}
	return out
}

// erase plans and carries out, in this one system, what was approved when the person was erased.
func (w *reapplying) erase(ctx context.Context, person connectors.Subject) (err error) {
	var duties erasure.Circumstances
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		duties, err = w.desk.DutiesToward(ctx, tx, knownAs(person))
		return err
	})
	if err != nil {
		return err
	}
	walk, stages, err := w.land.plan(person)
	if err != nil {
		return err
	}
	one := &erasing{Erasures: w.Erasures, system: w.system, land: w.land, walk: walk, stages: stages, person: person}
	found, err := one.find(ctx)
	if err != nil {
		return err
	}
	counting := &collecting{Collection: w.Collection, system: w.system, land: w.land, person: person}
	plan, err := counting.counted(ctx, walk, found.Keys, duties)
	if err != nil {
		return err
	}
	errand := connectors.Errand{
		Selection: connectors.Selection{Plan: *walk, Subject: person, Keys: found.Keys, Own: true}, Orders: plan.Orders(), Roots: found.Roots, Secret: found.Secret,
	}
	rows, err := w.carryOut(ctx, errand)
	w.sum.Erased += rows
	for _, l := range plan.Lines {
		w.sum.Kept += l.Rows.Kept
	}
	return err
}

func (w *reapplying) carryOut(ctx context.Context, errand connectors.Errand) (rows int64, err error) {
	connector, err := w.toChange(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	return eraseAndReadBack(ctx, connector, errand)
}

// knownAs is a person as holds know them.
func knownAs(s connectors.Subject) storage.Person {
	first := func(kind string) string {
		if values := s.Identities[kind]; len(values) > 0 {
			return values[0]
		}
		return ""
	}
	return storage.Person{Email: first("email"), Phone: first("phone_number"), CustomerID: first("customer_id")}
}

func (w *reapplying) end(ctx context.Context, problem string) error {
	w.sum.Problem = problem
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		return tx.EndReapplication(ctx, w.in.Reapplication, w.system.Key, w.sum)
	})
}
