package policies_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/policies"
)

func TestEmbeddedLoads(t *testing.T) {
	t.Parallel()
	_, err := policies.Embedded()
	require.NoError(t, err)
}
