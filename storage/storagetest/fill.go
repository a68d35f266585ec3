package storagetest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/sumdb/tlog"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/amendment"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// Filled is a tenant with at least one row in every table.
type Filled struct {
	Tenant, Case, Subject, Staff, System uuid.UUID
	// Account is that of the member of staff.
	Account uuid.UUID
	Package storage.Package
	Person  storage.Person
	// Canaries are all texts about a person, a member of staff or the way into a system, as they were handed in.
	Canaries []string
}

// Fill gives a tenant rows in every table of the register.
func Fill(t testing.TB, db *storage.DB, tenant uuid.UUID) Filled {
	t.Helper()
	f := &filler{Filled: Filled{Tenant: tenant}, t: t}
	f.Person = storage.Person{
		Name: "Nia " + f.canary(), Email: f.canary() + "@person.example", Phone: "+49" + digits(), CustomerID: f.canary(),
	}
	f.Canaries = append(f.Canaries, f.Person.Email, strings.TrimPrefix(f.Person.Phone, "+"))
	for _, step := range []func(context.Context, *storage.Tx) error{
		f.people, f.account, f.file, f.clocks, f.proofs, f.work, f.answer, f.relay, f.reach, f.erase, f.partners,
	} {
		Change(t, db, tenant, step)
	}
	require.NoError(t, db.Change(t.Context(), tenant, audit.Actor{Kind: audit.Person, ID: f.Staff.String(), Role: "agent"}, f.refused))
	require.NoError(t, db.Change(t.Context(), tenant, audit.Actor{Kind: audit.Person, ID: f.Staff.String(), Role: "dpo"}, f.carryOut))
	require.NoError(t, db.InLog(t.Context(), tenant, f.log))
	Change(t, db, tenant, f.late)
	return f.Filled
}

type filler struct {
	Filled
	t       testing.TB
	row     storage.Case
	subject storage.Subject
}

// canary is a text that stands nowhere else.
func (f *filler) canary() string {
	mark := "canary" + strings.ToLower(rand.Text()[:14])
	f.Canaries = append(f.Canaries, mark)
	return mark
}

func digits() string {
	raw := make([]byte, 10)
	_, _ = rand.Read(raw)
	for i := range raw {
		raw[i] = '1' + raw[i]%9
	}
	return string(raw)
}

func hash() []byte {
	sum := sha256.Sum256([]byte(rand.Text()))
	return sum[:]
}

func (f *filler) people(ctx context.Context, tx *storage.Tx) (err error) {
	f.Staff, err = tx.AddStaff(ctx, storage.Staff{Role: "agent", Name: f.canary(), Email: f.canary() + "@staff.example"})
	if err != nil {
		return err
	}
	if _, err := tx.AddAPIKey(ctx, storage.NewAPIKey{Name: "key", Role: "agent", StaffID: &f.Staff, SecretHash: hash()}); err != nil {
		return err
	}
	f.subject, err = tx.NewSubject(ctx, f.Person)
	f.Subject = f.subject.ID
	return err
}

// account has the member of staff sign in, with every way in that there is.
func (f *filler) account(ctx context.Context, tx *storage.Tx) error {
	if err := tx.NewInvitation(ctx, f.Staff, hash(), tx.Now().AddDate(0, 0, 7)); err != nil {
		return err
	}
	err := tx.SaveSingleSignOn(ctx, storage.SingleSignOn{
		Issuer: "https://idp.example", ClientID: "docket", Secret: f.canary(), Label: "Work", RoleClaim: "roles", Roles: map[string]string{"a": "agent"},
	})
	if err != nil {
		return err
	}
	f.Account = uuid.Must(uuid.NewV7())
	a, err := tx.OfAccount(ctx, f.Account)
	if err != nil {
		return err
	}
	account := storage.NewAccount{Email: f.canary() + "@staff.example", Name: f.canary(), PasswordHash: "no hash that anything matches"}
	for _, step := range []func() error{
		func() error { return a.Create(ctx, account) },
		func() error { return tx.Join(ctx, f.Staff, f.Account) },
		func() error { return a.OfferTOTP(ctx, f.canary()) },
		func() error { return a.ConfirmTOTP(ctx, 1) },
		func() error { return a.SetRecoveryCodes(ctx, []string{f.canary()}) },
		func() error { return a.Link(ctx, "https://idp.example", f.canary()) },
		func() error { return a.NewReset(ctx, hash(), tx.Now().AddDate(0, 0, 1)) },
		func() error {
			_, err := a.AddPasskey(ctx, storage.Passkey{CredentialID: hash(), Credential: []byte("{}"), Name: f.canary()})
			return err
		},
		func() error {
			_, err := a.NewSession(ctx, storage.NewSession{
				TokenHash: hash(), Method: "password", Stage: storage.StageDone, Tenant: &f.Tenant, Device: f.canary(), Expires: tx.Now().Add(storage.SessionLife),
			})
			return err
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) file(ctx context.Context, tx *storage.Tx) error {
	n := caseOf(tx, f.subject)
	n.IdentityMethod, n.Details = "assertion", f.canary()
	f.Case = n.ID
	if err := tx.InsertCase(ctx, n); err != nil {
		return err
	}
	again := caseOf(tx, f.subject)
	again.DuplicateOf = &n.ID
	if err := tx.InsertCase(ctx, again); err != nil {
		return err
	}
	if err := tx.AddObligations(ctx, f.Case, privacy.Ladder{}, Deadline(privacy.Respond, tx.Now().AddDate(0, 0, 30))); err != nil {
		return err
	}
	if err := tx.AssignCase(ctx, f.Case, &f.Staff); err != nil {
		return err
	}
	row, err := tx.Case(ctx, f.Case)
	if err != nil {
		return err
	}
	f.row, _, err = tx.MoveCase(ctx, row, storage.Move{Event: privacy.EventIdentityProven, Key: "proven"})
	return err
}

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

// limit sets a limit on the person, weighs it and has it marked in a system.
func (f *filler) limit(ctx context.Context, tx *storage.Tx) error {
	if err := tx.SetLimits(ctx, f.Case, f.Person, storage.NewLimit{Kind: privacy.LimitInterests, Citation: "Art. 21(1) GDPR", Provisional: true}); err != nil {
		return err
	}
	words := storage.BalanceTest{Outcome: storage.PersonPrevails, Interest: f.canary(), Necessity: f.canary(), Impact: f.canary(), Safeguards: f.canary()}
	if err := tx.AddBalanceTest(ctx, f.Case, f.subject, words); err != nil {
		return err
	}
	system, err := tx.System(ctx, f.System)
	if err != nil {
		return err
	}
	value := f.canary()
	order := amendment.Order{Address: dataset.Address{Dataset: "shop", Collection: "customers"}, Field: "no_marketing", Value: &value}
	if err := tx.AddAmendment(ctx, f.Case, f.subject, system, 1, storage.AmendLimit, []amendment.Order{order}); err != nil {
		return err
	}
	return f.correct(ctx, tx, system)
}

// correct has a value of the person corrected, and a statement kept beside another.
func (f *filler) correct(ctx context.Context, tx *storage.Tx, system storage.System) error {
	run, err := tx.LatestRunOn(ctx, f.Case, f.System)
	if err != nil {
		return err
	}
	was, becomes, at := f.canary(), f.canary(), dataset.Address{Dataset: "shop", Collection: "customers"}
	holding := correction.Holding{System: system.Key, Fields: []correction.Field{{Address: at, Name: "name", Present: []correction.Present{{Value: &was, Rows: 1}}}}}
	if err := tx.SaveHolding(ctx, run, f.subject, holding, map[string]string{"root": f.canary()}); err != nil {
		return err
	}
	proposal := correction.Proposal{System: system.Key, Address: at, Field: "name", Was: &was, Becomes: &becomes}
	if _, err := tx.AddCorrection(ctx, f.Case, f.subject, system, 1, proposal, f.canary(), true); err != nil {
		return err
	}
	if _, err := tx.AddAppeal(ctx, f.Case, f.subject, storage.Appeal{Kind: privacy.Appealed, Channel: "form", Text: f.canary(), ReceivedAt: tx.Now()}); err != nil {
		return err
	}
	if err := tx.AddStatement(ctx, f.Case, f.subject, f.canary()); err != nil {
		return err
	}
	return f.contest(ctx, tx)
}

// contest has a decision about the person looked at.
func (f *filler) contest(ctx context.Context, tx *storage.Tx) error {
	words := privacy.Contest{Decision: f.canary(), Taken: f.canary(), Effect: f.canary(), View: f.canary()}
	if err := tx.AddContest(ctx, f.Case, f.subject, words); err != nil {
		return err
	}
	review := storage.HumanReview{Outcome: privacy.ReviewChanged, Considered: f.canary(), Data: f.canary(), Reasons: f.canary()}
	_, err := tx.AddHumanReview(ctx, f.Case, f.subject, review)
	return err
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

func (f *filler) relay(ctx context.Context, tx *storage.Tx) error {
	if err := tx.SignalWorkflow(ctx, f.Case, "request/"+f.Case.String(), "facts"); err != nil {
		return err
	}
	principal, key := "key/"+rand.Text(), hash()
	if _, err := tx.Once(ctx, principal, key, hash()); err != nil {
		return err
	}
	letters := []storage.NewMessage{
		{CaseID: f.Case, Subject: &f.subject, Key: rand.Text(), Kind: "acknowledgement", Channel: "email", Language: "en", Content: []byte(f.canary())},
		{CaseID: f.Case, Key: rand.Text(), Kind: "due_soon", Channel: "email", Language: "en", Content: []byte(f.canary())},
	}
	for _, letter := range letters {
		if err := tx.QueueMessage(ctx, letter, uuid.Must(uuid.NewV7())); err != nil {
			return err
		}
	}
	return f.hook(ctx, tx)
}

// reach says how the member of staff is reached.
func (f *filler) reach(ctx context.Context, tx *storage.Tx) error {
	member, err := tx.Member(ctx, f.Staff)
	if err != nil {
		return err
	}
	member.Slack = "U" + strings.ToUpper(rand.Text()[:9])
	if err := tx.SetReach(ctx, member); err != nil {
		return err
	}
	if _, err = tx.AddFeed(ctx, f.Staff, hash(), storage.FeedAll); err != nil {
		return err
	}
	return tx.BeginRotation(ctx)
}

// hook has a program hear of events.
func (f *filler) hook(ctx context.Context, tx *storage.Tx) error {
	id, err := tx.AddWebhook(ctx, storage.Webhook{Name: "hook", URL: "https://hooks.example", Actions: []string{"*"}, Secret: f.canary()})
	if err != nil {
		return err
	}
	if err := tx.ReplaceWebhookSecret(ctx, id, f.canary(), tx.Now().AddDate(1, 0, 0)); err != nil {
		return err
	}
	if err := tx.BeginTrial(ctx, f.subject); err != nil {
		return err
	}
	return tx.Deliver(ctx, storage.News{Webhook: id, Event: uuid.Must(uuid.NewV7()), Action: "webhook.test", Body: []byte("{}")})
}

// log gives the events so far a place in a log, whose hashes prove nothing: the real ones are package audit's.
func (f *filler) log(log *storage.LogTx) error {
	ctx, id := f.t.Context(), f.Tenant.String()
	if _, err := log.LockHead(ctx, id); err != nil {
		return err
	}
	pending, err := log.Pending(ctx, id, 1000)
	if err != nil {
		return err
	}
	ids := make([]uuid.UUID, len(pending))
	for i, event := range pending {
		ids[i] = event.ID
	}
	if err := log.SetLeafIndexes(ctx, id, 0, ids); err != nil {
		return err
	}
	if err := log.WriteHashes(ctx, id, 0, []tlog.Hash{{1}, {2}}); err != nil {
		return err
	}
	head := audit.Head{Size: int64(len(ids)), Root: tlog.Hash{3}}
	if err := log.SetHead(ctx, id, head); err != nil {
		return err
	}
	return log.SaveCheckpoint(ctx, id, head, []byte("note"))
}

// late makes one event that waits for its place.
// partners has two companies file requests: one that may still, and what it filed is told to two addresses.
func (f *filler) partners(ctx context.Context, tx *storage.Tx) error {
	_, err := tx.ReplaceProcessorKey(ctx, storage.ProcessorKey{Domain: "docket.example", Certificate: "PEM", Private: []byte(f.canary()), ExpiresAt: tx.Now().AddDate(2, 0, 0)})
	if err != nil {
		return err
	}
	id, err := tx.AddRequester(ctx, storage.NewRequester{
		Protocol: storage.ProtocolOpenDSR, Handle: "shop", Name: "Shop", Domain: "shop.example", SecretHash: hash(), Vouches: []string{storage.VouchEmail}, Results: true,
	})
	if err != nil {
		return err
	}
	said := storage.FiledWords{Callbacks: []string{"https://shop.example/" + f.canary()}, Name: f.canary()}
	row, _, err := tx.ClaimFiledRequest(ctx, storage.NewFiledRequest{
		Requester: id, RequestID: uuid.New(), Case: f.Case, Version: "requests", Unique: f.canary(), Content: f.canary(), Said: said,
	})
	if err != nil {
		return err
	}
	return tx.KeepFiledWords(ctx, row, f.subject, said)
}

func (f *filler) late(ctx context.Context, tx *storage.Tx) error {
	return tx.Audit(ctx, audit.Event{Action: audit.RequestViewed, CaseID: f.Case.String(), Object: audit.Object{Kind: "case", ID: f.Case.String()}})
}

// refused makes one event of a member of staff who was not allowed to do something that belongs to no case.
func (f *filler) refused(ctx context.Context, tx *storage.Tx) error {
	return tx.Audit(ctx, audit.Event{Action: audit.CommandRefused, Object: audit.Object{Kind: "webhook", ID: "hook"}, Outcome: audit.Refused, Reason: "role"})
}
