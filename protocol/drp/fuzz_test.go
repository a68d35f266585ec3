package drp_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/protocol/drp"
)

// Nothing that the key has not signed is opened, and what is opened is what was signed.
func FuzzOpen(f *testing.F) {
	seed := bytes.Repeat([]byte{7}, ed25519.SeedSize)
	key := ed25519.NewKeyFromSeed(seed)
	f.Add(drp.Sign(key, []byte(`{"reason":"x"}`)))
	f.Add([]byte("AAAA"))
	f.Add([]byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{0}, 65))))
	f.Add([]byte(" \n"))
	f.Fuzz(func(t *testing.T, body []byte) {
		message, err := drp.Open(body, key.Public().(ed25519.PublicKey))
		if err != nil {
			require.Contains(t, []drp.Check{drp.CheckEncoding, drp.CheckSignature}, checkOf(t, err))
			return
		}
		require.Equal(t, drp.Sign(key, message), bytes.TrimSpace(body))
	})
}

// A request that is taken names a right that there is, a mailbox and addresses that can be called; what it says can be compared.
func FuzzReadExercise(f *testing.F) {
	f.Add(exercise(f))
	f.Add([]byte(`{"exercise":"access","drp.version":"0.9.4","email":"a@b.c"}`))
	f.Add([]byte(`{"exercise":"sale:opt_in","drp.version":"0.9.4"}`))
	f.Add([]byte(`{"exercise":7}`))
	f.Add([]byte("null"))
	f.Fuzz(func(t *testing.T, message []byte) {
		x, err := drp.ReadExercise(message)
		if err != nil {
			checkOf(t, err)
			return
		}
		require.Contains(t, drp.Actions(), x.Action)
		require.NotEmpty(t, x.Email)
		right, _ := x.Right()
		require.NotEmpty(t, right)
		require.True(t, json.Valid([]byte(x.Content())))
		_, err = x.Pass("A", "B", time.Unix(0, 0))
		if err != nil {
			checkOf(t, err)
		}
	})
}

// Each agent of a directory that is taken has an id of its own and a key that can be checked with.
func FuzzParseDirectory(f *testing.F) {
	key := base64.StdEncoding.EncodeToString(make([]byte, 32))
	f.Add([]byte(`[{"id":"AGENT","name":"Agent","verify_key":"` + key + `","web_url":"https://agent.example","technical_contact":"x"}]`))
	f.Add([]byte(`{"id":"AGENT","name":"Agent","verify_key":"` + key + `"}`))
	f.Add([]byte(`[]`))
	f.Add([]byte(`[{"id":"A"},{"id":"A"}]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		all, err := drp.ParseDirectory(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		seen := map[string]bool{}
		for _, a := range all {
			require.False(t, seen[a.ID])
			seen[a.ID] = true
			key, err := drp.ParseVerifyKey(a.VerifyKey)
			require.NoError(t, err)
			require.Len(t, key, ed25519.PublicKeySize)
		}
	})
}
