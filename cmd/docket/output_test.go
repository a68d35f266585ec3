package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// A text that people sent cannot drive the terminal that it is printed on.
func TestPrintable(t *testing.T) {
	t.Parallel()
	require.Equal(t, "a\ufffd[31mb\ufffdc\n\td\ufffd", printable("a\x1b[31mb\u202ec\n\td\u009b"))
}
