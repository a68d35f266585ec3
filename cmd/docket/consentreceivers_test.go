package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage"
)

// A CRM is added, reads who has left, confirms, and is retired; what is open is listed until then.
func TestReceiversOnTheCommandLine(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	d.ok("consent", "purpose", "offers")
	require.Contains(t, d.run("consent", "receivers").errs, "There is no receiver yet")
	made := answer[client.CreatedConsentReceiver](d, "consent", "receiver", "CRM", "--kind", "pull")
	require.Contains(t, d.ok("consent", "receiver", "Shop", "--kind", "http", "--url", "https://shop.example/in"), "whsec_")
	d.ok("consent", "record", "ana@person.example", "--purpose", "offers", "--kind", "withdrawn", "--country", "CA")
	handOn(t, d, made)
	require.Contains(t, d.ok("consent", "handovers"), "0 of 1")
	changes := answer[client.ConsentChanges](d, "consent", "changes", "CRM")
	require.Equal(t, "ana@person.example", changes.Changes[0].Address)
	require.Contains(t, d.ok("consent", "changes", made.ID.String()), "withdrawn")
	require.Contains(t, d.ok("consent", "confirm", "CRM", changes.Cursor), "1 withdrawals confirmed, 0 of them late")
	require.Contains(t, d.ok("consent", "handovers", "--all"), "confirmed")
	list := filepath.Join(t.TempDir(), "list")
	require.NoError(t, os.WriteFile(list, []byte("ana@person.example\n"), 0o600))
	d.ok("consent", "suppress", list)
	handOn(t, d, made)
	require.Regexp(t, `(?m)^withdrawn +ana@person\.example .* suppressed$`, d.ok("consent", "changes", "CRM"))
	require.Contains(t, d.fails("consent", "confirm", "CRM", "1.0").Error(), "before cursors were bound to their receivers")
	require.Contains(t, d.ok("consent", "receiver", "Shop"), "https://shop.example/in")
	require.Contains(t, d.ok("consent", "receiver", "Shop", "--url", "https://other.example"), "https://other.example")
	require.Contains(t, d.ok("consent", "receiver", "Shop", "--new-secret"), "whsec_")
	require.ErrorContains(t, d.fails("consent", "receiver", "Nobody"), "docket consent receivers lists them")
	d.ok("consent", "receiver", "CRM", "--retire")
	require.Contains(t, d.ok("consent", "receivers"), "retired")
}

// handOn does what the relay does for a receiver.
func handOn(t *testing.T, d *desktop, r client.CreatedConsentReceiver) {
	t.Helper()
	require.NoError(t, d.register.DB.InLog(t.Context(), d.tenant, func(log *storage.LogTx) error {
		_, err := audit.Sequencer{}.Integrate(t.Context(), log, d.tenant.String(), 1000)
		return err
	}))
	book, err := policies.Embedded()
	require.NoError(t, err)
	desk := casework.New(d.register.DB, nil, book, casework.Links{Public: "http://docket.test"}, d.register.Clock)
	_, err = desk.CountHandovers(t.Context(), d.tenant, r.ID)
	require.NoError(t, err)
}

// A list of addresses is handed in, from lines and from a column: nobody on it may be written to, and none of it can be read back but by asking for exactly one.
func TestSuppressionLists(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	d.ok("consent", "purpose", "offers")
	file := func(text string) string {
		path := filepath.Join(t.TempDir(), "list")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	require.Contains(t, d.ok("consent", "check", "gone@person.example", "--purpose", "offers", "--country", "US"), "opt_out_model")
	lines := file("gone@person.example\n\nGone@Person.example\nben@person.example\n")
	require.Contains(t, d.ok("consent", "suppress", lines), "3 addresses, 2 of them")
	require.Contains(t, d.ok("consent", "suppress", lines), "3 addresses, 0 of them")
	table := file("\ufeffName;Mail\nCleo;cleo@person.example\nNobody;\n")
	require.Contains(t, d.ok("consent", "suppress", table, "--address", "Mail"), "1 addresses, 1 of them")
	require.ErrorContains(t, d.fails("consent", "suppress", table, "--address", "E-mail"), "it has Name, Mail")
	require.ErrorContains(t, d.fails("consent", "suppress", file("Mail\nnobody\n"), "--address", "Mail"), "line 2 has no e-mail address")
	require.ErrorContains(t, d.fails("consent", "suppress", file("Mail,Name\nada@person.example,Ada\nben@person.example\n"), "--address", "Mail"), "line 3 has 1 columns")
	require.ErrorContains(t, d.fails("consent", "suppress", file("Mail,Mail\n"), "--address", "Mail"), `"Mail" is there twice`)
	require.Contains(t, d.ok("consent", "check", "gone@person.example", "--purpose", "offers", "--country", "US"), "suppression")
	found := answer[client.SuppressionsFound](d, "consent", "suppressed", "--email", "GONE@person.example")
	require.True(t, found.Suppressed)
	require.Equal(t, "list", found.Suppressions[0].Reason)
	require.False(t, answer[client.SuppressionsFound](d, "consent", "suppressed", "--email", "dora@person.example").Suppressed)
	d.ok("limit", "end-suppression", "--email", "gone@person.example", "--because", "consent")
	after := answer[client.SuppressionsFound](d, "consent", "suppressed", "--email", "gone@person.example")
	require.False(t, after.Suppressed)
	require.Equal(t, "consent", after.Suppressions[0].EndReason)
	require.Contains(t, d.ok("consent", "suppressed", "--email", "gone@person.example"), "ended")
	var kept int
	require.NoError(t, d.register.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM suppressions s WHERE s::text LIKE '%person%'").Scan(&kept))
	require.Zero(t, kept, "the addresses stand nowhere")
}
