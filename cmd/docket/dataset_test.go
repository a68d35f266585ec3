package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// What a scan writes to standard output is the annotation that dataset put takes; what else there is to say stands beside it.
func TestDatasetScan(t *testing.T) {
	t.Parallel()
	d := working(t)
	scanned := d.run("dataset", "scan", "--system", "crm")
	require.NoError(t, scanned.err)
	require.Contains(t, scanned.out, "identity: email")
	require.Contains(t, scanned.errs, "is annotated already")
	require.NotContains(t, scanned.out, "@", "no value of any row")
	file := filepath.Join(t.TempDir(), "crm.yml")
	require.NoError(t, os.WriteFile(file, []byte(scanned.out+"    retention: made up\n"), 0o600))
	put := d.ok("dataset", "put", "crm", file)
	require.Contains(t, put, "note     dataset:")
	require.Contains(t, put, "retention is kept and not used")
	scan := answer[client.Scan](d, "dataset", "scan", "--system", "crm")
	require.True(t, scan.OK)
	require.Equal(t, scanned.out, scan.Draft)
	require.ErrorContains(t, d.fails("dataset", "scan", "--system", "crm", "--schema", "elsewhere"), "1 finding")
	require.Error(t, d.fails("dataset", "scan", "--system", "nothing"))
}
