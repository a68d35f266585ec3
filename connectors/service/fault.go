package service

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/reach"
)

// answerFault is the error for an answer that the service document doesn't fit.
func answerFault(where, what, do string) error {
	return &connectors.Error{Code: connectors.ErrAnswer, Where: where, What: what, Do: do}
}

// documentFault is the error for a service document that the annotation doesn't fit.
func documentFault(where, what, do string) *connectors.Error {
	return &connectors.Error{Code: connectors.ErrDocument, Where: where, What: what, Do: do}
}

// broken explains why no answer came.
func (c *client) broken(ctx context.Context, o *order, err error) outcome {
	if ctx.Err() != nil {
		return outcome{err: records.Stopped(o.where, context.Cause(ctx))}
	}
	var cert *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	final := errors.Is(err, reach.ErrOff) || errors.As(err, &cert) || errors.As(err, &authority)
	return outcome{err: connectors.Unanswered(o.where, "service", o.url, err), again: !final}
}

// refused explains an answer that says no, by its status alone.
func (c *client) refused(o *order, a *answer) outcome {
	fault := func(code connectors.Code, what, do string) outcome {
		return outcome{answer: a, err: &connectors.Error{Code: code, Where: o.where, What: fmt.Sprintf("%s (status %d)", what, a.status), Do: do}}
	}
	switch s := a.status; {
	case s == http.StatusTooManyRequests, s == http.StatusServiceUnavailable && a.header.Get("Retry-After") != "":
		out := fault(connectors.ErrBusy, "the service asks to be left alone for a while", "try again later; lower limits.rate in the service document")
		out.again, out.refused, out.after = true, s == http.StatusTooManyRequests, retryAfter(a.header.Get("Retry-After"), c.cfg.Clock.Now())
		return out
	case s >= 500:
		out := fault(connectors.ErrServer, "the service failed", "try again; if it goes on, ask whoever runs the service")
		out.again = s != http.StatusNotImplemented
		return out
	case s >= 300 && s < 400:
		return fault(connectors.ErrAnswer, "the service leads elsewhere, where credentials are not taken", "write the address it leads to into the service document, if it is the service's")
	case s == http.StatusUnauthorized:
		return fault(connectors.ErrCredentials, "the service refuses the secrets", "renew them at the service and set them here")
	case s == http.StatusForbidden:
		return fault(connectors.ErrPrivilege, "the service does not let the secrets do this", "give them the right to it at the service")
	case s == http.StatusNotFound, s == http.StatusGone, s == http.StatusMethodNotAllowed:
		return fault(connectors.ErrTable, "the service knows nothing under this path", "correct path and method in the service document, or list the status under nobody if it means that there is no such row")
	case s == http.StatusConflict, s == http.StatusLocked, s == http.StatusFailedDependency:
		return fault(connectors.ErrConstraint, "the service refuses it because of something that depends on it", "have what depends on it erased before, with erase_after in the annotation")
	default:
		return fault(connectors.ErrAnswer, "the service refuses the request", "compare the service document with the service's own description")
	}
}

// retryAfter reads how long a service asks to be left alone; 0 when it doesn't say.
func retryAfter(s string, now time.Time) time.Duration {
	if seconds, err := strconv.Atoi(s); err == nil && seconds >= 0 && seconds < 1<<30 {
		return max(time.Duration(seconds)*time.Second, time.Millisecond)
	}
	if at, err := http.ParseTime(s); err == nil {
		return max(at.Sub(now), time.Millisecond)
	}
	return 0
}
