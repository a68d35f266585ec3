package storagetest

import (
	"context"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// erase gives the case a plan that was carried out and left something to its time, and puts the person under a hold.
func (f *filler) erase(ctx context.Context, tx *storage.Tx) error {
	at := dataset.Address{Dataset: "shop", Collection: "orders"}
	run, err := tx.RunOn(ctx, f.Case, 1, f.System)
	if err != nil {
		return err
	}
	part := erasure.SystemPlan{Key: run.SystemKey, Name: f.canary(), Lines: []erasure.Line{{Order: erasure.Order{Address: at, Delete: true}, Rows: erasure.Rows{Own: 2, Erased: 2}}}}
	if err := tx.SaveSurvey(ctx, run, f.subject, part, storage.Identities{"email": {f.canary()}}); err != nil {
		return err
	}
	if _, err := tx.DecideOnPlan(ctx, f.row, f.subject, storage.ErasureDecision{Address: at, Kind: storage.DecisionKeep, Citation: "AO 147", Reason: f.canary()}); err != nil {
		return err
	}
	if err := tx.AddErasurePlan(ctx, f.row, f.subject, 1, erasure.Plan{Made: tx.Now(), Systems: []erasure.SystemPlan{part}}); err != nil {
		return err
	}
	if _, err := tx.PlaceHold(ctx, storage.NewHold{Matter: f.canary(), Citation: "Art. 17(3)(e)", Reason: f.canary(), ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{f.Person}}); err != nil {
		return err
	}
	if err := tx.Suppress(ctx, f.Person, storage.SuppressAll, storage.SuppressedErased, &f.Case); err != nil {
		return err
	}
	if err := f.comeBack(ctx, tx); err != nil {
		return err
	}
	if err := tx.Entomb(ctx, f.System, f.Person, f.Case); err != nil {
		return err
	}
	system, err := tx.System(ctx, f.System)
	if err != nil {
		return err
	}
	if _, err := tx.Reapply(ctx, system, tx.Now()); err != nil {
		return err
	}
	plan, err := tx.ErasurePlan(ctx, f.subject, f.Case)
	if err != nil {
		return err
	}
	deferral, err := tx.Defer(ctx, plan, tx.Now().AddDate(8, 0, 0), map[string]string{"found by": f.canary()}, []erasure.Left{{System: "shop", Ground: erasure.KeptByDuty, Rows: 1}})
	if err != nil {
		return err
	}
	err = tx.AskByHand(ctx, deferral, storage.AskedByHand{System: "shop", Problem: "the system was switched off", Through: privacy.NewDate(2026, 1, 1)})
	if err != nil {
		return err
	}
	return tx.ProposePlan(ctx, plan)
}

// carryOut lets the plan be carried out: by somebody else than who proposed it.
func (f *filler) carryOut(ctx context.Context, tx *storage.Tx) error {
	plan, err := tx.ErasurePlan(ctx, f.subject, f.Case)
	if err != nil {
		return err
	}
	if err := tx.ApprovePlan(ctx, plan, tx.Now()); err != nil {
		return err
	}
	if err := tx.BeginPlan(ctx, plan, []uuid.UUID{f.System}); err != nil {
		return err
	}
	run, err := tx.ErasureRunOn(ctx, plan.ID, f.System)
	if err != nil {
		return err
	}
	if err := tx.SaveWarrant(ctx, run, f.subject, map[string]string{"found by": f.canary()}); err != nil {
		return err
	}
	at := dataset.Address{Dataset: "shop", Collection: "orders"}
	if err := tx.IntendErasure(ctx, run, at, plan.SHA256); err != nil {
		return err
	}
	if _, err := tx.CountErased(ctx, run, at, storage.ErasureTally{Deleted: 2}); err != nil {
		return err
	}
	notice, err := tx.OweRecipient(ctx, f.Case, &plan.ID, storage.NewRecipientNotice{Recipient: "Parcels Ltd", Role: "processor", System: run.SystemKey, Categories: []string{"user.contact"}})
	if err != nil {
		return err
	}
	if err := f.inquire(ctx, tx, notice); err != nil {
		return err
	}
	if err := f.limit(ctx, tx); err != nil {
		return err
	}
	return tx.DraftCertificate(ctx, plan, audit.Certificate{Tenant: audit.CertifiedTenant{ID: f.Tenant.String()}})
}

// inquire has somebody else asked, and takes the answer in with a file.
func (f *filler) inquire(ctx context.Context, tx *storage.Tx, notice uuid.UUID) error {
	value := f.canary()
	_, _, err := tx.AddInquiry(ctx, f.Case, f.subject, storage.NewInquiry{
		Notice: &notice, Purpose: privacy.InquireErase, Turn: "recipient/1", Channel: storage.InquiryByOpenDSR, Addressee: "Parcels Ltd", Address: "privacy@parcels.example",
		Language: "en", Identities: []string{"email"}, TokenHash: func(uuid.UUID) ([]byte, error) { return hash(), nil },
		Body: storage.InquiryBody{Changes: []storage.InquiryChange{{Field: "name", Becomes: &value}}}, Due: tx.Now().AddDate(0, 0, 14),
	})
	if err != nil {
		return err
	}
	all, err := tx.Inquiries(ctx, f.Case, f.subject)
	if err != nil {
		return err
	}
	id := uuid.Must(uuid.NewV7())
	wrapped, err := tx.Tenant().Keys.NewStreamKey(storage.DocumentKeyID(id))
	if err != nil {
		return err
	}
	file := storage.NewDocument{ID: id, CaseID: f.Case, WrappedKey: wrapped, MediaType: "application/pdf", ObjectKey: "parts/" + id.String(), Bytes: 5, SHA256: hash()}
	if err := tx.AddInquiryFile(ctx, all[0], f.subject, file, f.canary()); err != nil {
		return err
	}
	task := storage.NewTask{CaseID: f.Case, Key: "inquiry/" + all[0].ID.String() + "/answer", Kind: storage.TaskInquiry, Role: "dpo", Inquiry: &all[0].ID}
	if _, err := tx.AddTask(ctx, task); err != nil {
		return err
	}
	return tx.AnswerInquiry(ctx, all[0], f.subject, privacy.InquiryPartly, f.canary())
}

// comeBack suppresses somebody by a number of theirs, who then comes back.
func (f *filler) comeBack(ctx context.Context, tx *storage.Tx) error {
	back := storage.Person{Phone: "+49 30 901820"}
	if err := tx.Suppress(ctx, back, storage.SuppressAll, storage.SuppressedErased, &f.Case); err != nil {
		return err
	}
	_, err := tx.EndSuppression(ctx, back, storage.EndedByContract)
	return err
}
