package postgres

import (
	"context"
	"errors"
	"net"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// fault turns a driver's error into ours. The server's message and detail may quote values, so only its SQLSTATE is used.
func fault(where string, err error) error {
	if out, known := relational.Known(where, err); known {
		return out
	}
	var large *pgproto3.ExceededMaxBodyLenErr
	if errors.As(err, &large) {
		return relational.TooLarge(where, int64(large.MaxExpectedBodyLen))
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		e := sqlFault(pg.Code)
		e.Where = where
		return e
	}
	return relational.Broken(where)
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
	at := strconv.Itoa(int(port))
	switch {
	case errors.As(err, new(*pgconn.PgError)), errors.Is(err, context.Canceled):
		return fault("", err)
	case strings.Contains(err.Error(), "refused TLS"):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: net.JoinHostPort(host, at) + " doesn't speak TLS", Do: "switch TLS on at the server, or set sslmode=disable where the network is trusted"}
	default:
		return relational.Unreached(host, at, "sslrootcert", "sslmode=verify-full", err)
	}
}
