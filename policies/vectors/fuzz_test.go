package vectors_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/policies/vectors"
)

// FuzzRun runs any text as a file of vectors. Each vector gets one answer, always the same, and one that holds no longer
// holds when something more is expected of it.
func FuzzRun(f *testing.F) {
	book, err := policies.Embedded()
	require.NoError(f, err)
	runner := vectors.New(book)
	data, err := os.ReadFile("../testdata/vectors.json")
	require.NoError(f, err)
	var all []json.RawMessage
	require.NoError(f, json.Unmarshal(data, &all))
	for _, one := range all {
		f.Add([]byte("[" + string(one) + "]"))
	}
	for _, rule := range runner.Rules() {
		f.Add([]byte(`[{"id":"x","rule":"` + rule + `","input":{"received":"2024-02-29","working_days":99999999999,"extension_days":9},"expect":{"due":null}}]`))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		watch := time.AfterFunc(time.Minute, func() { panic("still not done after a minute") })
		defer watch.Stop()
		results, err := runner.Run(data)
		if err != nil {
			return
		}
		parsed, err := vectors.Parse(data)
		require.NoError(t, err)
		require.Len(t, results, len(parsed))
		again, err := runner.Run(data)
		require.NoError(t, err)
		require.Equal(t, results, again)
		for i, result := range results {
			require.NotEmpty(t, result.ID)
			if result.Failure == "" {
				spoiled(t, runner, parsed[i].Vector)
			}
		}
	})
}

// spoiled expects one thing more than the rule answers.
func spoiled(t *testing.T, runner *vectors.Runner, v vectors.Vector) {
	t.Helper()
	v.Expect["surely not answered"] = "yes"
	data, err := json.Marshal([]vectors.Vector{v})
	require.NoError(t, err)
	results, err := runner.Run(data)
	require.NoError(t, err)
	require.NotEmpty(t, results[0].Failure)
}
