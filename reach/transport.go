package reach

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"time"
)

// Ways are those by which services behind HTTP may be reached.
type Ways struct {
	// May says of each address whether it may be connected to, in the moment of connecting; Plain the same for http without TLS.
	// Default: public addresses, and none without TLS.
	May, Plain func(netip.Addr) bool
	// Authorities stand in for the system's own when they are set.
	Authorities *x509.CertPool
	// Connect bounds how long connecting takes.
	Connect time.Duration
}

// headerBytes bounds the head of an answer.
const headerBytes = 64 << 10

// Transport sends requests by these ways. Compression is never asked for, so that nothing is blown up here. No proxy is used, which would connect
// where we may not. A transport follows no redirects; who uses it must not either.
func (w Ways) Transport() *http.Transport {
	may, plain := w.May, w.Plain
	if may == nil {
		may = Public
	}
	if plain == nil {
		plain = func(netip.Addr) bool { return false }
	}
	tcp := Dialer(w.Connect, may)
	return &http.Transport{
		DialContext: Dialer(w.Connect, plain).DialContext,
		DialTLSContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(address)
			if err != nil {
				return nil, err
			}
			d := tls.Dialer{NetDialer: tcp, Config: &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host, RootCAs: w.Authorities}}
			return d.DialContext(ctx, network, address)
		},
		DisableCompression: true, MaxResponseHeaderBytes: headerBytes, IdleConnTimeout: time.Minute,
	}
}
