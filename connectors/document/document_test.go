package document_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/connectors/conformance"
	"github.com/privacy-docket/docket/connectors/document"
)

const doc = `{"a": {"b": [ {"c":1.10}, {"c": "x"}, {"d": null}, 5 ]}, "z":  [1,2]}`

func TestOnlyWhatIsMeantIsTreated(t *testing.T) {
	t.Parallel()
	gone := func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage("null"), nil }
	got, err := document.Within(json.RawMessage(doc), []string{"a", "b", "c"}, gone, true)
	require.NoError(t, err)
	require.JSONEq(t, `{"a": {"b": [{"c": null}, {"c": null}, {"d": null}, 5]}, "z": [1, 2]}`, string(got))
	require.Contains(t, string(got), `"z": [1,2]`, "what isn't treated stays as it was written")
	same, err := document.Within(json.RawMessage(doc), []string{"a", "nothing"}, gone, true)
	require.NoError(t, err)
	require.Equal(t, doc, string(same))
	var seen []string
	document.Leaves(json.RawMessage(doc), []string{"a", "b", "c"}, func(v json.RawMessage) { seen = append(seen, document.Text(v)) })
	require.Equal(t, []string{"1.10", "x"}, seen)
}

// Values are found in lists of lists, and so they are treated there.
func TestListsInListsAreGoneThrough(t *testing.T) {
	t.Parallel()
	const nested = `{"a": [[{"b": ["x", ["y"]]}], [], {"b": [["z"]]}]}`
	var seen []string
	document.Leaves(json.RawMessage(nested), []string{"a", "b"}, func(v json.RawMessage) { seen = append(seen, document.Text(v)) })
	require.Equal(t, []string{"x", "y", "z"}, seen)
	got, err := document.Within(json.RawMessage(nested), []string{"a", "b"}, func(json.RawMessage) (json.RawMessage, error) { return json.RawMessage("0"), nil }, false)
	require.NoError(t, err)
	require.JSONEq(t, `{"a": [[{"b": [0, [0]]}], [], {"b": [[0]]}]}`, string(got))
}

func TestMembersAreFoundAndPut(t *testing.T) {
	t.Parallel()
	require.Equal(t, "1", document.Text(document.At(json.RawMessage(`{"a": {"b": 0, "b": 1}}`), []string{"a", "b"})), "the last of two")
	require.Nil(t, document.At(json.RawMessage(`[1]`), []string{"a"}))
	for given, want := range map[string]string{`{}`: `{"a": {"b": 7}}`, `{"a": {"c": 1}}`: `{"a": {"c": 1, "b": 7}}`, `{"a": {"b": 1}, "x": 2}`: `{"a": {"b": 7}, "x": 2}`} {
		got, err := document.With(json.RawMessage(given), []string{"a", "b"}, json.RawMessage("7"))
		require.NoError(t, err)
		require.JSONEq(t, want, string(got))
	}
}

// What masks make of a text is what the databases make of it, and a second time the same.
func TestTextsAreMaskedAsElsewhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"192.168.7.9", "2001:db8::1", "10.0.0.0/8", "::1", "::", "1.2.3.4/40"})).Draw(t, "text")
		require.Equal(t, conformance.Shape(s), document.Shape(s))
		require.Equal(t, conformance.General(s), document.General(s, 0))
		require.Equal(t, document.Shape(s), document.Shape(document.Shape(s)))
		require.Equal(t, document.General(s, 0), document.General(document.General(s, 0), 0))
	})
	for s, want := range map[string]string{"4711": "4710", "-12345678.50": "-12345670", "7": "0", "1e3": "1000", "1e300": "0", "-0.5": "0"} {
		require.Equal(t, want, document.Tens(s))
	}
	require.Equal(t, "19", document.General("192.168.7.9", 5), "where the network has no room")
}
