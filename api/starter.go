package api

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"
	"golang.org/x/time/rate"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

const (
	// startsPerSecond is how many workflows one process starts by itself. When more requests than that come in, starting
	// them would take from the callers who wait what nobody waits for: what is accepted is safe, and a start is no hurry.
	startsPerSecond = 20
	// startsAtOnce is how many it starts at the same time.
	startsAtOnce = 4
	// startsTogether is how many starts are recorded in one transaction.
	startsTogether = 32
	// startsWaiting bounds the queue; what does not fit is left to the worker's relay.
	startsWaiting = 64
)

// starter starts the workflows of accepted requests beside the answers. It runs while there is something to start, and
// whatever it does not come to, the worker's relay does.
type starter struct {
	start func(context.Context, storage.Start) error
	db    *storage.DB
	log   *zap.Logger
	clock clockwork.Clock
	limit *rate.Limiter

	mu      sync.Mutex
	waiting []storage.Start
	running bool
}

func newStarter(start func(context.Context, storage.Start) error, db *storage.DB, clock clockwork.Clock, log *zap.Logger) *starter {
	return &starter{start: start, db: db, log: log, clock: clock, limit: rate.NewLimiter(startsPerSecond, startsPerSecond)}
}

// allow says whether this process starts the workflow of another request. Those it does not start count as well: while
// more come in than it would start, and until as much time has passed as they would have taken, the relay starts them all.
func (s *starter) allow() bool {
	now := s.clock.Now()
	return s.limit.ReserveN(now, 1).DelayFrom(now) == 0
}

// push has a workflow started soon; false leaves it to the relay.
func (s *starter) push(start storage.Start) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.waiting) >= startsWaiting {
		return false
	}
	s.waiting = append(s.waiting, start)
	if !s.running {
		s.running = true
		go s.run()
	}
	return true
}

func (s *starter) run() {
	for {
		batch := s.take()
		if len(batch) == 0 {
			return
		}
		s.startAll(context.Background(), batch)
	}
}

// take gives the next starts. When there are none the runner is over, and the next push begins another.
func (s *starter) take() []storage.Start {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := min(len(s.waiting), startsTogether)
	batch := slices.Clone(s.waiting[:n])
	s.waiting = slices.Delete(s.waiting, 0, n)
	s.running = n > 0
	return batch
}

func (s *starter) startAll(ctx context.Context, batch []storage.Start) {
	started := make([]bool, len(batch))
	var group errgroup.Group
	group.SetLimit(startsAtOnce)
	for i, start := range batch {
		group.Go(func() error {
			err := s.start(ctx, start)
			started[i] = err == nil
			if err != nil {
				s.log.Warn("a workflow was not started at once; the relay will", zap.Stringer("tenant", start.TenantID),
					zap.Stringer("case", start.CaseID), zap.Error(err))
			}
			return nil
		})
	}
	_ = group.Wait() // what failed is in the log, and the relay's
	for tenant, done := range byTenant(batch, started) {
		err := s.db.Change(ctx, tenant, casework.System("api"), func(ctx context.Context, tx *storage.Tx) error {
			for _, start := range done {
				if err := tx.StartDone(ctx, start); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.log.Warn("started workflows were not recorded; the relay will", zap.Stringer("tenant", tenant), zap.Error(err))
		}
	}
}

// startNow starts a workflow, or finds it started.
func (s *server) startNow(ctx context.Context, start storage.Start) error {
	return s.engine.Start(ctx, contract.Ref{Tenant: start.TenantID, Case: start.CaseID}, start.Run)
}

func byTenant(batch []storage.Start, started []bool) map[uuid.UUID][]storage.Start {
	done := map[uuid.UUID][]storage.Start{}
	for i, start := range batch {
		if started[i] {
			done[start.TenantID] = append(done[start.TenantID], start)
		}
	}
	return done
}
