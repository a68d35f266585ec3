package preflight_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
)

const plainHead = "From: a@example.com\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\nSubject: s\r\n"

func page(body string) string {
	return plainHead + "Content-Type: text/html; charset=utf-8\r\n\r\n" + body
}

func TestWhatIsNoMessageOrCostsTooMuchIsRefused(t *testing.T) {
	t.Parallel()
	checker := newChecker(t, nil)
	nested := plainHead
	for i := range 30 {
		nested += fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n", i, i)
	}
	for name, c := range map[string]struct{ raw, reason string }{
		"nothing":             {"", "an .eml file"},
		"no header":           {"\r\nHello", "an .eml file"},
		"a web page":          {"<html><body>unsubscribe</body></html>", "an .eml file"},
		"a picture":           {"\x89PNG\r\n\x1a\n\x00\x00", "an .eml file"},
		"100 MB":              {plainHead + "\r\n" + strings.Repeat("x", 100<<20), "larger than 10 MB"},
		"an endless header":   {"From: a@example.com\r\nX-A: " + strings.Repeat("x", 1<<20) + "\r\n\r\n", "at most 256 KB"},
		"an endless text":     {plainHead + "\r\n" + strings.Repeat("words ", 400_000), "larger than 1 MB"},
		"parts in parts":      {nested, "nested deeper than 20"},
		"many parts":          {plainHead + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 500) + "--b--", "more than 200 parts"},
		"many elements":       {page(strings.Repeat("<b>x</b>", 30_000)), "more than 20000 elements"},
		"elements in others":  {page(strings.Repeat("<div>", 5_000)), "nested too deeply"},
		"costly style sheets": {page("<style>" + strings.Repeat("div div b{color:red}", 1_500) + "</style>" + strings.Repeat("<div>", 200) + strings.Repeat("<b>x</b>", 15_000)), "too many style rules"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := checker.Check(t.Context(), []byte(c.raw), preflight.Question{})
			var refused *preflight.RefusedError
			require.ErrorAs(t, err, &refused)
			require.Contains(t, refused.Reason, c.reason)
		})
	}
}

func TestAQuestionWithoutMeaningIsRefused(t *testing.T) {
	t.Parallel()
	checker := newChecker(t, nil)
	for reason, q := range map[string]preflight.Question{
		"one of commercial, transactional":    {Class: "spam"},
		"one of unknown, express":             {Consent: "maybe"},
		"one of unknown, yes, no":             {TrackingConsent: "maybe"},
		`"Germany" is no country`:             {Countries: []string{"Germany"}},
		`"EU" is no country`:                  {Countries: []string{"EU"}},
		"belongs to a registry":               {Domains: []string{"co.uk"}},
		"has one part only":                   {Domains: []string{"localhost"}},
		"is an address and no domain name":    {Domains: []string{"127.0.0.1"}},
		"give one such as example.com":        {Domains: []string{"exa mple.com"}},
		`the domain "https://example.com/x"`:  {Domains: []string{"https://example.com/x"}},
		"or a hosting service and not to one": {Domains: []string{"github.io"}},
	} {
		_, err := checker.Check(t.Context(), []byte(plainHead+"\r\nx"), q)
		require.ErrorContains(t, err, reason, reason)
	}
}

// A message as large as is taken, in which every pattern is tried on much text, is still checked.
func TestALargeMessageIsChecked(t *testing.T) {
	t.Parallel()
	checker := newChecker(t, nil)
	line := "12 Example Street and your account is a call for 12345 unsubscribed words <https://example.com/x> rue calle via 1 2 3\r\n"
	raw := plainHead + "\r\n" + strings.Repeat(line, (1<<20)/len(line)-10)
	report, err := checker.Check(t.Context(), []byte(raw), preflight.Question{})
	require.NoError(t, err)
	require.Equal(t, preflight.Fails, report.Outcome)
}

// Line ends of files that were stored on other machines do not change what a signature covers.
func TestASignatureVerifiesWithLoneLineFeeds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := w.sign(t, stored(t, "good-en"), "example.com")
	report, err := w.checker.Check(t.Context(), bytes.ReplaceAll([]byte(raw), []byte("\r\n"), []byte("\n")), good())
	require.NoError(t, err)
	require.Equal(t, []string{}, found(report))
}

func TestOfflineIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	report, err := newChecker(t, nil).Check(t.Context(), []byte(w.sign(t, stored(t, "good-en"), "example.com")), good())
	require.NoError(t, err)
	require.Equal(t, []string{"auth.dkim_unverified", "oneclick.unverified"}, found(report))
	require.Equal(t, preflight.Warns, report.Outcome)
	require.Contains(t, report.Findings[1].Reason, "offline")
	require.Contains(t, fmt.Sprint(report.Unchecked), "the DMARC record of example.com")
}

// Many signatures cost no more than ten lookups.
func TestManySignaturesAreNotAllVerified(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	raw := w.sign(t, stored(t, "good-en"), "example.com")
	head, _, _ := strings.Cut(raw, "From: ")
	report := w.check(t, strings.Repeat(head, 30)+strings.TrimPrefix(raw, head), good())
	require.Len(t, report.Message.Signatures, 10)
	require.Contains(t, fmt.Sprint(report.Unchecked), "more than ten")
}

// Style sheets and attributes that break off end all the same.
func TestBrokenStylesEnd(t *testing.T) {
	t.Parallel()
	checker := newChecker(t, nil)
	for _, broken := range []string{"<style>a{", "<style>a{b", "<style>@media{", "<style>}", "<style>a", "<p style='a'>", "<p style='a:{'>", "<p style='color:red;}'>", "<p style='('>"} {
		_, err := checker.Check(t.Context(), []byte(page(broken)), preflight.Question{})
		require.NoError(t, err, broken)
	}
}
