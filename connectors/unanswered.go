package connectors

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/url"

	"github.com/privacy-docket/docket/reach"
)

// Unanswered explains why no answer came over HTTP. noun is what was asked: "service", "store", "processor". The library's own error quotes the
// address with its values, and is not passed on.
func Unanswered(where, noun string, to *url.URL, err error) *Error {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var slow net.Error
	fault := func(code Code, what, do string) *Error { return &Error{Code: code, Where: where, What: what, Do: do} }
	switch {
	case errors.Is(err, reach.ErrOff) && to.Scheme == "http":
		return fault(ErrUnreachable, to.Host+" would be spoken to without TLS", "write https; whoever runs Docket can allow networks with DOCKET_SERVICES_NETWORKS")
	case errors.Is(err, reach.ErrOff):
		return fault(ErrUnreachable, to.Host+" is not on the open network", "name a public host; whoever runs Docket can allow networks with DOCKET_SERVICES_NETWORKS")
	case errors.As(err, &cert), errors.As(err, &authority):
		return fault(ErrUnreachable, "the certificate of "+to.Host+" can't be verified", "have the "+noun+" show one that is valid for its name")
	case errors.As(err, &dns):
		return fault(ErrUnreachable, "a host name of the "+noun+" can't be resolved", "correct url in the "+noun+" document")
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		return fault(ErrTimeout, "the "+noun+" did not answer in time", "try again; if it is slow and its document has limits.timeout, raise that")
	default:
		return fault(ErrUnreachable, "the connection to the "+noun+" broke", "try again; if it goes on, ask whoever runs the "+noun)
	}
}
