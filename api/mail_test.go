package api_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/preflight/dnstest"
	"github.com/privacy-docket/docket/preflight/lookup"
)

// mailDomain is a domain as the API shows it.
type mailDomain struct {
	ID     uuid.UUID
	Domain string
	State  string
	Record struct{ Type, Name, Value string }
}

// mailWorld is an API with a name server of its own.
func mailWorld(t *testing.T) (*world, *dnstest.Server) {
	t.Helper()
	dns := dnstest.Start(t)
	resolver, err := lookup.New(dns.Address)
	require.NoError(t, err)
	return newWorld(t, func(_ *world, c *api.Config) { c.DNS = resolver }), dns
}

func (w *world) addDomain(name string) mailDomain {
	w.t.Helper()
	got := w.call(api.Admin, http.MethodPost, "/v1/mail/domains", map[string]any{"domain": name})
	require.Equal(w.t, http.StatusCreated, got.Status, "%s", got.Body)
	return into[mailDomain](w.t, got)
}

func (w *world) verifyDomain(d mailDomain) string {
	w.t.Helper()
	got := w.call(api.Admin, http.MethodPost, "/v1/mail/domains/"+d.ID.String()+"/verify", nil)
	require.Equal(w.t, http.StatusOK, got.Status, "%s", got.Body)
	return into[mailDomain](w.t, got).State
}

func TestADomainIsVerifiedByItsRecordAndLapsesWithoutIt(t *testing.T) {
	t.Parallel()
	w, dns := mailWorld(t)
	d := w.addDomain("Exämple.com.")
	require.Equal(t, []string{"xn--exmple-cua.com", "pending", "TXT", "_docket.xn--exmple-cua.com"}, []string{d.Domain, d.State, d.Record.Type, d.Record.Name})
	require.Equal(t, "pending", w.verifyDomain(d), "nothing is published")

	theirs := w.send(w.foreign, http.MethodPost, "/v1/mail/domains", map[string]any{"domain": d.Domain})
	require.Equal(t, http.StatusCreated, theirs.Status, "another tenant may say the same")
	other := into[mailDomain](t, theirs)
	require.NotEqual(t, d.Record.Value, other.Record.Value)
	dns.Set(d.Record.Name, other.Record.Value)
	require.Equal(t, "pending", w.verifyDomain(d), "the record of another tenant proves nothing of this one")

	dns.Set(d.Record.Name, other.Record.Value, d.Record.Value)
	require.Equal(t, "verified", w.verifyDomain(d))
	dns.Set(d.Record.Name)
	require.Equal(t, "verified", w.verifyDomain(d), "a record may be away for a while")
	w.clock.Advance(71 * time.Hour)
	require.Equal(t, "verified", w.verifyDomain(d))
	w.clock.Advance(time.Hour)
	require.Equal(t, "lapsed", w.verifyDomain(d))

	dns.Break(true)
	unknown := w.call(api.Admin, http.MethodPost, "/v1/mail/domains/"+d.ID.String()+"/verify", nil)
	require.Equal(t, http.StatusServiceUnavailable, unknown.Status)
	require.Equal(t, "dns-unavailable", into[api.Problem](t, unknown).Code)
	dns.Break(false)
	dns.Set(d.Record.Name, d.Record.Value)
	require.Equal(t, "verified", w.verifyDomain(d), "and back")

	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/mail/domains/"+d.ID.String(), nil).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodDelete, "/v1/mail/domains/"+d.ID.String(), nil).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodPost, "/v1/mail/domains/"+other.ID.String()+"/verify", nil).Status, "another tenant's")
	var actions []string
	for _, event := range into[struct{ Items []map[string]any }](t, w.call(api.Auditor, http.MethodGet, "/v1/audit/events?object_id="+d.ID.String(), nil)).Items {
		actions = append(actions, event["action"].(string))
	}
	require.Equal(t, []string{
		"mail_domain.removed", "mail_domain.verified", "mail_domain.not_found", "mail_domain.not_found", "mail_domain.not_found", "mail_domain.verified",
		"mail_domain.not_found", "mail_domain.not_found", "mail_domain.added",
	}, actions)
}

func TestADomainIsRefusedWithWhatToDo(t *testing.T) {
	t.Parallel()
	w, _ := mailWorld(t)
	for domain, says := range map[string]string{"co.uk": "registry", "localhost": "one part", "192.0.2.1": "an address", "exa mple.com": "no domain name", "user@example.com": "no domain name"} {
		got := w.call(api.Admin, http.MethodPost, "/v1/mail/domains", map[string]any{"domain": domain})
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, domain)
		require.Contains(t, string(got.Body), says)
	}
	w.addDomain("example.com")
	twice := w.call(api.Admin, http.MethodPost, "/v1/mail/domains", map[string]any{"domain": "EXAMPLE.com"})
	require.Equal(t, http.StatusConflict, twice.Status)
	require.Equal(t, "domain-exists", into[api.Problem](t, twice).Code)
	require.Equal(t, http.StatusForbidden, w.call(api.DPO, http.MethodPost, "/v1/mail/domains", map[string]any{"domain": "example.org"}).Status)
}

// campaign is the good message of package preflight.
func campaign(t *testing.T) string {
	t.Helper()
	raw, err := os.ReadFile("../preflight/testdata/messages/good-en.eml")
	require.NoError(t, err)
	return strings.ReplaceAll(string(raw), "\n", "\r\n")
}

// signed signs a message as example.com and publishes the key.
func signed(t *testing.T, dns *dnstest.Server, raw string) string {
	t.Helper()
	public, key, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	dns.Set("s._domainkey.example.com", "v=DKIM1; k=ed25519; p="+base64.StdEncoding.EncodeToString(public))
	dns.Set("_dmarc.example.com", "v=DMARC1; p=reject")
	var out bytes.Buffer
	require.NoError(t, dkim.Sign(&out, strings.NewReader(raw), &dkim.SignOptions{
		Domain: "example.com", Selector: "s", Signer: key, HeaderKeys: []string{"From", "Subject", "List-Unsubscribe", "List-Unsubscribe-Post"},
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	}))
	return out.String()
}

func (w *world) checkMail(raw string, query url.Values) (got answer, report preflight.Report, rules []string) {
	w.t.Helper()
	got = w.call(api.Agent, http.MethodPost, "/v1/mail/check?"+query.Encode(), raw, "Content-Type", "message/rfc822")
	if got.Status != http.StatusOK {
		return got, report, nil
	}
	report = into[preflight.Report](w.t, got)
	rules = []string{}
	for _, f := range report.Findings {
		rules = append(rules, f.Rule)
	}
	return got, report, rules
}

func TestAMessageIsCheckedAgainstTheDomainsOfTheTenant(t *testing.T) {
	t.Parallel()
	w, dns := mailWorld(t)
	raw := signed(t, dns, campaign(t))
	known := url.Values{"consent": {"express"}, "tracking_consent": {"yes"}, "address": {"12 Orchard Street, Springfield, IL 62704"}, "sender": {"Example Garden"}}
	_, report, rules := w.checkMail(raw, known)
	require.Equal(t, []string{}, rules)
	require.Contains(t, report.Unchecked[0].What, "of your own domains", "none is verified")

	d := w.addDomain("example.com")
	_, _, rules = w.checkMail(raw, known)
	require.Equal(t, []string{}, rules, "a domain that is pending is not held against the message")
	dns.Set(d.Record.Name, d.Record.Value)
	require.Equal(t, "verified", w.verifyDomain(d))
	_, report, rules = w.checkMail(raw, known)
	require.Equal(t, []string{}, rules)
	require.Equal(t, "valid", report.Message.Signatures[0].Result)
	_, _, rules = w.checkMail(strings.Replace(raw, "hello@shop.example.com", "hello@shop.example.org", 1), known)
	require.Equal(t, []string{"sender.reply_to_unverified"}, rules)

	dns.Set(d.Record.Name)
	w.clock.Advance(24 * time.Hour)
	_, _, rules = w.checkMail(raw, known)
	require.Equal(t, []string{}, rules, "looked for anew, and missing for the first time")
	w.clock.Advance(72 * time.Hour)
	_, report, rules = w.checkMail(raw, known)
	require.Equal(t, []string{"sender.from_unverified", "sender.reply_to_unverified"}, rules)
	require.Contains(t, report.Findings[0].Reason, "no longer in DNS")
}

func TestACheckTakesTheAddressOfTheProfileAndTheLawsThatAreAskedFor(t *testing.T) {
	t.Parallel()
	w, dns := mailWorld(t)
	raw := signed(t, dns, campaign(t))
	_, report, rules := w.checkMail(raw, url.Values{"country": {"US"}, "consent": {"express"}})
	require.Equal(t, []string{"postal.other"}, rules, "the tenant's address is another")
	require.Equal(t, []string{"US"}, report.Countries)
	require.Equal(t, "15 USC 7704(a)(5)(A)(iii) (valid)", report.Findings[0].Grounds[0].Citation.Text)
	_, report, _ = w.checkMail(raw, url.Values{"country": {"DE,FR"}})
	require.Equal(t, []string{"DE", "FR"}, report.Countries)
	_, report, _ = w.checkMail(raw, url.Values{"country": {"DE", "FR"}})
	require.Equal(t, []string{"DE", "FR"}, report.Countries, "however a list is written")
}

func TestAMessageThatCannotBeCheckedIsRefused(t *testing.T) {
	t.Parallel()
	w, _ := mailWorld(t)
	for name, c := range map[string]struct {
		raw    string
		query  url.Values
		status int
		says   string
	}{
		"no message":    {"hello", nil, http.StatusUnprocessableEntity, "an .eml file"},
		"nothing":       {"", nil, http.StatusBadRequest, ""},
		"too large":     {"From: a@example.com\r\n\r\n" + strings.Repeat("x", 26<<20), nil, http.StatusRequestEntityTooLarge, ""},
		"no such class": {campaign(t), url.Values{"class": {"spam"}}, http.StatusUnprocessableEntity, "query.class"},
		"no country":    {campaign(t), url.Values{"country": {"ZZ"}}, http.StatusUnprocessableEntity, "query.country"},
	} {
		got, _, _ := w.checkMail(c.raw, c.query)
		require.Equal(t, c.status, got.Status, "%s: %s", name, got.Body)
		require.Contains(t, string(got.Body), c.says, name)
	}
	json := w.call(api.Agent, http.MethodPost, "/v1/mail/check", map[string]any{"message": "x"})
	require.Equal(t, http.StatusUnsupportedMediaType, json.Status)
}

// Nothing of a message is kept or logged.
func TestNothingOfACheckedMessageIsKept(t *testing.T) {
	t.Parallel()
	w, dns := mailWorld(t)
	raw := strings.ReplaceAll(campaign(t), "reader@recipient.example", canary+"@recipient.example")
	_, _, rules := w.checkMail(signed(t, dns, raw), nil)
	require.NotEmpty(t, rules)
	silentLog(t, w)
	require.NotContains(t, string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events", nil).Body), canary)
}
