package service

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// show lets a request say who asks; it returns the token that ends.
func (c *client) show(ctx context.Context, req *http.Request) (used string, err error) {
	auth := c.doc.Auth
	switch auth.Kind {
	case dataset.AuthBearer:
		req.Header.Set("Authorization", "Bearer "+c.secrets["token"])
	case dataset.AuthBasic:
		req.SetBasicAuth(c.secrets["user"], c.secrets["password"])
	case dataset.AuthHeader:
		req.Header.Set(auth.Name, auth.Prefix+c.secrets["token"])
	case dataset.AuthQuery:
		q := req.URL.Query()
		q.Set(auth.Name, c.secrets["token"])
		req.URL.RawQuery = q.Encode()
	case dataset.AuthOAuth2:
		if used, err = c.token(ctx); err != nil {
			return "", err
		}
		req.Header.Set("Authorization", "Bearer "+used)
	case dataset.AuthNone:
	}
	return used, nil
}

const (
	// tokenEnds is how long a token is used whose giver doesn't say.
	tokenEnds = 5 * time.Minute
	// tokenSpare is how long before its end a token is not used any more.
	tokenSpare  = 30 * time.Second
	tokenAnswer = 64 << 10
)

// token gives the token that the service's sign-in gave for the client's credentials (RFC 6749, section 4.4), or has a new one given.
func (c *client) token(ctx context.Context) (string, error) {
	sum := sha256.Sum256([]byte(strings.Join([]string{c.doc.Auth.TokenURL, c.doc.Auth.Scope, c.secrets["client_id"], c.secrets["client_secret"]}, "\x00")))
	name := hex.EncodeToString(sum[:])
	now := c.cfg.Clock.Now()
	if t, ok := c.cfg.Pool.held(name, now); ok {
		return t, nil
	}
	req, err := c.tokenRequest(ctx)
	if err != nil {
		return "", err
	}
	o := &order{url: req.URL}
	res, err := c.transport.RoundTrip(req)
	if err != nil {
		return "", c.broken(ctx, o, err).err
	}
	defer res.Body.Close()
	if res.StatusCode >= 500 || res.StatusCode == http.StatusTooManyRequests {
		return "", &connectors.Error{Code: connectors.ErrServer, What: "the service's sign-in failed", Do: "try again; if it goes on, ask whoever runs the service"}
	}
	var given struct {
		Token string `json:"access_token"`
		Type  string `json:"token_type"`
		Ends  int64  `json:"expires_in"`
	}
	d := json.NewDecoder(http.MaxBytesReader(nil, res.Body, tokenAnswer))
	if res.StatusCode != http.StatusOK || d.Decode(&given) != nil || given.Token == "" || !strings.EqualFold(given.Type, "bearer") || controls(given.Token) {
		return "", &connectors.Error{Code: connectors.ErrCredentials, What: "the service's sign-in gives no bearer token for these client credentials", Do: "check client_id, client_secret, token_url and scope"}
	}
	ends := tokenEnds
	if given.Ends > 0 {
		ends = max(time.Duration(min(given.Ends, 86_400))*time.Second-tokenSpare, time.Second)
	}
	c.cfg.Pool.keep(name, pooledToken{value: given.Token, ends: now.Add(ends)})
	return given.Token, nil
}

func (c *client) tokenRequest(ctx context.Context) (*http.Request, error) {
	form := url.Values{"grant_type": {"client_credentials"}}
	if c.doc.Auth.Scope != "" {
		form.Set("scope", c.doc.Auth.Scope)
	}
	if c.doc.Auth.InBody {
		form.Set("client_id", c.secrets["client_id"])
		form.Set("client_secret", c.secrets["client_secret"])
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.doc.Auth.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, documentFault("", "token_url is no address", "correct it")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	if !c.doc.Auth.InBody {
		req.SetBasicAuth(url.QueryEscape(c.secrets["client_id"]), url.QueryEscape(c.secrets["client_secret"]))
	}
	return req, nil
}
