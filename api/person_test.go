package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
)

// What was copied from a screen is in the log, by whom and from where; who may not see a person has nothing to copy.
func TestCopiesAreRecorded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine, me := w.person(api.Agent)
	one := w.file("ana@example.test")
	path := "/v1/requests/" + one.ID.String() + "/copied"
	require.Equal(t, http.StatusNoContent, w.send(mine, http.MethodPost, path, map[string]any{"what": "conversation"}).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodPost, path, map[string]any{"what": "person"}).Status)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodPost, path, map[string]any{"what": "person"}).Status)
	require.Equal(t, http.StatusUnprocessableEntity, w.send(mine, http.MethodPost, path, map[string]any{"what": "Ana"}).Status)

	log := w.auditLog(map[string][]string{"action": {"request.copied"}}, 50)
	require.Len(t, log, 1)
	require.Equal(t, me.String(), log[0].ActorID)
	require.Equal(t, one.Reference, log[0].Reference)
	require.Equal(t, "conversation", log[0].ObjectKind)
}
