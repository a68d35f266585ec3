package activities

import (
	"context"
	"errors"

	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// survey counts what an erasure would reach in a system, and lays out what it would do. Nothing is changed.
func (w *collecting) survey(ctx context.Context) error {
	plan, stages, err := w.land.plan(w.person)
	if err != nil {
		return err
	}
	var circumstances erasure.Circumstances
	err = w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, w.in.Case)
		if err != nil {
			return err
		}
		circumstances, err = w.desk.Circumstances(ctx, tx, row, w.subject)
		return err
	})
	if err != nil {
		return err
	}
	found, err := w.foundBy(ctx, plan, stages)
	if err != nil {
		return err
	}
	draft, known, err := w.counted(ctx, plan, found, circumstances)
	if err != nil {
		return err
	}
	return w.change(ctx, w.in, func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.SaveSurvey(ctx, w.run, w.subject, *draft, known); err != nil {
			return err
		}
		rows := int64(0)
		for _, l := range draft.Lines {
			rows += l.Rows.Own
		}
		return w.finishCounted(ctx, tx, rows)
	})
}

// foundBy is what the rows are counted by: what leads to them from other systems, and all that an earlier round found them by.
func (w *collecting) foundBy(ctx context.Context, plan *dataset.Plan, stages []dataset.Stage) (out warrant, err error) {
	before, known, err := w.earlier(ctx)
	if err != nil {
		return out, err
	}
	if known {
		if out, err = w.afresh(ctx, plan, stages); err != nil {
			return out, err
		}
		return out.with(before), nil
	}
	out.Secret = make([]byte, 32)
	out.Keys, err = w.leading(ctx, plan, stages, w.system.Key)
	return out, err
}

func (w *collecting) finishCounted(ctx context.Context, tx *storage.Tx, rows int64) error {
	if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
		return err
	}
	run, err := tx.RunOn(ctx, w.in.Case, w.in.Round, w.in.System)
	if err != nil || run.State == storage.RunExcluded {
		return err
	}
	return tx.FinishRun(ctx, run, rows)
}

// counted drafts the part of a plan that lies in one system and counts it there. known is what the person's rows there say they are known by.
func (w *collecting) counted(ctx context.Context, plan *dataset.Plan, by warrant, c erasure.Circumstances) (out *erasure.SystemPlan, known storage.Identities, err error) {
	connector, err := w.connect(w.system, w.land.datasets[w.system.Key])
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	eraser, ok := connector.(connectors.Eraser)
	if !ok {
		return nil, nil, errNoEraser
	}
	site, err := siteOf(ctx, w.land, w.system, eraser)
	if err != nil {
		return nil, nil, err
	}
	draft := erasure.Draft(plan, []erasure.Site{site}, c).Systems[0]
	draft.Basis = w.land.basis
	orders := make([]erasure.Order, len(draft.Lines))
	for i, l := range draft.Lines {
		orders[i] = l.Order
	}
	errand := connectors.Errand{
		Selection: connectors.Selection{Plan: *plan, Subject: w.person, Keys: by.Keys, Own: true}, Orders: orders, Roots: by.Roots, Secret: by.Secret,
	}
	found, err := eraser.Survey(ctx, errand)
	if err != nil {
		return nil, nil, err
	}
	draft.Settle(counts(found), site.Terms, c)
	if w.system.Change == "" && draft.Touches() {
		draft.Manual = "the system may only be read"
	}
	known, err = w.identities(ctx, connector, plan, by.Keys)
	return &draft, known, err
}

// counts puts what a system found into the words of the plan.
func counts(found []connectors.Survey) []erasure.Count {
	out := make([]erasure.Count, len(found))
	for i, s := range found {
		out[i] = erasure.Count{Address: s.Address, Own: s.Own, Others: s.Others, Parts: s.Parts, Undated: s.Undated}
		for _, d := range s.Days {
			out[i].Days = append(out[i].Days, erasure.DayRows{Day: d.Day, Rows: d.Rows})
		}
	}
	return out
}

// leading asks the systems before one for the values that lead to its rows: those of rows that are the person's own.
func (w *collecting) leading(ctx context.Context, plan *dataset.Plan, stages []dataset.Stage, to string) ([]connectors.KeySet, error) {
	last := -1
	for i, stage := range stages {
		if stage.System == to {
			last = i
		}
	}
	var keys []connectors.KeySet
	for _, stage := range stages[:last+1] {
		if len(stage.Exports) == 0 {
			continue
		}
		found, err := w.exports(ctx, stage, connectors.Selection{
			Plan: *plan, Only: stage.Collections, Subject: w.person, Keys: keys, Exports: stage.Exports, Own: true,
		})
		if err != nil {
			return nil, err
		}
		keys = append(keys, found...)
	}
	return keys, nil
}

func (w *collecting) exports(ctx context.Context, stage dataset.Stage, selection connectors.Selection) (keys []connectors.KeySet, err error) {
	if w.land.systems[stage.System].Stop != nil {
		return nil, errStopped
	}
	connector, err := w.connect(w.land.systems[stage.System], w.land.datasets[stage.System])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	if activity.IsActivity(ctx) {
		activity.RecordHeartbeat(ctx)
	}
	return connector.Keys(ctx, selection)
}
