package vectors_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/policies/vectors"
)

func runner(t *testing.T) *vectors.Runner {
	t.Helper()
	book, err := policies.Embedded()
	require.NoError(t, err)
	return vectors.New(book)
}

func TestEveryVector(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../testdata/vectors.json")
	require.NoError(t, err)
	results, err := runner(t).Run(data)
	require.NoError(t, err)
	require.Len(t, results, 138)
	for _, r := range results {
		t.Run(r.ID, func(t *testing.T) {
			t.Parallel()
			require.Empty(t, r.Failure, r.Rule)
		})
	}
}
