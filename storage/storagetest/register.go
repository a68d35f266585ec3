// Package storagetest gives tests a register of their own: a fresh, migrated database on the test stack's PostgreSQL, a
// login that is bound by row-level security, a new master key and a clock that only the test moves.
package storagetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/migrations"
)

// cleanupTime bounds what is tidied up after a test, when its own context is gone.
const cleanupTime = 30 * time.Second

// Start is where the clock of a register stands at first: a Monday morning, in no country a holiday.
func Start() time.Time { return time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC) }

// Register is a register of the test's own with everything that opens it.
type Register struct {
	DB    *storage.DB
	Clock *clockwork.FakeClock
	// OwnerDSN is the superuser's URL on the database, for looking behind the application's back.
	OwnerDSN string
	// DSN is the URL that server and worker sign in with.
	DSN string
	// MasterURI names the file of the master key, Master is that key opened.
	MasterURI string
	Master    *seal.Master
}

// Option changes how a register is made.
type Option func(*options)

type options struct {
	clock       *clockwork.FakeClock
	connections int32
}

// WithClock has the register go by the clock of the test.
func WithClock(clock *clockwork.FakeClock) Option { return func(o *options) { o.clock = clock } }

// WithConnections sets the size of the pool, for tests with many transactions at the same time.
func WithConnections(n int32) Option { return func(o *options) { o.connections = n } }

// Open is New for tests that need nothing but the register.
func Open(t testing.TB, opts ...Option) *storage.DB {
	t.Helper()
	return New(t, opts...).DB
}

// New makes a register. It is closed and dropped when the test ends.
func New(t testing.TB, opts ...Option) *Register {
	t.Helper()
	o := options{connections: 8}
	for _, apply := range opts {
		apply(&o)
	}
	if o.clock == nil {
		o.clock = clockwork.NewFakeClockAt(Start())
	}
	r := &Register{Clock: o.clock, OwnerDSN: localtest.Database(t, Template(t))}
	r.MasterURI = NewMaster(t)
	var err error
	r.Master, err = seal.OpenMaster(t.Context(), r.MasterURI)
	require.NoError(t, err)
	r.DSN = Login(t, r.OwnerDSN)
	r.DB = r.Reopen(t, r.Master, storage.Options{MaxConnections: o.connections})
	_, err = r.DB.AccountKeys(t.Context())
	require.NoError(t, err)
	return r
}

// Reopen opens the register once more, as another process would, with a master key of the test's choice.
func (r *Register) Reopen(t testing.TB, master *seal.Master, opts storage.Options) *storage.DB {
	t.Helper()
	opts.Master, opts.Clock = master, r.Clock
	db, err := storage.Open(t.Context(), r.DSN, opts)
	require.NoError(t, err)
	t.Cleanup(db.Close)
	return db
}

// Owner connects as the superuser, whom row-level security does not bind.
func (r *Register) Owner(t testing.TB) *pgx.Conn {
	t.Helper()
	return Connect(t, r.OwnerDSN)
}

// Connect opens a connection that ends with the test.
func Connect(t testing.TB, dsn string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), dsn)
	require.NoError(t, err)
	t.Cleanup(func() { afterwards(t, conn.Close) })
	return conn
}

// Template is the migrated database that registers are clones of. Its name holds a hash of the migrations, so that a
// changed migration makes another.
func Template(t testing.TB) localtest.Template {
	t.Helper()
	hash := sha256.New()
	names, err := fs.Glob(migrations.Files, "*.sql")
	require.NoError(t, err)
	for _, name := range names {
		text, err := fs.ReadFile(migrations.Files, name)
		require.NoError(t, err)
		_, err = hash.Write(append([]byte(name), text...))
		require.NoError(t, err)
	}
	return localtest.Template{Name: "register_" + hex.EncodeToString(hash.Sum(nil)[:8]), Migrate: storage.Migrate}
}

// NewMaster makes a master key in a folder of the test's and gives its URI.
func NewMaster(t testing.TB) (uri string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "master.key")
	require.NoError(t, seal.CreateMasterFile(path))
	return "file://" + path
}

// Login makes a role that signs in to the database and acts as docket_app, and gives its URL. Roles belong to the whole
// server, so each database has one of its own, dropped with it.
func Login(t testing.TB, ownerDSN string) (dsn string) {
	t.Helper()
	name, password := "app_"+strings.ToLower(rand.Text()[:16]), rand.Text()
	require.NoError(t, storage.CreateLogin(t.Context(), ownerDSN, name, password))
	t.Cleanup(func() {
		afterwards(t, func(ctx context.Context) error { return execute(ctx, ownerDSN, "DROP ROLE "+name) })
	})
	u, err := url.Parse(ownerDSN)
	require.NoError(t, err)
	u.User = url.UserPassword(name, password)
	return u.String()
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

func afterwards(t testing.TB, do func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
	defer cancel()
	require.NoError(t, do(ctx))
}
