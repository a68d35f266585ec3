package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"github.com/privacy-docket/docket/workflows"
)

// drive: requests brought to where the person has to prove who they are, everything included: accepted over HTTP, started,
// loaded, begun, acknowledged by mail with a code, recorded in the audit log. Beside it, a bare workflow that runs as many
// activities and waits. Docket's first activity is a local one; what the floor does when its first is one as well is noted.
func drive(ctx context.Context, b *bench) error {
	n := b.size(2000)
	s, err := b.drivenSite(ctx, 1, 1, n/10)
	if err != nil {
		return err
	}
	defer s.close()
	var ours, floor, likewise []float64
	for round := range 3 {
		took, err := s.bareDriven(ctx, n, bareWorkflow)
		if err != nil {
			return err
		}
		floor = append(floor, float64(n)/took.Seconds())
		if took, err = s.bareDriven(ctx, n, bareLocalWorkflow); err != nil {
			return err
		}
		likewise = append(likewise, float64(n)/took.Seconds())
		began := time.Now()
		if err := s.driven(ctx, fmt.Sprintf("drive%d", round), n); err != nil {
			return err
		}
		ours = append(ours, float64(n)/time.Since(began).Seconds())
		b.say("  floor %.0f/s, with a local activity %.0f/s, Docket %.0f/s", floor[round], likewise[round], ours[round])
	}
	o, f := median(ours), median(floor)
	b.report.add("requests driven to waiting for identity", rate(o), rate(f)+" bare workflows with 2 activities", o/f, true, 0.6)
	b.report.note("bare workflows whose first activity is a local one", rate(median(likewise)))
	return nil
}

// drivenSite is a site that has driven some requests, and whose register has been looked at since.
func (b *bench) drivenSite(ctx context.Context, servers, workers, warm int) (*site, error) {
	s, err := b.site(ctx, servers, workers)
	if err != nil {
		return nil, err
	}
	err = s.driven(ctx, "warm", warm)
	if err == nil {
		err = s.analysed(ctx)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *site) driven(ctx context.Context, prefix string, n int) error {
	if _, err := s.file(ctx, prefix, n); err != nil {
		return err
	}
	return s.settled(ctx)
}

// bareWorkflow runs as many activities as a request does on its way to the wait for identity, tells that it is there, and
// waits.
func bareWorkflow(arrived func()) any {
	return func(ctx workflow.Context, nothing string) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		if err := workflow.ExecuteActivity(ctx, "bare-activity", nothing).Get(ctx, nil); err != nil {
			return err
		}
		return bareRest(ctx, nothing, arrived)
	}
}

// bareLocalWorkflow is bareWorkflow with the first activity within the workflow's own task.
func bareLocalWorkflow(arrived func()) any {
	return func(ctx workflow.Context, nothing string) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute})
		ctx = workflow.WithLocalActivityOptions(ctx, workflow.LocalActivityOptions{ScheduleToCloseTimeout: time.Minute})
		if err := workflow.ExecuteLocalActivity(ctx, "bare-activity", nothing).Get(ctx, nil); err != nil {
			return err
		}
		return bareRest(ctx, nothing, arrived)
	}
}

// bareRest is the second activity, and the wait.
func bareRest(ctx workflow.Context, nothing string, arrived func()) error {
	if err := workflow.ExecuteActivity(ctx, "bare-activity", nothing).Get(ctx, nil); err != nil {
		return err
	}
	if !workflow.IsReplaying(ctx) {
		arrived()
	}
	return workflow.Sleep(ctx, time.Hour)
}

// bareDriven starts n bare workflows and waits until each of them waits.
func (s *site) bareDriven(ctx context.Context, n int, bare func(arrived func()) any) (time.Duration, error) {
	temporal, err := s.temporal()
	if err != nil {
		return 0, err
	}
	defer temporal.Close()
	waits := make(chan struct{}, n)
	queue := "bench-bare-" + uuid.NewString() // its own: Temporal goes on giving tasks to pollers of a worker that was just stopped
	w := worker.New(temporal, queue, asDockets())
	w.RegisterWorkflowWithOptions(bare(func() { waits <- struct{}{} }), workflow.RegisterOptions{Name: "bare"})
	w.RegisterActivityWithOptions(func(context.Context, string) error { return nil }, activity.RegisterOptions{Name: "bare-activity"})
	if err := w.Start(); err != nil {
		return 0, fmt.Errorf("start the floor's worker: %w", err)
	}
	defer w.Stop()
	began := time.Now()
	_, err = together(ctx, n, func(ctx context.Context, _ int) error {
		_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: "bare/" + uuid.NewString(), TaskQueue: queue}, "bare", "")
		return err
	})
	if err != nil {
		return 0, err
	}
	for range n {
		select {
		case <-waits:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return time.Since(began), nil
}

// asDockets are the options of Docket's own worker, so that the floor has no handicap.
func asDockets() worker.Options {
	return worker.Options{WorkflowTaskPollerBehavior: workflows.Pollers(), ActivityTaskPollerBehavior: workflows.Pollers()}
}
