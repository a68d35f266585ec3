package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// A folder of rules from before messages were checked takes the built-in rules for messages, so that a server with it starts.
func TestAFolderWithoutRulesForMessagesTakesTheBuiltIn(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	text, err := os.ReadFile("../../policies/regimes/gdpr.yaml")
	require.NoError(t, err)
	require.NoError(t, os.Mkdir(filepath.Join(folder, "regimes"), 0o750))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "regimes", "gdpr.yaml"), text, 0o600))
	own, err := readPolicies(folder)
	require.NoError(t, err)
	builtIn, err := readPolicies("")
	require.NoError(t, err)
	require.Len(t, own.Mail().Rules, len(builtIn.Mail().Rules))
	require.NotEmpty(t, own.Mail().Rules)
	require.Len(t, own.Regimes(), 1, "and its own of everything else")
}
