package mongo

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/privacy-docket/docket/connectors/records"
	"github.com/privacy-docket/docket/reach"
)

// writers is how many documents are changed at a time.
const writers = 8

// connect opens the connector's client, once. The one host that the DSN names is connected to and no other, whatever the server says of further ones.
func (c *Connector) connect(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.client != nil {
		return nil
	}
	d := &dialer{tcp: reach.Dialer(c.cfg.ConnectTimeout, c.cfg.MayReach), host: c.address.host, tls: c.address.tls}
	if d.tls == nil {
		d.tcp = reach.PlainDialer(c.cfg.ConnectTimeout, c.cfg.MayReach, c.cfg.MayReachPlain)
	}
	if err := d.tried(ctx, c.cfg.ConnectTimeout); err != nil {
		return c.unreached(ctx, err)
	}
	client, err := mongo.Connect(c.options(d))
	if err != nil {
		return badDSN("the DSN can't be used", dsnForm) // the driver's own error may quote it
	}
	c.client, c.dialer = client, d
	return nil
}

// options are the driver's. Nothing is asked for that the server could answer by leading elsewhere: no further hosts, no compression. TLS is the dialer's, for the
// driver's own would look at addresses that a certificate names. What fails is not tried again by the driver, which would do so until the time is over.
func (c *Connector) options(d *dialer) *options.ClientOptions {
	o := options.Client().SetHosts([]string{c.address.host}).SetDirect(true).SetDialer(d).SetAppName("docket").SetServerMonitoringMode("poll").
		SetConnectTimeout(c.cfg.ConnectTimeout).SetServerSelectionTimeout(c.cfg.ConnectTimeout).SetMaxPoolSize(writers + 2).SetRetryWrites(false).SetRetryReads(false).
		SetWriteConcern(writeconcern.Majority())
	return o.SetAuth(options.Credential{AuthMechanism: c.address.mechanism, AuthSource: c.address.source, Username: c.address.user, Password: c.address.password, PasswordSet: true})
}

// dialer connects to the one host, and remembers why it could not: the driver only says that no server was found.
type dialer struct {
	tcp  *net.Dialer
	tls  *tls.Config
	host string

	mu   sync.Mutex
	last error
}

// errElsewhere says that the driver was to connect to another host than the one that was named.
var errElsewhere = errors.New("another host")

// DialContext connects.
func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	if address != d.host {
		return nil, errElsewhere
	}
	conn, err := d.dial(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last = err
	if err != nil {
		return nil, err
	}
	return &bounded{Conn: conn}, nil
}

// dial connects, with TLS where the DSN wants it.
func (d *dialer) dial(ctx context.Context) (net.Conn, error) {
	conn, err := d.tcp.DialContext(ctx, "tcp", d.host)
	if err != nil || d.tls == nil {
		return conn, err
	}
	secure := tls.Client(conn, d.tls.Clone())
	if err := secure.HandshakeContext(ctx); err != nil {
		if ctx.Err() == nil {
			err = &handshake{err}
		}
		return nil, errors.Join(err, conn.Close())
	}
	return secure, nil
}

// failure is why the last connection was not made; nil when it was.
func (d *dialer) failure() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.last
}

// tried connects once and lets go, so that an address that leads nowhere is told at once and with its reason.
func (d *dialer) tried(ctx context.Context, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	conn, err := d.dial(ctx)
	if err != nil {
		return err
	}
	return conn.Close()
}

// handshake is why two ends did not come to speak TLS.
type handshake struct{ cause error }

func (h *handshake) Error() string { return "no TLS" }
func (h *handshake) Unwrap() error { return h.cause }

// longest is how long one message of the server may be: MongoDB's own limit (maxMessageSizeBytes, 48,000,000), whatever the server says that it is.
const longest = 48_000_000

// errTooLong says that a message is longer than one may be.
var errTooLong = errors.New("the message is too long")

// bounded is a connection whose messages may be so long. Each begins with its length, in four bytes, its own included.
type bounded struct {
	net.Conn
	head [4]byte
	have int   // bytes of the head that were read
	left int64 // bytes of the message that are to come
}

// Read reads no further than one message at a time.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left == 0 {
		if err := b.begin(); err != nil {
			return 0, err
		}
	}
	if b.have > 0 { // the head is handed on first
		n := copy(p, b.head[4-b.have:])
		b.have -= n
		b.left -= int64(n)
		return n, nil
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.Conn.Read(p)
	b.left -= int64(n)
	return n, err
}

func (b *bounded) begin() error {
	if _, err := io.ReadFull(b.Conn, b.head[:]); err != nil {
		return err
	}
	length := int64(int32(binary.LittleEndian.Uint32(b.head[:])))
	if length < 16 || length > longest {
		return errTooLong
	}
	b.have, b.left = 4, length
	return nil
}

// statement bounds one answer of the server.
func (c *Connector) statement(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, c.cfg.StatementTimeout)
}

// stopped is the error for work that was broken off from outside; nil when it wasn't.
func stopped(ctx context.Context, where string) error {
	if ctx.Err() == nil {
		return nil
	}
	return records.Stopped(where, context.Cause(ctx))
}
