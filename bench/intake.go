package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"go.temporal.io/sdk/client"

	docket "github.com/privacy-docket/docket/client"
)

// clients is how many callers file requests at the same time.
const clients = 32

// intake: accepted requests per second through HTTP, beside bare starts of workflows by as many callers on the same
// Temporal. Everything runs: what is accepted is started, acknowledged by mail and placed in the audit log meanwhile.
func intake(ctx context.Context, b *bench) error {
	n := b.size(6000)
	s, err := b.drivenSite(ctx, 1, 1, n/20)
	if err != nil {
		return err
	}
	defer s.close()
	temporal, err := s.temporal()
	if err != nil {
		return err
	}
	defer temporal.Close()
	var ours, floor []float64
	for round := range 3 {
		starts, err := together(ctx, n/2, func(ctx context.Context, _ int) error {
			return bareStart(ctx, temporal, "bench-nobody", "bare")
		})
		if err != nil {
			return err
		}
		floor = append(floor, float64(n/2)/starts.Seconds())
		took, err := s.file(ctx, fmt.Sprintf("intake%d", round), n)
		if err != nil {
			return err
		}
		ours = append(ours, float64(n)/took.Seconds())
		began := time.Now()
		if err := s.settled(ctx); err != nil {
			return err
		}
		b.say("  %d accepted in %s, all of them waiting for identity %s later", n, took.Round(time.Millisecond), time.Since(began).Round(time.Second))
	}
	o, f := median(ours), median(floor)
	b.report.add("accepted requests through HTTP, 32 clients", rate(o), rate(f)+" bare workflow starts", o/f, true, 2)
	return nil
}

// bareStart starts a workflow that nobody works on.
func bareStart(ctx context.Context, temporal client.Client, queue, workflow string) error {
	_, err := temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{ID: workflow + "/" + uuid.NewString(), TaskQueue: queue}, workflow)
	return err
}

// file files n requests with as many callers as there are, spread over the servers.
func (s *site) file(ctx context.Context, prefix string, n int) (time.Duration, error) {
	return s.fileUnder(ctx, "", prefix, n)
}

// fileUnder files them under a regime; "" is the tenant's own.
func (s *site) fileUnder(ctx context.Context, regime, prefix string, n int) (time.Duration, error) {
	var callers []*docket.Client
	for _, server := range s.servers {
		c, err := docket.New(docket.Config{URL: server.URL, Key: s.tenant.Key, Transport: &http.Transport{MaxIdleConnsPerHost: clients}})
		if err != nil {
			return 0, err
		}
		callers = append(callers, c)
	}
	return together(ctx, n, func(ctx context.Context, i int) error {
		_, err := callers[i%len(callers)].CreateRequest(ctx, docket.NewIdempotencyKey(), docket.NewRequest{
			Person: docket.Person{Name: "Bench Person", Email: fmt.Sprintf("%s-%d@bench.example", prefix, i)},
			Right:  "access", Regime: regime, Channel: "api", Language: "en", Details: "Everything you hold about me.",
		})
		return err
	})
}
