package api_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The OpenAPI document is part of the contract: a change of it is seen in review. Write it anew with
// DOCKET_GOLDEN=write go test ./api -run TestDocument.
func TestDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.send("", http.MethodGet, "/openapi.json", nil)
	require.Equal(t, http.StatusOK, got.Status)
	var pretty bytes.Buffer
	require.NoError(t, json.Indent(&pretty, got.Body, "", "  "))
	path := filepath.Join("testdata", "openapi.json")
	if os.Getenv("DOCKET_GOLDEN") == "write" {
		require.NoError(t, os.WriteFile(path, pretty.Bytes(), 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), pretty.String())
	require.Equal(t, "3.1.0", into[map[string]any](t, got)["openapi"])
}

// The table of operations in docs/api.md says what the document says, and is written with it.
func TestTableOfOperations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := operations(t, w)
	slices.SortFunc(all, func(a, b described) int { return cmp.Or(cmp.Compare(a.Tags[0], b.Tags[0]), cmp.Compare(a.ID, b.ID)) })
	var table strings.Builder
	table.WriteString("| operation | request | what it does | who |\n| --- | --- | --- | --- |\n")
	for _, d := range all {
		fmt.Fprintf(&table, "| `%s` | %s %s | %s | %s |\n", d.ID, d.method, d.path, d.Summary, strings.Join(d.Roles, ", "))
	}
	path := filepath.Join("..", "docs", "api.md")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	begin := strings.Index(string(text), "| operation | request |")
	require.Positive(t, begin)
	end := begin + strings.Index(string(text[begin:]), "\n\n") + 1
	if os.Getenv("DOCKET_GOLDEN") == "write" {
		require.NoError(t, os.WriteFile(path, slices.Concat(text[:begin], []byte(table.String()), text[end:]), 0o600))
		return
	}
	require.Equal(t, table.String(), string(text[begin:end]), "write it with DOCKET_GOLDEN=write go test ./api -run 'TestDocument|TestTableOfOperations'")
}
