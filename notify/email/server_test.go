package email_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// server is a real SMTP server that keeps what it took.
type server struct {
	mu    sync.Mutex
	mails [][]byte
	rcpt  []string
	// refuse, when set, is what RCPT answers.
	refuse error
	// password wanted for sign-in; empty offers none.
	password string
	// hangUp, when set, is called after a message was taken.
	hangUp func(net.Conn)
	stall  chan struct{}
}

func (s *server) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &session{server: s, conn: c}, nil
}

func (s *server) taken() [][]byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.mails
}

type session struct {
	*server
	conn     *smtp.Conn
	signedIn bool
}

func (s *session) AuthMechanisms() []string {
	if s.password == "" {
		return nil
	}
	return []string{sasl.Plain}
}

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, username, password string) error {
		if username != "docket" || password != s.password {
			return errors.New("wrong password for docket@secret.example")
		}
		s.signedIn = true
		return nil
	}), nil
}

func (s *session) Mail(string, *smtp.MailOptions) error {
	if s.stall != nil {
		<-s.stall
	}
	if s.password != "" && !s.signedIn {
		return smtp.ErrAuthRequired
	}
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.rcpt = append(s.rcpt, to)
	return s.refuse
}

func (s *session) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.mu.Lock()
	s.mails = append(s.mails, b)
	s.mu.Unlock()
	if s.hangUp != nil {
		go s.hangUp(s.conn.Conn())
	}
	return err
}

func (*session) Reset()        {}
func (*session) Logout() error { return nil }

type mode int

const (
	plain mode = iota
	startTLS
	implicit
)

// serve starts the server on a free port and gives that port.
func serve(t *testing.T, s *server, m mode) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	srv := smtp.NewServer(s)
	srv.Domain, srv.AllowInsecureAuth, srv.EnableSMTPUTF8 = "mail.example", true, true
	srv.ErrorLog = quiet{}
	if m != plain {
		srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate(t)}}
	}
	port := listener.Addr().(*net.TCPAddr).Port
	if m == implicit {
		listener = tls.NewListener(listener, srv.TLSConfig)
	}
	go func() { _ = srv.Serve(listener) }()
	t.Cleanup(func() { _ = srv.Close() })
	return port
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

func certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
