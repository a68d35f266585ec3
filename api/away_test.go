package api_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// doors are the ways of a world's API to its servers.
type doors struct{ register, objects *localtest.Door }

// behind has the API reach register and object store through doors.
func (d *doors) behind(w *world, c *api.Config) {
	wide(w, c)
	at, err := url.Parse(w.register.DSN)
	require.NoError(w.t, err)
	d.register = localtest.NewDoor(w.t, at.Host)
	db, err := storage.Open(w.t.Context(), d.register.Through(w.t, w.register.DSN), storage.Options{
		Master: w.register.Master, Clock: w.clock, MaxConnections: 4,
	})
	require.NoError(w.t, err)
	w.t.Cleanup(db.Close)
	bucket := localtest.Bucket(w.t)
	d.objects = localtest.NewDoor(w.t, bucket.Endpoint)
	store, err := objects.Open(objects.Config{
		Endpoint: d.objects.Address, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, Bucket: bucket.Bucket,
	})
	require.NoError(w.t, err)
	book, err := policies.Embedded()
	require.NoError(w.t, err)
	c.Desk, c.Objects = casework.New(db, store, book, casework.Links{Public: "http://docket.test"}, w.clock), store
}

// unavailable expects an answer that says to come again and nothing of how the server is made.
func unavailable(t *testing.T, got answer, code string) {
	t.Helper()
	require.Equal(t, http.StatusServiceUnavailable, got.Status, "%s", got.Body)
	require.NotEmpty(t, got.Header.Get("Retry-After"))
	for _, inner := range []string{"127.0.0.1", "SQLSTATE", "dial", "docket_app", "EOF", "connect"} {
		require.NotContains(t, string(got.Body), inner)
	}
	if code != "" {
		require.Equal(t, code, into[problem](t, got).Code)
	}
}

// A register that is away, or goes away in the middle, is answered with 503 by every door of the API, and what was sent
// can be sent again with the same key.
func TestRegisterThatIsAwayIsAnsweredAsUnavailable(t *testing.T) {
	t.Parallel()
	d := &doors{}
	w := newWorld(t, d.behind)
	before := w.file("ana@example.test")
	d.register.Close()
	key := uuid.NewString()
	for range 6 { // the pool's own connections first, which are broken, then new ones, which are refused
		unavailable(t, w.call(api.Agent, http.MethodPost, "/v1/requests", request("ben@example.test"), "Idempotency-Key", key), "register-unavailable")
	}
	unavailable(t, w.call(api.Agent, http.MethodGet, "/v1/requests", nil), "register-unavailable")
	unavailable(t, w.call(api.Agent, http.MethodPost, "/v1/requests/"+before.ID.String()+"/approve", "{}", "Idempotency-Key", key), "register-unavailable")
	unavailable(t, w.send("", http.MethodGet, "/acme/request", nil), "")
	d.register.Open()
	got := w.call(api.Agent, http.MethodPost, "/v1/requests", request("ben@example.test"), "Idempotency-Key", key)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
}

// An object store that is away keeps a document from being shown, with an answer that says so.
func TestObjectStoreThatIsAwayIsAnsweredAsUnavailable(t *testing.T) {
	t.Parallel()
	d := &doors{}
	w := newWorld(t, d.behind)
	opened := w.file("ana@example.test")
	_, err := w.desk.Do(t.Context(), contract.CommandInput{
		Ref: contract.Ref{Tenant: w.tenant, Case: opened.ID}, Command: contract.Command{Key: "begin", Kind: contract.Begin, Actor: contract.Actor{Kind: "system", ID: "workflow"}},
	})
	require.NoError(t, err)
	path, picture := "/v1/requests/"+opened.ID.String()+"/documents", []byte("\x89PNG\r\n\x1a\n of a passport")
	d.objects.Close()
	unavailable(t, w.upload(path, picture), "objects-unavailable")
	d.objects.Open()
	got := w.upload(path, picture)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
}
