package opendsr_test

import (
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/protocol/opendsr"
)

// What is taken is complete and can be used; what is refused says what is wrong by the field's name, and repeats nothing that was sent.
func FuzzParse(f *testing.F) {
	f.Add([]byte(version2), true)
	f.Add([]byte(version3), true)
	f.Add([]byte(strings.Replace(version2, `"regulation":"gdpr",`, "", 1)), false)
	f.Add([]byte(`{"subject_request_id":"A7551968-D5D6-44B2-9831-815AC9017798"}`), true)
	f.Add([]byte(`[]`), true)
	f.Add([]byte(strings.Replace(version2, "ana@example.test", `\u0000canary`, 1)), true)
	f.Fuzz(func(t *testing.T, body []byte, newer bool) {
		version := opendsr.OpenGDPR
		if newer {
			version = opendsr.OpenDSR
		}
		r, err := opendsr.Parse(body, version)
		if err != nil {
			var fault *opendsr.Fault
			require.True(t, errors.As(err, &fault), "%v", err)
			require.NotEmpty(t, fault.Field)
			require.NotContains(t, strings.ReplaceAll(fault.Error(), "2026-03-02", ""), "canary")
			return
		}
		again, err := opendsr.ParseID(r.ID.String())
		require.NoError(t, err)
		require.Equal(t, r.ID, again)
		require.NotEmpty(t, r.Identities)
		require.Contains(t, []string{opendsr.GDPR, opendsr.CCPA}, r.Regulation)
		require.False(t, r.Submitted.IsZero() && !strings.Contains(string(body), "0001"))
		for _, i := range r.Identities {
			require.NotEmpty(t, strings.TrimSpace(i.Value))
			require.NotContains(t, i.Value, "\x00")
		}
		for _, text := range r.Callbacks {
			u, err := url.Parse(text)
			require.NoError(t, err)
			require.Nil(t, u.User)
			require.NotEmpty(t, u.Host)
		}
	})
}

// A chain that is read has certificates; what isn't one is refused without breaking off.
func FuzzParseCertificates(f *testing.F) {
	f.Add("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
	f.Add("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		chain, err := opendsr.ParseCertificates(text)
		if err != nil {
			require.Nil(t, chain)
			return
		}
		require.NotEmpty(t, chain)
		require.NotEmpty(t, chain[0].Raw)
	})
}
