package workflows_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

func (c *canada) stops(id uuid.UUID) error {
	return c.DB.Change(c.t.Context(), c.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error { return c.Desk.StopConsentImport(ctx, tx, id) })
}

// stopsInTheMiddle runs an import that may run, stops it when some of it is written, and gives what it said of itself then.
func (c *canada) stopsInTheMiddle(id uuid.UUID) storage.ConsentImport {
	c.t.Helper()
	ran := make(chan error, 1)
	before := c.imported(id).Written.Lines
	go func() { ran <- c.Desk.ImportConsents(c.t.Context(), c.Tenant, id, storage.ImportRun) }()
	for c.imported(id).Written.Lines == before {
		continue
	}
	require.NoError(c.t, c.stops(id))
	stopped := c.imported(id)
	require.NoError(c.t, <-ran)
	require.Equal(c.t, stopped, c.imported(id), "nothing more is written from the moment on at which it is stopped")
	require.Equal(c.t, storage.ImportStopped, stopped.State)
	require.NotNil(c.t, stopped.StoppedAt)
	require.Less(c.t, stopped.Written.Lines, stopped.Checked.Lines)
	return stopped
}

func (c *canada) lines() (n int64) {
	c.t.Helper()
	require.NoError(c.t, c.Register.Owner(c.t).QueryRow(c.t.Context(), "SELECT count(*) FROM consent_events").Scan(&n))
	return n
}

// Somebody stops an import: what is written stays, the rest is not written, and it goes on where it stopped when they say so.
func TestSomebodyStopsAnImport(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	text, faulty, skipped := listOf(40_000)
	id := c.handIn(text, 1<<20)
	c.steps(id, storage.ImportCheck)
	var rule *privacy.RuleError
	require.ErrorAs(t, c.stops(id), &rule)
	require.Equal(t, privacy.RuleCode("import_checked"), rule.Code)
	require.NoError(t, c.wants(id, true, false))
	stopped := c.stopsInTheMiddle(id)
	require.Equal(t, stopped.Written.Written, c.lines())
	require.Equal(t, stopped.Written, c.steps(id, storage.ImportRun).Written, "nor does a worker that comes late write any")
	require.ErrorAs(t, c.stops(id), &rule)

	require.NoError(t, c.wants(id, false, false), "what was said of faulty lines was said")
	done := c.steps(id, storage.ImportRun)
	require.Equal(t, storage.ImportDone, done.State)
	require.Equal(t, done.Checked, done.Written)
	require.EqualValues(t, 40_000-faulty-skipped, c.lines(), "each line once")
}

// The rest of an import that was stopped is given up: by a word, or because nobody has gone on with it for a week. What is written stays.
func TestTheRestOfAnImportIsGivenUp(t *testing.T) {
	t.Parallel()
	c := newCanada(t)
	text, _, _ := listOf(40_000)
	var written int64
	for _, byWord := range []bool{true, false} {
		id := c.handIn(text, 1<<20)
		c.steps(id, storage.ImportCheck)
		c.clock.Advance(6 * day24)
		require.NoError(t, c.wants(id, true, !byWord))
		stopped := c.stopsInTheMiddle(id)
		written += stopped.Written.Written
		if byWord {
			require.NoError(t, c.Desk.DropConsentImport(t.Context(), c.Tenant, casework.System("test"), id))
		} else {
			c.clock.Advance(6 * day24)
			dropped, err := c.Desk.DropStaleImports(t.Context(), c.Tenant)
			require.NoError(t, err)
			require.Zero(t, dropped, "the week is counted from when it was stopped")
			c.clock.Advance(2 * day24)
			dropped, err = c.Desk.DropStaleImports(t.Context(), c.Tenant)
			require.NoError(t, err)
			require.Equal(t, 1, dropped)
		}
		given := c.imported(id)
		require.Equal(t, []any{storage.ImportFailed, "dropped after it was stopped"}, []any{given.State, *given.Problem})
		require.Nil(t, given.WrappedKey)
		require.Equal(t, stopped.Written, given.Written)
		require.Equal(t, written, c.lines())
		left, err := c.Objects.List(t.Context(), c.Tenant.String()+"/consent-imports/")
		require.NoError(t, err)
		require.Empty(t, left)
	}
	anew := c.handIn(text, 1<<20)
	c.steps(anew, storage.ImportCheck)
	var rule *privacy.RuleError
	require.ErrorAs(t, c.wants(anew, true, false), &rule)
	require.Equal(t, privacy.RuleCode("import_again"), rule.Code, "some of its lines are written")
}
