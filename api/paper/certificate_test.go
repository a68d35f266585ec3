package paper_test

import (
	"bytes"
	"compress/zlib"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/api/paper"
	"github.com/privacy-docket/docket/audit"
)

var update = flag.Bool("update", false, "write the golden files anew")

// sample is a certificate with a system of every kind.
func sample(t *testing.T, language string) paper.Certificate {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	ended := at.Add(time.Hour)
	read := func(untreated, kept int64) *audit.CertifiedReading {
		return &audit.CertifiedReading{At: ended, Untreated: untreated, Kept: kept}
	}
	c := audit.Certificate{
		Format: audit.CertificateFormat,
		Tenant: audit.CertifiedTenant{ID: "0197a000-0000-7000-8000-000000000001", Slug: "acme", Name: "Müller & Søn Größenwahn GmbH"},
		Request: audit.CertifiedRequest{
			ID: "0197a000-0000-7000-8000-000000000002", Reference: "DR-2026-7K3M", Law: "gdpr", LawName: "General Data Protection Regulation", Right: "erasure", Citation: "GDPR Art 17", Received: at.AddDate(0, 0, -9),
		},
		Plan: audit.CertifiedPlan{
			ID: "0197a000-0000-7000-8000-000000000003", SHA256: strings.Repeat("4f", 32), Begun: at, Ended: ended,
			Proposed: audit.CertifiedAct{Kind: "person", ID: "0197a000-0000-7000-8000-00000000000a", Role: "agent", At: at.AddDate(0, 0, -2)},
			Approved: audit.CertifiedAct{Kind: "person", ID: "0197a000-0000-7000-8000-00000000000b", Role: "dpo", At: at.AddDate(0, 0, -1)},
		},
		Systems: []audit.CertifiedSystem{
			{Key: "shop", Name: "The shop", How: audit.CertifiedDone, Ended: &ended, Collections: []audit.CertifiedCollection{
				{Dataset: "shop", Collection: "orders", Deleted: 2, Trimmed: 10, ReadBack: read(0, 10), Kept: []audit.CertifiedKept{
					{Ground: "legal_duty", Rule: "de-ao147-vouchers", Citation: "§ 147(3) AO; § 14b UStG", Rows: 10, Until: "2034-12-31"},
				}},
				{Dataset: "shop", Collection: "customers", Masked: 12345, InPart: 3, ReadBack: read(0, 0), Kept: []audit.CertifiedKept{}},
				{Dataset: "shop", Collection: "a_collection_with_quite_a_long_name_of_its_own", ReadBack: read(0, 4), Kept: []audit.CertifiedKept{
					{Ground: "legal_hold", Rule: "0197a000-0000-7000-8000-00000000000c", Citation: "Art. 17(3)(e) GDPR", Rows: 4},
				}},
			}},
			{Key: "paper", Name: "Archives, Zürich", How: audit.CertifiedByHand, Ended: &ended, Collections: []audit.CertifiedCollection{}},
			{Key: "crm", Name: "CRM", How: audit.CertifiedNothing, Collections: []audit.CertifiedCollection{}},
		},
		Totals: audit.CertifiedTotals{Deleted: 2, Masked: 12345, Trimmed: 10, InPart: 3, Kept: 14, ByHand: 1},
		Log:    audit.CertifiedLog{Origin: "docket.example/audit/0197a000-0000-7000-8000-000000000001", Size: 128, Root: tlog.RecordHash([]byte("root"))},
		Signed: ended.Add(3 * time.Second),
	}
	for i, action := range []audit.Action{audit.ErasurePlanned, audit.ErasureProposed, audit.ErasureApproved, audit.ErasureCarriedOut, audit.ErasureCollection, audit.ErasureVerified, audit.ErasureCarriedOut} {
		c.Log.Events = append(c.Log.Events, audit.CertifiedEvent{Index: int64(101 + i), Action: action, Outcome: audit.Done, At: at})
	}
	return paper.Certificate{
		Certificate: c, SHA256: strings.Repeat("9a", 32), Language: language, Zone: zone,
		Signature: "— docket.example/audit/0197a000-0000-7000-8000-000000000001 " + strings.Repeat("Ab3/", 24) + "==",
		Verifier:  "docket.example/audit/0197a000-0000-7000-8000-000000000001+1f2e3d4c+" + strings.Repeat("Zz9+", 11),
	}
}

// What the certificate says on paper, in every language. Write it anew with go test ./api/paper -update.
func TestCertificateOnPaper(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de", "fr", "es"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			drawn, err := sample(t, language).Draw()
			require.NoError(t, err)
			got := textOf(t, drawn)
			golden := filepath.Join("testdata", "certificate."+language+".txt")
			if *update {
				require.NoError(t, os.WriteFile(golden, []byte(got), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
			require.Contains(t, string(drawn), "/FontFile2", "the fonts are embedded")
			again, err := sample(t, language).Draw()
			require.NoError(t, err)
			require.True(t, bytes.Equal(drawn, again), "the same content gives the same bytes")
		})
	}
}

// A certificate with many collections goes on over pages: nothing is drawn below the edge, and every page has the heads of its table and its number.
func TestLongCertificateGoesOnOverPages(t *testing.T) {
	t.Parallel()
	c := sample(t, "de")
	many := c.Systems[0].Collections[0]
	for i := range 120 {
		many.Collection = fmt.Sprintf("sammlung_%03d", i)
		c.Systems[0].Collections = append(c.Systems[0].Collections, many)
	}
	drawn, err := c.Draw()
	require.NoError(t, err)
	text := textOf(t, drawn)
	pages := strings.Count(text, "Löschbescheinigung DR-2026-7K3M")
	require.Greater(t, pages, 4)
	require.Equal(t, pages, strings.Count(string(drawn), "/Type /Page\n"))
	require.Contains(t, text, "shop.sammlung_119")
	for _, y := range heights(t, drawn) {
		require.Greater(t, y, 20.0, "points above the lower edge")
	}
}

// Another language than those there are words in is answered in English.
func TestUnknownLanguageIsEnglish(t *testing.T) {
	t.Parallel()
	drawn, err := sample(t, "pt").Draw()
	require.NoError(t, err)
	require.Contains(t, textOf(t, drawn), "Certificate of erasure")
}

var (
	streams = regexp.MustCompile(`(?s)stream\r?\n(.*?)\r?\nendstream`)
	shown   = regexp.MustCompile(`(?s)([0-9.]+) ([0-9.]+) Td \(((?:\\.|[^\\)])*)\) ?Tj`)
)

// contents are the pages' content streams.
func contents(t *testing.T, pdf []byte) (out []string) {
	t.Helper()
	for _, m := range streams.FindAllSubmatch(pdf, -1) {
		packed, err := zlib.NewReader(bytes.NewReader(m[1]))
		if errors.Is(err, zlib.ErrHeader) {
			continue
		}
		require.NoError(t, err)
		text, err := io.ReadAll(packed)
		require.NoError(t, err)
		if bytes.Contains(text, []byte("Tj ET")) {
			out = append(out, string(text))
		}
	}
	return out
}

// textOf reads what stands on the pages, one shown text in a line: it is encoded as UTF-16.
func textOf(t *testing.T, pdf []byte) string {
	t.Helper()
	var out strings.Builder
	for _, content := range contents(t, pdf) {
		for _, m := range shown.FindAllStringSubmatch(content, -1) {
			raw := []byte(regexp.MustCompile(`(?s)\\(.)`).ReplaceAllStringFunc(m[3], func(s string) string {
				if s == `\r` {
					return "\r"
				}
				return s[1:]
			}))
			require.Zero(t, len(raw)%2)
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			out.WriteString(string(utf16.Decode(units)) + "\n")
		}
	}
	return out.String()
}

// heights are where texts stand, in points above the lower edge.
func heights(t *testing.T, pdf []byte) (out []float64) {
	t.Helper()
	for _, content := range contents(t, pdf) {
		for _, m := range shown.FindAllStringSubmatch(content, -1) {
			var y float64
			_, err := fmt.Sscanf(m[2], "%f", &y)
			require.NoError(t, err)
			out = append(out, y)
		}
	}
	require.NotEmpty(t, out)
	return out
}
