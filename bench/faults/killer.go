package main

import (
	"context"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/privacy-docket/docket/deploy/local"
)

// The paces of a storm: how long a part runs before it is killed, and how long it stays away.
const (
	calmLeast, calmMost = 8 * time.Second, 30 * time.Second
	awayMost            = 4 * time.Second
	bringBackEvery      = 500 * time.Millisecond
)

// outage is a time in which a part was not there.
type outage struct {
	part     local.PartName
	from, to time.Time
}

// killer kills parts and brings them back.
type killer struct {
	mu      sync.Mutex
	outages []outage
}

// storm kills each part with -9 at random, each by itself, until the context ends; then all of them run again. A part
// that ended without being killed, as a worker does that is started while the register is away, is brought back as an
// operator's supervisor would.
func (k *killer) storm(ctx context.Context, seed uint64, parts []*local.Part) {
	var group sync.WaitGroup
	for i, part := range parts {
		chance := rand.New(rand.NewPCG(seed, uint64(i))) //nolint:gosec // a schedule that can be repeated, not a secret
		group.Go(func() {
			for k.rest(ctx, part, between(chance, calmLeast, calmMost)) {
				k.outage(ctx, part, between(chance, 0, awayMost))
			}
			k.bringBack(context.WithoutCancel(ctx), part)
		})
	}
	group.Wait()
}

// outage kills a part, leaves it down for a time and starts it again.
func (k *killer) outage(ctx context.Context, part *local.Part, down time.Duration) {
	gone := outage{part: part.Name(), from: time.Now()}
	_ = part.Kill() // it is refused for external parts only
	pause(ctx, down)
	k.bringBack(context.WithoutCancel(ctx), part)
	gone.to = time.Now()
	k.mu.Lock()
	defer k.mu.Unlock()
	k.outages = append(k.outages, gone)
}

// rest waits, and keeps the part up meanwhile; false when the storm is over.
func (k *killer) rest(ctx context.Context, part *local.Part, d time.Duration) bool {
	until := time.Now().Add(d)
	for time.Now().Before(until) {
		if !pause(ctx, bringBackEvery) {
			return false
		}
		if part.PID() == 0 {
			k.bringBack(context.WithoutCancel(ctx), part)
		}
	}
	return true
}

// bringBack starts a part until it runs.
func (k *killer) bringBack(ctx context.Context, part *local.Part) {
	for part.PID() == 0 {
		if part.Start(ctx) == nil {
			return
		}
		pause(ctx, bringBackEvery)
	}
}

// kills counts how often each part was killed.
func (k *killer) kills() map[local.PartName]int {
	k.mu.Lock()
	defer k.mu.Unlock()
	counts := map[local.PartName]int{}
	for _, o := range k.outages {
		counts[o.part]++
	}
	return counts
}

func between(chance *rand.Rand, least, most time.Duration) time.Duration {
	return least + time.Duration(chance.Int64N(int64(most-least)))
}

// pause waits; false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// keepUp starts again what ends by itself, until the context does; what it gives waits for that.
func (s *scene) keepUp(ctx context.Context, parts []*local.Part) (wait func()) {
	var group sync.WaitGroup
	group.Go(func() {
		for pause(ctx, bringBackEvery) {
			for _, part := range parts {
				if part.PID() == 0 {
					starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), startTime)
					_ = part.Start(starting) // the next round tries again
					cancel()
				}
			}
		}
	})
	return group.Wait
}

// startTime bounds one try to start a part.
const startTime = 20 * time.Second
