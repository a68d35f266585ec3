package casework_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// said reads the conversation as sender, kind and words.
func (f *file) said() (lines []string) {
	f.t.Helper()
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, f.ref.Case)
		if err != nil {
			return err
		}
		subject, err := tx.Subject(ctx, row.SubjectID)
		if err != nil {
			return err
		}
		entries, err := tx.Conversation(ctx, row, subject)
		for _, e := range entries {
			lines = append(lines, fmt.Sprintf("%s %s: %s", e.Sender, e.Kind, e.Body))
		}
		return err
	})
	return lines
}

// The person's answer lets the clock run and the work go on in the transaction that keeps it; staff are asked to read it.
func TestAnswerResumesByItself(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClarifying)
	signal, err := f.desk.Reply(t.Context(), f.ref, "reply/1", "The account of 2024.")
	require.NoError(t, err)
	require.Equal(t, contract.SignalFacts, signal.Name)
	require.Equal(t, "collecting", f.row().State)
	require.NotEqual(t, storage.ObligationPaused, f.standing()[privacy.Respond])
	require.Equal(t, []string{storage.TaskMessage}, f.openTasks())
	require.Equal(t, []string{"staff question: Which account?", "person answer: The account of 2024."}, f.said())
	f.requireUnchanged(func() {
		again, err := f.desk.Reply(t.Context(), f.ref, "reply/1", "The account of 2024.")
		require.NoError(t, err)
		require.Empty(t, again.WorkflowID, "the same page sent twice counts once")
	})
	f.change(func(ctx context.Context, tx *storage.Tx) error { return f.desk.ReadByStaff(ctx, tx, f.ref) })
	require.Empty(t, f.openTasks())
	require.Contains(t, f.actions(), "conversation.read")
}

// A clock that waits for an answer runs again with it, wherever the case is.
func TestAnswerEndsAPause(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	f.must(contract.Pause, func(c *contract.Command) { c.PauseKind = privacy.PauseClarification })
	require.Equal(t, storage.ObligationPaused, f.standing()[privacy.Respond])
	signal, err := f.desk.Reply(t.Context(), f.ref, "reply/1", "The blue one.")
	require.NoError(t, err)
	require.NotEmpty(t, signal.WorkflowID)
	require.Equal(t, "reviewing", f.row().State)
	require.Equal(t, storage.ObligationOpen, f.standing()[privacy.Respond])
}

// Whatever nobody waits for is kept and moves nothing; what is unread already needs no second task.
func TestMessageMovesNothing(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	before := f.openTasks()
	for i := range 20 {
		signal, err := f.desk.Reply(t.Context(), f.ref, fmt.Sprint("reply/", i), "When do I hear from you?")
		require.NoError(t, err)
		require.Empty(t, signal.WorkflowID)
	}
	require.Equal(t, "reviewing", f.row().State)
	require.ElementsMatch(t, append(before, storage.TaskMessage), f.openTasks())
	f.requireUnchanged(func() {
		_, err := f.desk.Reply(t.Context(), f.ref, "reply/more", "Hello?")
		require.ErrorIs(t, err, casework.ErrTooManyReplies)
	})
}

// What staff write is told by mail without its words, and counts as read when the person has opened it.
func TestWriteToPerson(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	write := func() {
		f.change(func(ctx context.Context, tx *storage.Tx) error {
			_, err := f.desk.WriteToPerson(ctx, tx, f.ref, "write/1", "canary: your invoice of May is missing")
			return err
		})
	}
	write()
	require.NotContains(t, f.last(notify.KindMessageWaiting).Rendered.Text, "canary")
	unread := func() (n int64) {
		f.read(func(ctx context.Context, tx *storage.Tx) (err error) {
			n, err = tx.Unread(ctx, f.ref.Case, storage.FromStaff)
			return err
		})
		return n
	}
	require.EqualValues(t, 1, unread())
	f.Clock.Advance(time.Minute)
	shown, err := f.desk.ShowConversation(t.Context(), f.ref)
	require.NoError(t, err)
	require.Equal(t, "canary: your invoice of May is missing", shown[0].Body)
	require.Zero(t, unread())
}

// The conversation opens with a code of its own, once.
func TestConversationCode(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	require.NoError(t, f.desk.SendCode(t.Context(), f.ref, storagetest.Actor(), storage.CodeForConversation))
	code := f.code(notify.KindMessageCode)
	require.ErrorIs(t, f.desk.AnswerConversationCode(t.Context(), f.ref, wrong(code)), casework.ErrCodeWrong)
	require.NoError(t, f.desk.AnswerConversationCode(t.Context(), f.ref, code))
	require.ErrorIs(t, f.desk.AnswerConversationCode(t.Context(), f.ref, code), casework.ErrCodeDead)
}
