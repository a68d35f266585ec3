package sample

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// rowsAtOnce is how many rows are inserted with one statement.
const rowsAtOnce = 500

// installMariaDB makes a database with its roles, one that reads and one that also changes, and fills it.
func installMariaDB(ctx context.Context, adminDSN, name, schema string, d database, s *System) error {
	admin, err := url.Parse(adminDSN)
	if err != nil || admin.Scheme != "mysql" {
		return errors.New("the admin DSN is no URL; write it as mysql://user:password@host:port/mysql")
	}
	secret, _ := admin.User.Password()
	reader, changer := role{name: name + "_reader", may: "SELECT"}, role{name: name + "_changer", may: "SELECT, UPDATE, DELETE"}
	reader.password, changer.password = rolePassword(secret, reader.name), rolePassword(secret, changer.name)
	// The names are ours and the passwords are hexadecimal, so quoting them is safe.
	statements := []string{"DROP DATABASE IF EXISTS `" + name + "`", "CREATE DATABASE `" + name + "` CHARACTER SET utf8mb4"}
	for _, r := range []role{reader, changer} {
		statements = append(statements, "CREATE USER IF NOT EXISTS `"+r.name+"` IDENTIFIED BY '"+r.password+"'", "ALTER USER `"+r.name+"` IDENTIFIED BY '"+r.password+"'",
			"GRANT "+r.may+" ON `"+strings.ReplaceAll(name, "_", `\_`)+"`.* TO `"+r.name+"`")
	}
	err = atMariaDB(ctx, admin, "mysql", func(conn *sql.Conn) error { return execute(ctx, conn, statements...) })
	if err != nil {
		return fmt.Errorf("make the database %s: %w", name, err)
	}
	if err := atMariaDB(ctx, admin, name, func(conn *sql.Conn) error { return d.insert(ctx, conn, schema) }); err != nil {
		return err
	}
	here := *admin
	here.User, here.Path = url.UserPassword(changer.name, changer.password), "/"+name
	s.ChangeDSN = here.String()
	here.User = url.UserPassword(reader.name, reader.password)
	s.ReadDSN, s.Rows = here.String(), map[string]int{}
	for _, t := range d {
		s.Rows[t.name[len(t.name)-1]] = len(t.rows)
	}
	return nil
}

// atMariaDB connects to a database and works in it on one connection.
func atMariaDB(ctx context.Context, admin *url.URL, name string, work func(*sql.Conn) error) error {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Net, cfg.Addr, cfg.DBName = admin.User.Username(), "tcp", admin.Host, name
	cfg.Passwd, _ = admin.User.Password()
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return fmt.Errorf("read the admin DSN: %w", err)
	}
	db := sql.OpenDB(connector)
	defer db.Close() //nolint:errcheck // every statement was checked
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connect as admin: %w", err)
	}
	return errors.Join(work(conn), conn.Close())
}

func execute(ctx context.Context, conn *sql.Conn, statements ...string) error {
	for _, statement := range statements {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// insert makes the tables and inserts the rows.
func (d database) insert(ctx context.Context, conn *sql.Conn, schema string) error {
	// The data is older than the rule that there is no day zero.
	if err := execute(ctx, conn, append([]string{"SET SESSION sql_mode = 'STRICT_ALL_TABLES'"}, strings.Split(strings.TrimSpace(schema), ";\n")...)...); err != nil {
		return fmt.Errorf("make the tables: %w", err)
	}
	for _, t := range d {
		for from := 0; from < len(t.rows); from += rowsAtOnce {
			if err := t.insert(ctx, conn, t.rows[from:min(from+rowsAtOnce, len(t.rows))]); err != nil {
				return fmt.Errorf("fill %s: %w", t.name[len(t.name)-1], err)
			}
		}
	}
	return nil
}

// insert writes some rows with one statement.
func (t *table) insert(ctx context.Context, conn *sql.Conn, rows [][]any) error {
	marks := "(?" + strings.Repeat(", ?", len(t.columns)-1) + ")"
	var values []any
	for _, row := range rows {
		for _, v := range row {
			if document, is := v.(map[string]any); is {
				text, err := json.Marshal(document)
				if err != nil {
					return fmt.Errorf("write a document: %w", err)
				}
				v = string(text)
			}
			values = append(values, v)
		}
	}
	into := "INSERT INTO `" + t.name[len(t.name)-1] + "` (`" + strings.Join(t.columns, "`, `") + "`) VALUES "
	_, err := conn.ExecContext(ctx, into+marks+strings.Repeat(", "+marks, len(rows)-1), values...)
	return err
}
