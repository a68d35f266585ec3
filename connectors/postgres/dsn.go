package postgres

import (
	"net/url"
	"os"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
)

// dsnForm is what a DSN should look like, for messages.
const dsnForm = "write it as postgres://user:password@host:5432/database?sslmode=require"

// parseDSN reads a DSN. Everything comes from the DSN itself: settings that would make the driver read files of this machine are
// refused, and the environment's PG* variables don't stand in for what is missing.
func parseDSN(dsn string) (*pgx.ConnConfig, error) {
	given := dsnSettings(dsn)
	if given == nil {
		return nil, badDSN("the DSN is no postgres:// URL and no list of key=value settings", dsnForm)
	}
	for _, key := range []string{"service", "servicefile", "passfile", "sslcert", "sslkey"} {
		if given[key] {
			return nil, badDSN("the DSN has the setting "+key+", which reads a file", "put host, user and database into the DSN itself")
		}
	}
	for _, key := range []string{"host", "user", "dbname"} {
		if !given[key] {
			return nil, badDSN("the DSN names no "+key, dsnForm)
		}
	}
	if !readable(dsn) {
		return nil, badDSN("sslrootcert names no ordinary file of at most 1 MiB", "name a file with the authority's certificate in PEM")
	}
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's error quotes the DSN, so it is not passed on.
		return nil, badDSN("the DSN has a setting that can't be read (port, sslmode, certificate file or timeout)", dsnForm)
	}
	if at := elsewhere(dsn); at != "" {
		return nil, badDSN("the DSN gives its "+at+" a second time behind the question mark, where nobody sees it", dsnForm)
	}
	if !given["password"] {
		// Not from PGPASSWORD or a password file of this machine, which were not meant for this system.
		cfg.Password = ""
	}
	cfg.RuntimeParams = map[string]string{"application_name": "docket"}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	return cfg, nil
}

// maxCertificates bounds the file of the authority's certificates: the driver reads it whole, whatever it is.
const maxCertificates = 1 << 20

func readable(dsn string) bool {
	u, err := url.Parse(dsn)
	if err != nil || u.Query().Get("sslrootcert") == "" || u.Query().Get("sslrootcert") == "system" {
		return true
	}
	info, err := os.Stat(u.Query().Get("sslrootcert"))
	return err == nil && info.Mode().IsRegular() && info.Size() <= maxCertificates
}

// elsewhere finds what the query of a URL would put in the place of what the URL itself says: the address that people are
// shown would not be the one that is connected to.
func elsewhere(dsn string) string {
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		return ""
	}
	for _, key := range []string{"host", "port", "user", "password", "dbname", "database"} {
		if u.Query().Has(key) {
			return key
		}
	}
	return ""
}

// badDSN makes the error for a DSN; no part of the DSN is in it.
func badDSN(what, do string) error {
	return &connectors.Error{Code: connectors.ErrDSN, What: what, Do: do}
}

// keyword finds the names in a key=value DSN, jumping over quoted values.
var keyword = regexp.MustCompile(`(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|[^\s']*)`)

// dsnSettings lists which settings a DSN gives, or nil when it has neither form.
func dsnSettings(dsn string) map[string]bool {
	given := map[string]bool{}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		u, err := url.Parse(dsn)
		if err != nil {
			return nil
		}
		given["host"] = u.Hostname() != ""
		given["user"] = u.User.Username() != ""
		_, given["password"] = u.User.Password()
		given["dbname"] = strings.Trim(u.Path, "/") != ""
		for key, v := range u.Query() {
			given[key] = given[key] || len(v) > 0 && v[0] != ""
		}
		return given
	}
	for _, m := range keyword.FindAllStringSubmatch(dsn, -1) {
		given[m[1]] = m[2] != "" && m[2] != "''"
	}
	if len(given) == 0 {
		return nil
	}
	if given["database"] {
		given["dbname"] = true
	}
	return given
}
