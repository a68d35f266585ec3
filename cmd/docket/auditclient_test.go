package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// The audit log is fetched, verified and checked again offline; a place that is taken is left alone.
func TestAuditExport(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	reference := d.ana()
	err := d.register.DB.InLog(t.Context(), d.tenant, func(log *storage.LogTx) error {
		if _, err := (audit.Sequencer{}).Integrate(t.Context(), log, d.tenant.String(), 1000); err != nil {
			return err
		}
		_, err := d.signer.Checkpoint(t.Context(), log, d.tenant.String())
		return err
	})
	require.NoError(t, err)
	folder, archive := filepath.Join(t.TempDir(), "log"), filepath.Join(t.TempDir(), "log.zip")
	out := answer[exported](d, "audit", "export", folder)
	require.Positive(t, out.Size)
	require.Contains(t, d.ok("audit", "verify", folder, "--key", out.Verifier), "verified")
	require.ErrorContains(t, d.fails("audit", "export", folder), "already")
	d.ok("audit", "export", archive)
	require.Contains(t, d.ok("audit", "verify", archive, "--key", out.Verifier), "verified")
	proof := filepath.Join(t.TempDir(), "proof.json")
	d.ok("audit", "prove", reference, "--out", proof)
	require.Contains(t, d.ok("audit", "prove-verify", proof, "--key", out.Verifier), "verified")
	require.Contains(t, d.ok("audit", "checkpoint"), "docket.test/audit/")
}
