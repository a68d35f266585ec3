package consentcsv_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Whatever a file holds: it is a whole transfer or refused, an end is never left out, and what is wrong with a line repeats nothing of it.
func FuzzTransfer(f *testing.F) {
	f.Add("{\"transfer\":{\"version\":1}}\n{\"consent\":{\"address\":\"a@x.example\",\"purpose\":\"news\",\"channel\":\"email\",\"kind\":\"withdrawn\",\"at\":\"2026-01-01T00:00:00Z\",\"day\":\"2026-01-01\"}}\n" +
		"{\"end\":{\"lines\":1,\"sha256\":\"\",\"note\":\"\"}}\n")
	f.Add("{\"transfer\":{\"version\":1}}\n{\"end\":{\"lines\":0,\"sha256\":\"x\"}}\n")
	f.Add("{\"transfer\":{\"version\":2}}\n")
	f.Add("Email,Status\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := consentcsv.OpenTransfer(strings.NewReader(text), consentcsv.TransferMapping{})
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
