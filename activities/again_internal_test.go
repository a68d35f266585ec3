package activities

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Work that no approved plan is behind ends where something has come to stand against it, and where more is changed than was counted; who is to hear of a
// collection is kept before more of it goes.
func TestGuardEndsTheWork(t *testing.T) {
	t.Parallel()
	at := dataset.Address{Dataset: "shop", Collection: "orders"}
	plan := &erasure.SystemPlan{Lines: []erasure.Line{{Order: erasure.Order{Address: at, Delete: true}, Rows: erasure.Rows{Own: 5}}}}
	var stands error
	var heard []dataset.Address
	g := &guard{plan: plan, may: func(context.Context) error { return stands }, first: func(_ context.Context, at dataset.Address) error {
		heard = append(heard, at)
		return nil
	}}
	_, err := g.Begin(t.Context(), at)
	require.NoError(t, err)
	require.NoError(t, g.Changed(t.Context(), at, connectors.Tally{}))
	require.Empty(t, heard, "nothing was changed yet")
	require.NoError(t, g.Changed(t.Context(), at, connectors.Tally{Deleted: 3}))
	require.NoError(t, g.Changed(t.Context(), at, connectors.Tally{Deleted: 2}))
	require.Equal(t, []dataset.Address{at}, heard)
	require.EqualValues(t, 5, g.rows)
	require.ErrorIs(t, g.Changed(t.Context(), at, connectors.Tally{Masked: 1}), connectors.ErrSelection)

	stands = errHeldMeanwhile
	_, err = g.Begin(t.Context(), at)
	require.ErrorIs(t, err, connectors.ErrBusy, "before the next collection")
	again := &guard{plan: plan, may: g.may}
	require.ErrorIs(t, again.Changed(t.Context(), at, connectors.Tally{Deleted: 1}), connectors.ErrBusy, "behind each batch")
}
