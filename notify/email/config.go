// Package email sends messages by SMTP.
package email

import (
	"fmt"
	"net"
	"net/url"
	"strconv"
	"time"
)

// Encryption of the connection to the mail server.
type Encryption string

// The kinds of encryption.
const (
	// StartTLS demands an upgrade before anything is said (RFC 3207).
	StartTLS Encryption = "starttls"
	// ImplicitTLS speaks TLS from the first byte (RFC 8314).
	ImplicitTLS Encryption = "tls"
	// Plain is for a server on the same machine only.
	Plain Encryption = "none"
)

// Config says how to reach the mail server and who writes.
type Config struct {
	Host string
	// Port; 0 means 587 with STARTTLS, 465 with implicit TLS, 25 without.
	Port       int
	Encryption Encryption
	// Username and Password are empty where the server wants no sign-in. They are never sent without TLS, except to
	// a loopback address.
	Username, Password string
	// From is the address that the letters come from, FromName the name beside it.
	From, FromName string
	// ReplyTo is where answers go; empty means From.
	ReplyTo string
	// MessageDomain stands after the @ of each Message-ID; empty means the domain of From.
	MessageDomain string
	// HELO is the name that we greet with; empty means the machine's name.
	HELO string
	// Timeout for a whole delivery; 0 means 30 seconds.
	Timeout time.Duration
	// InsecureSkipVerify accepts any certificate. For tests.
	InsecureSkipVerify bool
}

// DefaultTimeout for one delivery.
const DefaultTimeout = 30 * time.Second

// ParseURL reads a configuration from an address:
//
//	smtp://mail.example:587?tls=starttls&timeout=20s&helo=docket.example
//	smtps://user@mail.example
//
// smtp means STARTTLS unless tls=none is given, smtps implicit TLS. From and the password are set by the caller; a
// password in the address is taken too, but addresses end up in logs. Errors never repeat the address.
func ParseURL(address string) (Config, error) {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return Config{}, fmt.Errorf("the mail server's address is not of the form smtp://host:port or smtps://host:port")
	}
	c := Config{Host: u.Hostname(), Encryption: StartTLS, HELO: u.Query().Get("helo")}
	if u.User != nil {
		c.Username = u.User.Username()
		c.Password, _ = u.User.Password()
	}
	if err := c.readTLS(u.Scheme, u.Query().Get("tls")); err != nil {
		return Config{}, err
	}
	if text := u.Port(); text != "" {
		if c.Port, err = strconv.Atoi(text); err != nil || c.Port > 65535 {
			return Config{}, fmt.Errorf("the mail server's port must be a number up to 65535")
		}
	}
	if text := u.Query().Get("timeout"); text != "" {
		if c.Timeout, err = time.ParseDuration(text); err != nil || c.Timeout <= 0 {
			return Config{}, fmt.Errorf("the mail server's timeout must be a duration such as 20s")
		}
	}
	return c, knownKeys(u.Query())
}

func (c *Config) readTLS(scheme, mode string) error {
	switch {
	case scheme == "smtps" && (mode == "" || mode == string(ImplicitTLS)):
		c.Encryption = ImplicitTLS
	case scheme == "smtp" && mode == "":
	case scheme == "smtp":
		c.Encryption = Encryption(mode)
	default:
		return fmt.Errorf("the mail server's address must begin with smtp:// or smtps://, smtps without another tls")
	}
	if c.Encryption != StartTLS && c.Encryption != ImplicitTLS && c.Encryption != Plain {
		return fmt.Errorf("the mail server's tls must be starttls, tls or none")
	}
	return nil
}

func knownKeys(values url.Values) error {
	for key := range values {
		if key != "tls" && key != "timeout" && key != "helo" {
			return fmt.Errorf("the mail server's address has an unknown setting; known are tls, timeout and helo")
		}
	}
	return nil
}

// port with its default.
func (c Config) port() int {
	switch {
	case c.Port != 0:
		return c.Port
	case c.Encryption == ImplicitTLS:
		return 465
	case c.Encryption == Plain:
		return 25
	}
	return 587
}

// loopback tells whether the server is on this machine, so that nobody can listen.
func (c Config) loopback() bool {
	ip := net.ParseIP(c.Host)
	return c.Host == "localhost" || ip != nil && ip.IsLoopback()
}
