package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"

	"github.com/jackc/pgx/v5"
)

const (
	sqlPlugin          = "postgres12_pgx"
	mainDatabase       = "temporal"
	visibilityDatabase = "temporal_visibility"
	temporalRole       = "temporal"
)

// temporalDatabase brings Temporal's two databases up to the schema of the server that is about to start.
type temporalDatabase struct {
	opts     Options
	nursery  *nursery
	adminDSN string
	address  string // host:port of PostgreSQL
	user     string
	password string
	ownRole  bool // the role is ours to make; on an external PostgreSQL the given one is used
}

func (d temporalDatabase) prepare(ctx context.Context) error {
	tool, err := d.opts.find(temporalSQLTool)
	if err != nil {
		return err
	}
	if d.ownRole {
		if err := d.ensureRole(ctx); err != nil {
			return err
		}
	}
	for _, database := range []struct{ name, schema string }{
		{mainDatabase, "postgresql/v12/temporal"},
		{visibilityDatabase, "postgresql/v12/visibility"},
	} {
		versioned, err := d.ensureDatabase(ctx, database.name)
		if err != nil {
			return err
		}
		if !versioned {
			if err := d.tool(ctx, tool, database.name, "setup-schema", "--version", "0.0"); err != nil {
				return err
			}
		}
		if err := d.tool(ctx, tool, database.name, "update-schema", "--schema-name", database.schema); err != nil {
			return err
		}
	}
	return nil
}

// ensureRole also sets the password, so that the role fits stack.json whatever happened before.
func (d temporalDatabase) ensureRole(ctx context.Context) error {
	return withConnection(ctx, d.adminDSN, func(conn *pgx.Conn) error {
		var exists bool
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1)", temporalRole).Scan(&exists); err != nil {
			return fmt.Errorf("look for Temporal's role: %w", err)
		}
		verb := "CREATE"
		if exists {
			verb = "ALTER"
		}
		// The password is our own random text of letters and digits; a role statement takes no parameters.
		_, err := conn.Exec(ctx, fmt.Sprintf("%s ROLE %s LOGIN PASSWORD '%s'", verb, temporalRole, d.password))
		if err != nil {
			return fmt.Errorf("make Temporal's role: %w", err)
		}
		return nil
	})
}

// ensureDatabase makes the database unless it is there, and tells whether a schema was ever set up in it.
func (d temporalDatabase) ensureDatabase(ctx context.Context, name string) (versioned bool, err error) {
	err = withConnection(ctx, d.adminDSN, func(conn *pgx.Conn) error {
		var exists bool
		if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", name).Scan(&exists); err != nil || exists {
			return err
		}
		_, err := conn.Exec(ctx, "CREATE DATABASE "+name+" OWNER "+pgx.Identifier{d.user}.Sanitize())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("make Temporal's database %s: %w", name, err)
	}
	u := url.URL{Scheme: "postgres", User: url.UserPassword(d.user, d.password), Host: d.address, Path: "/" + name, RawQuery: "sslmode=disable"}
	err = withConnection(ctx, u.String(), func(conn *pgx.Conn) error {
		return conn.QueryRow(ctx, "SELECT to_regclass('schema_version') IS NOT NULL").Scan(&versioned)
	})
	if err != nil {
		return false, fmt.Errorf("look into Temporal's database %s: %w", name, err)
	}
	return versioned, nil
}

func (d temporalDatabase) tool(ctx context.Context, path, database string, args ...string) error {
	dbHost, dbPort, err := net.SplitHostPort(d.address)
	if err != nil {
		return fmt.Errorf("read PostgreSQL's address: %w", err)
	}
	return run(ctx, d.nursery, command{
		path: path,
		args: args,
		env: []string{
			"SQL_PLUGIN=" + sqlPlugin, "SQL_HOST=" + dbHost, "SQL_PORT=" + dbPort,
			"SQL_USER=" + d.user, "SQL_PASSWORD=" + d.password, "SQL_DATABASE=" + database,
		},
		dir: d.opts.Dir,
	}, logPath(d.opts.Dir, "temporal-schema"))
}

func withConnection(ctx context.Context, dsn string, do func(*pgx.Conn) error) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	return errors.Join(do(conn), conn.Close(ctx))
}
