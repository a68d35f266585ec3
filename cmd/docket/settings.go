package main

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/caarlos0/env/v11"

	"github.com/privacy-docket/docket/storage/objects"
)

// settings is the product's configuration. It comes from the environment, here and nowhere else; a secret can also come
// from a file, by the variable with _FILE at its end.
type settings struct {
	Register     string `env:"DOCKET_REGISTER_URL"`       // postgres:// of the login that may act as docket_app
	Owner        string `env:"DOCKET_REGISTER_OWNER_URL"` // postgres:// of the schema's owner, for migrating only
	Master       string `env:"DOCKET_MASTER_KEY"`         // file:///path or a KMS URI
	Temporal     string `env:"DOCKET_TEMPORAL_ADDRESS" envDefault:"127.0.0.1:7233"`
	Namespace    string `env:"DOCKET_TEMPORAL_NAMESPACE" envDefault:"docket"`
	Objects      string `env:"DOCKET_OBJECTS_URL"` // https://ACCESS:SECRET@host:port/bucket
	SMTP         string `env:"DOCKET_SMTP_URL"`    // smtp://host:587 or smtps://host:465
	MailFrom     string `env:"DOCKET_MAIL_FROM"`
	SlackToken   string `env:"DOCKET_SLACK_TOKEN"`
	SlackSecret  string `env:"DOCKET_SLACK_SIGNING_SECRET"` // shows that a press of a button comes from Slack
	Listen       string `env:"DOCKET_LISTEN" envDefault:"127.0.0.1:8080"`
	PublicURL    string `env:"DOCKET_PUBLIC_URL" envDefault:"http://localhost:8080"`
	Policies     string `env:"DOCKET_POLICIES"` // a folder in place of the built-in rules
	Installation string `env:"DOCKET_INSTALLATION" envDefault:"docket"`
	Proxies      string `env:"DOCKET_PROXIES"` // networks whose X-Forwarded-For is believed, comma-separated
	// WebhooksLocal lets tenants' webhooks lead into the own network, over plain http too.
	WebhooksLocal bool `env:"DOCKET_WEBHOOKS_LOCAL"`
	// SystemsNearby lets tenants' data systems be on this machine and its link.
	SystemsNearby bool `env:"DOCKET_SYSTEMS_NEARBY"`
	// ServicesNetworks are those in which services behind HTTP may be beside the open network, over plain http too.
	ServicesNetworks []netip.Prefix `env:"DOCKET_SERVICES_NETWORKS"`
	OIDCPrivate      bool           `env:"DOCKET_OIDC_PRIVATE"`  // 1 lets providers of single sign-on be in a private network
	CodecOrigins     string         `env:"DOCKET_CODEC_ORIGINS"` // origins of Temporal's page, comma-separated
	DNS              string         `env:"DOCKET_DNS"`           // the name server that is asked about domains of mail; empty: those of the machine
}

// readSettings reads the environment.
func readSettings() (settings, error) {
	vars := env.ToMap(os.Environ())
	for name, value := range vars {
		target, ok := strings.CutSuffix(name, "_FILE")
		if !ok || !strings.HasPrefix(name, "DOCKET_") || value == "" {
			continue
		}
		secret, err := os.ReadFile(value)
		if err != nil {
			return settings{}, fmt.Errorf("%s: %w", name, err)
		}
		vars[target] = strings.TrimSpace(string(secret))
	}
	var s settings
	if err := env.ParseWithOptions(&s, env.Options{Environment: vars}); err != nil {
		return settings{}, fmt.Errorf("read the configuration: %w", err)
	}
	s.PublicURL = strings.TrimSuffix(s.PublicURL, "/")
	return s, nil
}

// require says which variables are missing, all at once, and which address cannot be one: a letter's link would lead nowhere.
func (s settings) require() error {
	if err := checkPublicURL(s.PublicURL); err != nil {
		return err
	}
	var missing []string
	for name, value := range map[string]string{
		"DOCKET_REGISTER_URL": s.Register, "DOCKET_MASTER_KEY": s.Master, "DOCKET_OBJECTS_URL": s.Objects,
		"DOCKET_SMTP_URL": s.SMTP, "DOCKET_MAIL_FROM": s.MailFrom,
	} {
		if value == "" {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("not set: %s (docs/configuration.md says what they hold)", strings.Join(missing, ", "))
	}
	return nil
}

// checkPublicURL refuses an address to which no page's path can be added.
func checkPublicURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || !web(u) || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errors.New("DOCKET_PUBLIC_URL is not of the form https://privacy.example.com: the links of every letter begin with it")
	}
	return nil
}

// web says whether an address is one that HTTP is spoken at.
func web(u *url.URL) bool { return u.Scheme == "http" || u.Scheme == "https" }

// show prints what is in force, with secrets masked.
func (s settings) show(w io.Writer) {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, line := range [][2]string{
		{"register", masked(s.Register)}, {"master key", s.Master}, {"temporal", s.Temporal + " namespace " + s.Namespace},
		{"objects", masked(s.Objects)}, {"mail", masked(s.SMTP) + " from " + s.MailFrom}, {"slack", set(s.SlackToken)},
		{"listen", s.Listen}, {"public address", s.PublicURL}, {"policies", orBuiltIn(s.Policies)}, {"name server", orOfTheMachine(s.DNS)},
	} {
		_, _ = fmt.Fprintf(table, "  %s\t%s\n", line[0], line[1])
	}
	_ = table.Flush()
}

// masked shows an address without its secrets. They can stand behind the question mark too, and anywhere in what is no URL.
func masked(address string) string {
	u, err := url.Parse(address)
	switch {
	case address == "":
		return ""
	case err != nil || u.Scheme == "" || u.Host == "":
		return "(set, and no URL that could be shown)"
	}
	query := u.Query()
	for name := range query {
		if !slices.Contains([]string{"sslmode", "tls", "timeout", "helo"}, name) {
			query.Set(name, "xxxxx")
		}
	}
	u.RawQuery, u.Fragment = query.Encode(), ""
	return u.Redacted()
}

func set(secret string) string {
	if secret == "" {
		return "off"
	}
	return "on"
}

func orOfTheMachine(server string) string {
	if server == "" {
		return "of the machine"
	}
	return server
}

func orBuiltIn(folder string) string {
	if folder == "" {
		return "built in"
	}
	return folder
}

// objectsConfig reads the address of the object store.
func objectsConfig(address string) (objects.Config, error) {
	u, err := url.Parse(address)
	if err != nil || !web(u) || u.Host == "" || u.User == nil || strings.Trim(u.Path, "/") == "" {
		return objects.Config{}, fmt.Errorf("DOCKET_OBJECTS_URL is not of the form https://ACCESS:SECRET@host:port/bucket")
	}
	secret, _ := u.User.Password()
	return objects.Config{
		Endpoint: u.Host, AccessKey: u.User.Username(), SecretKey: secret, Bucket: strings.Trim(u.Path, "/"),
		Secure: u.Scheme == "https",
	}, nil
}
