package signin

import (
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/reach"
)

// How long a provider may take, and how much it may say.
const (
	providerTime = 10 * time.Second
	providerSays = 1 << 20
)

// outside is a client that reaches public addresses alone, unless private says otherwise. The address is looked at when it is
// connected to, so a name that points inside is no way in.
func outside(private bool) *http.Client {
	may := reach.Public
	if private {
		may = nil
	}
	transport := &http.Transport{DialContext: reach.Dialer(providerTime, may).DialContext, TLSHandshakeTimeout: providerTime, ResponseHeaderTimeout: providerTime, ForceAttemptHTTP2: true}
	return &http.Client{
		Timeout: providerTime, Transport: bounded{transport, private},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// bounded keeps to TLS, unless plain says otherwise, and cuts answers that are longer than any provider has to say. Where a provider's
// other addresses lie is its own word.
type bounded struct {
	next  http.RoundTripper
	plain bool
}

// errPlain says that a provider gave an address without TLS.
var errPlain = errors.New("the address does not begin with https://")

// RoundTrip implements http.RoundTripper.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !b.plain {
		return nil, errPlain
	}
	response, err := b.next.RoundTrip(r)
	if err == nil {
		response.Body = struct {
			io.Reader
			io.Closer
		}{io.LimitReader(response.Body, providerSays), response.Body}
	}
	return response, err
}
