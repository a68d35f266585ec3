package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// under files a request under a law.
func under(regime string) func(*casework.NewRequest) {
	return func(n *casework.NewRequest) {
		casetest.Proven(n)
		n.Regime = regime
	}
}

func (p *play) appeals(key, text string) (id uuid.UUID, err error) {
	p.t.Helper()
	err = p.Desk.DB().Change(p.t.Context(), p.Tenant, person(bo), func(ctx context.Context, tx *storage.Tx) (err error) {
		id, err = p.Desk.Appeal(ctx, tx, p.Ref, key, casework.NewAppeal{Text: text, Channel: "form"})
		return err
	})
	return id, err
}

func (p *play) decidesAppeal(who uuid.UUID, id uuid.UUID, state string) error {
	p.t.Helper()
	return p.Desk.DB().Change(p.t.Context(), p.Tenant, person(who), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.DecideAppeal(ctx, tx, p.Ref, "decide/"+who.String()+state, id, state, "We looked at it again.")
	})
}

// refusedBy plays until the request was refused by somebody.
func (p *play) refusedBy(who uuid.UUID) {
	p.t.Helper()
	p.at(time.Hour, func() {
		p.accepted(casetest.Command(contract.Refuse, by(who, "dpo"), func(c *contract.Command) { c.Reason = string(privacy.ManifestlyExcessive) }))
	})
	p.run()
	require.Equal(p.t, privacy.OutcomeRefused, p.Outcome())
}

// goes has the workflow of a later play run.
func (p *play) goes() {
	p.t.Helper()
	workflows.Register(p.env)
	activities.Register(p.env, p.Desk, p.Objects, true)
	p.runAs(contract.RequestInput{Ref: p.Ref, Run: p.Case().Run, Version: contract.NewestVersion})
	require.NoError(p.t, p.env.GetWorkflowError())
}

// C.R.S. 6-1-1306(3): an appeal is decided within 45 days, 60 more where needed, by somebody else, and denied with the Attorney General named.
func TestAppealHasItsOwnClock(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){under("us-co")}})
	_, err := p.appeals("early", "x")
	require.ErrorContains(t, err, "has none yet")
	p.refusedBy(ana)
	require.Contains(t, p.Letters(notify.KindRefusal)[0].Text, "/appeal")

	later := p.after(t, 10*day)
	id, err := later.appeals("a", "I asked for one year only.")
	require.NoError(t, err)
	_, err = later.appeals("b", "And again.")
	require.ErrorContains(t, err, "open appeal already")
	require.Equal(t, privacy.OutcomeRefused, later.Outcome(), "the answer stands meanwhile")
	owed := later.Obligation(privacy.AppealDecision)
	require.WithinDuration(t, later.env.Now().AddDate(0, 0, 45), owed.Due, 2*day)
	require.Len(t, later.Letters(notify.KindAppealReceived), 1)
	require.Equal(t, []string{storage.TaskAppeal}, later.OpenTasks())
	later.at(50*day, func() {
		require.Equal(t, storage.ObligationOverdue, later.Obligation(privacy.AppealDecision).State, "its clock runs beside the closed request")
		require.NotEmpty(t, later.Milestones(privacy.AppealDecision))
		require.ErrorContains(t, later.decidesAppeal(ana, id, storage.AppealDenied), "you gave the answer")
		require.ErrorContains(t, later.decidesAppeal(ana, id, storage.AppealWithdrawn), "you gave the answer")
		require.NoError(t, later.decidesAppeal(bo, id, storage.AppealDenied))
		require.ErrorContains(t, later.decidesAppeal(uuid.New(), id, storage.AppealDenied), "decided already")
		later.told()
	})
	later.goes()
	require.Equal(t, storage.ObligationMet, later.Obligation(privacy.AppealDecision).State)
	letters := later.Letters(notify.KindAppealDecided)
	require.Len(t, letters, 1)
	require.Contains(t, letters[0].Text, "We looked at it again.")
	require.Contains(t, unwrapped(letters[0].Text), "complain to")
	require.Empty(t, later.OpenTasks())

	again := later.after(t, day)
	_, err = again.appeals("c", "Still wrong.")
	require.NoError(t, err, "the law names no number of them")
	require.Equal(t, storage.ObligationOpen, again.Obligation(privacy.AppealDecision).State, "and each is owed anew")
}

// A granted appeal takes the request up again; a decision may take longer once.
func TestGrantedAppealTakesTheRequestUp(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){under("us-co")}})
	p.refusedBy(ana)
	later := p.after(t, day)
	id, err := later.appeals("a", "I asked for one year only.")
	require.NoError(t, err)
	first := later.Obligation(privacy.AppealDecision).Due
	extend := func(key string) error {
		return later.Desk.DB().Change(t.Context(), later.Tenant, person(bo), func(ctx context.Context, tx *storage.Tx) error {
			return later.Desk.ExtendAppeal(ctx, tx, later.Ref, key, id, notify.Complexity)
		})
	}
	require.NoError(t, extend("e"))
	require.WithinDuration(t, first.AddDate(0, 0, 60), later.Obligation(privacy.AppealDecision).Due, 2*day)
	require.Len(t, later.Letters(notify.KindExtension), 1)
	require.ErrorContains(t, extend("f"), "once already")
	require.NoError(t, later.decidesAppeal(bo, id, storage.AppealGranted))
	require.Contains(t, later.Letters(notify.KindAppealDecided)[0].Text, "You were right")
	later.at(time.Hour, later.reviewed)
	later.goes()
	require.Equal(t, privacy.OutcomeFulfilled, later.Outcome())
	require.Equal(t, storage.ObligationMet, later.Obligation(privacy.AppealDecision).State)
}

// Section 164A of the Data Protection Act 2018: a complaint is confirmed within 30 days; under the GDPR there is nothing of the kind.
func TestComplaintsAndLawsWithoutAppeals(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){under("gdpr")}})
	p.refusedBy(ana)
	_, err := p.appeals("a", "x")
	require.ErrorContains(t, err, "no appeal to the controller")
	require.NotContains(t, p.Letters(notify.KindRefusal)[0].Text, "/appeal")
}
