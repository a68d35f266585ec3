package objects_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"sync"

	"pgregory.net/rapid"
)

// gate stands before a store for one try. What was under way when it is closed comes to its end before.
type gate struct {
	*httptest.Server
	mu    sync.Mutex
	of    *trouble
	store *httputil.ReverseProxy
}

// trouble is what befalls one request, or from one on every request: of all, or of those that change something.
type trouble struct {
	kind string
	// at is the request that it begins with, by how many are left before it.
	at      int
	changes bool
	cancel  func()
	met     bool
}

func drawTrouble(t *rapid.T, cancel func()) *trouble {
	return &trouble{kind: rapid.SampledFrom([]string{"none", "stopped", "stopped after", "cut", "cut after", "busy", "refused"}).Draw(t, "trouble"), at: rapid.IntRange(0, 12).Draw(t, "trouble at"),
		changes: rapid.Bool().Draw(t, "trouble with changes"), cancel: cancel}
}

func newGate(endpoint string, of *trouble) *gate {
	quiet := log.New(io.Discard, "", 0) // of connections that work was broken off on
	g := &gate{of: of}
	g.store = &httputil.ReverseProxy{ErrorLog: quiet, Transport: &http.Transport{DisableCompression: true}, Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = "http", endpoint, r.In.Host // which is signed
	}}
	g.Server = httptest.NewUnstartedServer(http.HandlerFunc(g.pass))
	g.Config.ErrorLog = quiet
	g.Start()
	return g
}

// pass hands a request on, unless there is trouble.
func (g *gate) pass(w http.ResponseWriter, r *http.Request) {
	r = r.WithContext(context.WithoutCancel(r.Context()))
	switch g.befalls(r) {
	case "stopped":
		g.of.cancel()
		panic(http.ErrAbortHandler)
	case "stopped after":
		g.store.ServeHTTP(httptest.NewRecorder(), r)
		g.of.cancel()
		panic(http.ErrAbortHandler)
	case "cut":
		panic(http.ErrAbortHandler)
	case "cut after":
		g.store.ServeHTTP(httptest.NewRecorder(), r)
		panic(http.ErrAbortHandler)
	case "busy":
		w.WriteHeader(http.StatusServiceUnavailable)
		_, _ = io.WriteString(w, `<Error><Code>SlowDown</Code></Error>`)
	case "refused":
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, `<Error><Code>AccessDenied</Code><Message>a@example.org</Message></Error>`)
	default:
		g.store.ServeHTTP(w, r)
	}
}

// befalls is what befalls a request. Only refusals go on.
func (g *gate) befalls(r *http.Request) string {
	g.mu.Lock()
	defer g.mu.Unlock()
	changes := r.Method != http.MethodGet && r.Method != http.MethodHead
	if g.of.kind == "none" || g.of.changes && !changes {
		return ""
	}
	if g.of.at--; g.of.at >= 0 || g.of.at < -1 && g.of.kind != "refused" {
		return ""
	}
	g.of.met = true
	return g.of.kind
}
