package dataset

import (
	"errors"
	"net/url"
	"slices"
	"strings"
)

// ReadSecrets reads what opens a service: name=value, one per line, and exactly the names that its way of signing in takes. The error holds no value.
func (a ServiceAuth) ReadSecrets(text string) (map[string]string, error) {
	wanted, out := a.Secrets(), map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		name = strings.TrimSpace(name)
		switch _, twice := out[name]; {
		case !ok || !slices.Contains(wanted, name):
			return nil, errors.New("they hold something that the way of signing in does not take")
		case twice:
			return nil, errors.New(name + " stands twice")
		case value == "" || strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == 0x7f }):
			return nil, errors.New(name + " is empty, or has signs that can't be sent")
		}
		out[name] = value
	}
	for _, name := range wanted {
		if out[name] == "" {
			return nil, errors.New(name + " is missing")
		}
	}
	return out, nil
}

// SecretsForm says how the secrets are written, for people.
func (a ServiceAuth) SecretsForm() string {
	if len(a.Secrets()) == 0 {
		return "leave it empty: the service document says that the service asks nobody who they are"
	}
	return "write " + strings.Join(a.Secrets(), "=… and ") + "=…, each on a line of its own"
}

// Origins are where the service's secrets are sent: to the service, and to its sign-in.
func (s *Service) Origins() []string {
	var out []string
	for _, address := range []string{s.URL, s.Auth.TokenURL} {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			out = append(out, u.Scheme+"://"+strings.ToLower(u.Host))
		}
	}
	return out
}
