package local

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/jackc/pgx/v5"
)

const superuser = "postgres"

// postgres runs a PostgreSQL cluster of our own from the installed binaries.
type postgres struct {
	opts     Options
	nursery  *nursery
	port     int
	password string
	dsn      string

	bin  string // folder of the binaries; found by prepare
	home string // folder that the server's account owns
	user *syscall.Credential
}

func postgresDSN(port int, password string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(superuser, password), Host: address(port), Path: "/postgres", RawQuery: "sslmode=disable"}
	return u.String()
}

// parseDSN takes the URL form only, because host, port, user and password are handed on to Temporal one by one.
func parseDSN(dsn string) (*url.URL, error) {
	u, err := url.Parse(dsn)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Hostname() == "" {
		return nil, errors.New("DOCKET_DATABASE_URL must look like postgres://user:password@host:5432/database") // the value holds a password
	}
	if u.Port() == "" {
		u.Host = net.JoinHostPort(u.Hostname(), "5432")
	}
	return u, nil
}

func (p *postgres) data() string { return filepath.Join(p.home, "data") }

func (p *postgres) prepare(ctx context.Context) error {
	account, err := serverAccount()
	if err != nil {
		return err
	}
	p.user = account
	if p.home, err = serverHome(ctx, p.nursery, p.opts.Dir, Postgres, account); err != nil {
		return err
	}
	version, err := os.ReadFile(filepath.Join(p.data(), "PG_VERSION"))
	if err == nil {
		if p.bin, err = postgresFor(ctx, string(version)); err != nil {
			return err
		}
		return awaitEndOfOthers(ctx, p.data())
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for the cluster: %w", err)
	}
	if p.bin, err = newestPostgres(ctx); err != nil {
		return err
	}
	return p.initialise(ctx)
}

// initialise makes the cluster in a folder of another name first, so that an interrupted start leaves nothing half done.
func (p *postgres) initialise(ctx context.Context) error {
	unfinished := p.data() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove an unfinished cluster: %w", err)
	}
	password := filepath.Join(p.home, "password")
	if err := writeOwned(password, p.password, p.user); err != nil {
		return err
	}
	err := run(ctx, p.nursery, command{
		path: filepath.Join(p.bin, "initdb"),
		args: []string{
			"--pgdata", unfinished, "--username", superuser, "--pwfile", password, "--auth", "scram-sha-256",
			"--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums", "--no-sync",
		},
		dir: p.home, user: p.user,
	}, logPath(p.opts.Dir, Postgres))
	if err := errors.Join(err, os.Remove(password)); err != nil {
		return err
	}
	if err := os.Rename(unfinished, p.data()); err != nil {
		return fmt.Errorf("put the new cluster in place: %w", err)
	}
	return nil
}

// writeOwned writes a file that only the server's account can read.
func writeOwned(path, content string, account *syscall.Credential) error {
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		return fmt.Errorf("write for the database: %w", err)
	}
	if account == nil {
		return nil
	}
	if err := os.Chown(path, int(account.Uid), int(account.Gid)); err != nil {
		return fmt.Errorf("hand over to the server's account: %w", err)
	}
	return nil
}

func (p *postgres) command() command {
	sync := "on"
	if p.opts.NoSync {
		sync = "off" // synchronous_commit stays: without it even a killed process loses what it has confirmed
	}
	settings := []string{
		"listen_addresses=" + host, "port=" + strconv.Itoa(p.port), "unix_socket_directories=",
		"max_connections=400", "shared_buffers=" + cmp.Or(p.opts.Buffers, "256MB"), "jit=off", "timezone=UTC", "log_timezone=UTC",
		"fsync=" + sync, "full_page_writes=" + sync,
		// Statements, parameters and key values hold personal data; the log must not.
		"log_min_error_statement=panic", "log_parameter_max_length_on_error=0", "log_error_verbosity=terse",
	}
	args := []string{"-D", p.data()}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	return command{path: filepath.Join(p.bin, "postgres"), args: args, dir: p.home, user: p.user}
}

func (p *postgres) probe(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, p.dsn)
	if err != nil {
		return err
	}
	return errors.Join(conn.Ping(ctx), conn.Close(ctx))
}

func (p *postgres) furnish(context.Context) error { return nil }
