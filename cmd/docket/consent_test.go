package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/storage"
)

// Somebody buys, is written to under the law of their country, wants no more, and each of it can be read afterwards.
func TestConsentsOnTheCommandLine(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	require.Contains(t, d.run("consent", "purposes").errs, "There is no purpose yet")
	d.ok("consent", "purpose", "offers", "--similar-goods")
	words := filepath.Join(t.TempDir(), "words.txt")
	require.NoError(t, os.WriteFile(words, []byte("Write to me about offers."), 0o600))
	require.Contains(t, d.ok("consent", "text", "offers", "--language", "en", "--title", "Offers", "--body", "@"+words), "version 1")
	require.Contains(t, d.ok("consent", "purposes"), "offers")
	d.ok("consent", "record", "ana@person.example", "--purpose", "offers", "--kind", "refreshed", "--relation", "purchase", "--refusable", "--country", "CA", "--note", "order 17")
	yes := d.ok("consent", "check", "ana@person.example", "--purpose", "offers")
	require.Contains(t, yes, "casl@2026.1")
	require.Contains(t, yes, "CASL s.10(10)")
	no := d.ok("consent", "check", "nobody@person.example", "--purpose", "offers", "--country", "DE")
	require.Contains(t, no, "no_consent")
	require.Contains(t, no, "the person consents expressly, by themselves")

	list := filepath.Join(t.TempDir(), "list.txt")
	require.NoError(t, os.WriteFile(list, []byte("nobody@person.example\n\nAna@person.example\n"), 0o600))
	got := d.run("consent", "check-list", list, "--purpose", "offers", "--country", "CA")
	require.NoError(t, got.err)
	require.Equal(t, "Ana@person.example\n", got.out)
	require.Contains(t, got.errs, "2 looked at, 1 not to be written to; no_consent: 1")
	whole := answer[struct{ Refused []struct{ Line int } }](d, "consent", "check-list", list, "--purpose", "offers", "--country", "CA")
	require.Equal(t, 1, whole.Refused[0].Line)

	d.ok("consent", "record", "ana@person.example", "--purpose", "*", "--kind", "withdrawn")
	require.Contains(t, d.ok("consent", "check", "ana@person.example", "--purpose", "offers"), "withdrawn")
	shown := answer[client.ConsentPerson](d, "consent", "show", "ana@person.example")
	require.Len(t, shown.Events, 2)
	require.Equal(t, "order 17", shown.Events[1].Evidence.Note)
	require.Contains(t, d.ok("consent", "show", "ana@person.example"), "purchase")
	require.ErrorContains(t, d.fails("consent", "show", "ana@person.example", "--at", "yesterday"), "--at is a moment")
	require.ErrorContains(t, d.fails("consent", "record", "ana@person.example", "--purpose", "fun", "--kind", "given"), "there is no purpose")
	d.ok("consent", "purpose", "offers", "--retired")
	require.ErrorContains(t, d.fails("consent", "check", "ana@person.example", "--purpose", "offers"), "used no more")
}

// A business is sold: the ledger is written out by the one and taken over by the other, here the same, under another purpose.
func TestConsentsGoOverOnTheCommandLine(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	d.ok("consent", "purpose", "news")
	d.ok("consent", "record", "ana@person.example", "--purpose", "news", "--kind", "withdrawn", "--country", "CA")
	file := filepath.Join(t.TempDir(), "consents.ndjson")
	require.ErrorContains(t, d.fails("consent", "export", file, "--buyer", "Buyer Ltd", "--reference", "K-17", "--day", "soon"), "day")
	require.NoFileExists(t, file)
	d.ok("consent", "export", file, "--buyer", "Buyer Ltd", "--reference", "K-17", "--day", "2026-06-01")
	written, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(written), `"kind":"withdrawn"`)
	require.Contains(t, string(written), `{"end":{"lines":1,`)
	require.ErrorContains(t, d.fails("consent", "export", file, "--buyer", "Buyer Ltd", "--reference", "K-17", "--day", "2026-06-01"), "is there already")
	require.ErrorContains(t, d.fails("consent", "export", file+"2", "--buyer", "B", "--reference", "K", "--day", "2026-06-01", "--since", "soon"), "--since is a moment")
}

// Nobody takes over the ledger of a business that was bought by its file alone.
func TestImportingATransferWantsTheSellersKey(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	path := filepath.Join(t.TempDir(), "consents.ndjson")
	require.NoError(t, os.WriteFile(path, []byte("{}\n"), 0o600))
	require.ErrorContains(t, d.fails("consent", "import", path, "--transfer"), "docket audit checkpoint --json")
	require.ErrorContains(t, d.fails("consent", "import", path, "--transfer", "--verifier", "K-17"), "is no verifier key")
	require.Empty(t, answer[client.Page[client.ConsentImport]](d, "consent", "imports").Items)
}

// An import that is written is stopped, said so with what is written, and given up.
func TestStoppingAnImportOnTheCommandLine(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	d.ok("consent", "purpose", "offers")
	var begun uuid.UUID
	require.NoError(t, d.register.DB.Change(t.Context(), d.tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) (err error) {
		begun, err = tx.AddConsentImport(ctx, "Old shop", []byte(`{"address": "Email", "purpose": "offers", "kind": "given"}`))
		return err
	}))
	id := begun.String()
	require.ErrorContains(t, d.fails("consent", "stop-import", id), "stopped while it is written")
	require.ErrorContains(t, d.fails("consent", "stop-import", "7"), "docket consent imports lists them")
	_, err := d.register.Owner(t).Exec(t.Context(), "UPDATE consent_imports SET state = 'running', started_at = created_at WHERE id = $1", begun)
	require.NoError(t, err)
	require.Contains(t, d.ok("consent", "stop-import", id), "stopped")
	require.Contains(t, d.ok("consent", "imports"), "stopped")
	require.Contains(t, d.ok("consent", "drop-import", id), "dropped after it was stopped")
}
