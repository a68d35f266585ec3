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

// A table that is gone is a task for a person, with a sentence that says what is wrong and what to do. Trying again works
// once it is mended.
func TestFailedSystemIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.Shop.Exec("ALTER TABLE orders RENAME TO orders_gone")
	p.at(time.Hour, func() {
		p.is(privacy.RequestCollecting)
		require.Equal(t, []string{storage.TaskCollectionFailed}, p.OpenTasks())
		run := p.run1()
		require.Equal(t, storage.RunFailed, run.State)
		require.Contains(t, *run.Error, "orders")
		letters := p.Letters(notify.KindCollectionFailed)
		require.Len(t, letters, 1)
		require.Contains(t, letters[0].Text, "The shop")
		p.Shop.Exec("ALTER TABLE orders_gone RENAME TO orders")
		p.accepted(casetest.Command(contract.RetrySystem, casetest.On(p.Shop.ID)))
	})
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.EqualValues(t, 1+casetest.Orders, *p.Packages()[0].Rows)
}

// A system that can't be read is left out on a person's decision.
func TestFailedSystemIsLeftOut(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.Shop.Move("postgres://nobody:wrong@127.0.0.1:1/nothing")
	p.at(day, func() {
		p.is(privacy.RequestCollecting)
		require.Equal(t, []string{storage.TaskCollectionFailed}, p.OpenTasks())
		p.accepted(casetest.Command(contract.ExcludeSystem, casetest.On(p.Shop.ID)))
	})
	p.at(2*day, p.reviewed)
	p.run()
	require.Equal(t, storage.RunExcluded, p.run1().State)
	require.EqualValues(t, 0, *p.Packages()[0].Rows)
}

// A decision may come before the workflow has heard of the failure: the task is there as soon as the register has it.
func TestDecisionThatOvertakesTheFailureIsKept(t *testing.T) {
	t.Parallel()
	decided := make(chan struct{})
	var p *play
	p = newPlay(t, stage{request: proven(), instead: map[string]any{
		contract.ActivityFail: func(ctx context.Context, f contract.Failure) error {
			err := p.Desk.CollectionFailed(ctx, f)
			c := casetest.Command(contract.ExcludeSystem, casetest.On(p.Shop.ID))
			p.update(c.Key, &reply{then: func() { close(decided) }}, c)
			<-decided // and only now does the workflow hear of the failure
			return err
		},
	}})
	p.Shop.Exec("ALTER TABLE orders RENAME TO orders_gone")
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.EqualValues(t, 0, *p.Packages()[0].Rows)
}

// A reviewer can have everything collected once more; the answer is made of the last round.
func TestReviewerHasTheDataCollectedAnew(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.at(time.Hour, func() {
		p.Shop.Exec("INSERT INTO orders SELECT 5000, id, 'a late one' FROM customers WHERE email = $1", p.Person.Email)
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.EqualValues(t, 2+casetest.Orders, *p.Packages()[0].Rows)
	require.EqualValues(t, 2, p.Packages()[0].Round)
}

// run1 is the run of the first round on the shop.
func (p *play) run1() (run storage.Run) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		run, err = tx.RunOn(ctx, p.Ref.Case, 1, p.Shop.ID)
		return err
	})
	return run
}
