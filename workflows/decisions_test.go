package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// contesting files a request to have a human look at a decision.
func contesting(n *casework.NewRequest) {
	n.Right = privacy.AutomatedDecision
	n.Contest = privacy.Contest{Decision: "You refused me an instalment plan", Taken: "On 20 February", Effect: "I had to return the bed.", View: "You counted an order that is not mine."}
}

// member is a member of the staff of the play's tenant.
func (p *play) member(role string) (id uuid.UUID) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		staff, err := tx.Staff(ctx)
		for _, m := range staff {
			if m.Role == role {
				id = m.ID
			}
		}
		return err
	})
	return id
}

func (p *play) made(key string, who uuid.UUID, makers ...uuid.UUID) error {
	p.t.Helper()
	return p.says(key, as(who, "dpo"), casework.DecisionMakers{Makers: makers})
}

func (p *play) says(key string, who audit.Actor, said casework.DecisionMakers) error {
	p.t.Helper()
	return p.Desk.DB().Change(p.t.Context(), p.Tenant, who, func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.SayDecisionMakers(ctx, tx, p.Ref, key, said)
	})
}

// looks puts a review on record, as somebody does.
func (p *play) looks(key string, who audit.Actor, outcome privacy.ReviewOutcome) (r storage.HumanReview, err error) {
	p.t.Helper()
	err = p.Desk.DB().Change(p.t.Context(), p.Tenant, who, func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = p.Desk.RecordHumanReview(ctx, tx, p.Ref, key, storage.HumanReview{
			Outcome: outcome, Considered: "The order was another customer's indeed.", Data: "Orders of two years.", Reasons: "The order was not yours.\nYou can pay in instalments.",
		})
		return err
	})
	return r, err
}

func as(who uuid.UUID, role string) audit.Actor {
	return audit.Actor{Kind: audit.Person, ID: who.String(), Role: role}
}

// concluding answers with a review.
func concluding(r storage.HumanReview) func(*contract.Command) {
	return func(c *contract.Command) { c.Plan = casework.HumanReviewSum(r) }
}

// Art. 22(3) GDPR: a human looks at the decision, with the person's view of it, and is nobody who made it; the person hears what came of it.
func TestArt22AHumanLooksAtTheDecision(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){contesting}})
	agent, dpo := p.member("agent"), p.member("dpo")
	p.at(time.Hour, p.proves)
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, []string{storage.TaskHumanReview}, p.OpenTasks())
		require.NoError(t, p.made("m", dpo, agent))
		_, err := p.looks("agent", as(agent, "agent"), privacy.ReviewUpheld)
		require.ErrorContains(t, err, "having taken or prepared the decision")
		_, err = p.looks("key", audit.Actor{Kind: audit.APIKey, ID: uuid.NewString(), Role: "dpo"}, privacy.ReviewUpheld)
		require.ErrorContains(t, err, "a human reviews the decision")
		_, err = p.looks("own key", audit.Actor{Kind: audit.Person, ID: dpo.String(), Role: "dpo", Key: uuid.NewString()}, privacy.ReviewUpheld)
		require.ErrorContains(t, err, "a human reviews the decision", "a person's own program is a program")
		own := casework.DecisionMakers{TakenOff: []uuid.UUID{agent}, Note: "It was not me."}
		require.ErrorContains(t, p.says("off", as(agent, "agent"), own), "somebody else takes your name off")
		require.ErrorContains(t, p.made("nobody", dpo, uuid.New()), "not found")
	})
	var early, stale, other, machine *reply
	p.at(3*time.Hour, func() { early = p.command(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"))) })
	p.at(4*time.Hour, func() {
		first, err := p.looks("first", as(dpo, "dpo"), privacy.ReviewUpheld)
		require.NoError(t, err)
		second, err := p.looks("second", as(dpo, "dpo"), privacy.ReviewChanged)
		require.NoError(t, err)
		stale = p.command(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(first)))
		other = p.command(casetest.Command(contract.ConcludeReview, by(bo, "dpo"), concluding(second)))
		machine = p.command(casetest.Command(contract.ConcludeReview, concluding(second), func(c *contract.Command) { c.Actor = contract.Actor{Kind: "api_key", ID: dpo.String(), Role: "dpo"} }))
		p.at(time.Hour, func() { p.accepted(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(second))) })
	})
	p.run()
	require.Equal(t, "not_reviewed", refusalOf(t, early.err).Code)
	require.Equal(t, "review_changed", refusalOf(t, stale.err).Code)
	require.Equal(t, "four_eyes", refusalOf(t, other.err).Code, "whoever recorded it answers with it")
	require.Equal(t, "human_needed", refusalOf(t, machine.err).Code)
	require.Equal(t, []string{"received", "verification_begun", "identity_proven", "collected", "say_decision_makers", "record_human_review", "record_human_review", "settled"}, p.Steps())
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, "changed", *p.Case().ReasonCode)
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Respond).State)
	require.Empty(t, p.OpenTasks())
	p.neverRead(t)
	letters := p.Letters(notify.KindDecisionReviewed)
	require.Len(t, letters, 1)
	text := unwrapped(letters[0].Text)
	require.Contains(t, text, "our data protection officer, who had no part in the decision")
	require.Contains(t, text, "The decision is changed.")
	require.Contains(t, text, "You can pay in instalments.")
	require.NotContains(t, text, "Staff dpo", "a role, and no name")
	require.NotContains(t, text, "Orders of two years", "what is for the file stays there")
}

// neverRead checks that no system was read for the request.
func (p *play) neverRead(t *testing.T) {
	t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		round, err := tx.LatestRound(ctx, p.Ref.Case)
		require.Zero(t, round)
		return err
	})
}

// Art. 22(1) and (2) GDPR: what was not decided by a machine alone is no case of it, nor what weighs little; a question to the person comes before.
func TestArt22RefusedAfterAQuestion(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, contesting}})
	var wrong, never *reply
	p.at(time.Hour, func() {
		p.is(privacy.RequestReviewing)
		p.accepted(casetest.Command(contract.AskClarity, p.Saying("Which of your two applications do you mean?")))
		wrong = p.command(casetest.Command(contract.Refuse, casetest.Because(string(privacy.CompellingGrounds)), by(bo, "dpo")))
		never = p.command(casetest.Command(contract.Recollect))
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestClarifying)
		require.Empty(t, p.OpenTasks())
		p.accepted(casetest.Command(contract.Clarified, p.Saying("The second.")))
	})
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.Equal(t, []string{storage.TaskHumanReview}, p.OpenTasks())
		p.accepted(casetest.Command(contract.Refuse, casetest.Because(string(privacy.NotSolelyAutomated)), by(bo, "dpo")))
	})
	p.run()
	require.Error(t, wrong.err, "the law knows no such ground for it")
	require.Error(t, never.err, "nothing is collected for it")
	require.Equal(t, privacy.OutcomeRefused, p.Outcome())
	require.Contains(t, unwrapped(p.Letters(notify.KindRefusal)[0].Text), "a human took it, or had a real say in it")
}

// Art. 22C UK GDPR and section 164A of the Data Protection Act 2018: who is not content complains; what is taken up again is looked at by somebody else.
func TestArt22CComplaintHasSomebodyElseLook(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	british := p.after(t, 120*day) // the duty to answer complaints is in force by then
	british.Request = p.File(casetest.Proven, contesting, func(n *casework.NewRequest) { n.Regime = "uk-gdpr" })
	dpo, lead := british.member("dpo"), british.member("lead")
	british.at(time.Hour, func() {
		require.NoError(t, british.made("nobody", dpo))
		review, err := british.looks("a", as(dpo, "dpo"), privacy.ReviewUpheld)
		require.NoError(t, err)
		british.accepted(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(review)))
	})
	british.goes()
	require.Equal(t, privacy.OutcomeFulfilled, british.Outcome())
	require.Contains(t, british.Letters(notify.KindDecisionReviewed)[0].Text, "/appeal")

	later := british.after(t, day)
	id, err := later.appeals("c", "Nobody read what I wrote.")
	require.NoError(t, err)
	require.ErrorContains(t, later.decidesAppeal(dpo, id, storage.AppealGranted), "you gave the answer")
	require.NoError(t, later.decidesAppeal(bo, id, storage.AppealGranted))
	later.at(time.Hour, func() {
		later.is(privacy.RequestReviewing)
		_, err := later.looks("b", as(dpo, "dpo"), privacy.ReviewUpheld)
		require.ErrorContains(t, err, "you reviewed the decision before")
		review, err := later.looks("d", as(lead, "agent"), privacy.ReviewAnnulled)
		require.NoError(t, err)
		later.accepted(casetest.Command(contract.ConcludeReview, by(lead, "agent"), concluding(review)))
	})
	later.goes()
	require.Equal(t, privacy.OutcomeFulfilled, later.Outcome())
	letters := later.Letters(notify.KindDecisionReviewed)
	require.Len(t, letters, 2)
	require.Contains(t, unwrapped(letters[0].Text+letters[1].Text), "The decision no longer holds.")
}

// Art. 22(3) GDPR: to refuse the contest is to leave the decision as it is, so that takes who may review: nobody who made it, and no program. Nor does
// whoever made it end it as filed by mistake.
func TestArt22NoMakerAndNoProgramRefuses(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, contesting}})
	agent, dpo := p.member("agent"), p.member("dpo")
	because := casetest.Because(string(privacy.NotSolelyAutomated))
	var maker, cancelling, program, key *reply
	p.at(time.Hour, func() {
		require.NoError(t, p.made("m", dpo, agent))
		maker = p.command(casetest.Command(contract.Refuse, because, by(agent, "agent")))
		cancelling = p.command(casetest.Command(contract.Cancel, by(agent, "agent")))
		program = p.command(casetest.Command(contract.Refuse, because, func(c *contract.Command) {
			c.Actor = contract.Actor{Kind: "api_key", ID: uuid.NewString(), Role: "dpo"}
		}))
		key = p.command(casetest.Command(contract.Refuse, because, func(c *contract.Command) {
			c.Actor = contract.Actor{Kind: "person", ID: dpo.String(), Role: "dpo", Key: uuid.NewString()}
		}))
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		p.accepted(casetest.Command(contract.Refuse, because, by(dpo, "dpo")))
	})
	p.run()
	require.Equal(t, "four_eyes", refusalOf(t, maker.err).Code)
	require.Equal(t, "four_eyes", refusalOf(t, cancelling.err).Code)
	require.Equal(t, "human_needed", refusalOf(t, program.err).Code)
	require.Equal(t, "human_needed", refusalOf(t, key.err).Code, "a person's own program is a program")
	require.Equal(t, privacy.OutcomeRefused, p.Outcome())
}

// makersInTheLog are the names that were put on the record of who made the decision or taken off, as the log has them.
func (p *play) makersInTheLog() (added, off []string) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.AuditEvents(ctx, storage.AuditFilter{Limit: 1000, Case: &p.Ref.Case})
		for _, e := range events {
			switch e.Event.Action {
			case audit.DecisionMakerAdded:
				added = append(added, e.Event.Facts[audit.FactStaff])
			case audit.DecisionMakerTakenOff:
				require.NotEmpty(p.t, e.Event.Facts[audit.FactNote], "where it says why")
				off = append(off, e.Event.Facts[audit.FactStaff])
			}
		}
		return err
	})
	return added, off
}

// Art. 22(3) GDPR: who made the decision stays on record. Names are added to those that others gave, and taken off with a reason; the log has them all.
func TestArt22MakersStayOnRecord(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, contesting}})
	agent, dpo, lead := p.member("agent"), p.member("dpo"), p.member("lead")
	off := casework.DecisionMakers{TakenOff: []uuid.UUID{agent}}
	p.at(time.Hour, func() {
		require.NoError(t, p.made("one", bo, agent))
		require.NoError(t, p.made("two", ana, lead), "who had not seen the first")
		for _, who := range []uuid.UUID{agent, lead} {
			_, err := p.looks("r", as(who, "agent"), privacy.ReviewUpheld)
			require.ErrorContains(t, err, "having taken or prepared the decision")
		}
		require.ErrorContains(t, p.says("why", as(dpo, "dpo"), off), "say in a note why")
		both := casework.DecisionMakers{Makers: off.TakenOff, TakenOff: off.TakenOff, Note: "x"}
		require.ErrorContains(t, p.says("both", as(dpo, "dpo"), both), "one is given for both")
		off.Note = "It was another of the same name."
		require.NoError(t, p.says("off", as(dpo, "dpo"), off))
		_, err := p.looks("r", as(agent, "agent"), privacy.ReviewUpheld)
		require.NoError(t, err)
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	added, gone := p.makersInTheLog()
	require.ElementsMatch(t, []string{agent.String(), lead.String()}, added)
	require.Equal(t, []string{agent.String()}, gone)
}

// Art. 22(3) GDPR: that whoever reviews had no part in the decision is known only once somebody has said who had, be it nobody of the staff.
func TestArt22ConcludedOnceTheMakersAreSaid(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, contesting}})
	dpo := p.member("dpo")
	var unsaid *reply
	p.at(time.Hour, func() {
		review, err := p.looks("a", as(dpo, "dpo"), privacy.ReviewUpheld)
		require.NoError(t, err)
		unsaid = p.command(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(review)))
		p.at(time.Hour, func() {
			require.NoError(t, p.made("nobody", bo))
			p.accepted(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(review)))
		})
	})
	p.run()
	require.Equal(t, "makers_unsaid", refusalOf(t, unsaid.err).Code)
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
}

// Art. 22C UK GDPR and section 164A of the Data Protection Act 2018: whoever refused the contest does not look at the decision once the complaint
// about that was granted.
func TestArt22CWhoeverRefusedDoesNotReview(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	british := p.after(t, 120*day)
	british.Request = p.File(casetest.Proven, contesting, func(n *casework.NewRequest) { n.Regime = "uk-gdpr" })
	dpo, lead := british.member("dpo"), british.member("lead")
	because := casetest.Because(string(privacy.NotSolelyAutomated))
	british.at(time.Hour, func() { british.accepted(casetest.Command(contract.Refuse, because, by(dpo, "dpo"))) })
	british.goes()
	require.Equal(t, privacy.OutcomeRefused, british.Outcome())

	later := british.after(t, day)
	id, err := later.appeals("c", "Nobody read what I wrote.")
	require.NoError(t, err)
	require.NoError(t, later.decidesAppeal(bo, id, storage.AppealGranted))
	var again *reply
	later.at(time.Hour, func() {
		_, err := later.looks("b", as(dpo, "dpo"), privacy.ReviewUpheld)
		require.ErrorContains(t, err, "you answered the request before")
		again = later.command(casetest.Command(contract.Refuse, because, by(dpo, "dpo")))
		require.NoError(t, later.made("nobody", dpo))
		review, err := later.looks("d", as(lead, "lead"), privacy.ReviewAnnulled)
		require.NoError(t, err)
		later.accepted(casetest.Command(contract.ConcludeReview, by(lead, "lead"), concluding(review)))
	})
	later.goes()
	require.Equal(t, "four_eyes", refusalOf(t, again.err).Code)
	require.Equal(t, privacy.OutcomeFulfilled, later.Outcome())
}

// What the person said is forgotten with the request, and so is what was written of it.
func TestContestIsForgotten(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, contesting}})
	dpo := p.member("dpo")
	p.at(time.Hour, func() {
		require.NoError(t, p.made("nobody", dpo))
		review, err := p.looks("a", as(dpo, "dpo"), privacy.ReviewAnnulled)
		require.NoError(t, err)
		p.accepted(casetest.Command(contract.ConcludeReview, by(dpo, "dpo"), concluding(review)))
	})
	p.run()
	require.NotEmpty(t, sealedUnder(t, p))
	later := p.after(t, 37*31*day)
	later.forgets()
	require.NotNil(t, later.Case().ForgottenAt)
	require.Empty(t, sealedUnder(t, later), "nothing that was sealed under the key is left")
}
