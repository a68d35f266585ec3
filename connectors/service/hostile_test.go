package service_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/reach"
)

// people is an annotation of one collection.
const people = `
dataset:
  - fides_key: d
    collections:
      - name: people
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: name, data_categories: [user.name]}
`

// document reads people by their address; more goes into the read, limits into the limits.
func document(more, limits string) string {
	return `
service:
  name: Hostile
  url: URL
  auth: {kind: bearer}
  limits: {` + limits + `}
  collections:
    - collection: d.people
      read:
        - {by: email, path: /people, query: {email: <value>}, rows: "people[*]"` + more + `}
        - {by: id, path: /people/<value>, rows: $, nobody: [404]}
      delete: {path: /people/<row.id>}
      update: {path: /people/<row.id>, method: PUT}
`
}

const canary = "ana-canary-91@example.org"

func parsed(t *testing.T, yaml string) []dataset.Dataset {
	t.Helper()
	d, err := dataset.Parse("d.yml", []byte(yaml))
	require.NoError(t, err)
	return d
}

func selection(t *testing.T, datasets []dataset.Dataset, email string) connectors.Selection {
	t.Helper()
	g, err := dataset.NewGraph(datasets...)
	require.NoError(t, err)
	s := connectors.Subject{Identities: map[string][]string{"email": {email}}}
	plan, err := g.Plan(s.Known())
	require.NoError(t, err)
	return connectors.Selection{Plan: *plan, Subject: s}
}

// waits is a clock that keeps how long a connector waited for something; none of it takes any time.
type waits struct {
	clockwork.Clock
	mu  sync.Mutex
	all []time.Duration
}

func newWaits() *waits { return &waits{Clock: clockwork.NewRealClock()} }

// After is over at once.
func (w *waits) After(d time.Duration) <-chan time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, d)
	over := make(chan time.Time, 1)
	over <- w.Now()
	return over
}

// served answers as JSON.
func served(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { say(w, body) }
}

func say(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}

func me(id int) string { return fmt.Sprintf(`{"id": %d, "email": %q, "name": "Ana"}`, id, canary) }

// collected reads people from a server.
func collected(t *testing.T, handler http.Handler, more, limits string, change ...func(*service.Config)) (*conformance.Recorder, error) {
	t.Helper()
	server := httptest.NewTLSServer(handler)
	t.Cleanup(server.Close)
	datasets := parsed(t, people)
	cfg := service.Config{Document: document(more, limits), Datasets: datasets, Clock: newWaits()}
	for _, f := range change {
		f(&cfg)
	}
	c := open(t, server, cfg)
	t.Cleanup(func() { require.NoError(t, c.Close()) })
	r := conformance.NewRecorder()
	err := c.Collect(t.Context(), selection(t, datasets, canary), r)
	if err != nil {
		require.NotContains(t, fmt.Sprintf("%+v", err), "canary", "an error holds no value")
		require.NotContains(t, err.Error(), "%40")
	}
	return r, err
}

func rows(r *conformance.Recorder) []connectors.Row {
	return r.Kept[dataset.Address{Dataset: "d", Collection: "people"}]
}

func TestAnswersThatAreNotTaken(t *testing.T) {
	t.Parallel()
	bomb := func() []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		for range 64 {
			_, _ = z.Write(bytes.Repeat([]byte(" "), 1<<20))
		}
		_ = z.Close()
		return b.Bytes()
	}()
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		limits string
		code   connectors.Code
	}{
		"a compressed answer that nobody asked for": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Encoding", "gzip")
			_, _ = w.Write(bomb)
		}, "", connectors.ErrAnswer},
		"an answer without an end": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, `{"people": [`)
			for r.Context().Err() == nil {
				if _, err := io.WriteString(w, `{"email": "canary"},`); err != nil {
					return
				}
			}
		}, "answer_bytes: 100000", connectors.ErrTooLarge},
		"an answer that comes in drops": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				select {
				case <-r.Context().Done():
				case <-time.After(20 * time.Millisecond):
				}
			}
		}, "timeout: 1s, retries: 1", connectors.ErrTimeout},
		"a page for people": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = io.WriteString(w, "<p>canary</p>")
		}, "", connectors.ErrAnswer},
		"what is no JSON":                {served(`{"people": [canary]}`), "", connectors.ErrAnswer},
		"two answers in one":             {served(`{"people": []}{"people": []}`), "", connectors.ErrAnswer},
		"a million levels":               {served(strings.Repeat(`{"people":[`, 500_000) + strings.Repeat(`]}`, 500_000)), "", connectors.ErrAnswer},
		"brackets inside texts are none": {served(`{"people": ["` + strings.Repeat("[", 1000) + `"]}`), "", connectors.ErrAnswer},
		"rows that are none":             {served(`{"people": ["canary"]}`), "", connectors.ErrAnswer},
		"rows in another place":          {served(`{"persons": []}`), "", connectors.ErrAnswer},
		"an object in place of rows":     {served(`{"people": {"canary": 1}}`), "", connectors.ErrAnswer},
		"nothing":                        {served(``), "", connectors.ErrAnswer},
		"a refusal that quotes":          {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, canary, http.StatusTeapot) }, "", connectors.ErrAnswer},
		"no right to it":                 {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, canary, http.StatusForbidden) }, "", connectors.ErrPrivilege},
		"other secrets wanted":           {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, canary, http.StatusUnauthorized) }, "", connectors.ErrCredentials},
		"no such path":                   {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, canary, http.StatusNotFound) }, "", connectors.ErrTable},
		"a failure that goes on":         {func(w http.ResponseWriter, _ *http.Request) { http.Error(w, canary, http.StatusBadGateway) }, "", connectors.ErrServer},
		"a head that is too long": {func(w http.ResponseWriter, _ *http.Request) {
			for i := range 100 {
				w.Header().Set("X-"+strconv.Itoa(i), strings.Repeat("x", 4000))
			}
			say(w, `{"people": []}`)
		}, "retries: 1", connectors.ErrUnreachable},
		"a connection that breaks in the middle": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			say(w, `{"people": [`)
		}, "retries: 1", connectors.ErrUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := collected(t, test.answer, "", test.limits)
			require.ErrorIs(t, err, test.code)
			require.Empty(t, rows(r))
		})
	}
}

// Rows that nobody asked for are left out, and it is told how many; so are rows that come twice.
func TestRowsOfOthersAreLeftOut(t *testing.T) {
	t.Parallel()
	var notices []service.Notice
	more := `{"id": 2, "email": "x` + canary + `"}, {"id": 3, "email": null}, {"id": 4}, {"id": 5, "email": ["` + canary + `x"]}, {"id": 6, "email": {"a": "` + canary + `"}}`
	r, err := collected(t, served(`{"people": [`+me(1)+`, `+more+`, `+strings.ToUpper(strings.Replace(me(7), "name", "n", 1))+`, `+me(1)+`]}`), "", "",
		func(c *service.Config) {
			c.Report = func(_ context.Context, n service.Notice) { notices = append(notices, n) }
		})
	require.NoError(t, err)
	require.Len(t, rows(r), 1)
	require.Equal(t, []service.Notice{{Address: dataset.Address{Dataset: "d", Collection: "people"}, Foreign: 6, Twice: 1}}, notices)
}

func TestPagesComeToAnEnd(t *testing.T) {
	t.Parallel()
	count := func(from *http.Request, name string) int { n, _ := strconv.Atoi(from.URL.Query().Get(name)); return n }
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		paging string
		limits string
		code   connectors.Code
		rows   int
	}{
		"a cursor that comes again": {func(w http.ResponseWriter, _ *http.Request) { say(w, `{"people": [`+me(1)+`], "next": "a"}`) }, "{kind: cursor, parameter: after, next: next}", "", connectors.ErrAnswer, 0},
		"a link to the page itself": {func(w http.ResponseWriter, r *http.Request) {
			say(w, fmt.Sprintf(`{"people": [], "next": %q}`, r.URL.String()))
		}, "{kind: url, next: next}", "", connectors.ErrAnswer, 0},
		"pages without an end": {func(w http.ResponseWriter, r *http.Request) { say(w, `{"people": [`+me(count(r, "page"))+`]}`) }, "{kind: page, parameter: page}", "pages: 30", connectors.ErrAnswer, 0},
		"empty pages with new places": {func(w http.ResponseWriter, r *http.Request) {
			say(w, fmt.Sprintf(`{"people": [], "next": "%d"}`, count(r, "after")+1))
		}, "{kind: cursor, parameter: after, next: next}", "pages: 30", connectors.ErrAnswer, 0},
		"a link to somewhere else": {func(w http.ResponseWriter, _ *http.Request) {
			say(w, `{"people": [], "next": "https://elsewhere.example/people"}`)
		}, "{kind: url, next: next}", "", connectors.ErrAnswer, 0},
		"a link with another user": {func(w http.ResponseWriter, r *http.Request) {
			say(w, `{"people": [], "next": "https://a:b@`+r.Host+`/people"}`)
		}, "{kind: url, next: next}", "", connectors.ErrAnswer, 0},
		"a link without TLS": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", `<http://`+r.Host+`/people?x=1>; rel="next"`)
			say(w, `{"people": []}`)
		}, "{kind: link}", "", connectors.ErrAnswer, 0},
		"a cursor that is an object": {served(`{"people": [], "next": {"a": 1}}`), "{kind: cursor, parameter: after, next: next}", "", connectors.ErrAnswer, 0},
		"a count that lies, and pages shorter than were asked for": {func(w http.ResponseWriter, r *http.Request) {
			if at := count(r, "offset"); at < 3 {
				say(w, `{"total": 1, "people": [`+me(at)+`]}`)
				return
			}
			say(w, `{"total": 1, "people": []}`)
		}, "{kind: offset, parameter: offset, size_parameter: limit, size: 100}", "", "", 3},
		"a page that repeats what the last one had": {func(w http.ResponseWriter, r *http.Request) {
			if at := count(r, "page"); at < 4 {
				say(w, `{"people": [`+me(at)+`, `+me(at+1)+`]}`)
				return
			}
			say(w, `{"people": []}`)
		}, "{kind: page, parameter: page}", "", "", 4},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r, err := collected(t, test.answer, ", paging: "+test.paging, test.limits)
			if test.code != "" {
				require.ErrorIs(t, err, test.code)
				return
			}
			require.NoError(t, err)
			require.Len(t, rows(r), test.rows)
		})
	}
}

// A redirect is not followed, to where ever it leads: whoever is there would be shown the secrets.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	elsewhere := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer elsewhere.Close()
	for _, to := range []string{elsewhere.URL, "/other", "http://127.0.0.1:1/"} {
		_, err := collected(t, http.RedirectHandler(to, http.StatusTemporaryRedirect), "", "")
		require.ErrorIs(t, err, connectors.ErrAnswer)
	}
	require.Zero(t, asked.Load())
}

// Where a connection leads is looked at when it is made: neither a name nor a way of writing an address gets around it.
func TestNothingButTheOpenNetwork(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }), ReadHeaderTimeout: time.Second}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })
	_, port, err := net.SplitHostPort(listener.Addr().String())
	require.NoError(t, err)
	datasets := parsed(t, people)
	for _, host := range []string{"127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
		"[fe80::1]", "[fd00::1]", "[ff02::1]", "224.0.0.1", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"} {
		for _, scheme := range []string{"https", "http"} {
			c, err := service.New(service.Config{Document: strings.Replace(document("", "retries: 1, timeout: 2s"), "URL", scheme+"://"+host+":"+port, 1), Secrets: "token=x", Datasets: datasets,
				Clock: newWaits()})
			require.NoError(t, err)
			err = c.Collect(t.Context(), selection(t, datasets, canary), conformance.NewRecorder())
			require.ErrorIs(t, err, connectors.ErrUnreachable, "%s://%s", scheme, host)
			require.Contains(t, err.Error(), "DOCKET_SERVICES_NETWORKS", "%s://%s", scheme, host)
			require.NoError(t, c.Close())
		}
	}
	require.Zero(t, reached.Load())
	require.True(t, reach.Public(netip.MustParseAddr("93.184.216.34")))
}

// A certificate that nobody vouches for ends the connection before anything is said.
func TestCertificatesAreChecked(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer server.Close()
	server.Config.ErrorLog = nil
	datasets := parsed(t, people)
	c, err := service.New(service.Config{Document: strings.Replace(document("", ""), "URL", server.URL, 1), Secrets: "token=x", Datasets: datasets, Authorities: x509.NewCertPool(),
		MayReach: func(netip.Addr) bool { return true }, Clock: newWaits()})
	require.NoError(t, err)
	err = c.Collect(t.Context(), selection(t, datasets, canary), conformance.NewRecorder())
	require.ErrorContains(t, err, "certificate")
	require.Zero(t, asked.Load())
}

// Values stay where they were put, whatever they hold.
func TestValuesStayInTheirPlace(t *testing.T) {
	t.Parallel()
	var seen []string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		seen = append(seen, r.Method+" "+r.URL.EscapedPath()+" "+r.URL.Query().Get("q")+" "+strconv.Itoa(len(r.URL.Query()))+" "+string(body))
		say(w, `{"people": []}`)
	}))
	defer server.Close()
	datasets := parsed(t, people)
	read := func(how, value string) error {
		doc := "service:\n  name: S\n  url: URL\n  constants: {team: \"a b/c\"}\n  collections:\n    - collection: d.people\n      read:\n        - " + how + "\n"
		c := open(t, server, service.Config{Document: doc, Datasets: datasets, Secrets: "\n"})
		defer func() { require.NoError(t, c.Close()) }()
		return c.Collect(t.Context(), selection(t, datasets, value), conformance.NewRecorder())
	}
	const hostile = `a&b=c#"'} ]{"x"=%2e <value> ${y}@example.org`
	require.NoError(t, read(`{by: email, path: /people, query: {q: <value>}, rows: "people[*]"}`, hostile))
	require.NoError(t, read(`{by: email, method: POST, path: /people, json: {find: {email: <value>, like: "<value>%"}}, rows: "people[*]"}`, hostile))
	require.NoError(t, read(`{by: email, method: POST, path: /people, form: {email: <value>}, rows: "people[*]"}`, hostile))
	require.NoError(t, read(`{by: email, path: /people/<value>/x, rows: "people[*]"}`, hostile))
	require.Equal(t, []string{
		"GET /people " + hostile + " 1 ",
		`POST /people  0 {"find":{"email":"a&b=c#\"'} ]{\"x\"=%2e <value> ${y}@example.org","like":"a&b=c#\"'} ]{\"x\"=%2e <value> ${y}@example.org%"}}`,
		"POST /people  0 email=a%26b%3Dc%23%22%27%7D+%5D%7B%22x%22%3D%252e+%3Cvalue%3E+%24%7By%7D%40example.org",
		"GET /people/a&b=c%23%22%27%7D%20%5D%7B%22x%22=%252e%20%3Cvalue%3E%20$%7By%7D@example.org/x  0 ",
	}, seen)
	for _, value := range []string{"..", ".", "a/b", `a\b`, "a\nb", "../../admin"} {
		require.ErrorIs(t, read(`{by: email, path: /people/<value>, rows: "people[*]"}`, value), connectors.ErrSelection, value)
	}
	require.ErrorIs(t, read(`{by: email, path: /people, headers: {X-Find: <value>}, rows: "people[*]"}`, "a\r\nX-Evil: 1"), connectors.ErrSelection)
	require.Len(t, seen, 4)
}
