package opendsr_test

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/protocol/opendsr"
)

const version2 = `{"regulation":"gdpr","subject_request_id":"a7551968-d5d6-44b2-9831-815ac9017798","subject_request_type":"erasure",
	"submitted_time":"2018-10-02T15:00:00Z","subject_identities":[{"identity_type":"email","identity_value":"ana@example.test","identity_format":"raw"}],
	"api_version":"2.0","status_callback_urls":["https://controller.example/in"],"extensions":{"docket.example":{"a":1}},"group_id":"g"}`

const version3 = `{"regulation":"ccpa","subject_request_id":"a7551968-d5d6-44b2-9831-815ac9017798","subject_request_type":"access",
	"submitted_time":"2018-10-02T15:00:00+02:00","subject_identities":{"email":{"value":"ana@example.test","encoding":"raw"},"controller_customer_id":"17"}}`

// Both forms of identities are read, and members that senders add are left alone.
func TestParse(t *testing.T) {
	t.Parallel()
	two, err := opendsr.Parse([]byte(version2), opendsr.OpenDSR)
	require.NoError(t, err)
	require.Equal(t, "ana@example.test", two.Value(opendsr.Email))
	require.Equal(t, []string{"https://controller.example/in"}, two.Callbacks)
	require.JSONEq(t, `{"docket.example":{"a":1}}`, string(two.Extensions))
	three, err := opendsr.Parse([]byte(version3), opendsr.OpenDSR)
	require.NoError(t, err)
	require.Equal(t, "ana@example.test", three.Value(opendsr.Email))
	require.Equal(t, "17", three.Value(opendsr.CustomerID))
	one, err := opendsr.Parse([]byte(strings.Replace(version2, `"regulation":"gdpr",`, "", 1)), opendsr.OpenGDPR)
	require.NoError(t, err)
	require.Equal(t, opendsr.GDPR, one.Regulation)
	_, err = opendsr.Parse([]byte(strings.Replace(version2, `"regulation":"gdpr",`, "", 1)), opendsr.OpenDSR)
	require.ErrorContains(t, err, "regulation")
}

// A signature is of one key over these very bytes, and a certificate of one key and one domain.
func TestSignatures(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	private, certificate, expires, err := opendsr.NewKey(rand.Reader, "docket.example", now)
	require.NoError(t, err)
	require.True(t, expires.After(now.AddDate(1, 0, 0)))
	key, err := opendsr.ParseKey(private)
	require.NoError(t, err)
	body := []byte(`{"a":1}`)
	signature, err := opendsr.Sign(key, body)
	require.NoError(t, err)
	require.NoError(t, opendsr.Verify(certificate, body, signature))
	require.ErrorIs(t, opendsr.Verify(certificate, []byte(`{"a":2}`), signature), opendsr.ErrSignature)
	require.ErrorIs(t, opendsr.Verify(certificate, body, "%"), opendsr.ErrSignature)
	require.ErrorIs(t, opendsr.Verify(certificate, body, base64.StdEncoding.EncodeToString(make([]byte, 384))), opendsr.ErrSignature)
	_, other, _, err := opendsr.NewKey(rand.Reader, "docket.example", now)
	require.NoError(t, err)
	require.ErrorIs(t, opendsr.Verify(other, body, signature), opendsr.ErrSignature)
	_, err = opendsr.CheckCertificate(certificate, private, "docket.example", now)
	require.NoError(t, err)
	for problem, check := range map[string]func() error{
		"another key": func() error { _, err := opendsr.CheckCertificate(other, private, "docket.example", now); return err },
		"not for": func() error {
			_, err := opendsr.CheckCertificate(certificate, private, "else.example", now)
			return err
		},
		"not valid today": func() error {
			_, err := opendsr.CheckCertificate(certificate, private, "docket.example", expires)
			return err
		},
		"no certificate": func() error { _, err := opendsr.CheckCertificate(" ", private, "docket.example", now); return err },
		"must be PEM":    func() error { _, err := opendsr.CheckCertificate("junk", private, "docket.example", now); return err },
	} {
		require.ErrorContains(t, check(), problem)
	}
}

// Every state of a case has one word in the protocol, and only what was fulfilled is completed.
func TestStatuses(t *testing.T) {
	t.Parallel()
	for _, state := range privacy.RequestStates() {
		if state == privacy.RequestClosed {
			continue
		}
		want := opendsr.InProgress
		if state == privacy.RequestReceived || state == privacy.RequestVerifying {
			want = opendsr.Pending
		}
		require.Equal(t, want, opendsr.StatusOf(state, ""), state)
	}
	require.Equal(t, opendsr.Completed, opendsr.StatusOf(privacy.RequestClosed, privacy.OutcomeFulfilled))
	for _, outcome := range []privacy.Outcome{privacy.OutcomeRefused, privacy.OutcomeWithdrawn, privacy.OutcomeCancelled, privacy.OutcomeUnverified} {
		require.Equal(t, opendsr.Cancelled, opendsr.StatusOf(privacy.RequestClosed, outcome), outcome)
	}
}

func TestHeadersOfEachVersion(t *testing.T) {
	t.Parallel()
	for _, v := range opendsr.Versions() {
		h := http.Header{}
		v.SetHeaders(h, "docket.example", "c2ln")
		require.Equal(t, "c2ln", h.Get(v.Header+"Signature"))
		require.Equal(t, v, opendsr.VersionNamed(v.Route))
	}
	require.Equal(t, opendsr.OpenDSR, opendsr.VersionNamed("?"))
}
