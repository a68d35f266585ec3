package postgres

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/reach"
)

// fault turns a driver's error into ours. The server's message and detail may quote values, so only its SQLSTATE is used.
func fault(where string, err error) error {
	if err == nil {
		return nil
	}
	var ours *connectors.Error
	if errors.As(err, &ours) {
		return err
	}
	for _, cause := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, cause) {
			return (&connectors.Error{Code: connectors.ErrTimeout, Where: where, What: "the work was stopped before it was done", Do: "try again"}).Wrap(cause)
		}
	}
	var large *pgproto3.ExceededMaxBodyLenErr
	if errors.As(err, &large) {
		return &connectors.Error{Code: connectors.ErrTooLarge, Where: where,
			What: fmt.Sprintf("a row is longer than the %d MiB that are taken in at once", large.MaxExpectedBodyLen>>20),
			Do:   "take the field that holds so much out of the dataset and try again, or leave the system out; deliver that value some other way"}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		e := sqlFault(pg.Code)
		e.Where = where
		return e
	}
	return &connectors.Error{Code: connectors.ErrUnreachable, Where: where, What: "the connection to the database broke", Do: "try again; if it goes on, look at the server's log"}
}

// sqlFault explains a SQLSTATE.
func sqlFault(code string) *connectors.Error {
	for _, k := range []struct {
		prefix   string
		code     connectors.Code
		what, do string
	}{
		{"57014", connectors.ErrTimeout, "a query ran longer than the statement timeout", "create an index on the column that finds the rows, or raise the timeout"},
		{"55P03", connectors.ErrTimeout, "a table stayed locked longer than the lock timeout", "try again when the other session has finished"},
		{"25P03", connectors.ErrTimeout, "the transaction was idle too long while rows were being stored", "try again; the parts already stored are kept"},
		{"42P01", connectors.ErrVanished, "a table is gone", "restore it or change the dataset, then try again"},
		{"42703", connectors.ErrVanished, "a column is gone", "restore it or change the dataset, then try again"},
		{"3F000", connectors.ErrVanished, "a schema is gone", "restore it or change the dataset, then try again"},
		{"42501", connectors.ErrPrivilege, "the role may not read it", "grant USAGE on the schema and SELECT on the table to the role"},
		{"42883", connectors.ErrType, "two columns that refer to each other can't be compared", "give them the same type, or read one through a view that casts"},
		{"22P05", connectors.ErrType, "a document holds the character \\u0000, so that its members can't be read", "correct the document, or treat the whole column"},
		{"22P0", connectors.ErrType, "a value that should find rows doesn't fit the column's type", "correct the annotation: the identity or reference belongs to another column"},
		{"2200", connectors.ErrType, "a value that should find rows doesn't fit the column's type", "correct the annotation: the identity or reference belongs to another column"},
		{"40", connectors.ErrBusy, "the server ended the snapshot because of a conflict", "try again"},
		{"53", connectors.ErrBusy, "the server is out of connections, memory or disk", "try again later"},
		{"57P", connectors.ErrBusy, "the server is shutting down or starting", "try again later"},
		{"28", connectors.ErrCredentials, "the server refused user or password", "check both, and that pg_hba.conf lets this host in"},
		{"3D000", connectors.ErrDatabase, "the database doesn't exist", "correct the database's name in the DSN"},
	} {
		if strings.HasPrefix(code, k.prefix) {
			return &connectors.Error{Code: k.code, What: k.what, Do: k.do}
		}
	}
	return &connectors.Error{Code: connectors.ErrServer, What: "the server refused a query (SQLSTATE " + code + ")", Do: "look at the server's log"}
}

// connectFault explains why no connection came about. The host is named, never user or password.
func connectFault(host string, port uint16, err error) error {
	at := fmt.Sprintf("%s:%d", host, port)
	var pg *pgconn.PgError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	switch {
	case errors.As(err, &pg), errors.Is(err, context.Canceled):
		return fault("", err)
	case errors.Is(err, reach.ErrOff):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: at + " is on this machine or its link, which tenants' systems are not", Do: "name a host of the network; whoever runs Docket can allow it with DOCKET_SYSTEMS_NEARBY"}
	case errors.As(err, &dns):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: "the host name " + host + " can't be resolved", Do: "correct the host in the DSN"}
	case errors.As(err, &cert), errors.As(err, &authority):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: "the certificate of " + at + " can't be verified", Do: "give the authority's certificate with sslrootcert"}
	case strings.Contains(err.Error(), "refused TLS"):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: at + " doesn't speak TLS", Do: "switch TLS on at the server, or set sslmode=disable where the network is trusted"}
	case errors.Is(err, context.DeadlineExceeded):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: at + " doesn't answer", Do: "check host, port and firewall"}
	default:
		return &connectors.Error{Code: connectors.ErrUnreachable, What: at + " refuses the connection", Do: "check host and port, and that the server runs"}
	}
}
