package preflight_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
	"github.com/privacy-docket/docket/privacy"
)

// FuzzCheck checks made-up messages. What is refused says why; what is checked has a citation for each finding, an outcome that
// fits the findings, the same report every time, and nothing that steers a terminal.
func FuzzCheck(f *testing.F) {
	names, err := filepath.Glob("testdata/messages/*.eml")
	require.NoError(f, err)
	for i, name := range names {
		raw, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(uint8(i), raw)
	}
	checker := newChecker(f, nil)
	f.Fuzz(func(t *testing.T, choice uint8, raw []byte) {
		watch := time.AfterFunc(time.Minute, func() { panic("still not done after a minute") })
		defer watch.Stop()
		classes := privacy.MailClasses()
		q := preflight.Question{
			Class: classes[int(choice)%len(classes)], TrackingConsent: preflight.TrackingNo, Domains: []string{"example.com"}, Name: "Example Garden",
			AuthServers: []string{"mx.example.com"},
		}
		if choice > 128 {
			q.Countries = []string{"CA", "KR"}
		}
		report, err := checker.Check(t.Context(), raw, q)
		var refused *preflight.RefusedError
		if err != nil {
			require.True(t, errors.As(err, &refused), "%v", err)
			require.NotEmpty(t, refused.Reason)
			return
		}
		require.True(t, holds(t, report))
		again, err := checker.Check(t.Context(), raw, q)
		require.NoError(t, err)
		require.Equal(t, report, again)
	})
}

func holds(t *testing.T, r preflight.Report) bool {
	t.Helper()
	require.Equal(t, len(r.Findings), r.Errors+r.Warnings+r.Notes)
	require.Equal(t, r.Errors > 0, r.Outcome == preflight.Fails)
	texts := []string{r.Message.Subject, r.Message.From}
	for _, f := range r.Findings {
		require.NotEmpty(t, f.Grounds, f.Rule)
		require.Contains(t, preflight.Rules(), f.Rule)
		texts = append(texts, f.Reason, f.Saw, f.Where)
	}
	for _, u := range r.Unchecked {
		texts = append(texts, u.What, u.Why)
	}
	for _, s := range r.Message.Signatures {
		texts = append(texts, s.Domain, s.Reason)
	}
	return !strings.ContainsFunc(strings.Join(texts, ""), func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) })
}
