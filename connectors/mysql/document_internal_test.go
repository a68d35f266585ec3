package mysql

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// Lists may lie in lists: others' elements beside the person's stay, however deep.
func TestElementsAreTakenOutOfListsInLists(t *testing.T) {
	t.Parallel()
	mine := &elementSet{values: map[string]bool{"a": true}}
	for _, c := range []struct {
		path        []string
		was, become string
	}{
		{nil, `["a", "b"]`, `["b"]`},
		{nil, `["b", ["a", "c"], [["a"]]]`, `["b", ["c"], [[]]]`},
		{[]string{"mail"}, `[{"mail": "b"}, [{"mail": "a"}, {"nick": "d"}], {"mail": "a"}]`, `[{"mail": "b"}, [{"nick": "d"}]]`},
		{[]string{"mail"}, `[[{"mail": ["x", "a"]}, {"mail": ["x"]}]]`, `[[{"mail": ["x"]}]]`},
		{[]string{"mail"}, `{"mail": "a"}`, `null`},
		{nil, `["b", ["c"]]`, `["b", ["c"]]`},
	} {
		got, err := mine.without(json.RawMessage(c.was), c.path)
		require.NoError(t, err, c.was)
		require.JSONEq(t, c.become, string(got), c.was)
	}
}
