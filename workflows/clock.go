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

// clockPause is how long a clock waits before it tries a milestone again that could not be recorded.
const clockPause = 15 * time.Minute

// keep is the clock of one obligation. It sets one timer, to the next milestone; when that or anything else wakes it, it
// looks at the date of now. Reminders come before the earliest safe day, the due moment makes the obligation overdue,
// and the ladder is climbed and its last rung repeated until somebody acknowledges.
func (r *request) keep(ctx workflow.Context, kind string) {
	if r.reached[kind].IsZero() {
		r.reached[kind] = workflow.Now(ctx)
	}
	for ctx.Err() == nil {
		o := r.obligation(kind)
		next := nextMilestones(o, r.reached[kind], workflow.Now(ctx))
		if len(next) == 0 {
			seen := r.seen
			if err := workflow.Await(ctx, func() bool { return r.seen != seen }); err != nil {
				return
			}
			continue
		}
		woken, err := r.awaitChange(ctx, next[0].At)
		if err != nil {
			return
		}
		if woken {
			continue
		}
		if err := r.reach(ctx, o, next); err != nil {
			workflow.GetLogger(ctx).Error("could not record a milestone", "kind", kind, "error", err)
			if _, err := r.awaitChange(ctx, workflow.Now(ctx).Add(clockPause)); err != nil {
				return
			}
			continue
		}
		r.reached[kind] = next[0].At
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

// nextMilestones is what the ladder has to say after a moment: everything that falls on the next one, for a reminder and a
// rung may share it, and so do the cautious reading and the law's own limit where they agree. Nothing, when the
// obligation is not owed now; and no more escalation once somebody has taken it over. A due moment that went by while no
// clock ran is caught up with, and the rungs above it are; reminders are not, and of repetitions missed only the last is.
func nextMilestones(o contract.Obligation, after, now time.Time) []privacy.Milestone {
	if o.State != string(privacy.ObligationOpen) && o.State != string(privacy.ObligationOverdue) {
		return nil
	}
	if o.State == string(privacy.ObligationOpen) && !now.Before(o.Due) {
		after = o.Due.Add(-1)
	}
	deadline := privacy.Deadline{Due: o.Due, EarliestSafe: o.EarliestSafe}
	for {
		next, ok := o.Ladder.Next(deadline, after)
		if !ok {
			return nil
		}
		if next.Kind == privacy.MilestoneRepeat {
			if o.Acknowledged {
				return nil
			}
			next.At = next.At.Add(max(0, now.Sub(next.At)).Truncate(o.Ladder.Repeat))
			return []privacy.Milestone{next}
		}
		if due := together(o, deadline, next.At); len(due) > 0 {
			return due
		}
		after = next.At
	}
}

// together lists the milestones of one moment. The end of the cautious reading is not told beside the end of the law's own.
func together(o contract.Obligation, deadline privacy.Deadline, at time.Time) []privacy.Milestone {
	var out []privacy.Milestone
	for _, m := range o.Ladder.Milestones(deadline) {
		told := m.Kind == privacy.MilestoneEscalation && o.Acknowledged || m.Kind == privacy.MilestoneSafe && at.Equal(o.Due)
		if m.At.Equal(at) && !told {
			out = append(out, m)
		}
	}
	return out
}

// reach records milestones, one after the other; what was recorded before stays as it is.
func (r *request) reach(ctx workflow.Context, o contract.Obligation, milestones []privacy.Milestone) error {
	if err := r.turn.Lock(ctx); err != nil {
		return err
	}
	defer r.turn.Unlock()
	for _, m := range milestones {
		var view contract.View
		in := contract.Milestone{Ref: r.in.Ref, Obligation: o.ID, Milestone: m}
		if err := workflow.ExecuteActivity(step(ctx), contract.ActivityMilestone, in).Get(ctx, &view); err != nil {
			return err
		}
		r.see(ctx, view)
	}
	return nil
}
