package main

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"flag"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	temporal "go.temporal.io/sdk/client"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/storage/storagetest"
)

var updateGolden = flag.Bool("update", false, "write the golden files anew")

// desktop is a command line before a server that runs in the test, with a tenant and a key per role.
type desktop struct {
	t        *testing.T
	register *storagetest.Register
	signer   *audit.Signer
	tenant   uuid.UUID
	env      map[string]string
	keys     map[api.Role]string
	verbs    *verbs
	input    string
}

// ran is how a command ended.
type ran struct {
	out, errs string
	err       error
}

// newDesktop starts a server on a register of its own. Temporal is away: what needs it fails as it does then.
func newDesktop(t *testing.T, change ...func(*api.Config)) *desktop {
	t.Helper()
	d := &desktop{t: t, register: storagetest.New(t), keys: map[api.Role]string{}}
	book, err := policies.Embedded()
	require.NoError(t, err)
	bucket := localtest.Bucket(t)
	config, err := objectsConfig(objectsURL(bucket))
	require.NoError(t, err)
	store, err := objects.Open(config)
	require.NoError(t, err)
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	d.signer, err = audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	away, err := temporal.NewLazyClient(temporal.Options{HostPort: "127.0.0.1:1", Logger: temporalLog{zap.NewNop()}})
	require.NoError(t, err)
	t.Cleanup(away.Close)
	clock := d.register.Clock
	apiConfig := api.Config{
		Desk: casework.New(d.register.DB, store, book, casework.Links{Public: "http://docket.test"}, clock), Objects: store,
		Policies: book, Temporal: away, Signer: d.signer, Version: "test", Clock: clock, Log: zap.NewNop(), Carry: carry,
	}
	for _, f := range change {
		f(&apiConfig)
	}
	handler, err := api.New(apiConfig)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	d.furnish(server.URL, clock)
	return d
}

func (d *desktop) furnish(url string, clock clockwork.Clock) {
	var keys []keySpec
	for _, role := range api.Roles() {
		keys = append(keys, keySpec{name: string(role), role: role})
	}
	made, err := bootstrapTenant(d.t.Context(), d.register.DB, tenantSpec{tenant: acme(), keys: keys})
	require.NoError(d.t, err)
	d.tenant = made.id
	for _, role := range api.Roles() {
		d.keys[role] = made.secrets[string(role)]
	}
	d.env = map[string]string{"DOCKET_URL": url, "DOCKET_API_KEY": d.keys[api.Admin], "DOCKET_STATE": d.t.TempDir()}
	d.verbs = &verbs{
		clock: clock, getenv: func(name string) string { return d.env[name] }, zone: time.UTC,
		settings: func() (settings, error) {
			return settings{Register: d.register.DSN, Master: d.register.MasterURI, PublicURL: "http://docket.test"}, nil
		},
	}
}

// as changes the role that commands are run in.
func (d *desktop) as(role api.Role) { d.env["DOCKET_API_KEY"] = d.keys[role] }

// run types one command.
func (d *desktop) run(args ...string) ran {
	d.t.Helper()
	root := newRootCommand()
	root.ResetCommands()
	root.AddCommand(newAuditCommand())
	addVerbs(root, d.verbs)
	var out, errs bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&errs)
	root.SetIn(strings.NewReader(d.input))
	root.SetArgs(args)
	err := root.ExecuteContext(d.t.Context())
	return ran{out: out.String(), errs: errs.String(), err: err}
}

// ok types a command that must succeed, and gives its output.
func (d *desktop) ok(args ...string) string {
	d.t.Helper()
	got := d.run(args...)
	require.NoError(d.t, got.err, "docket %s", strings.Join(args, " "))
	return got.out
}

// fails types a command that must fail, and gives its error.
func (d *desktop) fails(args ...string) error {
	d.t.Helper()
	got := d.run(args...)
	require.Error(d.t, got.err, "docket %s", strings.Join(args, " "))
	return got.err
}

// answer types a command with --json and reads what it prints.
func answer[T any](d *desktop, args ...string) T {
	d.t.Helper()
	var out T
	text := d.ok(append(args, "--json")...)
	require.NoError(d.t, json.Unmarshal([]byte(text), &out), "%s", text)
	return out
}

// write puts a file into the test's folder.
func (d *desktop) write(name, text string) string {
	d.t.Helper()
	path := filepath.Join(d.env["DOCKET_STATE"], name)
	require.NoError(d.t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

// ana files a request and gives its reference.
func (d *desktop) ana(more ...string) string {
	d.t.Helper()
	path := d.write("ana.json", `{"name": "Ana Canary", "email": "ana.canary@example.test", "phone": "+49 30 1234567"}`)
	args := append([]string{"request", "create", "--right", "access", "--person-file", path}, more...)
	return answer[struct{ Reference string }](d, args...).Reference
}

// shapes are what differs from run to run; each is replaced by as many characters, so that columns stay in place.
func shapes() map[*regexp.Regexp]string {
	return map[*regexp.Regexp]string{
		regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`): "00000000-0000-0000-0000-000000000000",
		regexp.MustCompile(`([A-Z]R)-[0-9A-Z]{4}-[0-9A-Z]{4}`):                             "$1-XXXX-XXXX",
		regexp.MustCompile(`dk_[A-Za-z0-9_-]{43}`):                                         "dk_" + strings.Repeat("x", 43),
	}
}

// golden compares output with the file that it is kept in.
func golden(t *testing.T, name, got string) {
	t.Helper()
	for shape, stand := range shapes() {
		got = shape.ReplaceAllString(got, stand)
	}
	path := filepath.Join("testdata", "verbs", name+".txt")
	if *updateGolden {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}
