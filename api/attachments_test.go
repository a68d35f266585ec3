package api_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/storage"
)

// A file beside a task is sealed in the store, opens for staff with a record of it, and is destroyed with the decision on an identity.
func TestAttachments(t *testing.T) {
	t.Parallel()
	w := working(t)
	id := w.file("ana@example.test").ID
	w.until(id, "verifying")
	task, other := w.task(id, storage.TaskIdentityCheck), w.task(id, storage.TaskReview)
	path := "/v1/tasks/" + task + "/attachments"
	picture := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("canary"), 5000)...)
	got := w.upload(path, picture)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	attached := into[struct{ ID string }](t, got).ID
	require.Equal(t, http.StatusUnprocessableEntity, w.upload(path, []byte("MZ a program")).Status)
	require.Equal(t, http.StatusNotFound, w.upload("/v1/tasks/"+uuid.NewString()+"/attachments", picture).Status)
	seen := w.call(api.Agent, http.MethodGet, path+"/"+attached, nil)
	require.Equal(t, picture, seen.Body)
	require.Equal(t, "image/png", seen.Header.Get("Content-Type"))
	listed := into[struct{ Items []struct{ ID, SHA256 string } }](t, w.call(api.Agent, http.MethodGet, path, nil)).Items
	require.Len(t, listed, 1)

	object, err := w.objects.Get(t.Context(), strings.Join([]string{"attachments", w.tenant.String(), id.String(), attached}, "/"))
	require.NoError(t, err)
	sealed, err := io.ReadAll(object)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "canary")
	require.Equal(t, hex.EncodeToString(hashOf(sealed)), listed[0].SHA256)

	require.Equal(t, http.StatusNotFound, w.call(api.Agent, http.MethodGet, "/v1/tasks/"+other+"/attachments/"+attached, nil).Status, "of another task")
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, path+"/"+attached, nil).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodGet, path, nil).Status)
	timeline := string(w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/timeline", nil).Body)
	require.Contains(t, timeline, "task.attached")
	log := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=200", nil).Body)
	require.Equal(t, 2, strings.Count(log, `"object_id":"`+attached+`"`), "put there, and looked at")
	require.Contains(t, log, `"object_kind":"task","object_id":"`+task+`"`)

	fields := map[string]any{"method": "document", "compared": "the picture"}
	foreign := map[string]any{"decision": "confirm", "fields": fields, "attachments": []string{uuid.NewString()}}
	require.Equal(t, http.StatusUnprocessableEntity, w.on(w.keys[api.Agent], task, "complete", foreign).Status)
	done := w.on(w.keys[api.Agent], task, "complete", map[string]any{"decision": "confirm", "fields": fields, "attachments": []string{attached}})
	require.Equal(t, http.StatusOK, done.Status, "%s", done.Body)
	require.Contains(t, string(w.call(api.Agent, http.MethodGet, "/v1/requests/"+id.String()+"/notes", nil).Body), "Attachment: "+attached)
	require.Equal(t, http.StatusGone, w.call(api.Agent, http.MethodGet, path+"/"+attached, nil).Status, "destroyed on decision")
	require.Equal(t, "task-ended", into[problem](t, w.upload(path, picture)).Code)
}

func hashOf(content []byte) []byte {
	sum := sha256.Sum256(content)
	return sum[:]
}
