package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// lost plays until a moment, at which Temporal loses the workflow, and some time later goes on as the relay does: with
// another that begins where the register says.
func (p *play) lost(after, gap time.Duration) *play {
	p.t.Helper()
	p.at(after, p.env.CancelWorkflow)
	p.runAs(contract.RequestInput{Ref: p.Ref, Run: 1})
	require.Error(p.t, p.env.GetWorkflowError())
	next := p.again(p.t)
	next.env.SetStartTime(p.env.Now().Add(gap))
	return next
}

// goesOn runs the workflow that follows.
func (p *play) goesOn() {
	p.t.Helper()
	resume, err := p.Desk.Resume(p.t.Context(), p.Ref)
	require.NoError(p.t, err)
	// The two don't see the beginning of a phase at the same moment, so the keys of their steps are not the same.
	resume.PhaseSince = resume.PhaseSince.Add(time.Millisecond)
	p.runAs(contract.RequestInput{Ref: p.Ref, Run: 1, Resume: resume})
	require.NoError(p.t, p.env.GetWorkflowError())
}

// Who was reminded is not reminded again by the workflow that follows a lost one, and has the rest of the time, not all of
// it once more.
func TestAWorkflowThatWasLostRemindsNobodyTwice(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	next := p.lost(6*day, day)
	next.goesOn()
	require.Len(t, p.Letters(notify.KindIdentityReminder), 1)
	require.Len(t, p.Letters(notify.KindAcknowledgement), 1)
	closed := p.Letters(notify.KindIdentityClosed)
	require.Len(t, closed, 1)
	require.WithinDuration(t, monday().Add(14*day), closed[0].At, time.Minute)
}

// Clocks go on at the rung that they had reached: none is climbed twice, and none that fell into the gap is left out.
func TestAWorkflowThatWasLostClimbsNoRungTwice(t *testing.T) {
	t.Parallel()
	whole := newPlay(t, stage{request: proven()})
	whole.at(50*day, whole.reviewed)
	whole.run()
	p := newPlay(t, stage{request: proven()})
	next := p.lost(32*day, day) // due on day 31; a rung falls into the gap
	next.at(50*day-33*day, next.reviewed)
	next.goesOn()
	want := whole.Milestones(privacy.Respond)
	require.Greater(t, len(want), 5)
	require.Equal(t, want, next.Milestones(privacy.Respond))
	require.Len(t, next.Letters(notify.KindOverdue), len(whole.Letters(notify.KindOverdue)))
}

// A question about a system that the lost workflow asked is answered by collecting anew.
func TestAWorkflowThatWasLostCollectsAnew(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.Shop.Exec("ALTER TABLE orders RENAME TO orders_gone")
	p.at(time.Hour, func() { require.Equal(t, []string{storage.TaskCollectionFailed}, p.OpenTasks()) })
	next := p.lost(2*time.Hour, 0)
	next.Shop.Exec("ALTER TABLE orders_gone RENAME TO orders")
	next.at(time.Hour, func() {
		require.Equal(t, []string{storage.TaskReview}, next.OpenTasks())
		next.reviewed()
	})
	next.goesOn()
	require.EqualValues(t, 1+casetest.Orders, *next.Packages()[0].Rows)
}

// A case that was restored from a backup may lack what was collected, or its keys: it goes back to the reviewer with a
// note, and is collected again.
func TestWhatWasCollectedAndLostIsCollectedAgain(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(*play){
		"objects": func(p *play) {
			for _, key := range p.Stored("/cases/") {
				require.NoError(p.t, p.Objects.Delete(p.t.Context(), key))
			}
		},
		"keys": func(p *play) {
			_, err := p.Register.Owner(p.t).Exec(p.t.Context(), "UPDATE collection_runs SET key_wrapped = NULL")
			require.NoError(p.t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPlay(t, stage{request: proven()})
			p.at(time.Hour, func() { lose(p); p.reviewed() })
			p.at(2*time.Hour, func() {
				p.is(privacy.RequestReviewing)
				require.Contains(t, p.note(), "have it collected again")
				p.accepted(casetest.Command(contract.Recollect))
			})
			p.at(3*time.Hour, p.reviewed)
			p.run()
			require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
			packages := p.Packages()
			require.EqualValues(t, 1+casetest.Orders, *packages[len(packages)-1].Rows)
		})
	}
}

// note reads the newest note of the case.
func (p *play) note() (text string) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, p.Ref.Case)
		if err != nil {
			return err
		}
		subject, err := tx.Subject(ctx, row.SubjectID)
		if err != nil {
			return err
		}
		notes, err := tx.Notes(ctx, row, subject)
		if len(notes) > 0 {
			text = notes[len(notes)-1].Body
		}
		return err
	})
	return text
}

// A package is destroyed when its time is over even if Temporal has lost the workflow that was to do it.
func TestPackageEndsWithoutItsOwnWorkflow(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	stop := l.follow(l.client)
	l.work()
	f := l.file(casetest.Proven)
	f.reaches(privacy.RequestReviewing)
	require.NoError(t, f.command(casetest.Command(contract.Approve)))
	f.ends()
	pkg := f.Packages()[0]
	require.NoError(t, l.client.TerminateWorkflow(t.Context(), contract.PackageID(pkg.ID), "", "lost"))
	_, err := l.Register.Owner(t).Exec(t.Context(), "UPDATE packages SET expires_at = now() - interval '1 second' WHERE id = $1", pkg.ID)
	require.NoError(t, err)
	stop()
	l.follow(l.client)
	f.until("the package is destroyed", func() bool { return f.Packages()[0].State == storage.PackageDestroyed })
	require.Empty(t, l.Stored("/packages/"))
}
