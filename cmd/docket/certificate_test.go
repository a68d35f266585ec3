package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// erased has an erasure of a request on record as the staff and the systems would leave it, and its certificate drafted.
func (d *desktop) erased(id uuid.UUID) {
	d.t.Helper()
	step := func(who, role string, do func(context.Context, *storage.Tx, storage.Case, storage.Subject) error) {
		require.NoError(d.t, d.register.DB.Change(d.t.Context(), d.tenant, audit.Actor{Kind: audit.Person, ID: who, Role: role}, func(ctx context.Context, tx *storage.Tx) error {
			row, err := tx.Case(ctx, id)
			require.NoError(d.t, err)
			subject, err := tx.Subject(ctx, row.SubjectID)
			require.NoError(d.t, err)
			return do(ctx, tx, row, subject)
		}))
	}
	step("ana", "agent", func(ctx context.Context, tx *storage.Tx, row storage.Case, subject storage.Subject) error {
		require.NoError(d.t, tx.AddErasurePlan(ctx, row, subject, 1, erasure.Plan{Made: tx.Now(), Systems: []erasure.SystemPlan{}}))
		plan, err := tx.ErasurePlanState(ctx, id)
		require.NoError(d.t, err)
		return tx.ProposePlan(ctx, plan)
	})
	step("bo", "dpo", func(ctx context.Context, tx *storage.Tx, row storage.Case, _ storage.Subject) error {
		plan, err := tx.ErasurePlanState(ctx, id)
		require.NoError(d.t, err)
		require.NoError(d.t, tx.ApprovePlan(ctx, plan, tx.Now()))
		require.NoError(d.t, tx.BeginPlan(ctx, plan, nil))
		require.NoError(d.t, tx.EndPlan(ctx, plan, true, 2))
		return tx.DraftCertificate(ctx, plan, audit.Certificate{
			Tenant: audit.CertifiedTenant{ID: d.tenant.String(), Name: "Acme GmbH"}, Request: audit.CertifiedRequest{ID: id.String(), Reference: row.Reference, Law: "gdpr", Right: "erasure"},
			Plan: audit.CertifiedPlan{ID: plan.ID.String(), SHA256: strings.Repeat("ab", 32)}, Totals: audit.CertifiedTotals{Deleted: 2, ByHand: 1},
			Systems: []audit.CertifiedSystem{
				{Key: "shop", Name: "The shop", How: audit.CertifiedDone, Collections: []audit.CertifiedCollection{{
					Dataset: "shop", Collection: "orders", Deleted: 2, ReadBack: &audit.CertifiedReading{At: tx.Now().UTC()}, Kept: []audit.CertifiedKept{{Ground: "legal_duty", Citation: "AO 147(3)", Rows: 1, Until: "2034-12-31"}},
				}}},
				{Key: "paper", Name: "Paper", How: audit.CertifiedByHand, Collections: []audit.CertifiedCollection{}},
			},
		})
	})
}

// The certificate of an erasure is fetched, printed, and checked offline with the log that it names.
func TestErasureCertificateIsFetchedAndChecked(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	id := answer[client.Request](d, "request", "show", reference).ID
	require.ErrorContains(t, d.fails("erasure", "certificate", reference), "not", "there is none")
	d.erased(id)
	require.ErrorContains(t, d.fails("erasure", "certificate", reference), "waits for the events")
	require.NoError(t, d.register.DB.InLog(t.Context(), d.tenant, func(log *storage.LogTx) error {
		if _, err := (audit.Sequencer{}).Integrate(t.Context(), log, d.tenant.String(), 1000); err != nil {
			return err
		}
		_, err := d.signer.Checkpoint(t.Context(), log, d.tenant.String())
		return err
	}))
	book, err := policies.Embedded()
	require.NoError(t, err)
	r := &relay.Relay{Desk: casework.New(d.register.DB, nil, book, casework.Links{}, d.register.Clock), Signer: d.signer, Clock: d.register.Clock, Log: zap.NewNop()}
	signed, err := r.Certificates(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, signed)

	dir := t.TempDir()
	file, paper, log := filepath.Join(dir, "certificate.json"), filepath.Join(dir, "certificate.pdf"), filepath.Join(dir, "log")
	d.ok("erasure", "certificate", reference, "--out", file)
	d.ok("erasure", "certificate", reference, "--out", paper)
	drawn, err := os.ReadFile(paper)
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(string(drawn), "%PDF-"))
	require.ErrorContains(t, d.fails("erasure", "certificate", reference, "--out", file), "already")

	key := answer[exported](d, "audit", "export", log).Verifier
	out := d.ok("audit", "verify-certificate", file, "--key", key, "--log", log)
	require.Contains(t, out, "events in the log of")
	for _, said := range []string{"bo", "shop.orders  2 deleted", "read back: 0 untreated", "keeps 1: AO 147(3) until 2034-12-31", "Paper (paper): by hand"} {
		require.Contains(t, out, said)
	}
	require.Contains(t, d.ok("audit", "verify-certificate", file, "--key", key), "give the exported log with --log")

	text, err := os.ReadFile(file)
	require.NoError(t, err)
	altered := d.write("altered.json", strings.Replace(string(text), `"deleted":2`, `"deleted":3`, 1))
	require.ErrorIs(t, d.fails("audit", "verify-certificate", altered, "--key", key), audit.ErrCertificate)
	require.ErrorContains(t, d.fails("audit", "verify-certificate", filepath.Join(dir, "none"), "--key", key), "reading the certificate")
	require.ErrorIs(t, d.fails("audit", "verify-certificate", log+"/checkpoint", "--key", key), audit.ErrCertificate)
}
