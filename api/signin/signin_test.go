package signin_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// What is short, long, common or made of what is known of the person is no password.
func TestCheckPassword(t *testing.T) {
	t.Parallel()
	p, err := signin.NewPasswords()
	require.NoError(t, err)
	known := []string{"Dana Ruiz", "dana.ruiz@halden-birk.example", "Halden & Birk"}
	for _, bad := range []string{
		"", "elevenchars", "passwordpassword", "123456789012", "danaruizdanaruiz", "haldenbirk2026", "aaaaaaaaaaaaaaaaaaaa", strings.Repeat("x7!", 80), "seven lamps cross\xff", "P4ssw0rdP@ssword",
	} {
		require.ErrorIs(t, p.Check(t.Context(), bad, known...), signin.ErrPassword, "%q", bad)
	}
	for _, good := range []string{"seven-lamps-cross-the-harbour", "Grüße vom Bodensee an Ottilie", "kV9#xq2!Lm7z"} {
		require.NoError(t, p.Check(t.Context(), good, known...), good)
	}
}

// A password matches its hash and no other; without a hash nothing does, and a caller who has gone does not wait.
func TestPasswords(t *testing.T) {
	t.Parallel()
	p, err := signin.NewPasswords()
	require.NoError(t, err)
	hash, err := p.Hash(t.Context(), "seven-lamps")
	require.NoError(t, err)
	require.NotContains(t, hash, "seven")
	for _, c := range []struct {
		password, hash string
		same           bool
	}{{"seven-lamps", hash, true}, {"seven-lamp", hash, false}, {"seven-lamps", "", false}, {"", "", false}, {strings.Repeat("x", 1000), hash, false}} {
		same, err := p.Matches(t.Context(), c.password, c.hash)
		require.NoError(t, err)
		require.Equal(t, c.same, same)
	}
	_, err = p.Matches(t.Context(), "seven-lamps", "no hash")
	require.Error(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	for range 50 { // with room and a caller who has gone either may come first
		if _, err = p.Hash(gone, "x"); err != nil {
			return
		}
	}
	require.Error(t, err)
}

// A code is good one step before and after its own, and once.
func TestStep(t *testing.T) {
	t.Parallel()
	offer, err := signin.NewTOTP("dana@acme.test")
	require.NoError(t, err)
	now := time.Date(2026, 3, 2, 9, 0, 15, 0, time.UTC)
	code, err := totp.GenerateCode(offer.Secret, now)
	require.NoError(t, err)
	own := now.Unix() / 30
	for _, c := range []struct {
		after time.Duration
		last  int64
		ok    bool
	}{{0, 0, true}, {30 * time.Second, 0, true}, {-30 * time.Second, 0, true}, {time.Minute, 0, false}, {-time.Minute, 0, false}, {0, own, false}, {0, own - 1, true}} {
		step, ok := signin.Step(offer.Secret, code, now.Add(c.after), c.last)
		require.Equal(t, c.ok, ok, "%v", c)
		if ok {
			require.Equal(t, own, step)
		}
	}
}

// However a person stands, nobody who has a second factor gets past without it, and nobody into a tenant that demands one.
func TestNext(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := signin.Standing{Factors: rapid.Bool().Draw(t, "factors"), Given: rapid.Bool().Draw(t, "given")}
		for range rapid.IntRange(1, 3).Draw(t, "members") {
			s.Members = append(s.Members, storage.Membership{Tenant: uuid.New(), Role: "agent", SecondFactor: rapid.Bool().Draw(t, "required")})
		}
		if rapid.Bool().Draw(t, "only") {
			s.Only = s.Members[0].Tenant
		}
		if rapid.Bool().Draw(t, "chosen") {
			s.Chosen = signin.PlaceOf(s.Members[len(s.Members)-1])
		}
		stage, place := signin.Next(s)
		if s.Factors && !s.Given {
			require.Equal(t, storage.StageCode, stage)
			require.Nil(t, place)
			return
		}
		switch stage {
		case storage.StageDone:
			require.False(t, place.SecondFactor && !s.Given)
		case storage.StageEnrol:
			require.True(t, place.SecondFactor && !s.Given)
		case storage.StageTenant:
			require.Nil(t, place)
			require.Greater(t, len(s.Members), 1)
		default:
			t.Fatalf("stage %s", stage)
		}
		if s.Only != uuid.Nil && s.Chosen == nil {
			require.Equal(t, s.Only, place.Tenant)
		}
	})
}

// A browser is known for the address that signed in with it, for half a year, and to this installation.
func TestKnownDevice(t *testing.T) {
	t.Parallel()
	keys, others, now := accountKeys(t), accountKeys(t), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	cookie, err := signin.KnownDevice(keys, []byte("dana"), now)
	require.NoError(t, err)
	require.NotEmpty(t, signin.DeviceOf(keys, cookie, []byte("dana"), now))
	require.Empty(t, signin.DeviceOf(keys, cookie, []byte("eve"), now))
	require.Empty(t, signin.DeviceOf(keys, cookie, []byte("dana"), now.Add(signin.DeviceLife)))
	require.Empty(t, signin.DeviceOf(others, cookie, []byte("dana"), now))
	require.Empty(t, signin.DeviceOf(keys, "x"+cookie, []byte("dana"), now))
	_, err = signin.OpenFlow(keys, cookie, "", now)
	require.ErrorIs(t, err, signin.ErrFlow, "a cookie for something else")
}

func accountKeys(t *testing.T) *seal.AccountKeys {
	t.Helper()
	return accountKeysIn(t, t.TempDir()+"/master.key")
}

func accountKeysIn(t testing.TB, path string) *seal.AccountKeys {
	t.Helper()
	require.NoError(t, seal.CreateMasterFile(path))
	master, err := seal.OpenMaster(t.Context(), "file://"+path)
	require.NoError(t, err)
	wrapped, err := master.NewAccountKeys()
	require.NoError(t, err)
	keys, err := master.AccountKeys(wrapped)
	require.NoError(t, err)
	return keys
}

// What is left of a user agent is the browser and the system.
func TestBrowser(t *testing.T) {
	t.Parallel()
	for agent, words := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                    "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140 Safari/537.36": "Chrome on Windows",
		"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140 Safari/537.36 Edg/140":                         "Edge on Windows",
		"":              "another program",
		"secret-canary": "another program",
	} {
		require.Equal(t, words, signin.Browser(agent))
	}
}

// Recovery codes are told apart, and read as people type them.
func TestRecoveryCodes(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 20 {
		for _, code := range signin.NewRecoveryCodes() {
			require.Len(t, code, 10)
			require.False(t, seen[code])
			seen[code] = true
			require.Equal(t, code, signin.Typed(" "+strings.ToUpper(code[:5])+"-"+code[5:]+" "))
			require.False(t, signin.LooksLikeTOTP(code))
		}
	}
	require.True(t, signin.LooksLikeTOTP("012345"))
}

// Passkeys are bound to a name. Under a number or a bare name there are none, and that is said.
func TestPasskeysNeedAName(t *testing.T) {
	t.Parallel()
	for public, ok := range map[string]bool{
		"https://privacy.example.com": true, "https://Privacy.Example.com/docket": true, "http://localhost:8080": true, "http://127.0.0.1:8080": false,
		"http://[::1]:8080": false, "http://intranet": false, "": false, "%": false,
	} {
		_, err := signin.NewPasskeys(public).Discover()
		if ok {
			require.NoError(t, err, public)
		} else {
			require.ErrorIs(t, err, signin.ErrNoPasskeys, public)
		}
	}
}
