package relational

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/reach"
)

// Known tells whether an error needs no database to be understood: none, one of ours, or the end of the time that there was.
func Known(where string, err error) (out error, known bool) {
	if err == nil || errors.As(err, new(*connectors.Error)) {
		return err, true
	}
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			return Stopped(where, cause), true
		}
	}
	return nil, false
}

// Stopped is the error for work that was stopped from outside.
func Stopped(where string, cause error) error {
	return (&connectors.Error{Code: connectors.ErrTimeout, Where: where, What: "the work was stopped before it was done", Do: "try again"}).Wrap(cause)
}

// Broken is the error for a connection that ended without a word.
func Broken(where string) error {
	return &connectors.Error{Code: connectors.ErrUnreachable, Where: where, What: "the connection to the database broke", Do: "try again; if it goes on, look at the server's log"}
}

// TooLarge is the error for a row beyond the limit.
func TooLarge(where string, limit int64) error {
	return &connectors.Error{Code: connectors.ErrTooLarge, Where: where, What: fmt.Sprintf("a row is longer than the %d MiB that are taken in at once", limit>>20),
		Do: "take the field that holds so much out of the dataset and try again, or leave the system out; deliver that value some other way"}
}

// Unreached explains why no connection came about, when no server said why. The host is named, never user or password; authority is the DSN's
// setting for a certificate's authority, encrypted the one that has a connection encrypted.
func Unreached(host, port, authority, encrypted string, err error) error {
	at := net.JoinHostPort(host, port)
	unreachable := func(what, do string) error {
		return &connectors.Error{Code: connectors.ErrUnreachable, What: what, Do: do}
	}
	switch {
	case errors.Is(err, reach.ErrOff):
		return unreachable(at+" is on this machine or its link, which tenants' systems are not", "name a host of the network; whoever runs Docket can allow it with DOCKET_SYSTEMS_NEARBY")
	case errors.Is(err, reach.ErrPlain):
		return unreachable(at+" is on the open network, and the connection may go without encryption", "switch TLS on at the server and give "+encrypted+"; whoever runs Docket can let a network go without it with DOCKET_SERVICES_NETWORKS")
	case errors.As(err, new(*net.DNSError)):
		return unreachable("the host name "+host+" can't be resolved", "correct the host in the DSN")
	case errors.As(err, new(*tls.CertificateVerificationError)), errors.As(err, new(x509.UnknownAuthorityError)):
		return unreachable("the certificate of "+at+" can't be verified", "give the authority's certificate with "+authority)
	case errors.Is(err, context.DeadlineExceeded), timedOut(err):
		return unreachable(at+" doesn't answer", "check host, port and firewall")
	default:
		return unreachable(at+" refuses the connection", "check host and port, and that the server runs")
	}
}

func timedOut(err error) bool {
	var slow net.Error
	return errors.As(err, &slow) && slow.Timeout()
}
