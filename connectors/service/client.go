package service

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/reach"
)

// Defaults of the document's limits.
const (
	defaultTimeout = 30 * time.Second
	defaultAnswer  = 8 << 20
	defaultRetries = 4
	defaultPages   = 10_000
	connectTimeout = 10 * time.Second
	// longestWait is how long a service may ask to be left alone before the work is given back.
	longestWait = 5 * time.Minute
	firstWait   = 500 * time.Millisecond
)

// client sends requests to one service: no faster than it may, again when that can help and does no harm, and never elsewhere.
type client struct {
	*Connector
	transport *http.Transport
	limits    dataset.ServiceLimits
}

func newClient(c *Connector) *client {
	limits := c.doc.Limits
	or(&limits.Timeout, defaultTimeout)
	or(&limits.Answer, defaultAnswer)
	or(&limits.Retries, defaultRetries)
	or(&limits.Pages, defaultPages)
	or(&limits.Concurrency, 2)
	t := reach.Ways{May: c.cfg.MayReach, Plain: c.cfg.MayReachPlain, Authorities: c.cfg.Authorities, Connect: connectTimeout}.Transport()
	t.MaxIdleConnsPerHost = limits.Concurrency
	return &client{Connector: c, limits: limits, transport: t}
}

// answer is what the service said.
type answer struct {
	status int
	header http.Header
	body   json.RawMessage
	// from is what was asked, without who asked.
	from *url.URL
}

// outcome is what became of one try.
type outcome struct {
	*answer
	err error
	// refused says that the service did not begin with it; after is how long it asks to be left alone.
	refused bool
	again   bool
	after   time.Duration
}

// do sends a request until there is an answer to it, or no hope of one.
func (c *client) do(ctx context.Context, o *order) (*answer, error) {
	renewed := false
	for tries := 0; ; tries++ {
		out := c.try(ctx, o)
		if out.err == nil {
			return out.answer, nil
		}
		if out.answer != nil && out.status == http.StatusUnauthorized && c.doc.Auth.Kind == dataset.AuthOAuth2 && !renewed {
			renewed = true // the token that was used is forgotten by now
			continue
		}
		wait := firstWait << min(tries, 6)
		wait += rand.N(wait / 2) //nolint:gosec // only spreads tries
		if out.after > 0 {
			wait = out.after
		}
		if !out.again || !out.refused && !o.repeatable || tries >= c.limits.Retries || wait > longestWait || ctx.Err() != nil {
			return nil, out.err
		}
		if out.refused {
			c.cfg.Pool.pause(c.cfg.Clock.Now().Add(wait))
		}
		if err := c.Limits().Wait(ctx, wait); err != nil {
			return nil, records.Stopped(o.where, err)
		}
	}
}

// try sends a request once.
func (c *client) try(ctx context.Context, o *order) outcome {
	body, contentType, err := o.written()
	if err != nil {
		return outcome{err: err}
	}
	if err := c.cfg.Pool.enter(ctx, c.limits.Concurrency); err != nil {
		return outcome{err: records.Stopped(o.where, err)}
	}
	defer c.cfg.Pool.leave()
	if err := c.pace(ctx); err != nil {
		return outcome{err: records.Stopped(o.where, err)}
	}
	inTime, cancel := context.WithTimeout(ctx, c.limits.Timeout)
	defer cancel()
	u := *o.url
	req, err := http.NewRequestWithContext(inTime, o.method, u.String(), bytes.NewReader(body))
	if err != nil {
		return outcome{err: &connectors.Error{Code: connectors.ErrDocument, Where: o.where, What: "a request of the service document can't be written", Do: "correct it"}}
	}
	if len(body) == 0 {
		req.Body, req.ContentLength, req.GetBody = nil, 0, nil
	}
	req.Header = o.header.Clone()
	req.Header.Set("User-Agent", "Docket")
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	used, err := c.show(inTime, req)
	if err != nil { // nothing was begun
		return outcome{err: err, refused: true, again: connectors.Temporary(err) && ctx.Err() == nil}
	}
	// The transport itself, and no client: what follows redirects is not there.
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return c.broken(ctx, o, err)
	}
	defer res.Body.Close()
	out := c.read(ctx, inTime, o, res)
	if out.answer != nil && out.status == http.StatusUnauthorized {
		c.cfg.Pool.drop(used)
	}
	return out
}

// pace waits for the next request's turn.
func (c *client) pace(ctx context.Context) error {
	apart := time.Duration(0)
	if c.limits.Requests > 0 {
		apart = c.limits.Per / time.Duration(c.limits.Requests)
	}
	if wait := c.cfg.Pool.turn(c.cfg.Clock.Now(), apart); wait > 0 {
		return c.Limits().Wait(ctx, wait)
	}
	return ctx.Err()
}

// written is the request's body.
func (o *order) written() (body []byte, contentType string, err error) {
	switch {
	case o.form != nil:
		return []byte(o.form.Encode()), "application/x-www-form-urlencoded", nil
	case o.body != nil:
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(o.body); err != nil {
			return nil, "", &connectors.Error{Code: connectors.ErrDocument, Where: o.where, What: "a body can't be written as JSON", Do: "correct json in the service document"}
		}
		return bytes.TrimSuffix(b.Bytes(), []byte("\n")), "application/json", nil
	}
	return nil, "", nil
}

// read takes an answer in, up to its bound.
func (c *client) read(ctx, inTime context.Context, o *order, res *http.Response) outcome {
	a := &answer{status: res.StatusCode, header: res.Header, from: o.url}
	good := res.StatusCode >= 200 && res.StatusCode < 300
	if !good {
		// What the service says about its refusal may quote the person: it is not read, but for a little that lets the connection be used again.
		_, _ = io.CopyN(io.Discard, res.Body, 4<<10)
		if slices.Contains(o.accepts, res.StatusCode) {
			return outcome{answer: a}
		}
		return c.refused(o, a)
	}
	if coding := res.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return outcome{err: answerFault(o.where, "an answer is compressed, which was not asked for", "have the service send it plain")}
	}
	body, err := io.ReadAll(io.LimitReader(res.Body, c.limits.Answer+1))
	if err == nil {
		err = inTime.Err() // a server that notices that we hang up may still end its answer as if all of it were said
	}
	switch {
	case err != nil:
		return c.broken(ctx, o, err)
	case int64(len(body)) > c.limits.Answer:
		return outcome{err: &connectors.Error{Code: connectors.ErrTooLarge, Where: o.where, What: "an answer is longer than what is taken in at once", Do: "ask for smaller pages, or raise limits.answer_bytes in the service document"}}
	}
	if a.body = bytes.TrimSpace(body); len(a.body) == 0 {
		return outcome{answer: a}
	}
	if err := sound(res.Header.Get("Content-Type"), a.body); err != "" {
		return outcome{err: answerFault(o.where, err, "look at what the service answers to this request; the service document may name another path")}
	}
	return outcome{answer: a}
}
