package consentcsv_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// soldLedger is a transfer of one line as its seller signs it, and the seller's key, which is the same for a seed: fuzzing runs in several processes.
func soldLedger(t testing.TB, seed byte) (file, key string) {
	t.Helper()
	const seller = "0197a0d8-0000-7000-8000-000000000001"
	secret, err := audit.NewSigningSecret(bytes.NewReader(bytes.Repeat([]byte{seed}, 64)))
	require.NoError(t, err)
	signer, err := audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	key, err = signer.VerifierKey(seller)
	require.NoError(t, err)
	head := consentcsv.TransferHead{Version: consentcsv.TransferVersion, Seller: "Acme", Tenant: seller}
	day := privacy.NewDate(2026, 1, 1)
	line := consentcsv.TransferLine{Address: "a@x.example", Purpose: "news", Channel: "email", Kind: "withdrawn", At: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), Day: day}
	for _, v := range []any{head, line} {
		text, err := consentcsv.MarshalTransfer(v)
		require.NoError(t, err)
		file += string(text)
	}
	sum := sha256.Sum256([]byte(file))
	end := consentcsv.TransferEnd{Lines: 1, People: 1, SHA256: hex.EncodeToString(sum[:])}
	end.Note, err = signer.SignText(seller, consentcsv.TransferSigned(head, end.Lines, end.SHA256))
	require.NoError(t, err)
	text, err := consentcsv.MarshalTransfer(end)
	require.NoError(t, err)
	return file + string(text), key
}

// A transfer is read by the key of its seller, and by no other and none not at all.
func TestATransferIsHeldToTheKeyOfItsSeller(t *testing.T) {
	t.Parallel()
	file, key := soldLedger(t, 1)
	_, other := soldLedger(t, 2)
	for given, want := range map[string]string{key: "", other: "the signature is not the seller's", "": "the signature is not the seller's"} {
		list, err := consentcsv.OpenTransfer(strings.NewReader(file), consentcsv.TransferMapping{Verifier: given})
		require.NoError(t, err)
		l, err := list.Next()
		require.NoError(t, err)
		require.Equal(t, consent.Withdrawn, l.Kind)
		if _, err = list.Next(); want == "" {
			require.ErrorIs(t, err, io.EOF)
			continue
		}
		require.ErrorContains(t, err, want)
	}
}

// Whatever a file holds: it is a whole transfer or refused, an end is never left out, and what is wrong with a line repeats nothing of it.
func FuzzTransfer(f *testing.F) {
	whole, key := soldLedger(f, 1)
	f.Add(whole)
	f.Add("{\"transfer\":{\"version\":1}}\n{\"consent\":{\"address\":\"a@x.example\",\"purpose\":\"news\",\"channel\":\"email\",\"kind\":\"withdrawn\",\"at\":\"2026-01-01T00:00:00Z\",\"day\":\"2026-01-01\"}}\n" +
		"{\"end\":{\"lines\":1,\"sha256\":\"\",\"note\":\"\"}}\n")
	f.Add("{\"transfer\":{\"version\":1}}\n{\"end\":{\"lines\":0,\"sha256\":\"x\"}}\n")
	f.Add("{\"transfer\":{\"version\":2}}\n")
	f.Add("Email,Status\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := consentcsv.OpenTransfer(strings.NewReader(text), consentcsv.TransferMapping{Verifier: key})
		last := 1
		for err == nil {
			var l consentcsv.Line
			if l, err = list.Next(); err != nil {
				break
			}
			require.Greater(t, l.Number, last)
			last = l.Number
			if l.Kind == consent.Withdrawn {
				require.False(t, l.Skipped, "an end goes over, whoever's")
			}
			require.True(t, l.Fault != nil || l.Skipped || l.Kind.Valid())
		}
		var head *consentcsv.HeadError
		require.True(t, errors.Is(err, io.EOF) || errors.As(err, &head), "%v", err)
	})
}
