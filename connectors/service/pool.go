package service

import (
	"context"
	"maps"
	"sync"
	"time"
)

// Pool is what all connectors to one service share: how many requests are under way, when the next may begin, and the token that was given.
type Pool struct {
	mu sync.Mutex
	// next is when the next request may begin; until then the service has had enough.
	next time.Time
	// under is how many are under way; freed is closed and replaced when one ends.
	under int
	freed chan struct{}
	// tokens were given for the credentials of these names: for those that read, and those that change.
	tokens map[string]pooledToken
	// listing is held while somebody is put on one of the service's lists: that they are not on it must still be so when they are put there.
	listing chan struct{}
}

type pooledToken struct {
	value string
	ends  time.Time
}

// NewPool makes an empty pool.
func NewPool() *Pool {
	return &Pool{freed: make(chan struct{}), tokens: map[string]pooledToken{}, listing: make(chan struct{}, 1)}
}

// enter waits until one more request may be under way.
func (p *Pool) enter(ctx context.Context, most int) error {
	for {
		p.mu.Lock()
		if p.under < most {
			p.under++
			p.mu.Unlock()
			return nil
		}
		freed := p.freed
		p.mu.Unlock()
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-freed:
		}
	}
}

// leave says that a request has ended.
func (p *Pool) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.under--
	close(p.freed)
	p.freed = make(chan struct{})
}

// turn takes the next place in the row of requests, so far apart, and says how long it is until then.
func (p *Pool) turn(now time.Time, apart time.Duration) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := p.next
	if at.Before(now) {
		at = now
	}
	p.next = at.Add(apart)
	return at.Sub(now)
}

// pause keeps all requests back until then.
func (p *Pool) pause(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.next) {
		p.next = until
	}
}

// held gives the token of this name, unless it has ended.
func (p *Pool) held(name string, now time.Time) (string, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	t, ok := p.tokens[name]
	return t.value, ok && now.Before(t.ends)
}

// maxTokens is how many are held: there are two ways into a system, and they are renewed now and then.
const maxTokens = 8

// keep holds a token.
func (p *Pool) keep(name string, t pooledToken) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.tokens) >= maxTokens {
		clear(p.tokens)
	}
	p.tokens[name] = t
}

// drop forgets a token that is not taken any more.
func (p *Pool) drop(value string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	maps.DeleteFunc(p.tokens, func(_ string, t pooledToken) bool { return t.value == value })
}
