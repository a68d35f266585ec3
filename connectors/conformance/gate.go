package conformance

import (
	"context"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// Gate stands before a server and lets everything through, until it is to swallow what comes over the connections that there are: as a firewall does that
// has forgotten them.
type Gate struct {
	// Address is where to connect to.
	Address string

	mu   sync.Mutex
	open []*mutable
}

// NewGate stands before the server at an address.
func NewGate(t *testing.T, server string) *Gate {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := &Gate{Address: listener.Addr().String()}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { g.pass(t.Context(), client, server) })
		}
	})
	t.Cleanup(func() {
		require.NoError(t, listener.Close())
		g.mu.Lock()
		for _, m := range g.open {
			_ = m.Close()
		}
		g.mu.Unlock()
		serving.Wait()
	})
	return g
}

// Forget swallows from now on what comes over the connections that there are.
func (g *Gate) Forget() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range g.open {
		m.mu.Lock()
		m.mute = true
		m.mu.Unlock()
	}
}

// RunForgotten has a connector ask through the gate before and after its connection is forgotten: it is given up, and the call is answered over another,
// unless whoever asked has given up.
func (g *Gate) RunForgotten(t *testing.T, ask func(context.Context) error) {
	t.Helper()
	require.NoError(t, ask(t.Context()))
	g.Forget()
	require.NoError(t, ask(t.Context()))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, ask(ctx), context.Canceled)
}

// pass lets one connection through.
func (g *Gate) pass(ctx context.Context, client net.Conn, server string) {
	defer func() { _ = client.Close() }()
	behind, err := (&net.Dialer{}).DialContext(ctx, "tcp", server)
	if err != nil {
		return
	}
	m := &mutable{Conn: behind}
	g.mu.Lock()
	g.open = append(g.open, m)
	g.mu.Unlock()
	defer func() { _ = m.Close() }()
	go func() {
		_, _ = io.Copy(client, behind)
		_ = client.Close()
	}()
	_, _ = io.Copy(m, client)
}

// mutable is a connection to a server that takes what is written without passing it on when it is mute.
type mutable struct {
	net.Conn
	mu   sync.Mutex
	mute bool
}

// Write passes on, or doesn't.
func (m *mutable) Write(b []byte) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.mute {
		return len(b), nil
	}
	return m.Conn.Write(b)
}
