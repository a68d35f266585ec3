// Package dnstest has TXT records for tests, and a name server on loopback that answers with them.
package dnstest

import (
	"net"
	"testing"

	"github.com/miekg/dns"
	"github.com/stretchr/testify/require"
)

// Server is a name server with records that can change.
type Server struct {
	*Records
	// Address is host:port, over UDP and TCP.
	Address string
}

// Start runs a server until the test ends.
func Start(t testing.TB) *Server {
	t.Helper()
	packets, err := net.ListenPacket("udp", "127.0.0.1:0") //nolint:noctx // closed when the test ends
	require.NoError(t, err)
	s := &Server{Records: NewRecords(), Address: packets.LocalAddr().String()}
	listener, err := net.Listen("tcp", s.Address) //nolint:noctx // closed when the test ends
	if err != nil {
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

// ServeDNS answers one question.
func (s *Server) ServeDNS(to dns.ResponseWriter, question *dns.Msg) {
	texts, known, broken := s.get(question.Question[0].Name)
	answer := new(dns.Msg).SetReply(question)
	switch {
	case broken:
		answer.Rcode = dns.RcodeServerFailure
	case !known:
		answer.Rcode = dns.RcodeNameError
	case question.Question[0].Qtype == dns.TypeTXT:
		for _, text := range texts {
			answer.Answer = append(answer.Answer, &dns.TXT{
				Hdr: dns.RR_Header{Name: question.Question[0].Name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: 1}, Txt: chunks(text),
			})
		}
	}
	if _, udp := to.RemoteAddr().(*net.UDPAddr); udp {
		answer.Truncate(dns.MinMsgSize)
	}
	_ = to.WriteMsg(answer) // whoever asked has gone
}

// chunks parts a record into strings of at most 255 bytes, as DNS carries them.
func chunks(text string) []string {
	var out []string
	for len(text) > 255 {
		out, text = append(out, text[:255]), text[255:]
	}
	return append(out, text)
}
