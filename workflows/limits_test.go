package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// asking files a request under a right that sets limits.
func asking(right privacy.Right, ask privacy.Ask) func(*casework.NewRequest) {
	return func(n *casework.NewRequest) { n.Right, n.Ask = right, ask }
}

func against(kinds ...privacy.LimitKind) privacy.Ask { return privacy.Ask{Against: kinds} }

// californian has the law that lets people opt out apply.
func californian(n *casework.NewRequest) { n.Regime = "ccpa" }

// may says why the person's data may not be used so now; empty when it may.
func (p *play) may(use privacy.Use) (why []privacy.BlockReason) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		// As a system knows them: by the address in other letters.
		blocks, err := p.Desk.MayUse(ctx, tx, use, storage.Person{Email: p.Person.Email})
		require.NoError(p.t, err)
		for _, b := range blocks[0] {
			why = append(why, b.Why)
		}
		return nil
	})
	return why
}

// set lists the limits of the case.
func (p *play) set() (all []storage.Limit) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.LimitsOfCase(ctx, p.Ref.Case)
		return err
	})
	return all
}

// marks lists what was set in systems for the case.
func (p *play) marks() (all []storage.Amendment) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.Amendments(ctx, p.Ref.Case)
		return err
	})
	return all
}

// weigh puts a balance test on record.
func (p *play) weigh(key, outcome string) error {
	p.t.Helper()
	return p.Desk.DB().Change(p.t.Context(), p.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.RecordBalance(ctx, tx, p.Ref, key, storage.BalanceTest{
			Outcome: outcome, Interest: "Fraud among our sellers.", Necessity: "Nothing less shows it.", Impact: "They are shown fewer offers.", Safeguards: "A person looks.",
		})
	})
}

// lift ends the case's only limit, as an officer does.
func (p *play) lift(key, reason string) error {
	p.t.Helper()
	return p.Desk.DB().Change(p.t.Context(), p.Tenant, casework.System("test"), func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.LiftLimit(ctx, tx, p.Ref, key, p.set()[0], reason, "The address was checked and is right.")
	})
}

// marketing and analytics are uses that an objection may stand against.
var (
	marketing = privacy.Use{Purpose: privacy.UseMarketing, Basis: "legitimate_interests"}
	analytics = privacy.Use{Purpose: privacy.UseAnalytics, Basis: "legitimate_interests"}
	ordering  = privacy.Use{Purpose: privacy.UseService, Basis: "contract"}
)

// Art. 21(3) GDPR: an objection to marketing takes effect at once, whoever makes it, and for good.
func TestArt21MarketingStopsAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){asking(privacy.Objection, against(privacy.LimitMarketing))}})
	require.Equal(t, []privacy.BlockReason{privacy.BlockedPurpose}, p.may(marketing), "before anything has looked at it")
	require.Empty(t, p.may(ordering))
	p.run()
	require.Equal(t, []string{"received", "identity_waived", "settled"}, p.Steps(), "nobody was asked who they are, and nobody had to decide")
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Respond).State)
	letters := p.Letters(notify.KindLimited)
	require.Len(t, letters, 1)
	require.Contains(t, letters[0].Text, "We do not send you advertising")
	require.NotContains(t, letters[0].Text, "Before this ends")
	require.Empty(t, p.OpenTasks())
	require.ErrorContains(t, p.lift("a", casework.LiftGroundGone), "stands for good")
	require.ErrorContains(t, p.lift("b", casework.LiftFraud), "only opt-outs")
}

// Art. 18(1)(a) and (3) GDPR: restricted from the moment it is known who asks, decided on by a person, and lifted after a word to the person.
func TestArt18Restriction(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){asking(privacy.Restriction, privacy.Ask{Ground: privacy.AccuracyContested})}})
	require.Empty(t, p.may(ordering), "nobody restricts somebody else's data")
	p.at(time.Hour, p.proves)
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.True(t, p.set()[0].Provisional)
		require.Equal(t, []privacy.BlockReason{privacy.BlockedRestricted}, p.may(ordering))
		require.Empty(t, p.may(privacy.Use{Purpose: privacy.UseOther, Operation: privacy.OpStore}), "Art. 18(2): storing goes on")
		require.Equal(t, []string{storage.TaskDecision}, p.OpenTasks())
		p.accepted(casetest.Command(contract.Uphold, p.Saying("The address is contested.")))
	})
	p.run()
	require.Equal(t, []string{"received", "verification_begun", "identity_proven", "collected", "settled"}, p.Steps())
	require.False(t, p.set()[0].Provisional)
	require.Contains(t, unwrapped(p.Letters(notify.KindLimited)[0].Text), "Before this ends, we write to you.")

	later := p.after(t, 10*day)
	require.NoError(t, later.lift("lift", casework.LiftGroundGone))
	require.NoError(t, later.lift("lift", casework.LiftGroundGone), "once per key")
	require.ErrorContains(t, later.lift("again", casework.LiftGroundGone), "told already")
	letters := later.Letters(notify.KindLimitEnds)
	require.Len(t, letters, 1)
	require.Contains(t, unwrapped(letters[0].Text), "The reason for it no longer applies.")
	require.NotEmpty(t, later.may(ordering), "it stands until they could have read that")
	later.ended(t, 0)
	last := later.after(t, 3*day+time.Minute)
	require.Empty(t, last.may(ordering))
	last.ended(t, 1)
	require.NotNil(t, last.set()[0].LiftedAt)
}

// ended has the worker end what is past its time.
func (p *play) ended(t *testing.T, want int) {
	t.Helper()
	r := &relay.Relay{Desk: p.Desk, Clock: p.Clock}
	n, err := r.EndLimits(t.Context())
	require.NoError(t, err)
	require.Equal(t, want, n)
}

// Art. 21(1) GDPR: what is done in the controller's own interest stops until the grounds are weighed, and only weighed grounds override.
func TestArt21GroundsAreWeighed(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){
		casetest.Proven, asking(privacy.Objection, against(privacy.LimitInterests, privacy.LimitMarketing)),
	}})
	require.Error(t, p.weigh("early", storage.GroundsOverride), "nothing waits for it yet")
	var early, late *reply
	p.at(time.Hour, func() {
		p.is(privacy.RequestReviewing)
		require.NotEmpty(t, p.may(analytics))
		early = p.command(casetest.Command(contract.Refuse, casetest.Because(string(privacy.CompellingGrounds)), p.Saying("x")))
	})
	p.at(2*time.Hour, func() {
		require.NoError(t, p.weigh("a", storage.GroundsOverride))
		late = p.command(casetest.Command(contract.Uphold, p.Saying("x")))
	})
	p.at(3*time.Hour, func() {
		p.accepted(casetest.Command(contract.Refuse, casetest.Because(string(privacy.CompellingGrounds)), p.Saying("We have to keep fraud out.")))
	})
	p.run()
	require.Equal(t, "not_weighed", refusalOf(t, early.err).Code)
	require.Equal(t, "not_weighed", refusalOf(t, late.err).Code, "what was weighed came to another end")
	require.Equal(t, privacy.OutcomeRefused, p.Outcome())
	letter := unwrapped(p.Letters(notify.KindRefusal)[0].Text)
	require.Contains(t, letter, "Until 5 March 2026 we leave your data alone")
	require.NotEmpty(t, p.may(analytics), "until they could have read that")
	last := p.after(t, 3*day+time.Minute)
	last.ended(t, 1)
	require.Empty(t, last.may(analytics))
	require.NotEmpty(t, last.may(marketing), "the objection to marketing is not weighed and stands")
}

// An objection that prevails stands for good.
func TestArt21PersonPrevails(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, asking(privacy.Objection, against(privacy.LimitProfiling))}})
	p.at(time.Hour, func() { require.NoError(t, p.weigh("a", storage.PersonPrevails)) })
	p.at(2*time.Hour, func() { p.accepted(casetest.Command(contract.Uphold, p.Saying("Nothing speaks against it."))) })
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, []privacy.BlockReason{privacy.BlockedPurpose}, p.may(privacy.Use{Purpose: privacy.UseProfiling}))
}

// A request that is taken back leaves nothing behind.
func TestLimitsEndWithARequestThatIsTakenBack(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, asking(privacy.Restriction, privacy.Ask{Ground: privacy.UnlawfulUse})}})
	p.at(time.Hour, func() {
		require.NotEmpty(t, p.may(ordering))
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
	require.Equal(t, privacy.OutcomeWithdrawn, p.Outcome())
	require.Empty(t, p.may(ordering))
	require.NotNil(t, p.set()[0].LiftedAt)
}

// 11 CCR 7026: an opt-out is not verified, stands at once, and can be denied for documented fraud alone.
func TestOptOut(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){asking(privacy.OptOut, privacy.Ask{}), californian}})
	sale := privacy.Use{Purpose: privacy.UseSharing}
	require.NotEmpty(t, p.may(sale))
	p.run()
	require.Equal(t, []string{"received", "identity_waived", "settled"}, p.Steps())
	require.Len(t, p.set(), 3, "of everything one can opt out of")
	require.ErrorContains(t, p.lift("a", casework.LiftGroundGone), "stands for good")
	require.NoError(t, p.lift("b", casework.LiftFraud))
	require.Contains(t, unwrapped(p.Letters(notify.KindLimitEnds)[0].Text), "good reason to believe that this request did not come from you")
}

// 11 CCR 7025: a browser's signal is an opt-out, once, without letters.
func TestSignalOptsOut(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.Regimes = []string{"ccpa"} }})
	take := func() (opened casework.Opened) {
		p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
			opened, err = p.Desk.TakeSignal(ctx, tx, casework.NewRequest{Person: storage.Person{Email: p.Person.Email}, Channel: "signal"})
			return err
		})
		return opened
	}
	opened := take()
	require.NotEmpty(t, opened.Reference)
	require.NotEmpty(t, p.may(privacy.Use{Purpose: privacy.UseSale}))
	require.Empty(t, p.may(marketing), "a signal is against sale and sharing, not against letters")
	require.Empty(t, take().Reference, "every further page says the same")
	p.Ref.Case = opened.ID
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Empty(t, p.Letters(notify.KindLimited))
	require.Empty(t, p.Letters(notify.KindAcknowledgement))
}

// Rights that came in together are cases of their own and share the proof: one code is sent, and it proves them all.
func TestOneCodeProvesWhatCameTogether(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	var all []casework.Opened
	p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = p.Desk.OpenAll(ctx, tx, casework.NewRequest{Person: p.Person, Channel: "form"}, []casework.Filing{
			{Right: privacy.Restriction, Ask: privacy.Ask{Ground: privacy.UnlawfulUse}}, {Right: privacy.Portability},
			{Right: privacy.Objection, Ask: against(privacy.LimitMarketing)},
		})
		return err
	})
	p.Ref.Case = all[0].ID
	other := *p.Request
	other.Ref.Case = all[1].ID
	// Its workflow has begun and asks for no code: the first of them does.
	_, err := p.Desk.Do(t.Context(), contract.CommandInput{Ref: other.Ref, Command: casetest.Command(contract.Begin)})
	require.NoError(t, err)
	require.Equal(t, privacy.RequestVerifying, other.State())
	p.at(5*time.Minute, func() {
		require.Len(t, p.Letters(notify.KindOneTimeCode), 1)
		require.Empty(t, other.Letters(notify.KindOneTimeCode))
		// The person enters the code on the page of the other request.
		_, err := p.Desk.AnswerIdentityCode(t.Context(), other.Ref, p.Code(notify.KindOneTimeCode))
		require.NoError(t, err)
		p.told()
		require.Equal(t, "proven", other.Case().Identity)
		require.Equal(t, "proven", p.Case().Identity)
		require.NotEmpty(t, p.may(ordering), "and with it the restriction stands")
	})
	p.at(2*time.Hour, func() {
		p.is(privacy.RequestReviewing)
		p.accepted(casetest.Command(contract.Uphold, p.Saying("x")))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	third := *p.Request
	third.Ref.Case = all[2].ID
	require.Equal(t, "waived", third.Case().Identity)
}

// customers counts the shop's customers of whom a condition holds: the person, and everybody else.
func (p *play) customers(condition string) (own, others int) {
	p.t.Helper()
	return p.Shop.Count(`SELECT count(*) FROM customers WHERE `+condition+` AND lower(email) = lower($1)`, p.Person.Email),
		p.Shop.Count(`SELECT count(*) FROM customers WHERE `+condition+` AND lower(email) <> lower($1)`, p.Person.Email)
}

// limited is a play in a shop that marks limits, with somebody else in it.
func limited(t *testing.T, request ...func(*casework.NewRequest)) *play {
	t.Helper()
	p := newPlay(t, stage{request: request})
	p.Shop.Limiting()
	other := storagetest.Person()
	other.Email = "other@example.org"
	p.Shop.Stock(other, 1)
	return p
}

// A system that marks limits is marked before anything else happens, in the person's rows and in nobody else's, and unmarked when the limit ends.
func TestLimitsAreMarkedWhereSystemsMarkThem(t *testing.T) {
	t.Parallel()
	p := limited(t, casetest.Proven, asking(privacy.Restriction, privacy.Ask{Ground: privacy.AccuracyContested}))
	p.at(time.Hour, func() {
		own, others := p.customers("blocked")
		require.Equal(t, []int{1, 0}, []int{own, others}, "while it is decided")
		own, others = p.customers("mailing = 'yes'")
		require.Equal(t, []int{1, 1}, []int{own, others}, "that mark is for another limit")
		marks := p.marks()
		require.Len(t, marks, 1)
		require.Equal(t, storage.RunDone, marks[0].State)
		require.EqualValues(t, 1, *marks[0].RowsFound)
		p.accepted(casetest.Command(contract.Uphold, p.Saying("x")))
	})
	p.run()

	later := p.after(t, day)
	require.NoError(t, later.lift("lift", casework.LiftPersonAsked))
	require.Empty(t, later.may(ordering), "at once: they want it so")
	workflows.Register(later.env)
	activities.Register(later.env, later.Desk, later.Objects, true)
	later.run()
	own, _ := later.customers("blocked IS NULL")
	require.Equal(t, 1, own, "its workflow has run once more")
	require.Len(t, later.marks(), 2)
}

// What stands at once does not wait for the proof of identity that the rest of the request needs.
func TestLimitsAtOnceAreMarkedBeforeTheProof(t *testing.T) {
	t.Parallel()
	p := limited(t, asking(privacy.Objection, against(privacy.LimitMarketing, privacy.LimitInterests)))
	p.at(time.Hour, func() {
		p.is(privacy.RequestVerifying)
		own, others := p.customers("mailing = 'no'")
		require.Equal(t, []int{1, 0}, []int{own, others})
		own, _ = p.customers("blocked")
		require.Zero(t, own, "nobody knows who asks")
	})
	p.run() // nobody proves anything: it lapses
	require.Equal(t, privacy.OutcomeUnverified, p.Outcome())
	require.NotEmpty(t, p.may(marketing), "what needed no proof stands")
	own, _ := p.customers("mailing = 'no'")
	require.Equal(t, 1, own)
}

// A system that can't be marked is a task for a person, while the limit stands all the same.
func TestSystemsThatCannotBeMarked(t *testing.T) {
	t.Parallel()
	p := limited(t, asking(privacy.Objection, against(privacy.LimitMarketing)))
	p.Shop.Exec(`ALTER TABLE customers RENAME COLUMN mailing TO letters`)
	p.at(time.Hour, func() {
		p.is(privacy.RequestCollecting)
		require.NotEmpty(t, p.may(marketing))
		require.Equal(t, []string{storage.TaskAmendmentFailed}, p.OpenTasks())
		require.Equal(t, storage.RunFailed, p.marks()[0].State)
		p.Shop.Exec(`ALTER TABLE customers RENAME COLUMN letters TO mailing`)
		p.accepted(casetest.Command(contract.RetrySystem, casetest.On(p.Shop.ID)))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	own, _ := p.customers("mailing = 'no'")
	require.Equal(t, 1, own)
	require.Empty(t, p.OpenTasks())
}

// What no program can do a person does, and says so.
func TestMarksByHand(t *testing.T) {
	t.Parallel()
	p := limited(t, asking(privacy.Objection, against(privacy.LimitMarketing)))
	p.disclosing(func(s *storage.System) { s.Change = "" })
	p.at(time.Hour, func() {
		p.accepted(casetest.Command(contract.DoneByHand, casetest.On(p.Shop.ID), p.Saying("Set in the shop's own screen.")))
	})
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Equal(t, storage.RunByHand, p.marks()[0].State)
}

// Two requests of a person want the same mark: it is taken away with the last of them.
func TestMarksStayWhileAnotherRequestWantsThem(t *testing.T) {
	t.Parallel()
	p := limited(t, casetest.Proven, asking(privacy.Restriction, privacy.Ask{Ground: privacy.UnlawfulUse}))
	var second casework.Opened
	p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		second, err = p.Desk.Open(ctx, tx, casework.NewRequest{
			Person: p.Person, Channel: "form", IdentityMethod: "assertion", Right: privacy.Objection, Ask: against(privacy.LimitInterests),
		})
		return err
	})
	other := *p.Request
	other.Ref.Case = second.ID
	_, err := p.Desk.Do(t.Context(), contract.CommandInput{Ref: other.Ref, Command: casetest.Command(contract.Begin)})
	require.NoError(t, err)
	p.at(time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	require.Empty(t, p.may(ordering), "the restriction has ended")
	require.NotEmpty(t, p.may(analytics), "the objection has not")
	own, _ := p.customers("blocked")
	require.Equal(t, 1, own, "and it wants the same mark")
}
