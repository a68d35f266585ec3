package main

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/storage"
)

// owed has two systems name the same recipient, and one another.
func (d *desktop) owed(reference string) {
	d.t.Helper()
	id := answer[client.Request](d, "request", "show", reference).ID
	d.erased(id)
	require.NoError(d.t, d.register.DB.Change(d.t.Context(), d.tenant, audit.Actor{Kind: audit.System, ID: "eraser"}, func(ctx context.Context, tx *storage.Tx) error {
		plan, err := tx.ErasurePlanState(ctx, id)
		require.NoError(d.t, err)
		for system, name := range map[string]string{"shop": "Parcels AS", "crm": "Parcels AS", "mail": "Letters GmbH"} {
			_, err := tx.OweRecipient(ctx, plan.CaseID, &plan.ID, storage.NewRecipientNotice{Recipient: name, Role: "processor", System: system, Categories: []string{"user.name"}})
			require.NoError(d.t, err)
		}
		return nil
	}))
}

// Art. 19 GDPR: who must hear of an erasure is listed, and how far each was told is put on record by name.
func TestRecipientsAreListedAndTold(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	require.Contains(t, d.run("erasure", "recipients", reference).errs, "Nobody has to be told")
	d.owed(reference)
	out := d.ok("erasure", "recipients", reference)
	for _, said := range []string{"Parcels AS", "Letters GmbH", "to_tell", "user.name"} {
		require.Contains(t, out, said)
	}
	tell := func(more ...string) []string { return append([]string{"erasure", "tell", reference}, more...) }
	require.ErrorContains(t, d.fails(tell("Nobody Inc", "--state", "told", "--note", "By mail.")...), "erasure recipients lists them")
	require.ErrorContains(t, d.fails(tell("Parcels AS", "--state", "told", "--note", "By mail.")...), "--system")
	require.ErrorContains(t, d.fails(tell("Letters GmbH", "--state", "not_told", "--note", "They are gone.")...), "impossible")
	d.ok(tell("letters gmbh", "--state", "not_told", "--reason", "impossible", "--note", "They are gone.")...)
	d.ok(tell("Parcels AS", "--system", "crm", "--state", "told", "--note", "By mail.")...)
	states := map[string]string{}
	for _, r := range answer[client.RecipientList](d, "erasure", "recipients", reference).Items {
		states[r.System] = r.State
	}
	require.Equal(t, map[string]string{"shop": "to_tell", "crm": "told", "mail": "not_told"}, states)
}

// Holds are listed a page at a time, or to their end.
func TestHoldsAreListedByThePage(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	for _, matter := range []string{"one", "two", "three"} {
		d.ok("hold", "place", "--matter", matter, "--email", "ana@example.test", "--reason", "A dispute.", "--review", d.register.Clock.Now().AddDate(0, 3, 0).Format("2006-01-02"))
	}
	first := answer[client.Page[client.LegalHold]](d, "hold", "list", "--limit", "2")
	require.Len(t, first.Items, 2)
	rest := answer[client.Page[client.LegalHold]](d, "hold", "list", "--cursor", first.Next)
	require.Len(t, rest.Items, 1)
	require.Equal(t, "one", rest.Items[0].Matter)
	require.Len(t, answer[client.Page[client.LegalHold]](d, "hold", "list", "--all").Items, 3)
}
