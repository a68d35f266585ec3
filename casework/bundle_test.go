package casework_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/deploy/local/localtest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/storage/storagetest"
	"github.com/privacy-docket/docket/workflows/contract"
)

const day = 24 * time.Hour

// bundle is a desk of a tenant with staff, on a register, an object store and the real policies.
type bundle struct {
	*storagetest.Register
	t       testing.TB
	owner   *pgx.Conn
	desk    *casework.Desk
	objects *objects.Store
	tenant  uuid.UUID
}

func newBundle(t testing.TB, change ...func(*storage.NewTenant)) *bundle {
	t.Helper()
	b := &bundle{Register: storagetest.New(t), t: t}
	b.owner = b.Owner(t)
	b.tenant = storagetest.Tenant(t, b.DB, change...)
	for _, role := range []string{"agent", "dpo", "admin"} {
		storagetest.Staff(t, b.DB, b.tenant, role)
	}
	bucket := localtest.Bucket(t)
	var err error
	b.objects, err = objects.Open(objects.Config{
		Endpoint: bucket.Endpoint, AccessKey: bucket.AccessKey, SecretKey: bucket.SecretKey, Bucket: bucket.Bucket, Secure: bucket.Secure,
	})
	require.NoError(t, err)
	book, err := policies.Embedded()
	require.NoError(t, err)
	b.desk = casework.New(b.DB, b.objects, book, casework.Links{Public: "https://privacy.example"}, b.Clock)
	return b
}

// file is one case of a bundle.
type file struct {
	*bundle
	ref    contract.Ref
	opened casework.Opened
	person storage.Person
}

func (b *bundle) open(change ...func(*casework.NewRequest)) *file {
	b.t.Helper()
	f, err := b.tryOpen(change...)
	require.NoError(b.t, err)
	return f
}

func (b *bundle) tryOpen(change ...func(*casework.NewRequest)) (*file, error) {
	n := casework.NewRequest{Person: storagetest.Person(), Right: privacy.Access, Channel: "form", Details: "everything"}
	for _, apply := range change {
		apply(&n)
	}
	f := &file{bundle: b, person: n.Person}
	err := b.DB.Change(b.t.Context(), b.tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) (err error) {
		f.opened, err = b.desk.Open(ctx, tx, n)
		return err
	})
	f.ref = contract.Ref{Tenant: b.tenant, Case: f.opened.ID}
	return f, err
}

func proven(n *casework.NewRequest) { n.IdentityMethod = "assertion" }

func waitingFor(kind privacy.PauseKind) func(*contract.Command) {
	return func(c *contract.Command) { c.PauseKind = kind }
}

func (f *file) withNote(text string) func(*contract.Command) {
	f.t.Helper()
	var id uuid.UUID
	f.change(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, f.ref.Case)
		if err != nil {
			return err
		}
		subject, err := tx.Subject(ctx, row.SubjectID)
		if err != nil {
			return err
		}
		id, err = tx.AddNote(ctx, row, subject, storage.NotePlain, text)
		return err
	})
	return func(c *contract.Command) { c.Note = &id }
}

func (f *file) do(c contract.Command) (contract.View, error) {
	return f.desk.Do(f.t.Context(), contract.CommandInput{Ref: f.ref, Command: c})
}

func (f *file) must(kind contract.CommandKind, change ...func(*contract.Command)) contract.View {
	f.t.Helper()
	view, err := f.do(casetest.Command(kind, change...))
	require.NoError(f.t, err, kind)
	return view
}

func (f *file) reopen(c contract.Command) error {
	actor := audit.Actor{Kind: audit.ActorKind(c.Actor.Kind), ID: c.Actor.ID, Role: c.Actor.Role, Key: c.Actor.Key}
	return f.DB.Change(f.t.Context(), f.tenant, actor, func(ctx context.Context, tx *storage.Tx) error { return f.desk.Reopen(ctx, tx, f.ref, c) })
}

func (f *file) resend() error {
	return f.DB.Change(f.t.Context(), f.tenant, storagetest.Actor(), func(ctx context.Context, tx *storage.Tx) error {
		return f.desk.Resend(ctx, tx, f.ref, "resend")
	})
}

func (f *file) change(do func(context.Context, *storage.Tx) error) {
	f.t.Helper()
	storagetest.Change(f.t, f.DB, f.tenant, do)
}

func (f *file) read(do func(context.Context, *storage.Tx) error) {
	f.t.Helper()
	storagetest.Read(f.t, f.DB, f.tenant, do)
}

// at brings a fresh case into a state, by the commands that lead there.
func (b *bundle) at(state privacy.RequestState, change ...func(*casework.NewRequest)) *file {
	b.t.Helper()
	if state != privacy.RequestReceived && state != privacy.RequestVerifying {
		change = append(change, proven)
	}
	f := b.open(change...)
	if state == privacy.RequestReceived {
		return f
	}
	f.must(contract.Begin)
	path := []struct {
		to   privacy.RequestState
		kind contract.CommandKind
	}{
		{privacy.RequestReviewing, contract.FinishCollection}, {privacy.RequestPackaging, contract.Approve},
		{privacy.RequestDelivering, contract.FinishPackage}, {privacy.RequestClosed, contract.Deliver},
	}
	switch state {
	case privacy.RequestVerifying, privacy.RequestCollecting:
		return f
	case privacy.RequestClarifying:
		f.must(contract.AskClarity, f.withNote("Which account?"))
		return f
	}
	for _, step := range path {
		if step.to == privacy.RequestDelivering {
			f.build("the answer")
		}
		f.must(step.kind)
		if step.to == state {
			break
		}
	}
	return f
}

// build makes a ready package with the text in it.
func (f *file) build(text string) (pkg storage.Package) {
	f.t.Helper()
	f.change(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Case(ctx, f.ref.Case)
		if err != nil {
			return err
		}
		pkg, err = tx.PackageFor(ctx, row, row.Run, func(id uuid.UUID) string { return "packages/" + id.String() })
		if err != nil {
			return err
		}
		if err := f.store(ctx, tx, pkg, text); err != nil {
			return err
		}
		return tx.PackageBuilt(ctx, pkg, storage.Built{
			SHA256: make([]byte, 32), Bytes: 1, Files: 1, Rows: 1, ManifestSHA256: make([]byte, 32), Expires: tx.Now().Add(14 * day),
		})
	})
	return pkg
}

func (f *file) store(ctx context.Context, tx *storage.Tx, pkg storage.Package, text string) error {
	key, err := tx.PackageKey(pkg)
	if err != nil {
		return err
	}
	reader, writer := io.Pipe()
	go func() {
		sealed, err := key.Encrypt(writer, casework.PackageContext(pkg.ID))
		if err == nil {
			_, err = io.WriteString(sealed, text)
			err = errors.Join(err, sealed.Close())
		}
		writer.CloseWithError(err)
	}()
	return f.objects.Put(ctx, pkg.ObjectKey, reader, -1)
}

func (f *file) row() (row storage.Case) {
	f.t.Helper()
	f.read(func(ctx context.Context, tx *storage.Tx) (err error) {
		row, err = tx.Case(ctx, f.ref.Case)
		return err
	})
	return row
}

func (f *file) owed() map[privacy.ObligationKind]storage.Obligation {
	f.t.Helper()
	owed := map[privacy.ObligationKind]storage.Obligation{}
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		list, err := tx.Obligations(ctx, f.ref.Case)
		for _, o := range list {
			owed[privacy.ObligationKind(o.Kind)] = o
		}
		return err
	})
	return owed
}

// standing gives the states of what is owed.
func (f *file) standing() map[privacy.ObligationKind]string {
	states := map[privacy.ObligationKind]string{}
	for kind, o := range f.owed() {
		states[kind] = o.State
	}
	return states
}

// letter is a letter to the person, opened.
type letter struct {
	notify.Message
	line storage.MessageLine
}

// letters opens what was queued for the person, oldest first.
func (f *file) letters() (letters []letter) {
	f.t.Helper()
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		lines, err := tx.Messages(ctx, f.ref.Case)
		if err != nil {
			return err
		}
		for _, line := range lines {
			if line.Audience != "subject" {
				continue
			}
			l := letter{line: line}
			content, err := tx.MessageContent(ctx, f.ref.Case, line.ID)
			if errors.Is(err, storage.ErrNotFound) && line.Secret && line.State == "sent" {
				letters = append(letters, l) // its content was destroyed with the sending
				continue
			}
			if err != nil {
				return err
			}
			if err := json.Unmarshal(content, &l.Message); err != nil {
				return err
			}
			letters = append(letters, l)
		}
		return nil
	})
	return letters
}

// kinds lists the letters to the person by kind.
func (f *file) kinds() (kinds []string) {
	for _, l := range f.letters() {
		kinds = append(kinds, l.line.Kind)
	}
	return kinds
}

// last is the newest letter of a kind.
func (f *file) last(kind notify.Kind) letter {
	f.t.Helper()
	all := f.letters()
	for _, l := range slices.Backward(all) {
		if l.line.Kind == string(kind) {
			return l
		}
	}
	require.FailNow(f.t, "no such letter", "%s among %d", kind, len(all))
	return letter{}
}

// actions lists what the audit log says of the case.
func (f *file) actions() (actions []string) {
	f.t.Helper()
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		events, err := tx.CaseEvents(ctx, f.ref.Case)
		for _, e := range events {
			actions = append(actions, string(e.Event.Action))
		}
		return err
	})
	return actions
}

// openTasks lists the kinds of the case's open tasks.
func (f *file) openTasks() (kinds []string) {
	f.t.Helper()
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		tasks, err := tx.CaseTasks(ctx, f.ref.Case)
		for _, task := range tasks {
			if task.State == "open" {
				kinds = append(kinds, task.Kind)
			}
		}
		return err
	})
	return kinds
}

// dates lists the dates that stood for an obligation: causes, oldest first, and how many are in force.
func (f *file) dates(kind privacy.ObligationKind) (causes []string, inForce int) {
	f.t.Helper()
	id := f.owed()[kind].ID
	f.read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := tx.ObligationDates(ctx, f.ref.Case)
		for _, d := range all {
			if d.ObligationID != id {
				continue
			}
			causes = append(causes, d.Cause)
			if d.SupersededAt == nil {
				inForce++
			}
		}
		return err
	})
	return causes, inForce
}

// requireUnchanged runs something and requires that not one row of the tenant is different after it.
func (b *bundle) requireUnchanged(do func()) {
	b.t.Helper()
	before := storagetest.Snapshot(b.t, b.owner, b.tenant)
	do()
	require.Equal(b.t, before, storagetest.Snapshot(b.t, b.owner, b.tenant))
}

func requireRefused(t testing.TB, err error, code string) contract.Refusal {
	t.Helper()
	refusal, ok := casework.RefusalOf(err)
	require.True(t, ok, "refused by rule, not %v", err)
	require.Equal(t, code, refusal.Code)
	return refusal
}
