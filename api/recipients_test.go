package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

type recipientAnswer struct {
	Items []struct {
		ID                               uuid.UUID
		Recipient, State, Reason, System string
	}
}

// Everybody who sees the process sees who must be told (Art. 19 GDPR); staff say who was. Another tenant finds nothing.
func TestRecipients(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	path := "/v1/requests/" + storagetest.Fill(t, w.db, w.tenant).Case.String() + "/recipients"
	var id string
	for _, role := range api.Roles() {
		got := w.call(role, http.MethodGet, path, nil)
		require.Equal(t, http.StatusOK, got.Status, role)
		all := into[recipientAnswer](t, got).Items
		require.Len(t, all, 1)
		require.Equal(t, "to_tell", all[0].State)
		id = all[0].ID.String()
	}
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, path, nil).Status)
	one := path + "/" + id
	tell := func(key, body string) answer {
		return w.call(api.Agent, http.MethodPost, one, body, "Idempotency-Key", key)
	}

	refused := tell("a", `{"state":"not_told","note":"x"}`)
	require.Equal(t, http.StatusConflict, refused.Status, "%s", refused.Body)
	require.Equal(t, "recipient_reason", into[problem](t, refused).Code)
	require.Equal(t, "Art. 19 GDPR", into[problem](t, refused).Citation)
	require.Equal(t, http.StatusUnprocessableEntity, tell("b", `{"state":"to_tell","note":"x"}`).Status)
	require.Equal(t, "recipient_note", into[problem](t, tell("c", `{"state":"told"}`)).Code, "how it was told is part of the record")
	told := tell("d", `{"state":"told","note":"By mail."}`)
	require.Equal(t, http.StatusOK, told.Status, "%s", told.Body)
	require.Equal(t, "told", into[recipientAnswer](t, told).Items[0].State)
	require.Equal(t, http.StatusOK, tell("d", `{"state":"told","note":"By mail."}`).Status, "the same key gives the same answer")
	require.Equal(t, "recipient_state", into[problem](t, tell("e", `{"state":"told","note":"Again."}`)).Code)
	require.Equal(t, http.StatusForbidden, w.call(api.Auditor, http.MethodPost, one, `{"state":"confirmed","note":"x"}`, "Idempotency-Key", "f").Status)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodPost, one, `{"state":"confirmed","note":"x"}`, "Idempotency-Key", "g").Status)
	require.Equal(t, http.StatusNotFound, w.call(api.DPO, http.MethodPost, path+"/"+uuid.NewString(), `{"state":"told","note":"x"}`, "Idempotency-Key", "h").Status)
}

// Of a forgotten request only those tell that may see whose data it was (get-deferred-erasure), and without a note.
func TestRecipientsOfAForgottenRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	request := storagetest.Fill(t, w.db, w.tenant).Case
	path := "/v1/requests/" + request.String() + "/recipients"
	one := path + "/" + into[recipientAnswer](t, w.call(api.DPO, http.MethodGet, path, nil)).Items[0].ID.String()
	w.change(w.tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, request)
		if err != nil {
			return err
		}
		if row, _, err = tx.MoveCase(ctx, row, storage.Move{Event: privacy.EventCancelled, Key: "cancel"}); err != nil {
			return err
		}
		return tx.ForgetCase(ctx, row)
	})
	for _, role := range api.Roles() {
		body, want := `{"state":"told"}`, http.StatusForbidden
		if role == api.DPO || role == api.Admin {
			body, want = `{"state":"told","note":"By mail."}`, http.StatusConflict
		}
		got := w.call(role, http.MethodPost, one, body, "Idempotency-Key", string(role))
		require.Equal(t, want, got.Status, "%s: %s", role, got.Body)
	}
	told := w.call(api.DPO, http.MethodPost, one, `{"state":"told"}`, "Idempotency-Key", "told")
	require.Equal(t, http.StatusOK, told.Status, "%s", told.Body)
}
