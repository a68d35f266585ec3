package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/storage"
)

// A list is cleaned of whoever was erased, as it stands and in its order, however long it is; who comes back is taken in again.
func TestAListIsCleanedOfWhoeverWasErased(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	require.NoError(t, d.register.DB.Change(t.Context(), d.tenant, audit.Actor{Kind: audit.System, ID: "eraser"}, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, storage.Person{Email: "gone@example.test"}, storage.SuppressAll, storage.SuppressedErased, nil)
	}))
	var lines []string
	for i := range 10_050 {
		lines = append(lines, fmt.Sprintf("someone-%d@example.test", i))
	}
	lines[3], lines[10_020] = "Gone@Example.test", "gone@example.test"
	path := filepath.Join(t.TempDir(), "list.txt")
	require.NoError(t, os.WriteFile(path, []byte("\ufeff"+strings.Join(lines, "\r\n")+"\r\n\r\n"), 0o600))
	got := d.run("limit", "check-list", path, "--purpose", "direct_marketing", "--basis", "consent")
	require.NoError(t, got.err)
	require.Equal(t, 10_048, strings.Count(got.out, "\n"))
	require.True(t, strings.HasPrefix(got.out, "someone-0@example.test\nsomeone-1@example.test\nsomeone-2@example.test\nsomeone-4@example.test\n"))
	require.NotContains(t, strings.ToLower(got.out), "gone@")
	require.Contains(t, got.errs, "10050 looked at, 2 not to be used; suppression: 2")

	whole := answer[struct {
		Checked int
		Refused []struct {
			Line   int
			Blocks []client.UseBlock
		}
	}](d, "limit", "check-list", path, "--purpose", "direct_marketing")
	require.Equal(t, []int{4, 10_021}, []int{whole.Refused[0].Line, whole.Refused[1].Line})

	require.NoError(t, os.WriteFile(path, []byte("ana@example.test\nName,E-mail\n"), 0o600))
	require.ErrorContains(t, d.fails("limit", "check-list", path, "--purpose", "sale"), "line 2 is no e-mail address")
	require.ErrorContains(t, d.fails("limit", "check-list", path+"x", "--purpose", "sale"), "open the list")

	require.ErrorContains(t, d.fails("limit", "end-suppression", "--email", "other@example.test", "--because", "consent"), "nobody who is known by this is suppressed")
	require.Contains(t, d.ok("limit", "end-suppression", "--email", "gone@example.test", "--because", "consent"), "1")
	require.Contains(t, d.ok("limit", "check", "--email", "gone@example.test", "--purpose", "direct_marketing"), "allowed")
}
