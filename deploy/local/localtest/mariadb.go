package localtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// MariaDB makes a database of the test's own on the stack's MariaDB and returns it open, for a user that may do everything, with its
// URL. It is dropped when the test ends.
func MariaDB(t testing.TB) (*sql.DB, *url.URL) {
	t.Helper()
	admin := Stack(t).MariaDBAdminDSN
	require.NotEmpty(t, admin, "the test stack has no MariaDB: start it with --mariadb, or with a command")
	u, err := url.Parse(admin)
	require.NoError(t, err)
	name := "test_" + strings.ToLower(rand.Text()[:16])
	everything := openMariaDB(t, u)
	_, err = everything.ExecContext(t.Context(), "CREATE DATABASE "+name)
	require.NoError(t, err, "make the test's database")
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cleanupTime)
		defer cancel()
		_, err := everything.ExecContext(ctx, "DROP DATABASE IF EXISTS "+name)
		require.NoError(t, err, "drop the test's database")
		require.NoError(t, everything.Close())
	})
	u.Path = "/" + name
	own := openMariaDB(t, u)
	t.Cleanup(func() { require.NoError(t, own.Close()) })
	return own, u
}

// MariaDBCertificate is the file with the certificate of the stack's MariaDB, which vouches for itself.
func MariaDBCertificate(t testing.TB) string {
	t.Helper()
	return filepath.Join(folder(t), string(local.MariaDB), "certificate.pem")
}

func openMariaDB(t testing.TB, u *url.URL) *sql.DB {
	t.Helper()
	cfg := mysql.NewConfig()
	cfg.User, cfg.Net, cfg.Addr, cfg.DBName = u.User.Username(), "tcp", u.Host, strings.Trim(u.Path, "/")
	cfg.Passwd, _ = u.User.Password()
	connector, err := mysql.NewConnector(cfg)
	require.NoError(t, err)
	return sql.OpenDB(connector)
}
