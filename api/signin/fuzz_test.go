package signin_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/storage"
)

// FuzzCredential reads what a browser says for an authenticator. Whatever it says, without the key of a passkey it proves nothing.
func FuzzCredential(f *testing.F) {
	passkeys := signin.NewPasskeys("https://docket.test")
	holder := signin.Holder{Account: storage.Account{ID: uuid.New(), Email: "dana@acme.test"}}
	asked, err := passkeys.Discover()
	require.NoError(f, err)
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUFBQSIsIm9yaWdpbiI6Imh0dHBzOi8vZG9ja2V0LnRlc3QifQ","authenticatorData":"AAAA","signature":"AAAA","userHandle":"AAAA"}}`))
	f.Add([]byte(`{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{"clientDataJSON":"e30","attestationObject":"oGNmbXRkbm9uZQ"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if assertion, _, err := signin.ReadAssertion(raw); err == nil {
			_, err := assertion.Finish(passkeys, holder, asked.Data)
			require.Error(t, err)
		}
		if registered, _, err := signin.ReadRegistration(raw); err == nil {
			_, err := registered.Finish(passkeys, holder, asked.Data)
			require.Error(t, err, "a challenge for signing in makes no passkey")
		}
	})
}

// FuzzCookies reads cookies. What we did not seal says nothing.
func FuzzCookies(f *testing.F) {
	master := f.TempDir() + "/master.key"
	keys := accountKeysIn(f, master)
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	cookie, err := signin.KnownDevice(keys, []byte("dana"), now)
	require.NoError(f, err)
	f.Add(cookie[1:], "state")
	f.Add("", "")
	f.Add("AAAA", "AAAA")
	f.Fuzz(func(t *testing.T, text, state string) {
		if text == cookie {
			return
		}
		require.Empty(t, signin.DeviceOf(keys, text, []byte("dana"), now))
		_, err := signin.OpenFlow(keys, text, state, now)
		require.ErrorIs(t, err, signin.ErrFlow)
	})
}
