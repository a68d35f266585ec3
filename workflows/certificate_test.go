package workflows_test

import (
	"context"
	"crypto/rand"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/activities/relay"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// notary places events, signs heads and certificates, as a worker's relay does.
type notary struct {
	*play
	signer *audit.Signer
	relay  *relay.Relay
}

func newNotary(t *testing.T, p *play) *notary {
	t.Helper()
	secret, err := audit.NewSigningSecret(rand.Reader)
	require.NoError(t, err)
	signer, err := audit.NewSigner("docket.test", secret)
	require.NoError(t, err)
	return &notary{play: p, signer: signer, relay: &relay.Relay{Desk: p.Desk, Objects: p.Objects, Clock: p.Clock, Signer: signer, Log: zap.NewNop()}}
}

// place gives all events their place and signs the head.
func (n *notary) place() {
	n.t.Helper()
	require.NoError(n.t, n.Desk.DB().InLog(n.t.Context(), n.Tenant, func(log *storage.LogTx) error {
		_, err := audit.Sequencer{}.Integrate(n.t.Context(), log, n.Tenant.String(), 10_000)
		if err != nil {
			return err
		}
		_, err = n.signer.Checkpoint(n.t.Context(), log, n.Tenant.String())
		return err
	}))
}

func (n *notary) certify() (signed int) {
	n.t.Helper()
	signed, err := n.relay.Certificates(n.t.Context())
	require.NoError(n.t, err)
	return signed
}

// certificate opens the case's certificate with the public key and looks its events up in the exported log.
func (n *notary) certificate() (c audit.Certificate) {
	n.t.Helper()
	var kept storage.ErasureCertificate
	n.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		kept, err = tx.Certificate(ctx, n.Ref.Case)
		return err
	})
	key, err := n.signer.VerifierKey(n.Tenant.String())
	require.NoError(n.t, err)
	c, err = audit.OpenCertificate([]byte(kept.Note), key)
	require.NoError(n.t, err)
	for _, about := range []string{n.Person.Email, n.Person.Name, "312 O 44/26"} {
		require.NotContains(n.t, kept.Note, about, "nothing about the person")
	}
	folder := n.t.TempDir()
	_, err = audit.Export(n.t.Context(), n.Desk.DB().LogReader(n.Tenant, key), audit.DirSink(folder))
	require.NoError(n.t, err)
	_, err = audit.VerifyCertified(os.DirFS(folder), key, c)
	require.NoError(n.t, err)
	return c
}

// unsigned says that the certificate waits.
func (n *notary) unsigned() {
	n.t.Helper()
	n.Read(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Certificate(ctx, n.Ref.Case)
		require.ErrorIs(n.t, err, storage.ErrUnsigned)
		return nil
	})
}

// An erasure has a certificate once its events have their place in the log: with what was done, what is kept, who decided and where it is proven. It
// stays when everything else of the case is forgotten.
func TestErasureIsCertified(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: func(n *storage.NewTenant) { german(n); n.Language = "de" }})
	p.Shop.Exec(`UPDATE orders SET placed = '2017-06-01' WHERE id <= 2`)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	n := newNotary(t, p)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		require.Zero(t, n.certify(), "no event has its place yet")
		n.unsigned()
		n.place()
		require.Equal(t, 1, n.certify())
		require.Zero(t, n.certify(), "once")
		c := n.certificate()
		require.Equal(t, p.Case().Reference, c.Request.Reference)
		require.Equal(t, "GDPR Art 17", c.Request.Citation)
		require.Equal(t, []string{ana.String(), "agent", bo.String(), "dpo"}, []string{c.Plan.Proposed.ID, c.Plan.Proposed.Role, c.Plan.Approved.ID, c.Plan.Approved.Role})
		require.Len(t, c.Systems, 1)
		require.Equal(t, audit.CertifiedDone, c.Systems[0].How)
		require.Equal(t, "Der Laden", c.Systems[0].Name, "as in the tenant's language")
		require.EqualValues(t, 1+casetest.Orders-2, c.Totals.Kept, "an invoice names its customer")
		require.EqualValues(t, 1+casetest.Orders-2, c.Totals.Trimmed)
		for _, l := range c.Systems[0].Collections {
			require.NotNil(t, l.ReadBack, l.Collection)
			require.Zero(t, l.ReadBack.Untreated, l.Collection)
			if l.Collection == "orders" {
				require.EqualValues(t, 2, l.Deleted)
				require.Equal(t, []audit.CertifiedKept{{Ground: "legal_duty", Rule: "de-ao147-vouchers", Citation: l.Kept[0].Citation, Rows: casetest.Orders - 2, Until: "2034-12-31"}}, l.Kept)
				require.Contains(t, l.Kept[0].Citation, "147(3)")
			}
		}
		told := map[audit.Action]int{}
		for _, e := range c.Log.Events {
			told[e.Action]++
		}
		require.Equal(t, map[audit.Action]int{
			audit.ErasurePlanned: 1, audit.ErasureProposed: 1, audit.ErasureApproved: 1, audit.ErasureCarriedOut: 2, audit.ErasureCollection: 4, audit.ErasureVerified: 1,
		}, told)
	})
	p.run()
	later := p.after(t, 37*31*day)
	later.forgets()
	require.NotNil(t, later.Case().ForgottenAt)
	n.play = later
	n.place()
	require.NotEmpty(t, n.certificate().Systems, "it stays when the person is forgotten")
}

// What a person did by hand is certified as that, and a hold's matter stays out of the certificate.
func TestErasureByHandIsCertifiedAsThat(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.PlaceHold(ctx, storage.NewHold{
			Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), Systems: []string{"elsewhere"}, People: []storage.Person{{Email: p.Person.Email}},
		})
		require.NoError(t, err)
		system, err := tx.System(ctx, p.Shop.ID)
		require.NoError(t, err)
		system.Change = ""
		return tx.UpdateSystem(ctx, system)
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() {
		p.accepted(casetest.Command(contract.DoneByHand, casetest.On(p.Shop.ID), p.Saying("Deleted in the shop's own console.")))
	})
	p.run()
	n := newNotary(t, p)
	n.place()
	require.Equal(t, 1, n.certify())
	c := n.certificate()
	require.Equal(t, audit.CertifiedByHand, c.Systems[0].How)
	require.Equal(t, 1, c.Totals.ByHand)
	for _, l := range c.Systems[0].Collections {
		require.Nil(t, l.ReadBack, "nothing was read back")
		require.Zero(t, l.Deleted)
	}
}

// What a hold keeps is certified with its ground and not with its matter.
func TestErasureUnderAHoldIsCertified(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.PlaceHold(ctx, storage.NewHold{
			Matter: "312 O 44/26", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2026, 9, 1), People: []storage.Person{{Email: p.Person.Email}},
		})
		return err
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	n := newNotary(t, p)
	p.at(3*time.Hour, func() {
		p.is(privacy.RequestClosed)
		n.place()
		require.Equal(t, 1, n.certify())
		c := n.certificate()
		require.EqualValues(t, 1+casetest.Orders, c.Totals.Kept)
		for _, l := range c.Systems[0].Collections {
			require.Equal(t, "legal_hold", l.Kept[0].Ground)
			require.Empty(t, l.Kept[0].Until)
		}
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			holds, err := tx.HoldsOn(ctx, p.Person)
			require.NoError(t, err)
			return tx.LiftHold(ctx, holds[0].ID, "settled")
		})
	})
	p.run()
}

// An erasure that was not carried out as planned has no certificate.
func TestMismatchedErasureIsNotCertified(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Shop.Exec(`CREATE FUNCTION come_back() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO orders VALUES (OLD.id + 1000, OLD.customer_id, OLD.item, OLD.placed); RETURN OLD; END $$;
		CREATE TRIGGER come_back BEFORE DELETE ON orders FOR EACH ROW WHEN (OLD.id < 1000 AND OLD.item = 'thing 1') EXECUTE FUNCTION come_back();
		ALTER TABLE orders DROP CONSTRAINT orders_customer_id_fkey`)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*time.Hour, func() { p.accepted(casetest.Command(contract.Withdraw)) })
	p.run()
	require.Contains(t, p.Steps(), "mismatched")
	n := newNotary(t, p)
	n.place()
	require.Zero(t, n.certify())
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		_, err := tx.Certificate(ctx, p.Ref.Case)
		require.ErrorIs(t, err, storage.ErrNotFound)
		return nil
	})
}
