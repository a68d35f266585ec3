// Package storage is the register: the only code that speaks SQL. Every change is one transaction of one tenant under
// row-level security, and personal data goes in and out of it sealed.
package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jonboulle/clockwork"
	pgxuuid "github.com/vgarvardt/pgx-google-uuid/v5"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

var (
	// ErrNotFound says that the tenant has no such row. It is also the answer to asking for another tenant's.
	ErrNotFound = errors.New("not found")
	// ErrExists says that a row with the same name is already there.
	ErrExists = errors.New("already exists")
	// ErrConflict says that the row has changed since it was read: read again and decide again.
	ErrConflict = errors.New("changed by someone else meanwhile; read it again")
)

// DB is the register. It is safe for concurrent use.
type DB struct {
	pool   *pgxpool.Pool
	master *seal.Master
	clock  clockwork.Clock

	mu    sync.Mutex
	keys  map[uuid.UUID]cachedTenant
	known map[[sha256.Size]byte]APIKey
	// accounts is the key of the accounts, once it was asked for.
	accounts *seal.AccountKeys
}

type cachedTenant struct {
	tenant Tenant
	until  time.Time
}

// tenantCacheTime bounds how long a rotated key or a changed setting takes to be seen by every process.
const tenantCacheTime = 10 * time.Second

// Options are what a register needs besides its address.
type Options struct {
	Master *seal.Master
	Clock  clockwork.Clock
	// MaxConnections is the size of the pool; zero leaves it to the driver.
	MaxConnections int32
}

// Open connects to the register as the application: every connection takes the role docket_app. It refuses a role that
// row-level security would not bind.
func Open(ctx context.Context, dsn string, opts Options) (*DB, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the register's address: %w", err)
	}
	if opts.MaxConnections > 0 {
		config.MaxConns = opts.MaxConnections
	}
	config.ConnConfig.RuntimeParams["application_name"] = "docket"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.AfterConnect = becomeApplication
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the register: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach the register: %w", err)
	}
	return &DB{pool: pool, master: opts.Master, clock: opts.Clock, keys: map[uuid.UUID]cachedTenant{}, known: map[[sha256.Size]byte]APIKey{}}, nil
}

// Close gives the connections back.
func (d *DB) Close() { d.pool.Close() }

// Ping says whether the register answers.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.pool.Ping(ctx); err != nil {
		return fmt.Errorf("reach the register: %w", err)
	}
	return nil
}

func becomeApplication(ctx context.Context, conn *pgx.Conn) error {
	// Times come back in UTC, whatever the machine's zone: they are compared with, and written beside, those of the clock.
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	pgxuuid.Register(conn.TypeMap()) // without it an id goes over as text, and is read on both sides
	if _, err := conn.Exec(ctx, "SET ROLE docket_app"); err != nil {
		return fmt.Errorf("act as docket_app (run 'docket migrate' and grant docket_app to the login): %w", err)
	}
	var bypass bool
	err := conn.QueryRow(ctx, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user").Scan(&bypass)
	if err != nil {
		return fmt.Errorf("check the role: %w", err)
	}
	if bypass {
		return errors.New("the role docket_app bypasses row-level security; alter it to NOSUPERUSER NOBYPASSRLS")
	}
	return nil
}

// Tx is one transaction of one tenant.
type Tx struct {
	q *db.Queries
	// later takes statements of which nobody asks how many rows they found, sure those that must find one: both travel
	// with the next question or the commit, and their errors come with it.
	later, sure *db.Queries
	// owed are the obligations of the case that was asked about last, as long as nothing has changed them.
	owed map[uuid.UUID][]Obligation
	// events are the audit events of the transaction that are not written yet.
	events   db.InsertAuditEventsParams
	pipeline *pipeline
	db       *DB

	tenant Tenant
	// stale says that what is known of the tenant beside the transaction is old once it ends.
	stale bool
	actor audit.Actor
	now   time.Time
}

// Now is the time of the transaction: every row it writes carries it.
func (t *Tx) Now() time.Time { return t.now }

// Tenant is whose transaction it is.
func (t *Tx) Tenant() Tenant { return t.tenant }

// Actor is who acts.
func (t *Tx) Actor() audit.Actor { return t.actor }

// Change runs do in one transaction of the tenant, as the actor. All of it is kept, or nothing. do may run twice: a
// transaction that met a key newer than this process knew of is undone and repeated with the keys of now.
func (d *DB) Change(ctx context.Context, tenant uuid.UUID, actor audit.Actor, do func(context.Context, *Tx) error) error {
	return d.run(ctx, pgx.TxOptions{}, tenant, actor, do)
}

// Read runs do in a transaction that sees one snapshot and cannot write.
func (d *DB) Read(ctx context.Context, tenant uuid.UUID, do func(context.Context, *Tx) error) error {
	return d.run(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead}, tenant, audit.Actor{}, do)
}

func (d *DB) run(ctx context.Context, opts pgx.TxOptions, id uuid.UUID, actor audit.Actor, do func(context.Context, *Tx) error) error {
	tenant, err := d.tenant(ctx, id)
	if err != nil {
		return err
	}
	err = d.runWith(ctx, opts, tenant, actor, do)
	if !errors.Is(err, seal.ErrOpen) {
		return err
	}
	// Another process may have rotated the tenant's keys a moment ago.
	d.ForgetTenant(id)
	fresh, readErr := d.tenant(ctx, id)
	if readErr != nil || bytes.Equal(fresh.wrapped, tenant.wrapped) {
		return err
	}
	return d.runWith(ctx, opts, fresh, actor, do)
}

func (d *DB) runWith(ctx context.Context, opts pgx.TxOptions, tenant Tenant, actor audit.Actor, do func(context.Context, *Tx) error) error {
	stale := false
	err := d.inTenant(ctx, opts, tenant.ID, func(tx *Tx) error {
		tx.tenant, tx.actor = tenant, actor
		if err := tx.underClaim(ctx); err != nil {
			return err
		}
		err := do(ctx, tx)
		stale = tx.stale
		return err
	})
	if stale {
		d.ForgetTenant(tenant.ID)
	}
	return err
}

// inTenant opens the transaction and names the tenant in it; without that no row is visible. Of the tenant the
// transaction knows no more than the id.
func (d *DB) inTenant(ctx context.Context, opts pgx.TxOptions, id uuid.UUID, do func(*Tx) error) error {
	err := d.inAll(ctx, opts, func(tx *Tx) error {
		if err := tx.enter(ctx, id); err != nil {
			return err
		}
		return do(tx)
	})
	return translate(err)
}

// inAll opens a transaction that has no tenant yet, and so sees nobody's rows.
func (d *DB) inAll(ctx context.Context, opts pgx.TxOptions, do func(*Tx) error) error {
	return inTransaction(ctx, d.pool, opts, func(p *pipeline) error {
		tx := &Tx{
			q: db.New(p), later: db.New(deferred{pipeline: p}), sure: db.New(deferred{pipeline: p, check: hit}), pipeline: p, now: d.now(), db: d,
		}
		if err := do(tx); err != nil {
			return err
		}
		return tx.writeEvents(ctx)
	})
}

// Last says that the transaction has one more question and no more after it: what was done so far is kept with the
// answer, in the same exchange. It stays even when the API key behind the transaction's claim has ended and the caller is refused,
// so it is for the record of who asked, and for nothing else.
func (t *Tx) Last(ctx context.Context) error {
	if err := t.writeEvents(ctx); err != nil {
		return err
	}
	t.pipeline.last = t.pipeline.implied()
	return nil
}

// enter names the tenant whose rows the transaction sees from now on.
func (t *Tx) enter(ctx context.Context, id uuid.UUID) error {
	if err := t.writeEvents(ctx); err != nil { // those of the tenant before
		return err
	}
	t.tenant = Tenant{ID: id}
	return nameTenant(ctx, t.later, id)
}

// nameTenant says whose rows the transaction sees from now on.
func nameTenant(ctx context.Context, q *db.Queries, id uuid.UUID) error {
	if err := q.SetTenant(ctx, id.String()); err != nil {
		return fmt.Errorf("name the tenant: %w", err)
	}
	return nil
}

// now has the precision of the register, so that a time read back equals the time written.
func (d *DB) now() time.Time { return d.clock.Now().UTC().Truncate(time.Microsecond) }

// translate gives the errors callers decide on their names; the driver's own text stays behind it for the log, and it
// never carries a row's values.
func translate(err error) error {
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("%w", ErrNotFound)
	case errors.As(err, &pg) && pg.Code == uniqueViolation:
		return fmt.Errorf("%s: %w", pg.ConstraintName, ErrExists)
	case errors.As(err, &pg) && (pg.Code == serializationFailure || pg.Code == deadlockDetected):
		return fmt.Errorf("%w", ErrConflict)
	case unavailable(err) && !errors.Is(err, ErrUnavailable):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	default:
		return err
	}
}

// SQLSTATE codes of PostgreSQL that callers decide on.
const (
	uniqueViolation      = "23505"
	serializationFailure = "40001"
	deadlockDetected     = "40P01"
)

// one turns "how many rows changed" into an error when it is none.
func one(rows int64, err error) error {
	if err != nil {
		return err
	}
	if rows == 0 {
		return ErrNotFound
	}
	return nil
}

// newID makes a row's id. Version 7 ids sort by time, which keeps index pages together.
func newID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
