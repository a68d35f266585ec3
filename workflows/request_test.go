package workflows_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

func startOptions(in contract.RequestInput) client.StartWorkflowOptions {
	return client.StartWorkflowOptions{ID: contract.RequestID(in.Case), TaskQueue: contract.TaskQueue}
}

// From receipt to the destruction of the package, with nobody in the way.
func TestRequestRunsItsUsualPath(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(time.Hour, func() {
		p.is(privacy.RequestVerifying)
		require.Equal(t, storage.ObligationPaused, p.Obligation(privacy.Respond).State, "the clock stands still while the person is asked who they are")
		p.proves()
	})
	p.at(2*time.Hour, p.reviewed)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
		require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Respond).State)
		require.Len(t, p.Letters(notify.KindPackageReady), 1)
		require.Equal(t, storage.PackageReady, p.Packages()[0].State)
		require.EqualValues(t, 1+casetest.Orders, *p.Packages()[0].Rows)
		require.Empty(t, p.objects("/cases/"), "the collected parts are gone once the answer is given")
		require.Len(t, p.objects("/packages/"), 1)
		require.Empty(t, p.OpenTasks())
	})
	p.run()

	require.Equal(t, []string{
		"received", "verification_begun", "identity_proven", "collected", "approved", "packaged", "delivered",
	}, p.Steps())
	pkg := p.Packages()[0]
	require.Equal(t, storage.PackageDestroyed, pkg.State)
	require.Nil(t, pkg.WrappedKey)
	require.WithinDuration(t, pkg.CreatedAt.AddDate(0, 0, 14), *pkg.DestroyedAt, time.Minute)
	require.Empty(t, p.objects(""), "nothing is left in the object store")
	require.Len(t, p.Letters(notify.KindPackageExpired), 1, "who never fetched the package is told")
}

// A person who fetched the package is not told that it is gone.
func TestPackageThatWasFetchedGoesQuietly(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	p.at(time.Hour, p.reviewed)
	p.at(2*time.Hour, func() { require.NotEmpty(t, p.Fetch()) })
	p.run()
	require.Equal(t, storage.PackageDestroyed, p.Packages()[0].State)
	require.Empty(t, p.Letters(notify.KindPackageExpired))
}

// A register that is away when the case is looked at is waited for, for as long as it takes.
func TestRequestWaitsForTheRegister(t *testing.T) {
	t.Parallel()
	var p *play
	var quick, patient int
	p = newPlay(t, stage{request: proven(), instead: map[string]any{
		contract.ActivityLoad: func(ctx context.Context, ref contract.Ref) (contract.View, error) {
			if activity.GetInfo(ctx).IsLocalActivity {
				quick++
				return contract.View{}, errors.New("the register is away")
			}
			if patient++; patient < 8 {
				return contract.View{}, errors.New("the register is away")
			}
			return p.Desk.View(ctx, ref)
		},
	}})
	p.at(time.Hour, p.reviewed)
	p.run()
	p.is(privacy.RequestClosed)
	require.Equal(t, 1, quick, "the task of the workflow is not held up")
	require.Equal(t, 8, patient)
}

// A case that is gone is not waited for.
func TestRequestEndsWithItsCase(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.runAs(contract.RequestInput{Ref: contract.Ref{Tenant: p.Tenant, Case: uuid.New()}, Run: 1, Version: contract.NewestVersion})
	require.ErrorContains(t, p.env.GetWorkflowError(), contract.ErrorGone)
}

// objects lists the keys in the bucket that contain a text.
func (p *play) objects(part string) []string { return p.Stored(part) }
