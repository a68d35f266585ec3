package api_test

import (
	"archive/zip"
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

const declaration = `declaration:
  - system: crm
    name: {en: Customers}
    subjects: [customer]
    purposes:
      - use: essential.service
        description: {en: To serve customers}
        lawful_basis: contract
        data_categories: [user.contact.email]
    recipients: []
    retention:
      - data_categories: [user.contact.email]
        period: P10Y
        criteria: {en: After the end of the contract}
    source: {from_subject: true}
`

const annotation = `dataset:
  - fides_key: crm
    name: Customers
    collections:
      - name: contacts
        fields:
          - name: email
            data_categories: [user.contact.email]
            fides_meta: {identity: email, data_type: string}
          - name: id
            data_categories: [user.unique_id]
            fides_meta: {primary_key: true}
`

// A system's credentials go in and never come out; its declaration and its datasets are held to their format.
func TestSystemsAndDatasets(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	system := map[string]any{"key": "crm", "name": "CRM", "kind": "postgres", "target": "postgres://reader:canary-secret@db.test:5432/crm?password=canary-secret", "declaration": declaration}
	got := w.call(api.Admin, http.MethodPost, "/v1/systems", system)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	id := into[struct{ ID string }](t, got).ID
	for _, path := range []string{"/v1/systems", "/v1/systems/" + id} {
		seen := string(w.call(api.Auditor, http.MethodGet, path, nil).Body)
		require.Contains(t, seen, "postgres://db.test:5432/crm")
		require.NotContains(t, seen, "canary")
		require.NotContains(t, seen, "reader")
	}
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPost, "/v1/systems", system).Status)
	for field, value := range map[string]string{"target": "mysql://x", "declaration": "declaration: [", "name": ""} {
		bad := map[string]any{"key": "shop", "name": "Shop", "kind": "postgres", "target": "postgres://db.test/shop", "declaration": strings.Replace(declaration, "crm", "shop", 1)}
		bad[field] = value
		require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Admin, http.MethodPost, "/v1/systems", bad).Status, field)
	}
	further := map[string]any{"key": "loyalty", "name": "Loyalty", "kind": "mysql", "target": "mysql://reader:canary-secret@db.test:3306/loyalty?tls=true", "declaration": strings.Replace(declaration, "crm", "loyalty", 1)}
	require.Contains(t, string(w.call(api.Admin, http.MethodPost, "/v1/systems", further).Body), "mysql://db.test:3306/loyalty")
	further["key"], further["target"] = "other", "postgres://db.test/shop"
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Admin, http.MethodPost, "/v1/systems", further).Status, "an address of another kind")
	documents := map[string]any{"key": "forum", "name": "Forum", "kind": "mongodb", "target": "mongodb://reader:canary-secret@db.test:27017/forum?authSource=admin", "declaration": strings.Replace(declaration, "crm", "forum", 1)}
	seen := string(w.call(api.Admin, http.MethodPost, "/v1/systems", documents).Body)
	require.Contains(t, seen, `"address":"mongodb://db.test:27017/forum"`)
	require.NotContains(t, seen, "canary")
	documents["key"], documents["target"] = "other", "mongodb+srv://reader:canary-secret@db.test/forum"
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Admin, http.MethodPost, "/v1/systems", documents).Status, "one host is named")
	put := func(text string) answer {
		return w.call(api.Admin, http.MethodPut, "/v1/systems/"+id+"/dataset", text, "Content-Type", "application/yaml")
	}
	require.Equal(t, http.StatusOK, put(annotation).Status, "%s", put(annotation).Body)
	wrong := into[problem](t, put(strings.Replace(annotation, "user.unique_id", "user.nonsense", 1)+"          - nmae: x\n"))
	require.Equal(t, "document-invalid", wrong.Code)
	require.Greater(t, len(wrong.Errors), 1, "every problem, each with its line")
	require.Regexp(t, `^dataset:\d+$`, wrong.Errors[0].Location)
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/datasets/crm", nil).Body), "user.unique_id", "the good one stays")
	require.Equal(t, http.StatusServiceUnavailable, w.call(api.DPO, http.MethodPost, "/v1/systems/"+id+"/test", map[string]any{}).Status)
}

const serviceDocument = `service:
  name: Newsletter
  url: https://api.newsletter.example/v2
  auth: {kind: bearer}
  collections:
    - collection: letters.people
      read:
        - {by: email, path: /people, query: {email: <value>}, rows: "people[*]"}
`

// A service's secrets are sealed and its document is shown; another host gets the secrets only from whoever knows them.
func TestServices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	system := func(change ...string) map[string]any {
		out := map[string]any{"key": "letters", "name": "Newsletter", "kind": "http", "target": "token=canary-secret", "service": serviceDocument, "declaration": strings.Replace(declaration, "crm", "letters", 1)}
		for i := 0; i < len(change); i += 2 {
			out[change[i]] = change[i+1]
		}
		return out
	}
	for name, bad := range map[string]map[string]any{
		"no document": system("service", ""), "a broken one": system("service", serviceDocument+"  nonsense: 1\n"), "no token": system("target", ""),
		"secrets of another kind": system("target", "user=canary\npassword=canary"), "an address": system("target", "postgres://reader:canary@db.test/crm"),
		"secrets to change that are none": system("change_target", "canary"), "a document where none belongs": system("kind", "postgres", "target", "postgres://reader:canary@db.test/crm"),
	} {
		got := w.call(api.Admin, http.MethodPost, "/v1/systems", bad)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, name)
		require.NotContains(t, string(got.Body), "canary", name)
	}
	broken := into[problem](t, w.call(api.Admin, http.MethodPost, "/v1/systems", system("service", serviceDocument+"  nonsense: 1\n")))
	require.Equal(t, "service:9", broken.Errors[0].Location)

	got := w.call(api.Admin, http.MethodPost, "/v1/systems", system())
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	view := into[struct{ ID, Address, Service string }](t, got)
	require.Equal(t, "https://api.newsletter.example/v2", view.Address)
	require.Equal(t, serviceDocument, view.Service)
	require.NotContains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/systems/"+view.ID, nil).Body), "canary")

	change := func(body map[string]any) int {
		return w.call(api.Admin, http.MethodPatch, "/v1/systems/"+view.ID, body).Status
	}
	require.Equal(t, http.StatusOK, change(map[string]any{"service": strings.Replace(serviceDocument, "/people", "/persons", 1)}))
	elsewhere := strings.Replace(serviceDocument, "api.newsletter.example", "evil.example", 1)
	require.Equal(t, http.StatusUnprocessableEntity, change(map[string]any{"service": elsewhere}), "the secret would be sent there")
	require.Equal(t, http.StatusUnprocessableEntity, change(map[string]any{"service": strings.Replace(serviceDocument, "{kind: bearer}", "{kind: oauth2, token_url: 'https://evil.example/t'}", 1)}))
	require.Equal(t, http.StatusOK, change(map[string]any{"service": elsewhere, "target": "token=another"}))
	require.Equal(t, http.StatusOK, change(map[string]any{"change_target": "token=changes"}))
	require.Equal(t, http.StatusUnprocessableEntity, change(map[string]any{"service": serviceDocument, "target": "token=another"}), "the one that changes would be sent there")
	require.Equal(t, http.StatusUnprocessableEntity, change(map[string]any{"service": ""}))
}

// The worker says what a system says: here, that nobody is there.
func TestSystemCheck(t *testing.T) {
	t.Parallel()
	w := working(t)
	got := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{"key": "crm", "name": "CRM", "kind": "postgres", "target": "postgres://reader:canary-secret@127.0.0.1:1/crm", "declaration": declaration})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	id := into[struct{ ID string }](t, got).ID
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, "/v1/systems/"+id+"/dataset", annotation, "Content-Type", "application/yaml").Status)
	checked := w.call(api.DPO, http.MethodPost, "/v1/systems/"+id+"/test", map[string]any{})
	require.Equal(t, http.StatusOK, checked.Status, "%s", checked.Body)
	view := into[struct {
		OK       bool
		Findings []struct{ Code, Do string }
	}](t, checked)
	require.False(t, view.OK)
	require.NotEmpty(t, view.Findings)
	require.NotEmpty(t, view.Findings[0].Do)
	require.NotContains(t, string(checked.Body), "canary")
}

// A draft of a system's schema is made for officers and administrators, saved by nobody, and recorded.
func TestSystemScan(t *testing.T) {
	t.Parallel()
	w := working(t)
	dsn := localtest.Database(t)
	conn := storagetest.Connect(t, dsn)
	_, err := conn.Exec(t.Context(), "CREATE TABLE contact (id integer PRIMARY KEY, email varchar(200) NOT NULL, settings jsonb)")
	require.NoError(t, err)
	got := w.call(api.Admin, http.MethodPost, "/v1/systems", map[string]any{"key": "crm", "name": "CRM", "kind": "postgres", "target": dsn, "declaration": declaration})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	at := "/v1/systems/" + into[struct{ ID string }](t, got).ID
	for _, role := range []api.Role{api.Agent, api.Auditor} {
		require.Equal(t, http.StatusForbidden, w.call(role, http.MethodPost, at+"/scan", map[string]any{}).Status, role)
	}
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodPost, at+"/scan", map[string]any{}).Status)
	type scan struct {
		OK       bool
		Key      string
		Draft    string
		Unsure   []struct{ Where, Why string }
		Findings []struct{ Code, Do string }
	}
	for _, role := range []api.Role{api.DPO, api.Admin} {
		scanned := w.call(role, http.MethodPost, at+"/scan", map[string]any{})
		require.Equal(t, http.StatusOK, scanned.Status, "%s", scanned.Body)
		view := into[scan](t, scanned)
		require.True(t, view.OK, "%s", scanned.Body)
		require.Equal(t, "crm", view.Key)
		require.Contains(t, view.Draft, "{identity: email, data_type: string, length: 200}} # guess, sure: name of the column")
		require.Equal(t, "contact.settings", view.Unsure[0].Where)
	}
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/datasets", nil).Body), `"items":[]`, "nothing is saved")
	require.False(t, into[scan](t, w.call(api.DPO, http.MethodPost, at+"/scan", map[string]any{"schema": "elsewhere"})).OK)
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.DPO, http.MethodPost, at+"/scan", map[string]any{"schema": strings.Repeat("x", 129)}).Status)
	draft := into[scan](t, w.call(api.DPO, http.MethodPost, at+"/scan", map[string]any{})).Draft
	require.Equal(t, http.StatusForbidden, w.call(api.DPO, http.MethodPut, at+"/dataset", draft, "Content-Type", "application/yaml").Status, "the annotation is the administrator's")
	saved := w.call(api.Admin, http.MethodPut, at+"/dataset", draft+"    data_qualifier: aggregated\n", "Content-Type", "application/yaml")
	require.Equal(t, http.StatusOK, saved.Status, "%s", saved.Body)
	require.Contains(t, string(saved.Body), "data_qualifier is kept and not used")
	require.Contains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/datasets/crm", nil).Body), "data_qualifier", "as it was put")
	audited := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil).Body)
	require.Equal(t, 4, strings.Count(audited, `"system.scanned"`))
	require.Contains(t, audited, "nothing-to-annotate")
}

// A key is shown once, does what its role may, and nothing after it is revoked.
func TestAPIKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "script", "role": "auditor"})
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	key := into[struct{ ID, Key string }](t, got)
	require.Regexp(t, `^dk_[\w-]{43}$`, key.Key)
	require.NotContains(t, string(w.call(api.Admin, http.MethodGet, "/v1/api-keys", nil).Body), key.Key)
	require.Equal(t, http.StatusOK, w.send(key.Key, http.MethodGet, "/v1/requests", nil).Status)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodDelete, "/v1/api-keys/"+key.ID, nil).Status)
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/api-keys/"+key.ID, nil).Status)
	require.Equal(t, http.StatusUnauthorized, w.send(key.Key, http.MethodGet, "/v1/requests", nil).Status)
}

// What comes out of the API is verified by who trusts none of it: checkpoint, export, proof.
func TestAuditGoesOut(t *testing.T) {
	t.Parallel()
	var signer *audit.Signer
	w := newWorld(t, func(_ *world, c *api.Config) { signer = c.Signer })
	id := w.file("ana@example.test").ID
	require.Equal(t, "no-checkpoint", into[problem](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/checkpoint", nil)).Code)
	require.NoError(t, w.db.InLog(t.Context(), w.tenant, func(log *storage.LogTx) error {
		_, err := audit.Sequencer{}.Integrate(t.Context(), log, w.tenant.String(), 1000)
		require.NoError(t, err)
		_, err = signer.Checkpoint(t.Context(), log, w.tenant.String())
		return err
	}))
	key := into[struct {
		Checkpoint string
		Verifier   string `json:"verifier_key"`
	}](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/checkpoint", nil)).Verifier
	proof := w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/proof", nil)
	require.Equal(t, http.StatusOK, proof.Status, "%s", proof.Body)
	proven, events, err := audit.VerifyProof(proof.Body, key)
	require.NoError(t, err)
	require.Equal(t, audit.RequestReceived, events[len(events)-1].Action)
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodGet, "/v1/requests/"+id.String()+"/proof", nil).Status)
	fresh := w.call(api.Auditor, http.MethodGet, "/v1/requests/"+w.file("bo@example.test").ID.String()+"/proof", nil)
	require.Equal(t, "no-checkpoint", into[problem](t, fresh).Code, "filed after the checkpoint")

	export := w.call(api.Auditor, http.MethodGet, "/v1/audit/export", nil)
	archive, err := zip.NewReader(bytes.NewReader(export.Body), int64(len(export.Body)))
	require.NoError(t, err)
	_, err = audit.Verify(archive, key)
	require.NoError(t, err)

	owner := w.register.Owner(t)
	for _, statement := range []string{
		"ALTER TABLE audit_events DISABLE TRIGGER audit_events_only_placed",
		"UPDATE audit_events SET body = body || ' '::bytea WHERE tenant_id = '" + w.tenant.String() + "' AND leaf_index = 0",
	} {
		_, err = owner.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	altered := w.call(api.Auditor, http.MethodGet, "/v1/audit/export", nil)
	require.Equal(t, http.StatusInternalServerError, altered.Status)
	require.Equal(t, "audit-log-altered", into[problem](t, altered).Code)
	require.Contains(t, string(altered.Body), "event 0 is not the one that was put into the tree")

	_, err = owner.Exec(t.Context(), "UPDATE audit_events SET body = body || ' '::bytea WHERE tenant_id = $1 AND leaf_index = $2", w.tenant, proven.Events[0].Index)
	require.NoError(t, err)
	unproven := w.call(api.Auditor, http.MethodGet, "/v1/requests/"+id.String()+"/proof", nil)
	require.Equal(t, http.StatusInternalServerError, unproven.Status, "%s", unproven.Body)
	require.Equal(t, "audit-log-altered", into[problem](t, unproven).Code)
}

// Dates are explained without filing anything, and every regime can be read.
func TestPolicies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.call(api.Auditor, http.MethodGet, "/v1/policies", nil)
	require.Contains(t, string(list.Body), `"ccpa"`)
	require.Equal(t, http.StatusOK, w.call(api.Auditor, http.MethodGet, "/v1/policies/gdpr", nil).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Auditor, http.MethodGet, "/v1/policies/nothing", nil).Status)
	got := w.call(api.Auditor, http.MethodPost, "/v1/policies/gdpr/explain", map[string]any{"right": "access", "received": "2026-01-31T10:00:00+01:00"})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Contains(t, string(got.Body), `"due_date":"2026-03-02"`)
}

// The register down makes the API unready; Temporal down does not, and is named.
func TestHealth(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.Equal(t, http.StatusOK, w.send("", http.MethodGet, "/healthz", nil).Status)
	ready := w.send("", http.MethodGet, "/readyz", nil)
	require.Equal(t, http.StatusOK, ready.Status)
	require.JSONEq(t, `{"register":"up","objects":"up","temporal":"down"}`, string(ready.Body))
	w.db.Close()
	ready = w.send("", http.MethodGet, "/readyz", nil)
	require.Equal(t, http.StatusServiceUnavailable, ready.Status)
	require.Contains(t, string(ready.Body), `"register":"down"`)
	internal := w.call(api.Agent, http.MethodGet, "/v1/requests", nil)
	require.Equal(t, http.StatusInternalServerError, internal.Status)
	require.NotContains(t, strings.ToLower(string(internal.Body)), "pool", "no details")
}

// Once a key is revoked nothing is answered to it, whatever is asked and however good it was a moment ago.
func TestRevokedKeyHearsNothing(t *testing.T) {
	t.Parallel()
	for _, asked := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, "/v1/policies", nil},
		{http.MethodGet, "/v1/requests?cursor=wrong", nil},
		{http.MethodGet, "/v1/requests/00000000-0000-7000-8000-000000000000", nil},
		{http.MethodGet, "/v1/audit/export", nil},
		{http.MethodPost, "/v1/requests/search", map[string]any{"email": "ana@example.test"}},
		{http.MethodPost, "/v1/requests", request("ana@example.test")},
		{http.MethodGet, "/v1/api-keys", nil}, // which an agent may not
	} {
		t.Run(asked.method+" "+asked.path, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			key := into[struct{ ID, Key string }](t, w.call(api.Admin, http.MethodPost, "/v1/api-keys", map[string]any{"name": "script", "role": "agent"}))
			require.NotEqual(t, http.StatusUnauthorized, w.send(key.Key, asked.method, asked.path, asked.body).Status)
			require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/api-keys/"+key.ID, nil).Status)
			require.Equal(t, http.StatusUnauthorized, w.send(key.Key, asked.method, asked.path, asked.body).Status)
		})
	}
}
