package api_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
)

// newOperations makes the processor's own tenant.
func (w *world) newOperations() uuid.UUID {
	w.t.Helper()
	id, err := w.db.CreateTenant(w.t.Context(), casework.System("test"), storage.NewTenant{
		Slug: "ops", Name: "Operations", Country: "DE", Calendar: "DE", Zone: "Europe/Berlin", Language: "en", Regime: "gdpr", Operates: true,
	})
	require.NoError(w.t, err)
	return id
}

// An operator sees every tenant and what it has to do, enters each on record, and in no answer of any operation that they may call
// stands a person: neither those of the cases nor those of the staff.
func TestOperatorsSeeNobody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	mine := w.file(canary+"@example.test", func(b map[string]any) {
		b["person"].(map[string]any)["name"], b["details"] = "Ana "+canary, canary
	})
	w.call(api.Agent, http.MethodPost, "/v1/requests/"+mine.ID.String()+"/notes", map[string]any{"text": canary}, "Idempotency-Key", uuid.NewString())
	w.hire(w.tenant, "agent", canary+"@acme.test")
	olga := w.hire(w.newOperations(), storage.RoleOperator, "olga@ops.test")
	b := w.browser().enter(olga)
	require.Equal(t, "operator", b.session().Role)

	tenants := into[struct {
		Items []struct {
			Slug string
			Open int
		}
	}](t, b.must(http.StatusOK, http.MethodGet, "/v1/tenants", nil)).Items
	require.Len(t, tenants, 3)
	require.NotContains(t, string(b.must(http.StatusOK, http.MethodGet, "/v1/tenants", nil).Body), canary)
	b.must(http.StatusOK, http.MethodPut, "/v1/session/tenant", map[string]any{"tenant": "acme"})
	require.Equal(t, "acme", b.session().Tenant.Slug)
	events := into[struct{ Items []map[string]any }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil)).Items
	require.Equal(t, "tenant.entered_by_operator", events[0]["action"])
	require.Equal(t, olga.id.String(), events[0]["actor_id"])

	seen := 0
	for _, d := range operations(t, w) {
		if slices.Contains(d.Roles, string(api.Anyone)) || slices.Contains(d.Roles, string(api.SignedIn)) {
			continue
		}
		body, _ := d.content()
		got := b.call(d.method, d.address(mine.ID), body)
		if !slices.Contains(d.Roles, string(api.Operator)) {
			require.Equal(t, http.StatusForbidden, got.Status, "%s: %s", d.ID, got.Body)
			continue
		}
		seen++
		require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError}, got.Status, "%s: %s", d.ID, got.Body)
		require.NotContains(t, strings.ToLower(string(got.Body)), canary, d.ID)
	}
	require.Greater(t, seen, 18)
	require.Contains(t, string(b.must(http.StatusOK, http.MethodGet, "/v1/requests", nil).Body), mine.Reference, "the process is there to see")
}

// Only a tenant that was made to operate has operators, and the application cannot make one of another, whatever is asked of it.
func TestOperatorsBelongToTheProcessor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.call(api.Admin, http.MethodPost, "/v1/staff", map[string]any{"role": "operator", "name": "Olga", "email": "olga@acme.test"})
	require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s", got.Body)
	dana := w.hire(w.tenant, "agent", "dana@acme.test")
	got = w.call(api.Admin, http.MethodPatch, "/v1/staff/"+dana.id.String(), map[string]any{"role": "operator"})
	require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s", got.Body)
	err := w.db.Change(t.Context(), w.tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.AddStaff(ctx, storage.Staff{Role: storage.RoleOperator, Name: "Olga", Email: "olga@acme.test"})
		return err
	})
	require.ErrorContains(t, err, "only a tenant that operates has operators")
}

// Every operation × every role, by session: the same table as for keys, with a step-up where one is due.
func TestPermissionsBySession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	mine := w.file("ana@example.test")
	foreign := w.browser().enter(w.hire(w.other, "admin", "eve@other.test"))
	browsers := map[string]*browser{}
	for _, role := range []string{"admin", "dpo", "agent", "auditor", "lead", "executive"} {
		browsers[role] = w.browser().enter(w.hire(w.tenant, role, role+"@acme.test"))
	}
	same := map[string]string{"lead": "agent", "executive": "auditor"}
	fresh := []string{
		"export-audit", "create-api-key", "add-staff", "change-staff", "invite-staff", "set-single-sign-on", "drop-single-sign-on", "create-webhook",
		"change-webhook", "replace-webhook-secret", "create-system", "rotate-keys", "rotate-link-keys", "revoke-link-key", "transfer-consents",
		"create-consent-receiver", "change-consent-receiver", "replace-receiver-secret", "retire-consent-receiver",
		"create-requester", "change-requester", "replace-requester-key", "import-agents", "replace-processor-key",
		"approve-plan", "correct-request", "done-by-hand", "erased-later-by-hand", "go-on-without", "lift-hold", "reapply-erasures", "transmit", "make-transmission-link",
	}
	for _, d := range operations(t, w) {
		if slices.Contains(d.Roles, string(api.Anyone)) || slices.Contains(d.Roles, string(api.SignedIn)) {
			continue
		}
		body, media := d.content()
		if media != "application/json" { // TestPermissions sends these; a browser's call here has JSON alone
			continue
		}
		for role, b := range browsers {
			got := b.call(d.method, d.address(mine.ID), body)
			as := role
			if other, ok := same[role]; ok {
				as = other
			}
			switch {
			case !slices.Contains(d.Roles, as):
				require.Equal(t, "role", into[problem](t, got).Code, "%s as %s", d.ID, role)
			case slices.Contains(fresh, d.ID):
				require.Equal(t, "step-up-needed", into[problem](t, got).Code, "%s as %s", d.ID, role)
			default:
				require.NotContains(t, []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError}, got.Status, "%s as %s: %s", d.ID, role, got.Body)
			}
		}
		got := foreign.call(d.method, d.address(mine.ID), body)
		require.NotContains(t, string(got.Body), mine.Reference)
		if strings.HasPrefix(d.path, "/v1/requests/{id}") && !slices.Contains(fresh, d.ID) {
			require.Contains(t, []int{http.StatusNotFound, http.StatusUnprocessableEntity}, got.Status, "%s: %s", d.ID, got.Body)
		}
	}
}
