package workflows

import (
	"slices"
	"time"

	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows/contract"
)

// bell is the one timer of a run. Each clock and each phase says until when it waits; the timer stands at the soonest of
// these moments, for every timer more would be a row in Temporal's database for as long as the case is open.
type bell struct {
	moments []*time.Time // one for each who waits
	moved   bool         // a moment was added since the timer was set
}

// awaitChange waits until the register's view of the case is replaced, or until a moment; woken says which.
func (r *request) awaitChange(ctx workflow.Context, until time.Time) (woken bool, err error) {
	if !workflow.Now(ctx).Before(until) {
		return false, nil
	}
	seen := r.seen
	if r.in.Version < contract.OneTimer {
		return workflow.AwaitWithOptions(ctx, workflow.AwaitOptions{
			Timeout: until.Sub(workflow.Now(ctx)), TimerOptions: workflow.TimerOptions{Summary: "next date"},
		}, func() bool { return r.seen != seen })
	}
	r.bell.moments, r.bell.moved = append(r.bell.moments, &until), true
	err = workflow.Await(ctx, func() bool { return r.seen != seen || !workflow.Now(ctx).Before(until) })
	r.bell.moments = slices.DeleteFunc(r.bell.moments, func(m *time.Time) bool { return m == &until })
	return r.seen != seen, err
}

// forget drops the moments that have come: whoever waited for one is about to notice.
func (b *bell) forget(now time.Time) {
	b.moments = slices.DeleteFunc(b.moments, func(m *time.Time) bool { return !m.After(now) })
}

// soonest is the next moment that somebody waits for; the zero time when nobody does.
func (b *bell) soonest() (at time.Time) {
	for _, m := range b.moments {
		if at.IsZero() || m.Before(at) {
			at = *m
		}
	}
	return at
}

// ring keeps the timer at the soonest moment. While the register is being asked the dates may move, so a timer is set
// after the answer. One that turns out too early, because what it stood for has passed, wakes nobody and is set anew.
func (r *request) ring(ctx workflow.Context) {
	for {
		err := workflow.Await(ctx, func() bool { return r.bell.moved && !r.turn.IsLocked() && len(r.bell.moments) > 0 })
		if err != nil {
			return
		}
		r.bell.moved = false
		at := r.bell.soonest()
		inner, cancel := workflow.WithCancel(ctx)
		timer := workflow.NewTimerWithOptions(inner, at.Sub(workflow.Now(ctx)), workflow.TimerOptions{Summary: "next date"})
		err = workflow.Await(ctx, func() bool {
			return timer.IsReady() || r.bell.moved && !r.turn.IsLocked() && r.bell.soonest().Before(at)
		})
		cancel()
		if err != nil {
			return
		}
		r.bell.forget(workflow.Now(ctx))
		r.bell.moved = true
	}
}
