// Package rig runs Docket as an operator does, for measurements and for faults: the servers of the local stack, and
// server and worker processes of the built program that can be killed and started again.
package rig

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/storage"
)

// closeWithin bounds the stop of everything.
const closeWithin = time.Minute

// Options say where a rig lives and of which program it is made.
type Options struct {
	// Dir is the state folder. What an earlier rig left in it is deleted.
	Dir string
	// Docket is the built program.
	Docket string
	// Env is added to the environment of servers and workers.
	Env []string
	// MariaDB starts a MariaDB too.
	MariaDB bool
	// Buffers is PostgreSQL's shared_buffers; the local stack's own when empty.
	Buffers string
}

// Rig is a running stack with whatever was started on it.
type Rig struct {
	Stack *local.Stack
	// Owner is the superuser's URL on the register, for filling and looking behind the application's back.
	Owner string

	opts Options
	env  []string
}

// Start starts the servers and makes what the product needs on them: register, login, master key. PostgreSQL writes to
// the disk as it would in earnest.
func Start(ctx context.Context, opts Options) (*Rig, error) {
	docket, err := filepath.Abs(opts.Docket)
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	opts.Docket = docket
	stack, err := local.Start(ctx, local.Options{Dir: opts.Dir, Programs: filepath.Join(filepath.Dir(docket), "servers"), Docket: docket, Fresh: true, MariaDB: opts.MariaDB, Buffers: opts.Buffers})
	if err != nil {
		return nil, err
	}
	r := &Rig{Stack: stack, opts: opts}
	if err := r.prepare(ctx); err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return r, nil
}

// Close stops everything. It works after the caller's context has ended.
func (r *Rig) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeWithin)
	defer cancel()
	return r.Stack.Close(ctx)
}

// The register's names on a rig.
const (
	database = "docket"
	login    = "docket_server"
)

func (r *Rig) prepare(ctx context.Context) error {
	a := r.Stack.Addresses()
	u, err := url.Parse(a.PostgresAdminDSN)
	if err != nil {
		return fmt.Errorf("read the database's address: %w", err)
	}
	if err := execute(ctx, a.PostgresAdminDSN, "CREATE DATABASE "+database); err != nil {
		return err
	}
	u.Path = "/" + database
	r.Owner = u.String()
	password := rand.Text()
	u.User = url.UserPassword(login, password)
	master := filepath.Join(r.Stack.Dir(), "master.key")
	objects := url.URL{Scheme: "http", User: url.UserPassword(a.Objects.AccessKey, a.Objects.SecretKey), Host: a.Objects.Endpoint, Path: "/" + a.Objects.Bucket}
	r.env = append([]string{
		"DOCKET_REGISTER_URL=" + u.String(), "DOCKET_REGISTER_OWNER_URL=" + r.Owner, "DOCKET_MASTER_KEY=file://" + master,
		"DOCKET_TEMPORAL_ADDRESS=" + a.Temporal, "DOCKET_TEMPORAL_NAMESPACE=" + a.Namespace, "DOCKET_OBJECTS_URL=" + objects.String(),
		"DOCKET_SMTP_URL=smtp://" + a.SMTP + "?tls=none", "DOCKET_MAIL_FROM=privacy@docket.example", "DOCKET_INSTALLATION=docket.rig", "DOCKET_SYSTEMS_NEARBY=true",
	}, r.opts.Env...)
	// The program brings its own schema: it may be another build than this one.
	if _, err := r.Run(ctx, "migrate"); err != nil {
		return err
	}
	if err := storage.CreateLogin(ctx, r.Owner, login, password); err != nil {
		return err
	}
	if err := os.RemoveAll(master); err != nil {
		return fmt.Errorf("delete an earlier rig's key: %w", err)
	}
	_, err = r.Run(ctx, "keys", "create", master)
	return err
}

// Run runs a command of the program to its end and gives what it printed.
func (r *Rig) Run(ctx context.Context, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, r.opts.Docket, args...) //nolint:gosec // the program the caller built
	cmd.Env = append(os.Environ(), r.env...)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return out, fmt.Errorf("docket %s: %w: %s", args[0], err, errs.Bytes())
	}
	return out, nil
}

// Tenant is a tenant with an administrator's API key.
type Tenant struct {
	ID  uuid.UUID `json:"id"`
	Key string    `json:"key"`
}

// AddTenant makes a tenant under the GDPR in Berlin.
func (r *Rig) AddTenant(ctx context.Context, slug string) (t Tenant, err error) {
	profile := filepath.Join(r.Stack.Dir(), "profile.json")
	text := `{"address": "Beispielweg 1, 10115 Berlin", "dpo": "The data protection officer", "contact": "privacy@acme.example",
		"authority": "Berliner Beauftragte", "authority_url": "https://www.datenschutz-berlin.de"}`
	if err := os.WriteFile(profile, []byte(text), 0o600); err != nil {
		return t, fmt.Errorf("write the tenant's profile: %w", err)
	}
	out, err := r.Run(ctx, "tenant", "create", "--json", "--slug", slug, "--name", "Acme "+slug, "--country", "DE", "--calendar", "DE",
		"--zone", "Europe/Berlin", "--language", "en", "--regime", "gdpr", "--profile", profile)
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal(out, &t); err != nil {
		return t, fmt.Errorf("read the new tenant: %w", err)
	}
	return t, nil
}

// Server is a server process and where it answers.
type Server struct {
	*local.Part
	URL string
}

// StartServer starts another server process.
func (r *Rig) StartServer(ctx context.Context, name string) (Server, error) {
	address, err := r.Stack.NewAddress(ctx)
	if err != nil {
		return Server{}, err
	}
	s := Server{URL: "http://" + address}
	s.Part = r.Stack.Add(local.PartName(name), local.Further{
		Path: r.opts.Docket, Args: []string{"serve"}, Serves: local.AnswersAt(s.URL + "/healthz"),
		Env: append([]string{"DOCKET_LISTEN=" + address, "DOCKET_PUBLIC_URL=" + s.URL}, r.env...),
	})
	return s, s.Start(ctx)
}

// StartWorker starts another worker process. server is whose address letters name.
func (r *Rig) StartWorker(ctx context.Context, name string, server Server) (*local.Part, error) {
	part := r.Stack.Add(local.PartName(name), local.Further{
		Path: r.opts.Docket, Args: []string{"worker"}, Env: append([]string{"DOCKET_PUBLIC_URL=" + server.URL}, r.env...),
	})
	return part, part.Start(ctx)
}

// Connect opens a connection to the register as its owner, whom row-level security does not bind.
func (r *Rig) Connect(ctx context.Context) (*pgx.Conn, error) {
	conn, err := pgx.Connect(ctx, r.Owner)
	if err != nil {
		return nil, fmt.Errorf("connect to the register: %w", err)
	}
	return conn, nil
}

func execute(ctx context.Context, dsn, statement string) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return fmt.Errorf("connect to the database: %w", err)
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
