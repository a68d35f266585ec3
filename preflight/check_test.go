package preflight_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/preflight"
)

func TestAGoodMessageHasNoFindings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	report := w.check(t, w.sign(t, stored(t, "good-en"), "example.com"), good())
	require.Equal(t, []string{}, found(report), "%+v", report.Findings)
	require.Equal(t, preflight.Passes, report.Outcome)
	require.Equal(t, []preflight.Signature{{Domain: "example.com", Result: "valid", Aligned: true, OneClick: true}}, report.Message.Signatures)
}
