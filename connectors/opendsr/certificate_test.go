package opendsr_test

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/connectors/opendsr"
	"github.com/privacy-docket/docket/privacy/dataset"
	wire "github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/reach"
)

const domain = "processor.example"

// made is when the processor's key was made; its certificate holds for two years.
var made = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// speaking is a processor that signs what it answers, and is asked with a certificate on a day.
func speaking(t *testing.T, certificate string, sign func(body []byte) string, now time.Time) *opendsr.Processor {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		body := []byte(`{"api_version": "2.0", "supported_identities": [{"identity_type": "email", "identity_format": "raw"}], "supported_subject_request_types": ["access"]}`)
		w.Header().Set("X-OpenDSR-Processor-Domain", domain)
		w.Header().Set("X-OpenDSR-Signature", sign(body))
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(body)
	}))
	t.Cleanup(server.Close)
	loopback := func(a netip.Addr) bool { return a.IsLoopback() }
	p, err := opendsr.New(opendsr.Config{
		Asked: &dataset.Asked{Of: "P", URL: server.URL, Domain: domain, Certificate: certificate, Identities: []string{"email"}, Auth: dataset.ServiceAuth{Kind: dataset.AuthNone}},
		Ways:  reach.Ways{May: loopback, Plain: loopback}, Clock: clockwork.NewFakeClockAt(now),
	})
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// A certificate that is over, or ends within thirty days, is a finding with its day; until then nothing is wrong with it.
func TestACertificateThatEnds(t *testing.T) {
	t.Parallel()
	private, certificate, ends, err := wire.NewKey(rand.Reader, domain, made)
	require.NoError(t, err)
	key, err := wire.ParseKey(private)
	require.NoError(t, err)
	sign := func(body []byte) string {
		signature, err := wire.Sign(key, body)
		if err != nil {
			return err.Error()
		}
		return signature
	}
	const month = 30 * 24 * time.Hour
	for name, c := range map[string]struct {
		at   time.Time
		says string
	}{
		"on its first day":               {made, ""},
		"a moment before thirty days":    {ends.Add(-month - time.Second), ""},
		"thirty days before its end":     {ends.Add(-month), "ends on " + ends.Format(time.DateOnly) + ", in less than 30 days"},
		"on its last moment":             {ends, "ends on "},
		"behind its end":                 {ends.Add(time.Second), "ended on " + ends.Format(time.DateOnly)},
		"before it begins":               {made.Add(-2 * time.Hour), "does not hold before 2026-03-01"},
		"a year behind, and asked still": {ends.AddDate(1, 0, 0), "ended on "},
	} {
		err := speaking(t, certificate, sign, c.at).Test(t.Context(), wire.Access)
		if c.says == "" {
			require.NoError(t, err, name)
			continue
		}
		var found connectors.Findings
		require.ErrorAs(t, err, &found, name)
		require.Len(t, found, 1, name)
		require.Equal(t, connectors.ErrDocument, found[0].Code)
		require.Equal(t, "asked.certificate", found[0].Where)
		require.Contains(t, found[0].What, c.says, name)
		require.NotEmpty(t, found[0].Do)
	}
	require.NoError(t, speaking(t, "", sign, ends.AddDate(1, 0, 0)).Test(t.Context(), wire.Access), "there is no certificate to end")
}

// What else is wrong is told beside it.
func TestACertificateBesideOtherFindings(t *testing.T) {
	t.Parallel()
	_, certificate, ends, err := wire.NewKey(rand.Reader, domain, made)
	require.NoError(t, err)
	unsigned := func([]byte) string { return "" }
	err = speaking(t, certificate, unsigned, ends).Test(t.Context(), wire.Access)
	var found connectors.Findings
	require.ErrorAs(t, err, &found)
	require.Len(t, found, 2)
	require.ErrorIs(t, found[0], connectors.ErrDocument)
	require.ErrorIs(t, found[1], connectors.ErrAnswer, "the answer is not signed")
	err = speaking(t, "no certificate", unsigned, made).Test(t.Context(), wire.Access)
	require.ErrorContains(t, err, "the processor's certificate can't be read")
}
