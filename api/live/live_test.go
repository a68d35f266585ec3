package live_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/live"
)

// shelf is a register that holds ids alone, and counts who asks.
type shelf struct {
	mu    sync.Mutex
	ids   []uuid.UUID
	asked chan struct{}
	away  bool
}

var errAway = errors.New("away")

func (s *shelf) add(n int) (added []uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for range n {
		added = append(added, uuid.Must(uuid.NewV7()))
	}
	s.ids = append(s.ids, added...)
	return added
}

func (s *shelf) goAway(away bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.away = away
}

// EventIDs implements live.Register.
func (s *shelf) EventIDs(_ context.Context, _, behind uuid.UUID, limit int) (ids []uuid.UUID, err error) {
	select {
	case s.asked <- struct{}{}:
	default:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.away {
		return nil, errAway
	}
	for _, id := range s.ids {
		if slices.Compare(id[:], behind[:]) > 0 && len(ids) < limit {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// Events implements live.Register.
func (s *shelf) Events(_ context.Context, _ uuid.UUID, ids []uuid.UUID) (events []live.Event, err error) {
	for _, id := range ids {
		events = append(events, live.Event{ID: id})
	}
	return events, nil
}

type room struct {
	*shelf
	hub    *live.Hub
	clock  *clockwork.FakeClock
	tenant uuid.UUID
}

func newRoom() *room {
	s, clock := &shelf{asked: make(chan struct{}, 1)}, clockwork.NewFakeClock()
	return &room{shelf: s, hub: live.New(s, live.Limits{PerCaller: 3, All: 4}, clock, zap.NewNop()), clock: clock, tenant: uuid.New()}
}

func (r *room) watch(t *testing.T, caller string) *live.Watcher {
	t.Helper()
	w, err := r.hub.Watch(t.Context(), r.tenant, caller, uuid.Nil)
	require.NoError(t, err)
	return w
}

// hear lets time pass until so many events came, or the watcher was dropped.
func (r *room) hear(t *testing.T, w *live.Watcher, n int) (ids []uuid.UUID) {
	t.Helper()
	for len(ids) < n {
		select {
		case e, more := <-w.Events():
			if !more {
				return ids
			}
			ids = append(ids, e.ID)
		case <-time.After(5 * time.Millisecond):
			r.clock.Advance(400 * time.Millisecond)
		case <-t.Context().Done():
			require.Fail(t, "nothing came")
		}
	}
	return ids
}

// Who does not keep up is dropped; the others hear everything.
func TestASlowWatcherIsDropped(t *testing.T) {
	t.Parallel()
	r := newRoom()
	slow, quick := r.watch(t, "a"), r.watch(t, "b")
	defer slow.Leave()
	defer quick.Leave()
	var sent, heard []uuid.UUID
	for range 3 {
		sent = append(sent, r.add(400)...)
		heard = append(heard, r.hear(t, quick, 400)...)
	}
	require.Equal(t, sent, heard)
	behind := r.hear(t, slow, len(sent))
	require.NotEmpty(t, behind)
	require.Equal(t, sent[:len(behind)], behind, "what it was given has no hole")
	require.Less(t, len(behind), len(sent), "and then it was dropped")
}

// While the register is away nobody hears anything, and afterwards everything.
func TestTheRegisterAway(t *testing.T) {
	t.Parallel()
	r := newRoom()
	w := r.watch(t, "a")
	defer w.Leave()
	r.goAway(true)
	<-r.asked // by the first look; the next ask is one that fails
	require.Eventually(t, func() bool {
		r.clock.Advance(400 * time.Millisecond)
		return len(r.asked) > 0
	}, 20*time.Second, 5*time.Millisecond)
	sent := r.add(2)
	r.goAway(false)
	require.Equal(t, sent, r.hear(t, w, 2))
	r.goAway(true)
	_, err := r.hub.Watch(t.Context(), uuid.New(), "a", uuid.Nil)
	require.ErrorIs(t, err, errAway)
	_, err = r.hub.Watch(t.Context(), uuid.New(), "a", uuid.Nil)
	require.ErrorIs(t, err, errAway, "who did not get in is not counted")
}

// Nobody watches more often than they may, and who has left makes room.
func TestLimits(t *testing.T) {
	t.Parallel()
	r := newRoom()
	var all []*live.Watcher
	for range 3 {
		all = append(all, r.watch(t, "a"))
	}
	_, err := r.hub.Watch(t.Context(), r.tenant, "a", uuid.Nil)
	require.ErrorIs(t, err, live.ErrTooMany)
	all = append(all, r.watch(t, "b"))
	_, err = r.hub.Watch(t.Context(), r.tenant, "c", uuid.Nil)
	require.ErrorIs(t, err, live.ErrTooMany, "all together")
	for _, w := range all {
		w.Leave()
	}
	w := r.watch(t, "a")
	defer w.Leave()
	sent := r.add(1)
	require.Equal(t, sent, r.hear(t, w, 1), "a poller that has ended begins again")
}
