// Package throttle keeps one caller from taking what is meant for all: a bucket of tokens per key, by address, tenant or
// mailbox. The buckets are this process's own; behind several processes each lets its share through.
package throttle

import (
	"math"
	"net/netip"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
	"golang.org/x/time/rate"
)

// Rule is how much a key may do: Burst at once, and then one more per Every.
type Rule struct {
	Every time.Duration
	Burst int
}

// maxKeys bounds the memory that strangers can make a limiter take: past it, the buckets that are full again go first.
const maxKeys = 100_000

// Limiter holds a bucket per key. It is safe for concurrent use.
type Limiter struct {
	rule  Rule
	clock clockwork.Clock

	mu      sync.Mutex
	buckets map[string]*bucket
}

type bucket struct {
	tokens *rate.Limiter
	used   time.Time
}

// New makes a limiter.
func New(rule Rule, clock clockwork.Clock) *Limiter {
	return &Limiter{rule: rule, clock: clock, buckets: map[string]*bucket{}}
}

// Allow takes a token of the key. When there is none it says after how long to come back.
func (l *Limiter) Allow(key string) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	b, known := l.buckets[key]
	if !known {
		l.makeRoom(now)
		b = &bucket{tokens: rate.NewLimiter(rate.Every(l.rule.Every), l.rule.Burst)}
		l.buckets[key] = b
	}
	b.used = now
	if b.tokens.AllowN(now, 1) {
		return true, 0
	}
	missing := 1 - b.tokens.TokensAt(now)
	return false, time.Duration(math.Ceil(missing * float64(l.rule.Every)))
}

// makeRoom drops the buckets that have filled up again: forgetting them changes nothing. Under a flood of keys none has,
// and then all are dropped rather than memory exhausted.
func (l *Limiter) makeRoom(now time.Time) {
	if len(l.buckets) < maxKeys {
		return
	}
	full := time.Duration(l.rule.Burst) * l.rule.Every
	for key, b := range l.buckets {
		if now.Sub(b.used) >= full {
			delete(l.buckets, key)
		}
	}
	if len(l.buckets) >= maxKeys {
		clear(l.buckets)
	}
}

// Origin names who an address counts as. Whoever has one IPv6 address has the 2^64 beside it, so those count as one.
func Origin(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}
