package mysql_test

import (
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
	"github.com/privacy-docket/docket/deploy/local/localtest"
)

func TestMalformedDSNs(t *testing.T) {
	t.Parallel()
	empty := filepath.Join(t.TempDir(), "empty.pem")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	for dsn, what := range map[string]string{
		"":                                                  "no mysql:// URL",
		"postgres://u:s3cret@h/d":                           "no mysql:// URL",
		"u:s3cret@tcp(h:3306)/d":                            "no mysql:// URL",
		"MYSQL://u:s3cret@h/d":                              "no mysql:// URL",
		"mysql:u:s3cret@h/d":                                "no mysql:// URL",
		"mysql://u:s3cret@h:port/d":                         "no mysql:// URL",
		"mysql://u:s3cret@h:99999/d":                        "a port that is none",
		"mysql://u:s3cret@h:0/d":                            "a port that is none",
		"mysql://u:s3cret@h/":                               "names no database",
		"mysql://u:s3cret@h":                                "names no database",
		"mysql://u:s3cret@h/%20":                            "names no database",
		"mysql://u:s3cret@h/d/e":                            "no database, or more than one",
		"mysql://u:s3cret@h/d%2Fe":                          "no database, or more than one",
		"mysql://u:s3cret@h/d%01":                           "control character in its database",
		"mysql://u%00:s3cret@h/d":                           "control character in its user",
		"mysql://u:s3cret%0a@h/d":                           "control character in its password",
		"mysql://u:s3cret@evil@h/d":                         "read in two ways",
		"mysql://u:s3:cret@h/d":                             "read in two ways",
		"mysql://u:s3cret@h/d#e":                            "read in two ways",
		"mysql://u:s3cret@/d":                               "names no host",
		"mysql://u:s3cret@:3306/d":                          "names no host",
		"mysql://u:s3cret@a,b/d":                            "names no host, or none that is one",
		"mysql://u:s3cret@[::1%25lo]/d":                     "names no host, or none that is one",
		"mysql://h/d":                                       "names no user",
		"mysql://:s3cret@h/d":                               "names no user",
		"mysql://u:s3cret@h/d?allowAllFiles=true":           "a setting that is not taken",
		"mysql://u:s3cret@h/d?multiStatements=true":         "a setting that is not taken",
		"mysql://u:s3cret@h/d?allowCleartextPasswords=true": "a setting that is not taken",
		"mysql://u:s3cret@h/d?sql_mode=''":                  "a setting that is not taken",
		"mysql://u:s3cret@h/d?a;b":                          "a setting that can't be read",
		"mysql://u:s3cret@h/d?tls=maybe":                    "a tls that is none",
		"mysql://u:s3cret@h/d?tls=true&tls=false":           "gives its tls twice",
		"mysql://u:s3cret@h/d?tls=true&tls-ca=/dev/zero":    "no ordinary file",
		"mysql://u:s3cret@h/d?tls=true&tls-ca=/nowhere":     "no ordinary file",
		"mysql://u:s3cret@h/d?tls=true&tls-ca=" + empty:     "no ordinary file of at most 1 MiB with certificates",
		"mysql://u:s3cret@h/d?tls-ca=/dev/zero":             "its tls checks no certificate",
	} {
		_, err := mysql.New(mysql.Config{DSN: dsn})
		require.ErrorIs(t, err, connectors.ErrDSN, dsn)
		require.ErrorContains(t, err, what, dsn)
		require.NotContains(t, err.Error(), "s3cret")
	}
	for _, dsn := range []string{"mysql://u:s3cret@h/d", "mysql://u@h:3307/d?tls=false", "mysql://u:p%40%3A%2F@[::1]:3306/d?tls=skip-verify", "mysql://u@[::1]/d?tls=true"} {
		_, err := mysql.New(mysql.Config{DSN: dsn})
		require.NoError(t, err, dsn)
	}
}

// TestWrongDSNs connects where it can't work; each reason has its own message.
func TestWrongDSNs(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, c := range map[string]struct {
		change func(*url.URL)
		code   connectors.Code
		what   string
	}{
		"password": {func(u *url.URL) { u.User = url.UserPassword(u.User.Username(), "wr0ng") }, connectors.ErrCredentials, "the server refused user or password"},
		"user":     {func(u *url.URL) { u.User = url.UserPassword("nobody_here", "wr0ng") }, connectors.ErrCredentials, "the server refused user or password"},
		"database": {func(u *url.URL) { u.Path = "/not_there" }, connectors.ErrDatabase, "the database doesn't exist, or the user may not use it"},
		"port":     {func(u *url.URL) { u.Host = "127.0.0.1:1" }, connectors.ErrUnreachable, "127.0.0.1:1 refuses the connection"},
		"host":     {func(u *url.URL) { u.Host = "no-such-host.invalid:3306" }, connectors.ErrUnreachable, "the host name no-such-host.invalid can't be resolved"},
		"TLS":      {func(u *url.URL) { u.RawQuery = "tls=true" }, connectors.ErrUnreachable, "can't be verified"},
		"name": {func(u *url.URL) {
			u.Host, u.RawQuery = "localhost:"+u.Port(), "tls=true&tls-ca="+localtest.MariaDBCertificate(t)
		}, connectors.ErrUnreachable, "can't be verified"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(b.dsn)
			require.NoError(t, err)
			c.change(u)
			conn := b.connector(t, mysql.Config{DSN: u.String(), Datasets: conformance.Parse(t, conformance.Mail), ConnectTimeout: 5 * time.Second})
			err = conn.Test(t.Context())
			require.ErrorIs(t, err, c.code, "%v", err)
			require.ErrorContains(t, err, c.what)
			require.NotContains(t, err.Error(), "wr0ng")
			require.NotContains(t, err.Error(), "open-sesame")
		})
	}
}

// TestTLS reads over connections that are encrypted, and says of each whether it is.
func TestTLS(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE VIEW mail AS SELECT 1 AS id, 'a@example.org' AS email, (SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'SSL_VERSION') AS body`)
	datasets := conformance.Parse(t, conformance.Mail)
	for query, encrypted := range map[string]bool{"": true, "?tls=preferred": true, "?tls=skip-verify": true, "?tls=true&tls-ca=" + localtest.MariaDBCertificate(t): true, "?tls=false": false} {
		dsn, _, _ := strings.Cut(b.dsn, "?")
		r := b.collect(t, mysql.Config{DSN: dsn + query, Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
		require.Equal(t, encrypted, strings.HasPrefix(r.Kept[conformance.AddressOf("mail")][0][2].String(), "TLS"), query)
	}
	b.exec(t, `ALTER USER `+b.reader+` REQUIRE SSL`)
	require.ErrorIs(t, b.connector(t, mysql.Config{Datasets: datasets}).Test(t.Context()), connectors.ErrCredentials, "the user may come over TLS only")
}

// TestAddressesThatAreOff asks before each connection whether it may be made.
func TestAddressesThatAreOff(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	err := b.connector(t, mysql.Config{Datasets: conformance.Parse(t, conformance.Mail), MayReach: func(netip.Addr) bool { return false }}).Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrUnreachable)
	require.ErrorContains(t, err, "is on this machine or its link")
}

// TestWhereEncryptionIsOwed lets no connection go to addresses of the open network that may be without it.
func TestWhereEncryptionIsOwed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for query, refused := range map[string]bool{"": true, "?tls=preferred": true, "?tls=false": true, "?tls=skip-verify": false, "?tls=true&tls-ca=" + localtest.MariaDBCertificate(t): false} {
		dsn, _, _ := strings.Cut(b.dsn, "?")
		err := b.connector(t, mysql.Config{DSN: dsn + query, Datasets: conformance.Parse(t, conformance.Mail), MayReachPlain: func(netip.Addr) bool { return false }}).Test(t.Context())
		if refused {
			require.ErrorIs(t, err, connectors.ErrUnreachable, query)
			require.ErrorContains(t, err, "may go without encryption", query)
		} else {
			require.NotErrorIs(t, err, connectors.ErrUnreachable, query)
		}
	}
}

// TestTestListsEverything compares an annotation with a database that differs from it in every way.
func TestTestListsEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `REVOKE ALL ON `+b.schema+`.* FROM `+b.reader)
	b.exec(t, `CREATE TABLE closed (email text)`)
	b.exec(t, `CREATE TABLE partly (email text, secret text)`)
	b.exec(t, `GRANT SELECT (email) ON partly TO `+b.reader)
	b.exec(t, `CREATE TABLE blind (email text, secret text)`)
	b.exec(t, `GRANT SELECT (email), UPDATE (secret) ON blind TO `+b.reader)
	b.exec(t, `CREATE TABLE doomed (email text)`)
	b.exec(t, `GRANT SELECT, DELETE ON doomed TO `+b.reader)
	b.exec(t, `CREATE TABLE mail (email int, doc text, List json)`)
	b.exec(t, `GRANT SELECT ON mail TO `+b.reader)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [
		{name: gone, fields: [{name: e, fides_meta: {identity: email}}]},
		{name: closed, fields: [{name: email, fides_meta: {identity: email}}]},
		{name: partly, fields: [{name: email, fides_meta: {identity: email}}, {name: secret}]},
		{name: blind, fields: [{name: email, fides_meta: {identity: email}}, {name: secret}]},
		{name: doomed, fields: [{name: email, fides_meta: {identity: email}}]},
		{name: skipped, fides_meta: {skip_processing: true}, fields: [{name: x}]},
		{name: mail, fields: [{name: email, fides_meta: {identity: email, data_type: string}}, {name: doc, fields: [{name: x}]}, {name: list}, {name: List, fides_meta: {data_type: integer}}]}]}]`)
	err := b.connector(t, mysql.Config{Datasets: datasets}).Test(t.Context())
	schema := `"` + b.schema + `"`
	require.EqualError(t, err, `table-missing: d.gone: there is no table "gone" in the schema `+schema+`, or the user may not see it; grant SELECT on it, correct the collection's name, or set meta.schema in the dataset
table-missing: d.closed: there is no table "closed" in the schema `+schema+`, or the user may not see it; grant SELECT on it, correct the collection's name, or set meta.schema in the dataset
column-missing: d.partly.secret: the table has no such column, or the user may not see it; correct the field's name (upper and lower case count), grant SELECT on it, or remove it
role-may-write: d.blind: the user may change the table; connect with a user that has SELECT and nothing else
privilege-missing: d.blind.secret: the user may not read the column; grant SELECT on it to the user
role-may-write: d.doomed: the user may change the table; connect with a user that has SELECT and nothing else
type-mismatch: d.mail.email: it is declared string and the column is int(11); correct data_type
type-mismatch: d.mail.doc: it is declared object and the column is text; correct data_type
column-missing: d.mail.list: the table has no such column, or the user may not see it; correct the field's name (upper and lower case count), grant SELECT on it, or remove it
type-mismatch: d.mail.List: it is declared integer and the column is json; correct data_type`)
	for _, code := range []connectors.Code{connectors.ErrTable, connectors.ErrPrivilege, connectors.ErrWritable, connectors.ErrType, connectors.ErrColumn} {
		require.ErrorIs(t, err, code)
	}
}

// TestRightsComeFromEverywhere finds the right to change rows wherever it was granted.
func TestRightsComeFromEverywhere(t *testing.T) {
	t.Parallel()
	for name, grant := range map[string]func(b *bench) []string{
		"a schema": func(b *bench) []string { return []string{`GRANT DELETE ON ` + b.schema + `.* TO ` + b.reader} },
		"a pattern": func(b *bench) []string {
			return []string{"GRANT DELETE ON `" + b.schema[:8] + "%`.* TO " + b.reader}
		},
		"a column": func(b *bench) []string { return []string{`GRANT UPDATE (body) ON mail TO ` + b.reader} },
		"a role": func(b *bench) []string {
			return []string{`CREATE ROLE writer_` + b.schema, `GRANT DELETE ON ` + b.schema + `.* TO writer_` + b.schema,
				`GRANT writer_` + b.schema + ` TO ` + b.reader, `SET DEFAULT ROLE writer_` + b.schema + ` FOR ` + b.reader}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.seed(t)
			conn := b.connector(t, mysql.Config{Datasets: conformance.Parse(t, conformance.Mail)})
			require.NoError(t, conn.Test(t.Context()))
			for _, statement := range grant(b) {
				b.exec(t, statement)
			}
			require.EqualError(t, conn.Test(t.Context()), "role-may-write: d.mail: the user may change the table; connect with a user that has SELECT and nothing else")
			erasing := b.connector(t, mysql.Config{Datasets: conformance.Parse(t, conformance.Mail), AllowWrites: true})
			require.ErrorIs(t, erasing.Test(t.Context()), connectors.ErrReadOnly, "half of what erasing needs")
			b.mayWrite(t)
			require.NoError(t, erasing.Test(t.Context()))
			if name == "a role" {
				b.exec(t, `DROP ROLE writer_`+b.schema)
			}
		})
	}
}

func TestAnAdministratorIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	err := b.connector(t, mysql.Config{DSN: b.adminDSN, Datasets: conformance.Parse(t, conformance.Mail)}).Test(t.Context())
	require.EqualError(t, err, "role-may-write: the user may change every table of the server; connect with a user that has SELECT on the annotated tables and nothing else")
}

// TestTheSessionIsReadOnlyAndBounded looks at the connector's session while it is at work.
func TestTheSessionIsReadOnlyAndBounded(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE mail (id int PRIMARY KEY, email text, body text)`)
	b.exec(t, `CREATE FUNCTION settings() RETURNS text DETERMINISTIC READS SQL DATA RETURN CONCAT_WS('|', @@tx_read_only, @@tx_isolation, @@lock_wait_timeout, @@wait_timeout, @@time_zone, @@max_statement_time)`)
	b.exec(t, `GRANT EXECUTE ON `+b.schema+`.* TO `+b.reader)
	b.exec(t, `CREATE SQL SECURITY INVOKER VIEW looked AS SELECT 1 AS id, 'a@example.org' AS email, settings() AS body`)
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [{name: looked, fields: [{name: id}, {name: email, fides_meta: {identity: email}}, {name: body}]}]}]`)
	r := b.collect(t, mysql.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
	require.Equal(t, "ON|REPEATABLE-READ|10|600|+00:00|21600.000000", r.Kept[conformance.AddressOf("looked")][0][2].Raw())
}
