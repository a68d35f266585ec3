package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/workflows/contract"
)

// strainEvery is how often databases and queues are looked at.
const strainEvery = 250 * time.Millisecond

// strain is what was busy, and what was waited for, while something was measured.
type strain struct {
	took time.Duration
	// busy is the part of all processors' time that was used, and others the part of that which no program of the measure had; spent are the
	// seconds that each program had.
	busy, others float64
	spent        map[string]float64
	// commits are transactions of each database, opened the sessions, synced the writes of its log that were waited for, written the bytes of it.
	commits map[string]int64
	opened  map[string]int64
	synced  int64
	written int64
	// nodes are the batches of events that Temporal added to histories.
	nodes int64
	// backlog is how many tasks waited for a worker on average, and at most, by the kind of queue.
	backlog, most map[string]float64
	// sessions are those of PostgreSQL that were in the middle of a statement on average, by what they waited for; "cpu" is nothing.
	sessions map[string]float64
}

// watch begins to look; the function that it gives ends it and says what was seen.
func (c *company) watch(ctx context.Context) (func() (strain, error), error) {
	conn, err := c.Connect(ctx)
	if err != nil {
		return nil, err
	}
	temporal, err := c.temporal()
	if err != nil {
		return nil, err
	}
	before, err := c.effort(ctx, conn)
	if err != nil {
		return nil, err
	}
	looking, stop := context.WithCancel(ctx)
	done := make(chan sampled, 1)
	go func() { done <- keepLooking(looking, conn, temporal) }()
	return func() (strain, error) {
		stop()
		seen := <-done
		temporal.Close()
		conn, err := c.Connect(ctx) // the one before was broken off
		if err != nil {
			return strain{}, err
		}
		defer conn.Close(ctx) //nolint:errcheck // only read
		after, err := c.effort(ctx, conn)
		if err != nil {
			return strain{}, err
		}
		s := before.until(after)
		s.backlog, s.most, s.sessions = seen.means()
		return s, seen.err
	}, nil
}

// sampled is what was seen at several moments.
type sampled struct {
	times    int
	backlog  map[string][]float64
	sessions map[string]float64
	err      error
}

// keepLooking looks again and again until it is told to stop.
func keepLooking(ctx context.Context, conn *pgx.Conn, temporal client.Client) sampled {
	s := sampled{backlog: map[string][]float64{}, sessions: map[string]float64{}}
	for {
		err := s.look(ctx, conn, temporal)
		if ctx.Err() != nil {
			_ = conn.Close(context.WithoutCancel(ctx)) // only read
			return s
		}
		if err != nil {
			s.err = err
			return s
		}
		select {
		case <-ctx.Done():
		case <-time.After(strainEvery):
		}
	}
}

func (s *sampled) look(ctx context.Context, conn *pgx.Conn, temporal client.Client) error {
	rows, err := conn.Query(ctx, `SELECT coalesce(wait_event_type || ' ' || wait_event, 'cpu'), count(*) FROM pg_stat_activity
		WHERE state = 'active' AND backend_type = 'client backend' AND pid <> pg_backend_pid() GROUP BY 1`)
	if err != nil {
		return fmt.Errorf("look what PostgreSQL waits for: %w", err)
	}
	var waits string
	var n int
	if _, err := pgx.ForEachRow(rows, []any{&waits, &n}, func() error { s.sessions[waits] += float64(n); return nil }); err != nil {
		return fmt.Errorf("look what PostgreSQL waits for: %w", err)
	}
	if err := s.queues(ctx, temporal); err != nil {
		return err
	}
	s.times++
	return nil
}

// queues asks Temporal how many tasks wait for a worker.
func (s *sampled) queues(ctx context.Context, temporal client.Client) error {
	kinds := map[client.TaskQueueType]string{client.TaskQueueTypeWorkflow: "workflow tasks", client.TaskQueueTypeActivity: "activities"}
	d, err := temporal.DescribeTaskQueueEnhanced(ctx, client.DescribeTaskQueueEnhancedOptions{
		TaskQueue: contract.TaskQueue, TaskQueueTypes: []client.TaskQueueType{client.TaskQueueType(enums.TASK_QUEUE_TYPE_WORKFLOW), client.TaskQueueType(enums.TASK_QUEUE_TYPE_ACTIVITY)}, ReportStats: true,
	})
	if err != nil {
		return fmt.Errorf("ask what waits for a worker: %w", err)
	}
	for kind, name := range kinds {
		waiting := 0.0
		for _, version := range d.VersionsInfo { //nolint:staticcheck // the only call that tells what waits
			if stats := version.TypesInfo[kind].Stats; stats != nil {
				waiting += float64(stats.ApproximateBacklogCount)
			}
		}
		s.backlog[name] = append(s.backlog[name], waiting)
	}
	return nil
}

func (s *sampled) means() (backlog, most, sessions map[string]float64) {
	backlog, most, sessions = map[string]float64{}, map[string]float64{}, map[string]float64{}
	for name, counts := range s.backlog {
		for _, n := range counts {
			backlog[name] += n / float64(len(counts))
		}
		most[name] = slices.Max(counts)
	}
	for name, n := range s.sessions {
		sessions[name] = n / float64(s.times)
	}
	return backlog, most, sessions
}

// short is what says most in one line, for n requests: what they took of the processors depends less on what else the machine had to do than how long it
// took.
func (s strain) short(n int) string {
	total := 0.0
	for _, seconds := range s.spent {
		total += seconds
	}
	var programs []string
	for _, name := range largest(s.spent) {
		if s.spent[name] >= 0.02*total {
			programs = append(programs, fmt.Sprintf("%s %.0f %%", name, 100*s.spent[name]/total))
		}
	}
	return fmt.Sprintf("%.0f ms of processor time a request, of that %s; processors %.0f %% busy, %.0f %% of that with something else",
		1000*total/float64(n), strings.Join(programs, ", "), 100*s.busy, 100*s.others)
}

// lines tells everything, for n requests.
func (s strain) lines(n int) (out []string) {
	out = append(out, s.short(n))
	each := func(count int64) float64 { return float64(count) / float64(n) }
	var commits []string
	for _, name := range largest(s.commits) {
		if s.commits[name] > 0 {
			commits = append(commits, fmt.Sprintf("%s %.0f in %.1f sessions", name, each(s.commits[name]), each(s.opened[name])))
		}
	}
	out = append(out, "transactions a request by database: "+strings.Join(commits, ", "))
	out = append(out, fmt.Sprintf("PostgreSQL's log: %.0f syncs and %.0f KiB a request, %.0f syncs a second", each(s.synced), each(s.written)/1024, float64(s.synced)/s.took.Seconds()))
	out = append(out, fmt.Sprintf("Temporal's histories: %.0f batches of events a request", each(s.nodes)))
	for _, name := range largest(s.backlog) {
		out = append(out, fmt.Sprintf("%s that wait for a worker: %.1f on average, %.0f at most", name, s.backlog[name], s.most[name]))
	}
	var waits []string
	for _, name := range largest(s.sessions) {
		if s.sessions[name] >= 0.05 {
			waits = append(waits, fmt.Sprintf("%s %.2f", name, s.sessions[name]))
		}
	}
	return append(out, "sessions of PostgreSQL in a statement by what they wait for, on average: "+strings.Join(waits, ", "))
}

// largest gives the names with the largest first.
func largest[N int64 | float64](of map[string]N) []string {
	var names []string
	for name := range of {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int {
		switch {
		case of[a] > of[b]:
			return -1
		case of[a] < of[b]:
			return 1
		}
		return strings.Compare(a, b)
	})
	return names
}
