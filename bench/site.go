package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"sync/atomic"
	"time"

	"go.temporal.io/sdk/client"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/bench/rig"
	"github.com/privacy-docket/docket/deploy/local"
)

// site is a rig with a tenant and running processes.
type site struct {
	*rig.Rig
	tenant  rig.Tenant
	servers []rig.Server
	workers []*local.Part
}

// site starts a rig with so many server and worker processes.
func (b *bench) site(ctx context.Context, servers, workers int) (*site, error) {
	return b.siteWith(ctx, rig.Options{}, servers, workers)
}

// siteWith is site with options of a rig.
func (b *bench) siteWith(ctx context.Context, opts rig.Options, servers, workers int) (*site, error) {
	opts.Dir, opts.Docket = filepath.Join(b.dir, "rig"), b.docket
	r, err := rig.Start(ctx, opts)
	if err != nil {
		return nil, err
	}
	s := &site{Rig: r}
	if err := s.populate(ctx, servers, workers); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *site) populate(ctx context.Context, servers, workers int) (err error) {
	if s.tenant, err = s.AddTenant(ctx, "bench"); err != nil {
		return err
	}
	for i := range servers {
		server, err := s.StartServer(ctx, fmt.Sprintf("server-%d", i+1))
		if err != nil {
			return err
		}
		s.servers = append(s.servers, server)
	}
	for range workers {
		if err := s.addWorker(ctx); err != nil {
			return err
		}
	}
	return nil
}

// addWorker starts one more worker process.
func (s *site) addWorker(ctx context.Context) error {
	worker, err := s.StartWorker(ctx, fmt.Sprintf("worker-%d", len(s.workers)+1), s.servers[0])
	if err != nil {
		return err
	}
	s.workers = append(s.workers, worker)
	return nil
}

func (s *site) close() {
	if err := s.Close(); err != nil {
		fmt.Println("stop the servers:", err)
	}
}

// temporal makes a plain client: floors need neither codec nor anything else of ours.
func (s *site) temporal() (client.Client, error) {
	a := s.Stack.Addresses()
	c, err := client.Dial(client.Options{HostPort: a.Temporal, Namespace: a.Namespace, Logger: quiet{},
		ConnectionOptions: client.ConnectionOptions{GrpcCompression: &client.GrpcCompressionNone{}}, // as Docket's own
	})
	if err != nil {
		return nil, fmt.Errorf("reach Temporal: %w", err)
	}
	return c, nil
}

// settled waits until every accepted request waits for identity, every letter is taken and every audit event is placed.
func (s *site) settled(ctx context.Context) error {
	conn, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // only read
	for {
		var left int
		err := conn.QueryRow(ctx, `SELECT (SELECT count(*) FROM cases WHERE state = 'received')
			+ (SELECT count(*) FROM messages WHERE state = 'queued') + (SELECT count(*) FROM audit_events WHERE leaf_index IS NULL)`).Scan(&left)
		if err != nil {
			return fmt.Errorf("look what is left to do: %w", err)
		}
		if left == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// together does n things, as many at a time as there are callers, and says how long all of them took.
func together(ctx context.Context, n int, do func(ctx context.Context, i int) error) (time.Duration, error) {
	return inTurns(ctx, clients, n, do)
}

// inTurns does n things with some callers, each of which takes the next when it is done.
func inTurns(ctx context.Context, callers, n int, do func(ctx context.Context, i int) error) (time.Duration, error) {
	var next atomic.Int64
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for range callers {
		group.Go(func() error {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				if err := do(ctx, int(i)); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := group.Wait()
	return time.Since(began), err
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

func rate(perSecond float64) string { return fmt.Sprintf("%.0f/s", perSecond) }

// quiet is a log that is not read.
type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

// analysed has PostgreSQL look at what is in the tables now, as it does by itself within a minute: plans made for empty
// tables are not those of a register in use.
func (s *site) analysed(ctx context.Context) error {
	conn, err := s.Connect(ctx)
	if err != nil {
		return err
	}
	defer conn.Close(ctx) //nolint:errcheck // the statement was checked
	if _, err := conn.Exec(ctx, "VACUUM ANALYZE"); err != nil {
		return fmt.Errorf("analyse the register: %w", err)
	}
	return nil
}
