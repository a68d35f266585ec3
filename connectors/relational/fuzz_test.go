package relational

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// FuzzCursor reads cursors that were stored: they fit the order and are read back as they were, or are refused.
func FuzzCursor(f *testing.F) {
	for _, text := range []string{"", `{"order":["id"],"key":["7"],"rows":7}`, `{"order":["id"],"key":["7"],"rows":-1}`, `{"order":["id"],"key":[],"rows":7}`, `{"order":["md5 of the row"],"key":["7"],"rows":7,"ties":2}`, "[]"} {
		f.Add(text)
	}
	at := Target{Step: dataset.Step{Address: dataset.Address{Dataset: "d", Collection: "c"}}, Collection: &dataset.Collection{}, Table: &Table{Keys: [][]string{{"id"}}}}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := readMark(nil, at, connectors.Cursor(text))
		if err != nil {
			require.ErrorIs(t, err, connectors.ErrCursor)
			return
		}
		again, err := readMark(nil, at, read.cursor())
		if text != "" {
			require.NoError(t, err)
			require.Equal(t, read, again)
		}
	})
}
