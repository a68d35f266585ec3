package local

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// mongodbUser may do everything on the stack's MongoDB: FerretDB knows users and no roles.
const mongodbUser = "docket"

// mongodb runs FerretDB, which speaks MongoDB's wire protocol, over SQLite files of its own.
type mongodb struct {
	opts     Options
	port     int
	password string

	path string // of the program; found by prepare
}

func mongodbDSN(port int, password string) string {
	u := url.URL{Scheme: "mongodb", User: url.UserPassword(mongodbUser, password), Host: address(port), Path: "/admin"}
	return u.String()
}

func (m *mongodb) home() string { return filepath.Join(m.opts.Dir, string(MongoDB)) }
func (m *mongodb) data() string { return filepath.Join(m.home(), "data") }

func (m *mongodb) prepare(context.Context) error {
	var err error
	if m.path, err = m.opts.find(documentServer); err != nil {
		return err
	}
	if err := os.MkdirAll(m.data(), 0o700); err != nil {
		return fmt.Errorf("make the folder of MongoDB: %w", err)
	}
	return nil
}

// files is where SQLite keeps the databases, each in a file.
func (m *mongodb) files() string {
	u := url.URL{Scheme: "file", Path: m.data() + "/"}
	if m.opts.NoSync {
		u.RawQuery = url.Values{"_pragma": {"synchronous(off)"}}.Encode()
	}
	return u.String()
}

// command asks for users with passwords, which FerretDB 1.24 calls an experiment. It tells nobody that it runs.
func (m *mongodb) command() command {
	return command{
		path: m.path,
		args: []string{
			"--handler=sqlite", "--sqlite-url=" + m.files(), "--state-dir=" + m.home(), "--listen-addr=" + address(m.port), "--debug-addr=-",
			"--telemetry=disable", "--log-level=warn", "--test-enable-new-auth",
		},
		env: []string{"FERRETDB_SETUP_DATABASE=admin", "FERRETDB_SETUP_USERNAME=" + mongodbUser, "FERRETDB_SETUP_PASSWORD=" + m.password},
		dir: m.home(),
	}
}

func (m *mongodb) probe(ctx context.Context) (err error) {
	client, err := mongo.Connect(options.Client().SetHosts([]string{address(m.port)}).SetDirect(true).SetServerSelectionTimeout(probeTime).
		SetAuth(options.Credential{Username: mongodbUser, Password: m.password, AuthSource: "admin"}))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, client.Disconnect(context.WithoutCancel(ctx))) }()
	return client.Ping(ctx, nil)
}

func (m *mongodb) furnish(context.Context) error { return nil }
