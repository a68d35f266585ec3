package mongo

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/reach"
)

func fault(code connectors.Code, where, what, do string) *connectors.Error {
	return &connectors.Error{Code: code, Where: where, What: what, Do: do}
}

// answerFault is the error for a server that doesn't keep to the protocol.
func answerFault(where, what string) error {
	return fault(connectors.ErrAnswer, where, what, "ask whoever runs the server")
}

// unreached explains why there is no connection. The library's own error is not passed on.
func (c *Connector) unreached(ctx context.Context, err error) error {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var hand *handshake
	var slow net.Error
	unreachable := func(what, do string) error { return fault(connectors.ErrUnreachable, "", what, do) }
	switch {
	case ctx.Err() != nil:
		return stopped(ctx, "")
	case errors.Is(err, reach.ErrOff):
		return unreachable("the address may not be connected to", "name a host of the company's own network; this machine and its link are off")
	case errors.Is(err, reach.ErrPlain):
		return unreachable("the address is on the open network, and the connection is not encrypted", "switch TLS on at the server and give tls=true; whoever runs Docket can let a network go without it with DOCKET_SERVICES_NETWORKS")
	case errors.As(err, &dns):
		return unreachable("the host name can't be resolved", "correct the host in the DSN")
	case errors.As(err, &cert), errors.As(err, &authority), errors.As(err, &name):
		return unreachable("the server's certificate can't be verified", "have the server show one that is valid for its name, or give tls-ca")
	case errors.As(err, &hand):
		return unreachable("the server does not speak TLS", "correct tls in the DSN, or switch it on at the server")
	case errors.As(err, &slow) && slow.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return unreachable("the server did not answer in time", "see whether host and port are right and no firewall is between")
	}
	return unreachable("the server can't be connected to", "see whether it runs and host and port are right")
}

// fault explains what an operation came to. What the server says may quote values and is not passed on.
func (c *Connector) fault(ctx context.Context, where string, err error) error {
	var own *connectors.Error
	var said mongo.ServerError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return err
	case ctx.Err() != nil:
		return stopped(ctx, where)
	case errors.Is(err, errTooLong):
		return fault(connectors.ErrTooLarge, where, "the server sends a message longer than the protocol's 48,000,000 bytes", "ask whoever runs the server")
	case errors.Is(err, errElsewhere):
		return answerFault(where, "the server leads to another one")
	case refusedLogin(err):
		return fault(connectors.ErrCredentials, where, "the server refuses user and password", "correct them in the DSN, and authSource if the user was made in another database")
	}
	if last := c.dialer.failure(); last != nil {
		return c.unreached(ctx, last)
	}
	switch {
	case mongo.IsTimeout(err), errors.Is(err, context.DeadlineExceeded):
		return fault(connectors.ErrTimeout, where, "the server did not answer in time", "try again; an index on the fields by which people are found helps")
	case mongo.IsNetworkError(err):
		return fault(connectors.ErrUnreachable, where, "the connection to the server broke", "try again; if it goes on, ask whoever runs the server")
	case errors.As(err, &said):
		return refused(where, said)
	}
	return answerFault(where, "the server's answer can't be read")
}

// authenticationFailed is the server's code for a wrong user or password.
const authenticationFailed = 18

func refusedLogin(err error) bool {
	var said mongo.ServerError
	return errors.As(err, &said) && said.HasErrorCode(authenticationFailed)
}

// The server's codes, by its list of error codes (src/mongo/base/error_codes.yml of the server's sources names them).
var (
	unauthorized = []int{13}                                              // Unauthorized
	missing      = []int{26}                                              // NamespaceNotFound
	expired      = []int{50, 262}                                         // MaxTimeMSExpired, ExceededTimeLimit
	passing      = []int{24, 43, 112, 175, 237, 246, 11600, 11601, 11602} // LockTimeout, CursorNotFound, WriteConflict, QueryPlanKilled, CursorKilled, SnapshotUnavailable, Interrupted…
	away         = []int{6, 7, 89, 91, 9001}                              // HostUnreachable, HostNotFound, NetworkTimeout, ShutdownInProgress, SocketException
	noPrimary    = []int{189, 10058, 10107, 13435, 13436}                 // PrimarySteppedDown, NotWritablePrimary…
	constrained  = []int{121, 11000, 11001, 12582}                        // DocumentValidationFailure, DuplicateKey
	tooLong      = []int{10334, 17419, 17280}                             // BSONObjectTooLarge
	undurable    = []int{64, 79, 100}                                     // WriteConcernFailed, UnknownReplWriteConcern, UnsatisfiableWriteConcern
	notHere      = []int{59, 115, 238, 303}                               // CommandNotFound, CommandNotSupported, NotImplemented, FeatureNotSupported
)

// refused explains a no by its code alone.
func refused(where string, said mongo.ServerError) error {
	is := func(codes []int) bool { return slices.ContainsFunc(codes, said.HasErrorCode) }
	switch {
	case is(unauthorized):
		return fault(connectors.ErrPrivilege, where, "the server does not let the user do this", "give it the rights that docs/connectors.md names")
	case is(missing):
		return fault(connectors.ErrTable, where, "the database has no such collection", "correct its name in the annotation, or mark it skip_processing")
	case is(expired):
		return fault(connectors.ErrTimeout, where, "the server did not answer in time", "try again; an index on the fields by which people are found helps")
	case is(noPrimary):
		return fault(connectors.ErrBusy, where, "the server that is named takes no writes at the moment", "name the primary of the replica set, or a mongos; after a change of the primary, the new one")
	case is(constrained):
		return fault(connectors.ErrConstraint, where, "a unique index or a rule of the collection refuses what is to be written", "treat the field otherwise, as with a token where values have to differ")
	case is(tooLong):
		return fault(connectors.ErrTooLarge, where, "a document would become longer than the server keeps", "treat the field with something shorter")
	case is(away):
		return fault(connectors.ErrUnreachable, where, "the server is shutting down, or can't reach others", "try again")
	case is(passing):
		return fault(connectors.ErrBusy, where, "the server broke the work off", "try again")
	case is(undurable):
		return fault(connectors.ErrServer, where, "the server could not make sure that what was written stays", "see to the replica set's members, then try again")
	case is(notHere):
		return answerFault(where, "the server does not know a request that this needs")
	}
	return fault(connectors.ErrServer, where, "the server refuses the request", "try again; if it goes on, ask whoever runs the server")
}
