package mysql

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/url"
	"os"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-sql-driver/mysql"

	"github.com/privacy-docket/docket/connectors"
)

// dsnForm is what a DSN should look like, for messages.
const dsnForm = "write it as mysql://user:password@host:3306/database?tls=true" //nolint:gosec // an example

// The settings that a DSN may give, each once. Everything else is refused, above all what would have the driver read files of this
// machine or send several statements at once.
const (
	settingTLS = "tls"
	settingCA  = "tls-ca"
)

// parseDSN reads a DSN. The driver's own form is not taken: it has settings that reach into this machine.
func parseDSN(dsn string) (*mysql.Config, error) {
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "mysql" || u.Opaque != "" || !strings.HasPrefix(dsn, "mysql://") {
		return nil, badDSN("the DSN is no mysql:// URL", dsnForm)
	}
	if err := checkAddress(dsn, u); err != nil {
		return nil, err
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.User, cfg.DBName = "tcp", u.User.Username(), strings.TrimPrefix(u.Path, "/")
	cfg.Passwd, _ = u.User.Password()
	cfg.Addr = net.JoinHostPort(u.Hostname(), "3306")
	if u.Port() != "" {
		cfg.Addr = u.Host
	}
	cfg.ConnectionAttributes = "program_name:docket"
	cfg.Logger = &mysql.NopLogger{} // what went wrong is told by errors, which name no values
	cfg.CheckConnLiveness = false   // a line finds out by asking
	if err := settings(cfg, u); err != nil {
		return nil, err
	}
	return cfg, nil
}

// checkAddress refuses an address that people may read otherwise than it is meant, and wants what has to be in it.
func checkAddress(dsn string, u *url.URL) error {
	authority, _, _ := strings.Cut(strings.TrimPrefix(dsn, "mysql://"), "?")
	authority, _, _ = strings.Cut(authority, "/")
	account, _, _ := strings.Cut(authority, "@")
	if strings.Count(authority, "@") > 1 || strings.Count(account, ":") > 1 || u.Fragment != "" || strings.Contains(dsn, "#") {
		return badDSN("the DSN can be read in two ways", "write @, :, /, # and blanks in user, password and database as %40, %3A, %2F, %23 and %20; "+dsnForm)
	}
	password, _ := u.User.Password()
	for name, value := range map[string]string{"user": u.User.Username(), "password": password, "host": u.Host, "database": u.Path} {
		if strings.ContainsFunc(value, unicode.IsControl) {
			return badDSN("the DSN has a control character in its "+name, "write it without")
		}
	}
	database := strings.TrimPrefix(u.Path, "/")
	switch {
	case strings.TrimSpace(u.Hostname()) == "" || strings.ContainsAny(u.Hostname(), ", %"):
		return badDSN("the DSN names no host, or none that is one", dsnForm)
	case strings.TrimSpace(u.User.Username()) == "":
		return badDSN("the DSN names no user", dsnForm)
	case strings.TrimSpace(database) == "" || strings.Contains(database, "/"):
		return badDSN("the DSN names no database, or more than one", dsnForm)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return badDSN("the DSN has a port that is none", dsnForm)
		}
	}
	return nil
}

// settings reads what stands behind the question mark.
func settings(cfg *mysql.Config, u *url.URL) error {
	given, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return badDSN("the DSN has a setting that can't be read", dsnForm)
	}
	for key, values := range given {
		if key != settingTLS && key != settingCA {
			return badDSN("the DSN has a setting that is not taken", "of the settings only these are: "+settingTLS+", "+settingCA)
		}
		if len(values) > 1 {
			return badDSN("the DSN gives its "+key+" twice", "give each setting once")
		}
	}
	mode := given.Get(settingTLS)
	switch mode {
	case "":
		mode = "preferred"
	case "true", "skip-verify", "preferred", "false":
	default:
		return badDSN("the DSN has a tls that is none", "give tls as true, skip-verify, preferred or false")
	}
	cfg.TLSConfig = mode
	if !given.Has(settingCA) {
		return nil
	}
	if mode != "true" {
		return badDSN("the DSN gives a tls-ca, and its tls checks no certificate", "give tls=true beside it")
	}
	authorities, err := certificates(given.Get(settingCA))
	if err != nil {
		return err
	}
	cfg.TLSConfig, cfg.TLS = "", &tls.Config{RootCAs: authorities, ServerName: u.Hostname(), MinVersion: tls.VersionTLS12}
	return nil
}

// maxCertificates bounds the file of the authority's certificates.
const maxCertificates = 1 << 20

// certificates reads the authority's certificates from a file.
func certificates(file string) (*x509.CertPool, error) {
	bad := badDSN("tls-ca names no ordinary file of at most 1 MiB with certificates", "name a file with the authority's certificate in PEM")
	info, err := os.Stat(file) //nolint:gosec // an administrator names it, and nothing of it is shown
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxCertificates {
		return nil, bad
	}
	f, err := os.Open(file) //nolint:gosec // see above
	if err != nil {
		return nil, bad
	}
	defer f.Close() //nolint:errcheck // only read
	pem, err := io.ReadAll(io.LimitReader(f, maxCertificates))
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		return nil, bad
	}
	return pool, nil
}

// badDSN makes the error for a DSN; no part of the DSN is in it.
func badDSN(what, do string) error {
	return &connectors.Error{Code: connectors.ErrDSN, What: what, Do: do}
}
