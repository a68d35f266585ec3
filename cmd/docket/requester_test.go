package main

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/client"
)

// A controller is registered, changed, given another key and ended, by its handle; what is not given in a change stays.
func TestControllersAreRegistered(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	require.Contains(t, d.run("requester", "list").errs, "docket requester add")
	require.ErrorContains(t, d.fails("requester", "certificate"), "not")
	require.ErrorContains(t, d.fails("requester", "add", "opendsr", "shop", "--name", "Shop AG"), "domain")
	made := answer[client.CreatedRequester](d, "requester", "add", "opendsr", "shop", "--name", "Shop AG", "--domain", "shop.example", "--vouches", "email,customer_id")
	require.Contains(t, made.Key, "dkr_")
	out := d.ok("requester", "list")
	require.Contains(t, out, "shop.example")
	require.NotContains(t, out, made.Key)
	after := answer[client.Requester](d, "requester", "change", "shop", "--results")
	require.True(t, after.Results)
	require.Equal(t, []string{"customer_id", "email"}, after.Vouches)
	require.Equal(t, "Shop AG", after.Name)
	require.Empty(t, answer[client.Requester](d, "requester", "change", made.ID.String(), "--vouches-nothing").Vouches)
	require.NotEqual(t, made.Key, answer[client.CreatedRequester](d, "requester", "key", "shop").Key)
	require.Contains(t, d.ok("requester", "certificate"), "/opendsr/acme/v2")
	request := d.ok("requester", "certificate", "--request")
	require.Contains(t, request, "BEGIN CERTIFICATE REQUEST")
	first := answer[client.ProcessorKey](d, "requester", "certificate")
	require.NotEqual(t, first.Fingerprint, answer[client.ProcessorKey](d, "requester", "certificate", "--replace-key").Fingerprint)
	file := filepath.Join(t.TempDir(), "chain.pem")
	require.NoError(t, os.WriteFile(file, []byte(first.Certificate), 0o600))
	require.ErrorContains(t, d.fails("requester", "certificate", "--set", "@"+file), "another key")
	d.ok("requester", "end", "shop")
	require.ErrorContains(t, d.fails("requester", "key", "shop"), "requester list")
	require.Contains(t, d.ok("requester", "list"), "ended")
}

// A directory of agents is taken from a file, whole.
func TestAgentsAreImported(t *testing.T) {
	t.Parallel()
	d := newDesktop(t)
	key, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	entry := func(id string) string {
		return `{"id":"` + id + `","name":"Agent","verify_key":"` + base64.StdEncoding.EncodeToString(key) + `","web_url":"https://agent.example"}`
	}
	file := filepath.Join(t.TempDir(), "agents.json")
	require.NoError(t, os.WriteFile(file, []byte("["+entry("ONE")+","+entry("TWO")+"]"), 0o600))
	out := answer[client.ImportedAgents](d, "requester", "import", file, "--vouches", "email")
	require.Equal(t, []string{"ONE", "TWO"}, out.Added)
	require.Equal(t, []string{"ONE", "TWO"}, answer[client.ImportedAgents](d, "requester", "import", file).Unchanged)
	require.Contains(t, d.ok("requester", "list"), "not paired yet")
	require.ErrorContains(t, d.fails("requester", "key", "ONE"), "by the protocol")
	require.NoError(t, os.WriteFile(file, []byte("["+entry("THREE")+","+entry("THREE")+"]"), 0o600))
	require.ErrorContains(t, d.fails("requester", "import", file), "twice")
	require.NotContains(t, d.ok("requester", "list"), "THREE")
}
