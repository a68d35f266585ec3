package casework_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Section 164A(3) of the Data Protection Act 2018, in force since 19 June 2026: receipt of a complaint is confirmed within 30 days, and the duty is met once
// a mail server has taken the letter. What comes of it has no day of its own.
func TestSection164AComplaints(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	b.Clock.Advance(time.Date(2026, time.July, 1, 9, 0, 0, 0, time.UTC).Sub(b.Clock.Now()))
	f := b.open(proven, func(n *casework.NewRequest) { n.Regime = "uk-gdpr" })
	f.must(contract.Begin)
	f.must(contract.Refuse, casetest.Because("excessive"))
	f.change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := f.desk.Appeal(ctx, tx, f.ref, "a", casework.NewAppeal{Text: "It was one request only.", Channel: "form"})
		return err
	})
	owed := f.owed()[privacy.ComplaintAcknowledge]
	require.Equal(t, storage.ObligationOpen, owed.State)
	require.WithinDuration(t, b.Clock.Now().AddDate(0, 0, 30), owed.Due, 2*day)
	f.deliverMail()
	require.Equal(t, storage.ObligationMet, f.owed()[privacy.ComplaintAcknowledge].State)
	require.ErrorContains(t, f.reopen(casetest.Command("reopen")), "an appeal is open")
	held, _, err := f.desk.Possessions(t.Context(), f.ref)
	require.NoError(t, err)
	require.True(t, held, "who waits for a decision is not forgotten")
	f.change(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, f.ref.Case)
		require.NoError(t, err)
		subject, err := tx.Subject(ctx, row.SubjectID)
		require.NoError(t, err)
		all, err := tx.Appeals(ctx, f.ref.Case, subject)
		require.NoError(t, err)
		require.Equal(t, privacy.Complained, all[0].Kind)
		require.ErrorContains(t, f.desk.ExtendAppeal(ctx, tx, f.ref, "x", all[0].ID, notify.Complexity), "no more time")
		return f.desk.DecideAppeal(ctx, tx, f.ref, "w", all[0].ID, storage.AppealWithdrawn, "They called.")
	})
	require.NoError(t, f.reopen(casetest.Command("reopen")))
}
