package postgres_test

import (
	"net/netip"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
)

func TestMalformedDSNs(t *testing.T) {
	t.Parallel()
	for dsn, what := range map[string]string{
		"":                                                              "no postgres:// URL",
		"mysql://u:s3cret@h/d":                                          "no postgres:// URL",
		"postgres://u:s3cret@h:port/d":                                  "no postgres:// URL",
		"postgres://u:s3cret@h:99999/d":                                 "a setting that can't be read",
		"postgres://u:s3cret@h/d?sslmode=maybe":                         "a setting that can't be read",
		"postgres://u:s3cret@h/":                                        "names no dbname",
		"postgres://u:s3cret@h/%20":                                     "names no dbname",
		"postgres://u:s3cret@h%00/d":                                    "no postgres:// URL",
		"postgres://u:s3cret@h/d%01":                                    "control character",
		"host=h user=u dbname='d\x01' password=s3cret":                  "control character",
		"postgres://@@h/d":                                              "read in two ways",
		"postgres://u:s3cret@/d":                                        "names no host",
		"postgres://h/d":                                                "names no user",
		"host=h user=u password='s3cret x'":                             "names no dbname",
		"host=h user=u dbname=d password=s3cret service=x":              "a setting that is not taken",
		"postgres://u:s3cret@h/d?passfile=/etc/passwd":                  "a setting that is not taken",
		"postgres://u:s3cret@h/d?sslkey=/etc/ssl/key":                   "a setting that is not taken",
		"postgres://u:s3cret@h/d?sslkey=&sslkey=/etc/key":               "a setting that is not taken",
		"postgres://u:s3cret@h/d?options=-c%20x=s3cret":                 "a setting that is not taken",
		"postgres://u:s3cret@h/d?sslmode=disable&sslmode=verify-ca":     "gives its sslmode twice",
		"postgres://u:s3cret@h/d?sslrootcert=&sslrootcert=/dev/zero":    "gives its sslrootcert twice",
		"host=h user=u dbname=d password=s3cret sslrootcert=/dev/zero":  "no ordinary file",
		"host=h user=u dbname=d sslrootcert='' sslrootcert='/dev/zero'": "gives its sslrootcert twice",
		"host=h user=u dbname=d database=e password=s3cret":             "gives its dbname twice",
		"postgres://u:s3cret@h/d?sslrootcert=/dev/zero":                 "no ordinary file",
		"postgres://u:s3cret@h/d?host=/run/postgresql":                  "gives its host a second time",
		"postgres://u:s3cret@h/d?password=s3cret2":                      "gives its password a second time",
	} {
		_, err := postgres.New(postgres.Config{DSN: dsn})
		require.ErrorIs(t, err, connectors.ErrDSN, dsn)
		require.ErrorContains(t, err, what)
		require.NotContains(t, err.Error(), "s3cret")
	}
	for _, dsn := range []string{"postgres://u:s3cret@h/d", "postgresql://u@h:5433/d?sslmode=disable", "host=h user=u dbname=d password='it\\'s'", "postgres:///d?host=/run/postgresql&user=u"} {
		_, err := postgres.New(postgres.Config{DSN: dsn})
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
		"database": {func(u *url.URL) { u.Path = "/not_there" }, connectors.ErrDatabase, "the database doesn't exist"},
		"port":     {func(u *url.URL) { u.Host = "127.0.0.1:1" }, connectors.ErrUnreachable, "127.0.0.1:1 refuses the connection"},
		"host":     {func(u *url.URL) { u.Host = "no-such-host.invalid:5432" }, connectors.ErrUnreachable, "the host name no-such-host.invalid can't be resolved"},
		"TLS":      {func(u *url.URL) { u.RawQuery = "sslmode=require" }, connectors.ErrUnreachable, "doesn't speak TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := url.Parse(b.dsn)
			require.NoError(t, err)
			c.change(u)
			conn := b.connector(t, postgres.Config{DSN: u.String(), Datasets: conformance.Parse(t, conformance.Mail), ConnectTimeout: 5 * time.Second})
			err = conn.Test(t.Context())
			require.ErrorIs(t, err, c.code, "%v", err)
			require.ErrorContains(t, err, c.what)
			require.NotContains(t, err.Error(), "wr0ng")
			require.NotContains(t, err.Error(), "open-sesame")
		})
	}
}

// TestTestListsEverything compares an annotation with a database that differs from it in every way.
func TestTestListsEverything(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE TABLE closed (email text)`)
	b.exec(t, `REVOKE SELECT ON closed FROM PUBLIC, `+reader(t, b))
	b.exec(t, `CREATE TABLE partly (email text, secret text)`)
	b.exec(t, `REVOKE SELECT ON partly FROM `+reader(t, b))
	b.exec(t, `GRANT SELECT (email) ON partly TO `+reader(t, b))
	b.exec(t, `CREATE TABLE mail (email int, doc text, "List" text[])`)
	b.exec(t, `GRANT UPDATE ON mail TO `+reader(t, b))
	datasets := conformance.Parse(t, `dataset: [{fides_key: d, collections: [
		{name: gone, fields: [{name: e, fides_meta: {identity: email}}]},
		{name: closed, fields: [{name: email, fides_meta: {identity: email}}]},
		{name: partly, fields: [{name: email, fides_meta: {identity: email}}, {name: secret}]},
		{name: skipped, fides_meta: {skip_processing: true}, fields: [{name: x}]},
		{name: mail, fields: [{name: email, fides_meta: {identity: email, data_type: string}}, {name: doc, fields: [{name: x}]}, {name: list}, {name: List, fides_meta: {data_type: "integer[]"}}]}]}]`)
	err := b.connector(t, postgres.Config{Datasets: datasets}).Test(t.Context())
	require.EqualError(t, err, `table-missing: d.gone: there is no table "gone" in the schema "public", or the role may not see it; correct the collection's name, or set meta.schema in the dataset
privilege-missing: d.closed: the role may not read the table; grant USAGE on the schema and SELECT on the table to the role
privilege-missing: d.partly.secret: the role may not read the column; grant SELECT on it to the role
role-may-write: d.mail: the role may change the table; connect with a role that has SELECT and nothing else
type-mismatch: d.mail.email: it is declared string and the column is integer; correct data_type
type-mismatch: d.mail.doc: it is declared object and the column is text; correct data_type
column-missing: d.mail.list: the table has no such column; correct the field's name (upper and lower case count) or remove it
type-mismatch: d.mail.List: it is declared integer[] and the column is text[]; correct data_type`)
	for _, code := range []connectors.Code{connectors.ErrTable, connectors.ErrPrivilege, connectors.ErrWritable, connectors.ErrType, connectors.ErrColumn} {
		require.ErrorIs(t, err, code)
	}
}

func TestASuperuserIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.seed(t)
	err := b.connector(t, postgres.Config{DSN: adminDSN(b), Datasets: conformance.Parse(t, conformance.Mail)}).Test(t.Context())
	require.EqualError(t, err, "role-may-write: the role is a superuser; connect with a role that has SELECT on the annotated tables and nothing else")
}

// TestTheSessionIsReadOnlyAndNamed looks at the connector's session from outside, while it is at work.
func TestTheSessionIsReadOnlyAndNamed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.exec(t, `CREATE VIEW mail AS SELECT 1 AS id, 'a@example.org'::text AS email, concat_ws('|', current_setting('transaction_read_only'), current_setting('transaction_isolation'),
		current_setting('application_name'), current_setting('search_path'), current_setting('statement_timeout'), current_setting('lock_timeout'),
		current_setting('idle_in_transaction_session_timeout')) AS body`)
	datasets := conformance.Parse(t, conformance.Mail)
	r := b.collect(t, postgres.Config{Datasets: datasets}, conformance.Plan(t, datasets, conformance.Email("a@example.org")))
	require.Equal(t, "on|repeatable read|docket||5min|10s|10min", r.Kept[conformance.AddressOf("mail")][0][2].Raw())
}

// reader is the name of the bench's reading role.
func reader(t *testing.T, b *bench) string {
	t.Helper()
	u, err := url.Parse(b.dsn)
	require.NoError(t, err)
	return u.User.Username()
}

// TestWhereEncryptionIsOwed lets no connection go to addresses of the open network that may be without it.
func TestWhereEncryptionIsOwed(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for mode, says := range map[string]string{
		"": "may go without encryption", "disable": "may go without encryption", "allow": "may go without encryption", "prefer": "may go without encryption",
		"require": "doesn't speak TLS", "verify-full": "doesn't speak TLS",
	} {
		u, err := url.Parse(b.dsn)
		require.NoError(t, err)
		u.RawQuery = ""
		if mode != "" {
			u.RawQuery = "sslmode=" + mode
		}
		err = b.connector(t, postgres.Config{DSN: u.String(), Datasets: conformance.Parse(t, conformance.Mail), MayReachPlain: func(netip.Addr) bool { return false }}).Test(t.Context())
		require.ErrorIs(t, err, connectors.ErrUnreachable, mode)
		require.ErrorContains(t, err, says, mode)
	}
}

// TestAddressesThatAreOff asks before each connection whether it may be made.
func TestAddressesThatAreOff(t *testing.T) {
	t.Parallel()
	err := newBench(t).connector(t, postgres.Config{Datasets: conformance.Parse(t, conformance.Mail), MayReach: func(netip.Addr) bool { return false }}).Test(t.Context())
	require.ErrorContains(t, err, "is on this machine or its link")
}
