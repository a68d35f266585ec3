package storage

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// ErrRestoring says that a restore of this register has not ended.
var ErrRestoring = errors.New("a restore of this register broke off: run the same docket restore again, it goes on where it stopped")

// Whole says whether the register is all there; ErrRestoring when a restore broke off.
func (d *DB) Whole(ctx context.Context) error {
	var broken bool
	err := d.pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM restores WHERE finished_at IS NULL)").Scan(&broken)
	if err != nil {
		return fmt.Errorf("look for a restore that broke off (run 'docket migrate' if the schema is older): %w", err)
	}
	if broken {
		return ErrRestoring
	}
	return nil
}

// Table is what a backup holds of one table: some of its columns, and how many rows.
type Table struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
	Rows    int64    `json:"rows"`
}

// Snapshot is the register at one moment. It is read as the application, tenant by tenant, so that a backup needs no
// login that row-level security does not bind.
type Snapshot struct {
	Taken   time.Time
	Schema  int64
	Tenants []uuid.UUID

	tx       pgx.Tx
	tables   []Table
	global   map[string]bool // tables whose rows belong to no tenant
	personal map[string]bool // tables whose rows belong to an account
	accounts []uuid.UUID
}

// Snapshot runs do while the register is held still for it; others go on working.
func (d *DB) Snapshot(ctx context.Context, do func(*Snapshot) error) error {
	opts := pgx.TxOptions{AccessMode: pgx.ReadOnly, IsoLevel: pgx.RepeatableRead}
	return pgx.BeginTxFunc(ctx, d.pool, opts, func(tx pgx.Tx) error {
		s := &Snapshot{Taken: d.now(), tx: tx, global: map[string]bool{}, personal: map[string]bool{}}
		if err := s.survey(ctx); err != nil {
			return err
		}
		return do(s)
	})
}

// survey learns what there is to read.
func (s *Snapshot) survey(ctx context.Context) (err error) {
	if s.Tenants, err = db.New(s.tx).TenantIDs(ctx); err != nil {
		return fmt.Errorf("list the tenants: %w", err)
	}
	if s.Schema, err = schemaVersion(ctx, s.tx); err != nil {
		return err
	}
	if s.tables, err = tablesOf(ctx, s.tx); err != nil {
		return err
	}
	for _, t := range s.tables {
		ofTenant := t.Name == "tenants" || slices.Contains(t.Columns, "tenant_id")
		s.personal[t.Name] = t.Name == "accounts" || (!ofTenant && slices.Contains(t.Columns, "account_id"))
		s.global[t.Name] = !ofTenant && !s.personal[t.Name]
	}
	return s.findAccounts(ctx)
}

// findAccounts collects the accounts by their memberships, of which every account has one: nothing lists them.
func (s *Snapshot) findAccounts(ctx context.Context) error {
	seen := map[uuid.UUID]bool{}
	for _, tenant := range s.Tenants {
		q := db.New(s.tx)
		if err := nameTenant(ctx, q, tenant); err != nil {
			return err
		}
		ids, err := q.StaffAccounts(ctx, tenant)
		if err != nil {
			return fmt.Errorf("read who has an account: %w", err)
		}
		for _, id := range ids {
			if id != nil && !seen[*id] {
				seen[*id], s.accounts = true, append(s.accounts, *id)
			}
		}
	}
	return nil
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func schemaVersion(ctx context.Context, q querier) (version int64, err error) {
	const newest = "SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied"
	if err := q.QueryRow(ctx, newest).Scan(&version); err != nil {
		return 0, fmt.Errorf("read the schema's version: %w", err)
	}
	return version, nil
}

// tablesOf lists the tables of the schema with all of their columns.
func tablesOf(ctx context.Context, q querier) ([]Table, error) {
	rows, err := q.Query(ctx, `SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
		FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
		AND c.relname <> 'goose_db_version' GROUP BY c.relname ORDER BY c.relname`)
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	tables, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (t Table, err error) {
		return t, row.Scan(&t.Name, &t.Columns)
	})
	if err != nil {
		return nil, fmt.Errorf("list the tables: %w", err)
	}
	return tables, nil
}

// Register lists the tables with everything but wrapped keys.
func (s *Snapshot) Register() []Table { return registerTables(s.tables) }

func registerTables(all []Table) (tables []Table) {
	for _, t := range all {
		if t.Name == installationKeys {
			continue
		}
		if keys, ok := keysOf(t.Name); ok {
			t.Columns = slices.DeleteFunc(slices.Clone(t.Columns), func(c string) bool { return slices.Contains(keys.keys, c) })
		}
		tables = append(tables, t)
	}
	return tables
}

// Keys lists the tables with the wrapped keys, and what says whose they are.
func (s *Snapshot) Keys() []Table { return keyTablesOf(s.tables) }

func keyTablesOf(all []Table) (tables []Table) {
	for _, t := range all {
		keys, ok := keysOf(t.Name)
		switch {
		case t.Name == installationKeys:
			tables = append(tables, t)
		case ok:
			t.Columns = append([]string{keys.id}, keys.keys...)
			if keys.told != "" {
				t.Columns = append(t.Columns, keys.told)
			}
			tables = append(tables, t)
		}
	}
	return tables
}

// Copy writes the rows of a table in the text format of COPY, and counts them.
func (s *Snapshot) Copy(ctx context.Context, t Table, w io.Writer) (rows int64, err error) {
	statement := fmt.Sprintf("COPY (SELECT %s FROM %s) TO STDOUT", columnList(t.Columns), quoted(t.Name))
	if s.global[t.Name] {
		return s.copy(ctx, statement, w)
	}
	owners, name := s.Tenants, nameTenant
	if s.personal[t.Name] {
		owners, name = s.accounts, nameAccount
	}
	for _, owner := range owners {
		if err := name(ctx, db.New(s.tx), owner); err != nil {
			return rows, err
		}
		n, err := s.copy(ctx, statement, w)
		if err != nil {
			return rows, fmt.Errorf("read the table %s: %w", t.Name, err)
		}
		rows += n
	}
	return rows, nil
}

func (s *Snapshot) copy(ctx context.Context, statement string, w io.Writer) (int64, error) {
	tag, err := s.tx.Conn().PgConn().CopyTo(ctx, w, statement)
	return tag.RowsAffected(), err
}

// Log reads a tenant's audit log as it stood at the moment of the snapshot.
func (s *Snapshot) Log(tenant uuid.UUID, verifier string) *LogReader {
	return &LogReader{tenant: tenant, verifier: verifier, read: func(ctx context.Context, do func(*db.Queries) error) error {
		q := db.New(s.tx)
		if err := nameTenant(ctx, q, tenant); err != nil {
			return err
		}
		return translate(do(q))
	}}
}

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

// columnList writes columns behind each other.
func columnList(columns []string) string {
	list := make([]string, len(columns))
	for i, c := range columns {
		list[i] = quoted(c)
	}
	return strings.Join(list, ", ")
}
