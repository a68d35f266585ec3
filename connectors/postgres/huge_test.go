package postgres_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/url"
	"runtime"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/postgres"
)

// bloated is a server that answers the first fetch of rows with one of two gigabytes: the real one, with a way to it that
// puts such a row before whatever rows it gives.
type bloated struct {
	address string
	armed   atomic.Bool
	sent    atomic.Int64 // bytes of the row that were taken
	// endless repeats the first row that it gives instead, as long as it is taken.
	endless bool
}

const twoGigabytes = 1<<31 - 1

func newBloated(t *testing.T, target string) *bloated {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, listener.Close()) })
	b := &bloated{address: listener.Addr().String()}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			server, err := net.Dial("tcp", target)
			if err != nil {
				_ = client.Close()
				continue
			}
			go b.ask(client, server)
			go b.answer(server, client)
		}
	}()
	return b
}

// ask carries what the client says, and looks out for the fetch.
func (b *bloated) ask(client, server net.Conn) {
	defer func() { _ = server.Close() }()
	buffer := make([]byte, 64<<10)
	for {
		n, err := client.Read(buffer)
		if bytes.Contains(buffer[:n], []byte("FETCH FORWARD")) {
			b.armed.Store(true)
		}
		if _, wrong := server.Write(buffer[:n]); wrong != nil || err != nil {
			return
		}
	}
}

// answer carries what the server says, message by message.
func (b *bloated) answer(server, client net.Conn) {
	defer func() { _ = client.Close() }()
	head := make([]byte, 5)
	for {
		if _, err := io.ReadFull(server, head); err != nil {
			return
		}
		if head[0] == 'D' && b.armed.Load() {
			if b.endless {
				b.repeat(server, client, head)
			} else {
				b.swell(client)
			}
			return
		}
		if _, err := client.Write(head); err != nil {
			return
		}
		if _, err := io.CopyN(client, server, int64(binary.BigEndian.Uint32(head[1:]))-4); err != nil {
			return
		}
	}
}

// repeat sends one row over and over.
func (b *bloated) repeat(server io.Reader, client io.Writer, head []byte) {
	body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
	if _, err := io.ReadFull(server, body); err != nil {
		return
	}
	rows := bytes.Repeat(append(bytes.Clone(head), body...), 1000)
	for b.sent.Load() < twoGigabytes {
		n, err := client.Write(rows)
		b.sent.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// swell sends a row with one value of two gigabytes, as far as it is taken.
func (b *bloated) swell(client net.Conn) {
	row := []byte{'D'}
	row = binary.BigEndian.AppendUint32(row, twoGigabytes)
	row = binary.BigEndian.AppendUint16(row, 1)
	row = binary.BigEndian.AppendUint32(row, twoGigabytes-10)
	zeros := make([]byte, 1<<20)
	for chunk := row; b.sent.Load() < twoGigabytes; chunk = zeros {
		n, err := client.Write(chunk)
		b.sent.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// A row of two gigabytes is refused by the length it announces: it is named with what to do, for a person to decide, and
// takes no room in this process.
func TestRowOfTwoGigabytesIsRefusedUnread(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	b := newBench(t)
	b.seed(t)
	datasets := conformance.Parse(t, conformance.Mail)
	at, err := url.Parse(b.dsn)
	require.NoError(t, err)
	server := newBloated(t, at.Host)
	at.Host = server.address
	c := b.connector(t, postgres.Config{DSN: at.String(), Datasets: datasets})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = c.Collect(t.Context(), conformance.Plan(t, datasets, conformance.Email("a@example.org")), conformance.NewRecorder())
	runtime.ReadMemStats(&after)
	var told *connectors.Error
	require.True(t, errors.As(err, &told), "%v", err)
	require.Equal(t, connectors.ErrTooLarge, told.Code)
	require.Equal(t, "d.mail", told.Where)
	require.NotEmpty(t, told.Do)
	require.False(t, connectors.Temporary(err), "trying again brings the same row")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "bytes that were taken from memory")
}

// A server that lists rows to erase without end is left, with little of it read and none of it done.
func TestEndlessRowsToErase(t *testing.T) { //nolint:paralleltest // it measures the memory of the whole process
	b := newBench(t)
	b.seed(t)
	b.mayWrite(t)
	datasets := conformance.Parse(t, conformance.Mail)
	at, err := url.Parse(b.dsn)
	require.NoError(t, err)
	server := newBloated(t, at.Host)
	server.endless = true
	at.Host = server.address
	c := b.connector(t, postgres.Config{DSN: at.String(), Datasets: datasets, AllowWrites: true})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err = c.Erase(t.Context(), conformance.Errand(t, datasets, conformance.Deletion("mail")), conformance.NewLedger())
	runtime.ReadMemStats(&after)
	require.ErrorIs(t, err, connectors.ErrServer)
	require.ErrorContains(t, err, "the server gives more than it was asked for")
	require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(64<<20), "bytes that were taken from memory")
	require.Equal(t, "1", b.one(t, `SELECT count(*)::text FROM mail`))
}
