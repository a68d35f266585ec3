package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/workflows/contract"
)

// startClocks runs one clock per obligation beside the work, for obligations that come later as well.
func (r *request) startClocks(ctx workflow.Context) {
	running := map[string]bool{}
	workflow.Go(ctx, func(ctx workflow.Context) {
		for ctx.Err() == nil {
			for _, o := range r.view.Obligations {
				if running[o.Kind] {
					continue
				}
				running[o.Kind] = true
				workflow.GoNamed(ctx, "clock-"+o.Kind, func(ctx workflow.Context) { r.keep(ctx, o.Kind) })
			}
			seen := r.seen
			if err := workflow.Await(ctx, func() bool { return r.seen != seen }); err != nil {
				return
			}
		}
	})
}

// keep is the clock of one obligation. It sets one timer, to the next milestone; when that or anything else wakes it, it
// looks at the date of now. Reminders come before the earliest safe day, the due moment makes the obligation overdue,
// and the ladder is climbed and its last rung repeated until somebody acknowledges.
func (r *request) keep(ctx workflow.Context, kind string) {
	last := workflow.Now(ctx)
	for ctx.Err() == nil {
		o := r.obligation(kind)
		next, ok := nextMilestone(o, last)
		if !ok {
			seen := r.seen
			if err := workflow.Await(ctx, func() bool { return r.seen != seen }); err != nil {
				return
			}
			continue
		}
		woken, err := r.awaitChange(ctx, next.At)
		if err != nil {
			return
		}
		if woken {
			continue
		}
		last = next.At
		if err := r.reach(ctx, o, next); err != nil {
			workflow.GetLogger(ctx).Error("could not record a milestone", "kind", kind, "error", err)
		}
	}
}

func (r *request) obligation(kind string) contract.Obligation {
	for _, o := range r.view.Obligations {
		if o.Kind == kind {
			return o
		}
	}
	return contract.Obligation{}
}

// nextMilestone is what the ladder has to say after a moment. Nothing, when the obligation is not owed now; and no more
// escalation once somebody has taken it over.
func nextMilestone(o contract.Obligation, after time.Time) (privacy.Milestone, bool) {
	if o.State != "open" && o.State != "overdue" {
		return privacy.Milestone{}, false
	}
	deadline := privacy.Deadline{Due: o.Due, EarliestSafe: o.EarliestSafe}
	for {
		next, ok := o.Ladder.Next(deadline, after)
		if !ok {
			return next, false
		}
		escalates := next.Kind == privacy.MilestoneEscalation || next.Kind == privacy.MilestoneRepeat
		if !o.Acknowledged || !escalates {
			return next, true
		}
		if next.Kind == privacy.MilestoneRepeat {
			return next, false
		}
		after = next.At
	}
}

func (r *request) reach(ctx workflow.Context, o contract.Obligation, m privacy.Milestone) error {
	if err := r.turn.Lock(ctx); err != nil {
		return err
	}
	defer r.turn.Unlock()
	var view contract.View
	in := contract.Milestone{Ref: r.in.Ref, Obligation: o.ID, Milestone: m}
	if err := workflow.ExecuteActivity(register(ctx), contract.ActivityMilestone, in).Get(ctx, &view); err != nil {
		return err
	}
	r.see(ctx, view)
	return nil
}
