package workflows_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// pdf is a file that is taken for what it says.
func pdf(text string) io.Reader { return strings.NewReader("%PDF-1.7\n" + text) }

// about is the person's own word in the log.
func (p *play) subject() audit.Actor {
	return audit.Actor{Kind: audit.Subject, ID: p.Ref.Case.String()}
}

// talks has staff note something, write to the person and hear from them, and a file put beside the task to read that.
func (p *play) talks() {
	p.t.Helper()
	ctx := p.t.Context()
	p.Saying("Called, says " + of("notitie"))
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := p.Desk.WriteToPerson(ctx, tx, p.Ref, "write", "Which account, "+of("vraag")+"?")
		return err
	})
	_, err := p.Desk.Reply(ctx, p.Ref, "reply", "The one of "+of("antwoord"))
	require.NoError(p.t, err)
	var task uuid.UUID
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		tasks, err := tx.CaseTasks(ctx, p.Ref.Case)
		for _, t := range tasks {
			if t.State == "open" {
				task = t.ID
			}
		}
		return err
	})
	_, err = p.Desk.Attach(ctx, p.Tenant, person(ana), task, pdf(of("bijlage")))
	require.NoError(p.t, err)
}

// scans has the person show a document.
func (p *play) scans() {
	p.t.Helper()
	_, err := p.Desk.ReceiveDocument(p.t.Context(), p.Ref, p.subject(), pdf("passport of "+of("scan")))
	require.NoError(p.t, err)
}

// sendsPayslip has the person send a document that shows what they say.
func (p *play) sendsPayslip() {
	p.t.Helper()
	_, err := p.Desk.TakeDocument(p.t.Context(), p.Ref, "document", of("bestand")+".pdf", pdf("payslip of "+of("loonstrook")))
	require.NoError(p.t, err)
}

// passesOn has what the person takes along sent to one company, and fetched by another, which has a link to it still when all is forgotten.
func (p *play) passesOn() {
	p.t.Helper()
	require.NoError(p.t, p.Desk.DB().Change(p.t.Context(), p.Tenant, p.subject(), func(ctx context.Context, tx *storage.Tx) error {
		to := storage.Receiver{Name: of("winkel"), Address: "https://receiver.example/" + of("winkel")}
		_, err := p.Desk.Transmit(ctx, tx, p.Ref, "send", casework.NewTransmission{Receiver: to})
		return err
	}))
	made, err := p.linksFor("link", of("fiets"))
	require.NoError(p.t, err)
	p.fetches(made)
}

// filed has a company be the one that filed the request, which is called back at an address that names the person.
func (p *play) filed() {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, subject, err := p.whose(ctx, tx)
		if err != nil {
			return err
		}
		hash := sha256.Sum256([]byte("secret"))
		company, err := tx.AddRequester(ctx, storage.NewRequester{Protocol: storage.ProtocolOpenDSR, Handle: "partner", Name: "Partner AG", Domain: "partner.example", SecretHash: hash[:]})
		if err != nil {
			return err
		}
		said := storage.FiledWords{Callbacks: []string{"https://partner.example/?" + of("terug")}}
		p.filing, _, err = tx.ClaimFiledRequest(ctx, storage.NewFiledRequest{Requester: company, RequestID: uuid.New(), Case: p.Ref.Case, Version: "3.0", Unique: "u", Content: "c", Said: said})
		if err != nil {
			return err
		}
		if err := tx.KeepFiledWords(ctx, p.filing, subject, said); err != nil {
			return err
		}
		p.filing, err = tx.FiledRequest(ctx, p.filing.ID)
		return err
	})
}

// redacts leaves an order out of the answer.
func (p *play) redacts() {
	p.t.Helper()
	p.is(privacy.RequestReviewing)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		row, subject, err := p.whose(ctx, tx)
		if err != nil {
			return err
		}
		_, err = tx.AddRedaction(ctx, row, subject, storage.Redaction{
			System: casetest.ShopKey, Dataset: casetest.ShopKey, Collection: "orders", KeyField: "id", KeyValue: "2", Ground: "anothers_rights", Citation: "Art. 15(4) GDPR", Note: of("weg"),
		})
		return err
	})
}

// keeps decides that a collection stays as it is.
func (p *play) keeps() {
	p.t.Helper()
	p.is(privacy.RequestReviewing)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.DecideOnPlan(ctx, tx, p.Ref, "keep", storage.ErasureDecision{
			Address: dataset.Address{Dataset: casetest.ShopKey, Collection: "customers"}, Kind: storage.DecisionKeep, Citation: "Art. 17(3)(e) GDPR", Reason: "A claim of " + of("reden"),
		})
	})
	p.accepted(casetest.Command(contract.Recollect))
}

// renames has the name corrected.
func (p *play) renames() {
	p.t.Helper()
	p.is(privacy.RequestReviewing)
	name := p.Person.Name
	id, err := uuid.Nil, error(nil)
	require.NoError(p.t, p.Desk.DB().Change(p.t.Context(), p.Tenant, person(ana), func(ctx context.Context, tx *storage.Tx) error {
		id, err = p.Desk.ProposeCorrection(ctx, tx, p.Ref, "new", casework.NewCorrection{Proposal: inShop("name", &name, said(of("nieuw"))), Why: of("paspoort")})
		return err
	}))
	require.NoError(p.t, p.decidesOn(id, storage.CorrectionAccepted, ""))
}

// refuses has the request refused.
func (p *play) refuses(reason privacy.RefusalReason) {
	p.t.Helper()
	p.accepted(casetest.Command(contract.Refuse, by(ana, "dpo"), casetest.Because(string(reason)), p.Saying("As "+of("notitie")+" was told.")))
}

// weighs puts on record why the controller's interest outweighs the person's.
func (p *play) weighs() {
	p.t.Helper()
	p.is(privacy.RequestReviewing)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.RecordBalance(ctx, tx, p.Ref, "weigh", storage.BalanceTest{
			Outcome: storage.GroundsOverride, Interest: "Fraud, says " + of("belang"), Necessity: "Nothing less shows it.", Impact: "Fewer offers.", Safeguards: "A person looks.",
		})
	})
}

func (p *play) whose(ctx context.Context, tx *storage.Tx) (row storage.Case, subject storage.Subject, err error) {
	if row, err = tx.Case(ctx, p.Ref.Case); err != nil {
		return row, subject, err
	}
	subject, err = tx.Subject(ctx, row.SubjectID)
	return row, subject, err
}

// opened is everything of the person that can be opened with the keys of the case now.
func (p *play) opened() string {
	p.t.Helper()
	var out strings.Builder
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		for _, content := range p.contents(ctx, tx) {
			text, err := json.Marshal(content)
			require.NoError(p.t, err)
			out.Write(text)
		}
		return nil
	})
	p.files(&out)
	for _, pkg := range p.Packages() {
		if pkg.State == storage.PackageReady {
			for _, text := range unzipped(p.t, p.Fetch()) {
				out.WriteString(text)
			}
		}
	}
	for _, letter := range p.Letters(notify.KindAcknowledgement) {
		out.WriteString(letter.Text)
	}
	return out.String()
}

// contents are the texts in the register.
func (p *play) contents(ctx context.Context, tx *storage.Tx) (all []any) {
	p.t.Helper()
	row, subject, err := p.whose(ctx, tx)
	require.NoError(p.t, err)
	keep := func(content any, err error) {
		require.NoError(p.t, err)
		all = append(all, content)
	}
	keep(tx.Person(ctx, subject))
	keep(tx.Details(row, subject))
	keep(tx.Notes(ctx, row, subject))
	keep(tx.Conversation(ctx, row, subject))
	keep(tx.Redactions(ctx, row, subject))
	keep(tx.ErasureDecisions(ctx, subject, row.ID))
	keep(tx.Corrections(ctx, row.ID, subject))
	keep(tx.Statements(ctx, row.ID, subject))
	keep(tx.Appeals(ctx, row.ID, subject))
	keep(tx.BalanceTests(ctx, row.ID, subject))
	keep(tx.Transmissions(ctx, row.ID, subject))
	keep(tx.TransmissionLinks(ctx, row.ID, subject))
	if p.filing.ID != uuid.Nil {
		keep(tx.FiledWords(p.filing, subject))
	}
	if agent, err := tx.Representative(ctx, row.ID, subject); err == nil {
		all = append(all, agent)
	}
	return all
}

// files are the documents and attachments in the bucket that can be opened still.
func (p *play) files(out io.Writer) {
	p.t.Helper()
	ctx := p.t.Context()
	var documents []storage.Document
	var sent []storage.SentDocument
	var attached []storage.Attachment
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		if documents, err = tx.Documents(ctx, p.Ref.Case); err != nil {
			return err
		}
		if sent, err = tx.SentDocuments(ctx, p.Ref.Case); err != nil {
			return err
		}
		tasks, err := tx.CaseTasks(ctx, p.Ref.Case)
		for _, task := range tasks {
			of, err := tx.Attachments(ctx, task.ID)
			if err != nil {
				return err
			}
			attached = append(attached, of...)
		}
		return err
	})
	read := func(body io.ReadCloser, _ string, err error) {
		require.NoError(p.t, err)
		_, err = io.Copy(out, body)
		require.NoError(p.t, err)
		require.NoError(p.t, body.Close())
	}
	for _, d := range documents {
		if d.DestroyedAt == nil {
			body, err := p.Desk.ViewDocument(ctx, p.Ref, person(ana), d.ID)
			read(body, body.Name, err)
		}
	}
	for _, d := range sent {
		body, err := p.Desk.ViewDocument(ctx, p.Ref, person(ana), d.ID)
		read(body, body.Name, err)
		_, err = io.WriteString(out, body.Name)
		require.NoError(p.t, err)
	}
	for _, a := range attached {
		if a.DestroyedAt == nil {
			read(p.Desk.ViewAttachment(ctx, p.Tenant, person(ana), a.TaskID, a.ID))
		}
	}
}

// ours are columns of sealed things that are about nobody's request: the tenant's own records, accounts of staff, systems and those who file for others.
var ours = map[string]bool{
	"tenants": true, "staff": true, "accounts": true, "passkeys": true, "sessions": true, "single_sign_on": true, "systems": true, "webhooks": true,
	"legal_holds": true, "reapplications": true, "processor_keys": true, "requesters": true, "installation_keys": true, "oidc_links": true, "key_rotations": true,
	"consent_people": true, "consent_events": true, "consent_imports": true, "consent_link_keys": true, "consent_sign_ups": true, "consent_receivers": true, // the ledger is of addresses, and no request's
}

// sealed counts what is sealed or wrapped for the case and its person, in every table that there is; one that is in no known relation to cases has to be
// looked at by whoever makes it.
func (p *play) sealed(person uuid.UUID) map[string]int {
	p.t.Helper()
	ctx, owner, out := p.t.Context(), p.Register.Owner(p.t), map[string]int{}
	rows, err := owner.Query(ctx, `SELECT c.table_name, c.column_name, (SELECT string_agg(o.column_name, ' ') FROM information_schema.columns o
			WHERE o.table_schema = c.table_schema AND o.table_name = c.table_name AND o.column_name IN ('case_id', 'run_id', 'subject_id', 'plan_id'))
		FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
		WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = 'bytea' AND (c.column_name LIKE '%sealed%' OR c.column_name LIKE '%wrapped%')`)
	require.NoError(p.t, err)
	var table, column string
	var keys *string
	counts := map[string]string{}
	for rows.Next() {
		require.NoError(p.t, rows.Scan(&table, &column, &keys))
		if !ours[table] {
			counts[table+"."+column] = fmt.Sprintf(`SELECT count(*) FROM %s WHERE length(%s) > 0 AND %s`, table, column, p.belongs(table, keys))
		}
	}
	require.NoError(p.t, rows.Err())
	require.Greater(p.t, len(counts), 15, "the catalogue was not read")
	for name, sql := range counts {
		var n int
		require.NoError(p.t, owner.QueryRow(ctx, strings.NewReplacer("$case", "'"+p.Ref.Case.String()+"'", "$person", "'"+person.String()+"'").Replace(sql)).Scan(&n), name)
		if n > 0 {
			out[name] = n
		}
	}
	return out
}

// belongs is the condition under which a row is of the case.
func (p *play) belongs(table string, keys *string) string {
	p.t.Helper()
	switch {
	case table == "cases":
		return "id = $case"
	case table == "subjects":
		return "id = $person"
	case keys == nil:
	case strings.Contains(*keys, "case_id"):
		return "case_id = $case"
	case strings.Contains(*keys, "run_id"):
		return "run_id IN (SELECT id FROM collection_runs WHERE case_id = $case)"
	case strings.Contains(*keys, "subject_id"):
		return "subject_id = $person"
	case strings.Contains(*keys, "plan_id"):
		return "plan_id IN (SELECT id FROM erasure_plans WHERE case_id = $case)"
	}
	require.Fail(p.t, "say whose the sealed things of a table are", table)
	return ""
}
