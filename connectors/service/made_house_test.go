package service_test

import (
	"fmt"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors/service"
)

// house is a server on loopback behind whose doors lie services that are made up.
type house struct {
	*httptest.Server
	mu    sync.Mutex
	doors map[string]*door
}

// door leads to a service until the next one to it is opened: what was under way when work broke off comes to nothing.
type door struct {
	*madeService
	at      string
	trouble *trouble
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{doors: map[string]*door{}}
	h.Server = httptest.NewUnstartedServer(http.HandlerFunc(h.enter))
	h.Config.ErrorLog = log.New(io.Discard, "", 0) // of connections that work was broken off on
	h.StartTLS()
	t.Cleanup(h.Close)
	return h
}

// open makes a door to a service, with the trouble that is drawn by now.
func (h *house) open(s *madeService) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	at := strconv.Itoa(len(h.doors))
	s.mu.Lock()
	defer s.mu.Unlock()
	h.doors[at] = &door{madeService: s, at: at, trouble: s.trouble}
	return at
}

func (h *house) connector(t require.TestingT, cfg service.Config, door string) *service.Connector {
	cfg.Document = strings.ReplaceAll(cfg.Document, "URL", h.URL+"/"+door)
	return opened(t, h.Server, cfg)
}

func (h *house) enter(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/"), "/")
	h.mu.Lock()
	d := h.doors[parts[0]]
	h.mu.Unlock()
	if d == nil || r.Header.Get("Authorization") != "Bearer "+secretToken {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	d.answer(w, r, parts[1:])
}

// servedState is what a made-up service has of its own.
type servedState struct {
	mu      sync.Mutex
	trouble *trouble
	jobs    []func() int
}

// trouble is what befalls requests from one on: of all, or of those that change something.
type trouble struct {
	kind string
	// at is the request that it begins with, by how many are left before it.
	at      int
	changes bool
	cancel  func()
	met     bool
	over    bool
}

func drawTrouble(t *rapid.T, cancel func()) *trouble {
	return &trouble{kind: rapid.SampledFrom([]string{"none", "stopped", "stopped after", "fails", "cut", "cut after", "busy", "refused"}).Draw(t, "trouble"), at: rapid.IntRange(0, 12).Draw(t, "trouble at"),
		changes: rapid.Bool().Draw(t, "trouble with changes"), cancel: cancel}
}

// mend ends the trouble, and what is still under way with it.
func (s *madeService) mend() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.trouble != nil {
		s.trouble.over = true
		s.trouble.cancel()
	}
	s.trouble = nil
}

// answer takes one request after the other.
func (d *door) answer(w http.ResponseWriter, r *http.Request, path []string) {
	q := url.Values{}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	maps.Copy(q, r.URL.Query())
	d.mu.Lock()
	defer d.mu.Unlock()
	kind := ""
	changes := r.Method == http.MethodPatch || r.Method == http.MethodPut || r.Method == http.MethodDelete || r.Method == http.MethodPost && path[len(path)-1] != "search"
	if x := d.trouble; x != nil && x.over {
		panic(http.ErrAbortHandler)
	} else if x != nil && (changes || !x.changes) {
		if x.at--; x.at < 0 && x.kind != "none" {
			kind, x.met = x.kind, true
		}
	}
	switch kind {
	case "stopped":
		d.trouble.cancel()
		panic(http.ErrAbortHandler)
	case "cut":
		panic(http.ErrAbortHandler)
	case "fails":
		w.WriteHeader(http.StatusInternalServerError)
		return
	case "refused":
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, `{"error": "a@example.org"}`)
		return
	case "busy":
		d.trouble.kind = "none"
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
		return
	}
	status, answer := d.done(r, path, q, body, w.Header())
	switch kind {
	case "stopped after":
		d.trouble.cancel()
		panic(http.ErrAbortHandler)
	case "cut after":
		panic(http.ErrAbortHandler)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

// done carries a request out.
func (d *door) done(r *http.Request, path []string, q url.Values, body []byte, header http.Header) (status int, answer []byte) {
	if path[0] == "jobs" {
		return d.job(path[1])
	}
	c := d.named[path[0]]
	var given map[string]any
	if form, err := url.ParseQuery(string(body)); r.Header.Get("Content-Type") == "application/x-www-form-urlencoded" && err == nil {
		maps.Copy(q, form)
	} else if len(body) > 0 {
		if err := exactly(body, &given); err != nil {
			return http.StatusBadRequest, nil
		}
		for name, v := range given {
			if text := plain(v); text != "" {
				q.Set(name, text)
			}
		}
	}
	switch {
	case r.Method == http.MethodDelete && c.deletedBy != "":
		return d.later(c.delete, func() int { return c.removeAll(q.Get("q")) })
	case r.Method == http.MethodDelete:
		return d.later(c.delete, func() int { return c.remove(path[1]) })
	case r.Method == http.MethodPost && path[1] == "delete":
		return d.later(c.delete, func() int { return c.remove(q.Get("uid")) })
	case r.Method == c.update.style && path[1] != "search":
		return d.later(c.update, func() int { return c.change(path[1], given) })
	}
	if path[1:] != nil && len(path) == 3 {
		q.Set("q", path[2])
	}
	return c.list(r, q, header)
}

// later does something at once, or when it is asked after for the second time.
func (d *door) later(how madeChange, do func() int) (status int, answer []byte) {
	if !how.async {
		return do(), nil
	}
	asked := 0
	d.jobs = append(d.jobs, func() int {
		if asked++; asked < 2 {
			return http.StatusAccepted
		}
		return do()
	})
	return http.StatusAccepted, fmt.Appendf(nil, `{"job": "/%s/jobs/%d"}`, d.at, len(d.jobs)-1)
}

// job says how far one is.
func (d *door) job(number string) (status int, answer []byte) {
	n, err := strconv.Atoi(number)
	if err != nil || n >= len(d.jobs) {
		return http.StatusNotFound, nil
	}
	if d.jobs[n]() == http.StatusAccepted {
		return http.StatusOK, []byte(`{"state": "waits"}`)
	}
	return http.StatusOK, []byte(`{"state": "done"}`)
}
