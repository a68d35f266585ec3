package mysql

import (
	"errors"
	"net"
	"sync/atomic"
)

// errTooLong ends a connection on which a row goes on beyond the limit.
var errTooLong = errors.New("a row is longer than is taken in")

// meter is a connection that counts what comes in. A row may come in any number of packets, none of which tells the length of the whole;
// so the bytes since the last row are what is bounded.
type meter struct {
	net.Conn
	limit, since atomic.Int64
}

// Read counts, and refuses to go on when the row has no end.
func (m *meter) Read(b []byte) (int, error) {
	if m.over() {
		return 0, errTooLong
	}
	n, err := m.Conn.Read(b)
	m.since.Add(int64(n))
	return n, err
}

// row tells that a row is whole.
func (m *meter) row() { m.since.Store(0) }

func (m *meter) over() bool { return m.since.Load() > m.limit.Load() }
