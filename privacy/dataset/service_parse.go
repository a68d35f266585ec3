package dataset

import (
	"fmt"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// ParseService reads the document that says how a service behind HTTP is reached. It is as strict as Parse, and its error is a Problems value too.
func ParseService(name string, text []byte) (*Service, error) {
	r := reader{source: &source{file: name}, taxonomy: NewTaxonomy()}
	root := r.load(text)
	if root == nil {
		return nil, r.problems.err()
	}
	top := r.object(root, "", "service")
	n := top.get("service")
	if n == nil {
		if len(r.problems) == 0 {
			r.add(root.Line, "", "there is no service in the file", "write service: and its name, url and collections below it")
		}
		return nil, r.problems.err()
	}
	s := r.service(n)
	if len(r.problems) > 0 {
		return nil, r.problems.err()
	}
	return s, nil
}

func (r reader) service(n *yaml.Node) *Service {
	o := r.object(n, "service", "name", "url", "auth", "constants", "headers", "limits", "test", "collections")
	s := &Service{Name: o.required("name"), URL: strings.TrimRight(o.required("url"), "/"), Headers: r.templates(o, "headers"), Constants: map[string]string{}}
	if why := badBase(s.URL); s.URL != "" && why != "" {
		o.problem("url", "url "+why, "write the address that all paths begin with, as https://api.example.com/v2")
	}
	for name, t := range r.templates(o, "constants") {
		if len(t) != 1 || t[0].Place != "" {
			o.problem("constants", "a constant is a text without places for values", "write the value itself")
			continue
		}
		s.Constants[name] = t[0].Text
	}
	s.Auth, s.Limits = r.serviceAuth(o), r.serviceLimits(o)
	if test := o.get("test"); test != nil {
		q := r.object(test, "service.test", requestKeys()...)
		s.Test = r.request(q, "GET")
	}
	seen := map[string]int{}
	for _, c := range r.some(o, "collections", "nothing says how rows are found") {
		sc := r.serviceCollection(c)
		r.once(seen, sc.Address.String(), sc.Line, "service", "collection")
		s.Collections = append(s.Collections, sc)
	}
	r.places(s)
	return s
}

// badBase says what keeps an address from being a base.
func badBase(address string) string {
	u, err := url.Parse(address)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return "is no address"
	case u.User != nil:
		return "holds a user or password, which belong among the secrets"
	case u.RawQuery != "" || u.Fragment != "" || strings.ContainsAny(address, "?#"):
		return "has a query or a fragment"
	}
	return ""
}

func (r reader) serviceAuth(o object) ServiceAuth {
	n := o.get("auth")
	if n == nil {
		return ServiceAuth{Kind: AuthNone}
	}
	q := r.object(n, "service.auth", "kind", "name", "prefix", "token_url", "scope", "credentials")
	a := ServiceAuth{Kind: AuthKind(q.required("kind")), Name: q.str("name"), Prefix: q.str("prefix"), TokenURL: q.str("token_url"), Scope: q.str("scope"),
		InBody: q.str("credentials") == "body"}
	q.oneOf("kind", string(a.Kind), string(AuthNone), string(AuthBearer), string(AuthBasic), string(AuthHeader), string(AuthQuery), string(AuthOAuth2))
	q.oneOf("credentials", q.str("credentials"), "basic", "body")
	named := a.Kind == AuthHeader || a.Kind == AuthQuery
	switch {
	case named && a.Name == "":
		q.problem("name", "name is missing", "name the "+string(a.Kind)+" that takes the token")
	case a.Kind == AuthHeader && !headerName.MatchString(a.Name):
		q.problem("name", "name is no name of a header", "write it as X-Api-Key")
	case a.Name != "" && !named:
		q.problem("name", "name belongs to the kinds header and query", "remove it")
	case a.Kind == AuthOAuth2 && badToken(a.TokenURL):
		q.problem("token_url", "token_url is missing or no address", "write where tokens are given, as https://login.example.com/oauth/token")
	}
	return a
}

// badToken reports whether an address is none that tokens are asked of: it may have a query.
func badToken(address string) bool {
	before, _, _ := strings.Cut(address, "?")
	return badBase(before) != "" || strings.Contains(address, "#")
}

var (
	headerName = regexp.MustCompile(`^[A-Za-z0-9-]{1,100}$`)
	ratePer    = regexp.MustCompile(`^([1-9][0-9]{0,5})/(second|minute|hour)$`)
)

func (r reader) serviceLimits(o object) ServiceLimits {
	var l ServiceLimits
	n := o.get("limits")
	if n == nil {
		return l
	}
	q := r.object(n, "service.limits", "rate", "concurrency", "retries", "timeout", "answer_bytes", "pages")
	if rate := q.str("rate"); rate != "" {
		m := ratePer.FindStringSubmatch(rate)
		if m == nil {
			q.problem("rate", "rate is no number of requests within a time", "write it as 5/second, 100/minute or 1000/hour")
		} else {
			l.Requests, _ = strconv.Atoi(m[1])
			l.Per = map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour}[m[2]]
		}
	}
	l.Concurrency, l.Retries = q.atMost("concurrency", 16), q.atMost("retries", 10)
	l.Timeout = q.within("timeout", time.Second, 10*time.Minute)
	l.Answer, l.Pages = int64(q.atMost("answer_bytes", 64<<20)), q.atMost("pages", 1_000_000)
	return l
}

// atMost reads a whole number above zero with an upper limit.
func (o object) atMost(key string, most int) int {
	n := o.positive(key)
	if n > most {
		o.problem(key, fmt.Sprintf("%s is more than %d", key, most), fmt.Sprintf("write at most %d", most))
	}
	return n
}

// within reads a length of time, as 30s or 10m.
func (o object) within(key string, least, most time.Duration) time.Duration {
	s := o.str(key)
	if s == "" {
		return 0
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < least || d > most {
		o.problem(key, fmt.Sprintf("%s is no length of time from %s to %s", key, least, most), "write it as 30s or 10m")
	}
	return d
}
