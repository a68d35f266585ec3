package storage_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/storage/storagetest"
)

// Expand, then contract: the newest schema takes every statement of today's code and of every release recorded under
// testdata/released, because a migration runs while the binary before it still does. docs/register.md tells how a release
// is recorded.
func TestSchemaTakesReleasedStatements(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("testdata/released/*")
	require.NoError(t, err)
	folders = append(folders, "internal/db")
	conn := storagetest.Connect(t, storagetest.New(t).DSN)
	run(t, conn, "SET ROLE docket_app")
	for _, folder := range folders {
		texts, _ := generated(t, folder)
		require.Greater(t, len(texts), 50, "%s holds no statements", folder)
		for name, text := range texts {
			_, err := conn.Prepare(t.Context(), folder+"/"+name, text)
			require.NoError(t, err, "%s of %s", name, folder)
		}
	}
}
