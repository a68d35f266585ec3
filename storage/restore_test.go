package storage_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// saved is a register in memory, with its keys apart.
type saved struct {
	storage.Backup
	rows, keys map[string][]byte
}

func save(t *testing.T, db *storage.DB) saved {
	t.Helper()
	s := saved{rows: map[string][]byte{}, keys: map[string][]byte{}}
	name := sha256.Sum256([]byte(uuid.NewString()))
	s.Manifest = name[:]
	require.NoError(t, db.Snapshot(t.Context(), func(snapshot *storage.Snapshot) error {
		s.Taken, s.Schema = snapshot.Taken, snapshot.Schema
		s.Register = copied(t, snapshot, snapshot.Register(), s.rows)
		s.Keys = copied(t, snapshot, snapshot.Keys(), s.keys)
		return nil
	}))
	s.Open, s.OpenKeys = opened(s.rows), opened(s.keys)
	return s
}

func copied(t *testing.T, snapshot *storage.Snapshot, tables []storage.Table, into map[string][]byte) []storage.Table {
	t.Helper()
	for i := range tables {
		var out bytes.Buffer
		var err error
		tables[i].Rows, err = snapshot.Copy(t.Context(), tables[i], &out)
		require.NoError(t, err)
		into[tables[i].Name] = out.Bytes()
	}
	return tables
}

func opened(tables map[string][]byte) func(string) (io.ReadCloser, error) {
	return func(name string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(tables[name])), nil }
}

// withKeysOf gives the register of one backup the keys of another.
func (s saved) withKeysOf(newer saved) storage.Backup {
	s.Keys, s.OpenKeys = newer.Keys, newer.OpenKeys
	return s.Backup
}

func load(t *testing.T, owner string, b storage.Backup) storage.Gone {
	t.Helper()
	require.NoError(t, storage.MigrateTo(t.Context(), owner, b.Schema))
	gone, err := storage.Load(t.Context(), owner, b, storagetest.Start())
	require.NoError(t, err)
	return gone
}

func noObjects(func(string, error) bool) {}

func finish(t *testing.T, owner string, b storage.Backup, objects iter.Seq2[string, error]) storage.Rearmed {
	t.Helper()
	rearmed, err := storage.Finish(t.Context(), owner, b.Manifest, objects, casework.System("restore"), storagetest.Start())
	require.NoError(t, err)
	return rearmed
}

// asSuperuser is the superuser's URL on the same database.
func asSuperuser(t *testing.T, dsn string) string {
	t.Helper()
	admin, err := url.Parse(localtest.Stack(t).PostgresAdminDSN)
	require.NoError(t, err)
	u, err := url.Parse(dsn)
	require.NoError(t, err)
	u.User = admin.User
	return u.String()
}

// Every row of every table of every tenant comes back as it was, the keys joined to their rows again; and what binds the
// tables binds them again. It works for the superuser and for an owner whom row-level security binds.
func TestEveryRowComesBack(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenants := []uuid.UUID{storagetest.Tenant(t, r.DB), storagetest.Tenant(t, r.DB)}
	for _, tenant := range tenants {
		storagetest.Fill(t, r.DB, tenant)
	}
	backup := save(t, r.DB)
	for name, database := range roles() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner := database(t)
			require.NoError(t, storage.Migrate(t.Context(), owner))
			schema := dump(t, asSuperuser(t, owner))
			require.Zero(t, load(t, owner, backup.Backup))
			superuser := storagetest.Connect(t, asSuperuser(t, owner))
			for _, tenant := range tenants {
				before := storagetest.Snapshot(t, r.Owner(t), tenant)
				require.Greater(t, len(before), 30)
				require.Equal(t, before, storagetest.Snapshot(t, superuser, tenant))
			}
			require.Equal(t, accountRows(t, r.Owner(t)), accountRows(t, superuser))
			require.Equal(t, schema, dump(t, asSuperuser(t, owner)), "row-level security binds again")
			var loose int
			require.NoError(t, superuser.QueryRow(t.Context(), "SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'").Scan(&loose))
			require.Zero(t, loose, "triggers bind again")

			db := reopened(t, r, owner)
			examined(t, owner, backup, storage.TargetLoaded, storage.ErrInUse)
			left(t, db, superuser)
			examined(t, owner, backup, storage.TargetLoaded, nil)
			require.EqualValues(t, 4, finish(t, owner, backup.Backup, noObjects).Cases)
			examined(t, owner, backup, storage.TargetDone, nil)
		})
	}
}

// accountRows sums up the rows of every account, table by table; there are some in each.
func accountRows(t *testing.T, superuser *pgx.Conn) map[string]string {
	t.Helper()
	sums := map[string]string{}
	for _, table := range accountTables() {
		var sum string
		require.NoError(t, superuser.QueryRow(t.Context(), "SELECT coalesce(md5(string_agg(x::text, '|' ORDER BY x::text)), '') FROM "+table+" x").Scan(&sum))
		require.NotEmpty(t, sum, table)
		sums[table] = sum
	}
	return sums
}

// The part that holds everything else holds no wrapped key, in no form, and every column of keys is known.
func TestKeysAreKeptApart(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	storagetest.Fill(t, r.DB, tenant)
	_, err := r.DB.InstallationKey(t.Context(), "codec", func() ([]byte, error) { return []byte("installation's own"), nil })
	require.NoError(t, err)
	keys := wrappedKeys(t, r)
	require.Greater(t, len(keys), 5)
	keys["installation"] = []byte("installation's own")
	var own []byte
	require.NoError(t, r.Owner(t).QueryRow(t.Context(), "SELECT wrapped_key FROM tenants").Scan(&own))
	keys["tenant"] = own
	backup := save(t, r.DB)
	for name, key := range keys {
		for table, rows := range backup.rows {
			require.NotContains(t, string(rows), hex.EncodeToString(key), "%s stands in %s", name, table)
		}
		found := false
		for _, rows := range backup.keys {
			found = found || bytes.Contains(rows, []byte(hex.EncodeToString(key)))
		}
		require.True(t, found, "%s is among the keys", name)
	}
}

// destroyAll takes every key away that can be destroyed, as retention and the end of cases do.
func destroyAll(t *testing.T, owner *pgx.Conn) {
	t.Helper()
	for _, statement := range []string{
		"UPDATE subjects SET wrapped_key = NULL, destroyed_at = '2026-03-03'",
		"UPDATE packages SET wrapped_key = NULL, destroyed_at = '2026-03-03', state = 'destroyed'",
		"UPDATE identity_documents SET wrapped_key = NULL, destroyed_at = '2026-03-03'",
		"UPDATE task_attachments SET wrapped_key = NULL, destroyed_at = '2026-03-03'",
		"UPDATE collection_runs SET key_wrapped = NULL",
		"UPDATE inquiry_files SET wrapped_key = NULL",
		"UPDATE sent_documents SET wrapped_key = NULL, destroyed_at = '2026-03-03'",
		"UPDATE consent_people SET wrapped_key = NULL, blind_index = NULL, value_sealed = NULL, destroyed_at = '2026-03-03'",
		"UPDATE consent_imports SET wrapped_key = NULL",
	} {
		run(t, owner, statement)
	}
}

// An old register with the newest keys: whoever was forgotten since stays forgotten, is found by nothing, and what was
// destroyed since says so. With its own keys the same backup would bring everything back.
func TestWhatWasDestroyedSinceStaysDestroyed(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	filled := storagetest.Fill(t, r.DB, tenant)
	old := save(t, r.DB)
	destroyAll(t, r.Owner(t))
	newest := save(t, r.DB)

	owner := localtest.Database(t)
	gone := load(t, owner, old.withKeysOf(newest))
	require.Equal(t, storage.Gone{Subjects: 2, Runs: 1, Packages: 1, Documents: gone.Documents}, gone)
	db := reopened(t, r, owner)
	storagetest.Read(t, db, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Subject(ctx, filled.Subject)
		require.ErrorIs(t, err, seal.ErrNoKey)
		found, err := tx.SubjectsByEmail(ctx, filled.Person.Email)
		require.NoError(t, err)
		require.Empty(t, found, "nobody is found by an address any more")
		pkg, err := tx.Package(ctx, filled.Package.ID)
		require.NoError(t, err)
		require.Equal(t, storage.PackageDestroyed, pkg.State)
		require.Equal(t, time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC), pkg.DestroyedAt.UTC())
		run, err := tx.RunOn(ctx, filled.Case, 1, filled.System)
		require.NoError(t, err)
		require.Nil(t, run.KeyWrapped)
		_, err = tx.System(ctx, filled.System)
		require.NoError(t, err, "what was not destroyed opens")
		return nil
	})
	var open int
	require.NoError(t, storagetest.Connect(t, owner).QueryRow(t.Context(),
		"SELECT count(*) FROM identity_documents WHERE wrapped_key IS NOT NULL OR destroyed_at IS NULL OR decision IS NULL").Scan(&open))
	require.Zero(t, open, "a document that nobody can read is decided")

	back := localtest.Database(t)
	require.Zero(t, load(t, back, old.Backup))
	storagetest.Read(t, reopened(t, r, back), tenant, func(ctx context.Context, tx *storage.Tx) error {
		requireReadable(t, ctx, tx, filled)
		return nil
	})
}

// reopened opens a restored register as the application, under the master key of the old one.
func reopened(t *testing.T, r *storagetest.Register, owner string) *storage.DB {
	t.Helper()
	db, err := storage.Open(t.Context(), storagetest.Login(t, owner), storage.Options{Master: r.Master, Clock: r.Clock})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

// A restore that broke off between its two steps is told by the register, and gone on with; one that has ended is known.
func TestARestoreIsOnRecord(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	filled := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	backup := save(t, r.DB)
	owner := localtest.Database(t)
	examined(t, owner, backup, storage.TargetEmpty, nil)
	load(t, owner, backup.Backup)
	examined(t, owner, backup, storage.TargetLoaded, nil)
	db := reopened(t, r, owner)
	require.ErrorIs(t, db.Whole(t.Context()), storage.ErrRestoring)
	examined(t, owner, backup, storage.TargetLoaded, storage.ErrInUse)

	rearmed := finish(t, owner, backup.Backup, noObjects)
	require.Equal(t, storage.Rearmed{Cases: 2, Lacking: rearmed.Lacking}, rearmed)
	require.Positive(t, rearmed.Lacking, "the register names objects, and none is there")
	require.NoError(t, db.Whole(t.Context()))
	var pending []storage.Start
	storagetest.Change(t, db, filled.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		pending, err = tx.ClaimStarts(ctx, 10)
		return err
	})
	require.Len(t, pending, 2)
	require.Contains(t, []uuid.UUID{pending[0].CaseID, pending[1].CaseID}, filled.Case)
	storagetest.Read(t, db, filled.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		lines, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1})
		require.NoError(t, err)
		require.Equal(t, audit.RegisterRestored, lines[0].Event.Action)
		require.Equal(t, backup.Manifest, lines[0].Event.Evidence)
		return nil
	})
	_, err := storage.Finish(t.Context(), owner, backup.Manifest, noObjects, casework.System("restore"), storagetest.Start())
	require.ErrorIs(t, err, storage.ErrNotFound, "it ends once")
	left(t, db, storagetest.Connect(t, asSuperuser(t, owner)))
	examined(t, owner, backup, storage.TargetDone, nil)
	examined(t, owner, save(t, r.DB), storage.TargetEmpty, storage.ErrOccupied)
	_, err = storage.Load(t.Context(), owner, save(t, r.DB).Backup, storagetest.Start())
	require.ErrorIs(t, err, storage.ErrOccupied)
}

// A register that is brought back has no link by which others fetch: which were taken back since the backup nobody knows.
func TestARestoreEndsLinksOfOthers(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	filled := storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	backup := save(t, r.DB)
	owner := localtest.Database(t)
	load(t, owner, backup.Backup)
	finish(t, owner, backup.Backup, noObjects)
	db := reopened(t, r, owner)
	storagetest.Read(t, db, filled.Tenant, func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, filled.Subject)
		require.NoError(t, err)
		links, err := tx.TransmissionLinks(ctx, filled.Case, subject)
		require.NoError(t, err)
		require.Len(t, links, 1)
		require.Equal(t, storage.LinkRestored, links[0].Reason)
		lines, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 2})
		require.NoError(t, err)
		require.Contains(t, []audit.Action{lines[0].Event.Action, lines[1].Event.Action}, audit.TransmissionLinkEnded)
		return nil
	})
	var open int
	require.NoError(t, storagetest.Connect(t, owner).QueryRow(t.Context(), "SELECT count(*) FROM transmission_links WHERE token_hash IS NOT NULL").Scan(&open))
	require.Zero(t, open)
}

// left closes a register, and waits until PostgreSQL has noticed: its sessions end a moment behind their connections.
func left(t *testing.T, db *storage.DB, superuser *pgx.Conn) {
	t.Helper()
	db.Close()
	require.Eventually(t, func() bool {
		var connected bool
		err := superuser.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'docket')").Scan(&connected)
		return err == nil && !connected
	}, time.Minute, 10*time.Millisecond)
}

func examined(t *testing.T, owner string, backup saved, want storage.Target, fails error) {
	t.Helper()
	got, err := storage.ExamineTarget(t.Context(), owner, backup.Manifest)
	if fails != nil {
		require.ErrorIs(t, err, fails)
		return
	}
	require.NoError(t, err)
	require.Equal(t, want, got)
}

// What cannot be taken in leaves nothing behind: rows that end early, tables of another shape, keys of somebody else.
func TestALoadIsAllOrNothing(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	storagetest.Fill(t, r.DB, storagetest.Tenant(t, r.DB))
	backup := save(t, r.DB)
	stranger := storagetest.New(t)
	storagetest.Fill(t, stranger.DB, storagetest.Tenant(t, stranger.DB))
	for name, c := range map[string]struct {
		backup func() storage.Backup
		want   error
	}{
		"foreign keys": {func() storage.Backup { return backup.withKeysOf(save(t, stranger.DB)) }, storage.ErrOtherKeys},
		"another shape": {func() storage.Backup {
			b := backup.Backup
			b.Register = append([]storage.Table{{Name: "extra", Columns: []string{"id"}}}, b.Register...)
			return b
		}, storage.ErrOtherShape},
		"a file that breaks off": {func() storage.Backup {
			b := backup.Backup
			b.Open = func(table string) (io.ReadCloser, error) {
				r, err := backup.Open(table)
				if table == "receipts" {
					return nil, errBroken
				}
				return r, err
			}
			return b
		}, errBroken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			owner := localtest.Database(t)
			require.NoError(t, storage.Migrate(t.Context(), owner))
			_, err := storage.Load(t.Context(), owner, c.backup(), storagetest.Start())
			require.ErrorIs(t, err, c.want)
			for table, rows := range everything(t, storagetest.Connect(t, owner)) {
				require.True(t, table == "goose_db_version" || len(bytes.TrimSpace(rows)) == 0, table)
			}
			load(t, owner, backup.Backup)
		})
	}
}

var errBroken = fmt.Errorf("broken: %w", io.ErrUnexpectedEOF)
