package mongo

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/privacy-docket/docket/connectors"
)

// dsnForm is what a DSN should look like, for messages.
const dsnForm = "write it as mongodb://user:password@host:27017/database?authSource=admin&tls=true" //nolint:gosec // an example

// The settings that a DSN may give, each once. Everything else is refused: most of what drivers take would have them look for further servers.
const (
	settingSource    = "authSource"
	settingMechanism = "authMechanism"
	settingDirect    = "directConnection"
	settingTLS       = "tls"
	settingCA        = "tls-ca"
)

// address is what a DSN says.
type address struct {
	host, user, password, database string
	source, mechanism              string
	// tls is nil where the connection has none.
	tls *tls.Config
}

// parseDSN reads a DSN. It names one server, which alone is connected to.
func parseDSN(dsn string) (*address, error) {
	if strings.HasPrefix(dsn, "mongodb+srv://") {
		return nil, badDSN("the DSN has the servers looked up", "name one server itself; "+dsnForm)
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Scheme != "mongodb" || u.Opaque != "" || !strings.HasPrefix(dsn, "mongodb://") {
		return nil, badDSN("the DSN is no mongodb:// URL with one host", dsnForm)
	}
	if err := checkAddress(dsn, u); err != nil {
		return nil, err
	}
	a := &address{user: u.User.Username(), database: strings.TrimPrefix(u.Path, "/"), host: u.Host}
	a.password, _ = u.User.Password()
	if u.Port() == "" {
		a.host = net.JoinHostPort(u.Hostname(), "27017")
	}
	if err := a.settings(u); err != nil {
		return nil, err
	}
	return a, nil
}

// checkAddress refuses an address that people may read otherwise than it is meant, and wants what has to be in it.
func checkAddress(dsn string, u *url.URL) error {
	authority, _, _ := strings.Cut(strings.TrimPrefix(dsn, "mongodb://"), "?")
	authority, _, _ = strings.Cut(authority, "/")
	account, _, _ := strings.Cut(authority, "@")
	if strings.Count(authority, "@") > 1 || strings.Count(account, ":") > 1 || u.Fragment != "" || strings.Contains(dsn, "#") {
		return badDSN("the DSN can be read in two ways", "write @, :, /, # and blanks in user, password and database as %40, %3A, %2F, %23 and %20; "+dsnForm)
	}
	password, given := u.User.Password()
	for name, value := range map[string]string{"user": u.User.Username(), "password": password, "host": u.Host, "database": u.Path} {
		if strings.ContainsFunc(value, unicode.IsControl) {
			return badDSN("the DSN has a control character in its "+name, "write it without")
		}
	}
	database := strings.TrimPrefix(u.Path, "/")
	switch {
	case strings.Contains(authority, ","):
		return badDSN("the DSN names several hosts", "name one: the primary of a replica set for erasing, any member for reading, or a mongos")
	case strings.TrimSpace(u.Hostname()) == "" || strings.ContainsAny(u.Hostname(), ", %"):
		return badDSN("the DSN names no host, or none that is one", dsnForm)
	case strings.TrimSpace(u.User.Username()) == "" || !given || password == "":
		return badDSN("the DSN names no user with a password", "switch the server's access control on and make a user for Docket; "+dsnForm)
	case strings.TrimSpace(database) == "" || strings.ContainsAny(database, `/\. "$*<>:|?`):
		return badDSN("the DSN names no database, or none that is one", dsnForm)
	}
	if port := u.Port(); port != "" {
		if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
			return badDSN("the DSN has a port that is none", dsnForm)
		}
	}
	return nil
}

// settings reads what stands behind the question mark.
func (a *address) settings(u *url.URL) error {
	taken := []string{settingSource, settingMechanism, settingDirect, settingTLS, settingCA}
	given, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return badDSN("the DSN has a setting that can't be read", dsnForm)
	}
	for key, values := range given {
		if !slices.Contains(taken, key) {
			return badDSN("the DSN has a setting that is not taken", "of the settings only these are: "+strings.Join(taken, ", "))
		}
		if len(values) > 1 {
			return badDSN("the DSN gives its "+key+" twice", "give each setting once")
		}
	}
	if a.source = given.Get(settingSource); a.source == "" {
		a.source = a.database
	}
	a.mechanism = given.Get(settingMechanism)
	switch {
	case !slices.Contains([]string{"", "SCRAM-SHA-256", "SCRAM-SHA-1"}, a.mechanism):
		return badDSN("the DSN has an authMechanism that is not taken", "leave it out, or give SCRAM-SHA-256 or SCRAM-SHA-1")
	case given.Has(settingDirect) && given.Get(settingDirect) != "true":
		return badDSN("the DSN has further servers looked for", "leave directConnection out: the one server that is named is connected to")
	}
	return a.secure(given, u.Hostname())
}

// secure reads how the connection is encrypted.
func (a *address) secure(given url.Values, host string) error {
	mode := given.Get(settingTLS)
	switch mode {
	case "", "false":
	case "true":
		a.tls = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12}
	case "skip-verify":
		a.tls = &tls.Config{ServerName: host, MinVersion: tls.VersionTLS12, InsecureSkipVerify: true} //nolint:gosec // whoever writes it wants no check
	default:
		return badDSN("the DSN has a tls that is none", "give tls as true, skip-verify or false")
	}
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
	a.tls.RootCAs = authorities
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
