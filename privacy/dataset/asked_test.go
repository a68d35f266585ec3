package dataset_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
)

func TestParseAsked(t *testing.T) {
	t.Parallel()
	vendor, err := dataset.ParseAsked("x", dataset.AskedEmail, []byte("asked: {of: Printing House, email: privacy@printer.example, rights: [erasure], answer_within_days: 10}\n"))
	require.NoError(t, err)
	require.Equal(t, dataset.Asked{
		Of: "Printing House", Email: "privacy@printer.example", Language: "en", Rights: []privacy.Right{privacy.Erasure}, Identities: []string{"email"}, Within: 10 * 24 * time.Hour,
	}, *vendor)
	require.True(t, vendor.For(privacy.Erasure))
	require.False(t, vendor.For(privacy.Access))
	processor, err := dataset.ParseAsked("x", dataset.AskedOpenDSR, []byte("asked:\n  of: Mailer\n  url: https://mailer.example/opendsr/\n  domain: mailer.example\n  auth: {kind: bearer}\n  identities: [email, customer_id]\n"))
	require.NoError(t, err)
	require.Equal(t, "https://mailer.example/opendsr", processor.URL)
	require.Equal(t, []string{"https://mailer.example"}, processor.Origins())
	require.Equal(t, privacy.Rights(), processor.Rights)
	require.Equal(t, privacy.InquiryWithin, processor.Within)
	for text, what := range map[string]string{
		"asked: {email: a@b.example}":                                 "of is missing",
		"asked: {of: X, email: Ana <a@b.example>}":                    "no address of a mailbox",
		"asked: {of: X}":                                              "email is missing",
		"asked: {of: X, email: a@b.example, language: nl}":            "language",
		"asked: {of: X, email: a@b.example, rights: [cake]}":          "unknown right",
		"asked: {of: X, email: a@b.example, identities: [passport]}":  "nobody can be told",
		"asked: {of: X, email: a@b.example, url: https://x.example}":  "unknown key",
		"asked: {of: X, email: a@b.example, answer_within_days: 400}": "more than 60",
		"store: {}": "unknown key",
		"":          "",
	} {
		_, err := dataset.ParseAsked("x", dataset.AskedEmail, []byte(text))
		require.ErrorContains(t, err, what, text)
	}
	_, err = dataset.ParseAsked("x", dataset.AskedOpenDSR, []byte("asked: {of: X, url: https://x.example, domain: x.example, auth: {kind: oauth2, token_url: https://x.example/t}}"))
	require.ErrorContains(t, err, "not signed in to by oauth2")
}
