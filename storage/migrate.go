package storage

import (
	"context"
	"database/sql"
	"fmt"

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

func withMigrations(dsn string, run func(*goose.Provider) error) error {
	conn, err := sql.Open("pgx", dsn)
	if err != nil {
		return fmt.Errorf("open the register for migration: %w", err)
	}
	defer conn.Close()
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
	defer conn.Close(ctx)
	role := pgx.Identifier{name}.Sanitize()
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", name).Scan(&exists); err != nil {
		return fmt.Errorf("look up the login %q: %w", name, err)
	}
	verb := "CREATE"
	if exists {
		verb = "ALTER"
	}
	var quoted string
	if err := conn.QueryRow(ctx, "SELECT quote_literal($1)", password).Scan(&quoted); err != nil {
		return fmt.Errorf("quote the password of %q: %w", name, err)
	}
	if _, err := conn.Exec(ctx, verb+" ROLE "+role+" LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD "+quoted); err != nil {
		return fmt.Errorf("create the login %q: %w", name, err)
	}
	if _, err := conn.Exec(ctx, "GRANT docket_app TO "+role); err != nil {
		return fmt.Errorf("let %q act as docket_app: %w", name, err)
	}
	return nil
}
