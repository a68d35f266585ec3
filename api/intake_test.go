package api_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
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
