package localtest

import (
	"context"
	"io"
	"net"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Door is a way to a server that a test can close and slow down. The server behind it notices nothing.
type Door struct {
	// Address is where the way begins, host:port.
	Address string

	target string
	mu     sync.Mutex
	shut   bool
	delay  time.Duration
	open   map[net.Conn]bool
}

// NewDoor opens a way to the server at target.
func NewDoor(t testing.TB, target string) *Door {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	d := &Door{Address: listener.Addr().String(), target: target, open: map[net.Conn]bool{}}
	var group sync.WaitGroup
	group.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			group.Go(func() { d.pass(conn) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		d.Close()
		group.Wait()
	})
	return d
}

// Close breaks every connection and lets none through any more.
func (d *Door) Close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = true
	for conn := range d.open {
		_ = conn.Close() // it is to be broken, however it stands
	}
}

// Open lets connections through again.
func (d *Door) Open() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.shut = false
}

// Slow has everything that is said to the server arrive so much later.
func (d *Door) Slow(delay time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.delay = delay
}

func (d *Door) pass(conn net.Conn) {
	server, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", d.target)
	if err != nil {
		_ = conn.Close()
		return
	}
	if !d.keep(conn, server) {
		return
	}
	var group sync.WaitGroup
	for _, way := range []struct {
		from, to net.Conn
		slow     bool
	}{{conn, server, true}, {server, conn, false}} {
		group.Go(func() {
			d.carry(way.from, way.to, way.slow)
			_, _ = way.from.Close(), way.to.Close()
		})
	}
	group.Wait()
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.open, conn)
	delete(d.open, server)
}

// keep remembers the two ends of a way, so that they can be broken; false when the door is shut.
func (d *Door) keep(ends ...net.Conn) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, end := range ends {
		d.open[end] = true
		if d.shut {
			_ = end.Close()
			delete(d.open, end)
		}
	}
	return !d.shut
}

// carry brings over what one side says, as it comes.
func (d *Door) carry(from io.Reader, to io.Writer, slow bool) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if slow && n > 0 {
			d.mu.Lock()
			delay := d.delay
			d.mu.Unlock()
			time.Sleep(delay)
		}
		if _, wrong := to.Write(buffer[:n]); wrong != nil || err != nil {
			return
		}
	}
}

// Through gives a URL whose way leads through the door.
func (d *Door) Through(t testing.TB, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	u.Host = d.Address
	return u.String()
}
