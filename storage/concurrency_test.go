package storage_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
)

// atOnce is how many transactions a test runs against each other.
const atOnce = 12

// together runs do that many times at once, each in a transaction of its own that begins when all are ready.
func together(t *testing.T, db *storage.DB, tenant uuid.UUID, do func(context.Context, *storage.Tx) error) []error {
	t.Helper()
	var ready, done sync.WaitGroup
	errs := make([]error, atOnce)
	ready.Add(atOnce)
	for i := range errs {
		done.Go(func() {
			var once sync.Once
			errs[i] = db.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
				once.Do(ready.Done)
				ready.Wait()
				return do(ctx, tx)
			})
		})
	}
	done.Wait()
	return errs
}

func crowd(t *testing.T) (*storagetest.Register, uuid.UUID) {
	t.Helper()
	r := storagetest.New(t, storagetest.WithConnections(atOnce+2))
	return r, storagetest.Tenant(t, r.DB)
}

// One of many that come with the same key at once does the work; the others wait for its commit and get its answer.
func TestOnceUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	key, request := []byte("0123456789abcdef0123456789abcdef"), []byte("fedcba9876543210fedcba9876543210")
	var worked, answered atomic.Int32
	for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		answer, err := tx.Once(ctx, "me", key, request)
		if err != nil {
			return err
		}
		if answer != nil {
			require.Equal(t, storage.Answer{Status: 201, Response: []byte("sealed")}, *answer)
			answered.Add(1)
			return nil
		}
		worked.Add(1)
		return tx.Answered(ctx, "me", key, storage.Answer{Status: 201, Response: []byte("sealed")})
	}) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, worked.Load())
	require.EqualValues(t, atOnce-1, answered.Load())
}

// Another body under the same key is refused; another principal's key is another key; a claim that was rolled back, or is
// past its life and forgotten, was never made.
func TestOnceKeys(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	key, request, other := make([]byte, 32), make([]byte, 32), append(make([]byte, 31), 1)
	undone := errors.New("undone")
	claim := func(principal string, request []byte, then error) error {
		return r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
			answer, err := tx.Once(ctx, principal, key, request)
			if err != nil || answer != nil {
				return err
			}
			return errors.Join(tx.Answered(ctx, principal, key, storage.Answer{Status: 200}), then)
		})
	}
	require.ErrorIs(t, claim("a", request, undone), undone)
	require.NoError(t, claim("a", other, nil), "what was undone left no claim")
	require.ErrorIs(t, claim("a", request, nil), storage.ErrKeyReused)
	require.NoError(t, claim("b", request, nil))

	r.Clock.Advance(25 * time.Hour)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.ForgetAnswers(ctx) })
	require.NoError(t, claim("a", request, nil), "an answer is remembered for a day")
}

// A second call with the key of a first that is still at work is told so by TryOnce, and waits with Once.
func TestOnceInFlight(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	key, request := make([]byte, 32), make([]byte, 32)
	claimed, waiting, second := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	go func() {
		<-claimed
		second <- r.DB.Change(t.Context(), tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
			close(waiting)
			answer, err := tx.Once(ctx, "me", key, request)
			if err == nil && (answer == nil || answer.Status != 202) {
				err = errors.New("the second call must get the first one's answer")
			}
			return err
		})
	}()
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		answer, err := tx.TryOnce(ctx, "me", key, request)
		require.NoError(t, err)
		require.Nil(t, answer)
		close(claimed)
		<-waiting
		err = r.DB.Change(ctx, tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.TryOnce(ctx, "me", key, request)
			return err
		})
		require.ErrorIs(t, err, storage.ErrInFlight)
		return tx.Answered(ctx, "me", key, storage.Answer{Status: 202})
	})
	require.NoError(t, <-second)
}

// A claim without an answer that was committed is in flight for ever: whoever claims must answer in the same transaction.
func TestClaimWithoutAnswer(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	claim := func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Once(ctx, "me", make([]byte, 32), make([]byte, 32))
		return err
	}
	require.NoError(t, r.DB.Change(t.Context(), tenant, storagetest.Actor(), claim))
	require.ErrorIs(t, r.DB.Change(t.Context(), tenant, storagetest.Actor(), claim), storage.ErrInFlight)
}

func queue(t *testing.T, r *storagetest.Register, tenant uuid.UUID, letters int) storagetest.Case {
	t.Helper()
	c := storagetest.NewCase(t, r.DB, tenant)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		subject, err := tx.Subject(ctx, c.Subject)
		for range letters {
			id := uuid.Must(uuid.NewV7())
			err = errors.Join(err, tx.QueueMessage(ctx, storage.NewMessage{
				CaseID: c.ID, Subject: &subject, Key: id.String(), Kind: "k", Channel: "email", Language: "en", Content: []byte(id.String()),
			}, id))
		}
		return err
	})
	return c
}

// No letter is given to two senders, all are given out, and what a dead sender took comes back when its lease is over.
func TestClaimMessagesUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	const letters = 60
	queue(t, r, tenant, letters)
	var mu sync.Mutex
	taken := map[uuid.UUID]int{}
	claim := func(limit int32) func(context.Context, *storage.Tx) error {
		return func(ctx context.Context, tx *storage.Tx) error {
			mail, err := tx.ClaimMessages(ctx, limit, 2*time.Minute)
			mu.Lock()
			defer mu.Unlock()
			for _, m := range mail {
				require.Equal(t, m.ID.String(), string(m.Content))
				taken[m.ID]++
			}
			return err
		}
	}
	for _, err := range together(t, r.DB, tenant, claim(letters/atOnce)) {
		require.NoError(t, err)
	}
	storagetest.Change(t, r.DB, tenant, claim(letters))
	require.Len(t, taken, letters)
	for id, times := range taken {
		require.Equal(t, 1, times, id)
	}
	storagetest.Change(t, r.DB, tenant, claim(letters))
	require.Len(t, taken, letters, "nothing is left")

	r.Clock.Advance(2 * time.Minute)
	storagetest.Change(t, r.DB, tenant, claim(letters))
	for id, times := range taken {
		require.Equal(t, 2, times, id)
	}
}

// What was sent, given up or put off is not claimed before its time, and a sent letter is sent once on record.
func TestMessageEnds(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := queue(t, r, tenant, 3)
	claim := func() (mail []storage.Outgoing) {
		storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
			mail, err = tx.ClaimMessages(ctx, 10, time.Minute)
			return err
		})
		return mail
	}
	mail := claim()
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(
			tx.MessageSent(ctx, mail[0]), tx.MessageSent(ctx, mail[0]), tx.FailMessage(ctx, mail[1], "not_delivered", "no such mailbox"),
			tx.RetryMessage(ctx, mail[2], tx.Now().Add(time.Hour), "busy"),
		)
	})
	r.Clock.Advance(59 * time.Minute)
	require.Empty(t, claim())
	r.Clock.Advance(time.Minute)
	again := claim()
	require.Len(t, again, 1)
	require.Equal(t, mail[2].ID, again[0].ID)
	require.Equal(t, 2, again[0].Attempts)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		require.NoError(t, tx.RequeueMessage(ctx, c.ID, mail[1].ID))
		require.ErrorIs(t, tx.RequeueMessage(ctx, c.ID, mail[0].ID), storage.ErrNotFound, "what was sent is not sent again")
		events, err := tx.CaseEvents(ctx, c.ID)
		sent := 0
		for _, e := range events {
			if e.Event.Action == audit.MessageSent {
				sent++
			}
		}
		require.Equal(t, 1, sent)
		return err
	})
	require.Len(t, claim(), 1)
}

// A one-time code is good for five wrong answers in all, however many come at once, and for one right one.
func TestCodeTriesUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	c := storagetest.NewCase(t, r.DB, tenant)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.NewCode(ctx, c.ID, storage.CodeForIdentity, make([]byte, 32), 5, time.Minute)
		return err
	})
	var spent, dead atomic.Int32
	for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		code, err := tx.LiveCode(ctx, c.ID, storage.CodeForIdentity)
		if errors.Is(err, storage.ErrNotFound) {
			dead.Add(1)
			return nil
		}
		if err != nil {
			return err
		}
		spent.Add(1)
		return tx.SpendTry(ctx, c.ID, code)
	}) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 5, spent.Load())
	require.EqualValues(t, atOnce-5, dead.Load())
}

// Of many codes asked for at once, one is live in the end, and no two ever are.
func TestNewCodeUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	c := storagetest.NewCase(t, r.DB, tenant)
	kept := 0
	for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.NewCode(ctx, c.ID, storage.CodeForIdentity, make([]byte, 32), 5, time.Minute)
		return err
	}) {
		if err == nil {
			kept++
			continue
		}
		require.ErrorIs(t, err, storage.ErrExists, "who loses the race is told; the caller locks the case first and never sees it")
	}
	require.Positive(t, kept)
	var live int
	require.NoError(t, r.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM identity_codes WHERE ended_at IS NULL").Scan(&live))
	require.Equal(t, 1, live)
}

// A right answer can be given once.
func TestUseCodeUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	c := storagetest.NewCase(t, r.DB, tenant)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.NewCode(ctx, c.ID, storage.CodeForDownload, make([]byte, 32), 5, time.Minute)
		return err
	})
	var used atomic.Int32
	for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		code, err := tx.LiveCode(ctx, c.ID, storage.CodeForDownload)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		used.Add(1)
		return errors.Join(err, tx.UseCode(ctx, code))
	}) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, used.Load())
}

// A download link is spent once; everyone else is told that it was.
func TestUseLinkUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	f := storagetest.Fill(t, r.DB, tenant)
	token := make([]byte, 32)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		return tx.NewLink(ctx, f.Package, token, tx.Now().Add(time.Hour))
	})
	spent := 0
	for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		link, err := tx.Link(ctx, token)
		if err != nil {
			return err
		}
		_, err = tx.UseLink(ctx, link)
		return err
	}) {
		if err == nil {
			spent++
			continue
		}
		require.ErrorIs(t, err, storage.ErrConflict)
	}
	require.Equal(t, 1, spent)
}

// What carries a key happens once: a step, an extension, a pause, a task, a milestone, a letter.
func TestKeyedRowsUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	c := storagetest.NewCase(t, r.DB, tenant)
	var owed storage.Obligation
	storagetest.Read(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.Obligations(ctx, c.ID)
		owed = all[0]
		return err
	})
	for name, step := range map[string]struct { //nolint:paralleltest // each takes all connections
		table string
		do    func(context.Context, *storage.Tx) (first bool, err error)
	}{
		"extension": {"extensions", func(ctx context.Context, tx *storage.Tx) (bool, error) {
			return tx.AddExtension(ctx, c.ID, "complexity")
		}},
		"pause": {"pauses", func(ctx context.Context, tx *storage.Tx) (bool, error) {
			return tx.OpenPause(ctx, c.ID, privacy.PauseFee)
		}},
		"task": {"tasks", func(ctx context.Context, tx *storage.Tx) (bool, error) {
			return tx.AddTask(ctx, storage.NewTask{CaseID: c.ID, Key: "k", Kind: storage.TaskReview, Role: "agent"})
		}},
		"milestone": {"obligation_milestones", func(ctx context.Context, tx *storage.Tx) (bool, error) {
			return tx.ReachMilestone(ctx, owed, privacy.Milestone{Kind: privacy.MilestoneDue, At: owed.Due})
		}},
		"letter": {"messages", func(ctx context.Context, tx *storage.Tx) (bool, error) {
			err := tx.QueueMessage(ctx, storage.NewMessage{CaseID: c.ID, Key: "k", Kind: "k", Channel: "email", Language: "en"}, uuid.Must(uuid.NewV7()))
			lines, listErr := tx.Messages(ctx, c.ID)
			return len(lines) == 1, errors.Join(err, listErr)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var first atomic.Int32
			for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
				did, err := step.do(ctx, tx)
				if did {
					first.Add(1)
				}
				return err
			}) {
				require.NoError(t, err)
			}
			var rows int
			require.NoError(t, r.Owner(t).QueryRow(t.Context(), "SELECT count(*) FROM "+step.table).Scan(&rows))
			require.Equal(t, 1, rows)
			if name != "letter" {
				require.EqualValues(t, 1, first.Load())
			}
		})
	}
}

// Of many that take the same step at once, one moves the case, and the others find it taken.
func TestMoveCaseUnderConcurrency(t *testing.T) {
	t.Parallel()
	r, tenant := crowd(t)
	c := storagetest.NewCase(t, r.DB, tenant, storagetest.Proven)
	var moved atomic.Int32
	for _, err := range together(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.LockCase(ctx, c.ID)
		if err != nil {
			return err
		}
		_, changed, err := tx.MoveCase(ctx, row, storage.Move{Event: privacy.EventIdentityProven, Key: "begin"})
		if changed {
			moved.Add(1)
		}
		return err
	}) {
		require.NoError(t, err)
	}
	require.EqualValues(t, 1, moved.Load())
}

// Rows for the relay are left to whoever wrote them for a moment, and then claimed by one relay at a time until they are
// done; a claim whose relay died comes back by itself.
func TestRelayRows(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant, other := storagetest.Tenant(t, r.DB), storagetest.Tenant(t, r.DB)
	first, second := storagetest.NewCase(t, r.DB, tenant), storagetest.NewCase(t, r.DB, other)
	starts := func(tenant uuid.UUID) (claimed []storage.Start) {
		return claim(t, r, tenant, (*storage.Tx).ClaimStarts)
	}
	withStarts := func() []uuid.UUID { return listed(t, r.DB.TenantsWithStarts) }
	require.Empty(t, withStarts(), "the process that accepted them starts them itself")
	r.Clock.Advance(3 * time.Second)
	require.ElementsMatch(t, []uuid.UUID{tenant, other}, withStarts())

	mine := storage.Start{TenantID: tenant, CaseID: first.ID, Run: 1}
	require.Equal(t, []storage.Start{mine}, starts(tenant))
	require.Empty(t, starts(tenant), "one relay has it")
	require.Equal(t, []uuid.UUID{other}, withStarts())
	r.Clock.Advance(30 * time.Second)
	require.Equal(t, []storage.Start{mine}, starts(tenant), "its relay died")

	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(tx.StartFailed(ctx, mine, "no answer"), tx.StartDone(ctx, storage.Start{TenantID: other, CaseID: second.ID, Run: 1}))
	})
	require.Equal(t, []uuid.UUID{other}, withStarts(), "another tenant's start can't be called done")
	r.Clock.Advance(2 * time.Second)
	require.Equal(t, []storage.Start{mine}, starts(tenant), "tried again after a rest")
	r.Clock.Advance(-24 * time.Hour)
	require.Equal(t, []storage.Start{mine}, starts(tenant), "claimed while a clock was ahead")
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error { return tx.StartDone(ctx, mine) })
	r.Clock.Advance(25 * time.Hour)
	require.Equal(t, []uuid.UUID{other}, withStarts())
}

// While many requests come in, their workflows wait, though not for long; those that come after begin at once again.
func TestStartsWaitWhileManyComeIn(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	starts := func() int {
		return len(claim(t, r, tenant, func(tx *storage.Tx, ctx context.Context, _ int32) ([]storage.Start, error) {
			return tx.ClaimStarts(ctx, 200)
		}))
	}
	byRelay := func(n *storage.NewCase) { n.StartedByCaller = false }
	surge := func() {
		for range 50 {
			storagetest.NewCase(t, r.DB, tenant, byRelay)
		}
	}
	storagetest.NewCase(t, r.DB, tenant, byRelay)
	require.Equal(t, 1, starts())
	surge()
	require.Zero(t, starts())
	r.Clock.Advance(10 * time.Second)
	surge()
	require.Equal(t, 50, starts(), "those that have waited for ten seconds")
	r.Clock.Advance(time.Second)
	require.Equal(t, 50, starts(), "the surge is over")

	r.Clock.Advance(24 * time.Hour)
	surge()
	r.Clock.Advance(-24 * time.Hour)
	storagetest.NewCase(t, r.DB, tenant, byRelay)
	require.Equal(t, 51, starts(), "what was written while the clock was ahead holds nothing up")
}

// Facts for workflows are claimed like starts; one that its writer tells is left to it for a moment.
func TestRelaySignals(t *testing.T) {
	t.Parallel()
	r := storagetest.New(t)
	tenant := storagetest.Tenant(t, r.DB)
	c := storagetest.NewCase(t, r.DB, tenant)
	signals := func() (claimed []storage.Signal) { return claim(t, r, tenant, (*storage.Tx).ClaimSignals) }
	var own storage.Signal
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		own, err = tx.SignalWorkflowOurselves(ctx, c.ID, "request/x", "facts")
		return err
	})
	require.Empty(t, listed(t, r.DB.TenantsWithSignals))
	r.Clock.Advance(3 * time.Second)
	require.Equal(t, []storage.Signal{own}, signals())
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(tx.SignalFailed(ctx, own, "no answer"), tx.SignalWorkflow(ctx, c.ID, "request/y", "facts"))
	})
	require.Equal(t, []uuid.UUID{tenant}, listed(t, r.DB.TenantsWithSignals))
	claimed := signals()
	require.Len(t, claimed, 1, "the one that failed rests")
	require.Equal(t, "request/y", claimed[0].WorkflowID)
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) error {
		return errors.Join(tx.SignalDone(ctx, own), tx.SignalDone(ctx, claimed[0]))
	})
	r.Clock.Advance(time.Hour)
	require.Empty(t, listed(t, r.DB.TenantsWithSignals))
}

func claim[T any](t *testing.T, r *storagetest.Register, tenant uuid.UUID, take func(*storage.Tx, context.Context, int32) ([]T, error)) (claimed []T) {
	t.Helper()
	storagetest.Change(t, r.DB, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		claimed, err = take(tx, ctx, 10)
		return err
	})
	return claimed
}

func listed(t *testing.T, list func(context.Context) ([]uuid.UUID, error)) []uuid.UUID {
	t.Helper()
	tenants, err := list(t.Context())
	require.NoError(t, err)
	return tenants
}
