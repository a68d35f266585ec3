package seal_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/seal"
)

// A code is the same however it was typed or copied.
func TestNormalCode(t *testing.T) {
	t.Parallel()
	for _, typed := range []string{"123456", " 123 456\n", "123-456", "123\u00a0456", "123 – 456", "\u2066123456\u2069", "123\u200b456"} {
		require.Equal(t, "123456", seal.NormalCode(typed), "%q", typed)
	}
	require.Equal(t, "abcd3456", seal.NormalCode(" ABCD-3456 "))
	require.True(t, seal.IsDigits("012345", 6))
	for _, no := range []string{"", "12345", "1234567", "12345a", "+12345", "١٢٣"} {
		require.False(t, seal.IsDigits(no, 6), "%q", no)
	}
}
