package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// A package that could not be delivered before its time was over goes back to the reviewer. What was collected for it can't
// be approved a second time, only collected anew; the person hears of the package that they get and of no other.
func TestPackagePastItsTimeIsCollectedAgain(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven(), tenant: func(n *storage.NewTenant) { n.Settings.PackageDays = 1 }})
	owner := p.Register.Owner(t)
	rename := func(from, to string) {
		_, err := owner.Exec(t.Context(), "ALTER TABLE "+from+" RENAME TO "+to)
		require.NoError(t, err)
	}
	p.at(time.Hour, func() {
		rename("download_links", "links_away") // no package can be handed over
		p.reviewed()
	})
	p.at(day, func() { p.is(privacy.RequestDelivering) })
	p.at(2*day, func() { rename("links_away", "download_links") })
	p.at(3*day, func() {
		p.reviewed() // in vain
	})
	p.at(3*day+time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, []string{storage.TaskReview}, p.OpenTasks())
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(3*day+2*time.Hour, p.reviewed)
	p.run()
	p.is(privacy.RequestClosed)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, []string{
		"received", "identity_proven", "collected", "approved", "packaged", "returned", "approved", "returned", "recollected", "collected",
		"approved", "packaged", "delivered",
	}, p.Steps())
	require.Len(t, p.Letters(notify.KindPackageReady), 1)
	require.Len(t, p.Packages(), 2)
}
