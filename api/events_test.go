package api_test

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/live"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// frame is one server-sent event.
type frame struct{ id, kind, data string }

type liveEvent struct {
	ID         uuid.UUID `json:"id"`
	Action     string
	CaseID     *uuid.UUID `json:"case_id"`
	ObjectKind string     `json:"object_kind"`
	ObjectID   string     `json:"object_id"`
}

// watching is an open stream. frames is closed when it ends.
type watching struct {
	w      *world
	status int
	frames chan frame
}

// watch opens a stream of events. Whatever happens after it has returned is on it.
func (w *world) watch(key string, headers ...string) *watching {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodGet, w.url+"/v1/events", nil)
	require.NoError(w.t, err)
	request.Header.Set("Authorization", "Bearer "+key)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(w.t, err)
	s := &watching{w: w, status: response.StatusCode, frames: make(chan frame, 1000)}
	go func() {
		defer close(s.frames)
		defer func() { _ = response.Body.Close() }()
		var f frame
		for lines := bufio.NewScanner(response.Body); lines.Scan(); {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				f.id = value
			case "event":
				f.kind = value
			case "data":
				f.data = value
			case "":
				if f != (frame{}) {
					s.frames <- f
				}
				f = frame{}
			}
		}
	}()
	return s
}

// next lets time pass until the next frame comes; ok is false when the stream has ended.
func (s *watching) next() (f frame, ok bool) {
	s.w.t.Helper()
	patience := time.After(30 * time.Second)
	for {
		select {
		case f, ok = <-s.frames:
			return f, ok
		case <-patience:
			require.Fail(s.w.t, "nothing came")
		case <-time.After(10 * time.Millisecond):
			s.w.clock.Advance(500 * time.Millisecond)
		}
	}
}

// hear waits for the event of an action and gives all that came up to it.
func (s *watching) hear(action audit.Action) (all []liveEvent) {
	s.w.t.Helper()
	for {
		f, ok := s.next()
		require.True(s.w.t, ok, "the stream ended before %s", action)
		require.Empty(s.w.t, f.kind)
		var e liveEvent
		require.NoError(s.w.t, json.Unmarshal([]byte(f.data), &e))
		require.Equal(s.w.t, f.id, e.ID.String())
		require.NotContains(s.w.t, f.data, "example.test")
		all = append(all, e)
		if e.Action == string(action) {
			return all
		}
	}
}

func idsOf(events []liveEvent) (ids []string) {
	for _, e := range events {
		ids = append(ids, e.ID.String())
	}
	return ids
}

// mark writes an event that nothing else writes.
func (w *world) mark(tenant uuid.UUID) {
	w.change(tenant, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Audit(ctx, audit.Event{Action: audit.AuditViewed, Object: audit.Object{Kind: "mark", ID: "x"}})
	})
}

// Whoever watches hears everything that happens to their tenant, once and in full, and of nobody else.
func TestWatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.file("before@example.test")
	mine, theirs := w.watch(w.keys[api.Auditor]), w.watch(w.foreign)
	require.Equal(t, http.StatusOK, mine.status)
	filed := w.file("ana@example.test")
	w.mark(w.tenant)
	w.mark(w.other)
	heard := mine.hear(audit.AuditViewed)
	require.Equal(t, []string{"audit.viewed"}, actionsOf(theirs.hear(audit.AuditViewed)))
	require.Contains(t, actionsOf(heard), "request.received")
	for _, e := range heard[:len(heard)-1] {
		require.Equal(t, filed.ID, *e.CaseID)
		require.NotEmpty(t, e.ObjectKind+e.ObjectID)
	}
	var logged []string
	for _, e := range into[struct{ Items []struct{ ID string } }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=200", nil)).Items {
		logged = append([]string{e.ID}, logged...)
	}
	require.Equal(t, logged[len(logged)-len(heard):], idsOf(heard))
}

func actionsOf(events []liveEvent) (actions []string) {
	for _, e := range events {
		actions = append(actions, e.Action)
	}
	return actions
}

// An event whose transaction ends later than one that began after it is heard all the same, and nothing is heard twice.
func TestWatchHearsLateCommits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.watch(w.keys[api.Agent])
	written, release, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		done <- w.db.Change(t.Context(), w.tenant, audit.Actor{Kind: audit.System, ID: "late"}, func(ctx context.Context, tx *storage.Tx) error {
			err := tx.Audit(ctx, audit.Event{Action: audit.SystemTested, Object: audit.Object{Kind: "late", ID: "x"}})
			close(written)
			<-release
			return err
		})
	}()
	<-written
	w.mark(w.tenant)
	first := s.hear(audit.AuditViewed)
	close(release)
	require.NoError(t, <-done)
	second := s.hear(audit.SystemTested)
	require.Equal(t, []string{"system.tested"}, actionsOf(second))
	require.Less(t, second[0].ID.String(), first[len(first)-1].ID.String(), "made before, heard after")
	w.mark(w.tenant)
	require.Len(t, s.hear(audit.AuditViewed), 1)
}

// Whoever comes back with the id of the last event goes on behind it; a place too far back is said to be one.
func TestWatchGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	open := w.watch(w.keys[api.Agent]) // the poller goes on
	w.file("ana@example.test")
	w.mark(w.tenant)
	all := open.hear(audit.AuditViewed)
	again := w.watch(w.keys[api.Agent], "Last-Event-ID", all[1].ID.String())
	require.Equal(t, all[2:], again.hear(audit.AuditViewed))
	require.Equal(t, http.StatusUnprocessableEntity, w.watch(w.keys[api.Agent], "Last-Event-ID", "17").status)

	other := w.beside() // another server, which has told nobody anything
	missed := other.watch(w.keys[api.Agent], "Last-Event-ID", all[1].ID.String())
	require.Subset(t, idsOf(missed.hear(audit.AuditViewed)), idsOf(all[2:]), "nothing is missed; what came shortly before may come again")
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		for range 1001 {
			if err := tx.Audit(ctx, audit.Event{Action: audit.SystemTested, Object: audit.Object{Kind: "flood", ID: "x"}}); err != nil {
				return err
			}
		}
		return nil
	})
	far, ok := w.beside().watch(w.keys[api.Agent], "Last-Event-ID", all[1].ID.String()).next()
	require.True(t, ok)
	require.Equal(t, "gap", far.kind)
}

// A stream ends when its caller may not see it any more, and when the server stops; and nobody opens too many.
func TestWatchEnds(t *testing.T) {
	t.Parallel()
	draining := make(chan struct{})
	w := newWorld(t, func(_ *world, c *api.Config) {
		c.Draining = draining
		c.Limits.Live = live.Limits{PerCaller: 1, All: 2}
	})
	made := into[struct{ ID, Key string }](t, w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "screen", "role": "auditor"}))
	watched, staying := w.watch(made.Key), w.watch(w.keys[api.Agent])
	require.Equal(t, http.StatusTooManyRequests, w.watch(made.Key).status)
	require.Equal(t, http.StatusTooManyRequests, w.watch(w.keys[api.DPO]).status, "all together")
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/api-keys/"+made.ID, nil).Status)
	for {
		if _, more := watched.next(); !more {
			break
		}
	}
	w.mark(w.tenant)
	require.NotEmpty(t, staying.hear(audit.AuditViewed), "the others stay")
	close(draining)
	_, more := staying.next()
	require.False(t, more)
}
