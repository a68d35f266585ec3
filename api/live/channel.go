package live

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"
)

const (
	// every is how often the register is asked.
	every = 400 * time.Millisecond
	// An event's id is made before its transaction commits, so events are not seen in the order of their ids. Each look goes
	// back over the last seconds; each sweep over all the time that a transaction can take, clocks of servers that differ included.
	overlap    = 5 * time.Second
	sweepBack  = 2 * time.Minute
	sweepEvery = 25 // looks
	// lookTime bounds one look. A register that is away is asked again, and nothing is missed meanwhile.
	lookTime = 10 * time.Second
	// batch is how many events are read by one question; again is how many are told again to who comes back.
	batch = 500
	again = 1000
)

// channel is what happens to one tenant, and who watches it.
type channel struct {
	hub     *Hub
	tenant  uuid.UUID
	entered int // under the hub's lock
	ctx     context.Context
	stop    context.CancelFunc

	reading sync.Mutex // held by whoever looks: what follows is its
	polling bool
	looks   int
	upTo    uint64               // when the last good look began
	told    map[uuid.UUID]uint64 // what was told and may be seen again
	recent  []Event              // the newest that were told, in the order in which they were

	mu       sync.Mutex
	watchers map[*Watcher]bool
}

func newChannel(h *Hub, tenant uuid.UUID) *channel {
	c := &channel{hub: h, tenant: tenant, told: map[uuid.UUID]uint64{}, watchers: map[*Watcher]bool{}}
	c.ctx, c.stop = context.WithCancel(context.Background())
	return c
}

// join adds a watcher. What there is already counts as told, so that what comes next is told once.
func (c *channel) join(ctx context.Context, w *Watcher, last uuid.UUID) (err error) {
	c.reading.Lock()
	defer c.reading.Unlock()
	if err := c.look(ctx, c.looks == 0); err != nil {
		return err
	}
	if last != uuid.Nil {
		if w.Before, err = c.since(ctx, last); err != nil {
			return err
		}
	}
	c.mu.Lock()
	c.watchers[w] = true
	c.mu.Unlock()
	if !c.polling {
		c.polling = true
		go c.poll()
	}
	return nil
}

// drop ends what a watcher hears.
func (c *channel) drop(w *Watcher) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.watchers[w] {
		delete(c.watchers, w)
		close(w.events)
	}
}

// poll looks until the last watcher has left.
func (c *channel) poll() {
	ticker := c.hub.clock.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-c.ctx.Done():
			return
		case <-ticker.Chan():
		}
		c.reading.Lock()
		ctx, cancel := context.WithTimeout(c.ctx, lookTime)
		err := c.look(ctx, false)
		cancel()
		c.reading.Unlock()
		if err != nil && c.ctx.Err() == nil {
			c.hub.log.Warn("live events could not be read; they are read again", zap.Stringer("tenant", c.tenant), zap.Error(err))
		}
	}
}

// look tells what has come. The first look tells nothing: it learns what there is.
func (c *channel) look(ctx context.Context, first bool) error {
	began, back := now(), overlap
	if c.looks%sweepEvery == 0 {
		back = sweepBack
	}
	from := began
	if !first {
		from = min(began, c.upTo)
	}
	var fresh []uuid.UUID
	err := c.walk(ctx, earlier(from, back), func(ids []uuid.UUID) error {
		for _, id := range ids {
			if _, told := c.told[id]; !told {
				fresh = append(fresh, id)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := c.tell(ctx, fresh, first); err != nil {
		return err
	}
	c.looks, c.upTo = c.looks+1, began
	if back == sweepBack {
		c.forget(earlier(began, 2*sweepBack))
	}
	return nil
}

// walk goes through the ids behind a moment, page by page.
func (c *channel) walk(ctx context.Context, from uint64, do func([]uuid.UUID) error) error {
	const page = 10 * batch
	for behind := firstID(from); ; {
		ids, err := c.hub.register.EventIDs(ctx, c.tenant, behind, page)
		if err != nil {
			return fmt.Errorf("look for events: %w", err)
		}
		if err := do(ids); err != nil || len(ids) < page {
			return err
		}
		behind = ids[len(ids)-1]
	}
}

// tell reads events and gives them to everyone, a batch at a time. What was told stays told when a later batch fails.
func (c *channel) tell(ctx context.Context, ids []uuid.UUID, silent bool) error {
	for some := range slices.Chunk(ids, batch) {
		var events []Event
		if !silent {
			var err error
			if events, err = c.hub.register.Events(ctx, c.tenant, some); err != nil {
				return fmt.Errorf("read events: %w", err)
			}
		}
		for _, id := range some {
			c.told[id] = millis(id)
		}
		c.recent = append(c.recent, events...)
		c.recent = slices.Clone(c.recent[max(0, len(c.recent)-again):])
		c.publish(events)
	}
	return nil
}

// publish gives events to every watcher. One that has no room left is dropped.
func (c *channel) publish(events []Event) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for w := range c.watchers {
		for _, e := range events {
			select {
			case w.events <- e:
				continue
			default:
			}
			delete(c.watchers, w)
			close(w.events)
			break
		}
	}
}

// forget lets go of what no look goes back to.
func (c *channel) forget(before uint64) {
	for id, at := range c.told {
		if at < before {
			delete(c.told, id)
		}
	}
}

// since gives what was told after an event, exactly when this process told it. Otherwise it is what the register has from
// shortly before that event on: some of it may have been heard.
func (c *channel) since(ctx context.Context, last uuid.UUID) ([]Event, error) {
	if at := slices.IndexFunc(c.recent, func(e Event) bool { return e.ID == last }); at >= 0 {
		return slices.Clone(c.recent[at+1:]), nil
	}
	from, inReach := earlier(millis(last), overlap), earlier(now(), sweepBack)
	var ids []uuid.UUID
	err := c.walk(ctx, from, func(page []uuid.UUID) error {
		for _, id := range page {
			_, told := c.told[id]
			if id != last && (told || millis(id) < inReach) { // what was not told yet will be
				ids = append(ids, id)
			}
		}
		if len(ids) > again {
			return ErrGap
		}
		return nil
	})
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	return c.hub.register.Events(ctx, c.tenant, ids)
}
