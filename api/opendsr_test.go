package api_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/storage"
)

// called is one callback as it came.
type called struct {
	Header http.Header
	Body   []byte
}

// listener is a partner's own server, to which callbacks lead.
type listener struct {
	url   string
	mu    sync.Mutex
	calls []called
	down  bool
}

func listen(t *testing.T) *listener {
	t.Helper()
	l := &listener{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		l.calls = append(l.calls, called{r.Header.Clone(), body})
	}))
	t.Cleanup(server.Close)
	l.url = server.URL + "/callbacks"
	return l
}

func (l *listener) heard() []called {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]called{}, l.calls...)
}

func (l *listener) goDown(down bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.down = down
}

// local lets callbacks lead to this machine.
func local(_ *world, c *api.Config) { c.WebhooksLocal = true }

// tell has a relay make the callbacks that are due.
func (w *world) tell() {
	w.t.Helper()
	r := &relay.Relay{Desk: w.desk, Clock: w.clock, Log: zap.NewNop(), WebhooksLocal: true}
	for {
		n, err := r.Callbacks(w.t.Context())
		require.NoError(w.t, err)
		if n == 0 {
			return
		}
	}
}

// controller is one that the tenant has registered.
type controller struct {
	w         *world
	id        uuid.UUID
	key, base string
	*listener
}

// control registers a controller; change alters it.
func (w *world) control(handle string, change ...func(map[string]any)) *controller {
	w.t.Helper()
	body := map[string]any{
		"protocol": "opendsr", "handle": handle, "name": "Shop AG", "domain": "127.0.0.1", "vouches": []string{"email", "customer_id"}, "results": true,
	}
	for _, f := range change {
		f(body)
	}
	got := w.call(api.Admin, http.MethodPost, "/v1/requesters", body)
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	made := into[struct {
		ID  uuid.UUID
		Key string
	}](w.t, got)
	require.True(w.t, strings.HasPrefix(made.Key, "dkr_"))
	return &controller{w: w, id: made.ID, key: made.Key, base: "/opendsr/acme/v2", listener: listen(w.t.(*testing.T))}
}

// vouchless has a controller's word prove nothing.
func vouchless(body map[string]any) { body["vouches"] = []string{} }

// ask is a request as version 2 has it.
func (c *controller) ask(id uuid.UUID, kind, email string) map[string]any {
	return map[string]any{
		"regulation": "gdpr", "subject_request_id": id.String(), "subject_request_type": kind, "submitted_time": "2026-02-27T10:00:00Z",
		"subject_identities": []map[string]string{
			{"identity_type": "email", "identity_value": email, "identity_format": "raw"},
			{"identity_type": "controller_customer_id", "identity_value": "K-17", "identity_format": "raw"},
			{"identity_type": "ios_advertising_id", "identity_value": "EA7583CD", "identity_format": "raw"},
		},
		"api_version": "2.0", "status_callback_urls": []string{c.url},
	}
}

func (c *controller) send(method, path string, body any) answer {
	c.w.t.Helper()
	return c.w.send(c.key, method, c.base+path, body)
}

// file files a request and expects it to be taken.
func (c *controller) file(kind, email string) uuid.UUID {
	c.w.t.Helper()
	id := uuid.New()
	got := c.send(http.MethodPost, "/requests", c.ask(id, kind, email))
	require.Equal(c.w.t, http.StatusCreated, got.Status, "%s", got.Body)
	return id
}

// caseOf finds the case of a request.
func (c *controller) caseOf(id uuid.UUID) (row storage.Case) {
	c.w.t.Helper()
	require.NoError(c.w.t, c.w.db.Read(c.w.t.Context(), c.w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		filed, err := tx.FiledRequestByName(ctx, c.id, id)
		if err != nil {
			return err
		}
		row, err = tx.Case(ctx, filed.CaseID)
		return err
	}))
	return row
}

// certificate is the one that discovery names.
func (c *controller) certificate() string {
	c.w.t.Helper()
	found := into[opendsr.Discovery](c.w.t, c.w.send("", http.MethodGet, c.base+"/discovery", nil))
	require.True(c.w.t, strings.HasPrefix(found.Certificate, public+"/opendsr/acme/certificates/"))
	return string(c.w.send("", http.MethodGet, strings.TrimPrefix(found.Certificate, public), nil).Body)
}

// signed checks what an answer or a callback is signed with, and by whom.
func (c *controller) signed(certificate string, h http.Header, body []byte) {
	c.w.t.Helper()
	require.Equal(c.w.t, "docket.test", h.Get("X-OpenDSR-Processor-Domain"))
	require.NoError(c.w.t, opendsr.Verify(certificate, body, h.Get("X-OpenDSR-Signature")))
	forged := append([]byte{}, body...)
	forged[len(forged)-2] ^= 1
	require.ErrorIs(c.w.t, opendsr.Verify(certificate, forged, h.Get("X-OpenDSR-Signature")), opendsr.ErrSignature)
}

// The whole play of a controller: it discovers, files, is told of each change with a signature, and fetches the answer.
func TestAControllerIsAnswered(t *testing.T) {
	t.Parallel()
	w := working(t, local)
	c := w.control("shop")
	discovered := into[opendsr.Discovery](t, w.send("", http.MethodGet, "/opendsr/acme/v2/discovery", nil))
	require.Equal(t, []string{"access", "portability", "erasure"}, discovered.Types)
	require.Equal(t, "2.0", discovered.APIVersion)
	certificate := c.certificate()

	id := uuid.New()
	sent, err := json.Marshal(c.ask(id, "access", "ana@example.test"))
	require.NoError(t, err)
	got := c.send(http.MethodPost, "/requests", sent)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	c.signed(certificate, got.Header, got.Body)
	taken := into[opendsr.Accepted](t, got)
	require.Equal(t, "shop", taken.ControllerID)
	require.Equal(t, base64.StdEncoding.EncodeToString(sent), taken.Encoded)
	row := c.caseOf(id)
	require.Equal(t, "opendsr", row.Channel)
	require.Equal(t, "vouched", *row.IdentityMethod)
	require.Equal(t, "customer_id", *row.AlsoProven)
	require.WithinDuration(t, *row.NextDue, *taken.Expected, 31*24*time.Hour)
	detail := string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+row.ID.String(), nil).Body)
	require.Contains(t, detail, `"handle":"shop"`)
	require.Contains(t, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+row.ID.String()+"/person", nil).Body), "EA7583CD", "what is not searched by is told to staff")

	w.until(row.ID, "reviewing")
	require.Equal(t, opendsr.InProgress, into[opendsr.Status](t, c.send(http.MethodGet, "/requests/"+id.String(), nil)).Status)
	require.Equal(t, http.StatusNotFound, c.send(http.MethodGet, "/requests/"+id.String()+"/results", nil).Status, "not before it is delivered")
	w.tell()
	require.Equal(t, http.StatusOK, w.command(api.Agent, row.ID, "approve", map[string]any{"note": "all is well"}).Status)
	w.until(row.ID, "closed")
	w.tell()
	c.requireTold(certificate, id, opendsr.Pending, opendsr.InProgress, opendsr.Completed)
	c.requireResults(id)
}

// requireTold wants these callbacks, in this order and no others, each signed and for this address.
func (c *controller) requireTold(certificate string, id uuid.UUID, statuses ...string) {
	t := c.w.t
	t.Helper()
	var told []string
	for _, call := range c.heard() {
		c.signed(certificate, call.Header, call.Body)
		var s opendsr.Status
		require.NoError(t, json.Unmarshal(call.Body, &s))
		require.Equal(t, c.url, s.Callback)
		require.Equal(t, id, s.ID)
		require.NotContains(t, string(call.Body), "example.test", "nothing about the person")
		told = append(told, s.Status)
	}
	require.Equal(t, statuses, told)
}

// requireResults fetches the answer, which only this controller can.
func (c *controller) requireResults(id uuid.UUID) {
	t := c.w.t
	status := into[opendsr.Status](t, c.send(http.MethodGet, "/requests/"+id.String(), nil))
	require.Equal(t, opendsr.Completed, status.Status)
	require.Equal(t, "fulfilled", status.Extensions["docket.test"].Outcome)
	require.NotNil(t, status.ResultsCount)
	at := strings.TrimPrefix(status.ResultsURL, public)
	require.Equal(t, http.StatusUnauthorized, c.w.send("", http.MethodGet, at, nil).Status)
	other := c.w.control("other")
	require.Equal(t, http.StatusNotFound, c.w.send(other.key, http.MethodGet, at, nil).Status)
	got := c.w.send(c.key, http.MethodGet, at, nil)
	require.Equal(t, http.StatusOK, got.Status)
	require.True(t, strings.HasPrefix(string(got.Body), "PK"), "a zip file")
	audited := string(c.w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=100", nil).Body)
	require.Contains(t, audited, c.id.String())
	require.Contains(t, audited, "package.downloaded")
	require.Equal(t, http.StatusOK, c.w.call(api.Admin, http.MethodPut, "/v1/requesters/"+c.id.String(), map[string]any{"name": "Shop AG", "domain": "127.0.0.1"}).Status)
	require.Equal(t, http.StatusNotFound, c.w.send(c.key, http.MethodGet, at, nil).Status, "the tenant lets it fetch no answers any more")
	require.Empty(t, into[opendsr.Status](t, c.send(http.MethodGet, "/requests/"+id.String(), nil)).ResultsURL)
}

// A controller whose word counts for nothing has its people asked, and may take the request back meanwhile. Callbacks wait for who is down, and come
// in their order.
func TestAControllerTakesBack(t *testing.T) {
	t.Parallel()
	w := working(t, local)
	c := w.control("shop", vouchless)
	c.goDown(true)
	id := c.file("erasure", "ana@example.test")
	row := c.caseOf(id)
	w.until(row.ID, "verifying")
	w.tell()
	got := c.send(http.MethodDelete, "/requests/"+id.String(), nil)
	require.Equal(t, http.StatusAccepted, got.Status, "%s", got.Body)
	c.signed(c.certificate(), got.Header, got.Body)
	w.until(row.ID, "closed")
	require.Equal(t, http.StatusAccepted, c.send(http.MethodDelete, "/requests/"+id.String(), nil).Status, "taken back already")
	status := into[opendsr.Status](t, c.send(http.MethodGet, "/requests/"+id.String(), nil))
	require.Equal(t, opendsr.Cancelled, status.Status)
	require.Equal(t, "withdrawn", status.Extensions["docket.test"].Outcome)
	w.tell()
	require.Empty(t, c.heard())
	c.goDown(false)
	for range 3 {
		w.clock.Advance(10 * time.Minute)
		w.tell()
	}
	c.requireTold(c.certificate(), id, opendsr.Pending, opendsr.Cancelled)
}

// The same id and body is the same request, however often and at once it comes; with another body it is refused.
func TestAThousandDuplicatesMakeOneCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	c := w.control("shop")
	id := uuid.New()
	body, err := json.Marshal(c.ask(id, "access", "ana@example.test"))
	require.NoError(t, err)
	client := &http.Client{Transport: &http.Transport{MaxConnsPerHost: 100, MaxIdleConnsPerHost: 100}}
	var mu sync.Mutex
	seen := map[string]int{}
	var group errgroup.Group
	for range 1000 {
		group.Go(func() error {
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.url+c.base+"/requests", strings.NewReader(string(body)))
			if err != nil {
				return err
			}
			request.Header.Set("Authorization", "Bearer "+c.key)
			response, err := client.Do(request)
			if err != nil {
				return err
			}
			text, err := io.ReadAll(response.Body)
			_ = response.Body.Close()
			mu.Lock()
			defer mu.Unlock()
			seen[response.Status+" "+string(text)]++
			return err
		})
	}
	require.NoError(t, group.Wait())
	require.Len(t, seen, 1, "all have the same answer")
	for text, n := range seen {
		require.Contains(t, text, "201")
		require.Equal(t, 1000, n)
	}
	require.Len(t, into[struct{ Items []any }](t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil)).Items, 1)
	other := c.ask(id, "erasure", "ana@example.test")
	got := c.send(http.MethodPost, "/requests", other)
	require.Equal(t, http.StatusBadRequest, got.Status)
	require.Contains(t, string(got.Body), "said something else")
}

// Who shows no key, a wrong one or one that was taken away is not let in, and no controller sees another's or another tenant's requests.
func TestControllersAreKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	c, other := w.control("shop"), w.control("other")
	id := c.file("access", "ana@example.test")
	at := c.base + "/requests/" + id.String()
	for name, key := range map[string]string{"none": "", "an API key": w.keys[api.Admin], "made up": "dkr_" + strings.Repeat("x", 43)} {
		got := w.send(key, http.MethodGet, at, nil)
		require.Equal(t, http.StatusUnauthorized, got.Status, name)
		require.NotEmpty(t, got.Header.Get("WWW-Authenticate"))
	}
	for _, method := range []string{http.MethodGet, http.MethodDelete} {
		require.Equal(t, http.StatusNotFound, w.send(other.key, method, at, nil).Status)
	}
	require.Equal(t, http.StatusUnauthorized, w.send(c.key, http.MethodGet, strings.Replace(at, "acme", "other", 1), nil).Status, "another tenant knows no such key")
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, "/opendsr/nobody/discovery", nil).Status)
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, "/opendsr/other/discovery", nil).Status, "a tenant without a controller is no processor")
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("shop:"+c.key))
	require.Equal(t, http.StatusOK, w.send("", http.MethodGet, at, nil, "Authorization", basic).Status)
	wrong := "Basic " + base64.StdEncoding.EncodeToString([]byte("other:"+c.key))
	require.Equal(t, http.StatusUnauthorized, w.send("", http.MethodGet, at, nil, "Authorization", wrong).Status)

	again := into[struct{ Key string }](t, w.call(api.Admin, http.MethodPost, "/v1/requesters/"+c.id.String()+"/key", nil))
	require.Equal(t, http.StatusOK, w.send(c.key, http.MethodGet, at, nil).Status, "the key before is good for a day")
	require.Equal(t, http.StatusOK, w.send(again.Key, http.MethodGet, at, nil).Status)
	w.clock.Advance(25 * time.Hour)
	require.Equal(t, http.StatusUnauthorized, w.send(c.key, http.MethodGet, at, nil).Status)
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/requesters/"+c.id.String(), nil).Status)
	require.Equal(t, http.StatusForbidden, w.send(again.Key, http.MethodGet, at, nil).Status)
	w.tell()
	require.Empty(t, c.heard(), "who was ended hears nothing more")
}

// Each thing that can be wrong with a request is refused with 400 and what to do, on record and without a word about the person.
func TestControllersAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	c := w.control("shop", func(b map[string]any) { b["domain"] = "shop.example" })
	c.url = "https://hooks.shop.example/in"
	for name, change := range map[string]func(map[string]any){
		"version 4 in lower case": func(b map[string]any) { b["subject_request_id"] = strings.ToUpper(uuid.NewString()) },
		"must be access":          func(b map[string]any) { b["subject_request_type"] = "rectification" },
		"gdpr or ccpa":            func(b map[string]any) { b["regulation"] = "" },
		"under the regulation":    func(b map[string]any) { b["regulation"] = "ccpa" },
		"submitted_time":          func(b map[string]any) { b["submitted_time"] = "yesterday" },
		"lies in the future":      func(b map[string]any) { b["submitted_time"] = "2027-01-01T00:00:00Z" },
		"of the type email": func(b map[string]any) {
			b["subject_identities"] = []map[string]string{{"identity_type": "email", "identity_value": strings.Repeat("ab", 32), "identity_format": "sha256"}}
		},
		"subject_identities is": func(b map[string]any) { delete(b, "subject_identities") },
		"must begin with https": func(b map[string]any) { b["status_callback_urls"] = []string{"http://shop.example/in"} },
		"must be on the domain": func(b map[string]any) { b["status_callback_urls"] = []string{"https://evilshop.example/in"} },
		"at most 5 addresses": func(b map[string]any) {
			b["status_callback_urls"] = strings.Split(strings.Repeat("https://shop.example/a ", 6), " ")[:6]
		},
		"extensions must be": func(b map[string]any) { b["extensions"] = []int{1} },
		"a second identity": func(b map[string]any) {
			b["subject_identities"] = append(b["subject_identities"].([]map[string]string), map[string]string{"identity_type": "email", "identity_value": "bea@example.test", "identity_format": "raw"})
		},
		"subject_request_id must be": func(b map[string]any) { b["subject_request_id"] = 7 },
	} {
		body := c.ask(uuid.New(), "access", "ana@example.test")
		change(body)
		got := c.send(http.MethodPost, "/requests", body)
		require.Equal(t, http.StatusBadRequest, got.Status, "%s: %s", name, got.Body)
		require.Contains(t, string(got.Body), name)
		require.NotContains(t, string(got.Body), "example.test")
	}
	require.Equal(t, http.StatusBadRequest, c.send(http.MethodPost, "/requests", `{"subject_request_id`).Status)
	require.Equal(t, http.StatusRequestEntityTooLarge, c.send(http.MethodPost, "/requests", strings.Repeat(" ", opendsr.MaxBody+1)).Status)
	require.Empty(t, into[struct{ Items []any }](t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil)).Items)
	audited := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=100", nil).Body)
	require.Contains(t, audited, "requester.refused")
	require.NotContains(t, audited, "example.test")
	for _, entry := range w.log.All() {
		require.NotContains(t, entry.Message, "example.test")
	}
}

// The routes and headers of the versions before are honoured, and the identities' form of the one after.
func TestOldAndNewSenders(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	c := w.control("shop")
	for base, version := range map[string]opendsr.Version{
		"/opendsr/acme/v1": opendsr.OpenGDPR, "/opendsr/acme": opendsr.OpenGDPR, "/opendsr/acme/v2": opendsr.OpenCompliance, "/opendsr/acme/v3": opendsr.OpenDSR,
	} {
		id := uuid.New()
		body := c.ask(id, "portability", "ana@example.test")
		if version.Number == "1.0" {
			delete(body, "regulation")
		} else {
			body["subject_identities"] = map[string]any{"email": map[string]string{"value": "ana@example.test", "encoding": "raw"}}
		}
		got := w.send(c.key, http.MethodPost, base+"/"+version.Route, body)
		require.Equal(t, http.StatusCreated, got.Status, "%s: %s", base, got.Body)
		require.NoError(t, opendsr.Verify(c.certificate(), got.Body, got.Header.Get(version.Header+"Signature")), base)
		require.Equal(t, "docket.test", got.Header.Get(version.Header+"Processor-Domain"))
		require.Equal(t, http.StatusOK, w.send(c.key, http.MethodGet, base+"/"+version.Route+"/"+id.String(), nil).Status)
		w.tell()
		calls := c.heard()
		last := calls[len(calls)-1]
		require.NoError(t, opendsr.Verify(c.certificate(), last.Body, last.Header.Get(version.Header+"Signature")), base)
	}
	require.Equal(t, "1.0", into[opendsr.Discovery](t, w.send("", http.MethodGet, "/opendsr/acme/v1/discovery", nil)).APIVersion)
}

// A callback whose relay died comes back by itself, and once a request is forgotten nobody hears more of it.
func TestCallbacksOutliveTheirRelay(t *testing.T) {
	t.Parallel()
	w := working(t, local, wide)
	c := w.control("shop", vouchless)
	id := c.file("access", "ana@example.test")
	row := c.caseOf(id)
	w.until(row.ID, "verifying")
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		taken, err := tx.ClaimCallbacks(ctx, 10, 3*time.Minute)
		require.Len(t, taken, 1, "the next waits for the one before")
		return err
	})
	w.tell()
	require.Empty(t, c.heard(), "it belongs to the relay that died")
	w.clock.Advance(4 * time.Minute)
	w.tell()
	c.requireTold(c.certificate(), id, opendsr.Pending)
	require.Equal(t, http.StatusAccepted, c.send(http.MethodDelete, "/requests/"+id.String(), nil).Status)
	w.until(row.ID, "closed")
	w.over(row.ID)
	w.clock.Advance(40 * 31 * 24 * time.Hour)
	r := &relay.Relay{Desk: w.desk, Clock: w.clock, Objects: w.objects, Log: zap.NewNop(), WebhooksLocal: true}
	require.Eventually(t, func() bool {
		_, err := r.ForgetPeople(t.Context())
		require.NoError(t, err)
		return c.send(http.MethodGet, "/requests/"+id.String(), nil).Status == http.StatusGone
	}, 20*time.Second, 50*time.Millisecond)
	w.tell()
	c.requireTold(c.certificate(), id, opendsr.Pending)
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events?action=requester.callback_failed", nil).Body), "not_taken")
}
