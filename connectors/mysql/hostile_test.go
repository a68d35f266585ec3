package mysql_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/mysql"
)

// hostile is a server that lets everybody in and answers the first question as it likes.
type hostile struct {
	address string
	mu      sync.Mutex
	heard   bytes.Buffer // what the client says behind the first question
	sent    int64
}

func newHostile(t *testing.T, answer func(h *hostile, conn net.Conn)) *hostile {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	h := &hostile{address: listener.Addr().String()}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go h.serve(conn, answer)
		}
	}()
	return h
}

// packet is one of the protocol's.
func packet(sequence byte, body []byte) []byte {
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(body)))
	head[3] = sequence
	return append(head, body...)
}

// read takes one packet in.
func read(conn net.Conn) ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(conn, head); err != nil {
		return nil, err
	}
	head[3] = 0
	body := make([]byte, binary.LittleEndian.Uint32(head))
	_, err := io.ReadFull(conn, body)
	return body, err
}

func (h *hostile) serve(conn net.Conn, answer func(*hostile, net.Conn)) {
	defer func() { _ = conn.Close() }()
	greeting := append([]byte{10}, "5.5.5-10.11.0-MariaDB\x00"...)
	greeting = append(greeting, 1, 0, 0, 0)                                                      // connection
	greeting = append(greeting, "12345678\x00"...)                                               // challenge
	greeting = append(greeting, 0xff, 0xf7, 45, 2, 0, 0x08, 0, 21, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) // without TLS
	greeting = append(greeting, "123456789012\x00mysql_native_password\x00"...)
	if _, err := conn.Write(packet(0, greeting)); err != nil {
		return
	}
	if _, err := read(conn); err != nil {
		return
	}
	if _, err := conn.Write(packet(2, []byte{0, 0, 0, 2, 0, 0, 0})); err != nil {
		return
	}
	if _, err := read(conn); err != nil { // the first question
		return
	}
	answer(h, conn)
}

// TestFilesOfThisMachineAreNotHandedOut answers a question with the wish for a file, which the protocol allows every server.
func TestFilesOfThisMachineAreNotHandedOut(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("s3cret"), 0o600))
	over := make(chan struct{})
	h := newHostile(t, func(h *hostile, conn net.Conn) {
		defer close(over)
		if _, err := conn.Write(packet(1, append([]byte{0xfb}, file...))); err != nil {
			return
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		_ = conn.SetReadDeadline(time.Now().Add(2 * time.Second))
		_, _ = io.CopyN(&h.heard, conn, 4)
	})
	c, err := mysql.New(mysql.Config{DSN: "mysql://u:p@" + h.address + "/d?tls=false", Datasets: conformance.Parse(t, conformance.Mail), ConnectTimeout: 5 * time.Second})
	require.NoError(t, err)
	require.Error(t, c.Test(t.Context()))
	<-over
	h.mu.Lock()
	defer h.mu.Unlock()
	require.NotContains(t, h.heard.String(), "s3cret")
	require.Equal(t, []byte{0, 0, 0, 2}, h.heard.Bytes(), "an empty file, and nothing of the real one")
}

// TestAServerWithoutTLS is asked for it.
func TestAServerWithoutTLS(t *testing.T) {
	t.Parallel()
	h := newHostile(t, func(*hostile, net.Conn) {})
	c, err := mysql.New(mysql.Config{DSN: "mysql://u:p@" + h.address + "/d?tls=true", Datasets: conformance.Parse(t, conformance.Mail), ConnectTimeout: 5 * time.Second})
	require.NoError(t, err)
	err = c.Test(t.Context())
	require.ErrorIs(t, err, connectors.ErrUnreachable)
	require.ErrorContains(t, err, "doesn't speak TLS")
}

// TestRowWithoutEndIsRefused answers a question with a row that goes on and on: what it takes of this process's memory is bounded.
func TestRowWithoutEndIsRefused(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	const most = 1<<24 - 1
	h := newHostile(t, func(h *hostile, conn net.Conn) {
		column := append([]byte{3, 'd', 'e', 'f', 0, 0, 0, 1, 'v', 0, 12, 45, 0, 0, 0, 0, 0, 0xfc}, 0, 0, 0, 0, 0)
		start := append(packet(1, []byte{1}), packet(2, column)...)
		if _, err := conn.Write(append(start, packet(3, []byte{0xfe, 0, 0, 2, 0})...)); err != nil {
			return
		}
		for sequence := byte(4); h.sent < 4<<30; sequence++ {
			piece := packet(sequence, make([]byte, most))
			if sequence == 4 {
				copy(piece[4:], []byte{0xfe, 0, 0, 0, 0, 1, 0, 0, 0}) // one value of four gigabytes
			}
			n, err := conn.Write(piece)
			h.mu.Lock()
			h.sent += int64(n)
			h.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	c, err := mysql.New(mysql.Config{DSN: "mysql://u:p@" + h.address + "/d?tls=false", Datasets: conformance.Parse(t, conformance.Mail), RowLimit: 20 << 20})
	require.NoError(t, err)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = c.Test(t.Context())
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, connectors.ErrTooLarge)
	require.False(t, connectors.Temporary(err), "trying again brings the same row")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(512<<20), "bytes that were taken from memory, the other side's among them")
	h.mu.Lock()
	defer h.mu.Unlock()
	require.Less(t, h.sent, int64(200<<20))
}
