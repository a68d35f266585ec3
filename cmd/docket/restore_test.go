package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/deploy/visitor"
	"github.com/privacy-docket/docket/storage"
)

// site is a whole stack of servers with the product on it.
type site struct {
	t       *testing.T
	stack   *local.Stack
	product *product
	company company
	staff   *client.Client
	mail    *mailcatcher.Client
	stop    map[string]func()
}

// onStack opens the product on a stack; what runs of it is started by serve and work.
func onStack(t *testing.T, stack *local.Stack) *site {
	t.Helper()
	kept, err := chooseProduct(t.Context(), stack.Dir(), false)
	require.NoError(t, err)
	s := &site{t: t, stack: stack, mail: mailcatcher.NewClient(stack.Addresses().Mail), stop: map[string]func(){}}
	settings, err := prepareLocal(t.Context(), stack, kept)
	require.NoError(t, err)
	s.product, err = openProduct(t.Context(), settings, zap.NewNop())
	require.NoError(t, err)
	t.Cleanup(s.close)
	return s
}

func (s *site) close() {
	for _, stop := range s.stop {
		stop()
	}
	s.product.close()
}

// run has a part of the product work until it is stopped.
func (s *site) run(name string, do func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	var group errgroup.Group
	group.Go(func() error { return do(ctx) })
	s.stop[name] = func() {
		cancel()
		require.NoError(s.t, group.Wait())
		delete(s.stop, name)
	}
}

func (s *site) serve() {
	s.t.Helper()
	s.run("serve", s.product.serve)
	require.NoError(s.t, s.product.answers(s.t.Context()))
	var err error
	s.staff, err = client.New(client.Config{URL: s.product.settings.PublicURL, Key: s.company.key})
	require.NoError(s.t, err)
}

func (s *site) work() { s.run("work", s.product.work) }

// eventually waits for something that happens by itself.
func (s *site) eventually(what string, done func(ctx context.Context) (bool, error)) {
	s.t.Helper()
	var last error
	require.Eventually(s.t, func() bool {
		var ok bool
		ok, last = done(s.t.Context())
		return ok && last == nil
	}, patience(s.t), 50*time.Millisecond, "waited in vain until %s (%v)", what, last)
}

// patience is how long that is waited for: nothing is too late on a machine that has much else to do, and what never happens is told before all tests
// are out of time.
func patience(t *testing.T) time.Duration {
	t.Helper()
	const most, left = 5 * time.Minute, 15 * time.Second
	if deadline, ok := t.Deadline(); ok {
		return min(most, time.Until(deadline)-left)
	}
	return most
}

// sampleAt loads the sample company's systems on the common server, which outlives the sites.
func sampleAt(t *testing.T) sample.Loaded {
	t.Helper()
	dsn := localtest.Database(t)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	prefix := "r" + strings.TrimPrefix(u.Path, "/test_")
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		conn, err := pgx.Connect(ctx, dsn)
		require.NoError(t, err)
		for _, system := range []string{prefix + "_crm", prefix + "_shop"} {
			_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS "+system+" WITH (FORCE)")
			require.NoError(t, err)
			_, err = conn.Exec(ctx, "DROP ROLE IF EXISTS "+system+"_reader")
			require.NoError(t, err)
		}
		require.NoError(t, conn.Close(ctx))
	})
	loaded, err := sample.LoadAs(t.Context(), dsn, prefix, 7, 60)
	require.NoError(t, err)
	return loaded
}

// furnish makes the sample company.
func (s *site) furnish(loaded sample.Loaded) {
	s.t.Helper()
	made, err := bootstrapTenant(s.t.Context(), s.product.db, companySpec(loaded))
	require.NoError(s.t, err)
	s.company = company{tenant: made.id, key: made.secrets[companyKey]}
}

// applicant is somebody with a request.
type applicant struct {
	id    uuid.UUID
	email string
}

func (s *site) file(email string) applicant {
	s.t.Helper()
	accepted, err := s.staff.CreateRequest(s.t.Context(), client.NewIdempotencyKey(), client.NewRequest{
		Person: client.Person{Name: sample.DemoName, Email: email}, Right: "access", Channel: "letter",
	})
	require.NoError(s.t, err)
	return applicant{id: accepted.ID, email: email}
}

func (s *site) state(a applicant) string {
	s.t.Helper()
	request, err := s.staff.Request(s.t.Context(), a.id)
	require.NoError(s.t, err)
	return request.State
}

func (s *site) reaches(a applicant, state string) {
	s.t.Helper()
	s.eventually(a.email+" is "+state, func(ctx context.Context) (bool, error) {
		request, err := s.staff.Request(ctx, a.id)
		return request.State == state, err
	})
}

// tidied waits until nothing is left of what was collected for a closed case, which goes on after everybody has heard of its end.
func (s *site) tidied(a applicant) {
	s.t.Helper()
	s.eventually(a.email+" is tidied up", func(ctx context.Context) (tidy bool, err error) {
		err = s.product.db.Read(ctx, s.company.tenant, func(ctx context.Context, tx *storage.Tx) error {
			round, err := tx.LatestRound(ctx, a.id)
			if err != nil {
				return err
			}
			runs, err := tx.Runs(ctx, a.id, round)
			tidy = !slices.ContainsFunc(runs, func(r storage.Run) bool { return r.KeyWrapped != nil })
			return err
		})
		return tidy, err
	})
}

func (s *site) command(a applicant, c client.Command) {
	s.t.Helper()
	s.eventually("the command is taken", func(ctx context.Context) (bool, error) {
		_, err := s.staff.Command(ctx, client.NewIdempotencyKey(), a.id, c)
		return err == nil, err
	})
}

// read waits for a mail with a pattern, in the mailbox of the site.
func (s *site) read(a applicant, pattern *regexp.Regexp) (found string) {
	s.t.Helper()
	s.eventually("a letter arrives", func(ctx context.Context) (bool, error) {
		messages, err := s.mail.Messages(ctx, a.email)
		for _, m := range messages {
			if match := pattern.FindStringSubmatch(m.Text); match != nil {
				found = match[1]
			}
		}
		return found != "", err
	})
	return found
}

// here is a link of a letter, which may have been written elsewhere, at this site.
func (s *site) here(link string) string {
	u, err := url.Parse(link)
	require.NoError(s.t, err)
	return s.product.settings.PublicURL + u.Path
}

// proves has the person enter the code on the page, both as they stand in the letters of a site.
func (s *site) proves(a applicant, letters *site) {
	s.t.Helper()
	guest, err := visitor.New()
	require.NoError(s.t, err)
	page, err := guest.Open(s.t.Context(), s.here(letters.read(a, statusLink)))
	require.NoError(s.t, err)
	_, err = guest.Submit(s.t.Context(), page, "/code", url.Values{"code": {letters.read(a, codeLine)}})
	require.NoError(s.t, err)
}

// fetches has the person download the package by a link of a letter, and opens it.
func (s *site) fetches(a applicant, letters *site) packaging.Report {
	s.t.Helper()
	ctx := s.t.Context()
	guest, err := visitor.New()
	require.NoError(s.t, err)
	link := s.here(letters.read(a, downloadLink))
	page, err := guest.Open(ctx, link)
	require.NoError(s.t, err)
	before, err := s.mail.Messages(ctx, a.email)
	require.NoError(s.t, err)
	page, err = guest.Submit(ctx, page, "/code", nil)
	require.NoError(s.t, err)
	var code string
	s.eventually("the code arrives", func(ctx context.Context) (bool, error) {
		messages, err := s.mail.Messages(ctx, a.email)
		if len(messages) <= len(before) || err != nil {
			return false, err
		}
		match := codeLine.FindStringSubmatch(messages[len(messages)-1].Text)
		if match != nil {
			code = match[1]
		}
		return match != nil, nil
	})
	response, err := guest.Send(ctx, page, strings.TrimPrefix(link, s.product.settings.PublicURL), url.Values{"code": {code}})
	require.NoError(s.t, err)
	defer response.Body.Close()
	archive, err := io.ReadAll(response.Body)
	require.NoError(s.t, err)
	require.Equal(s.t, http.StatusOK, response.StatusCode)
	report, err := packaging.Verify(bytes.NewReader(archive), int64(len(archive)))
	require.NoError(s.t, err)
	require.True(s.t, report.OK())
	return report
}

// archive reads the exported audit log out of the object store.
func (s *site) archive() fstest.MapFS {
	s.t.Helper()
	files, prefix := fstest.MapFS{}, s.company.tenant.String()+"/audit/"
	keys, err := s.product.objects.List(s.t.Context(), prefix)
	require.NoError(s.t, err)
	for _, key := range keys {
		object, err := s.product.objects.Get(s.t.Context(), key)
		require.NoError(s.t, err)
		data, err := io.ReadAll(object)
		require.NoError(s.t, err)
		require.NoError(s.t, object.Close())
		files[strings.TrimPrefix(key, prefix)] = &fstest.MapFile{Data: data}
	}
	return files
}

// typed runs a command as it is typed, on the stack of a folder.
func typed(t *testing.T, args ...string) (string, error) {
	t.Helper()
	v := &verbs{
		clock: clockwork.NewRealClock(), getenv: func(string) string { return "" }, zone: time.UTC,
		settings: func() (settings, error) { return settings{}, nil },
	}
	root := newRootCommand()
	root.ResetCommands()
	root.AddCommand(v.backupCommand(), v.restoreCommand())
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetErr(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(t.Context())
	return out.String(), err
}

// customers are addresses of people whom the sample company has data about.
func customers(t *testing.T, loaded sample.Loaded, n int) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), loaded.CRM.ReadDSN)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context())) //nolint:errcheck // it has only read
	rows, err := conn.Query(t.Context(), "SELECT email FROM crm.contacts WHERE email ~ '^[a-z0-9.]+@[a-z0-9.]+$' AND email <> $1 GROUP BY email LIMIT $2", sample.DemoEmail, n)
	require.NoError(t, err)
	emails, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Len(t, emails, n)
	return emails
}

// outcomes are cases in the states in which a backup finds them.
type outcomes struct {
	withdrawn, delivered, reviewing, verifying, collecting, packaging, received applicant
}

func (o outcomes) open() []applicant {
	return []applicant{o.reviewing, o.verifying, o.collecting, o.packaging, o.received}
}

// spread brings cases into every state. In the end only the server runs, and the object store does.
func (s *site) spread(known []string) (o outcomes) {
	s.t.Helper()
	o.withdrawn = s.file("withdrawn@example.test")
	s.reaches(o.withdrawn, "verifying")
	s.command(o.withdrawn, client.Withdraw{})
	o.delivered, o.reviewing, o.packaging = s.file(sample.DemoEmail), s.file(known[0]), s.file(known[1])
	for _, a := range []applicant{o.delivered, o.reviewing, o.packaging} {
		s.reaches(a, "verifying")
		s.proves(a, s)
		s.reaches(a, "reviewing")
	}
	s.command(o.delivered, client.Approve{})
	s.reaches(o.delivered, "closed")
	s.read(o.delivered, downloadLink)
	s.tidied(o.withdrawn)
	s.tidied(o.delivered)

	o.verifying, o.collecting = s.file(known[2]), s.file(known[3])
	s.reaches(o.collecting, "verifying")
	s.reaches(o.verifying, "verifying")
	s.read(o.verifying, codeLine)
	require.NoError(s.t, s.stack.Part(local.Objects).Kill())
	s.command(o.packaging, client.Approve{})
	s.proves(o.collecting, s)
	s.reaches(o.collecting, "collecting") // and no further: nothing can be put away
	s.stop["work"]()
	require.NoError(s.t, s.stack.Part(local.Objects).Start(s.t.Context()))
	o.received = s.file(known[4])
	require.Equal(s.t, []string{"collecting", "packaging", "received"}, []string{s.state(o.collecting), s.state(o.packaging), s.state(o.received)})
	return o
}

// dates are what is owed in all cases, by when.
func (s *site) dates(applicants ...applicant) (dates []string) {
	s.t.Helper()
	for _, a := range applicants {
		owed, err := s.staff.RequestObligations(s.t.Context(), a.id)
		require.NoError(s.t, err)
		for _, o := range owed.Items {
			dates = append(dates, fmt.Sprint(a.email, o.Kind, o.State, o.Due.UTC()))
		}
	}
	return dates
}

// A company loses every server. On new ones, from the backup, every open case goes on to its end, what was closed stays
// closed, a package that was on its way can be fetched, nobody gets a letter twice, and the audit log continues the one
// that was lost.
func TestEveryOpenCaseGoesOnAfterARestore(t *testing.T) {
	t.Parallel()
	loaded, folder := sampleAt(t), filepath.Join(t.TempDir(), "backup")
	a := onStack(t, localtest.Own(t))
	a.furnish(loaded)
	a.serve()
	a.work()
	cases := a.spread(customers(t, loaded, 5))
	dates := a.dates(cases.open()...)
	said, err := typed(t, "backup", folder, "--state", a.stack.Dir())
	require.NoError(t, err, said)
	require.Contains(t, said, "1 tenant, 7 cases")
	said, err = typed(t, "backup", "verify", folder, "--state", a.stack.Dir())
	require.NoError(t, err, said)
	said, err = typed(t, "restore", folder, "--state", a.stack.Dir())
	require.ErrorContains(t, err, "restore into a new namespace", said)
	letters := a.letters() // what is written behind the backup is lost, and written anew
	newer := a.lateCheckpoint()

	a.close()
	for _, part := range []local.PartName{local.Temporal, local.Objects, local.Postgres} {
		require.NoError(t, a.stack.Part(part).Kill())
	}
	b := restored(t, a, folder)
	require.Equal(t, dates, b.dates(cases.open()...), "no date has moved")
	b.work()
	b.finishAll(a, cases)
	b.compareLetters(letters)
	b.continues(folder, newer)
}

// lateCheckpoint has the log grow behind the backup, and gives a checkpoint that somebody outside has kept of it.
func (s *site) lateCheckpoint() []byte {
	s.t.Helper()
	s.file("lost@example.test")
	s.work()
	before := s.logSize()
	s.file("lost-too@example.test")
	s.eventually("the log has grown", func(context.Context) (bool, error) { return s.logSize() > before, nil })
	s.stop["work"]()
	checkpoint, err := s.product.db.LogReader(s.company.tenant, "").Checkpoint(s.t.Context())
	require.NoError(s.t, err)
	return checkpoint
}

func (s *site) logSize() int64 {
	s.t.Helper()
	key, err := s.product.signer.VerifierKey(s.company.tenant.String())
	require.NoError(s.t, err)
	signed, err := s.product.db.LogReader(s.company.tenant, key).Checkpoint(s.t.Context())
	require.NoError(s.t, err)
	checkpoint, err := audit.OpenCheckpoint(signed, key)
	require.NoError(s.t, err)
	return checkpoint.Size
}

// restored brings the backup back on new servers.
func restored(t *testing.T, a *site, folder string) *site {
	t.Helper()
	stack := localtest.Own(t)
	said, err := typed(t, "restore", folder, "--state", stack.Dir())
	require.ErrorContains(t, err, "put the master key", said)
	key, err := os.ReadFile(filepath.Join(a.stack.Dir(), "master.key"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(stack.Dir(), "master.key"), key, 0o600))
	said, err = typed(t, "restore", folder, "--state", stack.Dir())
	require.NoError(t, err, said)
	require.Contains(t, said, "not tidied up: 5.")
	said, err = typed(t, "restore", folder, "--state", stack.Dir())
	require.ErrorContains(t, err, "in the register already", said)
	b := onStack(t, stack)
	b.company = a.company
	b.serve()
	return b
}

// finishAll has everybody do what is theirs, at the site where everything goes on.
func (s *site) finishAll(before *site, cases outcomes) {
	s.t.Helper()
	s.reaches(cases.received, "verifying")
	s.proves(cases.received, s)
	s.proves(cases.verifying, before) // with the code that was sent by the servers that are lost
	for _, a := range []applicant{cases.received, cases.verifying, cases.collecting, cases.reviewing} {
		s.reaches(a, "reviewing")
		s.command(a, client.Approve{})
	}
	for _, a := range cases.open() {
		s.reaches(a, "closed")
		require.Positive(s.t, s.fetches(a, s).Manifest.Rows, a.email)
		packages, err := s.staff.Packages(s.t.Context(), a.id)
		require.NoError(s.t, err)
		require.Len(s.t, packages.Items, 1, a.email)
	}
	require.Equal(s.t, []string{"closed", "closed"}, []string{s.state(cases.withdrawn), s.state(cases.delivered)})
	require.Greater(s.t, s.fetches(cases.delivered, before).Manifest.Rows, int64(10), "a package that was on its way is fetched by the link that was sent")
}

// letters are the Message-IDs that everybody has, by address and subject.
func (s *site) letters() map[string][]string {
	s.t.Helper()
	messages, err := s.mail.Messages(s.t.Context(), "")
	require.NoError(s.t, err)
	ids := map[string][]string{}
	for _, m := range messages {
		key := m.To[0] + ": " + m.Subject
		if id := m.Header("Message-ID"); !slices.Contains(ids[key], id) {
			ids[key] = append(ids[key], id)
		}
	}
	return ids
}

// compareLetters says that no letter came under two Message-IDs, whichever servers sent it.
func (s *site) compareLetters(before map[string][]string) {
	s.t.Helper()
	now := s.letters()
	require.NotEmpty(s.t, before)
	for key, ids := range before {
		for _, id := range ids {
			if !slices.Contains(now[key], id) {
				now[key] = append(now[key], id)
			}
		}
	}
	for key, ids := range now {
		require.Len(s.t, ids, 1, key)
	}
}

// continues says that the new log verifies, in the register and in the archive, and begins as the saved one; and that a
// checkpoint of later than the backup shows what is missing.
func (s *site) continues(folder string, newer []byte) {
	s.t.Helper()
	tenant := s.company.tenant.String()
	key, err := s.product.signer.VerifierKey(tenant)
	require.NoError(s.t, err)
	saved, done, err := openExport(filepath.Join(folder, "audit", tenant+".zip"))
	require.NoError(s.t, err)
	defer done()
	older, err := saved.Open("checkpoint")
	require.NoError(s.t, err)
	checkpoint, err := io.ReadAll(older)
	require.NoError(s.t, err)
	s.eventually("the archive is written", func(context.Context) (bool, error) {
		report, err := audit.Verify(s.archive(), key, checkpoint)
		return err == nil && report.Size == s.logSize(), err
	})
	_, err = audit.Verify(s.archive(), key, newer)
	require.ErrorIs(s.t, err, audit.ErrLog)
	events := 0
	for _, file := range s.archive() {
		events += bytes.Count(file.Data, []byte(`"register.restored"`))
	}
	require.Positive(s.t, events, "the log tells of the restore")
}
