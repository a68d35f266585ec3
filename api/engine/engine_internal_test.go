package engine

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/temporal"

	"github.com/privacy-docket/docket/workflows/contract"
)

// What Temporal says gets the names that callers decide on: nothing that may still happen counts as undone, and a
// refusal keeps its rule.
func TestNamed(t *testing.T) {
	t.Parallel()
	told := contract.Refusal{Code: "already_extended", Message: "once only", Citation: "Art 12(3)"}
	for name, test := range map[string]struct{ err, want error }{
		"closed":    {serviceerror.NewNotFound("gone"), ErrNotRunning},
		"down":      {serviceerror.NewUnavailable("down"), ErrPending},
		"late":      {serviceerror.NewDeadlineExceeded("late"), ErrPending},
		"timeout":   {context.DeadlineExceeded, ErrPending},
		"cancelled": {context.Canceled, ErrPending},
		"destroyed": {temporal.NewNonRetryableApplicationError("no key", contract.ErrorGone, nil), ErrGone},
	} {
		require.ErrorIs(t, named(test.err), test.want, name)
	}
	require.NoError(t, named(nil))
	var refused *Refused
	require.ErrorAs(t, named(temporal.NewNonRetryableApplicationError("once only", contract.ErrorRule, nil, told)), &refused)
	require.Equal(t, told, refused.Refusal)
	other := named(temporal.NewApplicationError("boom", "panic"))
	require.Error(t, other)
	for _, decided := range []error{ErrPending, ErrGone, ErrNotRunning, ErrUnreachable} {
		require.NotErrorIs(t, other, decided)
	}
	require.False(t, errors.As(other, &refused))
}
