package api_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
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
