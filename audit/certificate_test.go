package audit_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
)

const certifiedCase = "0197a000-0000-7000-8000-000000000002"

// erased records an erasure between other events, and gives its certificate without a signature.
func erased(t testing.TB, b *bench) (c audit.Certificate, head audit.Head) {
	t.Helper()
	b.record(t, tenantA, 300)
	for _, step := range []struct {
		action  audit.Action
		outcome audit.Outcome
	}{{audit.ErasureProposed, audit.Done}, {audit.ErasureApproved, audit.Done}, {audit.ErasureCarriedOut, audit.Intent}, {audit.ErasureCarriedOut, audit.Done}} {
		b.at = b.at.Add(1)
		e := newEvent(tenantA, certifiedCase, b.at)
		e.Action, e.Outcome = step.action, step.outcome
		require.NoError(t, audit.Append(t.Context(), b, e))
	}
	_, err := audit.Sequencer{}.Integrate(t.Context(), b, tenantA, 10)
	require.NoError(t, err)
	b.record(t, tenantA, 3)
	b.checkpoint(t, tenantA)
	leaves, _, err := b.reader(t, tenantA).CaseLeaves(t.Context(), certifiedCase)
	require.NoError(t, err)
	c = audit.Certificate{
		Tenant:  audit.CertifiedTenant{ID: tenantA, Slug: "acme", Name: "Müller & <Søn>"},
		Request: audit.CertifiedRequest{ID: certifiedCase, Reference: "DR-1", Law: "gdpr", Right: "erasure", Citation: "GDPR Art 17", Received: b.at},
		Plan:    audit.CertifiedPlan{ID: uuid.NewString(), SHA256: strings.Repeat("ab", 32), Begun: b.at, Ended: b.at},
		Systems: []audit.CertifiedSystem{{Key: "shop", Name: "The shop", How: audit.CertifiedDone, Collections: []audit.CertifiedCollection{
			{Dataset: "shop", Collection: "orders", Deleted: 2, ReadBack: &audit.CertifiedReading{At: b.at}, Kept: []audit.CertifiedKept{}},
		}}},
		Totals: audit.CertifiedTotals{Deleted: 2}, Signed: b.at,
	}
	for _, leaf := range leaves {
		e, err := audit.Decode(leaf.Entry)
		require.NoError(t, err)
		c.Log.Events = append(c.Log.Events, audit.Evidence(leaf, e))
	}
	require.Len(t, c.Log.Events, 4)
	return c, b.heads[tenantA]
}

// certificate signs one, and exports the log that it names, which has grown since.
func certificate(t testing.TB) (signed []byte, c audit.Certificate, out files, b *bench, key string) {
	t.Helper()
	b = newBench(t)
	c, head := erased(t, b)
	signed, _, err := b.signer.Certify(c, head)
	require.NoError(t, err)
	b.record(t, tenantA, 20)
	b.checkpoint(t, tenantA)
	reader := b.reader(t, tenantA)
	out = files{}
	_, err = audit.Export(t.Context(), reader, out)
	require.NoError(t, err)
	return signed, c, out, b, reader.key
}

func TestCertificateVerifies(t *testing.T) {
	t.Parallel()
	signed, want, out, _, key := certificate(t)
	got, err := audit.OpenCertificate(signed, key)
	require.NoError(t, err)
	require.Equal(t, want.Systems, got.Systems)
	require.Equal(t, audit.CertificateFormat, got.Format)
	report, err := audit.VerifyCertified(out.fs(), key, got)
	require.NoError(t, err)
	require.Greater(t, report.Size, got.Log.Size)

	text, _, _ := strings.Cut(string(signed), "\n\n")
	answer, err := json.Marshal(map[string]any{"note": string(signed), "certificate": json.RawMessage(text), "sha256": "x"})
	require.NoError(t, err)
	_, err = audit.OpenCertificate(answer, key)
	require.NoError(t, err, "the API's answer is taken too")
}

// What was signed cannot be altered, not in the note and not beside it; and no other key than the log's opens it.
func TestCertificateThatWasAlteredIsRefused(t *testing.T) {
	t.Parallel()
	signed, _, _, b, key := certificate(t)
	text, _, _ := strings.Cut(string(signed), "\n\n")
	beside, err := json.Marshal(map[string]any{"note": string(signed), "certificate": json.RawMessage(strings.Replace(text, `"deleted": 2`, `"deleted": 3`, 1))})
	require.NoError(t, err)
	foreign, err := b.signer.VerifierKey("another")
	require.NoError(t, err)
	for name, tc := range map[string]struct {
		data []byte
		key  string
		says string
	}{
		"another number":     {bytes.Replace(signed, []byte(`"deleted": 2`), []byte(`"deleted": 3`), 1), key, "signature"},
		"shown beside it":    {beside, key, "something else than was signed"},
		"a checkpoint":       {b.checkpoint(t, tenantA), key, "reading a certificate"},
		"another tenant":     {signed, foreign, "signature"},
		"no key":             {signed, "nonsense", "reading the verifier key"},
		"nothing":            {nil, key, "signature"},
		"the text alone":     {[]byte(text), key, "signature"},
		"an answer, no note": {[]byte(`{"certificate":` + text + `}`), key, "signature"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := audit.OpenCertificate(tc.data, tc.key)
			require.ErrorIs(t, err, audit.ErrCertificate)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

// A certificate that is truly signed is still held to the log: its events must be there, at their places and as it tells them.
func TestCertificateIsHeldToTheLog(t *testing.T) {
	t.Parallel()
	_, c, out, b, key := certificate(t)
	head := b.heads[tenantA]
	sign := func(change func(*audit.Certificate), at audit.Head) audit.Certificate {
		altered := c
		altered.Log.Events = append([]audit.CertifiedEvent{}, c.Log.Events...)
		change(&altered)
		signed, _, err := b.signer.Certify(altered, at)
		require.NoError(t, err)
		opened, err := audit.OpenCertificate(signed, key)
		require.NoError(t, err)
		return opened
	}
	nothing := func(*audit.Certificate) {}
	for name, tc := range map[string]struct {
		certificate audit.Certificate
		says        string
	}{
		"another leaf":    {sign(func(c *audit.Certificate) { c.Log.Events[1].Leaf = tlog.RecordHash([]byte("x")) }, head), "event 301"},
		"another place":   {sign(func(c *audit.Certificate) { c.Log.Events[3].Index += 2 }, head), "event 305"},
		"another outcome": {sign(func(c *audit.Certificate) { c.Log.Events[2].Outcome = audit.Failed }, head), "event 302"},
		"another case":    {sign(func(c *audit.Certificate) { c.Request.ID = uuid.NewString() }, head), "event 300"},
		"another root":    {sign(nothing, audit.Head{Size: head.Size - 5, Root: head.Root}), "not those of the older checkpoint"},
		"a longer log":    {sign(nothing, audit.Head{Size: head.Size + 1, Root: head.Root}), "take a newer export"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := audit.VerifyCertified(out.fs(), key, tc.certificate)
			require.ErrorIs(t, err, audit.ErrLog)
			require.ErrorContains(t, err, tc.says)
		})
	}
}

// A certificate without the events of the approval and of the end is not signed, nor one whose events lie beyond the head.
func TestCertificateNeedsItsEvidence(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	c, head := erased(t, b)
	for name, spoil := range map[string]func(*audit.Certificate, *audit.Head){
		"no end":      func(c *audit.Certificate, _ *audit.Head) { c.Log.Events = c.Log.Events[:3] },
		"no approval": func(c *audit.Certificate, _ *audit.Head) { c.Log.Events = c.Log.Events[2:] },
		"beyond":      func(_ *audit.Certificate, h *audit.Head) { h.Size = 302 },
		"out of order": func(c *audit.Certificate, _ *audit.Head) {
			c.Log.Events = []audit.CertifiedEvent{c.Log.Events[1], c.Log.Events[0], c.Log.Events[2], c.Log.Events[3]}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			spoiled, at := c, head
			spoil(&spoiled, &at)
			_, _, err := b.signer.Certify(spoiled, at)
			require.ErrorIs(t, err, audit.ErrCertificate)
		})
	}
}

// FuzzOpenCertificate alters a signed certificate. What opens says what was signed.
func FuzzOpenCertificate(f *testing.F) {
	signed, _, _, _, key := certificate(f)
	want, err := audit.OpenCertificate(signed, key)
	require.NoError(f, err)
	text, _, _ := strings.Cut(string(signed), "\n\n")
	answer, err := json.Marshal(map[string]any{"note": string(signed), "certificate": json.RawMessage(text)})
	require.NoError(f, err)
	f.Add(false, uint32(0), []byte(""))
	f.Add(true, uint32(0), []byte(""))
	f.Add(true, uint32(40), []byte(`\u0020`))
	f.Add(false, uint32(30), []byte("  "))
	f.Fuzz(func(t *testing.T, asAnswer bool, at uint32, patch []byte) {
		data := bytes.Clone(signed)
		if asAnswer {
			data = bytes.Clone(answer)
		}
		i := int(at) % len(data)
		copy(data[i:], patch)
		got, err := audit.OpenCertificate(data, key)
		if err != nil {
			require.ErrorIs(t, err, audit.ErrCertificate)
			return
		}
		require.Equal(t, want, got)
	})
}
