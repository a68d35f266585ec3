package webhook

import (
	"errors"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/reach"
)

// NewTransport refuses addresses that are not public at the moment of connecting, so that a name that changes its
// address between check and use gets nowhere. Proxies are not used: they would resolve the name themselves.
func NewTransport(allowLocal bool) *http.Transport {
	may := reach.Public
	if allowLocal {
		may = nil
	}
	return &http.Transport{
		DialContext: reach.Dialer(10*time.Second, may).DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true,
		MaxIdleConnsPerHost: 2, IdleConnTimeout: time.Minute, MaxResponseHeaderBytes: 32 << 10,
	}
}

// unreached is a delivery without an answer. The error of net/http repeats the URL, so only its kind is kept.
func unreached(err, ended error) error {
	f := &notify.Failure{Channel: notify.ChannelWebhook, Step: "connect", Temporary: true}
	if errors.Is(err, reach.ErrOff) {
		f.Temporary, f.Step = false, "connect (the address is not public)"
	}
	if ended != nil {
		return f.FromContext(ended)
	}
	return f.FromContext(err)
}
