package api_test

import (
	"context"
	"crypto/sha256"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage"
)

// A request is accepted, listed and shown while Temporal is down.
func TestIntakeWithoutTemporal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.file("ana@example.test")
	require.Regexp(t, `^AR-[2-9A-Z]{4}-[2-9A-Z]{4}$`, got.Reference)
	require.Equal(t, began, got.ReceivedAt)
	require.Equal(t, "2026-04-02T21:59:59Z", got.Due.Format("2006-01-02T15:04:05Z07:00"), "one month, in Berlin (Art. 12(3) GDPR)")

	list := w.call(api.Auditor, http.MethodGet, "/v1/requests", nil)
	require.Equal(t, http.StatusOK, list.Status, "%s", list.Body)
	require.Contains(t, string(list.Body), got.Reference)
	require.NotContains(t, string(list.Body), "ana@example.test")

	shown := w.call(api.Auditor, http.MethodGet, "/v1/requests/"+got.ID.String(), nil)
	require.Equal(t, http.StatusOK, shown.Status, "%s", shown.Body)
	require.NotContains(t, string(shown.Body), "nal")
}

// The same key gives the same answer byte for byte; another body under it is refused; no key is refused.
func TestIntakeIsIdempotent(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := uuid.NewString()
	first := w.call(api.Agent, http.MethodPost, "/v1/requests", request("ana@example.test"), "Idempotency-Key", key)
	require.Equal(t, http.StatusCreated, first.Status, "%s", first.Body)
	require.Empty(t, first.Header.Get("Idempotency-Replayed"))
	again := w.call(api.Agent, http.MethodPost, "/v1/requests", request("ana@example.test"), "Idempotency-Key", key)
	require.Equal(t, http.StatusCreated, again.Status)
	require.Equal(t, string(first.Body), string(again.Body))
	require.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))

	other := w.call(api.Agent, http.MethodPost, "/v1/requests", request("bo@example.test"), "Idempotency-Key", key)
	require.Equal(t, http.StatusUnprocessableEntity, other.Status)
	require.Equal(t, "idempotency-key-reused", into[problem](t, other).Code)

	none := w.call(api.Agent, http.MethodPost, "/v1/requests", request("bo@example.test"))
	require.Equal(t, http.StatusBadRequest, none.Status)
	require.Equal(t, "idempotency-key-missing", into[problem](t, none).Code)
}

// A second request with a key while the first is under way is told so.
func TestIntakeInFlight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	key := uuid.NewString()
	me := into[struct{ Items []struct{ ID, Role string } }](t, w.call(api.Admin, http.MethodGet, "/v1/api-keys", nil))
	var mine string
	for _, k := range me.Items {
		if k.Role == string(api.Agent) {
			mine = k.ID
		}
	}
	hash := sha256.Sum256([]byte(key))
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.TryOnce(ctx, "api_key/"+mine, hash[:], hash[:])
		require.NoError(t, err)
		got := w.call(api.Agent, http.MethodPost, "/v1/requests", request("a@example.test"), "Idempotency-Key", key)
		require.Equal(t, http.StatusConflict, got.Status, "%s", got.Body)
		require.Equal(t, "idempotency-key-in-flight", into[problem](t, got).Code)
		require.NotEmpty(t, got.Header.Get("Retry-After"))
		return err
	})
}

// Only officers may say that a request was received earlier, and not without a reason.
func TestBackdating(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	early := func(b map[string]any) {
		b["received_at"], b["backdate_reason"] = "2026-02-20T10:00:00+01:00", "lay in the post room"
	}
	got := w.call(api.Agent, http.MethodPost, "/v1/requests", request("a@example.test", early), "Idempotency-Key", uuid.NewString())
	require.Equal(t, http.StatusForbidden, got.Status)
	require.Equal(t, "backdating-role", into[problem](t, got).Code)
	got = w.call(api.DPO, http.MethodPost, "/v1/requests", request("a@example.test", early), "Idempotency-Key", uuid.NewString())
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	require.Equal(t, "2026-03-20T22:59:59Z", into[filed](t, got).Due.UTC().Format(time.RFC3339), "a month from 20 February")
	got = w.call(api.DPO, http.MethodPost, "/v1/requests", request("a@example.test", early, func(b map[string]any) { delete(b, "backdate_reason") }), "Idempotency-Key", uuid.NewString())
	require.Equal(t, "backdating", into[problem](t, got).Code)
}

// A second request of the same mailbox is linked, and goes on.
func TestDuplicatesAreLinked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.file("ana@example.test")
	second := w.file("ANA@example.test")
	require.Equal(t, first.Reference, second.Duplicate)
	detail := into[struct {
		Duplicates []struct{ Reference string }
	}](t, w.call(api.Agent, http.MethodGet, "/v1/requests/"+first.ID.String(), nil))
	require.Equal(t, second.Reference, detail.Duplicates[0].Reference)
}
