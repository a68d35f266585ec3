package preflight_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
)

var update = flag.Bool("update", false, "write the golden reports anew")

// asked reads what is asked about a stored message from its field X-Test, and by which domain it is signed.
func asked(t *testing.T, raw string) (q preflight.Question, signer string) {
	t.Helper()
	line, _, _ := strings.Cut(strings.TrimPrefix(raw, "X-Test: "), "\r\n")
	for _, pair := range strings.Split(line, "; ") {
		name, value, _ := strings.Cut(pair, "=")
		switch name {
		case "class":
			q.Class = privacy.MailClass(value)
		case "consent":
			q.Consent = preflight.Consent(value)
		case "tracking":
			q.TrackingConsent = preflight.TrackingConsent(value)
		case "countries":
			q.Countries = strings.Split(value, ",")
		case "domains":
			q.Domains = strings.Split(value, ",")
		case "name":
			q.Name = value
		case "address":
			q.Address = value
		case "sign":
			signer = value
		default:
			require.Fail(t, "unknown in X-Test", name)
		}
	}
	return q, signer
}

// Each stored message has its report beside it; go test ./preflight -run Stored -update writes them anew.
func TestStoredMessagesHaveTheirReports(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	names, err := filepath.Glob("testdata/messages/*.eml")
	require.NoError(t, err)
	require.Greater(t, len(names), 8)
	for _, name := range names {
		name = strings.TrimSuffix(filepath.Base(name), ".eml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw := stored(t, name)
			q, signer := asked(t, raw)
			if signer != "" {
				raw = w.sign(t, raw, signer)
			}
			report := w.check(t, raw, q)
			report.Message.Bytes = 0 // the signature is another each time
			written, err := json.MarshalIndent(report, "", "  ")
			require.NoError(t, err)
			golden := "testdata/reports/" + name + ".json"
			if *update {
				require.NoError(t, os.WriteFile(golden, append(written, '\n'), 0o600))
			}
			wanted, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(wanted), string(written)+"\n")
			if strings.HasPrefix(name, "good") {
				require.Empty(t, report.Findings)
			}
		})
	}
}

// A receipt owes no way out, no address and no label, in no country.
func TestATransactionalMessageOwesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := w.sign(t, stored(t, "receipt"), "example.com")
	for _, country := range []string{"", "US", "AU", "GB", "DE", "FR", "KR", "JP"} {
		q := preflight.Question{Class: privacy.TransactionalMail, TrackingConsent: preflight.TrackingNo}
		if country != "" {
			q.Countries = []string{country}
		}
		require.Equal(t, []string{}, found(w.check(t, raw, q)), country)
	}
}
