package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the database/sql driver goose speaks through
	"github.com/pressly/goose/v3"

	"github.com/privacy-docket/docket/storage/migrations"
)

// Migrate brings the schema of the database to the newest version. dsn is the owner's: migrating is the only thing
// the owner does. Running it twice, or from two processes, changes nothing more.
func Migrate(ctx context.Context, dsn string) error {
	return withMigrations(dsn, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

// MigrateDown takes every migration back, to nothing.
func MigrateDown(ctx context.Context, dsn string) error {
	return withMigrations(dsn, func(p *goose.Provider) error {
		_, err := p.DownTo(ctx, 0)
		return err
	})
}

// MigrateTo brings the schema of an empty register to the version of a backup, up or down.
func MigrateTo(ctx context.Context, dsn string, version int64) error {
	return withMigrations(dsn, func(p *goose.Provider) error {
		now, err := p.GetDBVersion(ctx)
		if err != nil {
			return err
		}
		if now > version {
			_, err = p.DownTo(ctx, version)
			return err
		}
		_, err = p.UpTo(ctx, version)
		return err
	})
}

// NewestSchema is the version that Migrate brings a register to.
func NewestSchema() (int64, error) {
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("list the migrations: %w", err)
	}
	version, err := goose.NumericComponent(slices.Max(names))
	if err != nil {
		return 0, fmt.Errorf("read the number of the newest migration: %w", err)
	}
	return version, nil
}

func withMigrations(dsn string, run func(*goose.Provider) error) error {
	conn, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("open the register for migration: %w", err)
	}
	defer conn.Close() //nolint:errcheck // nothing was left to be written
	locker, err := sessionLocker()
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, migrations.Files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	if err := run(provider); err != nil {
		return fmt.Errorf("migrate the register: %w", err)
	}
	return nil
}

// CreateLogin makes the role that server and worker sign in as, or sets its password: it may do what docket_app may,
// and owns nothing.
func CreateLogin(ctx context.Context, ownerDSN, name, password string) error {
	conn, err := pgx.Connect(ctx, ownerDSN)
	if err != nil {
		return fmt.Errorf("connect to create the login %q: %w", name, err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing was left to be written
	role := pgx.Identifier{name}.Sanitize()
	verb, err := createOrAlter(ctx, conn, name)
	if err != nil {
		return err
	}
	var quoted string
	if err := conn.QueryRow(ctx, "SELECT quote_literal($1)", password).Scan(&quoted); err != nil {
		return fmt.Errorf("quote the password of %q: %w", name, err)
	}
	if _, err := conn.Exec(ctx, verb+" ROLE "+role+" LOGIN PASSWORD "+quoted); err != nil {
		return fmt.Errorf("create the login %q: %w", name, err)
	}
	if _, err := conn.Exec(ctx, "GRANT docket_app TO "+role); err != nil {
		return fmt.Errorf("let %q act as docket_app: %w", name, err)
	}
	return nil
}

// createOrAlter says how to come by the role: a new one has no privileges unless they are named, and one that is there
// must be bound by row-level security.
func createOrAlter(ctx context.Context, conn *pgx.Conn, name string) (verb string, err error) {
	var free bool
	err = conn.QueryRow(ctx, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1", name).Scan(&free)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "CREATE", nil
	case err != nil:
		return "", fmt.Errorf("look up the login %q: %w", name, err)
	case free:
		return "", fmt.Errorf("the login %q bypasses row-level security; choose another name or alter it to NOSUPERUSER NOBYPASSRLS", name)
	default:
		return "ALTER", nil
	}
}
