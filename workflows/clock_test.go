package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// endOf is the end of a day in a zone, as the register keeps due moments.
func endOf(t *testing.T, zone string, year int, month time.Month, d int) time.Time {
	t.Helper()
	location, err := time.LoadLocation(zone)
	require.NoError(t, err)
	return time.Date(year, month, d, 23, 59, 59, 0, location).UTC()
}

func proven() []func(*casework.NewRequest) { return []func(*casework.NewRequest){casetest.Proven} }

// about names an obligation in a command.
func about(id uuid.UUID) func(*contract.Command) {
	return func(c *contract.Command) { c.Obligation = &id }
}

func waitingFor(kind privacy.PauseKind) func(*contract.Command) {
	return func(c *contract.Command) { c.PauseKind = kind }
}

// A request received on 2 March 2026 is to be answered by the end of 2 April (Art. 12(3) GDPR). Nobody does: reminders,
// the due moment, every rung of the ladder at its time and to its roles, the last one daily until somebody takes it over.
func TestClockRemindsAndClimbsTheLadderUntilAcknowledged(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	due := endOf(t, "Europe/Berlin", 2026, time.April, 2)
	require.Equal(t, due, p.Obligation(privacy.Respond).Due.UTC().Truncate(time.Second))
	due = p.Obligation(privacy.Respond).Due.UTC()
	answered := due.Add(4 * day)
	p.at(due.Add(-time.Minute).Sub(monday()), func() {
		require.Equal(t, storage.ObligationOpen, p.Obligation(privacy.Respond).State)
	})
	p.at(due.Add(30*time.Second).Sub(monday()), func() {
		require.Equal(t, storage.ObligationOverdue, p.Obligation(privacy.Respond).State)
	})
	p.at(due.Add(3*day+time.Hour).Sub(monday()), func() {
		for _, kind := range []privacy.ObligationKind{privacy.ExtensionNotice, privacy.RefusalNotice} {
			require.Equal(t, storage.ObligationWaived, p.Obligation(kind).State, "the last day for %s is no duty that can be late", kind)
		}
		p.accepted(casetest.Command(contract.Acknowledge, about(p.Obligation(privacy.Respond).ID)))
	})
	p.at(answered.Sub(monday()), p.reviewed)
	p.run()

	before := func(ago time.Duration, kind privacy.MilestoneKind) privacy.Milestone {
		return privacy.Milestone{At: due.Add(-ago), Kind: kind}
	}
	require.ElementsMatch(t, []privacy.Milestone{
		before(14*day, privacy.MilestoneReminder), before(7*day, privacy.MilestoneReminder), before(3*day, privacy.MilestoneReminder),
		before(3*day, privacy.MilestoneEscalation), before(day, privacy.MilestoneReminder), before(day, privacy.MilestoneEscalation),
		before(0, privacy.MilestoneDue), before(-time.Minute, privacy.MilestoneEscalation), before(-day, privacy.MilestoneEscalation),
		before(-2*day, privacy.MilestoneRepeat), before(-3*day, privacy.MilestoneRepeat),
	}, p.Milestones(privacy.Respond))
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Respond).State)

	told := p.heard(notify.KindEscalation)
	require.Equal(t, []string{"agent"}, told[due.Add(-3*day)])
	require.Equal(t, []string{"agent", "lead"}, told[due.Add(-day)])
	require.Equal(t, []string{"dpo", "lead"}, told[due.Add(time.Minute)])
	for _, after := range []time.Duration{day, 2 * day, 3 * day} {
		require.Equal(t, []string{"dpo", "executive"}, told[due.Add(after)])
	}
	require.Len(t, told, 6, "silence once somebody has it")
	require.Equal(t, map[time.Time][]string{due: {"agent"}}, p.heard(notify.KindOverdue))
}

// heard says which roles heard of the duty to answer, at which moments.
func (p *play) heard(kind notify.Kind) map[time.Time][]string {
	roles := map[string]string{}
	for role, address := range p.Staff {
		roles[address] = role
	}
	told := map[time.Time][]string{}
	for _, letter := range p.Letters(kind) {
		at := letter.At.Truncate(time.Second)
		if role := roles[letter.To]; !slices.Contains(told[at], role) {
			told[at] = append(told[at], role)
			slices.Sort(told[at])
		}
	}
	return told
}

// Waiting for proof of identity suspends the month under the GDPR: the days after the asking up to and including the
// answer are added (EDPB Guidelines 01/2022), and both older dates are kept.
func TestIdentitySuspendsTheMonthOfArticle12GDPR(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(10*day, p.proves)
	p.at(11*day, p.reviewed)
	p.run()
	// 2 April + 10 days = Sunday 12 April, which ends on Monday the 13th (Reg. 1182/71 Art. 3(4)).
	dates := p.Dates(privacy.Respond)
	require.Equal(t, []string{"intake", "pause", "resume"}, causes(dates))
	require.Equal(t, endOf(t, "Europe/Berlin", 2026, time.April, 2), dates[0].Due.UTC().Truncate(time.Second))
	require.Equal(t, endOf(t, "Europe/Berlin", 2026, time.April, 13), dates[2].Due.UTC().Truncate(time.Second))
	require.Equal(t, endOf(t, "Europe/Berlin", 2026, time.April, 2), dates[2].EarliestSafe.UTC().Truncate(time.Second),
		"who does not rely on the suspension answers by the first date")
	require.WithinDuration(t, monday().Add(10*day), *dates[1].SupersededAt, time.Minute)
	require.Nil(t, dates[2].SupersededAt)
}

// In the United Kingdom the month starts anew when identity is proven (Art. 12A(2)(b) UK GDPR): from 12 March to 12 April,
// a Sunday, so to Monday the 13th.
func TestIdentityStartsTheMonthAnewUnderArticle12AUKGDPR(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{tenant: storagetest.British})
	p.at(10*day, p.proves)
	p.at(11*day, p.reviewed)
	p.run()
	dates := p.Dates(privacy.Respond)
	require.Equal(t, endOf(t, "Europe/London", 2026, time.April, 2), dates[0].Due.UTC().Truncate(time.Second))
	require.Equal(t, endOf(t, "Europe/London", 2026, time.April, 13), dates[len(dates)-1].Due.UTC().Truncate(time.Second))
}

// Waiting for a clarification is excluded in the United Kingdom, both days included (Art. 12A(5) UK GDPR): asked on 4
// March, answered on the 8th, that is five days after 2 April, Tuesday 7 April.
func TestClarificationIsExcludedUnderArticle12AUKGDPR(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{tenant: storagetest.British, request: proven()})
	p.at(2*day, func() {
		p.is(privacy.RequestReviewing)
		p.accepted(casetest.Command(contract.AskClarity, p.Saying("Which account do you mean?")))
	})
	p.at(3*day, func() {
		p.is(privacy.RequestClarifying)
		require.Equal(t, storage.ObligationPaused, p.Obligation(privacy.Respond).State)
		require.Contains(t, p.Letters(notify.KindClarification)[0].Text, "Which account do you mean?")
	})
	p.at(6*day, func() { p.accepted(casetest.Command(contract.Clarified)) })
	p.at(7*day, p.reviewed)
	p.run()
	dates := p.Dates(privacy.Respond)
	require.Equal(t, []string{"intake", "pause", "resume"}, causes(dates))
	require.Equal(t, endOf(t, "Europe/London", 2026, time.April, 7), dates[2].Due.UTC().Truncate(time.Second))
	require.Equal(t, []string{"received", "identity_proven", "collected", "clarification_sent", "clarified", "collected", "approved",
		"packaged", "delivered"}, p.Steps())
	require.EqualValues(t, 2, p.Packages()[0].Round, "what was asked about is collected anew")
}

// A pause by hand, and its end.
func TestPauseByHandStopsTheClockAndResumeStartsIt(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.at(2*day, func() { p.accepted(casetest.Command(contract.Pause, waitingFor(privacy.PauseClarification))) })
	p.at(40*day, func() {
		require.Equal(t, storage.ObligationPaused, p.Obligation(privacy.Respond).State, "a clock that stands still is never late")
		require.Empty(t, p.Letters(notify.KindOverdue))
		p.accepted(casetest.Command(contract.Unpause, waitingFor(privacy.PauseClarification)))
	})
	p.at(41*day, p.reviewed)
	p.run()
	require.Equal(t, endOf(t, "Europe/Berlin", 2026, time.May, 11), p.Obligation(privacy.Respond).Due.UTC().Truncate(time.Second),
		"2 April + 38 days is Sunday 10 May, so Monday the 11th")
}

// The extension moves the answer by two months, tells the person, and no milestone of the old date is announced any more
// (Art. 12(3) GDPR, second and third sentences).
func TestExtensionMovesTheDateAndTellsThePerson(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	p.at(25*day, func() { p.accepted(casetest.Command(contract.Extend, casetest.Because("complexity"))) })
	p.at(85*day, p.reviewed)
	p.run()
	due := endOf(t, "Europe/Berlin", 2026, time.June, 2)
	require.Equal(t, due, p.Obligation(privacy.Respond).Due.UTC().Truncate(time.Second))
	require.Equal(t, []string{"intake", "extension"}, causes(p.Dates(privacy.Respond)))
	letters := p.Letters(notify.KindExtension)
	require.Len(t, letters, 1)
	require.Equal(t, p.Person.Email, letters[0].To)
	extended := monday().Add(25 * day)
	for _, m := range p.Milestones(privacy.Respond) {
		old := m.At.After(extended) && m.At.Before(due.Add(-15*day))
		require.False(t, old, "%s of %s belongs to the date before the extension", m.Kind, m.At)
	}
	require.Empty(t, p.Letters(notify.KindOverdue))
}

// Behind the cut-off there is no extension: the notice must go out within the first month.
func TestExtensionBehindTheCutOffIsRefused(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven()})
	var late *reply
	p.at(33*day, func() { late = p.command(casetest.Command(contract.Extend, casetest.Because("complexity"))) })
	p.at(34*day, p.reviewed)
	p.run()
	refusal := refusalOf(t, late.err)
	require.Contains(t, refusal.Citation, "GDPR Art 12(3)")
	require.NotEmpty(t, refusal.Message)
	require.Equal(t, []string{"intake"}, causes(p.Dates(privacy.Respond)))
	require.Empty(t, p.Letters(notify.KindExtension))
}

// A request that lay in the post room for forty days is overdue as soon as somebody files it, and everyone on the ladder
// hears of it; reminders of days gone by are not sent.
func TestBackdatedRequestIsOverdueAtOnce(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, func(n *casework.NewRequest) {
		n.ReceivedAt, n.BackdateReason = monday().Add(-40*day), "post_room"
	}}})
	p.at(time.Hour, func() {
		require.Equal(t, storage.ObligationOverdue, p.Obligation(privacy.Respond).State)
		p.reviewed()
	})
	p.run()
	var kinds []privacy.MilestoneKind
	for _, m := range p.Milestones(privacy.Respond) {
		kinds = append(kinds, m.Kind)
	}
	require.Equal(t, []privacy.MilestoneKind{
		privacy.MilestoneDue, privacy.MilestoneEscalation, privacy.MilestoneEscalation, privacy.MilestoneRepeat,
	}, kinds)
}

// A confirmation of receipt that no mail server has taken is owed behind the end of the case (11 CCR 7021(a): ten business
// days): it becomes overdue, somebody takes it over, and the workflow ends once the letter has gone.
func TestConfirmationOfReceiptIsOwedBehindTheEnd(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: proven(), tenant: func(n *storage.NewTenant) {
		n.Country, n.Calendar, n.Zone, n.Regime = "US", "US-FED", "America/Los_Angeles", "ccpa"
	}})
	p.at(day, p.reviewed)
	p.at(20*day, func() {
		p.is(privacy.RequestClosed)
		owed := p.Obligation(privacy.Acknowledge)
		require.Equal(t, storage.ObligationOverdue, owed.State)
		p.accepted(casetest.Command(contract.Acknowledge, about(owed.ID)))
	})
	p.at(21*day, func() {
		mail, err := p.Desk.ClaimMail(t.Context(), p.Tenant, 1000)
		require.NoError(t, err)
		for _, letter := range mail {
			require.NoError(t, p.Desk.MailTaken(t.Context(), p.Tenant, letter))
		}
		told, err := p.DB.TenantsWithSignals(t.Context())
		require.NoError(t, err)
		require.Equal(t, []uuid.UUID{p.Tenant}, told, "the workflow of the closed case is told")
		p.told()
	})
	p.run()
	require.Equal(t, storage.ObligationMet, p.Obligation(privacy.Acknowledge).State)
	require.WithinDuration(t, monday().Add(21*day), p.env.Now(), time.Minute)
}

func causes(dates []storage.ObligationDate) (out []string) {
	for _, d := range dates {
		out = append(out, d.Cause)
	}
	return out
}
