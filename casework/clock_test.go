package casework_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

func (f *file) due() privacy.Date { return f.owed()[privacy.Respond].Deadline.DueDate }

func date(month time.Month, d int) privacy.Date {
	return privacy.Date{Year: 2026, Month: month, Day: d}
}

// Art. 12(3) GDPR: two further months, told within the first; the superseded date is kept.
func TestExtension(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	require.Equal(t, date(time.April, 2), f.due())
	f.must(contract.Extend, casetest.Because("complexity"))
	require.Equal(t, date(time.June, 2), f.due())
	causes, inForce := f.dates(privacy.Respond)
	require.Equal(t, []string{"intake", "extension"}, causes)
	require.Equal(t, 1, inForce)
	require.Equal(t, storage.ObligationMet, f.standing()[privacy.ExtensionNotice])
	require.Contains(t, f.last("extension").Rendered.Text, "2 June 2026")
	f.requireUnchanged(func() {
		_, err := f.do(casetest.Command(contract.Extend, casetest.Because("complexity")))
		refusal := requireRefused(t, err, string(privacy.CodeAlreadyExtended))
		require.Contains(t, refusal.Citation, "12(3)")
	})
}

// After the cut-off there is no extension any more, and the refusal says under which article.
func TestExtensionAfterTheCutOff(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	f.Clock.Advance(f.opened.Due.Sub(f.Clock.Now()) + time.Second)
	f.requireUnchanged(func() {
		_, err := f.do(casetest.Command(contract.Extend, casetest.Because("complexity")))
		refusal := requireRefused(t, err, string(privacy.CodeExtensionTooLate))
		require.Contains(t, refusal.Citation, "12(3)")
		require.Contains(t, refusal.Message, "2026-04-02")
	})
}

// EDPB Guidelines 01/2022: while identity is in doubt the month stands still, and the days are added.
func TestIdentityPauseUnderGDPR(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	require.Equal(t, storage.ObligationPaused, f.standing()[privacy.Respond])
	f.Clock.Advance(5 * day)
	f.must(contract.ConfirmIdentity, f.withNote("called back on the number we know"))
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Respond])
	require.Equal(t, date(time.April, 7), f.due(), "five days after 2 April")
	causes, inForce := f.dates(privacy.Respond)
	require.Equal(t, []string{"intake", "pause", "resume"}, causes)
	require.Equal(t, 1, inForce)
}

// UK GDPR Art 12A(2)(b): the month begins when the proof of identity arrives.
func TestIdentityRestartUnderUKGDPR(t *testing.T) {
	t.Parallel()
	f := newBundle(t, storagetest.British).at(privacy.RequestVerifying)
	f.Clock.Advance(5 * day) // 7 March
	f.must(contract.ConfirmIdentity, f.withNote("called back on the number we know"))
	require.Equal(t, date(time.April, 7), f.due())
	require.Equal(t, date(time.March, 7), f.owed()[privacy.Respond].Deadline.Start)
}

// UK GDPR Art 12A(5): the days of a clarification do not count, the first and the last included.
func TestClarificationUnderUKGDPR(t *testing.T) {
	t.Parallel()
	f := newBundle(t, storagetest.British).at(privacy.RequestReviewing)
	require.Equal(t, date(time.April, 2), f.due())
	f.Clock.Advance(day) // 3 March
	f.must(contract.AskClarity, f.withNote("Which account?"))
	require.Contains(t, f.last("clarification").Rendered.Text, "Which account?")
	f.Clock.Advance(4 * day) // 7 March
	f.must(contract.Clarified)
	require.Equal(t, date(time.April, 7), f.due(), "3 to 7 March are five days")
	require.Equal(t, 5, f.owed()[privacy.Respond].Deadline.PausedDays)
}

// A law that knows no pause for identity keeps the clock running, and nothing is recorded as a pause: 11 CCR 7021(b).
func TestNoPauseUnderCCPA(t *testing.T) {
	t.Parallel()
	f := newBundle(t, func(n *storage.NewTenant) {
		n.Country, n.Calendar, n.Zone, n.Regime = "US", "US-FED", "America/Los_Angeles", "ccpa"
	}).at(privacy.RequestVerifying)
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Respond])
	before := f.due()
	f.Clock.Advance(5 * day)
	f.must(contract.ConfirmIdentity, f.withNote("called back on the number we know"))
	require.Equal(t, before, f.due())
	causes, _ := f.dates(privacy.Respond)
	require.Equal(t, []string{"intake"}, causes)
}

func (f *file) reach(kind privacy.MilestoneKind, at time.Time) contract.View {
	f.t.Helper()
	view, err := f.desk.Reach(f.t.Context(), contract.Milestone{
		Ref: f.ref, Obligation: f.owed()[privacy.Respond].ID, Milestone: privacy.Milestone{Kind: kind, At: at, Roles: []string{"dpo"}},
	})
	require.NoError(f.t, err)
	return view
}

// The due moment makes an obligation overdue, once, and tells the staff; a milestone of a date that has moved is nothing.
func TestReachDue(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	due := f.owed()[privacy.Respond].Due
	f.requireUnchanged(func() { f.reach(privacy.MilestoneDue, due.Add(day)) })
	f.Clock.Advance(due.Sub(f.Clock.Now()))
	view := f.reach(privacy.MilestoneDue, due)
	require.Equal(t, storage.ObligationOverdue, f.standing()[privacy.Respond])
	require.Contains(t, f.actions(), "obligation.overdue")
	require.NotEmpty(t, view.Obligations)
	f.requireUnchanged(func() { f.reach(privacy.MilestoneDue, due) })
}

// A clock that stands still reaches nothing.
func TestReachWhilePaused(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	f.requireUnchanged(func() { f.reach(privacy.MilestoneDue, f.owed()[privacy.Respond].Due) })
}

// What was answered late and is reopened is late again, though its due moment is on record.
func TestReopenedLate(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	due := f.owed()[privacy.Respond].Due
	f.Clock.Advance(due.Sub(f.Clock.Now()))
	f.reach(privacy.MilestoneDue, due)
	f.must(contract.Refuse, casetest.Because("excessive"))
	require.Equal(t, storage.ObligationMet, f.standing()[privacy.Respond])
	require.NoError(t, f.reopen(casetest.Command("reopen")))
	f.reach(privacy.MilestoneDue, due)
	require.Equal(t, storage.ObligationOverdue, f.standing()[privacy.Respond])
}

// An escalation can be taken over once there is one, and it stays taken over for the date that it was about.
func TestAcknowledgeWhatHasEscalated(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	acknowledge := func(id uuid.UUID) error {
		_, err := f.do(casetest.Command(contract.Acknowledge, func(c *contract.Command) { c.Obligation = &id }))
		return err
	}
	respond := f.owed()[privacy.Respond]
	f.requireUnchanged(func() { requireRefused(t, acknowledge(respond.ID), "not_escalated") })
	f.requireUnchanged(func() { requireRefused(t, acknowledge(uuid.New()), "no_such_obligation") })
	rung := respond.Due.Add(-3 * day)
	f.Clock.Advance(rung.Sub(f.Clock.Now()))
	f.reach(privacy.MilestoneEscalation, rung)
	require.NoError(t, acknowledge(respond.ID))
	require.NotNil(t, f.owed()[privacy.Respond].AcknowledgedAt)
	f.Clock.Advance(time.Minute)
	f.must(contract.Extend, casetest.Because("complexity"))
	require.Nil(t, f.owed()[privacy.Respond].AcknowledgedAt, "of the new date nobody knows yet")
	f.requireUnchanged(func() { requireRefused(t, acknowledge(respond.ID), "not_escalated") })
}
