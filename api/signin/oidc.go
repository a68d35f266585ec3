package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

const (
	// flowLife is how long somebody may take at their provider.
	flowLife = 10 * time.Minute
	// discoveryLife is how long what a provider says of itself is believed.
	discoveryLife = time.Hour
	flowCookie    = "single-sign-on"
)

var (
	// ErrProvider says that the provider could not be reached, or said something that proves nothing.
	ErrProvider = errors.New("the provider of single sign-on did not answer as it must")
	// ErrFlow says that the answer belongs to no sign-in that this browser began, or to one that took too long.
	ErrFlow = errors.New("this sign-in was not begun here, or took too long")
	// ErrUnverified says that the provider does not vouch for the e-mail address.
	ErrUnverified = errors.New("the provider does not vouch for the e-mail address")
)

// Providers speaks to the providers of the tenants. It is safe for concurrent use.
type Providers struct {
	client *http.Client
	// private lets issuers be on this machine or in a private network.
	private bool

	mu    sync.Mutex
	known map[string]discovered
}

type discovered struct {
	provider *oidc.Provider
	until    time.Time
}

// NewProviders makes one. Without private it reaches public addresses only, over TLS: who may set up single sign-on must not be able to
// have the server call what stands beside it.
func NewProviders(private bool) *Providers {
	return &Providers{client: outside(private), private: private, known: map[string]discovered{}}
}

// CheckIssuer says what is wrong with the address of a provider; the message ends a sentence that begins with the address.
func (p *Providers) CheckIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || (u.Scheme != "https" && u.Scheme != "http") {
		return errors.New("must be the address of a provider, such as https://login.example.com")
	}
	if u.Scheme == "http" && !p.private {
		return errors.New("must begin with https://")
	}
	return nil
}

// Flow is a sign-in that is under way at a provider; the browser keeps it, sealed.
type Flow struct {
	Tenant   string    `json:"t"`
	State    string    `json:"s"`
	Nonce    string    `json:"n"`
	Verifier string    `json:"v"`
	Expires  time.Time `json:"x"`
}

// Seal makes the cookie of a flow.
func (f Flow) Seal(keys *seal.AccountKeys) (string, error) { return sealCookie(keys, flowCookie, f) }

// OpenFlow reads the cookie of a flow whose answer has come: ErrFlow when there is none, it is another's, or took too long.
func OpenFlow(keys *seal.AccountKeys, cookie, state string, now time.Time) (Flow, error) {
	var f Flow
	if !openCookie(keys, flowCookie, cookie, &f) || !now.Before(f.Expires) || subtle.ConstantTimeCompare([]byte(f.State), []byte(state)) != 1 {
		return Flow{}, ErrFlow
	}
	return f, nil
}

// Begin gives the address at the provider to which the browser goes.
//
// fresh has the provider ask the person anew, whoever is signed in there already.
func (p *Providers) Begin(ctx context.Context, sso storage.SingleSignOn, tenant, back string, fresh bool, now time.Time) (address string, flow Flow, err error) {
	provider, err := p.discover(ctx, sso.Issuer, now)
	if err != nil {
		return "", Flow{}, err
	}
	flow = Flow{Tenant: tenant, State: NewToken(), Nonce: NewToken(), Verifier: oauth2.GenerateVerifier(), Expires: now.Add(flowLife)}
	config := configOf(sso, provider, back)
	options := []oauth2.AuthCodeOption{oidc.Nonce(flow.Nonce), oauth2.S256ChallengeOption(flow.Verifier)}
	if fresh {
		options = append(options, oauth2.SetAuthURLParam("max_age", "0"), oauth2.SetAuthURLParam("prompt", "login"))
	}
	return config.AuthCodeURL(flow.State, options...), flow, nil
}

func configOf(sso storage.SingleSignOn, provider *oidc.Provider, back string) oauth2.Config {
	return oauth2.Config{
		ClientID: sso.ClientID, ClientSecret: sso.Secret, Endpoint: provider.Endpoint(), RedirectURL: back, Scopes: []string{oidc.ScopeOpenID, "email", "profile"},
	}
}

// discover reads what a provider says of itself, when it is first needed and once an hour.
func (p *Providers) discover(ctx context.Context, issuer string, now time.Time) (*oidc.Provider, error) {
	p.mu.Lock()
	known, ok := p.known[issuer]
	p.mu.Unlock()
	if ok && now.Before(known.until) {
		return known.provider, nil
	}
	// The provider's keys are fetched later, with the context that it was found with.
	found, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), issuer)
	if err != nil {
		return nil, fmt.Errorf("discover the provider: %w", ErrProvider)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known[issuer] = discovered{provider: found, until: now.Add(discoveryLife)}
	return found, nil
}

// Vouched is whom a provider vouches for.
type Vouched struct {
	Subject, Email, Name string
	// Role is what the tenant gives to what the provider says; "" when it gives nothing.
	Role string
	// At is when the person was last asked by the provider; zero when it does not say.
	At time.Time
}

// Finish trades the code for what the provider says about the person, and checks all of it.
func (p *Providers) Finish(ctx context.Context, sso storage.SingleSignOn, flow Flow, code, back string, now time.Time) (Vouched, error) {
	provider, err := p.discover(ctx, sso.Issuer, now)
	if err != nil {
		return Vouched{}, err
	}
	config := configOf(sso, provider, back)
	token, err := config.Exchange(oidc.ClientContext(ctx, p.client), code, oauth2.VerifierOption(flow.Verifier))
	if err != nil {
		return Vouched{}, fmt.Errorf("trade the code: %w", ErrProvider)
	}
	raw, ok := token.Extra("id_token").(string)
	if !ok {
		return Vouched{}, fmt.Errorf("read the identity: %w", ErrProvider)
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: sso.ClientID, Now: p.now(now)})
	identity, err := verifier.Verify(ctx, raw)
	if err != nil || subtle.ConstantTimeCompare([]byte(identity.Nonce), []byte(flow.Nonce)) != 1 {
		return Vouched{}, fmt.Errorf("check the identity: %w", ErrProvider)
	}
	claims := map[string]any{}
	if err := identity.Claims(&claims); err != nil {
		return Vouched{}, fmt.Errorf("read the identity: %w", ErrProvider)
	}
	p.complete(ctx, provider, token, identity.Subject, claims)
	return vouched(identity.Subject, claims, sso)
}

// now is the clock that identities are checked by: they carry the provider's time, so it is that of the world.
func (p *Providers) now(now time.Time) func() time.Time { return func() time.Time { return now } }

// complete adds what the provider tells only when it is asked for it. One that tells nothing there leaves the identity as it is.
func (p *Providers) complete(ctx context.Context, provider *oidc.Provider, token *oauth2.Token, subject string, claims map[string]any) {
	if provider.UserInfoEndpoint() == "" {
		return
	}
	info, err := provider.UserInfo(oidc.ClientContext(ctx, p.client), oauth2.StaticTokenSource(token))
	if err != nil || info.Subject != subject {
		return
	}
	more := map[string]any{}
	if info.Claims(&more) != nil {
		return
	}
	for name, value := range more {
		if _, there := claims[name]; !there {
			claims[name] = value
		}
	}
}

// How long an address and a subject are at most (RFC 5321, OpenID Connect Core 1.0 section 2).
const (
	longestEmail   = 254
	longestSubject = 255
)

func vouched(subject string, claims map[string]any, sso storage.SingleSignOn) (Vouched, error) {
	v := Vouched{Subject: subject}
	v.Email, _ = claims["email"].(string)
	v.Name, _ = claims["name"].(string)
	verified, _ := claims["email_verified"].(bool)
	if v.Email == "" || !verified {
		return Vouched{}, ErrUnverified
	}
	if _, err := seal.NormalEmail(v.Email); err != nil || len(v.Email) > longestEmail || subject == "" || len(subject) > longestSubject {
		return Vouched{}, fmt.Errorf("use what the provider says: %w", ErrProvider)
	}
	v.Name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, v.Name)
	if at, said := claims["auth_time"].(float64); said && at > 0 {
		v.At = time.Unix(int64(at), 0)
	}
	v.Role = roleIn(claims[sso.RoleClaim], sso.Roles)
	return v, nil
}

// MappedRoles are the roles that single sign-on can give, the most powerful first.
func MappedRoles() []string { return []string{"admin", "dpo", "lead", "agent", "auditor", "executive"} }

// roleIn finds the most powerful of the roles that a claim stands for. A claim is one value or a list of them.
func roleIn(claim any, roles map[string]string) string {
	var given []string
	values, ok := claim.([]any)
	if !ok {
		values = []any{claim}
	}
	for _, value := range values {
		if text, ok := value.(string); ok && roles[text] != "" {
			given = append(given, roles[text])
		}
	}
	for _, role := range MappedRoles() {
		if slices.Contains(given, role) {
			return role
		}
	}
	return ""
}
