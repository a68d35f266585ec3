package drp_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/protocol/drp"
)

func pair(t testing.TB) (ed25519.PublicKey, ed25519.PrivateKey) {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	return public, private
}

func checkOf(t *testing.T, err error) drp.Check {
	t.Helper()
	var fault *drp.Fault
	require.True(t, errors.As(err, &fault), "%v", err)
	require.GreaterOrEqual(t, fault.Status, 400)
	return fault.Check
}

// Each of the last four checks fails by itself, and the earlier one is told first; times are held to the moment.
func TestEnvelope(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	good := drp.Envelope{Agent: "A", Business: "B", IssuedAt: "2026-03-02T08:59:59Z", ExpiresAt: "2026-03-02 09:10:00+00:00"}
	expires, err := good.Pass("A", "B", now)
	require.NoError(t, err)
	require.Equal(t, now.Add(10*time.Minute), expires.UTC())
	for check, change := range map[drp.Check][]func(*drp.Envelope){
		drp.CheckAgent:    {func(e *drp.Envelope) { *e = drp.Envelope{} }, func(e *drp.Envelope) { e.Agent = "a" }},
		drp.CheckBusiness: {func(e *drp.Envelope) { e.Business, e.IssuedAt = "C", "never" }},
		drp.CheckIssued: {
			func(e *drp.Envelope) { e.IssuedAt, e.ExpiresAt = "2026-03-02T09:00:00Z", "" }, func(e *drp.Envelope) { e.IssuedAt = "2026-03-02T08:00:00" },
		},
		drp.CheckExpired: {
			func(e *drp.Envelope) { e.ExpiresAt = "2026-03-02T09:00:00Z" }, func(e *drp.Envelope) { e.ExpiresAt = "soon" }, func(e *drp.Envelope) { e.ExpiresAt = "2026-03-02T10:00:00Z" },
		},
	} {
		for _, f := range change {
			e := good
			f(&e)
			_, err := e.Pass("A", "B", now)
			require.Equal(t, check, checkOf(t, err), "%+v", e)
		}
	}
}

// A message is what its key has signed, whole.
func TestMessages(t *testing.T) {
	t.Parallel()
	public, private := pair(t)
	other, _ := pair(t)
	signed := drp.Sign(private, []byte(`{"a":1}`))
	message, err := drp.Open(signed, public)
	require.NoError(t, err)
	require.JSONEq(t, `{"a":1}`, string(message))
	_, err = drp.Open(signed, other)
	require.Equal(t, drp.CheckSignature, checkOf(t, err))
	_, err = drp.Open(signed, nil)
	require.Equal(t, drp.CheckSignature, checkOf(t, err), "an agent without a key has signed nothing")
	for i := range signed {
		forged := append([]byte{}, signed...)
		forged[i] ^= 1
		_, err := drp.Open(forged, public)
		require.Error(t, err, "byte %d", i)
	}
	require.JSONEq(t, `{"code":"400","message":"no","fatal":true}`, string(drp.ErrorBody(&drp.Fault{Status: 400, Message: "no", Fatal: true})))
}

// Every way in which a case ends has its state and reason; a denial says something about it.
func TestStatuses(t *testing.T) {
	t.Parallel()
	for _, state := range privacy.RequestStates() {
		status, reason, _ := drp.StatusOf(drp.Standing{State: state, Outcome: privacy.OutcomeFulfilled})
		require.Empty(t, reason)
		switch state {
		case privacy.RequestReceived:
			require.Equal(t, drp.Opened, status)
		case privacy.RequestClosed:
			require.Equal(t, drp.Fulfilled, status)
		default:
			require.Equal(t, drp.InProgress, status)
		}
	}
	for want, s := range map[string]drp.Standing{
		"revoked ":                  {Outcome: privacy.OutcomeWithdrawn},
		"expired ":                  {Outcome: privacy.OutcomeFulfilled, Gone: true},
		"denied insuf_verification": {Outcome: privacy.OutcomeUnverified},
		"denied suspected_fraud":    {Outcome: privacy.OutcomeCancelled, Reason: "spam"},
		"denied other":              {Outcome: privacy.OutcomeCancelled},
		"denied no_match":           {Outcome: privacy.OutcomeRefused, Reason: string(privacy.NotIdentifiable)},
		"denied too_many_requests":  {Outcome: privacy.OutcomeRefused, Reason: string(privacy.Repetitive)},
		"denied claim_not_covered":  {Outcome: privacy.OutcomeRefused, Reason: string(privacy.LegalObligation)},
	} {
		s.State = privacy.RequestClosed
		status, reason, details := drp.StatusOf(s)
		require.Equal(t, want, status+" "+reason)
		require.Equal(t, status == drp.Denied, details != "")
	}
	for _, reason := range privacy.RefusalReasons() {
		_, word, _ := drp.StatusOf(drp.Standing{State: privacy.RequestClosed, Outcome: privacy.OutcomeRefused, Reason: string(reason)})
		require.Contains(t, []string{drp.SuspectedFraud, drp.InsufVerified, drp.NoMatch, drp.ClaimNotCovered, drp.TooMany, drp.Other}, word)
	}
}

func exercise(t testing.TB) []byte {
	t.Helper()
	text, err := json.Marshal(map[string]any{
		"agent-id": "A", "business-id": "B", "issued-at": "2026-03-02T08:59:59Z", "expires-at": "2026-03-02T09:09:59Z", "drp.version": "1.0",
		"exercise": "sale:opt-out", "regime": "ccpa", "relationships": []string{"customer"}, "status_callback": "https://agent.example/in",
		"agent-request-id": "R-1", "name": "Ana", "email": "ana@example.test", "email_verified": true, "address": map[string]string{"country": "US"},
	})
	require.NoError(t, err)
	return text
}

// What a request says is the same over tries whose times differ.
func TestContent(t *testing.T) {
	t.Parallel()
	one, err := drp.ReadExercise(exercise(t))
	require.NoError(t, err)
	right, ask := one.Right()
	require.Equal(t, privacy.OptOut, right)
	require.Equal(t, []privacy.LimitKind{privacy.LimitSale}, ask.Against)
	two := one
	two.IssuedAt, two.ExpiresAt = "2026-03-02T09:00:00Z", "2026-03-02T09:10:00Z"
	require.Equal(t, one.Content(), two.Content())
	two.Email = "bea@example.test"
	require.NotEqual(t, one.Content(), two.Content())
}
