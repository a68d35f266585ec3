package postgres

import (
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/connectors"
)

// dsnForm is what a DSN should look like, for messages.
const dsnForm = "write it as postgres://user:password@host:5432/database?sslmode=require"

// known are the settings that a DSN may give, each once. Everything else is refused, above all what would have the driver read files
// of this machine, and what is given twice: the driver takes the last of two values, and people see the first.
var known = []string{
	"host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslsni", "sslnegotiation", "channel_binding",
	"connect_timeout", "target_session_attrs", "application_name",
}

// parseDSN reads a DSN. Everything comes from the DSN itself: the environment's PG* variables don't stand in for what is missing.
func parseDSN(dsn string) (*pgx.ConnConfig, error) {
	given := dsnSettings(dsn)
	if given == nil {
		return nil, badDSN("the DSN is no postgres:// URL and no list of key=value settings", dsnForm)
	}
	if err := checkSettings(dsn, given); err != nil {
		return nil, err
	}
	cfg, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's error quotes the DSN, so it is not passed on.
		return nil, badDSN("the DSN has a setting that can't be read (port, sslmode, certificate file or timeout)", dsnForm)
	}
	if !agree(cfg, given) {
		return nil, badDSN("the DSN can be read in two ways", "write @, :, / and blanks in user, password and database as %40, %3A, %2F and %20; "+dsnForm)
	}
	if len(given["password"]) == 0 {
		// Not from PGPASSWORD or a password file of this machine, which were not meant for this system.
		cfg.Password = ""
	}
	cfg.RuntimeParams = map[string]string{"application_name": "docket"}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeDescribeExec
	return cfg, nil
}

// checkSettings refuses what is not to be given, or not twice, and wants what has to be.
func checkSettings(dsn string, given map[string][]string) error {
	if at := elsewhere(dsn); at != "" {
		return badDSN("the DSN gives its "+at+" a second time behind the question mark, where nobody sees it", dsnForm)
	}
	for key, values := range given {
		switch {
		case !slices.Contains(known, key):
			return badDSN("the DSN has a setting that is not taken", "of the settings only these are: "+strings.Join(known, ", "))
		case len(values) > 1:
			return badDSN("the DSN gives its "+key+" twice", "give each setting once")
		case strings.ContainsFunc(values[0], unicode.IsControl):
			return badDSN("the DSN has a control character in its "+key, "write it without")
		}
	}
	for _, key := range []string{"host", "user", "dbname"} {
		if len(given[key]) == 0 || strings.TrimSpace(given[key][0]) == "" { // the driver takes blanks around a name away
			return badDSN("the DSN names no "+key, dsnForm)
		}
	}
	if file := given["sslrootcert"]; len(file) > 0 && !readable(file[0]) {
		return badDSN("sslrootcert names no ordinary file of at most 1 MiB", "name a file with the authority's certificate in PEM")
	}
	return nil
}

// agree says whether the driver will go where the DSN is read to lead: to that host, as that user, into that database. Its reading
// of an address has rules of its own, and it takes this machine's user where it finds none.
func agree(cfg *pgx.ConnConfig, given map[string][]string) bool {
	host, _, _ := strings.Cut(given["host"][0], ",") // of several the first; the others are tried after it
	return cfg.Host == host && cfg.User == given["user"][0] && cfg.Database == given["dbname"][0] &&
		(len(given["password"]) == 0 || cfg.Password == given["password"][0])
}

// maxCertificates bounds the file of the authority's certificates: the driver reads it whole, whatever it is.
const maxCertificates = 1 << 20

func readable(file string) bool {
	if file == "" || file == "system" {
		return true
	}
	info, err := os.Stat(file)
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

// unescaped is a value as it is meant.
var unescaped = strings.NewReplacer(`\\`, `\`, `\'`, `'`)

// dsnSettings lists what a DSN gives, with every value of a setting, or nil when it has neither form.
func dsnSettings(dsn string) map[string][]string {
	given := map[string][]string{}
	add := func(key string, values ...string) {
		if key == "database" { // the driver's other name for it
			key = "dbname"
		}
		given[key] = append(given[key], values...)
	}
	if !strings.HasPrefix(dsn, "postgres://") && !strings.HasPrefix(dsn, "postgresql://") {
		for _, m := range keyword.FindAllStringSubmatch(dsn, -1) {
			add(m[1], unescaped.Replace(strings.TrimSuffix(strings.TrimPrefix(m[2], "'"), "'")))
		}
		if len(given) == 0 {
			return nil
		}
		return given
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return nil
	}
	for key, values := range u.Query() {
		add(key, values...)
	}
	for key, value := range map[string]string{"host": u.Hostname(), "user": u.User.Username(), "dbname": strings.TrimLeft(u.Path, "/")} {
		if value != "" {
			add(key, value)
		}
	}
	if password, has := u.User.Password(); has {
		add("password", password)
	}
	return given
}
