package mysql

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"

	"github.com/go-sql-driver/mysql"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/relational"
)

// fault turns a driver's error into ours. The server's message may quote values, so only its number is used.
func fault(where string, err error) error {
	if out, known := relational.Known(where, err); known {
		return out
	}
	var told *mysql.MySQLError
	if errors.As(err, &told) {
		e := numbered(told.Number)
		e.Where = where
		return e
	}
	if errors.Is(err, mysql.ErrPktTooLarge) {
		return &connectors.Error{Code: connectors.ErrTooManyKeys, Where: where, What: "the values to find rows by are more than the server takes in at once", Do: "raise its max_allowed_packet, or reverse a reference's direction"}
	}
	return relational.Broken(where)
}

// stalled is the error for a query that gave no row for too long.
func stalled(where string) error {
	return &connectors.Error{Code: connectors.ErrTimeout, Where: where, What: "a query ran longer than the statement timeout", Do: "create an index on the column that finds the rows, or raise the timeout"}
}

// reason explains some of the server's error numbers.
type reason struct {
	numbers  []uint16
	code     connectors.Code
	what, do string
}

// reasons are those that people can do something about.
func reasons() []reason {
	const again, gone = "try again", "restore it or change the dataset, then try again"
	return []reason{
		{[]uint16{1969, 3024}, connectors.ErrTimeout, "a query ran longer than the statement timeout", "create an index on the column that finds the rows, or raise the timeout"},
		{[]uint16{1205, 3572}, connectors.ErrTimeout, "a table or row stayed locked longer than the lock timeout", "try again when the other session has finished"},
		{[]uint16{1317, 1927, 1028, 3169}, connectors.ErrBusy, "somebody at the server ended the query", again},
		{[]uint16{1213, 1412, 1020}, connectors.ErrBusy, "the server ended the snapshot because of a conflict", again},
		{[]uint16{1040, 1203, 1226, 1021, 1037, 1038, 1041, 1114, 1135, 3, 28}, connectors.ErrBusy, "the server is out of connections, memory or disk", "try again later"},
		{[]uint16{1053, 1077, 1079, 3168}, connectors.ErrBusy, "the server is shutting down or starting", "try again later"},
		{[]uint16{4031, 1159, 1161}, connectors.ErrTimeout, "the session was idle too long while rows were being stored", "try again; the parts already stored are kept"},
		{[]uint16{1146, 1051, 1356}, connectors.ErrVanished, "a table is gone", gone},
		{[]uint16{1054}, connectors.ErrVanished, "a column is gone", gone},
		{[]uint16{1142, 1143, 1227, 1370, 1345}, connectors.ErrPrivilege, "the user may not read it", "grant SELECT on the table to the user"},
		{[]uint16{1267, 1270, 1271, 1292, 1366, 1411, 1525, 3854, 1690}, connectors.ErrType, "a value that should find rows doesn't fit the column's type", "correct the annotation: the identity or reference belongs to another column"},
		{[]uint16{1045, 1698, 1130, 1862, 1820, 3118, 4151, 1251, 1275}, connectors.ErrCredentials, "the server refused user or password", "check both, and that the user may come from this host"},
		{[]uint16{1044, 1049}, connectors.ErrDatabase, "the database doesn't exist, or the user may not use it", "correct the database's name in the DSN, or grant the user SELECT in it"},
		{[]uint16{1062, 1169, 1586, 1451, 1452, 1216, 1217, 1644, 3819, 4025, 1048}, connectors.ErrConstraint, "a constraint or a trigger of the table refuses it", "look at the table's keys and triggers, and change the treatment of its fields"},
		{[]uint16{1290, 1792, 1836}, connectors.ErrReadOnly, "the server or the session is read-only", "connect to the server that takes changes"},
	}
}

// numbered explains an error by its number.
func numbered(number uint16) *connectors.Error {
	for _, r := range reasons() {
		if slices.Contains(r.numbers, number) {
			return &connectors.Error{Code: r.code, What: r.what, Do: r.do}
		}
	}
	return &connectors.Error{Code: connectors.ErrServer, What: fmt.Sprintf("the server refused a query (error %d)", number), Do: "look at the server's log"}
}

// connectFault explains why no connection came about. The host is named, never user or password.
func connectFault(at string, err error) error {
	host, port, _ := net.SplitHostPort(at)
	switch {
	case errors.As(err, new(*mysql.MySQLError)), errors.Is(err, context.Canceled):
		return fault("", err)
	case errors.Is(err, mysql.ErrNoTLS):
		return &connectors.Error{Code: connectors.ErrUnreachable, What: at + " doesn't speak TLS", Do: "switch TLS on at the server, or set tls=false where the network is trusted"}
	case errors.Is(err, mysql.ErrCleartextPassword), errors.Is(err, mysql.ErrOldPassword), errors.Is(err, mysql.ErrUnknownPlugin), errors.Is(err, mysql.ErrNativePassword):
		return &connectors.Error{Code: connectors.ErrCredentials, What: "the server wants the password in a way that is not spoken", Do: "give the user mysql_native_password, caching_sha2_password or ed25519"}
	default:
		return relational.Unreached(host, port, "tls-ca", "tls=true", err)
	}
}
