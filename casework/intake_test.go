package casework_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Accepting a request writes the case, what is owed with its dates, the start of its workflow and the event: Art. 12(3)
// GDPR, one month from 2 March ends on 2 April.
func TestOpen(t *testing.T) {
	t.Parallel()
	f := newBundle(t).open()
	require.Regexp(t, `^AR-[2-9A-HJ-NP-TV-Z]{4}-[2-9A-HJ-NP-TV-Z]{4}$`, f.opened.Reference)
	require.Equal(t, storagetest.Start(), f.opened.ReceivedAt)
	due := time.Date(2026, time.April, 2, 21, 59, 59, 0, time.UTC)
	require.Equal(t, due, f.opened.Due)
	row := f.row()
	require.Equal(t, "received", row.State)
	require.Equal(t, due, *row.NextDue)
	require.Equal(t, "gdpr", row.Regime)
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Respond])
	require.Equal(t, []string{"request.received"}, f.actions()[len(f.actions())-1:])
	f.Clock.Advance(time.Minute)
	waiting, err := f.DB.TenantsWithStarts(t.Context())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{f.tenant}, waiting, "its workflow is started whatever happens to the process that accepted it")
}

// A second open request of the same mailbox under the same right is linked, and both go on.
func TestDuplicatesAreLinked(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	first := b.open()
	same := func(n *casework.NewRequest) { n.Person.Email = first.person.Email }
	second := b.open(same)
	require.Equal(t, first.opened.Reference, second.opened.DuplicateOf)
	require.Equal(t, first.ref.Case, *second.row().DuplicateOf)
	require.Contains(t, second.actions(), "request.linked")
	require.Equal(t, "received", first.row().State)
	require.Equal(t, "received", second.row().State)
	first.read(func(ctx context.Context, tx *storage.Tx) error {
		linked, err := tx.Duplicates(ctx, first.ref.Case)
		require.Equal(t, []storage.Duplicate{{ID: second.ref.Case, Reference: second.opened.Reference}}, linked)
		return err
	})

	otherRight := b.open(same, func(n *casework.NewRequest) { n.Right = privacy.Portability })
	require.Empty(t, otherRight.opened.DuplicateOf)
	require.Empty(t, b.open().opened.DuplicateOf, "another person")
	first.must(contract.Cancel)
	second.must(contract.Cancel)
	require.Empty(t, b.open(same).opened.DuplicateOf, "closed requests are not linked to")
}

// A receipt can be moved back a year, with a reason, never forward; the clock runs from there.
func TestBackdating(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	at := func(received time.Time, reason string) func(*casework.NewRequest) {
		return func(n *casework.NewRequest) { n.ReceivedAt, n.BackdateReason = received, reason }
	}
	now := storagetest.Start()
	for name, n := range map[string]func(*casework.NewRequest){
		"without a reason": at(now.Add(-day), ""),
		"in the future":    at(now.Add(time.Second), "post room"),
		"too long ago":     at(now.Add(-366*day-time.Second), "post room"),
	} {
		b.requireUnchanged(func() {
			_, err := b.tryOpen(n)
			require.ErrorIs(t, err, casework.ErrBackdated, name)
		})
	}
	b.open(at(now.Add(-366*day), "post room"))
	f := b.open(at(time.Date(2026, time.February, 20, 10, 0, 0, 0, time.UTC), "post room"))
	require.Equal(t, time.Date(2026, time.March, 20, 22, 59, 59, 0, time.UTC), f.opened.Due)
	require.Contains(t, f.actions(), "request.backdated")
	require.Equal(t, now, f.row().RecordedAt)
}

// What can't be accepted leaves nothing behind.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	b.requireUnchanged(func() {
		_, err := b.tryOpen(func(n *casework.NewRequest) { n.Person.Email = "" })
		require.ErrorIs(t, err, casework.ErrNoEmail)
		_, err = b.tryOpen(func(n *casework.NewRequest) { n.Regime = "atlantis" })
		require.ErrorContains(t, err, "atlantis")
		_, err = b.tryOpen(func(n *casework.NewRequest) { n.Right = "flying" })
		require.ErrorContains(t, err, "flying")
	})
}

// A reopened case is owed again from its first receipt, under a new run; what stays done stays done.
func TestReopen(t *testing.T) {
	t.Parallel()
	for _, state := range []privacy.RequestState{privacy.RequestVerifying, privacy.RequestClarifying, privacy.RequestClosed} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			f := newBundle(t).at(state)
			f.deliverMail()
			due := f.opened.Due
			if state != privacy.RequestClosed {
				f.must(contract.Withdraw)
			}
			c := casetest.Command("reopen")
			require.NoError(t, f.reopen(c))
			row := f.row()
			require.Equal(t, "received", row.State)
			require.Nil(t, row.Outcome)
			require.Nil(t, row.ClosedAt)
			require.EqualValues(t, 2, row.Run)
			require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Respond])
			require.Equal(t, due, f.owed()[privacy.Respond].Due)
			f.requireUnchanged(func() { require.NoError(t, f.reopen(c)) })
			f.Clock.Advance(time.Minute)
			var starts []storage.Start
			f.change(func(ctx context.Context, tx *storage.Tx) (err error) {
				starts, err = tx.ClaimStarts(ctx, 10)
				return err
			})
			require.Contains(t, starts, storage.Start{TenantID: f.tenant, CaseID: f.ref.Case, Run: 2})

			f.must(contract.Begin)
			require.Contains(t, f.kinds(), "reopened")
		})
	}
}

// deliverMail has every letter taken by the other side.
func (f *file) deliverMail() {
	f.t.Helper()
	mail, err := f.desk.ClaimMail(f.t.Context(), f.tenant, 100)
	require.NoError(f.t, err)
	for _, m := range mail {
		require.NoError(f.t, f.desk.MailTaken(f.t.Context(), f.tenant, m))
	}
}

// Only a closed case is reopened.
func TestReopenRefuses(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	f.requireUnchanged(func() { requireRefused(t, f.reopen(casetest.Command("reopen")), "state") })
}

// CCPA, 11 CCR 7021(a): receipt is to be confirmed in ten business days; that is done when the mail server has taken the
// letter, and stays done when the case is reopened.
func TestAcknowledgementIsMetByTheMail(t *testing.T) {
	t.Parallel()
	f := newBundle(t, func(n *storage.NewTenant) {
		n.Country, n.Calendar, n.Zone, n.Regime = "US", "US-FED", "America/Los_Angeles", "ccpa"
	}).open(proven)
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Acknowledge])
	f.must(contract.Begin)
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Acknowledge], "a letter in the outbox has told nobody")
	f.deliverMail()
	require.Equal(t, storage.ObligationMet, f.standing()[privacy.Acknowledge])
	f.must(contract.Cancel)
	require.NoError(t, f.reopen(casetest.Command("reopen")))
	require.Equal(t, storage.ObligationMet, f.standing()[privacy.Acknowledge])
}

// Another tenant's case is not found, by any command.
func TestCommandsStayInTheirTenant(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	f := b.at(privacy.RequestCollecting)
	other := storagetest.Tenant(t, b.DB)
	f.ref.Tenant = other
	b.requireUnchanged(func() {
		_, err := f.do(casetest.Command(contract.Cancel))
		require.ErrorIs(t, err, storage.ErrNotFound)
		_, err = f.desk.View(t.Context(), f.ref)
		require.ErrorIs(t, err, storage.ErrNotFound)
		f.ref.Case = uuid.New()
		require.ErrorIs(t, f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForIdentity), storage.ErrNotFound)
	})
}
