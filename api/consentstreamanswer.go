package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

const (
	// stretchLines is how many lines are asked about at once, and stretchesAtOnce how many of such stretches.
	stretchLines    = 5000
	stretchesAtOnce = 2
	// stretchWait is how long a stretch waits for more lines before it is asked about as it is, so that whoever sends a few at a time has answers soon.
	stretchWait = 200 * time.Millisecond
)

// listStream answers a list while it comes in: one goroutine reads lines, one puts them together to stretches, two stretches at most are asked about, and their
// answers are written in order. Each waits for the next, so that what is in memory does not depend on how long the list is. Deadlines are on the wall clock.
type listStream struct {
	*server
	who      *caller
	question casework.MessageQuestion
	from     io.Reader
	out      *bufio.Writer
	control  *http.ResponseController
	wall     clockwork.Clock
	end      streamEnd
}

func newListStream(s *server, hc huma.Context, who *caller, q casework.MessageQuestion) *listStream {
	to := humagin.Unwrap(hc).Writer
	l := &listStream{server: s, who: who, question: q, control: http.NewResponseController(to), wall: clockwork.NewRealClock(), out: bufio.NewWriterSize(to, 64<<10)}
	l.from = &untilIdle{from: hc.BodyReader(), stream: l}
	hc.SetHeader("Content-Type", ndjsonType)
	hc.SetHeader("X-Accel-Buffering", "no") // proxies that know it pass each line on at once
	hc.SetHeader("Connection", "close")     // what is left of a list that is not read on must not be taken for the next call
	return l
}

// untilIdle reads as long as something comes.
type untilIdle struct {
	from   io.Reader
	stream *listStream
}

func (u *untilIdle) Read(p []byte) (int, error) {
	if err := u.stream.readUntil(u.stream.wall.Now().Add(streamIdle)); err != nil {
		return 0, err
	}
	n, err := u.from.Read(p)
	if errors.Is(err, io.EOF) { // what reads ahead on the connection must not end the work
		if late := u.stream.readUntil(time.Time{}); late != nil {
			return n, late
		}
	}
	return n, err //nolint:wrapcheck // a reader hands on what it reads
}

func (l *listStream) readUntil(at time.Time) error {
	if err := l.control.SetReadDeadline(at); err != nil && !errors.Is(err, http.ErrNotSupported) { // there is no connection
		return fmt.Errorf("bound the time for a list: %w", err)
	}
	return nil
}

func (l *listStream) writeUntil(at time.Time) error {
	if err := l.control.SetWriteDeadline(at); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return fmt.Errorf("bound the time for answers: %w", err)
	}
	return nil
}

var errStopping = errors.New("the server stops")

// answer reads, asks and writes until the list ends, or something else ends the stream; the last line says what.
func (l *listStream) answer(ctx context.Context, kind, column string) {
	if err := l.control.EnableFullDuplex(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		l.Log.Warn("a stream of addresses can't be read while it is answered", zap.String("correlation", correlation(ctx)), zap.Error(err))
	}
	ctx = context.WithoutCancel(ctx) // which ends as soon as nothing more can be read, and what was read is answered still
	err := l.flush()                 // whoever waits for the answer to begin before they send on need not
	if err == nil {
		err = l.work(ctx, kind, column)
	}
	err = errors.Join(l.finish(ctx, err), l.readUntil(time.Time{}), l.writeUntil(time.Time{}))
	if err != nil {
		l.Log.Info("a stream of addresses broke off", zap.String("correlation", correlation(ctx)), zap.Error(err))
		panic(http.ErrAbortHandler)
	}
}

// work ends when everything that it began has ended.
func (l *listStream) work(ctx context.Context, kind, column string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines, stretches := make(chan listLine, stretchLines), make(chan *stretch, stretchesAtOnce-1)
	read, asked := make(chan error, 1), make(chan error, 1)
	go func() { read <- l.read(ctx, kind, column, lines) }()
	go func() { asked <- l.ask(ctx, lines, stretches) }()
	err := l.write(ctx, stretches)
	if err == nil {
		err = <-asked
	} else {
		cancel()
		for range stretches { // so that nobody waits to hand one on
		}
		err = errors.Join(err, <-asked)
	}
	if err == nil {
		return <-read
	}
	cancel()
	err = errors.Join(err, l.readUntil(time.Unix(1, 0))) // whoever waits for lines waits no more
	if late := <-read; late != nil {
		l.Log.Debug("a list was not read to its end", zap.String("correlation", correlation(ctx)), zap.Error(late))
	}
	return err
}

// finish writes the last line.
func (l *listStream) finish(ctx context.Context, err error) error {
	var list *listError
	l.end.At = l.Clock.Now().UTC()
	switch {
	case err == nil:
		l.end.Done = true
	case errors.As(err, &list):
		l.end.Problem = list.problem
	case errors.Is(err, errStopping):
		l.end.Problem = fmt.Sprintf("the server stops: send what stands behind line %d again", l.end.Line)
	case errors.Is(err, errStreamEnds):
		l.end.Problem = "the key or the session may not ask any more"
	case errors.Is(err, errUntaken):
		return err
	default:
		l.Log.Error("a stream of addresses failed", zap.String("correlation", correlation(ctx)), zap.Stringer("tenant", l.who.tenant.ID), zap.Error(err))
		l.end.Problem = fmt.Sprintf("something went wrong on our side: send what stands behind line %d again", l.end.Line)
	}
	return errors.Join(l.line(l.end), l.flush())
}

// read hands lines on until there are no more.
func (l *listStream) read(ctx context.Context, kind, column string, to chan<- listLine) error {
	defer close(to)
	list, err := openList(l.from, kind, column)
	for err == nil {
		var line listLine
		if line, err = list.next(); err != nil {
			break
		}
		select {
		case to <- line:
		case <-ctx.Done():
			return nil
		}
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// stretch is lines that are asked about at once.
type stretch struct {
	lines   []listLine
	answers []casework.MessageAnswer
	done    chan error
}

// ask puts lines together and has them asked about, a few stretches at a time.
func (l *listStream) ask(ctx context.Context, lines <-chan listLine, to chan<- *stretch) error {
	defer close(to)
	room := make(chan struct{}, stretchesAtOnce)
	checked := l.Clock.Now()
	for {
		some, err := l.gather(ctx, lines)
		if err != nil || len(some) == 0 {
			return err
		}
		if now := l.Clock.Now(); now.Sub(checked) >= recheck {
			if checked = now; !l.stillMay(ctx, l.who, "check-consent-stream") {
				return errStreamEnds
			}
		}
		one := &stretch{lines: some, done: make(chan error, 1)}
		select {
		case to <- one:
		case <-ctx.Done():
			return nil
		}
		room <- struct{}{}
		go func() {
			one.done <- l.decide(ctx, one)
			<-room
		}()
	}
}

// gather takes lines until there are enough of them, no more come for a while, or there are none any more.
func (l *listStream) gather(ctx context.Context, lines <-chan listLine) (some []listLine, err error) {
	var enough <-chan time.Time
	for len(some) < stretchLines {
		select {
		case line, more := <-lines:
			if !more {
				return some, nil
			}
			if some = append(some, line); enough == nil {
				timer := l.wall.NewTimer(stretchWait)
				defer timer.Stop()
				enough = timer.Chan()
			}
		case <-enough:
			return some, nil
		case <-l.Draining:
			return nil, errStopping
		case <-ctx.Done():
			return nil, nil
		}
	}
	return some, nil
}

// decide asks about a stretch. Who asks is on record before they are told anything.
func (l *listStream) decide(ctx context.Context, one *stretch) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	var addresses []string
	var places []int
	for i, line := range one.lines {
		if line.fault == "" {
			addresses, places = append(addresses, line.address), append(places, i)
		}
	}
	one.answers = make([]casework.MessageAnswer, len(one.lines))
	if len(addresses) == 0 {
		return nil
	}
	if err := l.record(ctx, l.who, consentsChecked(len(addresses), l.question.Purpose)); err != nil {
		return err
	}
	return l.db.Read(ctx, l.who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		answers, faults, err := l.Desk.MayMessageEach(ctx, tx, l.question, addresses)
		for i := range answers {
			if one.answers[places[i]] = answers[i]; faults[i] != nil {
				one.lines[places[i]].fault = noAddress
			}
		}
		return err
	})
}

// write writes the answers of stretches in their order.
func (l *listStream) write(ctx context.Context, stretches <-chan *stretch) error {
	for one := range stretches {
		select {
		case err := <-one.done:
			if err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
		for i, line := range one.lines {
			if err := l.told(line, &one.answers[i]); err != nil {
				return err
			}
		}
		if err := l.flush(); err != nil {
			return err
		}
	}
	return nil
}

func (l *listStream) told(line listLine, a *casework.MessageAnswer) error {
	l.end.Checked++
	l.end.Line = line.number
	if line.fault != "" {
		l.end.Faulty++
		return l.line(streamedFault{Line: line.number, Fault: line.fault})
	}
	out := StreamedAnswer{Line: line.number, ConsentVerdict: newVerdict(a.Decision), Often: string(a.Frequency)}
	if a.Tracking != nil {
		out.Tracking = &a.Tracking.Allowed
	}
	if a.Allowed {
		l.end.Allowed++
	}
	return l.line(out)
}

// errUntaken says that answers are not taken any more: nobody is there to be told.
var errUntaken = errors.New("the answers are not taken")

func (l *listStream) line(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("write an answer: %w", err)
	}
	if l.out.Available() <= len(text) { // it goes out now
		if err := l.writeUntil(l.wall.Now().Add(streamIdle)); err != nil {
			return err
		}
	}
	if _, err := l.out.Write(append(text, '\n')); err != nil {
		return errors.Join(errUntaken, err)
	}
	return nil
}

func (l *listStream) flush() error {
	if err := l.writeUntil(l.wall.Now().Add(streamIdle)); err != nil {
		return err
	}
	if err := l.out.Flush(); err != nil {
		return errors.Join(errUntaken, err)
	}
	if err := l.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return errors.Join(errUntaken, err)
	}
	return nil
}
