package api_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/api/pages"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// world is an API on real servers, with a tenant and a key per role.
type world struct {
	t        testing.TB
	register *storagetest.Register
	db       *storage.DB
	desk     *casework.Desk
	objects  *objects.Store
	clock    *clockwork.FakeClock
	log      *observer.ObservedLogs
	handler  http.Handler
	url      string
	tenant   uuid.UUID
	other    uuid.UUID
	keys     map[api.Role]string
	foreign  string
	config   api.Config
	// temporal is there when a worker is.
	temporal client.Client
}

// began is when every test begins.
var began = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// public is where people find the server.
const public = "http://docket.test"

// nowhere is an address at which no Temporal is.
const nowhere = "127.0.0.1:1"

// newWorld starts an API. change may alter its configuration.
func newWorld(t testing.TB, change ...func(*world, *api.Config)) *world {
	t.Helper()
	return newWorldAt(t, began, change...)
}

// newWorldAt is newWorld at another time.
func newWorldAt(t testing.TB, at time.Time, change ...func(*world, *api.Config)) *world {
	t.Helper()
	w := &world{t: t, clock: clockwork.NewFakeClockAt(at), keys: map[api.Role]string{}}
	book, err := policies.Embedded()
	require.NoError(t, err)
	w.openRegister()
	w.openObjects()
	w.desk = casework.New(w.db, w.objects, book, casework.Links{Public: public}, w.clock)
	core, log := observer.New(zapcore.DebugLevel)
	w.log = log
	t.Cleanup(func() {
		if t.Failed() {
			for _, entry := range log.FilterLevelExact(zapcore.ErrorLevel).All() {
				t.Log(entry.Message, entry.ContextMap())
			}
		}
	})
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	signer, err := audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	config := api.Config{
		Desk: w.desk, Objects: w.objects, Policies: book, Signer: signer, Version: "test", PublicURL: public, Clock: w.clock, Log: zap.New(core), Carry: carry,
	}
	for _, f := range change {
		f(w, &config)
	}
	if config.Temporal == nil {
		config.Temporal = lazy(t, nowhere, "none")
	}
	handler, err := api.New(config)
	require.NoError(t, err)
	w.handler, w.config = handler, config
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	w.url = server.URL
	w.tenant, w.other = w.newTenant("acme"), w.newTenant("other")
	for _, role := range api.Roles() {
		w.keys[role] = w.newKey(w.tenant, role)
	}
	w.foreign = w.newKey(w.other, api.Admin)
	return w
}

// carry writes of a package what another controller is given.
func carry(ctx context.Context, w io.Writer, open func(context.Context) (io.ReadCloser, error)) error {
	return packaging.Carry(ctx, w, open)
}

// beside starts another server on the same register.
func (w *world) beside() *world {
	w.t.Helper()
	handler, err := api.New(w.config)
	require.NoError(w.t, err)
	server := httptest.NewServer(handler)
	w.t.Cleanup(server.Close)
	other := *w
	other.handler, other.url = handler, server.URL
	return &other
}

func lazy(t testing.TB, address, namespace string) client.Client {
	t.Helper()
	c, err := client.NewLazyClient(client.Options{HostPort: address, Namespace: namespace, Logger: quiet{}})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

type quiet struct{}

func (quiet) Debug(string, ...any) {}
func (quiet) Info(string, ...any)  {}
func (quiet) Warn(string, ...any)  {}
func (quiet) Error(string, ...any) {}

func (w *world) openRegister() {
	w.register = storagetest.New(w.t, storagetest.WithClock(w.clock), storagetest.WithConnections(6))
	w.db = w.register.DB
}

func (w *world) openObjects() {
	bucket := localtest.Bucket(w.t)
	store, err := objects.Open(objects.Config{
		Endpoint: bucket.Endpoint, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, Bucket: bucket.Bucket, Secure: bucket.Secure,
	})
	require.NoError(w.t, err)
	w.objects = store
}

func (w *world) newTenant(slug string) uuid.UUID {
	id, err := w.db.CreateTenant(w.t.Context(), casework.System("test"), storage.NewTenant{
		Slug: slug, Name: "Acme GmbH", Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Language: "en", Regime: "gdpr",
		Profile:  storage.Profile{Address: "Weg 1, 10115 Berlin", Contact: "privacy@acme.test", Authority: "BfDI", AuthorityURL: "https://www.bfdi.bund.de"},
		Settings: storage.Settings{PhoneCountry: "49"},
	})
	require.NoError(w.t, err)
	return id
}

func (w *world) newKey(tenant uuid.UUID, role api.Role) string {
	secret := api.NewKey()
	w.change(tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddAPIKey(ctx, storage.NewAPIKey{Name: string(role), Role: string(role), SecretHash: api.KeyHash(secret)})
		return err
	})
	return secret
}

func (w *world) change(tenant uuid.UUID, do func(context.Context, *storage.Tx) error) {
	w.t.Helper()
	require.NoError(w.t, w.db.Change(w.t.Context(), tenant, casework.System("test"), do))
}

// answer is what came back, read whole.
type answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// into reads the answer's JSON.
func into[T any](t testing.TB, a answer) T {
	t.Helper()
	var out T
	require.NoError(t, json.Unmarshal(a.Body, &out), "%s", a.Body)
	return out
}

// call sends one request as a role; headers come in pairs.
func (w *world) call(role api.Role, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	return w.send(w.keys[role], method, path, body, headers...)
}

func (w *world) send(key, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	case []byte:
		reader = bytes.NewReader(b)
	default:
		text, err := json.Marshal(b)
		require.NoError(w.t, err)
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(w.t.Context(), method, w.url+path, reader)
	require.NoError(w.t, err)
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	if reader != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	request.Host = request.Header.Get("Host")
	response, err := http.DefaultTransport.RoundTrip(request) // redirections are answers
	require.NoError(w.t, err)
	text, err := io.ReadAll(response.Body)
	require.NoError(w.t, errors.Join(err, response.Body.Close()))
	return answer{Status: response.StatusCode, Header: response.Header, Body: text}
}

// problem is the part of a problem document that tests look at.
type problem struct {
	Status   int
	Code     string
	Detail   string
	Citation string
	Errors   []struct{ Location, Message string }
}

// wide lets a test send what it likes.
func wide(_ *world, c *api.Config) {
	many := throttle.Rule{Every: time.Millisecond, Burst: 100_000}
	c.Limits = api.Limits{BadKeys: many, Open: many, Pages: pages.Limits{Look: many, Send: many, Tenant: many, Mailbox: many}}
}

// person is a request body; change alters it.
func request(email string, change ...func(map[string]any)) map[string]any {
	body := map[string]any{
		"person": map[string]any{"name": "Ana Ünal", "email": email, "phone": "030 1234567"}, "right": "access", "channel": "staff",
		"details": "everything since 2020",
	}
	for _, f := range change {
		f(body)
	}
	return body
}

type filed struct {
	ID         uuid.UUID
	Reference  string
	ReceivedAt time.Time `json:"received_at"`
	Due        time.Time
	Duplicate  string `json:"duplicate_of"`
}

// file files a request and expects it to be accepted.
func (w *world) file(email string, change ...func(map[string]any)) filed {
	w.t.Helper()
	got := w.call(api.Agent, http.MethodPost, "/v1/requests", request(email, change...), "Idempotency-Key", uuid.NewString())
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	return into[filed](w.t, got)
}

func newRequest(email string) casework.NewRequest {
	return casework.NewRequest{Person: storage.Person{Email: email, Name: "Ana"}, Right: "access", Channel: "api"}
}
