package dataset_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/dataset"
)

// adding is a service document with a request that puts somebody on a list.
func adding(add string) []byte {
	return []byte(`service:
  name: Lists
  url: https://lists.example
  constants: {list: main}
  collections:
    - collection: lists.blocked
      read: [{by: email, path: /blocked/<value>, rows: $, nobody: [404]}]
      add: ` + add + "\n")
}

func TestServiceAdds(t *testing.T) {
	t.Parallel()
	doc, err := dataset.ParseService("lists", adding(`{path: /blocked, json: {email: <value>, list: <constants.list>}}`))
	require.NoError(t, err)
	add := doc.Collections[0].Add
	require.Equal(t, "POST", add.Method)
	require.Equal(t, []int{409}, add.There, "a conflict is what most services say")
	doc, err = dataset.ParseService("lists", adding(`{path: /blocked/<value>, method: PUT, there: [400, 422], repeatable: true}`))
	require.NoError(t, err)
	require.Equal(t, []int{400, 422}, doc.Collections[0].Add.There)
	require.True(t, doc.Collections[0].Add.Repeatable)

	for line, problem := range map[string]string{
		`{path: /blocked, json: {email: x}}`:                           "doesn't say whom it puts on the list",
		`{path: /blocked, json: {email: <row.email>}}`:                 "<row> has no value in this request",
		`{path: /blocked/<value>, method: DELETE}`:                     "a DELETE puts nobody on a list",
		`{path: /blocked, json: {email: <value>}, there: [200]}`:       "there lists statuses that mean that the person is on the list already",
		`{path: /blocked, json: {email: <value>}, gone: [404]}`:        `unknown key "gone"`,
		`{json: {email: <value>}}`:                                     "path is missing",
		`{path: /blocked, json: {email: <value>}, form: {a: <value>}}`: "a request has one body",
	} {
		_, err := dataset.ParseService("lists", adding(line))
		require.ErrorContains(t, err, problem, line)
	}
}
