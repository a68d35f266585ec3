package objects

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/reach"
)

const (
	connectTimeout = 10 * time.Second
	// tries is how often a request is sent, with growing pauses, where a store is away or has too much to do.
	tries = 4
	// answerBytes bounds what a store says that is no content.
	answerBytes = 8 << 20
	// slowest is how slow content may come, in bytes a second, before it counts as not coming.
	slowest = 64 << 10
	// emptyPages is how many pages without anything in them a listing may have in a row.
	emptyPages = 100
)

var (
	// errTooLong says that an answer is longer than what was asked for can be.
	errTooLong = errors.New("the answer is too long")
	// errEndless says that a listing goes on without naming anything.
	errEndless = errors.New("the listing does not end")
)

// transport sends requests where they may go, and takes no more of an answer than it may have, no slower than it may come. It follows nothing.
type transport struct {
	http    *http.Transport
	timeout time.Duration
}

func newTransport(c *Connector) *transport {
	t := reach.Ways{May: c.cfg.MayReach, Plain: c.cfg.MayReachPlain, Authorities: c.cfg.Authorities, Connect: connectTimeout}.Transport()
	t.ResponseHeaderTimeout, t.MaxIdleConnsPerHost = c.limits.Timeout, c.limits.Concurrency
	return &transport{timeout: c.limits.Timeout, http: t}
}

// pagesKey and contentKey mark contexts: of a listing, with how many empty pages it had; of content, with how long it is.
type (
	pagesKey   struct{}
	contentKey struct{}
)

// RoundTrip sends a request.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if empty, listing := req.Context().Value(pagesKey{}).(*int); listing {
		if *empty++; *empty > emptyPages {
			return nil, errEndless
		}
	}
	most := int64(answerBytes)
	if length, content := req.Context().Value(contentKey{}).(int64); content {
		most = length
	}
	sent := max(req.ContentLength, 0)
	ctx, cancel := context.WithTimeout(req.Context(), t.timeout+time.Duration((most+sent)/slowest)*time.Second)
	res, err := t.http.RoundTrip(req.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		most = answerBytes // it is no content but a refusal
	}
	res.Body = &bounded{body: res.Body, left: most, cancel: cancel}
	return res, nil
}

// bounded is the body of an answer that may be so long.
type bounded struct {
	body   io.ReadCloser
	left   int64
	cancel context.CancelFunc
}

// Read reads, and fails where the answer goes on behind its bound.
func (b *bounded) Read(p []byte) (int, error) {
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.body.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n + int(b.left), errTooLong
	}
	return n, err
}

// Close ends the request.
func (b *bounded) Close() error {
	defer b.cancel()
	return b.body.Close()
}
