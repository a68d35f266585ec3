package activities_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/activities/packaging"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/sample"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// bench runs single activities on a world, as a worker would.
type bench struct {
	*casetest.Request
	t *testing.T
}

func newBench(t *testing.T, change ...func(*casework.NewRequest)) *bench {
	t.Helper()
	w := casetest.New(t, clockwork.NewFakeClockAt(storagetest.Start()))
	return &bench{Request: w.File(append(change, casetest.Proven)...), t: t}
}

// try runs an activity once, under a context that the test may end.
func (b *bench) try(ctx context.Context, name string, in, out any) error {
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(log.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{BackgroundActivityContext: ctx})
	activities.Register(env, b.Desk, b.Objects, true)
	value, err := env.ExecuteActivity(name, in)
	if err != nil || out == nil {
		return err
	}
	return value.Get(out)
}

func (b *bench) must(name string, in, out any) {
	b.t.Helper()
	require.NoError(b.t, b.try(b.t.Context(), name, in, out))
}

func (b *bench) command(kind contract.CommandKind) {
	b.t.Helper()
	b.must(contract.ActivityCommand, contract.CommandInput{Ref: b.Ref, Command: casetest.Command(kind)}, nil)
}

func (b *bench) shop() contract.CollectInput {
	return contract.CollectInput{Ref: b.Ref, Round: 1, System: b.Shop.ID}
}

// begun begins a case and its first round.
func (b *bench) begun() {
	b.t.Helper()
	b.command(contract.Begin)
	var runs []contract.Run
	b.must(contract.ActivityRound, b.shop(), &runs)
	require.NotEmpty(b.t, runs)
}

// delivered goes from the collected data to the bytes that the person gets.
func (b *bench) delivered() *zip.Reader {
	b.t.Helper()
	b.command(contract.FinishCollection)
	b.command(contract.Approve)
	b.must(contract.ActivityPackage, b.shop(), nil)
	b.command(contract.FinishPackage)
	b.command(contract.Deliver)
	body := b.Fetch()
	archive, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	require.NoError(b.t, err)
	return archive
}

func read(t *testing.T, archive *zip.Reader, suffix string) []byte {
	t.Helper()
	for _, file := range archive.File {
		if !strings.HasSuffix(file.Name, suffix) {
			continue
		}
		content, err := file.Open()
		require.NoError(t, err)
		defer content.Close()
		data, err := io.ReadAll(content)
		require.NoError(t, err)
		return data
	}
	t.Fatalf("the package has no file %s", suffix)
	return nil
}

func manifestOf(t *testing.T, archive *zip.Reader) (m packaging.Manifest) {
	t.Helper()
	require.NoError(t, json.Unmarshal(read(t, archive, packaging.ManifestName), &m))
	return m
}

func (b *bench) run() (run storage.Run, parts []storage.Part) {
	b.t.Helper()
	b.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		if run, err = tx.RunOn(ctx, b.Ref.Case, 1, b.Shop.ID); err != nil {
			return err
		}
		parts, err = tx.Parts(ctx, run.ID)
		return err
	})
	return run, parts
}

// Many orders make several parts of five thousand.
const many = 23_000

// A worker that dies between two parts leaves what it put away. The next one goes on behind it: each row is in the answer
// once.
func TestCollectionGoesOnBehindTheLastPart(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Shop.Stock(b.Person, many)
	b.begun()
	for tries := 0; ; tries++ {
		_, before := b.run()
		ctx, die := context.WithCancel(t.Context())
		watched := make(chan struct{})
		go func() {
			defer close(watched)
			for ctx.Err() == nil {
				if _, now := b.run(); len(now) > len(before) {
					die()
				}
			}
		}()
		err := b.try(ctx, contract.ActivityCollect, b.shop(), nil)
		die()
		<-watched
		if err == nil {
			require.Positive(t, tries, "the first try was to die")
			break
		}
	}
	run, parts := b.run()
	total := int64(2 + casetest.Orders + many)
	require.Equal(t, storage.RunDone, run.State)
	require.Equal(t, total, run.Rows)
	require.Equal(t, total, *run.RowsTotal, "the figure of progress counts the same rows")
	var rows int64
	for _, part := range parts {
		rows += part.Rows
	}
	require.Equal(t, total, rows)

	archive := b.delivered()
	require.Equal(t, total, manifestOf(t, archive).Rows)
	lines := strings.Split(strings.TrimSpace(string(read(t, archive, "orders.csv"))), "\n")
	seen := map[string]bool{}
	for _, line := range lines[1:] {
		id, _, _ := strings.Cut(line, ",")
		require.False(t, seen[id], "order %s twice", id)
		seen[id] = true
	}
	require.Len(t, seen, casetest.Orders+many)
}

// A table that vanishes while it is read is told in a sentence that names it, and what was read before stays.
func TestTableThatVanishedIsNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begun()
	b.Shop.Exec("DROP TABLE orders")
	err := b.try(t.Context(), contract.ActivityCollect, b.shop(), nil)
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.Equal(t, contract.ErrorSystem, app.Type())
	require.True(t, app.NonRetryable())
	require.Contains(t, app.Error(), "orders")
	require.NotContains(t, app.Error(), b.Person.Email)
}

// What is wrong with a system's address is an answer to the question, with what to do, and no part of the address's secret.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	check := contract.CheckInput{Tenant: b.Tenant, System: b.Shop.ID, Case: &b.Ref.Case}
	var result contract.CheckResult
	b.Shop.Move("postgres://nobody:secretword@127.0.0.1:1/nothing")
	b.must(contract.ActivityCheck, check, &result)
	require.Len(t, result.Findings, 1)
	require.NotEmpty(t, result.Findings[0].Do)
	require.NotContains(t, result.Findings[0].What, "secretword")
}

// The lists of a system are tried with it: what keeps anybody from being put there is known before somebody objects.
func TestCheckTriesLists(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Shop.Listing()
	check := contract.CheckInput{Tenant: b.Tenant, System: b.Shop.ID}
	var result contract.CheckResult
	b.must(contract.ActivityCheck, check, &result)
	require.Len(t, result.Findings, 1, "the role is the owner of all, and the lists are as they have to be")
	b.Shop.Exec(`ALTER TABLE do_not_contact ALTER since DROP DEFAULT`)
	b.Shop.Exec(`ALTER TABLE frozen RENAME TO cold`)
	b.must(contract.ActivityCheck, check, &result)
	var said []string
	for _, f := range result.Findings {
		said = append(said, f.Where+": "+f.What)
	}
	require.Contains(t, said, `shop.do_not_contact: an entry on the list has to have values of which Docket knows none: "since"`)
	require.Contains(t, said, "shop.frozen: the table is gone")
}

// A value that is too long for the answer is named in it, with its length.
func TestOversizeValueIsReported(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Shop.Exec("UPDATE orders SET item = repeat('x', 17 * 1024 * 1024) WHERE id = (SELECT min(id) FROM orders)")
	b.begun()
	b.must(contract.ActivityCollect, b.shop(), nil)
	require.EqualValues(t, 1, manifestOf(t, b.delivered()).OversizeValues)
}

// A package that is built again, because its worker died after writing it, is the same to the last byte of its manifest.
func TestPackageBuiltAgainHasTheSameManifest(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begun()
	b.must(contract.ActivityCollect, b.shop(), nil)
	b.command(contract.FinishCollection)
	b.command(contract.Approve)
	b.must(contract.ActivityPackage, b.shop(), nil)
	first := b.Packages()[0]
	owner := b.Register.Owner(t)
	for _, statement := range []string{
		"SET session_replication_role = replica",
		`UPDATE packages SET state = 'building', sha256 = NULL, bytes = NULL, files = NULL, rows = NULL, manifest_sha256 = NULL,
			ready_at = NULL, expires_at = NULL`,
	} {
		_, err := owner.Exec(t.Context(), statement)
		require.NoError(t, err)
	}
	b.Clock.(*clockwork.FakeClock).Advance(time.Hour)
	var again contract.PackageInput
	b.must(contract.ActivityPackage, b.shop(), &again)
	second := b.Packages()[0]
	require.Equal(t, first.ManifestSha256, second.ManifestSha256)
	require.Equal(t, first.ID, again.Package)
	require.Equal(t, *first.ExpiresAt, *second.ExpiresAt)
}

// The shop knows a customer by the number of a contact in the other system, which has another address: the answer follows
// that reference across the two systems.
func TestCollectionFollowsKeysAcrossSystems(t *testing.T) {
	t.Parallel()
	b := newBench(t, func(n *casework.NewRequest) {
		n.Person = storage.Person{Name: sample.DemoName, Email: sample.DemoEmail}
	})
	admin := localtest.Stack(t).PostgresAdminDSN
	prefix := "cross_" + strings.ReplaceAll(b.Ref.Case.String(), "-", "")
	loaded, err := sample.LoadAs(t.Context(), admin, prefix, 7, 40)
	require.NoError(t, err)
	t.Cleanup(func() { dropSample(t, admin, prefix) })
	ids := map[string]contract.CollectInput{}
	b.Change(func(ctx context.Context, tx *storage.Tx) error {
		for _, s := range []sample.System{loaded.CRM, loaded.Shop} {
			id, err := tx.AddSystem(ctx, storage.System{Key: s.Key, Name: s.Key, Kind: "postgres", Target: s.ReadDSN, Declaration: string(s.DeclarationYAML)})
			if err != nil {
				return err
			}
			ids[s.Key] = contract.CollectInput{Ref: b.Ref, Round: 1, System: id}
			for _, d := range s.Datasets {
				if err := tx.SaveDataset(ctx, id, d.Key, string(s.DatasetYAML)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	b.begun()
	b.must(contract.ActivityCollect, b.shop(), nil)
	b.must(contract.ActivityCollect, ids[sample.CRM], nil)
	b.must(contract.ActivityCollect, ids[sample.Shop], nil)
	require.Contains(t, string(read(t, b.delivered(), "contacts.csv")), sample.DemoOldEmail)
}

func dropSample(t *testing.T, admin, prefix string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, admin)
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(ctx)) }()
	for _, name := range []string{prefix + "_crm", prefix + "_shop"} {
		_, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
		require.NoError(t, err)
		_, err = conn.Exec(ctx, "DROP ROLE IF EXISTS "+name+"_reader")
		require.NoError(t, err)
	}
}

// A try that begins when another has built the package and it was handed over changes nothing.
func TestBuildAfterTheDeliveryChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begun()
	b.must(contract.ActivityCollect, b.shop(), nil)
	b.command(contract.FinishCollection)
	b.command(contract.Approve)
	b.must(contract.ActivityPackage, b.shop(), nil)
	key := b.Packages()[0].ObjectKey
	b.command(contract.FinishPackage)
	b.command(contract.Deliver)
	b.must(contract.ActivityPackage, b.shop(), nil)
	require.Equal(t, []string{key}, b.Stored("/packages/"))
	require.NotEmpty(t, b.Fetch())
}

// A build that begins when the request has ended, and may have been tidied up already, leaves nothing behind.
func TestBuildAfterTheEndBeginsNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.begun()
	b.must(contract.ActivityCollect, b.shop(), nil)
	b.command(contract.FinishCollection)
	b.command(contract.Approve)
	b.command(contract.Withdraw)
	b.must(contract.ActivityTidy, b.Ref, nil)
	err := b.try(t.Context(), contract.ActivityPackage, b.shop(), nil)
	var app *temporal.ApplicationError
	require.ErrorAs(t, err, &app)
	require.Equal(t, contract.ErrorRule, app.Type())
	require.True(t, app.NonRetryable())
	require.Empty(t, b.Packages())
	require.Empty(t, b.Stored("/packages/"))
}
