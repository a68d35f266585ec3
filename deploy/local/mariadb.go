package local

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"

	"github.com/go-sql-driver/mysql"
)

// mariadbUser may do everything on the stack's MariaDB.
const mariadbUser = "docket"

// mariadb runs a MariaDB server of our own from the installed binaries.
type mariadb struct {
	opts     Options
	nursery  *nursery
	port     int
	password string

	server string // path of mariadbd; found by prepare
	home   string // folder that the server's account owns
	user   *syscall.Credential
}

func mariadbDSN(port int, password string) string {
	u := url.URL{Scheme: "mysql", User: url.UserPassword(mariadbUser, password), Host: address(port), Path: "/mysql", RawQuery: "tls=false"}
	return u.String()
}

func (m *mariadb) data() string { return filepath.Join(m.home, "data") }

// welcome is the file that the server reads at each start: it makes the account, whose password is nowhere else.
func (m *mariadb) welcome() string { return filepath.Join(m.home, "welcome.sql") }

func (m *mariadb) prepare(ctx context.Context) error {
	var err error
	if m.server, err = mariadbProgram("mariadbd"); err != nil {
		return err
	}
	if m.user, err = serverAccount(); err != nil {
		return err
	}
	if m.home, err = serverHome(ctx, m.nursery, m.opts.Dir, MariaDB, m.user); err != nil {
		return err
	}
	if err := writeOwned(m.welcome(), fmt.Sprintf(
		"CREATE OR REPLACE USER %[1]s@'%[2]s' IDENTIFIED BY '%[3]s';\nGRANT ALL ON *.* TO %[1]s@'%[2]s' WITH GRANT OPTION;\n", mariadbUser, host, m.password), m.user); err != nil {
		return err
	}
	if err := m.certify(); err != nil {
		return err
	}
	if _, err := os.Stat(m.data()); err == nil {
		return awaitEndOfOthers(ctx, m.data())
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for the data of MariaDB: %w", err)
	}
	return m.initialise(ctx)
}

// temporary names a folder of the server's own for its temporary tables: at its start each server removes all that it finds there, also those of
// servers beside it.
func (m *mariadb) temporary() string { return "--tmpdir=" + m.home }

// certificate and key are files of the server's TLS.
func (m *mariadb) certificate() string { return filepath.Join(m.home, "certificate.pem") }
func (m *mariadb) key() string         { return filepath.Join(m.home, "key.pem") }

// certify makes the server's certificate unless it is there.
func (m *mariadb) certify() error {
	if _, err := os.Stat(m.certificate()); err == nil {
		return nil
	}
	certificate, key, err := selfSigned()
	if err != nil {
		return err
	}
	if err := writeOwned(m.key(), key, m.user); err != nil {
		return err
	}
	return writeOwned(m.certificate(), certificate, m.user)
}

// initialise makes the system tables in a folder of another name first, so that an interrupted start leaves nothing half done.
func (m *mariadb) initialise(ctx context.Context) error {
	install, err := mariadbProgram("mariadb-install-db")
	if err != nil {
		return err
	}
	unfinished := m.data() + ".new"
	if err := os.RemoveAll(unfinished); err != nil {
		return fmt.Errorf("remove unfinished data of MariaDB: %w", err)
	}
	err = run(ctx, m.nursery, command{
		path: install,
		args: []string{"--no-defaults", "--datadir=" + unfinished, m.temporary(), "--skip-test-db", "--skip-name-resolve", "--innodb-log-file-size=32M"},
		dir:  m.home, user: m.user,
	}, logPath(m.opts.Dir, MariaDB))
	if err != nil {
		return err
	}
	if err := os.Rename(unfinished, m.data()); err != nil {
		return fmt.Errorf("put the data of MariaDB in place: %w", err)
	}
	return nil
}

func (m *mariadb) command() command {
	flush := "1"
	if m.opts.NoSync {
		flush = "2" // written at each commit and flushed once a second: a killed process loses nothing
	}
	return command{path: m.server, dir: m.home, user: m.user, args: []string{
		"--no-defaults", "--datadir=" + m.data(), m.temporary(), "--init-file=" + m.welcome(),
		// The socket is named within the data folder: the path of a state folder may be longer than a socket's may be.
		"--bind-address=" + host, "--port=" + strconv.Itoa(m.port), "--socket=mariadb.sock", "--pid-file=mariadb.pid", "--skip-name-resolve",
		"--character-set-server=utf8mb4", "--default-time-zone=+00:00", "--local-infile=0", "--max-connections=200", "--max-allowed-packet=1G",
		"--ssl-cert=" + m.certificate(), "--ssl-key=" + m.key(),
		"--innodb-buffer-pool-size=64M", "--innodb-log-file-size=32M", "--innodb-flush-log-at-trx-commit=" + flush,
	}}
}

func (m *mariadb) probe(ctx context.Context) error {
	cfg := mysql.NewConfig()
	cfg.User, cfg.Passwd, cfg.Net, cfg.Addr, cfg.Logger = mariadbUser, m.password, "tcp", address(m.port), &mysql.NopLogger{}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	return errors.Join(db.PingContext(ctx), db.Close())
}

func (m *mariadb) furnish(context.Context) error { return nil }

// mariadbProgram finds a program of the server. Debian keeps them in folders that are not on everybody's PATH.
func mariadbProgram(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	for _, folder := range []string{"/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"} {
		if path := filepath.Join(folder, name); executable(path) {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s is not installed: run make setup (or apt-get install mariadb-server-core mariadb-client-core)", name)
}
