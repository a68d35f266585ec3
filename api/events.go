package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/live"
	"github.com/privacy-docket/docket/storage"
)

const (
	// heartbeat keeps proxies from taking a quiet stream for a dead one.
	heartbeat = 15 * time.Second
	// recheck is how often a stream asks whether its caller may still see it: a revoked key sees no more within a minute.
	recheck = 30 * time.Second
	// sendTime is how long a watcher may take to take what it is sent.
	sendTime = 10 * time.Second
)

type watchIn struct {
	Last string `header:"Last-Event-ID" maxLength:"36" doc:"The id of the last event that was heard: the stream goes on behind it."`
	Once bool   `query:"once" doc:"End after what there is, for callers who cannot read streams."`
}

func (s *server) eventOperations() {
	register(s, operation{
		id: "watch-events", method: http.MethodGet, path: "/v1/events", tag: "events", unattended: true, errors: []int{http.StatusTooManyRequests},
		summary: "What happens, as it happens: server-sent events of the audit log, with nothing personal",
	}, s.watch)
}

// liveRegister reads the hub's events out of the register.
type liveRegister struct{ db *storage.DB }

// EventIDs implements live.Register.
func (r liveRegister) EventIDs(ctx context.Context, tenant, behind uuid.UUID, limit int) (ids []uuid.UUID, err error) {
	err = r.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) error {
		ids, err = tx.EventIDs(ctx, behind, int32(limit))
		return err
	})
	return ids, err
}

// Events implements live.Register.
func (r liveRegister) Events(ctx context.Context, tenant uuid.UUID, ids []uuid.UUID) ([]live.Event, error) {
	var lines []storage.AuditLine
	err := r.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		lines, err = tx.EventsByID(ctx, ids)
		return err
	})
	return each(lines, liveEvent), err
}

func liveEvent(l storage.AuditLine) live.Event {
	e := live.Event{ID: l.ID, At: l.At, Action: string(l.Event.Action), ObjectKind: l.Event.Object.Kind, ObjectID: l.Event.Object.ID}
	if id, err := uuid.Parse(l.Event.CaseID); err == nil { // an event of no case has none
		e.CaseID = &id
	}
	return e
}

func (s *server) watch(ctx context.Context, who *caller, in *watchIn) (*huma.StreamResponse, error) {
	var last uuid.UUID
	if in.Last != "" {
		var err error
		if last, err = uuid.Parse(in.Last); err != nil || last.Version() != 7 {
			return nil, invalid("header.Last-Event-ID", "must be the id of an event that this stream gave; begin again without it")
		}
	}
	gap := false
	w, err := s.live.Watch(ctx, who.tenant.ID, who.principal(), last)
	if errors.Is(err, live.ErrGap) {
		gap = true
		w, err = s.live.Watch(ctx, who.tenant.ID, who.principal(), uuid.Nil)
	}
	if errors.Is(err, live.ErrTooMany) {
		p := problem(http.StatusTooManyRequests, "too-many", "This key watches as often as it may, or the server has as many watchers as it can serve. End another stream first.")
		p.retryAfter = heartbeat
		return nil, p
	}
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(hc huma.Context) {
		defer w.Leave()
		out := newStream(hc)
		if err := s.stream(hc.Context(), out, who, w, gap, in.Once); err != nil {
			s.Log.Debug("a stream of events ended", zap.String("correlation", correlation(ctx)), zap.Error(err))
		}
	}}, nil
}

var errStreamEnds = errors.New("the caller may not see it any more, or the server stops")

// stream sends until the watcher goes, is too slow or may not see it any more, or the server stops.
func (s *server) stream(ctx context.Context, out *stream, who *caller, w *live.Watcher, gap, once bool) error {
	if err := out.begin(w.Before, gap); err != nil || once {
		return err
	}
	heard := map[uuid.UUID]bool{}
	for _, e := range w.Before {
		heard[e.ID] = true
	}
	beat, check := s.Clock.NewTicker(heartbeat), s.Clock.NewTicker(recheck)
	defer beat.Stop()
	defer check.Stop()
	for {
		var err error
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.Draining:
			return errStreamEnds
		case <-beat.Chan():
			err = out.send(": still here\n\n")
		case <-check.Chan():
			if !s.stillMay(ctx, who, "watch-events") {
				return errStreamEnds
			}
		case e, more := <-w.Events():
			if !more {
				return out.send("event: dropped\ndata: {}\n\n")
			}
			if !heard[e.ID] {
				err = out.event(e)
			}
		}
		if err != nil {
			return err
		}
	}
}

// stillMay says whether a caller is known still and may do the operation. When that cannot be told, they may not.
func (s *server) stillMay(ctx context.Context, who *caller, operation string) bool {
	ctx, cancel := context.WithTimeout(ctx, sendTime)
	defer cancel()
	again, err := who.again(ctx)
	return err == nil && again.tenant.ID == who.tenant.ID && may(again.role, operation)
}

// stream writes server-sent events. A connection's deadline is told in the machine's own time.
type stream struct {
	to      http.ResponseWriter
	control *http.ResponseController
	clock   clockwork.Clock
}

func newStream(hc huma.Context) *stream {
	to := humagin.Unwrap(hc).Writer
	hc.SetHeader("Content-Type", "text/event-stream")
	hc.SetHeader("X-Accel-Buffering", "no") // proxies that know it pass each event on at once
	return &stream{to: to, control: http.NewResponseController(to), clock: clockwork.NewRealClock()}
}

// begin sends what was missed. When that is too much to tell again, the watcher is told to read anew what it shows.
func (o *stream) begin(missed []live.Event, gap bool) error {
	text := "retry: 2000\n\n"
	if gap {
		text += "event: gap\ndata: {}\n\n"
	}
	if err := o.send(text); err != nil {
		return err
	}
	for _, e := range missed {
		if err := o.event(e); err != nil {
			return err
		}
	}
	return nil
}

func (o *stream) event(e live.Event) error {
	data, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("write an event: %w", err)
	}
	return o.send("id: " + e.ID.String() + "\ndata: " + string(data) + "\n\n")
}

// send writes a text at once, and gives up on who does not take it.
func (o *stream) send(text string) error {
	err := o.control.SetWriteDeadline(o.clock.Now().Add(sendTime))
	if err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("bound a write: %w", err)
	}
	if _, err := o.to.Write([]byte(text)); err != nil {
		return fmt.Errorf("send an event: %w", err)
	}
	if err := o.control.Flush(); err != nil {
		return fmt.Errorf("send an event: %w", err)
	}
	return nil
}
