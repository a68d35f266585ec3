package casework_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// A letter that is refused for now is tried again after growing pauses; the case does not move.
func TestMailRefusedForNow(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	state := f.row()
	for _, pause := range []time.Duration{4 * time.Second, 8 * time.Second, 16 * time.Second} {
		mail, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
		require.NoError(t, err)
		require.Len(t, mail, 1)
		require.NoError(t, f.desk.MailRefused(t.Context(), f.tenant, mail[0], errors.New("busy")))
		f.Clock.Advance(pause - time.Microsecond)
		early, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
		require.NoError(t, err)
		require.Empty(t, early)
		f.Clock.Advance(time.Microsecond)
	}
	require.Equal(t, state, f.row())
}

// A letter that is tried too often is given up and the staff told, once: a notice that fails has no notice of its own.
func TestMailGivenUp(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestCollecting)
	mail, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
	require.NoError(t, err)
	mail[0].Attempts = 40
	require.NoError(t, f.desk.MailRefused(t.Context(), f.tenant, mail[0], errors.New("no")))
	require.Contains(t, f.actions(), "message.failed")
	notices, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
	require.NoError(t, err)
	require.Len(t, notices, 1, "to the one agent")
	require.Equal(t, string(notify.KindMessageFailed), notices[0].Kind)
	require.NotContains(t, string(notices[0].Content), f.person.Email, "staff notices name no person")
	notices[0].Attempts = 40
	require.NoError(t, f.desk.MailRefused(t.Context(), f.tenant, notices[0], errors.New("no")))
	rest, err := f.desk.ClaimMail(t.Context(), f.tenant, 10)
	require.NoError(t, err)
	require.Empty(t, rest)
}

// A system that can't be read asks a person once; the answer ends the task, and leaving a system out is on record.
func TestCollectionFailure(t *testing.T) {
	t.Parallel()
	for kind, state := range map[contract.CommandKind]string{contract.RetrySystem: storage.RunFailed, contract.ExcludeSystem: storage.RunExcluded} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			f := newBundle(t).at(privacy.RequestCollecting)
			var system storage.System
			f.change(func(ctx context.Context, tx *storage.Tx) (err error) {
				system.ID, err = tx.AddSystem(ctx, storage.System{Key: "shop", Name: "Shop", Kind: "postgres", Target: "postgres://x"})
				if err != nil {
					return err
				}
				row, err := tx.Case(ctx, f.ref.Case)
				if err != nil {
					return err
				}
				return tx.StartRound(ctx, row, 1, []storage.System{system})
			})
			failure := contract.Failure{CollectInput: contract.CollectInput{Ref: f.ref, Round: 1, System: system.ID}, Code: "unreachable", Problem: "no answer"}
			require.NoError(t, f.desk.CollectionFailed(t.Context(), failure))
			require.NoError(t, f.desk.CollectionFailed(t.Context(), failure))
			require.Equal(t, []string{storage.TaskCollectionFailed}, f.openTasks())

			c := casetest.Command(kind, func(c *contract.Command) { c.System = &system.ID })
			_, err := f.do(c)
			require.NoError(t, err)
			require.Empty(t, f.openTasks())
			f.requireUnchanged(func() {
				_, err := f.do(c)
				require.NoError(t, err)
			})
			f.read(func(ctx context.Context, tx *storage.Tx) error {
				run, err := tx.RunOn(ctx, f.ref.Case, 1, system.ID)
				require.Equal(t, state, run.State)
				return err
			})
		})
	}
}

// A document is stored sealed, can be looked at until it is decided on, and is unreadable from the decision on.
func TestDocuments(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	scan := append([]byte("\x89PNG\r\n\x1a\n"), bytes.Repeat([]byte("face of Ana "), 1000)...)
	id, err := f.desk.ReceiveDocument(t.Context(), f.ref, storagetest.Actor(), bytes.NewReader(scan))
	require.NoError(t, err)
	require.Equal(t, []string{storage.TaskIdentityCheck}, f.openTasks())
	keys, err := f.objects.List(t.Context(), "documents/")
	require.NoError(t, err)
	require.Len(t, keys, 1)
	stored, err := f.objects.Get(t.Context(), keys[0])
	require.NoError(t, err)
	sealed, err := io.ReadAll(stored)
	require.NoError(t, err)
	require.NotContains(t, string(sealed), "face of Ana")

	body, err := f.desk.ViewDocument(t.Context(), f.ref, storagetest.Actor(), id)
	require.NoError(t, err)
	shown, err := io.ReadAll(body)
	require.NoError(t, err)
	require.Equal(t, scan, shown)
	require.Equal(t, "image/png", body.Media)
	require.Empty(t, body.Name, "none is kept")
	require.Contains(t, f.actions(), "request.viewed")

	f.must(contract.ConfirmIdentity, f.withNote("called back on the number we know"))
	require.Empty(t, f.openTasks())
	_, err = f.desk.ViewDocument(t.Context(), f.ref, storagetest.Actor(), id)
	require.ErrorContains(t, err, "destroyed")
}

// What is no document, or too long, or comes too late, leaves neither a row nor an object.
func TestDocumentsRefused(t *testing.T) {
	t.Parallel()
	b := newBundle(t)
	verifying, collecting := b.at(privacy.RequestVerifying), b.at(privacy.RequestCollecting)
	pdf := []byte("%PDF-1.7\n")
	b.requireUnchanged(func() {
		for name, file := range map[string]io.Reader{
			"empty": bytes.NewReader(nil), "a program": bytes.NewReader([]byte("#!/bin/sh\n")),
			"too long": io.MultiReader(bytes.NewReader(pdf), io.LimitReader(endless{}, casework.MaxDocument)),
		} {
			_, err := b.desk.ReceiveDocument(t.Context(), verifying.ref, storagetest.Actor(), file)
			require.ErrorIs(t, err, casework.ErrDocument, name)
		}
		_, err := b.desk.ReceiveDocument(t.Context(), collecting.ref, storagetest.Actor(), bytes.NewReader(pdf))
		requireRefused(t, err, "state")
	})
	keys, err := b.objects.List(t.Context(), "")
	require.NoError(t, err)
	require.Empty(t, keys)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// A closed case gives its parts and documents up for deletion; one that is open, or open again, keeps everything.
func TestDiscard(t *testing.T) {
	t.Parallel()
	f := newBundle(t).at(privacy.RequestVerifying)
	_, err := f.desk.ReceiveDocument(t.Context(), f.ref, storagetest.Actor(), bytes.NewReader([]byte("%PDF-1.7\n")))
	require.NoError(t, err)
	left, err := f.desk.Discard(t.Context(), f.ref)
	require.NoError(t, err)
	require.Zero(t, left)
	f.must(contract.Withdraw)
	left, err = f.desk.Discard(t.Context(), f.ref)
	require.NoError(t, err)
	require.Len(t, left.Objects, 1)
	require.Equal(t, casework.PartsPrefix(f.ref), left.Prefix)
	require.Empty(t, left.Packages)
	require.NoError(t, f.reopen(casetest.Command("reopen")))
	left, err = f.desk.Discard(t.Context(), f.ref)
	require.NoError(t, err)
	require.Zero(t, left)
}
