package local_test

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/deploy/local"
)

// MariaDB is started when it is asked for, comes back after a kill and after a stop with what it held, and never runs as root.
func TestMariaDBComesBack(t *testing.T) {
	t.Parallel()
	opts := light(t)
	opts.MariaDB = true
	stack, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	part, dsn := stack.Part(local.MariaDB), stack.Addresses().MariaDBAdminDSN
	require.NoError(t, atMariaDB(t.Context(), dsn, "CREATE TABLE kept (line varchar(20)) ENGINE=InnoDB", "INSERT INTO kept VALUES ('before')"))
	info, err := os.Stat(filepath.Join(stack.Dir(), "mariadb", "data", "ibdata1"))
	require.NoError(t, err)
	require.NotZero(t, ownerOf(info))

	first := part.PID()
	require.NoError(t, part.Kill())
	require.Error(t, atMariaDB(t.Context(), dsn), "it serves after kill -9")
	require.NoError(t, part.Start(t.Context()))
	require.NotEqual(t, first, part.PID())
	require.NoError(t, atMariaDB(t.Context(), dsn, "INSERT INTO kept SELECT * FROM kept"))
	require.NoError(t, part.Stop(t.Context()))
	require.Error(t, atMariaDB(t.Context(), dsn), "it serves after a stop")
	require.NoError(t, stack.Close(t.Context()))

	opts.MariaDB = false // where there was one, there is one again
	again, err := local.Start(t.Context(), opts)
	require.NoError(t, err)
	require.Equal(t, dsn, again.Addresses().MariaDBAdminDSN, "port and credentials are remembered")
	require.NoError(t, atMariaDB(t.Context(), dsn, "INSERT INTO kept SELECT * FROM kept"))
	require.NoError(t, again.Close(t.Context()))
}

// Nobody who did not ask for MariaDB has one.
func TestMariaDBIsLeftOutUnlessAskedFor(t *testing.T) {
	t.Parallel()
	stack, err := local.Start(t.Context(), light(t))
	require.NoError(t, err)
	require.Nil(t, stack.Part(local.MariaDB))
	require.Empty(t, stack.Addresses().MariaDBAdminDSN)
	require.NoError(t, stack.Close(t.Context()))
}

// atMariaDB connects to a server and runs statements.
func atMariaDB(ctx context.Context, dsn string, statements ...string) error {
	u, err := url.Parse(dsn)
	if err != nil {
		return err
	}
	cfg := mysql.NewConfig()
	cfg.User, cfg.Net, cfg.Addr, cfg.DBName, cfg.Logger = u.User.Username(), "tcp", u.Host, strings.Trim(u.Path, "/"), &mysql.NopLogger{}
	cfg.Passwd, _ = u.User.Password()
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	err = db.PingContext(ctx)
	for _, statement := range statements {
		if err == nil {
			_, err = db.ExecContext(ctx, statement)
		}
	}
	return errors.Join(err, db.Close())
}
