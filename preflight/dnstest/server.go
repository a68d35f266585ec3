// Package dnstest runs a name server on loopback for tests: it answers with the TXT records that a test gives it.
package dnstest

import (
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"
)

// Server is a name server with records that can change.
type Server struct {
	// Address is host:port, over UDP and TCP.
	Address string

	mu      sync.Mutex
	records map[string][]string
	broken  bool
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	s := &Server{records: map[string][]string{}}
	var listener net.Listener
	packets, err := net.ListenPacket("udp", "127.0.0.1:0") //nolint:noctx // closed when the test ends
	require.NoError(t, err)
	s.Address = packets.LocalAddr().String()
	if listener, err = net.Listen("tcp", s.Address); err != nil { //nolint:noctx // closed when the test ends
		require.NoError(t, packets.Close())
		return Start(t) // the port is another's over TCP
	}
	for _, server := range []*dns.Server{{PacketConn: packets, Handler: s}, {Listener: listener, Handler: s}} {
		started := make(chan struct{})
		server.NotifyStartedFunc = func() { close(started) }
		ended := make(chan error, 1)
		go func() { ended <- server.ActivateAndServe() }()
		<-started
		t.Cleanup(func() {
			require.NoError(t, server.Shutdown())
			require.NoError(t, <-ended)
		})
	}
	return s
}

// Set publishes the TXT records of a name; none takes them away.
func (s *Server) Set(name string, records ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.records[key(name)] = records; len(records) == 0 {
		delete(s.records, key(name))
	}
}

// Break has every question answered by SERVFAIL, or by the records again.
func (s *Server) Break(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// ServeDNS answers one question.
func (s *Server) ServeDNS(to dns.ResponseWriter, question *dns.Msg) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := new(dns.Msg).SetReply(question)
	records, known := s.records[key(question.Question[0].Name)]
	switch {
	case s.broken:
		answer.Rcode = dns.RcodeServerFailure
	case !known:
		answer.Rcode = dns.RcodeNameError
	case question.Question[0].Qtype == dns.TypeTXT:
		for _, record := range records {
			answer.Answer = append(answer.Answer, &dns.TXT{
				Hdr: dns.RR_Header{Name: question.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 1}, Txt: chunks(record),
			})
		}
	}
	if _, udp := to.RemoteAddr().(*net.UDPAddr); udp {
		answer.Truncate(dns.MinMsgSize)
	}
	_ = to.WriteMsg(answer) // whoever asked has gone
}

// chunks parts a record into strings of at most 255 bytes, as DNS carries them.
func chunks(record string) []string {
	var out []string
	for len(record) > 255 {
		out, record = append(out, record[:255]), record[255:]
	}
	return append(out, record)
}

func key(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }
