package casework_test

import (
	"context"
	"fmt"
	"io"
	"strings"
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

// sends has the person send a document.
func (f *file) sends(key, content string) (storage.Signal, error) {
	return f.desk.TakeDocument(f.t.Context(), f.ref, key, "payslip.pdf", strings.NewReader(content))
}

func (f *file) sent() (all []storage.SentDocument) {
	f.read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.SentDocuments(ctx, f.ref.Case)
		return err
	})
	return all
}

func (f *file) looksAt(id uuid.UUID) (casework.OpenedDocument, error) {
	return f.desk.ViewDocument(f.t.Context(), f.ref, storagetest.Actor(), id)
}

// What a person sends is sealed, on record as theirs, and a task until somebody has looked at all of it. It outlives the decision on who they are.
func TestPersonsDocuments(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	before := f.openTasks()
	for i := range 2 {
		signal, err := f.sends(fmt.Sprint("reply/", i), fmt.Sprintf("%%PDF-1.7 payslip %d of Ana", i))
		require.NoError(t, err)
		require.Empty(t, signal.WorkflowID, "nothing waited for it")
	}
	require.ElementsMatch(t, append(before, storage.TaskSentDocument), f.openTasks(), "one task for both")
	require.Contains(t, f.actions(), "document.sent")
	all := f.sent()
	require.Len(t, all, 2)
	stored, err := f.objects.Get(t.Context(), all[0].ObjectKey)
	require.NoError(t, err)
	sealed, err := io.ReadAll(stored)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "payslip")
	require.NotContains(t, string(all[0].NameSealed), "payslip")

	for i, document := range all {
		seen, err := f.looksAt(document.ID)
		require.NoError(t, err)
		content, err := io.ReadAll(seen)
		require.NoError(t, err)
		require.Equal(t, fmt.Sprintf("%%PDF-1.7 payslip %d of Ana", i), string(content))
		require.Equal(t, "payslip.pdf", seen.Name)
		require.Equal(t, i == 1, len(f.openTasks()) == len(before), "the task ends with the last of them")
	}
	f.requireUnchanged(func() {
		_, err := f.sends("reply/0", "%PDF-1.7 payslip 0 of Ana")
		require.NoError(t, err, "the same page sent twice counts once")
	})
}

// Nobody has seen what could not be opened.
func TestADocumentThatCannotBeOpenedIsNotSeen(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	_, err := f.sends("reply/0", "%PDF-1.7")
	require.NoError(t, err)
	one := f.sent()[0]
	require.NoError(t, f.objects.Delete(t.Context(), one.ObjectKey))
	_, err = f.looksAt(one.ID)
	require.Error(t, err)
	require.Nil(t, f.sent()[0].SeenAt)
	require.Contains(t, f.openTasks(), storage.TaskSentDocument)
}

// A document that comes while the clock waits for an answer is one.
func TestADocumentIsAnAnswer(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestClarifying)
	signal, err := f.sends("reply/1", "%PDF-1.7 which account")
	require.NoError(t, err)
	require.Equal(t, contract.SignalFacts, signal.Name)
	require.Equal(t, "collecting", f.row().State)
	require.NotEqual(t, storage.ObligationPaused, f.standing()[privacy.Respond])
	require.Equal(t, []string{storage.TaskSentDocument}, f.openTasks())
}

// Nobody sends documents before it is known who they are, after the end, more than can be looked at, or what is no document. Nothing of it is kept.
func TestPersonsDocumentsRefused(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	unproven, closed, open := b.at(privacy.RequestVerifying), b.at(privacy.RequestClosed), b.at(privacy.RequestReviewing)
	objects := func() int {
		keys, err := b.objects.List(t.Context(), "documents/")
		require.NoError(t, err)
		return len(keys)
	}
	for name, f := range map[string]*file{"unproven": unproven, "closed": closed} {
		f.requireUnchanged(func() {
			_, err := f.sends("reply/1", "%PDF-1.7")
			refusal, refused := casework.RefusalOf(err)
			require.True(t, refused, name)
			require.Equal(t, "documents_closed", refusal.Code)
		})
	}
	open.requireUnchanged(func() {
		for _, content := range []string{"", "words", "GIF89a", "%PDF-1.7" + string(make([]byte, casework.MaxDocument))} {
			_, err := open.sends("reply/1", content)
			require.ErrorIs(t, err, casework.ErrDocument)
		}
	})
	require.Zero(t, objects())
	for i := range casework.MaxSentDocuments {
		_, err := open.sends(fmt.Sprint("reply/", i), "%PDF-1.7")
		require.NoError(t, err)
	}
	open.requireUnchanged(func() {
		_, err := open.sends("reply/more", "%PDF-1.7")
		refusal, _ := casework.RefusalOf(err)
		require.Equal(t, "documents_full", refusal.Code)
	})
	require.Equal(t, casework.MaxSentDocuments, objects())
}

// Art. 5(1)(e) GDPR on ourselves: what a person sent is kept as long as the case, and no longer: then nothing opens it, its name included.
func TestPersonsDocumentsAreForgotten(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestReviewing)
	_, err := f.sends("reply/1", "%PDF-1.7 payslip")
	require.NoError(t, err)
	f.must(contract.Withdraw)
	left, err := f.desk.Discard(t.Context(), f.ref)
	require.NoError(t, err)
	require.NotContains(t, left.Objects, f.sent()[0].ObjectKey, "kept with the closed request")
	f.Clock.Advance(10 * 366 * 24 * time.Hour)
	held, possessions, err := f.desk.Possessions(t.Context(), f.ref)
	require.NoError(t, err)
	require.False(t, held)
	require.Contains(t, possessions.Prefixes, strings.TrimSuffix(f.sent()[0].ObjectKey, f.sent()[0].ID.String()))
	require.NoError(t, f.desk.ForgetCase(t.Context(), f.ref))
	gone := f.sent()[0]
	require.Nil(t, gone.WrappedKey)
	require.NotNil(t, gone.DestroyedAt)
	require.Empty(t, gone.NameSealed)
	require.Empty(t, f.openTasks())
	_, err = f.looksAt(gone.ID)
	require.ErrorContains(t, err, "destroyed")
}

// Somebody who has gone against an answer shows why it is wrong, though the request stays closed as it was answered.
func TestDocumentsForAnAppeal(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	b.Clock.Advance(time.Date(2026, time.July, 1, 9, 0, 0, 0, time.UTC).Sub(b.Clock.Now())) // section 164A of the Data Protection Act 2018 is in force
	f := b.open(proven, func(n *casework.NewRequest) { n.Regime = "uk-gdpr" })
	f.must(contract.Begin)
	f.must(contract.Refuse, casetest.Because("excessive"))
	_, err := f.sends("reply/1", "%PDF-1.7")
	require.Error(t, err, "there is an answer, and nobody looks at it again")
	f.change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := f.desk.Appeal(ctx, tx, f.ref, "a", casework.NewAppeal{Text: "It was one request only.", Channel: "form"})
		return err
	})
	_, err = f.sends("reply/2", "%PDF-1.7")
	require.NoError(t, err)
	require.Equal(t, "closed", f.row().State)
	require.Contains(t, f.openTasks(), storage.TaskSentDocument)
}
