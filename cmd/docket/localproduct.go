package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// localProduct is what the product on a local stack keeps beside the stack's own state.
type localProduct struct {
	// Password of the login that server and worker use.
	Password string `json:"password"`
	// Port of the server.
	Port int `json:"port"`
	// AdminKey is an API key of the sample company's administrator, once there is one.
	AdminKey string `json:"admin_key,omitempty"`
	// People is the password of the sample company's people, once there are any.
	People string `json:"people,omitempty"`
	// Caseload says that the sample company has its requests in every state.
	Caseload bool `json:"caseload,omitempty"`
	// Newsletter is the port of the sample company's newsletter, which lies behind HTTP, once there is one.
	Newsletter int `json:"newsletter,omitempty"`
}

// The register's names on a local stack, and the name of the installation.
const (
	localDatabase     = "docket"
	localLogin        = "docket_server"
	localInstallation = "docket.local"
)

func productFile(dir string) string { return filepath.Join(dir, "product.json") }

func readLocalProduct(dir string) (localProduct, error) {
	raw, err := os.ReadFile(productFile(dir))
	if errors.Is(err, fs.ErrNotExist) {
		return localProduct{Password: rand.Text()}, nil
	}
	if err != nil {
		return localProduct{}, fmt.Errorf("read the local product's state: %w", err)
	}
	var p localProduct
	if err := json.Unmarshal(raw, &p); err != nil {
		return localProduct{}, fmt.Errorf("read %s: %w", productFile(dir), err)
	}
	return p, nil
}

func (p localProduct) save(dir string) error {
	raw, err := json.MarshalIndent(p, "", "  ") //nolint:gosec // a file for its owner, mode 0600
	if err != nil {
		return fmt.Errorf("write the local product's state: %w", err)
	}
	if err := os.WriteFile(productFile(dir), raw, 0o600); err != nil {
		return fmt.Errorf("write the local product's state: %w", err)
	}
	return nil
}

// chooseProduct reads what an earlier start kept, or begins anew, and settles the port.
func chooseProduct(ctx context.Context, dir string, fresh bool) (p localProduct, err error) {
	if p, err = readLocalProduct(dir); err != nil {
		return p, err
	}
	if fresh {
		p = localProduct{Password: rand.Text(), Port: p.Port}
	}
	p.Port, err = keepPort(ctx, p.Port)
	return p, err
}

// address is where the server of this machine answers. It is a name: a browser binds a passkey to one, and to no number.
func (p localProduct) address() string {
	return "http://" + net.JoinHostPort("localhost", strconv.Itoa(p.Port))
}

// listen is the same as the server listens there.
func (p localProduct) listen() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.Port)) }

// prepareLocal makes what the product needs on a stack, the first time, and gives the settings for it: a database with
// its schema, a login that owns nothing, a master key in a file.
func prepareLocal(ctx context.Context, stack *local.Stack, p localProduct) (settings, error) {
	dir, addresses := stack.Dir(), stack.Addresses()
	if err := p.save(dir); err != nil {
		return settings{}, err
	}
	owner, login, err := registerURLs(addresses.PostgresAdminDSN, p.Password)
	if err != nil {
		return settings{}, err
	}
	if err := prepareRegister(ctx, addresses.PostgresAdminDSN, owner, p.Password); err != nil {
		return settings{}, err
	}
	master := filepath.Join(dir, "master.key")
	if _, err := os.Stat(master); errors.Is(err, fs.ErrNotExist) {
		if err := seal.CreateMasterFile(master); err != nil {
			return settings{}, err
		}
	}
	return settings{
		Register: login, Owner: owner, Master: "file://" + master, Temporal: addresses.Temporal, Namespace: addresses.Namespace,
		Objects: objectsURL(addresses.Objects), SMTP: "smtp://" + addresses.SMTP + "?tls=none", MailFrom: "privacy@docket.example",
		Listen: p.listen(), PublicURL: p.address(), Installation: localInstallation, CodecOrigins: addresses.TemporalUI,
		Proxies:       "127.0.0.1,::1",           // who puts a proxy before a local stack has it here
		DNS:           os.Getenv("DOCKET_DNS"),   // a name server on this machine, for who tries domains of mail
		SystemsNearby: true, WebhooksLocal: true, // the sample company's databases are on this machine, and so is the receiver of who tries a webhook
	}, nil
}

func registerURLs(admin, password string) (owner, login string, err error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", "", fmt.Errorf("read the stack's database address: %w", err)
	}
	u.Path = "/" + localDatabase
	owner = u.String()
	u.User = url.UserPassword(localLogin, password)
	return owner, u.String(), nil
}

func prepareRegister(ctx context.Context, admin, owner, password string) error {
	if err := makeDatabase(ctx, admin); err != nil {
		return err
	}
	if err := storage.Migrate(ctx, owner); err != nil {
		return err
	}
	return storage.CreateLogin(ctx, owner, localLogin, password)
}

// makeDatabase makes the register's database unless it is there.
func makeDatabase(ctx context.Context, admin string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return fmt.Errorf("connect to make the register: %w", err)
	}
	var there bool
	err = conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", localDatabase).Scan(&there)
	if err == nil && !there {
		_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{localDatabase}.Sanitize())
	}
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("make the register's database: %w", err)
	}
	return nil
}

func objectsURL(a local.ObjectsAddress) string {
	u := url.URL{Scheme: "http", User: url.UserPassword(a.AccessKey, a.SecretKey), Host: a.Endpoint, Path: "/" + a.Bucket}
	if a.Secure {
		u.Scheme = "https"
	}
	return u.String()
}

// keepPort keeps the port of the last start while it is free, and finds another when it is not.
func keepPort(ctx context.Context, last int) (int, error) {
	var config net.ListenConfig
	for _, port := range []int{last, 0} {
		listener, err := config.Listen(ctx, "tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
		if err != nil {
			continue
		}
		port = listener.Addr().(*net.TCPAddr).Port //nolint:forcetypeassert // a TCP listener has a TCP address
		return port, listener.Close()
	}
	return 0, errors.New("no free port for the server on 127.0.0.1")
}
