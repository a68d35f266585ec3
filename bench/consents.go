package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"github.com/privacy-docket/docket/bench/rig"
	docket "github.com/privacy-docket/docket/client"
)

// The sizes of the measures of consents.
const (
	consentsHeld   = 10_000_000 // in the register while checks are asked
	consentsFew    = 1_000_000  // of which the same number ends
	consentsEnding = 50_000
	consentsAsked  = 60_000    // single checks in a round
	consentsListed = 1_000_000 // addresses of a list
	consentRounds  = 3
	// consentsBuffers is the memory that PostgreSQL's documentation proposes for the machine (a quarter), which a register of ten million would have; the floors have it too.
	consentsBuffers = "5GB"
)

// consents: checks one by one through HTTP beside the same server's answer to one primary-key SELECT, a list beside a join in the database, the daily run over what
// ends beside a bare UPDATE, and an import beside COPY of the same rows.
func consents(ctx context.Context, b *bench) error {
	s, err := b.siteWith(ctx, rig.Options{Buffers: consentsBuffers}, 1, 1)
	if err != nil {
		return err
	}
	defer s.close()
	c, err := newConsenting(ctx, b, s)
	if err != nil {
		return err
	}
	defer c.close()
	few, err := c.ending(ctx, b.size(consentsFew))
	if err != nil {
		return err
	}
	if err := c.fill(ctx, b.size(consentsHeld)); err != nil {
		return err
	}
	if err := c.single(ctx, b, b.size(consentsAsked)); err != nil {
		return err
	}
	if err := c.oneClick(ctx, b, b.size(consentClicks)); err != nil {
		return err
	}
	if err := c.list(ctx, b, b.size(consentsListed)); err != nil {
		return err
	}
	if err := c.expiry(ctx, b, few); err != nil {
		return err
	}
	return c.imports(ctx, b, s, b.size(consentsListed))
}

// consenting is a tenant with a purpose, and a system that the floor reads by its key.
type consenting struct {
	*consentFiller
	http   *http.Client
	url    string
	key    string
	system string
}

func newConsenting(ctx context.Context, b *bench, s *site) (*consenting, error) {
	staff, err := docket.New(docket.Config{URL: s.servers[0].URL, Key: s.tenant.Key})
	if err != nil {
		return nil, err
	}
	system, err := staff.CreateSystem(ctx, docket.NewSystem{
		Key: "events", Name: "Events", Kind: "postgres", Target: "postgres://reader@127.0.0.1:5432/events", Declaration: eventsDeclaration,
	})
	if err != nil {
		return nil, err
	}
	f, err := s.filler(ctx, s.tenant)
	if err != nil {
		return nil, err
	}
	c := &consenting{
		url: s.servers[0].URL, key: s.tenant.Key, system: system.ID.String(), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients}},
	}
	if err := c.put(ctx, "/v1/consent/purposes/news", map[string]any{"class": "commercial"}); err != nil {
		return nil, err
	}
	if c.consentFiller, err = newConsentFiller(ctx, b, f); err == nil {
		c.dir = s.Stack.Dir()
	}
	return c, err
}

// single asks about one address at a time, and reads one row by its key as often, turn by turn.
func (c *consenting) single(ctx context.Context, b *bench, n int) error {
	var ours, floor, oursSlow, floorSlow []float64
	for range consentRounds {
		bare, slow, err := c.timed(ctx, n, func(ctx context.Context, _ int) error {
			return c.call(ctx, http.MethodGet, "/v1/systems/"+c.system, nil, nil)
		})
		if err != nil {
			return err
		}
		floor, floorSlow = append(floor, float64(n)/bare.Seconds()), append(floorSlow, slow)
		took, slow, err := c.timed(ctx, n, func(ctx context.Context, i int) error {
			return c.call(ctx, http.MethodPost, "/v1/consent/check", map[string]any{"address": c.address(i * 7919 % c.held), "purpose": "news"}, nil)
		})
		if err != nil {
			return err
		}
		ours, oursSlow = append(ours, float64(n)/took.Seconds()), append(oursSlow, slow)
	}
	o, f := median(ours), median(floor)
	b.report.add(fmt.Sprintf("consent checks through HTTP, %d clients, %d consents held", clients, c.held), rate(o), rate(f)+" reading one row by its key", o/f, true, 0.7)
	os, fs := median(oursSlow), median(floorSlow)
	b.report.add("… their 99th percentile", millis(os), millis(fs), os/fs, false, 3)
	return nil
}

func millis(v float64) string { return fmt.Sprintf("%.1f ms", v) }

// timed asks n times with as many callers as there are, and gives the 99th percentile in milliseconds.
func (c *consenting) timed(ctx context.Context, n int, ask func(context.Context, int) error) (time.Duration, float64, error) {
	took := make([]time.Duration, n)
	all, err := together(ctx, n, func(ctx context.Context, i int) error {
		began := time.Now()
		err := ask(ctx, i)
		took[i] = time.Since(began)
		return err
	})
	slices.Sort(took)
	return all, float64(took[n*99/100]) / float64(time.Millisecond), err
}

// listBatch is how many addresses travel together.
const listBatch = 10_000

// list asks about a list of which three in four are held, in batches, two of them at a time, and in one stream; the floor has the keyed hashes already.
func (c *consenting) list(ctx context.Context, b *bench, n int) error {
	var ours, stream, floor []float64
	for range consentRounds {
		bare, err := c.joined(ctx, n)
		if err != nil {
			return err
		}
		floor = append(floor, float64(n)/bare.Seconds())
		began := time.Now()
		if err := c.listed(ctx, n); err != nil {
			return err
		}
		ours = append(ours, float64(n)/time.Since(began).Seconds())
		began = time.Now()
		if err := c.streamed(ctx, n); err != nil {
			return err
		}
		stream = append(stream, float64(n)/time.Since(began).Seconds())
	}
	o, f := median(ours), median(floor)
	b.report.add(fmt.Sprintf("consent checks of a list of %d addresses", n), rate(o), rate(f)+" copied into a temporary table and joined", o/f, true, 0.4)
	t := median(stream)
	b.report.add("… in one stream", rate(t), rate(f)+" copied into a temporary table and joined", t/f, true, 0.4)
	return nil
}

// listed asks about a list in batches.
func (c *consenting) listed(ctx context.Context, n int) error {
	_, err := inTurns(ctx, 2, (n+listBatch-1)/listBatch, func(ctx context.Context, batch int) error {
		var addresses []string
		for i := batch * listBatch; i < min(n, (batch+1)*listBatch); i++ {
			addresses = append(addresses, c.listAddress(i))
		}
		var answer struct {
			Answers []struct {
				Allowed bool `json:"allowed"`
			} `json:"answers"`
		}
		err := c.call(ctx, http.MethodPost, "/v1/consent/check/batch", map[string]any{"addresses": addresses, "purpose": "news"}, &answer)
		if err == nil && len(answer.Answers) != len(addresses) {
			err = errors.New("the answers are not as many as the addresses")
		}
		return err
	})
	return err
}

func (c *consenting) put(ctx context.Context, path string, body any) error {
	return c.call(ctx, http.MethodPut, path, body, nil)
}

func (c *consenting) call(ctx context.Context, method, path string, body, into any) error {
	var reader io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("write a question: %w", err)
		}
		reader = bytes.NewReader(data)
	}
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, reader)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	request.Header.Set("Authorization", "Bearer "+c.key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode >= http.StatusBadRequest {
		said, err := io.ReadAll(io.LimitReader(answer.Body, 1000))
		return errors.Join(fmt.Errorf("%s answers %d: %s", path, answer.StatusCode, said), err)
	}
	if into == nil {
		_, err = io.Copy(io.Discard, answer.Body)
		return err
	}
	return json.NewDecoder(answer.Body).Decode(into)
}
