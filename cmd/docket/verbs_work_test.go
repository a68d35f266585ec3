package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// working starts the whole product, worker and relay included, with one system, and gives a command line before it.
func working(t *testing.T) *desktop {
	t.Helper()
	r := storagetest.New(t)
	address, namespace := localtest.Namespace(t)
	p, err := openProduct(t.Context(), settings{
		SystemsNearby: true,
		Register:      r.DSN, Master: r.MasterURI, Temporal: address, Namespace: namespace, Objects: objectsURL(localtest.Bucket(t)),
		SMTP: "smtp://" + localtest.Stack(t).SMTP + "?tls=none", MailFrom: "privacy@acme.test", PublicURL: "http://docket.test",
		Installation: "docket.test",
	}, zap.NewNop())
	require.NoError(t, err)
	handler, err := p.handler(nil)
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.work(ctx) }()
	t.Cleanup(func() {
		stop()
		require.NoError(t, <-ended)
		server.Close()
		p.close()
	})
	made, err := bootstrapTenant(t.Context(), p.db, tenantSpec{
		tenant: acme(), keys: []keySpec{{name: "admin", role: api.Admin}}, systems: []systemSpec{crm(contacts(t))},
	})
	require.NoError(t, err)
	d := &desktop{t: t, env: map[string]string{"DOCKET_URL": server.URL, "DOCKET_API_KEY": made.secrets["admin"], "DOCKET_STATE": t.TempDir()}}
	d.verbs = &verbs{clock: p.clock, getenv: func(name string) string { return d.env[name] }, zone: time.UTC}
	return d
}

// contacts is a database with what crmDataset says, and gives its address for a role that may read it and no more.
func contacts(t *testing.T) string {
	t.Helper()
	dsn := localtest.Database(t)
	conn := storagetest.Connect(t, dsn)
	role, password := "reader_"+strings.ToLower(rand.Text()[:16]), rand.Text()
	_, err := conn.Exec(t.Context(), `CREATE TABLE contacts (id int PRIMARY KEY, email text);
		INSERT INTO contacts VALUES (1, 'ana.canary@example.test'), (2, 'bo@example.test');
		CREATE ROLE `+role+` LOGIN PASSWORD '`+password+`';
		GRANT SELECT ON contacts TO `+role)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		conn, err := pgx.Connect(ctx, dsn)
		require.NoError(t, err)
		_, err = conn.Exec(ctx, "DROP OWNED BY "+role+"; DROP ROLE "+role)
		require.NoError(t, errors.Join(err, conn.Close(ctx)))
	})
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.User = url.UserPassword(role, password)
	return u.String()
}

// until waits for a request to come to a state.
func (d *desktop) until(reference, state string) {
	d.t.Helper()
	require.Eventually(d.t, func() bool {
		return answer[client.Request](d, "request", "show", reference).State == state
	}, time.Minute, 50*time.Millisecond, "the request does not come to %s", state)
}

// One request goes from intake to its package, by commands alone.
func TestRequestByCommands(t *testing.T) {
	t.Parallel()
	d := working(t)
	reference := d.ana()
	d.until(reference, "verifying")
	tested := d.run("system", "test", "crm")
	require.NoError(t, tested.err, tested.out)
	require.Contains(t, tested.out, "crm can be reached and fits its annotation.")
	require.Regexp(t, `crm +contacts +1\n`, d.ok("system", "preview", "crm", reference))

	err := d.fails("request", "pause", reference, "--kind", "fee")
	require.Equal(t, 1, exitCode(err))
	require.ErrorContains(t, err, "  rule   GDPR Art 12(3)")
	require.Contains(t, d.ok("request", "extend", reference, "--reason", "complexity"), reference+" is verifying")
	require.ErrorContains(t, d.fails("request", "extend", reference, "--reason", "complexity"), "Conflict: ")
	require.ErrorContains(t, d.fails("request", "acknowledge", reference, "respond"), "nothing has escalated yet")
	fetchDocument(t, d, reference)
	d.input = "she called and knew her customer number\n"
	d.ok("request", "confirm-identity", reference, "--note", "-")
	require.Contains(t, d.ok("request", "notes", reference), "knew her customer number")

	d.until(reference, "reviewing")
	require.Regexp(t, reference+` +review +- +agent `, d.ok("task", "list"))
	require.Regexp(t, `crm +done +1 +1 `, d.ok("request", "progress", reference))
	redact(t, d, reference)
	d.ok("request", "ask", reference, "--question", "Which year?")
	d.until(reference, "clarifying")
	d.ok("request", "clarified", reference, "--answer", "2025")
	d.until(reference, "reviewing")
	approve(t, d, reference)
}

func redact(t *testing.T, d *desktop, reference string) {
	t.Helper()
	require.ErrorContains(t, d.fails("request", "redact", reference, "shop/crm/contacts/email", "--ground", "security"), "there is no system of this name")
	require.ErrorContains(t, d.fails("request", "redact", reference, "crm/crm/persons/email", "--ground", "security"), "what was read is crm/contacts")
	d.input = "id=2\n"
	made := answer[client.Created](d, "request", "redact", reference, "crm/crm/contacts/email", "--rows", "-", "--ground", "anothers_rights")
	require.Contains(t, d.ok("request", "redactions", reference), "crm/crm/contacts/email  id=2  anothers_rights")
	d.ok("request", "unredact", reference, made.ID.String())
	require.Empty(t, answer[client.Page[client.Redaction]](d, "request", "redactions", reference).Items)
}

// fetchDocument fetches a document that proves identity while it is not decided on.
func fetchDocument(t *testing.T, d *desktop, reference string) {
	t.Helper()
	require.Contains(t, d.run("request", "documents", reference).errs, "No document came yet.")
	staff, err := client.New(client.Config{URL: d.env["DOCKET_URL"], Key: d.env["DOCKET_API_KEY"]})
	require.NoError(t, err)
	added, err := staff.AddDocument(t.Context(), answer[client.Request](d, "request", "show", reference).ID, []byte("%PDF-1.7 passport"))
	require.NoError(t, err)
	require.Regexp(t, added.ID.String()+" +identity +application/pdf +17 ", d.ok("request", "documents", reference))
	name := filepath.Join(t.TempDir(), "passport.pdf")
	require.Error(t, d.fails("request", "document", reference, uuid.NewString(), name))
	require.NoFileExists(t, name, "nothing half done")
	d.ok("request", "document", reference, added.ID.String(), name)
	content, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, "%PDF-1.7 passport", string(content))
}

func approve(t *testing.T, d *desktop, reference string) {
	t.Helper()
	again := []string{"request", "approve", reference, "--idempotency-key", "approve-once"}
	first := answer[client.Request](d, again...)
	d.until(reference, "closed")
	require.Equal(t, first, answer[client.Request](d, again...), "the same key gives the first answer again")
	require.ErrorContains(t, d.fails("request", "approve", reference), "Conflict: ")
	require.Regexp(t, ` ready +\d`, d.ok("request", "packages", reference))
	d.ok("request", "resend", reference)
	lines := answer[client.Page[client.MessageLine]](d, "request", "messages", reference).Items
	require.Contains(t, d.ok("request", "message", reference, lines[0].ID.String()), "ana.canary@example.test")
	require.Contains(t, d.ok("request", "timeline", reference, "--evidence"), "evidence")
	d.ok("request", "reopen", reference)
	d.until(reference, "reviewing")
	require.Contains(t, d.ok("request", "withdraw", reference, "--note", "she is happy"), reference+" is closed (withdrawn).")
}

// A system that cannot be read is reported by its test, and is left out of the answer by command.
func TestBrokenSystemByCommands(t *testing.T) {
	t.Parallel()
	d := working(t)
	u, err := url.Parse(contacts(t))
	require.NoError(t, err)
	u.Path = "/no_such_database"
	d.ok("system", "change", "crm", "--target", "@"+d.write("dsn", u.String()+"\n"))
	got := d.run("system", "test", "crm")
	require.ErrorContains(t, got.err, "crm: 1 finding")
	require.Contains(t, got.out, "database-missing")
	password, _ := u.User.Password()
	require.NotContains(t, got.out+got.errs, password)

	reference := d.ana()
	d.until(reference, "verifying")
	d.ok("request", "confirm-identity", reference, "--note", "called back on the number we know")
	require.Eventually(t, func() bool {
		return strings.Contains(d.run("task", "list", "--kind", "collection_failed").out, reference)
	}, time.Minute, 50*time.Millisecond)
	d.ok("request", "retry-system", reference, "crm")
	require.Eventually(t, func() bool {
		return d.run("request", "exclude-system", reference, "crm", "--note", "it is gone").err == nil
	}, time.Minute, 50*time.Millisecond)
	d.until(reference, "reviewing")
	require.Contains(t, d.ok("request", "refuse", reference, "--reason", "manifestly_unfounded", "--explanation", "Because."), "is closed (refused)")
}
