// Package throttle keeps one caller from taking what is meant for all: a bucket of tokens per key, by address, tenant or
// mailbox. The buckets are this process's own; behind several processes each lets its share through.
package throttle

import (
	"net/netip"
	"sync"
	"time"

	"github.com/jonboulle/clockwork"
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

	mu sync.Mutex
	// full is when a bucket has all its tokens again: each taken one puts that off by Every.
	full map[string]time.Time
}

// New makes a limiter.
func New(rule Rule, clock clockwork.Clock) *Limiter {
	return &Limiter{rule: rule, clock: clock, full: map[string]time.Time{}}
}

// Allow takes a token of the key. When there is none it says after how long to come back.
func (l *Limiter) Allow(key string) (ok bool, wait time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	full, known := l.full[key]
	if !known {
		l.makeRoom(now)
	}
	whole := time.Duration(l.rule.Burst) * l.rule.Every
	missing := min(max(full.Sub(now), 0), whole) // no more than all, where the clock was set back
	if wait := missing + l.rule.Every - whole; wait > 0 {
		l.full[key] = now.Add(missing)
		return false, wait
	}
	l.full[key] = now.Add(missing + l.rule.Every)
	return true, 0
}

// GiveBack returns a token that was taken for something that did not come to pass.
func (l *Limiter) GiveBack(key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if full, known := l.full[key]; known {
		l.full[key] = full.Add(-l.rule.Every)
	}
}

// makeRoom drops the buckets that have filled up again: forgetting them changes nothing. Under a flood of keys none has,
// and then all are dropped rather than memory exhausted.
func (l *Limiter) makeRoom(now time.Time) {
	if len(l.full) < maxKeys {
		return
	}
	for key, full := range l.full {
		if !full.After(now) {
			delete(l.full, key)
		}
	}
	if len(l.full) >= maxKeys {
		clear(l.full)
	}
}

// originBits is the network that one line is given: providers hand out a /56 to a home, which has 256 of /64.
const originBits = 56

// Origin names who an address counts as. Whoever has one IPv6 address has all of their line, so those count as one.
func Origin(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Unmap().Is4() {
		return address
	}
	prefix, err := ip.WithZone("").Prefix(originBits)
	if err != nil {
		return address
	}
	return prefix.String()
}
