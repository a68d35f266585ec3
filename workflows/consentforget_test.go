package workflows_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	plans "github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// consenting is an erasure of somebody who has agreed to news, and somebody else who has.
func consenting(t *testing.T, s stage) *play {
	t.Helper()
	p := newErasure(t, s)
	p.asksForNews()
	return p
}

// asksForNews has the tenant ask for consents, which the person and somebody else have given.
func (p *play) asksForNews() {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := p.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "news", Class: "commercial"})
		return err
	})
	p.DB.ForgetTenant(p.Tenant)
	p.consented(p.Person.Email, consent.Given)
	p.consented(p.Person.Email, consent.Confirmed)
	p.consented("other@example.org", consent.Confirmed)
}

func (p *play) consented(address string, kind consent.Kind) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := p.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
			Address: p.mailbox(address), Purpose: "news", Channel: privacy.ByEmail, Kind: kind, How: "form", Source: "shop", Evidence: storage.ConsentEvidence{Note: "canary-in-evidence"},
		}})
		return err
	})
}

func (*play) mailbox(address string) storage.ConsentAddress {
	return storage.ConsentAddress{Kind: storage.AddressEmail, Value: address, Country: "DE"}
}

// consentPerson is the row of somebody in the ledger.
func (p *play) consentPerson(address string) (id uuid.UUID) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		h, err := tx.ConsentHistory(ctx, p.mailbox(address))
		id = h.Person
		return err
	})
	return id
}

func (p *play) mayWrite(address string) (out consent.Decision) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		all, err := p.Desk.MayMessage(ctx, tx, casework.MessageQuestion{Purpose: "news", Channel: privacy.ByEmail, Country: "DE"}, []string{address})
		if err == nil {
			out = all[0].Decision
		}
		return err
	})
	return out
}

// ledgerPart is what the plan has for the ledger.
func (p *play) ledgerPart() plans.SystemPlan {
	p.t.Helper()
	plan := p.plan().Plan
	part, there := plan.System(plans.LedgerSystem)
	require.True(p.t, there)
	return part
}

// provable says that each line of somebody is what was written, and that it ends with a withdrawal.
func (p *play) provable(id uuid.UUID, lines int) {
	p.t.Helper()
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		self, err := tx.ConsentSelf(ctx, id)
		require.NoError(p.t, err)
		all, err := tx.LinesOfSelf(ctx, self)
		require.NoError(p.t, err)
		require.Len(p.t, all, lines)
		for _, l := range all {
			ok, err := tx.ProveConsent(ctx, id, l)
			require.NoError(p.t, err)
			require.True(p.t, ok, "a line is what was written, whoever it was of")
		}
		last := all[lines-1]
		require.Equal(p.t, []any{consent.Withdrawn, "system", "erasure"}, []any{last.Event.Kind, last.How, last.Source})
		return nil
	})
}

// forgotten says whether nothing leads to somebody any more.
func (p *play) forgotten(id uuid.UUID, address string) bool {
	p.t.Helper()
	gone := false
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		self, err := tx.ConsentSelf(ctx, id)
		require.NoError(p.t, err)
		_, err = tx.ConsentHistory(ctx, p.mailbox(address))
		if gone = self.Forgotten; gone {
			require.ErrorIs(p.t, err, storage.ErrNotFound)
		} else {
			require.NoError(p.t, err)
		}
		return nil
	})
	if gone {
		var left int
		require.NoError(p.t, p.Register.Owner(p.t).QueryRow(p.t.Context(),
			"SELECT count(*) FROM consent_people WHERE id = $1 AND (wrapped_key IS NOT NULL OR value_sealed IS NOT NULL OR blind_index IS NOT NULL)", id).Scan(&left))
		require.Zero(p.t, left)
	}
	return gone
}

// Art. 17(1) GDPR: whoever is erased can't be found in the ledger of consents any more; its lines stay as proof that names nobody, and nobody writes to them.
func TestAnErasureReachesTheLedgerOfConsents(t *testing.T) {
	t.Parallel()
	p := consenting(t, stage{})
	id, other := p.consentPerson(p.Person.Email), p.consentPerson("other@example.org")
	p.at(time.Hour, func() {
		part := p.ledgerPart()
		require.Equal(t, plans.Rows{Own: 1, Erased: 1}, part.Lines[0].Rows)
		require.False(t, p.forgotten(id, p.Person.Email), "nothing is changed by planning")
		require.True(t, p.mayWrite(p.Person.Email).Allowed)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.True(t, p.forgotten(id, p.Person.Email))
	p.provable(id, 3)
	no := p.mayWrite(p.Person.Email)
	require.Equal(t, []any{false, consent.Barred}, []any{no.Allowed, no.Reason})
	require.Equal(t, privacy.LimitSuppressed, no.Bar.Kind)
	require.False(t, p.forgotten(other, "other@example.org"))
	require.True(t, p.mayWrite("other@example.org").Allowed)
	require.Contains(t, unwrapped(p.Letters(notify.KindErased)[0].Text), "Record of consents to messages")
	n := newNotary(t, p)
	n.place()
	require.Equal(t, 1, n.certify())
	certified := n.certificate()
	ledger := certified.Systems[len(certified.Systems)-1]
	require.Equal(t, []any{plans.LedgerSystem, audit.CertifiedDone}, []any{ledger.Key, ledger.How})
	require.EqualValues(t, 1, ledger.Collections[0].Masked)
}

// A tenant without any system has the ledger all the same: its plan is proposed, made anew when somebody asks for that, and carried out.
func TestAnErasureOfTheLedgerAlone(t *testing.T) {
	t.Parallel()
	p := consenting(t, stage{})
	_, err := p.Register.Owner(t).Exec(t.Context(), "DELETE FROM datasets; DELETE FROM systems")
	require.NoError(t, err)
	id := p.consentPerson(p.Person.Email)
	p.at(time.Hour, func() {
		require.Len(t, p.plan().Plan.Systems, 1)
		p.accepted(casetest.Command(contract.Recollect))
	})
	p.at(2*time.Hour, func() {
		require.Equal(t, plans.Rows{Own: 1, Erased: 1}, p.ledgerPart().Lines[0].Rows)
		p.proposed()
	})
	p.at(3*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	require.True(t, p.forgotten(id, p.Person.Email))
	p.provable(id, 3)
}

// Art. 17(3)(e) GDPR: where the proof of consent is kept, the plan says under which rule and until when, and the address goes by itself when that is over: also when nothing
// is left of the request.
func TestTheProofOfConsentIsKeptAsLongAsItsRuleSays(t *testing.T) {
	t.Parallel()
	p := consenting(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.Retention = []string{"de-consent-proof"} }})
	id := p.consentPerson(p.Person.Email)
	p.at(time.Hour, func() {
		part := p.ledgerPart()
		require.Equal(t, plans.Rows{Own: 1, Kept: 1}, part.Lines[0].Rows)
		require.Equal(t, "de-consent-proof", part.Lines[0].Kept[0].Rule)
		require.Equal(t, monday().Year()+3, part.Lines[0].Kept[0].Until.Year)
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.False(t, p.forgotten(id, p.Person.Email))
		p.provable(id, 3)
		require.False(t, p.mayWrite(p.Person.Email).Allowed)
		letter := unwrapped(p.Letters(notify.KindErased)[0].Text)
		require.Contains(t, letter, "BGB 195, 199")
		require.Equal(t, plans.LedgerSystem, p.left()[0].System)
	})
	p.at(3*year+60*day, p.forgets)
	p.at(3*year+90*day, func() {
		require.NotNil(t, p.Case().ForgottenAt)
		require.False(t, p.forgotten(id, p.Person.Email))
	})
	p.run()
	require.True(t, p.forgotten(id, p.Person.Email))
	d, err := p.deferralOnly()
	require.NoError(t, err)
	require.True(t, d.Done)
	p.provable(id, 3)
	require.False(t, p.mayWrite(p.Person.Email).Allowed)
}

// left is what lists show of what the plan left to its time.
func (p *play) left() []plans.Left {
	p.t.Helper()
	var all []storage.DeferralLine
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		all, err = tx.Deferrals(ctx, storage.DeferralFilter{Limit: 10})
		return err
	})
	require.Len(p.t, all, 1)
	return all[0].Left
}

// Whoever has signed up anew by themselves while the proof was kept is not forgotten with it: what goes is what was left.
func TestWhoeverSignsUpAnewIsNotForgottenWithTheOldProof(t *testing.T) {
	t.Parallel()
	p := consenting(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.Retention = []string{"de-consent-proof"} }})
	id := p.consentPerson(p.Person.Email)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(year, func() {
		p.consented(p.Person.Email, consent.Confirmed)
		require.True(t, p.mayWrite(p.Person.Email).Allowed, "they have come back")
	})
	p.run()
	require.False(t, p.forgotten(id, p.Person.Email))
	require.True(t, p.mayWrite(p.Person.Email).Allowed)
	require.True(t, p.deferral().Done)
}

// Art. 17(3)(e) GDPR: what staff keep with a citation stays, and is used for nothing.
func TestStaffKeepTheLedgerOfConsents(t *testing.T) {
	t.Parallel()
	p := consenting(t, stage{})
	id := p.consentPerson(p.Person.Email)
	p.at(time.Hour, func() { p.decidesOnLedger(); p.accepted(casetest.Command(contract.Recollect)) })
	p.at(2*time.Hour, p.proposed)
	p.at(3*time.Hour, p.approved)
	p.run()
	require.False(t, p.forgotten(id, p.Person.Email))
	require.False(t, p.mayWrite(p.Person.Email).Allowed)
	p.provable(id, 3)
}

// A hold that comes while a plan waits sends it back; made anew, the ledger is kept, and goes when the hold is lifted.
func TestAHoldKeepsTheLedgerOfConsents(t *testing.T) {
	t.Parallel()
	p := consenting(t, stage{tenant: func(n *storage.NewTenant) { n.Settings.ErasureWaitDays = 2 }})
	id := p.consentPerson(p.Person.Email)
	var hold uuid.UUID
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(day, func() {
		p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
			hold, err = tx.PlaceHold(ctx, storage.NewHold{
				Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{{Email: p.Person.Email}},
			})
			return err
		})
	})
	p.at(3*day, func() { p.accepted(casetest.Command(contract.Recollect)) })
	p.at(4*day, func() {
		require.Equal(t, plans.KeptByHold, p.ledgerPart().Lines[0].Kept[0].Ground)
		p.proposed()
	})
	p.at(4*day+time.Hour, p.approved)
	p.at(8*day, func() {
		p.is(privacy.RequestClosed)
		require.False(t, p.forgotten(id, p.Person.Email))
		p.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.LiftHold(ctx, hold, "settled") })
	})
	p.run()
	require.True(t, p.forgotten(id, p.Person.Email))
	p.provable(id, 3)
}

// Art. 15 GDPR: whoever asks for their data gets the ledger of their consents, in words and as data, and nobody else's.
func TestAccessHasTheLedgerOfConsents(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven}})
	p.asksForNews()
	var body []byte
	p.at(time.Hour, p.reviewed)
	p.at(2*time.Hour, func() { body = p.Fetch() })
	p.run()
	files := unzipped(t, body)
	history := files["data/docket_consents/history.json"]
	var lines []struct{ What, Kind, Source, Purpose, Evidence string }
	require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(history, `{"note":"canary-in-evidence"}`, `"canary-in-evidence"`)), &lines), history)
	require.Len(t, lines, 2)
	require.Contains(t, lines[0].What, "news")
	require.Equal(t, []string{"given", "shop", "news", "canary-in-evidence"}, []string{lines[0].Kind, lines[0].Source, lines[0].Purpose, lines[0].Evidence})
	require.Contains(t, files["data/docket_consents/consents.json"], "confirmed")
	for name, content := range files {
		require.NotContains(t, content, "other@example.org", name)
	}
}

func (p *play) decidesOnLedger() {
	p.t.Helper()
	decision := storage.ErasureDecision{Address: plans.LedgerAddress(), Kind: storage.DecisionKeep, Citation: "Art. 17(3)(e) GDPR", Reason: "a claim about messages"}
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return p.Desk.DecideOnPlan(ctx, tx, p.Ref, "keep the ledger", decision)
	})
}

// The same on Temporal's own server, with a worker of its own.
func TestAnErasureReachesTheLedgerOfConsentsOnTheServer(t *testing.T) {
	t.Parallel()
	l := newLive(t)
	l.follow(l.client)
	l.work()
	l.Shop.Changeable()
	l.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := l.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "news", Class: "commercial"})
		return err
	})
	l.DB.ForgetTenant(l.Tenant)
	f := l.file(erasing)
	p := &play{Request: f.Request, t: t}
	p.consented(f.Person.Email, consent.Confirmed)
	id := p.consentPerson(f.Person.Email)
	require.True(t, p.mayWrite(f.Person.Email).Allowed)
	f.reaches(privacy.RequestReviewing)
	require.NoError(t, f.command(casetest.Command(contract.ProposePlan, by(ana, "agent"))))
	f.reaches(privacy.RequestApproving)
	require.NoError(t, f.command(casetest.Command(contract.ApprovePlan, by(bo, "dpo"), f.Approving())))
	f.ends()
	require.Equal(t, privacy.OutcomeFulfilled, f.Outcome())
	require.True(t, p.forgotten(id, f.Person.Email))
	p.provable(id, 2)
	require.False(t, p.mayWrite(f.Person.Email).Allowed)
}
