package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	docket "github.com/privacy-docket/docket/client"
)

const (
	// otherCases stand in the register of a second tenant, so that telling tenants apart costs what it costs.
	otherCases = 5000
	// askWarm and askTimes are how often each call is made before and while the clock runs.
	askWarm  = 50
	askTimes = 500
)

// lists: what staff have before them all day, through HTTP, in a register of a million cases; beside it the bare query by
// its index, on the same rows, on a connection that row-level security does not bind. One caller, one call at a time.
func lists(ctx context.Context, b *bench) error {
	s, err := b.site(ctx, 1, 1)
	if err != nil {
		return err
	}
	defer s.close()
	l, err := newListing(ctx, s, b)
	if err != nil {
		return err
	}
	defer l.floor.Close(context.WithoutCancel(ctx)) //nolint:errcheck // only read
	all := b.size(1_000_000)
	few, err := l.with(ctx, 0, all/100, all/100)
	if err != nil {
		return err
	}
	many, err := l.with(ctx, all/100, all, all)
	if err != nil {
		return err
	}
	for i, call := range many {
		ours, floor, before := p95(call.ours), p95(call.floor), p95(few[i].ours)
		if call.free {
			b.report.compare(call.name, milliseconds(ours), milliseconds(floor)+" bare query", ours/floor)
			b.report.compare(call.name+", growth", milliseconds(ours), fmt.Sprintf("%s with %d cases", milliseconds(before), all/100), ours/before)
			continue
		}
		b.report.add(call.name, milliseconds(ours), milliseconds(floor)+" bare query", ours/floor, false, 3)
		b.report.add(call.name+", growth", milliseconds(ours), fmt.Sprintf("%s with %d cases", milliseconds(before), all/100), ours/before, false, 1.5)
	}
	b.report.bound(fmt.Sprintf("server memory while a list of %d is read (growth of its RSS)", all), mebibytes(l.walked), mebibytesOf(l.walked), 64, "MiB")
	if err := l.exported(ctx, all); err != nil {
		return err
	}
	if err := l.analysed(ctx); err != nil {
		return err
	}
	for _, q := range l.logQuestions() {
		call, err := l.time(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
		b.report.compare(call.name, milliseconds(p95(call.ours)), milliseconds(p95(call.floor))+" bare query", p95(call.ours)/p95(call.floor))
	}
	return nil
}

// listing is a register that is filled and asked.
type listing struct {
	*site
	b      *bench
	staff  *docket.Client
	asked  *docket.Client // staff's too, under the watch
	watch  *stopwatch
	floor  *pgx.Conn
	filler *filler
	random *rand.Rand
	real   docket.Request // one that came through the API

	sample []filled
	deep   struct{ requests, board []place }
	walked int64 // by how much the server grew while everything was listed
}

// newListing files one request through the API, to hold the filled ones against it, and fills a second tenant.
func newListing(ctx context.Context, s *site, b *bench) (*listing, error) {
	l := &listing{site: s, b: b, random: rand.New(rand.NewPCG(1, 2))} //nolint:gosec // it chooses what to ask for
	var err error
	if l.staff, err = docket.New(docket.Config{URL: s.servers[0].URL, Key: s.tenant.Key}); err != nil {
		return nil, err
	}
	l.watch = &stopwatch{through: http.DefaultTransport}
	if l.asked, err = docket.New(docket.Config{URL: s.servers[0].URL, Key: s.tenant.Key, Transport: l.watch}); err != nil {
		return nil, err
	}
	if _, err := s.file(ctx, "real", 1); err != nil {
		return nil, err
	}
	if err := s.settled(ctx); err != nil {
		return nil, err
	}
	made, err := l.staff.ListRequests(ctx, docket.Requests{}, docket.Paging{})
	if err != nil {
		return nil, err
	}
	if l.real, err = l.staff.Request(ctx, made.Items[0].ID); err != nil {
		return nil, err
	}
	if err := s.workers[0].Stop(ctx); err != nil { // it would go on with what is filled
		return nil, err
	}
	other, err := s.AddTenant(ctx, "other")
	if err != nil {
		return nil, err
	}
	beside, err := s.filler(ctx, other)
	if err != nil {
		return nil, err
	}
	if _, err := beside.fill(ctx, 0, otherCases, otherCases); err != nil {
		return nil, err
	}
	if l.filler, err = s.filler(ctx, s.tenant); err != nil {
		return nil, err
	}
	l.floor, err = s.Connect(ctx)
	return l, err
}

// with fills the register from one number of cases up to another, and times every call.
func (l *listing) with(ctx context.Context, from, to, total int) ([]timed, error) {
	began := time.Now()
	var err error
	if l.sample, err = l.filler.fill(ctx, from, to, total); err != nil {
		return nil, err
	}
	if err := l.analysed(ctx); err != nil {
		return nil, err
	}
	if err := l.warmed(ctx); err != nil {
		return nil, err
	}
	l.b.say("  %d cases are there after %s", to, time.Since(began).Round(time.Second))
	if err := l.sameShape(ctx); err != nil {
		return nil, err
	}
	if err := l.walk(ctx); err != nil {
		return nil, err
	}
	var out []timed
	for _, question := range l.questions() {
		t, err := l.time(ctx, question)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", question.name, err)
		}
		l.b.say("  %-50s %s, bare %s", t.name, milliseconds(p95(t.ours)), milliseconds(p95(t.floor)))
		out = append(out, t)
	}
	return out, nil
}

// warmed reads what the lists and the board go through all day once, for ours and the floor alike: after the filling it lies on the
// disk, and in a register in use in memory. The identities of people who are searched for stay where they are.
func (l *listing) warmed(ctx context.Context) error {
	const tables = "('cases'::regclass, 'obligations'::regclass, 'audit_events'::regclass)"
	if _, err := l.floor.Exec(ctx, "CREATE EXTENSION IF NOT EXISTS pg_prewarm"); err != nil {
		return fmt.Errorf("make ready to warm up: %w", err)
	}
	_, err := l.floor.Exec(ctx, `SELECT sum(pg_prewarm(r.id, 'read')) FROM (
		SELECT oid AS id FROM pg_class WHERE oid IN `+tables+` UNION SELECT indexrelid FROM pg_index WHERE indrelid IN `+tables+`) r`)
	if err != nil {
		return fmt.Errorf("read the register's lists into memory: %w", err)
	}
	return nil
}

// question is a call and the bare query that brings the same rows. Each gives how many there were; begin chooses what to ask
// for, before the clock runs.
type question struct {
	name  string
	begin func() (ours, floor asking, err error)
	// times is how often it is asked; askTimes when it is zero.
	times int
	// free says that no ratio is asked of it: it counts, or opens what it shows.
	free bool
}

type asking func(context.Context) (rows int, err error)

// timed is how long calls took, in seconds.
type timed struct {
	name        string
	free        bool
	ours, floor []float64
}

// time makes the calls one by one, ours and the floor's in turn, each for something else.
func (l *listing) time(ctx context.Context, q question) (timed, error) {
	out, times := timed{name: q.name, free: q.free}, q.times
	if times == 0 {
		times = askTimes
	}
	var rows [2]int
	runtime.GC() // what the filling left behind is not the calls'
	for i := range askWarm + times {
		_, floor, err := q.begin()
		if err != nil {
			return out, err
		}
		ours, _, err := q.begin()
		if err != nil {
			return out, err
		}
		began := time.Now()
		n, err := floor(ctx)
		bare := time.Since(began)
		if err != nil {
			return out, fmt.Errorf("the bare query: %w", err)
		}
		m, err := ours(ctx)
		if err != nil {
			return out, err
		}
		rows[0], rows[1] = rows[0]+n, rows[1]+m
		if i >= askWarm {
			out.ours, out.floor = append(out.ours, l.watch.last.Seconds()), append(out.floor, bare.Seconds())
		}
	}
	if slices.Min(rows[:]) == 0 { // nothing found says nothing
		return out, fmt.Errorf("of all rows the bare query found %d, and the call %d", rows[0], rows[1])
	}
	return out, nil
}

// stopwatch is how long the last call took: from the moment it is sent until the last byte of the answer is there. What the
// caller makes of the bytes is theirs.
type stopwatch struct {
	through http.RoundTripper
	last    time.Duration
}

// RoundTrip implements http.RoundTripper.
func (s *stopwatch) RoundTrip(request *http.Request) (*http.Response, error) {
	began := time.Now()
	answer, err := s.through.RoundTrip(request)
	if err != nil {
		return nil, err //nolint:wrapcheck // in the place of the transport it stands for
	}
	body, err := io.ReadAll(answer.Body)
	s.last = time.Since(began)
	if err := errors.Join(err, answer.Body.Close()); err != nil {
		return nil, fmt.Errorf("read an answer: %w", err)
	}
	answer.Body = io.NopCloser(bytes.NewReader(body))
	return answer, nil
}

// place is a place in a list: the cursor that leads there, and what the cursor stands for.
type place struct {
	cursor string
	at     time.Time
	id     uuid.UUID
}

// walk reads both lists from one end to the other, as an export by the API does, and keeps every cursor it meets.
func (l *listing) walk(ctx context.Context) error {
	watch, err := watchMemory(l.servers[0].Part)
	if err != nil {
		return err
	}
	began := time.Now()
	read := 0
	l.deep.requests, err = walk(ctx, func(paging docket.Paging) (docket.Page[docket.RequestLine], error) {
		return l.staff.ListRequests(ctx, docket.Requests{}, paging)
	}, func(r docket.RequestLine) place { read++; return place{at: r.ReceivedAt, id: r.ID} })
	if err != nil {
		return err
	}
	if l.walked, err = watch(); err != nil {
		return err
	}
	l.b.say("  all %d requests listed in %s, the server grew by %s", read, time.Since(began).Round(time.Millisecond), mebibytes(l.walked))
	l.deep.board, err = walk(ctx, func(paging docket.Paging) (docket.Page[docket.BoardLine], error) {
		return l.staff.Obligations(ctx, docket.Board{}, paging)
	}, func(o docket.BoardLine) place { return place{at: o.Due, id: o.ID} })
	if err == nil && (len(l.deep.requests) == 0 || len(l.deep.board) == 0) {
		err = errors.New("a list of one page has no deep inside: measure with a larger -scale")
	}
	return err
}

func walk[T any](ctx context.Context, list func(docket.Paging) (docket.Page[T], error), where func(T) place) ([]place, error) {
	var out []place
	paging := docket.Paging{Limit: docket.PageSize}
	for ctx.Err() == nil {
		page, err := list(paging)
		if err != nil {
			return nil, err
		}
		var last place
		for _, item := range page.Items {
			last = where(item)
		}
		if page.Next == "" {
			return out, nil
		}
		last.cursor, paging.Cursor = page.Next, page.Next
		out = append(out, last)
	}
	return nil, ctx.Err()
}

// p95 is the time within which nineteen of twenty calls were answered.
func p95(seconds []float64) float64 {
	sorted := slices.Sorted(slices.Values(seconds))
	return sorted[len(sorted)*95/100]
}

func milliseconds(s float64) string { return fmt.Sprintf("%.2f ms", s*1000) }

func mebibytesOf(bytes int64) float64 { return float64(bytes) / (1 << 20) }

func mebibytes(bytes int64) string { return fmt.Sprintf("%.0f MiB", mebibytesOf(bytes)) }
