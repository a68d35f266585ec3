package main

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/client"
)

// What the commands print is kept in files: a changed column is a changed interface.
func TestTables(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana("--details", "everything since 2020", "--country", "DE")
	d.register.Clock.Advance(time.Hour)
	d.ana("--language", "de")
	d.write("crm.dsn", "postgres://reader:secret@crm.test/crm\n")
	target, declaration := "@"+d.env["DOCKET_STATE"]+"/crm.dsn", d.write("crm.yaml", crmDeclaration)
	d.input = crmDataset
	for _, step := range []struct {
		name string
		args []string
	}{
		{"request_list", []string{"request", "list"}},
		{"request_show", []string{"request", "show", reference}},
		{"request_person", []string{"request", "person", reference}},
		{"request_timeline", []string{"request", "timeline", reference}},
		{"request_obligations", []string{"request", "obligations", reference}},
		{"request_note", []string{"request", "note", reference, "--text", "called back"}},
		{"request_notes", []string{"request", "notes", reference}},
		{"board", []string{"board", "--kind", "respond"}},
		{"system_create", []string{"system", "create", "--key", "crm", "--name", "Customer relations", "--target", target, "--declaration", declaration}},
		{"system_change", []string{"system", "change", "crm", "--state", "disabled"}},
		{"system_list", []string{"system", "list"}},
		{"system_show", []string{"system", "show", "crm"}},
		{"dataset_put", []string{"dataset", "put", "crm", "-"}},
		{"dataset_list", []string{"dataset", "list"}},
		{"dataset_show", []string{"dataset", "show", "crm"}},
		{"staff_add", []string{"staff", "add", "--role", "dpo", "--name", "D. Po", "--email", "dpo@acme.test"}},
		{"staff_list", []string{"staff", "list"}},
		{"request_assign", []string{"request", "assign", reference, "dpo@acme.test"}},
		{"apikey_create", []string{"apikey", "create", "--name", "nightly export", "--role", "auditor", "--expires", "2027-01-01"}},
		{"apikey_revoke", []string{"apikey", "revoke", "nightly export"}},
		{"apikey_list", []string{"apikey", "list"}},
		{"tenant_show", []string{"tenant", "show"}},
		{"tenant_list", []string{"tenant", "list"}},
	} {
		golden(t, step.name, d.ok(step.args...))
	}
}

// Lists that are empty say what would fill them, on standard error: a script reads nothing.
func TestEmptyLists(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	for _, args := range [][]string{{"request", "list"}, {"task", "list"}, {"board"}, {"system", "list"}, {"dataset", "list"}, {"staff", "list"}} {
		got := d.run(args...)
		require.NoError(t, got.err)
		require.Empty(t, got.out)
		require.NotEmpty(t, got.errs)
		require.JSONEq(t, `{"items": []}`, d.ok(append(args, "--json")...))
	}
}

// JSON has the API's own field names and nothing beside it on standard output.
func TestJSONIsTheAPIs(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	var shown map[string]any
	require.NoError(t, json.Unmarshal([]byte(d.ok("request", "show", reference, "--json")), &shown))
	for _, field := range []string{"id", "reference", "regime_version", "received_at", "next_due", "commands", "duplicates", "pauses"} {
		require.Contains(t, shown, field)
	}
	require.NotContains(t, shown, "person")
}

// --limit cuts across the server's pages and --cursor goes on exactly where it stopped; --all gives every row once.
func TestPaging(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	want := map[string]bool{}
	for range 5 {
		want[d.ana()] = true
		d.register.Clock.Advance(time.Minute)
	}
	first := answer[client.Page[client.RequestLine]](d, "request", "list", "--limit", "3")
	require.Len(t, first.Items, 3)
	require.NotEmpty(t, first.Next)
	rest := answer[client.Page[client.RequestLine]](d, "request", "list", "--limit", "3", "--cursor", first.Next)
	require.Len(t, rest.Items, 2)
	require.Empty(t, rest.Next)
	all := answer[client.Page[client.RequestLine]](d, "request", "list", "--all")
	require.Equal(t, append(first.Items, rest.Items...), all.Items)
	for _, line := range all.Items {
		require.True(t, want[line.Reference])
	}
	require.Contains(t, d.run("request", "list", "--limit", "2").errs, "--all lists everything")
	require.ErrorContains(t, d.fails("request", "list", "--limit", "0"), "--limit must be at least 1")
	require.ErrorContains(t, d.fails("request", "list", "--cursor", "made-up"), "begin again without one")
}

// A request is found by reference in any case and by id; an auditor, who may not search, finds it as well.
func TestRequestsAreNamedByReferenceOrID(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	d.ana()
	shown := answer[client.Request](d, "request", "show", reference)
	for _, role := range []api.Role{api.Agent, api.Auditor} {
		d.as(role)
		for _, name := range []string{reference, " " + reference[:2] + "-" + reference[3:] + " ", shown.ID.String()} {
			require.Equal(t, shown.ID, answer[client.Request](d, "request", "show", name).ID)
		}
	}
	require.ErrorContains(t, d.fails("request", "show", "AR-2222-2222"), "no request AR-2222-2222")
}

// A search by person goes through the body of a request, from a file as from flags.
func TestSearch(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	file := d.write("who.json", `{"email": "ANA.canary@example.test"}`)
	for _, args := range [][]string{{"--person-file", file}, {"--name", "canary ana"}, {"--phone", "+49301234567"}, {reference}} {
		page := answer[client.Page[client.RequestLine]](d, append([]string{"request", "search"}, args...)...)
		require.Len(t, page.Items, 1, "%v", args)
		require.Equal(t, reference, page.Items[0].Reference)
	}
	require.Contains(t, d.run("request", "search", "--name", "nobody").errs, "Nothing fits")
	number := d.write("number.json", `{"customer_id": "7"}`)
	require.ErrorContains(t, d.fails("request", "search", "--person-file", number), "customer number cannot be searched")
	require.ErrorContains(t, d.fails("request", "search"), "--person-file")
}

// Whoever sits at the terminal is asked for the person, so that nothing of it gets into the shell's history.
func TestPersonIsAskedFor(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	d.verbs.asks = true
	d.input = "Ana Canary\nana.canary@example.test\n\nC-7\n"
	got := d.run("request", "create", "--right", "access", "--json")
	require.NoError(t, got.err)
	require.Contains(t, got.errs, "E-mail address: ")
	var accepted client.Accepted
	require.NoError(t, json.Unmarshal([]byte(got.out), &accepted))
	d.verbs.asks = false
	person := answer[client.PersonView](d, "request", "person", accepted.Reference)
	require.Equal(t, client.Person{Name: "Ana Canary", Email: "ana.canary@example.test", CustomerID: "C-7"}, person.Person)
}
