package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// importAt is an import of one line in some state, as if a worker had brought it there.
func (w *world) importAt(name, state string) (path string) {
	w.t.Helper()
	mapping := map[string]any{"address": "Email", "purpose": "news", "kind": "given"}
	begun := w.call(api.DPO, http.MethodPost, "/v1/consent/imports", map[string]any{"name": name, "mapping": mapping}, "Idempotency-Key", name)
	require.Equal(w.t, http.StatusCreated, begun.Status, "%s", begun.Body)
	id := into[struct{ ID uuid.UUID }](w.t, begun).ID
	path = "/v1/consent/imports/" + id.String()
	file := []byte("Email\n" + name + "@person.example\n")
	require.Equal(w.t, http.StatusNoContent, w.call(api.DPO, http.MethodPut, path+"/parts/1", file, "Content-Type", "application/octet-stream").Status)
	sum := sha256.Sum256(file)
	checked := w.call(api.DPO, http.MethodPost, path+"/check", map[string]any{"parts": 1, "sha256": hex.EncodeToString(sum[:])})
	require.Equal(w.t, http.StatusAccepted, checked.Status, "%s", checked.Body)
	_, err := w.register.Owner(w.t).Exec(w.t.Context(), "UPDATE consent_imports SET state = $1, checked_at = created_at, started_at = created_at WHERE id = $2", state, id)
	require.NoError(w.t, err)
	return path
}

// Writing is stopped by who may have it begun, while it goes on, and is begun again or given up after that. Both are on record.
func TestStoppingAnImport(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	running, checked := w.importAt("running", "running"), w.importAt("checked", "checked")
	for _, role := range []api.Role{api.Agent, api.Auditor} {
		require.Equal(t, http.StatusForbidden, w.call(role, http.MethodPost, running+"/stop", nil).Status)
	}
	got := w.call(api.DPO, http.MethodPost, checked+"/stop", nil)
	require.Equal(t, http.StatusConflict, got.Status)
	require.Contains(t, string(got.Body), "stopped while it is written")
	require.Equal(t, http.StatusNotFound, w.call(api.DPO, http.MethodPost, "/v1/consent/imports/"+uuid.NewString()+"/stop", nil).Status)
	require.Equal(t, http.StatusConflict, w.call(api.DPO, http.MethodPost, running+"/drop", nil).Status, "what is written is stopped first")

	type view struct {
		State, Problem string
		Stopped        string `json:"stopped_at"`
	}
	got = w.call(api.DPO, http.MethodPost, running+"/stop", nil)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	stopped := into[view](t, got)
	require.Equal(t, "stopped", stopped.State)
	require.NotEmpty(t, stopped.Stopped)
	require.Equal(t, http.StatusConflict, w.call(api.DPO, http.MethodPost, running+"/stop", nil).Status)
	got = w.call(api.DPO, http.MethodPost, running+"/run", map[string]any{})
	require.Equal(t, http.StatusAccepted, got.Status, "%s", got.Body)
	require.Equal(t, view{State: "running"}, into[view](t, got))
	require.Equal(t, http.StatusOK, w.call(api.DPO, http.MethodPost, running+"/stop", nil).Status)
	got = w.call(api.DPO, http.MethodPost, running+"/drop", nil)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, "dropped after it was stopped", into[view](t, got).Problem)
	var stops int
	require.NoError(t, w.register.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM audit_events WHERE tenant_id = $1 AND action = 'consent.import_stopped'", w.tenant).Scan(&stops))
	require.Equal(t, 2, stops)
}
