package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
)

// Only whoever answers for the law may hand the ledger on; that it was is on record before anything is told, and how it ended. The last line is signed with the log's key.
func TestALedgerIsHandedOnOnRecord(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	w.happened("ana@person.example", "confirmed")
	sale := map[string]any{"buyer": "Buyer Ltd", "reference": "K-17", "day": "2026-06-01"}
	for _, role := range []api.Role{api.Agent, api.Auditor} {
		require.Equal(t, http.StatusForbidden, w.call(role, http.MethodPost, "/v1/consent/transfers", sale).Status)
	}
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.DPO, http.MethodPost, "/v1/consent/transfers", map[string]any{"buyer": "x", "reference": "y"}).Status)
	require.Empty(t, w.transfers())
	got := w.call(api.DPO, http.MethodPost, "/v1/consent/transfers", sale)
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, []string{"intent", "done"}, w.transfers())
	lines := strings.Split(strings.TrimSpace(string(got.Body)), "\n")
	require.Len(t, lines, 3)
	require.Contains(t, lines[1], "ana@person.example")
	var last struct{ End struct{ Note, SHA256 string } }
	require.NoError(t, json.Unmarshal([]byte(lines[2]), &last))
	key, err := w.config.Signer.VerifierKey(w.tenant.String())
	require.NoError(t, err)
	signed, err := audit.OpenText(last.End.Note, key)
	require.NoError(t, err)
	require.Contains(t, signed, last.End.SHA256)
	other, err := w.config.Signer.VerifierKey(w.other.String())
	require.NoError(t, err)
	_, err = audit.OpenText(last.End.Note, other)
	require.Error(t, err)
}

// transfers are how transfers went, as the log has them.
func (w *world) transfers() (outcomes []string) {
	w.t.Helper()
	rows, err := w.register.Owner(w.t).Query(w.t.Context(), `SELECT outcome FROM audit_events WHERE tenant_id = $1 AND action = 'consent.transferred' ORDER BY id`, w.tenant)
	require.NoError(w.t, err)
	defer rows.Close()
	for rows.Next() {
		var one string
		require.NoError(w.t, rows.Scan(&one))
		outcomes = append(outcomes, one)
	}
	require.NoError(w.t, rows.Err())
	return outcomes
}

// What comes with a business is held to the seller's key, which whoever takes it over has to name.
func TestALedgerIsTakenOverByTheSellersKey(t *testing.T) {
	t.Parallel()
	w := wantsMail(t)
	begins := func(over map[string]any) answer {
		mapping := map[string]any{"address": "address", "purpose": "*", "transfer": over}
		return w.call(api.DPO, http.MethodPost, "/v1/consent/imports", map[string]any{"name": "Old shop", "mapping": mapping}, "Idempotency-Key", fmt.Sprint(over))
	}
	for name, over := range map[string]map[string]any{"none": {}, "no such key": {"verifier_key": "K-17"}} {
		got := begins(over)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.Contains(t, string(got.Body), "body.mapping.transfer.verifier_key", name)
		require.Contains(t, string(got.Body), "docket audit checkpoint --json", name)
	}
	key, err := w.config.Signer.VerifierKey(w.other.String())
	require.NoError(t, err)
	got := begins(map[string]any{"verifier_key": key})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
}
