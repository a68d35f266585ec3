package preflight_test

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/preflight/dnstest"
	"github.com/privacy-docket/docket/preflight/lookup"
	"github.com/privacy-docket/docket/privacy"
)

// world has the records of example.com, and the key with which its messages are signed.
type world struct {
	dns     *dnstest.Records
	key     crypto.Signer
	checker *preflight.Checker
}

// newWorld answers with the records by itself.
func newWorld(t testing.TB) *world {
	t.Helper()
	records := dnstest.NewRecords()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return furnish(t, records, records, key, "k=ed25519; p="+base64.StdEncoding.EncodeToString(public))
}

// newWorldOverDNS asks a name server on loopback for them. Its key is RSA, whose record is longer than one string of DNS.
func newWorldOverDNS(t testing.TB) *world {
	t.Helper()
	server := dnstest.Start(t)
	resolver, err := lookup.New(server.Address)
	require.NoError(t, err)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	require.NoError(t, err)
	return furnish(t, server.Records, resolver, key, "k=rsa; p="+base64.StdEncoding.EncodeToString(public))
}

func furnish(t testing.TB, records *dnstest.Records, resolver preflight.Resolver, key crypto.Signer, record string) *world {
	t.Helper()
	w := &world{dns: records, key: key}
	for _, domain := range []string{"example.com", "mail.example.com", "sender.example"} {
		w.dns.Set("test._domainkey."+domain, "v=DKIM1; "+record)
	}
	w.dns.Set("_dmarc.example.com", "v=DMARC1; p=none")
	w.checker = newChecker(t, resolver)
	return w
}

func newChecker(t testing.TB, resolver preflight.Resolver) *preflight.Checker {
	t.Helper()
	book, err := policies.Embedded()
	require.NoError(t, err)
	checker, err := preflight.New(book.Mail(), resolver)
	require.NoError(t, err)
	return checker
}

// sign signs a message with all of its fields that readers see.
func (w *world) sign(t testing.TB, raw, domain string, fields ...string) string {
	t.Helper()
	if fields == nil {
		fields = []string{"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Mime-Version", "Content-Type"}
	}
	var signed bytes.Buffer
	require.NoError(t, dkim.Sign(&signed, strings.NewReader(raw), &dkim.SignOptions{
		Domain: domain, Selector: "test", Signer: w.key, HeaderKeys: fields,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	}))
	return signed.String()
}

// stored reads a message of testdata, with the line ends of mail.
func stored(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("testdata/messages/" + name + ".eml")
	require.NoError(t, err)
	return strings.ReplaceAll(string(raw), "\n", "\r\n")
}

// good is a question about the good message that knows all there is to know.
func good() preflight.Question {
	return preflight.Question{
		Class: privacy.CommercialMail, Consent: preflight.ConsentExpress, TrackingConsent: preflight.TrackingYes, Domains: []string{"example.com"},
		Name: "Example Garden", Address: "12 Orchard Street, Springfield, IL 62704",
	}
}

func (w *world) check(t testing.TB, raw string, q preflight.Question) preflight.Report {
	t.Helper()
	report, err := w.checker.Check(t.Context(), []byte(raw), q)
	require.NoError(t, err)
	return report
}

// found lists the rules of a report's findings.
func found(r preflight.Report) []string {
	out := []string{}
	for _, f := range r.Findings {
		out = append(out, f.Rule)
	}
	return out
}
