package storagetest

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

func (f *filler) clocks(ctx context.Context, tx *storage.Tx) error {
	owed, err := tx.Obligations(ctx, f.Case)
	if err != nil {
		return err
	}
	if _, err := tx.ReachMilestone(ctx, owed[0], privacy.Milestone{Kind: privacy.MilestoneReminder, At: tx.Now()}); err != nil {
		return err
	}
	if _, err := tx.OpenPause(ctx, f.Case, privacy.PauseClarification); err != nil {
		return err
	}
	if _, err := tx.AddExtension(ctx, f.Case, "complexity"); err != nil {
		return err
	}
	return tx.SetDeadlines(ctx, "extension", storage.NewDate{
		Obligation: owed[0], Deadline: Deadline(privacy.Respond, tx.Now().AddDate(0, 0, 90)), State: owed[0].State,
	})
}

func (f *filler) proofs(ctx context.Context, tx *storage.Tx) error {
	if _, err := tx.NewCode(ctx, f.Case, storage.CodeForIdentity, hash(), 5, 10*time.Minute); err != nil {
		return err
	}
	if err := tx.AddStatusLink(ctx, f.Case, hash(), tx.Now().AddDate(0, 1, 0)); err != nil {
		return err
	}
	if _, err := tx.UseAssertion(ctx, hash(), tx.Now().Add(time.Minute)); err != nil {
		return err
	}
	id := uuid.Must(uuid.NewV7())
	wrapped, err := tx.Tenant().Keys.NewStreamKey(storage.DocumentKeyID(id))
	if err != nil {
		return err
	}
	err = tx.AddDocument(ctx, storage.NewDocument{
		ID: id, CaseID: f.Case, ObjectKey: "documents/" + id.String(), WrappedKey: wrapped, SHA256: hash(), Bytes: 3, MediaType: "image/png", Kind: storage.DocumentIdentity,
	})
	if err != nil {
		return err
	}
	return f.send(ctx, tx)
}

// send has the person send a document.
func (f *filler) send(ctx context.Context, tx *storage.Tx) error {
	id := uuid.Must(uuid.NewV7())
	wrapped, err := tx.Tenant().Keys.NewStreamKey(storage.DocumentKeyID(id))
	if err != nil {
		return err
	}
	return tx.AddSentDocument(ctx, f.subject, storage.NewDocument{
		ID: id, CaseID: f.Case, ObjectKey: "documents/" + id.String(), WrappedKey: wrapped, SHA256: hash(), Bytes: 3, MediaType: "application/pdf",
	}, f.canary())
}

func (f *filler) work(ctx context.Context, tx *storage.Tx) (err error) {
	f.System, err = tx.AddSystem(ctx, storage.System{
		Key: "shop", Name: "Shop", Kind: "postgres", Target: "postgres://" + f.canary() + ":" + f.canary() + "@db.internal/shop",
	})
	if err != nil {
		return err
	}
	if err := tx.SaveDataset(ctx, f.System, "shop", "dataset: []"); err != nil {
		return err
	}
	if _, err := tx.AddTask(ctx, storage.NewTask{CaseID: f.Case, Key: "t", Kind: storage.TaskReview, Role: "agent", SystemID: &f.System}); err != nil {
		return err
	}
	if err := f.attach(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.AddNote(ctx, f.row, f.subject, storage.NotePlain, f.canary()); err != nil {
		return err
	}
	if err := tx.AddRepresentative(ctx, f.Case, f.subject, storage.Representative{Name: f.canary(), Email: f.canary(), Standing: f.canary()}); err != nil {
		return err
	}
	if _, err := tx.AddEntry(ctx, f.row, f.subject, storage.FromPerson, storage.EntryMessage, f.canary()); err != nil {
		return err
	}
	_, err = tx.AddRedaction(ctx, f.row, f.subject, storage.Redaction{
		System: "shop", Dataset: "shop", Collection: "orders", Field: "note", KeyField: "id", KeyValue: f.canary(),
		Ground: "anothers_rights", Citation: "Art. 15(4) GDPR", Note: f.canary(),
	})
	if err != nil {
		return err
	}
	return f.collect(ctx, tx)
}

// attach puts a file beside a task to check the identity.
func (f *filler) attach(ctx context.Context, tx *storage.Tx) error {
	if _, err := tx.AddTask(ctx, storage.NewTask{CaseID: f.Case, Key: "check", Kind: storage.TaskIdentityCheck, Role: "agent"}); err != nil {
		return err
	}
	tasks, err := tx.CaseTasks(ctx, f.Case)
	if err != nil {
		return err
	}
	task := tasks[slices.IndexFunc(tasks, func(t storage.CaseTask) bool { return t.Kind == storage.TaskIdentityCheck })]
	id := uuid.Must(uuid.NewV7())
	wrapped, err := tx.Tenant().Keys.NewStreamKey(storage.DocumentKeyID(id))
	if err != nil {
		return err
	}
	return tx.AddAttachment(ctx, task.ID, storage.NewDocument{
		ID: id, CaseID: f.Case, ObjectKey: "attachments/" + id.String(), WrappedKey: wrapped, SHA256: hash(), Bytes: 3, MediaType: "image/png",
	})
}

func (f *filler) collect(ctx context.Context, tx *storage.Tx) error {
	system, err := tx.System(ctx, f.System)
	if err != nil {
		return err
	}
	if err := tx.StartRound(ctx, f.row, 1, []storage.System{system}); err != nil {
		return err
	}
	run, err := tx.RunOn(ctx, f.Case, 1, f.System)
	if err != nil {
		return err
	}
	if err := tx.StartRun(ctx, run); err != nil {
		return err
	}
	part := storage.NewPart{Dataset: "shop", Collection: "orders", Seq: 1, ObjectKey: "parts/" + run.ID.String(), Rows: 2, Bytes: 9, SHA256: hash(), Cursor: f.canary()}
	if err := tx.AddPart(ctx, run, f.subject, part); err != nil {
		return err
	}
	return tx.MarkCollected(ctx, run, "shop", "orders", 2)
}

func (f *filler) answer(ctx context.Context, tx *storage.Tx) (err error) {
	f.Package, err = tx.PackageFor(ctx, f.row, 1, func(id uuid.UUID) string { return "packages/" + id.String() })
	if err != nil {
		return err
	}
	err = tx.PackageBuilt(ctx, f.Package, storage.Built{
		SHA256: hash(), Bytes: 9, Files: 1, Rows: 2, ManifestSHA256: hash(), Expires: tx.Now().AddDate(0, 0, 14),
	})
	if err != nil {
		return err
	}
	token := hash()
	if err := tx.NewLink(ctx, f.Package, token, tx.Now().AddDate(0, 0, 14)); err != nil {
		return err
	}
	link, err := tx.Link(ctx, token)
	if err != nil {
		return err
	}
	if _, err = tx.UseLink(ctx, link); err != nil {
		return err
	}
	return f.transmit(ctx, tx, f.Package)
}

// transmit has a package sent to somebody else, and fetched by another.
func (f *filler) transmit(ctx context.Context, tx *storage.Tx, p storage.Package) error {
	_, err := tx.AddTransmission(ctx, p, f.subject, storage.Receiver{Name: f.canary(), Address: "https://receiver.example/" + f.canary()})
	if err != nil {
		return err
	}
	link, err := tx.AddTransmissionLink(ctx, p, f.subject, storage.NewTransmissionLink{Receiver: f.canary(), TokenHash: hash(), Expires: tx.Now().Add(time.Hour)})
	if err != nil {
		return err
	}
	_, err = tx.BeginFetch(ctx, link)
	return err
}

func (f *filler) late(ctx context.Context, tx *storage.Tx) error {
	return tx.Audit(ctx, audit.Event{Action: audit.RequestViewed, CaseID: f.Case.String(), Object: audit.Object{Kind: "case", ID: f.Case.String()}})
}
