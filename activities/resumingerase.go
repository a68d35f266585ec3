package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erase draws the part of one system anew: the rules may have changed, a hold may have come, and days have become erasable.
func (w *resuming) erase(ctx context.Context, s *deferredSystem) error {
	system, ok := w.land.systems[s.Key]
	switch {
	case !ok:
		return &connectors.Error{Code: connectors.ErrSelection, Where: s.Key, What: "the system was switched off, and rows there wait to be erased", Do: "switch it on, or erase by hand and say so"}
	case s.ByHand:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: s.Key, What: "people erased here, and the time of what was kept is over", Do: "erase by hand what no rule and no hold keeps any more, and say so"}
	}
	if err := w.desk.DB().Read(ctx, w.in.Tenant, w.today); err != nil {
		return err
	}
	return w.guarded(ctx, contract.CollectInput{Ref: w.in.Ref, System: system.ID}, func(ctx context.Context) error { return w.eraseIn(ctx, s, system) })
}

func (w *resuming) eraseIn(ctx context.Context, s *deferredSystem, system storage.System) (err error) {
	connector, err := w.toChange(system, w.land.datasets[s.Key])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	site, err := siteOf(ctx, w.land, system, connector)
	if err != nil {
		return err
	}
	plan := erasure.Draft(&s.Walk, []erasure.Site{site}, w.duties).Systems[0]
	errand := connectors.Errand{
		Selection: connectors.Selection{Plan: s.Walk, Subject: s.Subject, Keys: s.Warrant.Keys, Own: true, Bound: w.rooted(s, connector)},
		Roots:     s.Warrant.Roots, Secret: s.Warrant.Secret,
	}
	for _, l := range plan.Lines {
		errand.Orders = append(errand.Orders, l.Order)
	}
	if err := fit(&plan); err != nil {
		return err
	}
	found, err := connector.Survey(ctx, errand)
	if err != nil {
		return err
	}
	if err := noMore(&s.Plan, found); err != nil {
		return err
	}
	plan.Settle(counts(found), site.Terms, w.duties)
	errand.Orders = plan.Orders()
	missing := s.Plan.Missing(&plan)
	if err := w.carryOut(ctx, connector, system, errand, s, &plan); err != nil {
		return err
	}
	s.Plan = plan
	s.Plan.Lines = append(s.Plan.Lines, missing...)
	return lost(missing)
}

// rooted says whether all that was the person's is found by the keys of then. What they were known by may be known of somebody who came after, and be it
// the same person: what an erasure left to its time is what was there, and nothing that was begun anew.
func (w *resuming) rooted(s *deferredSystem, c connectors.Eraser) bool {
	finder, picky := c.(connectors.KeyFinder)
	for _, step := range s.Walk.Steps {
		byKnown := slices.ContainsFunc(step.FoundBy, func(e dataset.Entry) bool { return e.From == nil && e.Belonging == dataset.Own })
		if !byKnown || w.land.holder[step.Dataset] != s.Key {
			continue
		}
		key, ok := soleKey(w.land.datasets[s.Key], step.Address)
		if !ok || picky && !finder.FindsBy(step.Address, []string{key}) {
			return false
		}
	}
	return true
}

// noMore fails closed where more of the person's is found than the last look left: it came after, and nobody said that it may go.
func noMore(left *erasure.SystemPlan, found []connectors.Survey) error {
	for _, f := range found {
		if most := left.Leaves(f.Address); f.Own > most {
			return &connectors.Error{
				Code: connectors.ErrSelection, Where: f.String(),
				What: fmt.Sprintf("%d rows are found where the erasure left %d: some came after it, and are not to go with the others", f.Own, most),
				Do:   "erase by hand what was left and has come to its end, and say so",
			}
		}
	}
	return nil
}

// fit refuses a plan that nobody reviews when the declaration has a mistake that a duty may hang on.
func fit(s *erasure.SystemPlan) error {
	if p, ok := s.Unfit(); !ok {
		return &connectors.Error{Code: connectors.ErrSelection, Where: p.Where, What: p.What, Do: p.Do}
	}
	return nil
}

// lost says which collections are gone that rows were kept in: renamed, or taken out of the annotation. What was kept there is not erased.
func lost(missing []erasure.Line) error {
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, len(missing))
	for i, l := range missing {
		names[i] = l.Address.String()
	}
	return &connectors.Error{Code: connectors.ErrSelection, Where: strings.Join(names, ", "), What: "rows were kept there that are to be erased, and the annotation no longer has it",
		Do: "annotate it again under that name, or erase by hand and say so"}
}

// carryOut keeps that the person is erased here first, with the moment of now: a backup that was made since the erasure has what goes now. Of each collection
// that is changed it keeps who is to be told, before more is: what is erased is not seen by a second try.
func (w *resuming) carryOut(ctx context.Context, connector connectors.Eraser, system storage.System, errand connectors.Errand, s *deferredSystem, plan *erasure.SystemPlan) error {
	err := w.change(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.Entomb(ctx, system.ID, w.body.Known, w.deferral.CaseID); err != nil {
			return err
		}
		return tx.EntombKeys(ctx, system.ID, w.deferral.CaseID, w.land.leads(system.Key, errand))
	})
	if err != nil {
		return err
	}
	rows, err := eraseAndReadBack(ctx, connector, errand, &guard{
		plan: plan,
		may: func(ctx context.Context) error {
			return w.stillMay(ctx, w.in.Tenant, system, w.duties.Holds, func(ctx context.Context, tx *storage.Tx) ([]erasure.Hold, error) {
				now, err := w.desk.Standing(ctx, tx, w.deferral.CaseID, w.body.Known, w.body.Beside...)
				return now.Holds, err
			})
		},
		first: func(ctx context.Context, at dataset.Address) error {
			return w.telling(ctx, s, casework.ErasedCategories(*plan, at))
		},
	})
	if err != nil {
		return err
	}
	told := s.Telling
	s.Telling = nil
	err = w.change(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if err := w.desk.ErasedLater(ctx, tx, w.deferral, system, rows, told); err != nil {
			return err
		}
		return w.keep(ctx, tx)
	})
	if err != nil {
		s.Telling = told
	}
	return err
}

// telling keeps the categories of which something was erased.
func (w *resuming) telling(ctx context.Context, s *deferredSystem, categories []string) error {
	for _, c := range categories {
		if !slices.Contains(s.Telling, c) {
			s.Telling = append(s.Telling, c)
		}
	}
	return w.change(ctx, w.keep)
}

func (w *resuming) change(ctx context.Context, do func(context.Context, *storage.Tx) error) error {
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, do)
}
