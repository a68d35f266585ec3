package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Without an address the local stack is used, and said; its key goes nowhere else.
func TestConnection(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	connect := func(env map[string]string) (string, error) {
		var said strings.Builder
		v := &verbs{getenv: func(name string) string { return env[name] }}
		_, err := v.connect(&said)
		return said.String(), err
	}
	_, err := connect(map[string]string{"DOCKET_STATE": folder})
	require.ErrorContains(t, err, "DOCKET_URL is not set and there is no local stack in "+folder)
	require.NoError(t, localProduct{Port: 4242}.save(folder))
	_, err = connect(map[string]string{"DOCKET_STATE": folder})
	require.ErrorContains(t, err, "no administrator's key yet")
	require.NoError(t, localProduct{Port: 4242, AdminKey: "dk_local"}.save(folder))
	said, err := connect(map[string]string{"DOCKET_STATE": folder})
	require.NoError(t, err)
	require.Equal(t, "Using the local stack in "+folder+" (http://localhost:4242) with its administrator's key.\n", said)
	_, err = connect(map[string]string{"DOCKET_STATE": folder, "DOCKET_URL": "https://docket.example"})
	require.ErrorContains(t, err, "DOCKET_API_KEY is not set")
	_, err = connect(map[string]string{"DOCKET_URL": "http://docket.example", "DOCKET_API_KEY": "dk_x"})
	require.ErrorContains(t, err, "plain http")
	file := filepath.Join(folder, "key")
	require.NoError(t, os.WriteFile(file, []byte("dk_file\n"), 0o600))
	said, err = connect(map[string]string{"DOCKET_URL": "https://docket.example", "DOCKET_API_KEY_FILE": file})
	require.NoError(t, err)
	require.Empty(t, said)
}
