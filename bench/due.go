package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"
)

const (
	// dueRounds is how often all of them come due, and all of the floor's timers end.
	dueRounds = 2
	// dueSpace is the time between two rounds, and so the most that one may take.
	dueSpace = 5 * time.Minute
	// dueDrive is how many requests a second even a slow machine brings to where they wait.
	dueDrive = 30
)

// due: 10,000 cases whose answers are owed on the same day, and so are reminded of in the same minute: from that minute on
// until every reminder stands in the register. Beside it as many bare workflows that wait for a moment and then run an
// empty activity. They take turns: floor, Docket, floor.
func due(ctx context.Context, b *bench) error {
	s, err := b.site(ctx, 1, 0)
	if err != nil {
		return err
	}
	defer s.close()
	n := b.size(10_000)
	// Under the GDPR the clock stands still while the person is asked who they are; under the CCPA it runs.
	if _, err := s.fileUnder(ctx, "ccpa", "due", n); err != nil {
		return err
	}
	first := time.Now().Add(time.Minute + time.Duration(n/dueDrive)*time.Second).Truncate(time.Second)
	if err := s.remindAt(ctx, first); err != nil {
		return err
	}
	if err := s.analysed(ctx); err != nil {
		return err
	}
	if err := s.addWorker(ctx); err != nil {
		return err
	}
	b.say("  %d requests are brought to where they wait", n)
	if err := s.settled(ctx); err != nil {
		return err
	}
	bare, err := s.newBareTimers(ctx, n, first.Add(dueSpace/2))
	if err != nil {
		return err
	}
	defer bare.stop()
	if late := time.Since(first); late > 0 {
		return fmt.Errorf("this machine brought %d requests to where they wait %s too late for the measure", n, late.Round(time.Second))
	}
	var ours, floor []float64
	for round := range dueRounds {
		took, err := s.reminded(ctx, n, first.Add(time.Duration(round)*dueSpace))
		if err != nil {
			return err
		}
		ended, err := bare.ended(ctx, round)
		if err != nil {
			return err
		}
		ours, floor = append(ours, took.Seconds()), append(floor, ended.Seconds())
		b.say("  floor %.1f s, Docket %.1f s", floor[round], ours[round])
	}
	o, f := median(ours), median(floor)
	b.report.add(fmt.Sprintf("%d reminders of the same minute", n), seconds(o), seconds(f)+" bare timers with an activity each", o/f, false, 1.7)
	return nil
}

// remindAt gives the answer owed of every case a ladder that reminds of it at these times. The worker has not looked at
// any of them yet.
func (s *site) remindAt(ctx context.Context, first time.Time) error {
	conn, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // the statement was checked
	_, err = conn.Exec(ctx, `UPDATE obligations SET ladder = jsonb_set(ladder, '{reminders}', (
			SELECT jsonb_agg((extract(epoch FROM earliest_safe - ($1::timestamptz + i * $2::interval)) * 1000000000)::bigint)
			FROM generate_series(0, $3::integer - 1) i))
		WHERE kind = 'respond'`, first, dueSpace, dueRounds)
	if err != nil {
		return fmt.Errorf("set the times of the reminders: %w", err)
	}
	return nil
}

// reminded waits until a round's reminders stand in the register, and says how long after their time the last of them did.
func (s *site) reminded(ctx context.Context, n int, at time.Time) (time.Duration, error) {
	conn, err := s.Connect(ctx)
	if err != nil {
		return 0, err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	deadline := at.Add(dueSpace)
	for {
		if err := sleepUntil(ctx, later(at, time.Now().Add(time.Second))); err != nil {
			return 0, err
		}
		var recorded int
		var last *time.Time
		err := conn.QueryRow(ctx, "SELECT count(*), max(recorded_at) FROM obligation_milestones WHERE at = $1 AND kind = 'reminder'", at).Scan(&recorded, &last)
		if err != nil {
			return 0, fmt.Errorf("count the reminders: %w", err)
		}
		if recorded == n {
			return last.Sub(at), nil
		}
		if time.Now().After(deadline) {
			return 0, fmt.Errorf("%d of %d reminders were recorded after %s", recorded, n, dueSpace)
		}
	}
}

// bareTimers are the floor: workflows that wait for a moment and then run an empty activity, round after round.
type bareTimers struct {
	client client.Client
	worker worker.Worker
	n      int64
	first  time.Time
	rounds [dueRounds]struct {
		done atomic.Int64
		last atomic.Int64 // when the last one ended, in nanoseconds
	}
}

const bareTimersQueue = "bench-bare-timers"

func (s *site) newBareTimers(ctx context.Context, n int, first time.Time) (*bareTimers, error) {
	temporal, err := s.temporal()
	if err != nil {
		return nil, err
	}
	t := &bareTimers{client: temporal, n: int64(n), first: first}
	t.worker = worker.New(temporal, bareTimersQueue, asDockets())
	t.worker.RegisterWorkflowWithOptions(t.workflow, workflow.RegisterOptions{Name: "bare-timers"})
	t.worker.RegisterActivityWithOptions(t.activity, activity.RegisterOptions{Name: "bare-round"})
	if err := t.worker.Start(); err != nil {
		temporal.Close()
		return nil, fmt.Errorf("start the floor's worker: %w", err)
	}
	_, err = together(ctx, n, func(ctx context.Context, _ int) error {
		_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "timers/" + uuid.NewString(), TaskQueue: bareTimersQueue}, "bare-timers", first)
		return err
	})
	if err != nil {
		t.stop()
		return nil, err
	}
	return t, nil
}

func (t *bareTimers) workflow(ctx workflow.Context, first time.Time) error {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
	for round := range dueRounds {
		at := first.Add(time.Duration(round) * dueSpace)
		if err := workflow.Sleep(ctx, at.Sub(workflow.Now(ctx))); err != nil {
			return err
		}
		if err := workflow.ExecuteActivity(ctx, "bare-round", round).Get(ctx, nil); err != nil {
			return err
		}
	}
	return nil
}

func (t *bareTimers) activity(_ context.Context, round int) error {
	r := &t.rounds[round]
	r.last.Store(time.Now().UnixNano())
	r.done.Add(1)
	return nil
}

// ended waits for the end of a round, and says how long after its time that was.
func (t *bareTimers) ended(ctx context.Context, round int) (time.Duration, error) {
	at := t.first.Add(time.Duration(round) * dueSpace)
	if time.Now().After(at) {
		return 0, errors.New("the reminders took so long that the floor's timers ended meanwhile")
	}
	if err := sleepUntil(ctx, at); err != nil {
		return 0, err
	}
	r := &t.rounds[round]
	for r.done.Load() < t.n {
		if err := sleepUntil(ctx, time.Now().Add(50*time.Millisecond)); err != nil {
			return 0, err
		}
	}
	return time.Unix(0, r.last.Load()).Sub(at), nil
}

func (t *bareTimers) stop() {
	t.worker.Stop()
	t.client.Close()
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func sleepUntil(ctx context.Context, at time.Time) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Until(at)):
		return nil
	}
}
