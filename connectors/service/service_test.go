package service_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/service"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// A service that is busy is left alone as long as it asks, one that fails is asked again, each time later.
func TestReadingIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		refuse func(http.ResponseWriter)
		least  time.Duration
		code   connectors.Code
	}{
		"as long as it says": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "7")
			w.WriteHeader(http.StatusTooManyRequests)
		}, 6 * time.Second, ""},
		"and when it fails": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusInternalServerError) }, 500 * time.Millisecond, ""},
		"but not for ages": {func(w http.ResponseWriter) {
			w.Header().Set("Retry-After", "7200")
			w.WriteHeader(http.StatusTooManyRequests)
		}, 0, connectors.ErrBusy},
		"nor what makes sense": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusBadRequest) }, 0, connectors.ErrAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			w := newWaits()
			r, err := collected(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if asked.Add(1) == 1 {
					test.refuse(w)
					return
				}
				say(w, `{"people": [`+me(1)+`]}`)
			}), "", "", func(c *service.Config) { c.Clock = w })
			if test.code != "" {
				require.ErrorIs(t, err, test.code)
				require.Equal(t, int64(1), asked.Load())
				return
			}
			require.NoError(t, err)
			require.Len(t, rows(r), 1)
			require.NotEmpty(t, w.all)
			require.GreaterOrEqual(t, w.all[0], test.least)
		})
	}
}

// Requests of all who ask the service keep the distance that it wants.
func TestRequestsKeepTheirDistance(t *testing.T) {
	t.Parallel()
	pool := service.NewPool()
	w := newWaits()
	for range 3 {
		_, err := collected(t, served(`{"people": []}`), "", "rate: 2/minute", func(c *service.Config) { c.Pool, c.Clock = pool, w })
		require.NoError(t, err)
	}
	require.Len(t, w.all, 2, "the first goes at once")
	require.Greater(t, w.all[0], 29*time.Second)
	require.Greater(t, w.all[1], 59*time.Second)
}

func TestWhoAsksIsShown(t *testing.T) {
	t.Parallel()
	for auth, test := range map[string]struct {
		secrets string
		is      func(*http.Request) bool
	}{
		"{kind: bearer}": {"token=s3=cret", func(r *http.Request) bool { return r.Header.Get("Authorization") == "Bearer s3=cret" }},
		"{kind: basic}":  {"user=u\npassword=p:w", func(r *http.Request) bool { u, p, ok := r.BasicAuth(); return ok && u == "u" && p == "p:w" }},
		`{kind: header, name: X-Api-Key, prefix: "Key "}`: {"token=k", func(r *http.Request) bool { return r.Header.Get("X-Api-Key") == "Key k" }},
		"{kind: query, name: api_key}":                    {"token=a&b", func(r *http.Request) bool { return r.URL.Query().Get("api_key") == "a&b" }},
	} {
		var right atomic.Bool
		_, err := collected(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			right.Store(test.is(r))
			say(w, `{"people": []}`)
		}), "", "", func(c *service.Config) {
			c.Document, c.Secrets = strings.Replace(c.Document, "{kind: bearer}", auth, 1), test.secrets
		})
		require.NoError(t, err)
		require.True(t, right.Load(), auth)
	}
	for _, secrets := range []string{"", "canary-token", "token=", "token=a\ntoken=b", "user=x\ntoken=a", "token=a\x01b"} {
		_, err := service.New(service.Config{Document: strings.Replace(document("", ""), "URL", "https://a.example", 1), Secrets: secrets + "\n"})
		require.ErrorIs(t, err, connectors.ErrDSN)
		require.NotContains(t, err.Error(), "canary")
	}
}

// A token is asked for once, kept for all who ask, and asked for anew when it is not taken any more.
func TestTokensAreGivenAndRenewed(t *testing.T) {
	t.Parallel()
	var given, taken atomic.Int64
	pool := service.NewPool()
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			id, secret, _ := r.BasicAuth()
			if id != "c" || secret != "s" || r.FormValue("grant_type") != "client_credentials" || r.FormValue("scope") != "read" {
				w.WriteHeader(http.StatusBadRequest)
				return
			}
			say(w, fmt.Sprintf(`{"access_token": "t%d", "token_type": "Bearer", "expires_in": 3600}`, given.Add(1)))
			return
		}
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer t%d", given.Load()) || taken.Add(1) == 3 { // the third time it has been revoked
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		say(w, `{"people": []}`)
	})
	server := httptest.NewTLSServer(handler)
	defer server.Close()
	datasets := parsed(t, people)
	for range 4 {
		c := open(t, server, service.Config{Document: strings.Replace(document("", ""), "{kind: bearer}", "{kind: oauth2, token_url: URL/token, scope: read}", 1), Datasets: datasets,
			Secrets: "client_id=c\nclient_secret=s", Pool: pool})
		require.NoError(t, c.Collect(t.Context(), selection(t, datasets, canary), conformance.NewRecorder()))
		require.NoError(t, c.Close())
	}
	require.Equal(t, int64(2), given.Load())

	c := open(t, server, service.Config{Document: strings.Replace(document("", ""), "{kind: bearer}", "{kind: oauth2, token_url: URL/token, scope: read}", 1), Datasets: datasets,
		Secrets: "client_id=c\nclient_secret=wrong"})
	require.ErrorIs(t, c.Collect(t.Context(), selection(t, datasets, canary), conformance.NewRecorder()), connectors.ErrCredentials)
}

// A job is waited for until it is done, fails, or takes too long.
func TestJobsAreWaitedFor(t *testing.T) {
	t.Parallel()
	const async = `, method: POST, json: {email: <value>}, query: {}, async: {state: state, done: [done], failed: [failed], result: result, every: 1s, within: 5s}`
	run := func(states ...string) (*conformance.Recorder, *waits, error) {
		var polled atomic.Int64
		w := newWaits()
		doc := strings.Replace(document(async, ""), "query: {email: <value>}, ", "", 1)
		r, err := collected(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch r.URL.Path {
			case "/people":
				w.Header().Set("Location", "/jobs/1")
				w.WriteHeader(http.StatusAccepted)
			case "/jobs/1":
				n := int(polled.Add(1))
				say(w, fmt.Sprintf(`{"state": %q, "result": "/results/1"}`, states[min(n, len(states))-1]))
			default:
				say(w, `{"people": [`+me(1)+`]}`)
			}
		}), "", "", func(c *service.Config) { c.Document, c.Clock = strings.Replace(doc, "query: {}, ", "", 1), w })
		return r, w, err
	}
	r, w, err := run("begun", "begun", "done")
	require.NoError(t, err)
	require.Len(t, rows(r), 1)
	require.Len(t, w.all, 3)
	_, _, err = run("begun", "failed")
	require.ErrorIs(t, err, connectors.ErrServer)
	_, _, err = run("begun")
	require.ErrorIs(t, err, connectors.ErrTimeout)
}

// What takes more memory than a part may is read twice, and resumed where it stopped; what is gone meanwhile is noticed.
func TestLongCollectionsAreReadTwice(t *testing.T) {
	t.Parallel()
	var from atomic.Int64
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at, _ := strconv.Atoi(r.URL.Query().Get("offset"))
		var list []string
		for i := at + int(from.Load()); i < min(at+20, 100); i++ {
			list = append(list, me(i))
		}
		say(w, `{"people": [`+strings.Join(list, ",")+`]}`)
	})
	server := httptest.NewTLSServer(handler)
	defer server.Close()
	datasets := parsed(t, people)
	c := open(t, server, service.Config{Document: document(", paging: {kind: offset, parameter: offset}", ""), Datasets: datasets, BatchRows: 7, BatchBytes: 3000})
	sel := selection(t, datasets, canary)
	whole := conformance.NewRecorder()
	require.NoError(t, c.Collect(t.Context(), sel, whole))
	require.Len(t, rows(whole), 100)
	for stop := 1; stop < 14; stop++ {
		r := conformance.NewRecorder()
		r.Again(stop)
		require.ErrorIs(t, c.Collect(t.Context(), sel, r), conformance.ErrStop)
		r.Again(0)
		require.NoError(t, c.Collect(t.Context(), sel, r))
		require.Equal(t, rows(whole), rows(r))
	}
	r := conformance.NewRecorder()
	r.Again(1)
	require.ErrorIs(t, c.Collect(t.Context(), sel, r), conformance.ErrStop)
	from.Store(15)
	r.Again(0)
	require.ErrorIs(t, c.Collect(t.Context(), sel, r), connectors.ErrCursor)
}

// erasable is a service with a few rows, which it changes as it is told, or not.
type erasable struct {
	mu      sync.Mutex
	rows    map[int]map[string]any
	asked   []string
	refuse  func(r *http.Request) int
	ignores bool
}

func newErasable() *erasable {
	e := &erasable{rows: map[int]map[string]any{}}
	for i := range 5 {
		e.rows[i+1] = map[string]any{"id": i + 1, "email": canary, "name": "Ana", "extra": "kept"}
	}
	e.rows[9] = map[string]any{"id": 9, "email": "other@example.org", "name": "Other"}
	return e
}

func (e *erasable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if r.Method != http.MethodGet {
		e.asked = append(e.asked, r.Method+" "+r.URL.Path)
	}
	if e.refuse != nil {
		if status := e.refuse(r); status > 0 {
			w.WriteHeader(status)
			return
		}
	}
	id, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/people/"))
	row := e.rows[id]
	switch {
	case r.Method == http.MethodGet && r.URL.Path == "/people":
		list := []any{}
		for i := range 10 {
			if e.rows[i] != nil {
				list = append(list, e.rows[i])
			}
		}
		b, _ := json.Marshal(map[string]any{"people": list})
		say(w, string(b))
	case r.Method == http.MethodPost:
		for id, row := range e.rows {
			if row["email"] == r.FormValue("email") {
				delete(e.rows, id)
			}
		}
	case row == nil:
		w.WriteHeader(http.StatusNotFound)
	case r.Method == http.MethodGet:
		b, _ := json.Marshal(row)
		say(w, string(b))
	case e.ignores:
	case r.Method == http.MethodDelete:
		delete(e.rows, id)
		w.WriteHeader(http.StatusNoContent)
	default:
		body, _ := io.ReadAll(r.Body)
		is := map[string]any{}
		_ = json.Unmarshal(body, &is)
		if r.Method == http.MethodPut {
			e.rows[id] = is
			return
		}
		for name, v := range is {
			row[name] = v
		}
	}
}

func (e *erasable) erase(t *testing.T, o erasure.Order, change ...func(*service.Config)) (*conformance.Ledger, error) {
	t.Helper()
	server := httptest.NewTLSServer(e)
	defer server.Close()
	datasets := parsed(t, people)
	cfg := service.Config{Document: document("", "concurrency: 2"), Datasets: datasets, AllowWrites: true, Clock: newWaits()}
	for _, f := range change {
		f(&cfg)
	}
	c := open(t, server, cfg)
	defer func() { require.NoError(t, c.Close()) }()
	o.Address = dataset.Address{Dataset: "d", Collection: "people"}
	l := conformance.NewLedger()
	err := c.Erase(t.Context(), connectors.Errand{Selection: selection(t, cfg.Datasets, canary), Orders: []erasure.Order{o}, Secret: []byte("0123456789abcdef0123456789abcdef")}, l)
	if err != nil {
		require.NotContains(t, err.Error(), "canary")
	}
	return l, err
}

func (e *erasable) tally(l *conformance.Ledger) connectors.Tally {
	return l.Tallies[dataset.Address{Dataset: "d", Collection: "people"}]
}

func TestWholeRowsAreSentBack(t *testing.T) {
	t.Parallel()
	e := newErasable()
	l, err := e.erase(t, erasure.Order{Masks: []erasure.Mask{{Path: []string{"name"}, Treatment: erasure.Null}}}, func(c *service.Config) {
		c.Document = strings.Replace(c.Document, "method: PUT}", "method: PUT, send: whole}", 1)
	})
	require.NoError(t, err)
	require.Equal(t, connectors.Tally{Masked: 5}, e.tally(l))
	require.Equal(t, map[string]any{"id": float64(1), "email": canary, "name": nil, "extra": "kept"}, e.rows[1])
	require.Equal(t, "Other", e.rows[9]["name"])
}

// What is implied of a row is not said to the service that never said it, but for what it is masked to.
func TestWholeRowsAreSentBackAsTheyWereGiven(t *testing.T) {
	t.Parallel()
	for _, mask := range []string{"name", "email"} {
		e := &erasable{rows: map[int]map[string]any{1: {"id": 1, "name": "Ana", "extra": "kept"}}}
		l, err := e.erase(t, erasure.Order{Masks: []erasure.Mask{{Path: []string{mask}, Treatment: erasure.Fixed, Value: "gone"}}}, func(c *service.Config) {
			c.Document = strings.Replace(document(", implied: true", ""), "method: PUT}", "method: PUT, send: whole}", 1)
		})
		require.NoError(t, err)
		require.Equal(t, connectors.Tally{Masked: 1}, e.tally(l))
		is := map[string]any{"id": float64(1), "name": "Ana", "extra": "kept"}
		is[mask] = "gone"
		require.Equal(t, is, e.rows[1])
	}
}

// One request deletes all of a person's rows where the service has it so.
func TestAPersonIsDeletedAtOnce(t *testing.T) {
	t.Parallel()
	e := newErasable()
	atOnce := func(c *service.Config) {
		c.Document = strings.Replace(c.Document, "delete: {path: /people/<row.id>}", "delete: {by: email, method: POST, path: /forget, form: {email: <value>}}", 1)
	}
	l, err := e.erase(t, erasure.Order{Delete: true}, atOnce)
	require.NoError(t, err)
	require.Equal(t, connectors.Tally{Deleted: 5}, e.tally(l))
	require.Len(t, e.rows, 1)
	require.Equal(t, []string{"POST /forget"}, e.asked)
	_, err = newErasable().erase(t, erasure.Order{Delete: true, Days: &erasure.Days{Field: []string{"name"}, Zone: "UTC"}}, atOnce)
	require.ErrorIs(t, err, connectors.ErrDocument, "it can't keep some of them")
}

// A request that nobody knows the fate of is sent again only where that does no harm; what was done is told all the same.
func TestChangesAreTriedAgainOnlyWhereTheyMayBe(t *testing.T) {
	t.Parallel()
	mask := erasure.Order{Masks: []erasure.Mask{{Path: []string{"name"}, Treatment: erasure.Null}}}
	failing := func(e *erasable, once bool) {
		var failed atomic.Bool
		e.refuse = func(r *http.Request) int {
			if r.Method != http.MethodGet && r.URL.Path == "/people/3" && (!once || failed.CompareAndSwap(false, true)) {
				return http.StatusBadGateway
			}
			return 0
		}
	}
	times := func(e *erasable, what string) (n int) {
		for _, a := range e.asked {
			if a == what {
				n++
			}
		}
		return n
	}
	patch := func(c *service.Config) { c.Document = strings.Replace(c.Document, "method: PUT}", "method: PATCH}", 1) }
	e := newErasable()
	failing(e, true)
	_, err := e.erase(t, mask, patch)
	require.ErrorIs(t, err, connectors.ErrServer)
	require.Equal(t, 1, times(e, "PATCH /people/3"))

	e = newErasable()
	failing(e, true)
	_, err = e.erase(t, mask, func(c *service.Config) {
		c.Document = strings.Replace(c.Document, "method: PUT}", "method: PATCH, repeatable: true}", 1)
	})
	require.NoError(t, err)
	require.Equal(t, 2, times(e, "PATCH /people/3"))

	e = newErasable()
	failing(e, false)
	l, err := e.erase(t, erasure.Order{Delete: true}, func(c *service.Config) { c.EraseRows = 1 })
	require.ErrorIs(t, err, connectors.ErrServer)
	require.Equal(t, connectors.Tally{Deleted: 2}, e.tally(l), "what was done before is told")
	e.refuse = nil
	l, err = e.erase(t, erasure.Order{Delete: true})
	require.NoError(t, err)
	require.Equal(t, connectors.Tally{Deleted: 3}, e.tally(l), "and the rest the next time")
}

// A service that says yes and does nothing is not believed.
func TestWhatWasSaidIsReadBack(t *testing.T) {
	t.Parallel()
	e := newErasable()
	e.ignores = true
	l, err := e.erase(t, erasure.Order{Delete: true})
	require.ErrorIs(t, err, connectors.ErrBusy)
	require.Equal(t, connectors.Tally{Deleted: 5}, e.tally(l))
	require.Len(t, e.rows, 6)
}

func TestWhatTheDocumentLacksIsRefusedFirst(t *testing.T) {
	t.Parallel()
	without := func(part string) func(*service.Config) {
		return func(c *service.Config) { c.Document = strings.Replace(c.Document, part, "", 1) }
	}
	email := []erasure.Mask{{Path: []string{"email"}, Treatment: erasure.Random}}
	for name, test := range map[string]struct {
		order  erasure.Order
		change func(*service.Config)
	}{
		"no delete":         {erasure.Order{Delete: true}, without("delete: {path: /people/<row.id>}")},
		"no update":         {erasure.Order{Masks: email}, without("update: {path: /people/<row.id>, method: PUT}")},
		"no way back to it": {erasure.Order{Masks: email}, without("- {by: id, path: /people/<value>, rows: $, nobody: [404]}")},
	} {
		e := newErasable()
		_, err := e.erase(t, test.order, test.change)
		require.ErrorIs(t, err, connectors.ErrDocument, name)
		require.Empty(t, e.asked, name)
	}
	e := newErasable()
	_, err := e.erase(t, erasure.Order{Delete: true}, func(c *service.Config) { c.AllowWrites = false })
	require.ErrorIs(t, err, connectors.ErrReadOnly)
}

const dated = `
dataset:
  - fides_key: d
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: email, data_categories: [user.contact.email], fides_meta: {identity: email}}
      - name: orders
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer, data_categories: [user.unique_id], fides_meta: {data_type: integer, references: [{dataset: d, field: customers.id, direction: from}]}}
          - {name: placed, data_categories: [user.behavior]}
      - name: lines
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true, data_type: integer}}
          - {name: order, data_categories: [user.unique_id], fides_meta: {data_type: integer, references: [{dataset: d, field: orders.id, direction: from}]}}
`

// What belongs to a row has its day, and who is referred to the latest of those that refer to them.
func TestDaysOfOtherRows(t *testing.T) {
	t.Parallel()
	kept := map[string][]map[string]any{
		"customers": {{"id": 1, "email": canary}, {"id": 2, "email": canary}, {"id": 3, "email": canary}},
		"orders":    {{"id": 10, "customer": 1, "placed": "2024-12-31T23:30:00Z"}, {"id": 11, "customer": 1, "placed": "2020-05-05"}, {"id": 12, "customer": 2, "placed": nil}, {"id": 13, "customer": 2, "placed": "2021-01-01"}},
		"lines":     {{"id": 100, "order": 10}, {"id": 101, "order": 11}, {"id": 102, "order": 12}, {"id": 103, "order": 10}},
	}
	var asked atomic.Int64
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/orders" && r.URL.Query().Has("id") {
			asked.Add(1)
		}
		found := []map[string]any{}
		for _, row := range kept[r.URL.Path[1:]] {
			for name, value := range row {
				if r.URL.Query().Get(name) == fmt.Sprint(value) {
					found = append(found, row)
				}
			}
		}
		b, _ := json.Marshal(found)
		say(w, string(b))
	}))
	defer server.Close()
	doc := "service:\n  name: S\n  url: URL\n  auth: {kind: bearer}\n  collections:\n"
	for collection, fields := range map[string][]string{"customers": {"email", "id"}, "orders": {"customer", "id"}, "lines": {"order"}} {
		doc += "    - collection: d." + collection + "\n      delete: {path: /x/<row.id>}\n      read:\n"
		for _, by := range fields {
			doc += "        - {by: " + by + ", path: /" + collection + ", query: {" + by + ": <value>}, rows: '[*]'}\n"
		}
	}
	datasets := parsed(t, dated)
	c := open(t, server, service.Config{Document: doc, Datasets: datasets})
	at := func(name string) dataset.Address { return dataset.Address{Dataset: "d", Collection: name} }
	days := func(through *erasure.Through) *erasure.Days {
		return &erasure.Days{Field: []string{"placed"}, Zone: "Europe/Berlin", Through: through, Spans: []erasure.Span{}}
	}
	surveys, err := c.Survey(t.Context(), connectors.Errand{Selection: selection(t, datasets, canary), Secret: []byte("0123456789abcdef0123456789abcdef"), Orders: []erasure.Order{
		{Address: at("lines"), Delete: true, Days: days(&erasure.Through{Path: []string{"order"}, Of: dataset.FieldAddress{Address: at("orders"), Path: []string{"id"}}})},
		{Address: at("orders"), Delete: true, Days: days(nil)},
		{Address: at("customers"), Delete: true, Days: days(&erasure.Through{Path: []string{"id"}, Of: dataset.FieldAddress{Address: at("orders"), Path: []string{"customer"}}, Back: true})},
	}})
	require.NoError(t, err)
	day := func(y, m, d int, rows int64) connectors.DayCount {
		return connectors.DayCount{Day: privacy.NewDate(y, time.Month(m), d), Rows: rows}
	}
	require.Equal(t, []connectors.Survey{
		{Address: at("lines"), Own: 4, Undated: 1, Days: []connectors.DayCount{day(2020, 5, 5, 1), day(2025, 1, 1, 2)}},
		{Address: at("orders"), Own: 4, Undated: 1, Days: []connectors.DayCount{day(2020, 5, 5, 1), day(2021, 1, 1, 1), day(2025, 1, 1, 1)}},
		{Address: at("customers"), Own: 3, Days: []connectors.DayCount{{Day: erasure.Unreferred(), Rows: 1}, day(2025, 1, 1, 1), {Day: erasure.Undatable(), Rows: 1}}},
	}, surveys)
	require.Equal(t, int64(3), asked.Load(), "each order is asked for once")
}

// Where some services show only later what they did, the rows are looked at again before anything is said.
func TestWhatShowsLater(t *testing.T) {
	t.Parallel()
	e := newErasable()
	var looks atomic.Int64
	e.refuse = func(r *http.Request) int {
		if r.Method == http.MethodGet && looks.Add(1) == 4 {
			e.ignores = false
			clear(e.rows)
		}
		return 0
	}
	e.ignores = true
	l, err := e.erase(t, erasure.Order{Delete: true})
	require.NoError(t, err)
	require.Equal(t, connectors.Tally{Deleted: 5}, e.tally(l), "each is counted once")
}

// A service that shows each row a little longer than it is there is waited for row by row, however many there are.
func TestEachRowMayShowLater(t *testing.T) {
	t.Parallel()
	e := newErasable()
	for id := 6; id < 9; id++ {
		e.rows[id] = map[string]any{"id": id, "email": canary}
	}
	shown := map[int]int{}
	e.refuse = func(r *http.Request) int {
		if id, err := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/people/")); err == nil && r.Method == http.MethodDelete {
			shown[id] = 0
			return http.StatusNoContent
		}
		for id := range shown {
			if shown[id]++; shown[id] == 2 {
				delete(e.rows, id)
			}
		}
		return 0
	}
	l, err := e.erase(t, erasure.Order{Delete: true}, func(c *service.Config) { c.BatchBytes = 1 })
	require.NoError(t, err)
	require.Equal(t, connectors.Tally{Deleted: 8}, e.tally(l))
	require.Len(t, e.rows, 1)
}

// listed has several people in one row.
var listed = strings.Replace(people, "{identity: email}", `{identity: email, data_type: "string[]"}`, 1)

// taking takes their elements out.
func taking() erasure.Order {
	return erasure.Order{Parts: []erasure.Mask{{Path: []string{"email"}, Treatment: erasure.Null, Elements: true}}}
}

// Elements are taken out of lists in lists as well, which stay with what else is in them.
func TestElementsOfListsInLists(t *testing.T) {
	t.Parallel()
	e := &erasable{rows: map[int]map[string]any{1: {"id": 1, "email": []any{"b@example.org", canary, []any{canary, "c@example.org", []any{canary}}, []any{"d@example.org"}}}}}
	l, err := e.erase(t, taking(), func(c *service.Config) { c.Datasets = parsed(t, listed) })
	require.NoError(t, err)
	require.Equal(t, connectors.Tally{Parts: 1}, e.tally(l))
	require.Equal(t, []any{"b@example.org", []any{"c@example.org", []any{}}, []any{"d@example.org"}}, e.rows[1]["email"])
}

// Of a list that rows don't show only the person's element is known: written back it would be without everybody else's.
func TestElementsOfWhatIsImplied(t *testing.T) {
	t.Parallel()
	e := newErasable()
	_, err := e.erase(t, taking(), func(c *service.Config) { c.Datasets, c.Document = parsed(t, listed), document(", implied: true", "") })
	require.ErrorIs(t, err, connectors.ErrDocument)
	require.ErrorContains(t, err, "d.people.email: elements are to be taken out of it")
	require.Empty(t, e.asked)
}

// The test compares the document with the annotation, and asks for somebody who doesn't exist.
func TestWhatTheTestFinds(t *testing.T) {
	t.Parallel()
	test := func(handler http.Handler, doc string) error {
		server := httptest.NewTLSServer(handler)
		defer server.Close()
		c := open(t, server, service.Config{Document: doc, Datasets: parsed(t, people), Clock: newWaits()})
		defer func() { require.NoError(t, c.Close()) }()
		return c.Test(t.Context())
	}
	empty := served(`{"people": []}`)
	byID := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/people/") {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		empty(w, r)
	})
	require.NoError(t, test(byID, document("", "")))
	err := test(newErasable(), document("", ""))
	require.ErrorIs(t, err, connectors.ErrAnswer)
	require.ErrorContains(t, err, "other people's rows")
	err = test(byID, strings.Replace(document("", ""), "by: email", "by: mail", 1))
	require.ErrorContains(t, err, "d.people.email: the annotation finds rows by it")
	require.ErrorContains(t, err, "d.people.mail: a read finds rows by it")
	err = test(byID, strings.Replace(document("", ""), "    - collection: d.people\n", "    - collection: d.persons\n", 1))
	require.ErrorContains(t, err, "d.people: the service document doesn't say how it is reached")
	require.ErrorContains(t, err, "d.persons: the annotation has no such collection")
	refusing := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	var found connectors.Findings
	require.ErrorAs(t, test(refusing, strings.Replace(document("", ""), "  collections:", "  test: {path: /me}\n  collections:", 1)), &found)
	require.Len(t, found, 1, "what would only repeat it is not listed")
	require.Equal(t, connectors.ErrCredentials, found[0].Code)
}

// stuck is a clock whose waits never end; the first of them has the work broken off.
type stuck struct {
	*waits
	broken func()
}

// After never ends.
func (s stuck) After(time.Duration) <-chan time.Time {
	s.broken()
	return nil
}

// Work that is broken off ends at once, also while it waits.
func TestWaitingIsBrokenOff(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "60")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	datasets := parsed(t, people)
	c := open(t, server, service.Config{Document: document("", ""), Datasets: datasets, Clock: stuck{newWaits(), cancel}})
	err := c.Collect(ctx, selection(t, datasets, canary), conformance.NewRecorder())
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, err, connectors.ErrTimeout)
}
