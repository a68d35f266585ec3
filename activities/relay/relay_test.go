package relay_test

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jonboulle/clockwork"
	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/email"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

// office is a world with relays on a clock that the test moves.
type office struct {
	*casetest.World
	t      *testing.T
	clock  *clockwork.FakeClock
	signer *audit.Signer
	mail   notify.Sender
	box    *localtest.Mail
	owner  *pgx.Conn
	engine *engine
	// public keeps webhooks out of the own network, as it is where tenants are strangers.
	public bool
}

// engine is a Temporal that takes what it is given, and answers for some workflows with an error.
type engine struct {
	client.Client
	refuse map[string]error
	taken  chan string
	inputs chan contract.RequestInput // of the starts
}

func (e *engine) ExecuteWorkflow(_ context.Context, options client.StartWorkflowOptions, _ any, args ...any) (client.WorkflowRun, error) {
	return nil, e.start(options.ID, args[0])
}

func (e *engine) SignalWithStartWorkflow(_ context.Context, id, _ string, _ any, _ client.StartWorkflowOptions, _ any, args ...any) (client.WorkflowRun, error) {
	return nil, e.start(id, args[0])
}

func (e *engine) start(id string, input any) error {
	in, ok := input.(contract.RequestInput)
	if !ok {
		return e.take("begin " + id)
	}
	e.inputs <- in
	return e.take("start " + id)
}

func (e *engine) SignalWorkflow(_ context.Context, id, _, _ string, _ any) error {
	return e.take("signal " + id)
}

func (e *engine) take(what string) error {
	if err := e.refuse[what]; err != nil {
		return err
	}
	e.taken <- what
	return nil
}

func newOffice(t *testing.T) *office {
	t.Helper()
	clock := clockwork.NewFakeClockAt(storagetest.Start())
	o := &office{World: casetest.New(t, clock), t: t, clock: clock, box: localtest.Mailbox(t)}
	o.owner = o.Register.Owner(t)
	o.engine = &engine{refuse: map[string]error{}, taken: make(chan string, 1000), inputs: make(chan contract.RequestInput, 1000)}
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	o.signer, err = audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	config, err := email.ParseURL("smtp://" + o.box.SMTP + "?tls=none")
	require.NoError(t, err)
	config.From = "privacy@docket.example"
	o.mail, err = email.New(config)
	require.NoError(t, err)
	return o
}

// relays runs some relays side by side until the test ends.
func (o *office) relays(n int) {
	ctx, cancel := context.WithCancel(o.t.Context())
	group, ctx := errgroup.WithContext(ctx)
	for range n {
		r := &relay.Relay{
			Desk: o.Desk, Temporal: o.engine, Senders: map[notify.Channel]notify.Sender{notify.ChannelEmail: o.mail},
			Signer: o.signer, Objects: o.Objects, Clock: o.clock, Log: zap.NewNop(), WebhooksLocal: !o.public,
		}
		group.Go(func() error { return r.Run(ctx) })
	}
	o.t.Cleanup(func() {
		cancel()
		require.NoError(o.t, group.Wait())
	})
}

// until moves the clock on until something has happened.
func (o *office) until(what string, done func() bool) {
	o.t.Helper()
	require.Eventually(o.t, func() bool {
		o.clock.Advance(time.Second)
		return done()
	}, 30*time.Second, 20*time.Millisecond, "waited in vain until %s", what)
}

// untilPast is until for what takes days.
func (o *office) untilPast(what string, done func() bool) {
	o.t.Helper()
	o.until(what, func() bool {
		o.clock.Advance(time.Hour)
		return done()
	})
}

// unplaced counts the events that wait for their place in the log.
func (o *office) unplaced() (n int) {
	o.t.Helper()
	require.NoError(o.t, o.owner.QueryRow(o.t.Context(), "SELECT count(*) FROM audit_events WHERE leaf_index IS NULL").Scan(&n))
	return n
}

// begun files a request and has its letters written.
func (o *office) begun() *casetest.Request {
	o.t.Helper()
	r := o.File()
	_, err := o.Desk.Do(o.t.Context(), contract.CommandInput{Ref: r.Ref, Command: casetest.Command(contract.Begin)})
	require.NoError(o.t, err)
	return r
}

// states gives the states of the case's letters by kind.
func states(r *casetest.Request) map[notify.Kind]string {
	out := map[notify.Kind]string{}
	r.Read(func(ctx context.Context, tx *storage.Tx) error {
		lines, err := tx.Messages(ctx, r.Ref.Case)
		for _, line := range lines {
			out[notify.Kind(line.Kind)] = line.State
		}
		return err
	})
	return out
}

// A letter that the server would not take now is tried again; one whose taking could not be learned is sent again under
// the same Message-ID, so that the receiver can tell.
func TestMailIsTriedAgainUnderTheSameMessageID(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.begun()
	o.box.Fault(mailcatcher.Fault{To: r.Person.Email, Mode: mailcatcher.HangUp, Times: 2})
	o.relays(1)
	o.until("both letters are taken", func() bool {
		s := states(r)
		return s[notify.KindAcknowledgement] == "sent" && s[notify.KindOneTimeCode] == "sent"
	})
	byID := map[string]int{}
	for _, m := range o.box.Messages(t.Context(), r.Person.Email) {
		byID[m.Header("Message-ID")]++
	}
	require.Len(t, byID, 2, "two letters, whatever the number of their copies")
	copies := 0
	for _, n := range byID {
		copies += n
	}
	require.Equal(t, 4, copies)
}

// A mail server that breaks off, before or behind its answer, or never answers, gets every letter all the same: once where it
// kept nothing or its answer was heard, and always under one Message-ID. The case goes on meanwhile.
func TestMailServerThatBreaksOffGetsEveryLetter(t *testing.T) {
	t.Parallel()
	for _, mode := range []mailcatcher.FaultMode{mailcatcher.Cut, mailcatcher.Leave, mailcatcher.Silent} {
		t.Run(string(mode), func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			config, err := email.ParseURL("smtp://" + o.box.SMTP + "?tls=none")
			require.NoError(t, err)
			config.From, config.Timeout = "privacy@docket.example", time.Second
			o.mail, err = email.New(config)
			require.NoError(t, err)
			r := o.begun()
			o.box.Fault(mailcatcher.Fault{To: r.Person.Email, Mode: mode, Times: 2})
			o.relays(1)
			o.until("both letters are taken", func() bool {
				s := states(r)
				return s[notify.KindAcknowledgement] == "sent" && s[notify.KindOneTimeCode] == "sent"
			})
			ids := map[string]int{}
			for _, m := range o.box.Messages(t.Context(), r.Person.Email) {
				ids[m.Header("Message-ID")]++
			}
			require.Len(t, ids, 2)
			for id, copies := range ids {
				require.Equal(t, 1, copies, id)
			}
			require.Equal(t, privacy.RequestVerifying, r.State())
		})
	}
}

// A temporary refusal delays the letter and nothing else.
func TestMailRefusedForNowArrivesOnce(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.begun()
	o.box.Fault(mailcatcher.Fault{To: r.Person.Email, Mode: mailcatcher.Refuse, Code: 450, Times: 3})
	o.relays(2)
	o.until("both letters are taken", func() bool {
		s := states(r)
		return s[notify.KindAcknowledgement] == "sent" && s[notify.KindOneTimeCode] == "sent"
	})
	require.Len(t, o.box.Messages(t.Context(), r.Person.Email), 2, "two relays send nothing twice")
}

// A letter that will never arrive is given up, the staff hear of it, and the case stays where it is.
func TestMailRefusedForGoodIsToldToStaff(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.begun()
	o.box.Fault(mailcatcher.Fault{To: r.Person.Email, Mode: mailcatcher.Refuse, Code: 550})
	o.relays(1)
	o.until("the staff were told", func() bool {
		s := states(r)
		return s[notify.KindAcknowledgement] == "failed" && s[notify.KindMessageFailed] == "sent"
	})
	require.Equal(t, privacy.RequestVerifying, r.State())
	require.Empty(t, o.box.Messages(t.Context(), r.Person.Email))
	require.NotEmpty(t, o.box.Messages(t.Context(), o.Staff["agent"]))
}

// What Temporal will not take does not hold up what waits behind it, and is tried again.
func TestRelayPassesOverWhatIsStuck(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	stuck, next := o.File(), o.File()
	first := "start " + contract.RequestID(stuck.Ref.Case)
	o.engine.refuse[first] = serviceerror.NewInvalidArgument("no")
	o.relays(1)
	o.until("the second is started", func() bool { return o.took("start " + contract.RequestID(next.Ref.Case)) })
	o.until("only the first still waits", func() bool { return slices.Equal(o.waiting(), []uuid.UUID{stuck.Ref.Case}) })
}

// A start tells the workflow where its case stands, once it stands anywhere.
func TestRelayTellsAStartWhereItBegins(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	fresh, moved := o.File(), o.begun()
	o.relays(1)
	began := map[uuid.UUID]*contract.Resume{}
	o.until("both are started", func() bool {
		select {
		case in := <-o.engine.inputs:
			began[in.Case] = in.Resume
		default:
		}
		return len(began) == 2
	})
	require.Nil(t, began[fresh.Ref.Case])
	require.Equal(t, storagetest.Start(), began[moved.Ref.Case].PhaseSince)
}

// A package whose workflow Temporal has lost is ended all the same: its end is begun when its time is over, and not before.
func TestRelayEndsPackagesThatTemporalHasLost(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	r := o.File()
	const life = 5 * time.Minute
	var pkg storage.Package
	o.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		row, err := tx.Case(ctx, r.Ref.Case)
		require.NoError(t, err)
		pkg, err = tx.PackageFor(ctx, row, 1, func(id uuid.UUID) string { return "packages/" + id.String() })
		require.NoError(t, err)
		hash := make([]byte, 32)
		return tx.PackageBuilt(ctx, pkg, storage.Built{SHA256: hash, ManifestSHA256: hash, Expires: tx.Now().Add(life)})
	})
	begun := o.clock.Now()
	o.relays(1)
	o.until("the end is begun", func() bool { return o.took("begin " + contract.PackageID(pkg.ID)) })
	require.GreaterOrEqual(t, o.clock.Since(begun), life)
}

// A restored system is searched for those who were erased, also where the program that was to start it died before it did.
func TestRelayBeginsReapplicationsThatNobodyBegan(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	var id uuid.UUID
	o.Change(func(ctx context.Context, tx *storage.Tx) error {
		made, err := tx.AddSystem(ctx, storage.System{Key: "restored", Name: "Restored", Kind: "postgres", Target: "postgres://restored.test/x"})
		require.NoError(t, err)
		system, err := tx.System(ctx, made)
		require.NoError(t, err)
		id, err = tx.Reapply(ctx, system, tx.Now().Add(-time.Hour))
		return err
	})
	o.relays(1)
	o.until("it is begun", func() bool { return o.took("begin " + contract.ReapplyID(id)) })
}

// took says whether Temporal has taken something by now.
func (o *office) took(what string) bool {
	for {
		select {
		case taken := <-o.engine.taken:
			if taken == what {
				return true
			}
		default:
			return false
		}
	}
}

// waiting lists the cases whose workflows were not started yet, as the owner of the register sees them.
func (o *office) waiting() (cases []uuid.UUID) {
	rows, err := o.owner.Query(o.t.Context(), "SELECT case_id FROM workflow_starts WHERE started_at IS NULL")
	require.NoError(o.t, err)
	cases, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.NoError(o.t, err)
	return cases
}

// The archive in the object store verifies by itself, with two relays that write it, and the later log continues the
// earlier one.
func TestArchiveVerifiesWithoutTheRegister(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.begun()
	o.relays(2)
	key, err := o.signer.VerifierKey(o.Tenant.String())
	require.NoError(t, err)
	first := o.archived(key, 1)
	earlier := o.archive()["checkpoint"].Data
	for range 40 {
		o.begun()
	}
	second := o.archived(key, first.Size+400, earlier)
	require.False(t, second.First.IsZero())

	broken := o.archive()
	for name, file := range broken {
		if strings.Contains(name, "entries") {
			file.Data[len(file.Data)/2] ^= 1
		}
	}
	_, err = audit.Verify(broken, key)
	require.ErrorIs(t, err, audit.ErrLog)
}

// A clock that jumps ahead and back leaves an order that stays: what was placed keeps its place, and the later log, with
// times before those of the earlier one, continues it.
func TestLogOfAClockThatJumpedContinuesTheEarlierOne(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.begun()
	o.relays(1)
	key, err := o.signer.VerifierKey(o.Tenant.String())
	require.NoError(t, err)
	first := o.archived(key, 1)
	earlier := o.archive()["checkpoint"].Data
	o.clock.Advance(40 * casetest.Day)
	o.begun()
	ahead := o.archived(key, first.Size+1, earlier)
	later := o.archive()["checkpoint"].Data
	o.clock.Advance(-40 * casetest.Day)
	o.begun()
	o.relays(1) // pauses of the first go by the made-up clock; real ones don't heed it
	right := o.archived(key, ahead.Size+1, earlier, later)
	require.Equal(t, first.First, right.First)
	require.WithinDuration(t, first.Last.Add(40*casetest.Day), right.Last, casetest.Day, "the latest is from when the clock was ahead")
}

// archived waits for an archive of at least a size that verifies.
func (o *office) archived(key string, size int64, older ...[]byte) (report audit.Report) {
	o.t.Helper()
	o.until("the archive is written", func() bool {
		files, err := o.read()
		if err != nil {
			return false // written over while it was read
		}
		report, err = audit.Verify(files, key, older...)
		return err == nil && report.Size >= size
	})
	return report
}

// archive reads the tenant's archive out of the object store, at rest.
func (o *office) archive() fstest.MapFS {
	o.t.Helper()
	files, err := o.read()
	require.NoError(o.t, err)
	return files
}

func (o *office) read() (fstest.MapFS, error) {
	files := fstest.MapFS{}
	prefix := o.Tenant.String() + "/audit/"
	for _, key := range o.Stored(prefix) {
		object, err := o.Objects.Get(o.t.Context(), key)
		if err != nil {
			return nil, err
		}
		data, err := io.ReadAll(object)
		if err := errors.Join(err, object.Close()); err != nil {
			return nil, err
		}
		files[strings.TrimPrefix(key, prefix)] = &fstest.MapFile{Data: data, Mode: fs.ModePerm}
	}
	return files, nil
}
