package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Reapply searches a restored system for everybody who was erased since its backup was made, and erases them again by the rules and holds of
// today: of whoever has come back since, the rows of then alone. A try that follows another does it all again: who is erased is found no more.
func (e *Erasures) Reapply(ctx context.Context, in contract.ReapplyInput) error {
	defer beat(ctx)()
	w := &reapplying{Erasures: e, in: in, found: map[uuid.UUID]*restored{}}
	if err := w.begin(ctx); err != nil {
		return named(err)
	}
	if w.asked.State != "running" {
		return nil
	}
	if w.system.Stop != nil {
		return named(errBusyStopped)
	}
	if err := w.search(ctx); err != nil {
		return named(err)
	}
	for _, id := range w.order {
		if err := w.erase(ctx, id); err != nil {
			return named(err)
		}
	}
	return named(w.end(ctx, w.problem()))
}

// restored is somebody whom a backup has brought back: what they are known by in it, and the keys that lead to their rows.
type restored struct {
	connectors.Subject
	keys, roots []connectors.KeySet
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
	// walk leads to everything that can be reached, whatever is known of somebody.
	walk *dataset.Plan
	// found are the people by the case they were erased under, order as they were found.
	found map[uuid.UUID]*restored
	order []uuid.UUID
	sum   storage.Reapplied
	// cameBack and mistaken count those of them whose suppression has ended since, by why.
	cameBack, mistaken int
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
		if w.walk, err = w.land.whole(); err != nil {
			return err
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
		if err := w.roll(ctx, roster, f.FieldAddress, func(v string) { w.look(f.kind, v) }); err != nil {
			return err
		}
	}
	for _, f := range w.land.leadsIn(w.system.Key, w.walk) {
		if err := w.roll(ctx, roster, f.at, func(v string) { w.lookUp(f, v) }); err != nil {
			return err
		}
	}
	return nil
}

// roll looks at every value of a field.
func (w *reapplying) roll(ctx context.Context, roster connectors.Roster, field dataset.FieldAddress, look func(value string)) error {
	return roster.Roll(ctx, field, func(values []string) error {
		if activity.IsActivity(ctx) {
			activity.RecordHeartbeat(ctx)
		}
		w.sum.Searched += int64(len(values))
		for _, v := range values {
			look(v)
		}
		return ctx.Err()
	})
}

// look notes a value if somebody who was erased is known by it.
func (w *reapplying) look(kind, value string) {
	id, erased := w.tombs.Case(kind, value)
	if !erased {
		return
	}
	if known := w.of(id).Identities; !slices.Contains(known[kind], value) {
		known[kind] = append(known[kind], value)
	}
}

// lookUp notes a key if rows of somebody who was erased were found by it.
func (w *reapplying) lookUp(f lead, value string) {
	id, erased := w.tombs.ByKey(storage.Key{Field: f.of.String(), Value: value})
	if !erased {
		return
	}
	one, set := w.of(id), []connectors.KeySet{{Field: f.of, Values: []string{value}}}
	one.keys = joined(one.keys, set)
	if f.root() {
		one.roots = joined(one.roots, set)
	}
}

func (w *reapplying) of(id uuid.UUID) *restored {
	if w.found[id] == nil {
		w.found[id] = &restored{Subject: connectors.Subject{Identities: map[string][]string{}}}
		w.order = append(w.order, id)
	}
	return w.found[id]
}

// nobody is an address that leads to no row: whoever is found by keys alone is planned for as if by e-mail, by which everything is reached.
const nobody = "nobody@erased.invalid"

// unsearched says how many people could not be looked for, and why; "" when all were.
func (w *reapplying) unsearched() string {
	n := w.tombs.Keyless()
	if n == 0 || !w.land.onlyFromElsewhere(w.system.Key, w.walk) {
		return ""
	}
	return fmt.Sprintf("%d people who were erased since the backup were not looked for everywhere: some collections here are found by what other systems hold alone, "+
		"and their keys were not noted when they were erased; look for their rows by hand, and erase what is theirs", n)
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

func (w *reapplying) end(ctx context.Context, problem string) error {
	w.sum.Problem = problem
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		return tx.EndReapplication(ctx, w.in.Reapplication, w.system.Key, w.sum)
	})
}
