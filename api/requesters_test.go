package api_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api"
	"github.com/privacy-docket/docket/protocol/opendsr"
)

func verifyKey(t *testing.T) string {
	t.Helper()
	key, _, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return base64.StdEncoding.EncodeToString(key)
}

// What a requester can't be made of is refused with the field's name, and a handle is one company's until it is ended.
func TestRequesterFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	shop := map[string]any{"protocol": "opendsr", "handle": "shop", "name": "Shop", "domain": "shop.example"}
	agent := map[string]any{"protocol": "drp", "handle": "AGENT", "name": "Agent", "verify_key": verifyKey(t)}
	for place, c := range map[string]struct {
		base  map[string]any
		field string
		value any
	}{
		"body.domain":      {shop, "domain", "https://shop.example"},
		"body.domain ":     {shop, "domain", ""},
		"body.handle":      {shop, "handle", "a shop"},
		"body.vouches":     {shop, "vouches", []string{"customer_id"}},
		"body.web_url":     {agent, "web_url", "http://agent.example"},
		"body.verify_key":  {agent, "verify_key", "AAAA"},
		"body.verify_key ": {shop, "verify_key", verifyKey(t)},
		"body.domain  ":    {agent, "domain", "agent.example"},
		"body.vouches[0]":  {agent, "vouches", []string{"name"}},
		"body.protocol":    {agent, "protocol", "soap"},
		"body.name":        {agent, "name", " "},
	} {
		body := map[string]any{}
		for k, v := range c.base {
			body[k] = v
		}
		body[c.field] = c.value
		got := w.call(api.Admin, http.MethodPost, "/v1/requesters", body)
		require.Equal(t, http.StatusUnprocessableEntity, got.Status, "%s: %s", place, got.Body)
		require.Contains(t, string(got.Body), strings.TrimSpace(place)+`"`)
	}
	got := w.call(api.Admin, http.MethodPost, "/v1/requesters", shop)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	id := into[struct{ ID uuid.UUID }](t, got).ID.String()
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPost, "/v1/requesters", shop).Status)
	require.Equal(t, http.StatusForbidden, w.call(api.DPO, http.MethodGet, "/v1/requesters", nil).Status)
	require.NotContains(t, string(w.call(api.Admin, http.MethodGet, "/v1/requesters", nil).Body), "dkr_")
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodDelete, "/v1/requesters/"+id, nil).Status, "another tenant's")
	require.Equal(t, http.StatusNotFound, w.send(w.foreign, http.MethodPost, "/v1/requesters/"+id+"/key", nil).Status)
	require.Equal(t, http.StatusNoContent, w.call(api.Admin, http.MethodDelete, "/v1/requesters/"+id, nil).Status)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodPost, "/v1/requesters/"+id+"/key", nil).Status)
	require.Equal(t, http.StatusCreated, w.call(api.Admin, http.MethodPost, "/v1/requesters", shop).Status, "the handle is free again")
	got = w.call(api.Admin, http.MethodPost, "/v1/requesters", agent)
	require.NotContains(t, string(got.Body), "key", "an agent gets its key by the protocol")
	id = into[struct{ ID uuid.UUID }](t, got).ID.String()
	require.Equal(t, http.StatusConflict, w.call(api.Admin, http.MethodPost, "/v1/requesters/"+id+"/key", nil).Status)
	audited := string(w.call(api.Auditor, http.MethodGet, "/v1/audit/events?limit=50", nil).Body)
	for _, action := range []string{"requester.created", "requester.ended", "key.created"} {
		require.Contains(t, audited, action)
	}
}

// A directory is taken over as a whole or not at all; those who are there are brought up to date and keep what their word counts for.
func TestAgentsOfADirectory(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := verifyKey(t), verifyKey(t)
	entry := func(id, key string) map[string]any {
		return map[string]any{
			"id": id, "name": "Agent " + id, "verify_key": key, "web_url": "https://agent.example", "identity_assurance_url": "https://agent.example/how", "technical_contact": "tech@agent.example",
		}
	}
	imported := func(vouches []string, entries ...map[string]any) answer {
		text, err := json.Marshal(entries)
		require.NoError(t, err)
		return w.call(api.Admin, http.MethodPost, "/v1/requesters/agents", map[string]any{"directory": string(text), "vouches": vouches})
	}
	type outcome struct{ Added, Changed, Unchanged []string }
	got := imported([]string{"email"}, entry("ONE", first), entry("TWO", first))
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.Equal(t, outcome{[]string{"ONE", "TWO"}, []string{}, []string{}}, into[outcome](t, got))
	broken := imported(nil, entry("THREE", first), entry("TWO", "AAAA"))
	require.Equal(t, http.StatusUnprocessableEntity, broken.Status)
	require.Contains(t, string(broken.Body), "agent 2: verify_key")
	got = imported(nil, entry("ONE", first), entry("TWO", second), entry("THREE", first))
	require.Equal(t, outcome{[]string{"THREE"}, []string{"TWO"}, []string{"ONE"}}, into[outcome](t, got))
	for _, r := range into[struct {
		Items []struct {
			Handle, VerifyKey string
			Key               string `json:"verify_key"`
			Vouches           []string
		}
	}](t, w.call(api.Admin, http.MethodGet, "/v1/requesters", nil)).Items {
		switch r.Handle {
		case "TWO":
			require.Equal(t, second, r.Key)
			require.Equal(t, []string{"email"}, r.Vouches)
		case "THREE":
			require.Empty(t, r.Vouches)
		}
	}
}

type processor struct {
	ID          uuid.UUID
	Domain      string
	Certificate string
	URL         string `json:"certificate_url"`
	SelfSigned  bool   `json:"self_signed"`
	Request     string `json:"signing_request"`
}

// The key that signs has a certificate of its own until an authority's is put into place; another key is checked by another certificate, and the one
// before can still be fetched.
func TestTheProcessorsKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, local, wide)
	require.Equal(t, http.StatusNotFound, w.call(api.Admin, http.MethodGet, "/v1/processor-key", nil).Status)
	c := w.control("shop")
	first := into[processor](t, w.call(api.Admin, http.MethodGet, "/v1/processor-key", nil))
	require.True(t, first.SelfSigned)
	require.Equal(t, "docket.test", first.Domain)

	foreign := w.call(api.Admin, http.MethodPut, "/v1/processor-key/certificate", map[string]any{"certificate": authority(t, nil, "docket.test", w.clock.Now())})
	require.Equal(t, http.StatusUnprocessableEntity, foreign.Status)
	require.Contains(t, string(foreign.Body), "of another key")
	elsewhere := w.call(api.Admin, http.MethodPut, "/v1/processor-key/certificate", map[string]any{"certificate": authority(t, &first.Request, "elsewhere.test", w.clock.Now())})
	require.Contains(t, string(elsewhere.Body), "not for docket.test")
	old := w.call(api.Admin, http.MethodPut, "/v1/processor-key/certificate", map[string]any{"certificate": authority(t, &first.Request, "docket.test", w.clock.Now().AddDate(-5, 0, 0))})
	require.Contains(t, string(old.Body), "not valid today")
	chain := authority(t, &first.Request, "docket.test", w.clock.Now())
	got := w.call(api.Admin, http.MethodPut, "/v1/processor-key/certificate", map[string]any{"certificate": chain})
	require.Equal(t, http.StatusOK, got.Status, "%s", got.Body)
	require.False(t, into[processor](t, got).SelfSigned)
	require.Equal(t, strings.TrimSpace(chain), strings.TrimSpace(c.certificate()))
	id := c.file("access", "ana@example.test")
	status := c.send(http.MethodGet, "/requests/"+id.String(), nil)
	c.signed(c.certificate(), status.Header, status.Body)

	got = w.call(api.Admin, http.MethodPost, "/v1/processor-key", nil)
	require.Equal(t, http.StatusCreated, got.Status, "%s", got.Body)
	require.NotEqual(t, first.ID, into[processor](t, got).ID)
	after := c.send(http.MethodGet, "/requests/"+id.String(), nil)
	c.signed(c.certificate(), after.Header, after.Body)
	require.ErrorIs(t, opendsr.Verify(chain, after.Body, after.Header.Get("X-OpenDSR-Signature")), opendsr.ErrSignature)
	require.Equal(t, strings.TrimSpace(chain), strings.TrimSpace(string(w.send("", http.MethodGet, strings.TrimPrefix(first.URL, public), nil).Body)), "what was signed before can still be checked")
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, strings.Replace(strings.TrimPrefix(first.URL, public), "acme", "other", 1), nil).Status)
}

// authority signs a certificate as one would: of the key in a request, or of another where there is none.
func authority(t *testing.T, request *string, domain string, now time.Time) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	public := any(key.Public())
	if request != nil {
		block, _ := pem.Decode([]byte(*request))
		require.Equal(t, "CERTIFICATE REQUEST", block.Type)
		asked, err := x509.ParseCertificateRequest(block.Bytes)
		require.NoError(t, err)
		require.NoError(t, asked.CheckSignature())
		require.Equal(t, []string{"docket.test"}, asked.DNSNames)
		public = asked.PublicKey
	}
	ca := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "An authority"}, IsCA: true, BasicConstraintsValid: true, NotBefore: now.AddDate(-1, 0, 0), NotAfter: now.AddDate(1, 0, 0)}
	leaf := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: domain}, DNSNames: []string{domain}, NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(1, 0, 0)}
	raw, err := x509.CreateCertificate(rand.Reader, leaf, ca, public, key)
	require.NoError(t, err)
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}))
}

// A tenant states for machines what it has chosen to state, and nothing by itself.
func TestStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, wide)
	for _, at := range []string{"/acme/.well-known/gpc.json", "/acme/.well-known/data-rights.json", "/.well-known/gpc.json", "/nobody/.well-known/gpc.json"} {
		require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, at, nil).Status, at)
	}
	w.business()
	var tenant map[string]any
	require.NoError(t, json.Unmarshal(w.call(api.Admin, http.MethodGet, "/v1/tenant", nil).Body, &tenant))
	for _, gone := range []string{"id", "slug", "$schema", "operates"} {
		delete(tenant, gone)
	}
	tenant["settings"].(map[string]any)["gpc_updated"] = "2026-02-31"
	require.Equal(t, http.StatusUnprocessableEntity, w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant).Status)
	tenant["settings"].(map[string]any)["gpc_updated"] = "2026-02-28"
	require.Equal(t, http.StatusOK, w.call(api.Admin, http.MethodPut, "/v1/tenant", tenant).Status)
	w.db.ForgetTenant(w.tenant)
	got := w.send("", http.MethodGet, "/acme/.well-known/gpc.json", nil)
	require.JSONEq(t, `{"gpc": true, "lastUpdate": "2026-02-28"}`, string(got.Body))
	require.Equal(t, "application/json", got.Header.Get("Content-Type"))
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, "/.well-known/gpc.json", nil).Status, "of two tenants neither speaks for the other")
	rights := w.send("", http.MethodGet, "/acme/.well-known/data-rights.json", nil)
	require.JSONEq(t, `{"version": "1.0", "api_base": "http://docket.test/drp/acme", "actions": ["sale:opt_out", "deletion", "access", "access:specific"], "user_relationships": []}`, string(rights.Body))
	require.Equal(t, http.StatusNotFound, w.send("", http.MethodGet, "/other/.well-known/data-rights.json", nil).Status)
}
