package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/privacy-docket/docket/privacy"
)

// consentClicks is how many people press once in a round.
const consentClicks = 10_000

// floorConnections is how many connections the bare handler has: as many as a server of ours has by itself.
const floorConnections = 10

// oneClick sends what a mailbox provider sends for one person after another (RFC 8058), beside a bare handler that commits one INSERT, turn by turn. Then each of
// some is asked about: what was ended must be over in the very next question.
func (c *consenting) oneClick(ctx context.Context, b *bench, n int) error {
	bare, stop, err := c.bareInserts(ctx)
	if err != nil {
		return err
	}
	defer stop()
	var ours, floor []float64
	for round := range consentRounds {
		links, err := c.clickLinks(ctx, round*n, n)
		if err != nil {
			return err
		}
		took, err := together(ctx, n, func(ctx context.Context, _ int) error { return c.click(ctx, bare) })
		if err != nil {
			return err
		}
		floor = append(floor, float64(n)/took.Seconds())
		if took, err = together(ctx, n, func(ctx context.Context, i int) error { return c.click(ctx, links[i]) }); err != nil {
			return err
		}
		ours = append(ours, float64(n)/took.Seconds())
		if err := c.areOver(ctx, round*n, n); err != nil {
			return err
		}
	}
	o, f := median(ours), median(floor)
	b.report.add(fmt.Sprintf("one-click unsubscribes through HTTP, %d clients", clients), rate(o), rate(f)+" committed INSERTs through HTTP", o/f, true, 0.5)
	return nil
}

// bareInserts answers each POST with one committed INSERT into the register.
func (c *consenting) bareInserts(ctx context.Context) (address string, stop func(), err error) {
	config, err := pgxpool.ParseConfig(c.dsn)
	if err != nil {
		return "", nil, fmt.Errorf("read the address of the register: %w", err)
	}
	config.MaxConns = floorConnections
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return "", nil, fmt.Errorf("connect to the register: %w", err)
	}
	if _, err := pool.Exec(ctx, "CREATE TABLE bench_clicks (id bigint PRIMARY KEY, at timestamptz NOT NULL, what text NOT NULL)"); err != nil {
		pool.Close()
		return "", nil, fmt.Errorf("make the table of the floor: %w", err)
	}
	var id atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, in *http.Request) {
		_, err := io.Copy(io.Discard, in.Body)
		if err == nil {
			_, err = pool.Exec(in.Context(), "INSERT INTO bench_clicks VALUES ($1, $2, 'unsubscribe')", id.Add(1), time.Now())
		}
		if err != nil {
			out.WriteHeader(http.StatusInternalServerError)
		}
	}))
	return server.URL, func() { server.Close(); pool.Close() }, nil
}

// clickLinks are the links of so many people from one on. Of whoever nothing was ended; the fill ends some.
func (c *consenting) clickLinks(ctx context.Context, first, n int) (out []string, err error) {
	for at := first; at < first+n; at += listBatch {
		var addresses []string
		for i := at; i < min(at+listBatch, first+n); i++ {
			addresses = append(addresses, c.clicker(i))
		}
		var made struct {
			Links []struct{ Unsubscribe string }
		}
		if err := c.call(ctx, http.MethodPost, "/v1/consent/links", map[string]any{"addresses": addresses, "purpose": "news"}, &made); err != nil {
			return nil, err
		}
		for _, l := range made.Links {
			u, err := url.Parse(l.Unsubscribe)
			if err != nil {
				return nil, fmt.Errorf("read a link: %w", err)
			}
			out = append(out, c.url+u.Path)
		}
	}
	return out, nil
}

// clicker is the i-th who presses: somebody who is held, far apart from the others.
func (c *consenting) clicker(i int) string { return c.address(i * 104_729 % c.held) }

func (c *consenting) click(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(privacy.OneClickPost))
	if err != nil {
		return fmt.Errorf("press: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("press: %w", err)
	}
	_, err = io.Copy(io.Discard, answer.Body)
	if answer.StatusCode != http.StatusOK {
		err = errors.Join(err, fmt.Errorf("a press is answered by %d", answer.StatusCode))
	}
	return errors.Join(err, answer.Body.Close())
}

// areOver asks about some of those who pressed.
func (c *consenting) areOver(ctx context.Context, first, n int) error {
	for i := first; i < first+n; i += max(1, n/100) {
		var answer struct {
			Allowed bool   `json:"allowed"`
			Reason  string `json:"reason"`
		}
		if err := c.call(ctx, http.MethodPost, "/v1/consent/check", map[string]any{"address": c.clicker(i), "purpose": "news"}, &answer); err != nil {
			return err
		}
		if answer.Allowed || answer.Reason != "withdrawn" {
			return fmt.Errorf("somebody pressed, and the next answer is %q", answer.Reason)
		}
	}
	return nil
}
