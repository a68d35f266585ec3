package records

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors/document"
	"github.com/privacy-docket/docket/privacy/dataset"
)

// The first value that a row is found by is the same as when it is compared with each in turn.
func TestTheFirstValueThatFindsARow(t *testing.T) {
	t.Parallel()
	texts := rapid.SampledFrom([]string{"a", "A", "\u212a", "k", "K", "1", "1.0", "01", "+1", "-0", "0", "é", "É", "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000A", "x"})
	rapid.Check(t, func(t *rapid.T) {
		var fields []*Field
		for _, name := range []string{"p", "q"} {
			fields = append(fields, &Field{Path: []string{name}, At: []string{name}, Decl: &dataset.Field{Name: name}, Type: rapid.SampledFrom([]string{"", "text", "integer", "number", "uuid"}).Draw(t, "type")})
		}
		var asks []Asked
		for range rapid.IntRange(1, 8).Draw(t, "asks") {
			asks = append(asks, Asked{Field: rapid.SampledFrom(fields).Draw(t, "field"), Value: texts.Draw(t, "value"), Fold: rapid.Bool().Draw(t, "fold")})
		}
		list := document.Array([]json.RawMessage{document.Quoted(texts.Draw(t, "one")), document.Quoted(texts.Draw(t, "two"))})
		row := json.RawMessage(`{"p": ` + string(document.Quoted(texts.Draw(t, "p"))) + `, "q": ` + string(list) + `}`)
		to := rapid.IntRange(0, len(asks)-1).Draw(t, "to")
		want := slices.IndexFunc(asks[:to+1], func(q Asked) bool { return q.Matches(row) })
		require.Equal(t, want, newFinder(asks).in(row, to))
	})
}
