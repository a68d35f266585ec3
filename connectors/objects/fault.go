package objects

import (
	"context"
	"errors"
	"net"
	"net/http"
	"slices"

	"github.com/minio/minio-go/v7"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/records"
)

// documentFault is the error for a store document that the annotation or an order doesn't fit.
func documentFault(where, what, do string) *connectors.Error {
	return &connectors.Error{Code: connectors.ErrDocument, Where: where, What: what, Do: do}
}

// answerFault is the error for an answer that no store gives that means well.
func answerFault(where, what string) *connectors.Error {
	return &connectors.Error{Code: connectors.ErrAnswer, Where: where, What: what, Do: "ask whoever runs the store; until then look there by hand"}
}

// fault explains what went wrong. What a store says about it quotes keys, and is not passed on.
func (c *Connector) fault(ctx context.Context, where string, err error) error {
	var own *connectors.Error
	var said minio.ErrorResponse
	switch {
	case errors.As(err, &own):
		if own.Where == "" {
			placed := *own
			placed.Where = where
			return &placed
		}
		return own
	case ctx.Err() != nil:
		return records.Stopped(where, context.Cause(ctx))
	case errors.As(err, &said) && said.StatusCode != 0 || said.Code != "":
		return c.refused(where, said)
	}
	return c.broken(where, err)
}

// broken explains why no answer came.
func (c *Connector) broken(where string, err error) error {
	switch {
	case errors.Is(err, errTooLong):
		return answerFault(where, "an answer is longer than it can be")
	case errors.Is(err, errEndless):
		return answerFault(where, "a listing goes on and on without naming an object")
	}
	fault := connectors.Unanswered(where, "store", c.base, err)
	var dns *net.DNSError
	if errors.As(err, &dns) {
		fault.Do += "; with addressing: host each bucket has a name of its own"
	}
	return fault
}

// refused explains an answer that says no, by its code and status alone.
func (c *Connector) refused(where string, said minio.ErrorResponse) error {
	fault := func(code connectors.Code, what, do string) error {
		return &connectors.Error{Code: code, Where: where, What: what, Do: do}
	}
	is := func(codes ...string) bool { return slices.Contains(codes, said.Code) }
	switch status := said.StatusCode; {
	case is("NoSuchBucket"):
		return fault(connectors.ErrDatabase, "the store has no bucket of the name that the store document says", "correct bucket, or make it")
	case is("InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidToken", "ExpiredToken", "TokenRefreshRequired", "InvalidSecurity", "InvalidTokenId"):
		return fault(connectors.ErrCredentials, "the store refuses the secrets", "renew them at the store and set them here")
	case is("RequestTimeTooSkewed"):
		return fault(connectors.ErrCredentials, "the clocks of this machine and of the store differ", "set them right")
	case is("AuthorizationHeaderMalformed", "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException"), status >= 300 && status < 400:
		return documentFault(where, "the bucket lies in another region, or at another address, where the secrets are not taken", "correct region and url in the store document")
	case is("AccessDenied", "AllAccessDisabled", "AccountProblem"), status == 403:
		return fault(connectors.ErrPrivilege, "the store does not let the secrets do this", "give them the right to it: "+c.rights())
	case is("SlowDown", "SlowDownRead", "SlowDownWrite", "RequestTimeout", "OperationAborted"), status == 429, status == 503:
		return fault(connectors.ErrBusy, "the store asks to be left alone for a while", "try again later; lower limits.concurrency in the store document")
	case is("NotImplemented", "MethodNotAllowed"), status == 501, status == 405:
		return answerFault(where, "the store does not know a request that this needs")
	case status >= 500, is("InternalError"):
		return fault(connectors.ErrServer, "the store failed", "try again; if it goes on, ask whoever runs the store")
	case is("NoSuchKey", "NoSuchVersion", "PreconditionFailed", "NoSuchUpload"), status == 404, status == 412:
		return changedFault(where)
	}
	return answerFault(where, "the store refuses the request")
}

// rights says what the secrets have to be allowed.
func (c *Connector) rights() string {
	if c.cfg.AllowWrites {
		return "to list, read and delete objects and their versions, and to write objects and tags"
	}
	return "to list and read objects, their tags where the annotation has some, and for planning erasures the bucket's versioning and versions"
}

// changedFault is the error for an object that isn't any more what it was a moment ago.
func changedFault(where string) error {
	return &connectors.Error{Code: connectors.ErrBusy, Where: where, What: "an object was changed or deleted while it was read", Do: "try again"}
}

// gone reports whether an error says that there is no such object any more, or another one.
func gone(err error) bool {
	var said minio.ErrorResponse
	if !errors.As(err, &said) {
		return false
	}
	return slices.Contains([]string{"NoSuchKey", "NoSuchVersion", "NoSuchUpload", "PreconditionFailed", "MethodNotAllowed"}, said.Code) || said.StatusCode == http.StatusNotFound && said.Code != "NoSuchBucket" || said.StatusCode == http.StatusPreconditionFailed
}
