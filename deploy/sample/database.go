package sample

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"

	"github.com/jackc/pgx/v5"
)

// table is generated data on its way into a table.
type table struct {
	name    pgx.Identifier
	columns []string
	rows    [][]any
}

// database is all of one system's tables, in an order that foreign keys allow.
type database []*table

// install makes the database and its reader, and fills it.
func (d database) install(ctx context.Context, adminDSN, name, schema string, s *System) error {
	admin, err := url.Parse(adminDSN)
	if err != nil {
		return fmt.Errorf("the admin DSN is no URL; write it as postgres://user:password@host:port/postgres")
	}
	reader := name + "_reader"
	secret, _ := admin.User.Password()
	password := readerPassword(secret, reader)
	if err := createDatabase(ctx, adminDSN, name, reader, password); err != nil {
		return err
	}
	here := *admin
	here.Path = "/" + name
	if err := d.fill(ctx, here.String(), schema, reader); err != nil {
		return err
	}
	here.User = url.UserPassword(reader, password)
	s.ReadDSN = here.String()
	s.Rows = map[string]int{}
	for _, t := range d {
		s.Rows[t.name[len(t.name)-1]] = len(t.rows)
	}
	return nil
}

// readerPassword derives a role's password from the admin's, so that it stays the same and can't be guessed without it.
func readerPassword(adminPassword, role string) string {
	mac := hmac.New(sha256.New, []byte(adminPassword))
	mac.Write([]byte("docket sample " + role))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}

// createDatabase replaces the database and makes sure of the role.
func createDatabase(ctx context.Context, adminDSN, name, reader, password string) (err error) {
	conn, err := pgx.Connect(ctx, adminDSN)
	if err != nil {
		return fmt.Errorf("connect as admin: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // every statement was checked
	db, role := pgx.Identifier{name}.Sanitize(), pgx.Identifier{reader}.Sanitize()
	var exists bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)`, reader).Scan(&exists); err != nil {
		return fmt.Errorf("look for the reading role: %w", err)
	}
	verb := "CREATE"
	if exists {
		verb = "ALTER"
	}
	// The password is hexadecimal, so quoting it is safe.
	for _, sql := range []string{
		"DROP DATABASE IF EXISTS " + db + " WITH (FORCE)",
		verb + " ROLE " + role + " LOGIN PASSWORD '" + password + "'",
		"CREATE DATABASE " + db + " TEMPLATE template0 ENCODING 'UTF8'",
		"REVOKE ALL ON DATABASE " + db + " FROM PUBLIC",
		"GRANT CONNECT ON DATABASE " + db + " TO " + role,
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make the database %s: %w", name, err)
		}
	}
	return nil
}

// fill makes the tables, copies the rows in and lets the reader read, in one transaction.
func (d database) fill(ctx context.Context, dsn, schema, reader string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to the new database: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // committed or rolled back by then
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, schema); err != nil {
			return fmt.Errorf("make the tables: %w", err)
		}
		for _, t := range d {
			if _, err := tx.CopyFrom(ctx, t.name, t.columns, pgx.CopyFromRows(t.rows)); err != nil {
				return fmt.Errorf("fill %s: %w", t.name[len(t.name)-1], err)
			}
		}
		return d.grant(ctx, tx, reader)
	})
}

// grant lets the reader read the tables, and the planner know their sizes.
func (d database) grant(ctx context.Context, tx pgx.Tx, reader string) error {
	role := pgx.Identifier{reader}.Sanitize()
	for _, t := range d {
		schema := t.name[0]
		for _, sql := range []string{
			"GRANT USAGE ON SCHEMA " + pgx.Identifier{schema}.Sanitize() + " TO " + role,
			"GRANT SELECT ON " + t.name.Sanitize() + " TO " + role,
			"ANALYZE " + t.name.Sanitize(),
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("grant on %s: %w", t.name[len(t.name)-1], err)
			}
		}
	}
	return nil
}
