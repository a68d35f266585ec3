package activities

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/opendsr"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Collection reads the systems that may hold a person, part by part.
type Collection struct {
	desk    *casework.Desk
	objects *objects.Store
	connect func(storage.System, []dataset.Dataset) (connectors.Connector, error)
	// toChange opens a system by the way in that may change it.
	toChange func(storage.System, []dataset.Dataset) (connectors.Eraser, error)
	// processor opens the way to one that speaks OpenDSR.
	processor func(asked *dataset.Asked, secrets string) (*opendsr.Processor, error)
}

var collector = casework.System("collector")

// StartRound begins a round of collecting on every active system.
func (c *Collection) StartRound(ctx context.Context, in contract.CollectInput) (runs []contract.Run, err error) {
	err = c.desk.DB().Change(ctx, in.Tenant, collector, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, in.Case)
		if err != nil {
			return err
		}
		if row.State != string(privacy.RequestCollecting) {
			return &privacy.TransitionError{From: privacy.RequestState(row.State), Event: privacy.EventCollected}
		}
		l, err := survey(ctx, tx)
		if err != nil {
			return err
		}
		systems := make([]storage.System, 0, len(l.systems))
		for _, s := range l.systems {
			systems = append(systems, s)
		}
		if err := tx.StartRound(ctx, row, in.Round, systems); err != nil {
			return err
		}
		// What was asked about a round before is answered by this one: a workflow that begins anew collects anew.
		if err := tx.EndTasks(ctx, in.Case, storage.TaskCollectionFailed, "collected_again"); err != nil {
			return err
		}
		rows, err := tx.Runs(ctx, in.Case, in.Round)
		for _, run := range rows {
			runs = append(runs, contract.Run{System: run.SystemID, State: run.State})
		}
		return err
	})
	return runs, named(err)
}

// collecting is one run on its way.
type collecting struct {
	*Collection
	in      contract.CollectInput
	system  storage.System
	land    *landscape
	run     storage.Run
	right   privacy.Right
	subject storage.Subject
	person  connectors.Subject
	// known are values in other systems that are known to lead to rows here, beside those that are found there now.
	known []connectors.KeySet
}

// Collect reads one system. A try that follows another goes on behind the last part that was put away, and so does one
// whose system was stopped meanwhile, once it is let go on.
func (c *Collection) Collect(ctx context.Context, in contract.CollectInput) error {
	defer beat(ctx)()
	return named(c.betweenStops(ctx, in, func(ctx context.Context) error { return c.collect(ctx, in) }))
}

func (c *Collection) collect(ctx context.Context, in contract.CollectInput) error {
	w, err := c.begin(ctx, in)
	if err != nil {
		return err
	}
	if w.run.State == storage.RunDone || w.run.State == storage.RunExcluded {
		return nil
	}
	if dataset.IsAsked(w.system.Kind) {
		return w.ask(ctx)
	}
	switch w.right {
	case privacy.Erasure:
		return w.survey(ctx)
	case privacy.Rectification:
		return w.holding(ctx)
	}
	sink := newPartSink(w)
	err = w.walk(ctx, sink)
	// Also after an error: what is in the making must not come in beside the next try.
	if err := cmp.Or(err, sink.settle()); err != nil {
		return err
	}
	return c.finish(ctx, w, sink.rows)
}

// finish ends the run, unless a person has left the system out meanwhile.
func (c *Collection) finish(ctx context.Context, w *collecting, rows int64) error {
	return c.change(ctx, w.in, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, w.in.Case); err != nil {
			return err
		}
		run, err := tx.RunOn(ctx, w.in.Case, w.in.Round, w.in.System)
		if err != nil || run.State == storage.RunExcluded {
			return err
		}
		return tx.FinishRun(ctx, run, rows)
	})
}

func (c *Collection) change(ctx context.Context, in contract.CollectInput, do func(context.Context, *storage.Tx) error) error {
	return c.desk.DB().Change(ctx, in.Tenant, collector, do)
}

// personOf reads whom a case is about, as far as a connector may know.
func personOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (subject storage.Subject, person connectors.Subject, right privacy.Right, err error) {
	row, err := tx.Case(ctx, id)
	if err != nil {
		return subject, person, right, err
	}
	if subject, err = tx.Subject(ctx, row.SubjectID); err != nil {
		return subject, person, right, err
	}
	known, err := tx.Person(ctx, subject)
	if err != nil {
		return subject, person, right, err
	}
	return subject, subjectOf(known, row), privacy.Right(row.RequestRight), nil
}

// begin opens everything the run needs.
func (c *Collection) begin(ctx context.Context, in contract.CollectInput) (*collecting, error) {
	w := &collecting{Collection: c, in: in}
	err := c.change(ctx, in, func(ctx context.Context, tx *storage.Tx) (err error) {
		if w.run, err = tx.RunOn(ctx, in.Case, in.Round, in.System); err != nil {
			return err
		}
		if w.land, err = survey(ctx, tx); err != nil {
			return err
		}
		var ok bool
		if w.system, ok = w.land.byID(in.System); !ok {
			return &connectors.Error{Code: connectors.ErrSelection, What: "the system was switched off", Do: "leave it out, or switch it on and try again"}
		}
		if w.system.Stop != nil {
			return errStopped
		}
		if w.subject, w.person, w.right, err = personOf(ctx, tx, in.Case); err != nil {
			return err
		}
		if w.run.State == storage.RunDone || w.run.State == storage.RunExcluded {
			return nil
		}
		if dataset.IsAsked(w.system.Kind) && w.run.State == storage.RunRunning { // whoever is asked is still waited for
			return nil
		}
		return tx.StartRun(ctx, w.run)
	})
	return w, err
}

// walk goes through the stages of the plan. The run collects in its own system; in others it only asks for the keys that
// lead to its own rows.
func (w *collecting) walk(ctx context.Context, sink connectors.Sink) error {
	plan, stages, err := w.land.plan(w.person)
	if err != nil {
		return err
	}
	last := -1
	for i, stage := range stages {
		if stage.System == w.system.Key {
			last = i
		}
	}
	var keys []connectors.KeySet
	for _, stage := range stages[:last+1] {
		selection := connectors.Selection{Plan: *plan, Only: stage.Collections, Subject: w.person, Keys: keys, Exports: stage.Exports}
		found, err := w.stage(ctx, stage, selection, sink)
		if err != nil {
			return err
		}
		keys = append(keys, found...)
	}
	return nil
}

func (w *collecting) stage(ctx context.Context, stage dataset.Stage, selection connectors.Selection, sink connectors.Sink) (keys []connectors.KeySet, err error) {
	own := stage.System == w.system.Key
	if !own && len(stage.Exports) == 0 {
		return nil, nil
	}
	if w.land.systems[stage.System].Stop != nil {
		return nil, errStopped // it leads to rows here, and may not be asked for them
	}
	connector, err := w.connect(w.land.systems[stage.System], w.land.datasets[stage.System])
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	activity.RecordHeartbeat(ctx)
	if own {
		if err := connector.Collect(ctx, selection, sink); err != nil {
			return nil, err
		}
	}
	if len(stage.Exports) == 0 {
		return nil, nil
	}
	return connector.Keys(ctx, selection)
}

// Fail records that a system could not be read and asks a person to decide.
func (c *Collection) Fail(ctx context.Context, f contract.Failure) error {
	return named(c.desk.CollectionFailed(ctx, f))
}

// Check tries a system and counts what a request would touch. What is wrong is the answer, not an error.
func (c *Collection) Check(ctx context.Context, in contract.CheckInput) (result contract.CheckResult, err error) {
	var l *landscape
	var person connectors.Subject
	err = c.desk.DB().Read(ctx, in.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		if l, err = survey(ctx, tx); err != nil {
			return err
		}
		switch {
		case in.Case != nil:
			_, person, _, err = personOf(ctx, tx, *in.Case)
		case in.Trial != nil:
			person, err = trialOf(ctx, tx, *in.Trial)
		}
		return err
	})
	if err != nil {
		return result, named(err)
	}
	system, ok := l.byID(in.System)
	if !ok {
		return result, named(fmt.Errorf("active system: %w", storage.ErrNotFound))
	}
	result = c.check(ctx, l, system, in.Case != nil || in.Trial != nil, person)
	return result, named(c.desk.DB().Change(ctx, in.Tenant, collector, func(ctx context.Context, tx *storage.Tx) error {
		outcome, reason := audit.Done, ""
		if len(result.Findings) > 0 {
			outcome, reason = audit.Failed, result.Findings[0].Code
		}
		return tx.SystemTested(ctx, system, outcome, reason)
	}))
}

func (c *Collection) check(ctx context.Context, l *landscape, system storage.System, preview bool, person connectors.Subject) (result contract.CheckResult) {
	if system.Stop != nil {
		return contract.CheckResult{Findings: []contract.Finding{{Code: "stopped", What: "the system was stopped in an emergency", Do: "let it go on first"}}}
	}
	if dataset.IsAsked(system.Kind) {
		return contract.CheckResult{Findings: findings(c.checkAsked(ctx, system))}
	}
	connector, err := c.connect(system, l.datasets[system.Key])
	if err == nil {
		defer func() { result.Findings = append(result.Findings, findings(connector.Close())...) }()
		err = connector.Test(ctx)
	}
	result.Findings = append(findings(err), c.checkChange(ctx, l, system)...)
	if !preview || len(result.Findings) > 0 {
		return result
	}
	w := &collecting{Collection: c, system: system, land: l, person: person}
	counter := &countSink{}
	if err := w.walk(ctx, counter); err != nil && !errors.Is(err, errCounted) {
		result.Findings = findings(err)
	}
	result.Counts = counter.counts
	return result
}

// checkChange tries the way in that may change a system, where there is one.
func (c *Collection) checkChange(ctx context.Context, l *landscape, system storage.System) []contract.Finding {
	if system.Change == "" {
		return nil
	}
	connector, err := c.toChange(system, l.datasets[system.Key])
	if err != nil {
		return findings(err)
	}
	out := findings(connector.Test(ctx))
	declared, err := casework.DeclarationOf(system)
	if lists := l.checkLists(ctx, system, connector, declared.Limits); err == nil && len(lists) > 0 {
		out = append(out, findings(lists)...)
	}
	return append(out, findings(errors.Join(err, connector.Close()))...)
}

// findings puts what a connector said into the words of the contract.
func findings(err error) []contract.Finding {
	var all connectors.Findings
	var single *connectors.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &all):
	case errors.As(err, &single):
		all = connectors.Findings{single}
	default:
		return []contract.Finding{{Code: "error", What: "the system could not be asked", Do: "look into the worker's log"}}
	}
	out := make([]contract.Finding, len(all))
	for i, f := range all {
		out[i] = contract.Finding{Code: string(f.Code), Where: f.Where, What: f.What, Do: f.Do}
	}
	return out
}
