// Package live tells whoever watches a tenant what happens in it, as it happens. The audit events are the source: each change
// writes one, so nothing has to be announced a second time. One poller per tenant asks the register, and only while somebody
// watches.
package live

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"
)

var (
	// ErrTooMany says that this caller, or everyone together, watches as much as is allowed.
	ErrTooMany = errors.New("too many are watching")
	// ErrGap says that more has happened since a place than is told again.
	ErrGap = errors.New("too much has happened since")
)

// Event is what is told of an audit event: what happened to which object, and nothing of who it is about.
type Event struct {
	ID         uuid.UUID  `json:"id"`
	At         time.Time  `json:"at"`
	Action     string     `json:"action"`
	CaseID     *uuid.UUID `json:"case_id,omitempty"`
	ObjectKind string     `json:"object_kind"`
	ObjectID   string     `json:"object_id"`
}

// Register is where events are read.
type Register interface {
	// EventIDs lists the ids behind one, in their order.
	EventIDs(ctx context.Context, tenant, behind uuid.UUID, limit int) ([]uuid.UUID, error)
	// Events reads events in the order of their ids.
	Events(ctx context.Context, tenant uuid.UUID, ids []uuid.UUID) ([]Event, error)
}

// Limits bound what watching costs. Each is the number of watchers.
type Limits struct {
	PerCaller int
	All       int
}

// Hub holds the watchers of this process. It is safe for concurrent use.
type Hub struct {
	register Register
	limits   Limits
	clock    clockwork.Clock
	log      *zap.Logger

	mu       sync.Mutex
	channels map[uuid.UUID]*channel
	callers  map[string]int
	all      int
}

// New makes a hub.
func New(register Register, limits Limits, clock clockwork.Clock, log *zap.Logger) *Hub {
	return &Hub{register: register, limits: limits, clock: clock, log: log, channels: map[uuid.UUID]*channel{}, callers: map[string]int{}}
}

// waiting is how many events a watcher may be behind before it is dropped. A slow one never holds up the others.
const waiting = 512

// Watcher is one who watches.
type Watcher struct {
	// Before are the events behind the place from which the watcher goes on.
	Before []Event
	events chan Event
	leave  func()
}

// Events tells what happens. It is closed when the watcher is too slow; whoever comes back with the last id misses nothing.
func (w *Watcher) Events() <-chan Event { return w.events }

// Leave ends the watching. It must be called once.
func (w *Watcher) Leave() { w.leave() }

// Watch begins to watch a tenant: with what comes from now on, or behind the event that was heard last.
func (h *Hub) Watch(ctx context.Context, tenant uuid.UUID, caller string, last uuid.UUID) (*Watcher, error) {
	c, err := h.enter(tenant, caller)
	if err != nil {
		return nil, err
	}
	w := &Watcher{events: make(chan Event, waiting)}
	w.leave = func() { h.exit(c, w, caller) }
	if err := c.join(ctx, w, last); err != nil {
		w.leave()
		return nil, err
	}
	return w, nil
}

// enter counts a watcher in. Nobody reads for the channel before the first has joined it.
func (h *Hub) enter(tenant uuid.UUID, caller string) (*channel, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all >= h.limits.All || h.callers[caller] >= h.limits.PerCaller {
		return nil, ErrTooMany
	}
	h.all++
	h.callers[caller]++
	c, known := h.channels[tenant]
	if !known {
		c = newChannel(h, tenant)
		h.channels[tenant] = c
	}
	c.entered++
	return c, nil
}

// exit counts a watcher out. With the last one the poller ends.
func (h *Hub) exit(c *channel, w *Watcher, caller string) {
	c.drop(w)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all--
	if h.callers[caller]--; h.callers[caller] == 0 {
		delete(h.callers, caller)
	}
	if c.entered--; c.entered == 0 {
		delete(h.channels, c.tenant)
		c.stop()
	}
}
