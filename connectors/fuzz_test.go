package connectors_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
)

// FuzzReadRow reads any line as a row of a part: what comes out is what encoding/json reads, and what is refused is what it
// refuses. What was read is written so that it reads back.
func FuzzReadRow(f *testing.F) {
	for _, line := range []string{
		`[]`, `[1,-7,0,"a",null,true,false]`, `["<b> \"é\"\n\u0000\u001f\/\b\f\t\r\u2028"]`, `[{"decimal":"1.20"},{"time":"2026-03-29T00:30:00.5Z"}]`,
		`[{"base64":"AP8="},{"base64":""}]`, `[{"json":{"n":[1.10,"}\"]"]}},{"json":null},{"json":"x"},{"json":-1e5}]`, `[[1,[null,["x"]],[]]]`,
		`[{"oversize":{"bytes":9,"head":"x"}}]`, `[007]`, `[-0]`, `[9223372036854775807,99999999999999999999]`, `[1.5]`, `[{}]`, `[ 1 ]`, `["\ud83d\ude00"]`,
		`["\xff"]`, `[{"time":"x","time":"y"}]`, `[{"Time":"x"}]`, `null`, `[1,]`, `[1]]`, `[{"json":1 }]`, `[{"json":}]`, `["a`, `["\u00e9"]`, `[{"json":{"a":1}]`,
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		var want connectors.Row
		refused := json.Unmarshal([]byte(line), &want)
		got, err := connectors.ReadRow(line, nil)
		require.Equal(t, refused == nil, err == nil, "%v, and encoding/json says %v", err, refused)
		if err != nil {
			return
		}
		require.Equal(t, want, got)
		stored, err := got.AppendJSON(nil)
		require.NoError(t, err)
		require.NotContains(t, string(stored), "\n", "a row is one line")
		again, err := connectors.ReadRow(string(stored), make(connectors.Row, 2))
		require.NoError(t, err)
		second, err := again.AppendJSON(nil)
		require.NoError(t, err)
		require.Equal(t, string(stored), string(second))
	})
}

// FuzzAppendJSON writes values of every kind: a text is written as encoding/json writes it, and each reads back.
func FuzzAppendJSON(f *testing.F) {
	for _, text := range []string{"plain", "<b>&\"é\"\\", "\x00\x01\x1f\x7f\b\f\n\r\t", "\u2028\u2029\ufffd", "\xff\xc3", "😀", `{"n": [1,
		2]}`, ""} {
		f.Add(text, int64(-7))
	}
	f.Fuzz(func(t *testing.T, text string, number int64) {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		require.NoError(t, e.Encode(text))
		got, err := connectors.Text(text).AppendJSON(nil)
		require.NoError(t, err)
		require.Equal(t, want.String(), string(got)+"\n")
		row := connectors.Row{
			connectors.Text(text), connectors.Decimal(text), connectors.LocalTime(text), connectors.Bytes([]byte(text)), connectors.Int(number), connectors.Null(),
			connectors.Oversize(number, text), connectors.Bool(number > 0), connectors.List([]connectors.Value{connectors.Text(text), connectors.Int(number)}),
		}
		if json.Valid([]byte(text)) {
			row = append(row, connectors.JSON(text))
		}
		want.Reset()
		require.NoError(t, e.Encode(row))
		stored, err := row.AppendJSON(nil)
		require.NoError(t, err)
		require.Equal(t, want.String(), string(stored)+"\n")
		again, err := connectors.ReadRow(string(stored), nil)
		require.NoError(t, err)
		require.Len(t, again, len(row))
	})
}
