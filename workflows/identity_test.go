package workflows_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Who never proves who they are is reminded on the fifth day, and the request ends on the fourteenth. It can be taken up
// again, and then has fourteen days anew.
func TestUnprovenRequestIsRemindedAndLapses(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(5*day-time.Minute, func() { require.Empty(t, p.Letters(notify.KindIdentityReminder)) })
	p.at(14*day-time.Minute, func() { p.is(privacy.RequestVerifying) })
	p.run()
	reminders := p.Letters(notify.KindIdentityReminder)
	require.Len(t, reminders, 1)
	require.WithinDuration(t, monday().Add(5*day), reminders[0].At, time.Minute)
	closed := p.Letters(notify.KindIdentityClosed)
	require.Len(t, closed, 1)
	require.WithinDuration(t, monday().Add(14*day), closed[0].At, time.Minute)
	require.Equal(t, privacy.OutcomeUnverified, p.Outcome())

	p.Reopen()
	again := p.again(t)
	again.at(13*day, again.proves)
	again.at(14*day, again.reviewed)
	again.runAs(contract.RequestInput{Ref: again.Ref, Run: 2, Version: contract.NewestVersion})
	require.NoError(t, again.env.GetWorkflowError())
	require.Equal(t, privacy.OutcomeFulfilled, again.Outcome())
	require.Len(t, again.Letters(notify.KindIdentityReminder), 2)
}

// Proof that came a moment before the end counts, although the workflow has not heard of it.
func TestProofAtTheLastMomentCounts(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(14*day-time.Second, p.ProveIdentity) // and no signal
	p.at(15*day, p.reviewed)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.Empty(t, p.Letters(notify.KindIdentityClosed))
}

// A member of staff looks at a document and accepts it; the document is destroyed with the decision.
func TestStaffAcceptADocument(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(time.Hour, func() {
		p.shows()
		require.Equal(t, []string{storage.TaskIdentityCheck}, p.OpenTasks())
		p.accepted(casetest.Command(contract.ConfirmIdentity))
	})
	p.at(2*time.Hour, func() {
		require.Equal(t, "document", *p.Case().IdentityMethod)
		p.reviewed()
	})
	p.run()
	require.Empty(t, p.objects(""))
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		documents, err := tx.Documents(ctx, p.Ref.Case)
		require.Len(t, documents, 1)
		require.Nil(t, documents[0].WrappedKey)
		return err
	})
}

// A document that proves nothing ends in a refusal that says so.
func TestStaffRejectADocument(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{})
	p.at(time.Hour, func() {
		p.shows()
		p.accepted(casetest.Command(contract.RejectIdentity))
	})
	p.run()
	require.Equal(t, privacy.OutcomeRefused, p.Outcome())
	require.Equal(t, string(privacy.IdentityNotProven), *p.Case().ReasonCode)
	require.Len(t, p.Letters(notify.KindRefusal), 1)
	require.Empty(t, p.objects(""))
}

// shows has the person hand in a scan.
func (p *play) shows() {
	scan := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("scan "), 1000)...)
	_, err := p.Desk.ReceiveDocument(p.t.Context(), p.Ref, audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}, bytes.NewReader(scan))
	require.NoError(p.t, err)
}
