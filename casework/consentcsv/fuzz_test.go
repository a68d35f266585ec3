package consentcsv_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/consentcsv"
)

// Whatever a file holds: it is read to its end or refused, lines are counted upwards, and what is wrong with one repeats nothing of it.
func FuzzReader(f *testing.F) {
	f.Add("email,what,at\na@x.example,given,2026-01-01\n", "", "date")
	f.Add("\ufeffemail;what;at\r\n\"a@x.example\";given;1767225600\r\n", "semicolon", "unix")
	f.Add("email\twhat\tat\nx", "tab", "rfc3339")
	f.Add("email,what,at\n\"", "comma", "eu_date")
	f.Fuzz(func(t *testing.T, text, delimiter, layout string) {
		m := consentcsv.Mapping{Address: "email", Purpose: "news", KindColumn: "what", Kinds: map[string]string{"yes": "given", "no": "skip"}, At: "at", AtLayout: layout, Delimiter: delimiter}
		r, err := consentcsv.Open(strings.NewReader(text), m, time.UTC)
		last := 0
		for err == nil {
			var l consentcsv.Line
			if l, err = r.Next(); err != nil {
				break
			}
			require.Greater(t, l.Number, last)
			last = l.Number
			if l.Fault != nil {
				require.NotEmpty(t, l.Fault.Field)
				continue
			}
			require.NotEmpty(t, l.Address)
			require.True(t, l.Skipped || l.Kind.Valid(), l.Kind)
		}
		var head *consentcsv.HeadError
		require.True(t, errors.Is(err, io.EOF) || errors.As(err, &head), "%v", err)
	})
}
