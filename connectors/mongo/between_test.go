package mongo_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/privacy-docket/docket/connectors/mongo"
)

// between is a server that hands on to the real one what it doesn't answer itself: it misbehaves as the real one can't be made to.
type between struct {
	*bench
	listener net.Listener
	// answer is asked about each command. It gives nil to have the real server asked.
	answer func(command) reply

	mu     sync.Mutex
	opened []net.Conn
}

// command is what a client asks: its name and all of it.
type command struct {
	name string
	bson.Raw
	conn net.Conn
	id   int32
}

// reply writes an answer; nil has the real server asked.
type reply func() error

// is answers with a document.
func (c command) is(doc bson.D) reply {
	return func() error {
		body, err := bson.Marshal(doc)
		if err != nil {
			return err
		}
		return c.send(int32(16+5+len(body)), body)
	}
}

// fails answers with an error of the server's, which quotes what it was asked.
func (c command) fails(code int32) reply {
	return c.is(bson.D{{Key: "ok", Value: 0}, {Key: "code", Value: code}, {Key: "codeName", Value: "Fault"}, {Key: "errmsg", Value: "no: " + c.String()}})
}

// send writes a message that says of itself that it is so long.
func (c command) send(length int32, body []byte) error {
	head := make([]byte, 21)
	binary.LittleEndian.PutUint32(head[0:], uint32(length))
	binary.LittleEndian.PutUint32(head[8:], uint32(c.id))
	binary.LittleEndian.PutUint32(head[12:], opMessage)
	_, err := c.conn.Write(append(head, body...))
	return err
}

// opMessage is the wire protocol's OP_MSG.
const opMessage = 2013

// newBetween listens in front of the stack's server.
func newBetween(t *testing.T, answer func(command) reply) *between {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return behind(t, listener, answer)
}

func behind(t *testing.T, listener net.Listener, answer func(command) reply) *between {
	t.Helper()
	b := &between{bench: newBench(t), listener: listener, answer: answer}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			b.keep(conn)
			serving.Go(func() { b.serve(conn) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		b.cut()
		serving.Wait()
	})
	return b
}

// connector opens one through it.
func (b *between) connector(t *testing.T, cfg mongo.Config) *mongo.Connector {
	t.Helper()
	return b.with("").connector(t, cfg)
}

// with is the way through it, with further settings in its DSN.
func (b *between) with(settings string) *bench {
	u := *b.url
	u.Host = b.listener.Addr().String()
	if settings != "" {
		u.RawQuery += "&" + settings
	}
	return &bench{b.Database, &u}
}

func (b *between) keep(conn net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.opened = append(b.opened, conn)
}

// cut ends all connections.
func (b *between) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, conn := range b.opened {
		_ = conn.Close()
	}
	b.opened = nil
}

func (b *between) serve(conn net.Conn) {
	upstream, err := (&net.Dialer{}).DialContext(context.Background(), "tcp", b.url.Host)
	if err != nil {
		_ = conn.Close()
		return
	}
	b.keep(upstream)
	defer func() { _ = errors.Join(conn.Close(), upstream.Close()) }()
	for {
		message, err := readMessage(conn)
		if err != nil {
			return
		}
		if answer := b.ask(conn, message); answer != nil {
			if answer() != nil {
				return
			}
			continue
		}
		if _, err := upstream.Write(message); err != nil {
			return
		}
		back, err := readMessage(upstream)
		if err != nil {
			return
		}
		if _, err := conn.Write(back); err != nil {
			return
		}
	}
}

// ask tells the test of a command.
func (b *between) ask(conn net.Conn, message []byte) reply {
	if binary.LittleEndian.Uint32(message[12:]) != opMessage || len(message) < 26 || message[20] != 0 {
		return nil
	}
	length := binary.LittleEndian.Uint32(message[21:])
	doc := bson.Raw(message[21 : 21+length])
	elements, err := doc.Elements()
	if err != nil || len(elements) == 0 {
		return nil
	}
	c := command{name: elements[0].Key(), Raw: doc, conn: conn, id: int32(binary.LittleEndian.Uint32(message[4:]))}
	if b.answer == nil {
		return nil
	}
	return b.answer(c)
}

func readMessage(r io.Reader) ([]byte, error) {
	head := make([]byte, 16)
	if _, err := io.ReadFull(r, head); err != nil {
		return nil, err
	}
	if length := binary.LittleEndian.Uint32(head); length < 16 || length > 48_000_000 {
		return nil, errors.New("no message")
	}
	var message bytes.Buffer
	message.Write(head)
	_, err := io.CopyN(&message, r, int64(binary.LittleEndian.Uint32(head))-16)
	return message.Bytes(), err
}
