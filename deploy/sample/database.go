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
	// list is set of a list, to which those may add who change the others.
	list bool
}

// database is all of one system's tables, in an order that foreign keys allow.
type database []*table

// install makes the database with its roles, one that reads and one that also changes, and fills it.
func (d database) install(ctx context.Context, adminDSN, name, schema string, s *System) error {
	admin, err := url.Parse(adminDSN)
	if err != nil {
		return fmt.Errorf("the admin DSN is no URL; write it as postgres://user:password@host:port/postgres")
	}
	secret, _ := admin.User.Password()
	reader, changer := role{name: name + "_reader", may: onlyReads}, role{name: name + "_changer", may: "SELECT, UPDATE, DELETE"}
	reader.password, changer.password = rolePassword(secret, reader.name), rolePassword(secret, changer.name)
	if err := createDatabase(ctx, adminDSN, name, reader, changer); err != nil {
		return err
	}
	here := *admin
	here.Path = "/" + name
	if err := d.fill(ctx, here.String(), schema, reader, changer); err != nil {
		return err
	}
	here.User = url.UserPassword(reader.name, reader.password)
	s.ReadDSN = here.String()
	here.User = url.UserPassword(changer.name, changer.password)
	s.ChangeDSN = here.String()
	s.Rows = map[string]int{}
	for _, t := range d {
		s.Rows[t.name[len(t.name)-1]] = len(t.rows)
	}
	return nil
}

// onlyReads is what whoever reads may do.
const onlyReads = "SELECT"

// role is one way into a database.
type role struct{ name, password, may string }

// rolePassword derives a role's password from the admin's, so that it stays the same and can't be guessed without it.
func rolePassword(adminPassword, role string) string {
	mac := hmac.New(sha256.New, []byte(adminPassword))
	mac.Write([]byte("docket sample " + role))
	return hex.EncodeToString(mac.Sum(nil))[:32]
}

// createDatabase replaces the database and makes sure of the roles.
func createDatabase(ctx context.Context, adminDSN, name string, roles ...role) (err error) {
	conn, err := pgx.Connect(ctx, adminDSN)
	if err != nil {
		return fmt.Errorf("connect as admin: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // every statement was checked
	db := pgx.Identifier{name}.Sanitize()
	statements := []string{
		"DROP DATABASE IF EXISTS " + db + " WITH (FORCE)",
		"CREATE DATABASE " + db + " TEMPLATE template0 ENCODING 'UTF8'",
		"REVOKE ALL ON DATABASE " + db + " FROM PUBLIC",
	}
	for _, r := range roles {
		var exists bool
		if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = $1)`, r.name).Scan(&exists); err != nil {
			return fmt.Errorf("look for the role %s: %w", r.name, err)
		}
		verb := "CREATE"
		if exists {
			verb = "ALTER"
		}
		of := pgx.Identifier{r.name}.Sanitize()
		// The password is hexadecimal, so quoting it is safe.
		statements = append(statements, verb+" ROLE "+of+" LOGIN PASSWORD '"+r.password+"'", "GRANT CONNECT ON DATABASE "+db+" TO "+of)
	}
	for _, sql := range statements {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("make the database %s: %w", name, err)
		}
	}
	return nil
}

// fill makes the tables, copies the rows in and lets the roles at them, in one transaction.
func (d database) fill(ctx context.Context, dsn, schema string, roles ...role) error {
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
		for _, r := range roles {
			if err := d.grant(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// grant lets a role at the tables, and the planner know their sizes.
func (d database) grant(ctx context.Context, tx pgx.Tx, r role) error {
	to := pgx.Identifier{r.name}.Sanitize()
	for _, t := range d {
		schema, may := t.name[0], r.may
		if t.list && may != onlyReads {
			may += ", INSERT"
		}
		for _, sql := range []string{
			"GRANT USAGE ON SCHEMA " + pgx.Identifier{schema}.Sanitize() + " TO " + to,
			"GRANT " + may + " ON " + t.name.Sanitize() + " TO " + to,
			"ANALYZE " + t.name.Sanitize(),
		} {
			if _, err := tx.Exec(ctx, sql); err != nil {
				return fmt.Errorf("grant on %s: %w", t.name[len(t.name)-1], err)
			}
		}
	}
	return nil
}
