package api

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever a list holds, however it is said to be written: lines are counted upwards, each has an address or what is wrong with it, which repeats nothing of it, and it
// ends, or it is said why it can't be read on.
func FuzzList(f *testing.F) {
	for _, kind := range []string{"text/plain", ndjsonType, "text/csv"} {
		f.Add(kind, "\ufeffmail\na@x.example\r\n\n\"b@x.example\"\n{\"address\":\"c@x.example\"}")
	}
	f.Fuzz(func(t *testing.T, kind, text string) {
		list, err := openList(strings.NewReader(text), kind, "mail")
		last := 0
		for err == nil {
			var l listLine
			if l, err = list.next(); err != nil {
				break
			}
			require.Greater(t, l.number, last)
			last = l.number
			require.NotEqual(t, l.address == "", l.fault == "")
		}
		var broke *listError
		require.True(t, errors.Is(err, io.EOF) || errors.As(err, &broke), "%v", err)
	})
}
