package dataset

import (
	"net/url"
	"strings"
)

// ReadSecrets reads what opens a service: name=value, one per line, and exactly the names that its way of signing in takes. The error holds no value.
func (a ServiceAuth) ReadSecrets(text string) (map[string]string, error) {
	return readSecrets(text, a.Secrets(), nil)
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
