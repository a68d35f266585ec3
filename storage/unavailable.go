package storage

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// ErrUnavailable says that the register cannot work now: it is away, starting, or out of space or connections. What was
// sent may be sent again; whether a change was kept before the connection broke, only asking again tells.
var ErrUnavailable = errors.New("the register is not available")

// unavailable says whether an error is the state of the server and nothing that was asked of it. A caller who did not wait
// has an error of their own.
func unavailable(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var answered *pgconn.PgError
	if errors.As(err, &answered) {
		return awayCode(answered.Code)
	}
	var connecting *pgconn.ConnectError
	if errors.As(err, &connecting) {
		return true
	}
	for _, broken := range []error{io.ErrUnexpectedEOF, net.ErrClosed, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNREFUSED} {
		if errors.Is(err, broken) {
			return true
		}
	}
	return pgconn.SafeToRetry(err) // a connection that was found closed before a word was said
}

// awayCode sorts SQLSTATE codes by their class: 08 connection, 53 out of disk, memory or connections, 58 trouble with
// files, and of class 57 the server that stops or starts. 25006 is a server that was made read-only.
func awayCode(code string) bool {
	for _, class := range []string{"08", "53", "58", "57P", "25006"} {
		if strings.HasPrefix(code, class) {
			return true
		}
	}
	return false
}
