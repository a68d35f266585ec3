package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
)

// A panic is answered with a problem that tells nothing; the log says where it was, and not with what.
func TestPanicTellsNothing(t *testing.T) {
	t.Parallel()
	core, log := observer.New(zapcore.DebugLevel)
	s := &server{Config: Config{Clock: clockwork.NewFakeClock(), Log: zap.New(core)}, metrics: newMetrics()}
	router, err := s.router()
	require.NoError(t, err)
	router.GET("/v1/:id", func(*gin.Context) { panic("canary@example.test") })
	got := httptest.NewRecorder()
	router.ServeHTTP(got, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/v1/canary", nil))
	require.Equal(t, http.StatusInternalServerError, got.Code)
	require.Equal(t, problemType, got.Header().Get("Content-Type"))
	require.NotContains(t, got.Body.String(), "canary")
	var logged strings.Builder
	for _, entry := range log.All() {
		text, err := json.Marshal(entry.ContextMap())
		require.NoError(t, err)
		logged.WriteString(entry.Message + string(text))
	}
	require.Equal(t, 1, log.FilterMessage("a handler panicked").Len())
	require.NotContains(t, logged.String(), "canary")
}

// Administrators may do everything in their tenant; auditors and operators see no person; who has no role may do nothing.
func TestRoles(t *testing.T) {
	t.Parallel()
	for _, id := range operationIDs() {
		if slices.Equal(permissions()[id], anyone()) || slices.Equal(permissions()[id], signedIn()) || slices.Equal(permissions()[id], operator()) {
			continue
		}
		require.True(t, may(Admin, id), "%s: there is nothing that an administrator of the tenant may not see to", id)
		for _, role := range permissions()[id] {
			require.Contains(t, append(Roles(), Operator), role)
		}
	}
	for _, id := range []string{"get-request-person", "list-notes", "get-message", "list-redactions", "get-identity-document", "search-requests"} {
		require.False(t, may(Auditor, id), "%s shows a person", id)
		require.False(t, may(Operator, id), "%s shows a person", id)
	}
	require.False(t, may("", "list-requests"))
}
