package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// What an erasure left to its time is what was there then. Who comes back under the same address keeps what they begin anew.
func TestWhoCameBackKeepsWhatIsNew(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*year, func() {
		p.Shop.Exec(`INSERT INTO customers (id, email, name) VALUES (4711, $1, $2)`, p.Person.Email, p.Person.Name)
		p.Shop.Exec(`INSERT INTO orders (id, customer_id, item) SELECT 900 + n, 4711, 'a new order' FROM generate_series(1, 2) n`)
	})
	p.run()
	require.True(t, p.deferral().Done)
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers WHERE id = 4711 AND email = $1 AND name = $2`, p.Person.Email, p.Person.Name))
	require.Equal(t, 2, p.Shop.Count(`SELECT count(*) FROM orders WHERE customer_id = 4711 AND item = 'a new order'`))
	require.Equal(t, 2, p.Shop.Count(`SELECT count(*) FROM customers`), "they and somebody else: what was left went at its time")
	require.Equal(t, 5, p.Shop.Count(`SELECT count(*) FROM orders`))
}

// Where more hangs on what was kept than was kept, nothing goes by itself: people say what is to go.
func TestWhatHangsOnWhatWasKeptDoesNotGoWithIt(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(3*year, func() {
		p.Shop.Exec(`INSERT INTO orders (id, customer_id, item) SELECT 900, customer_id, 'came after' FROM orders WHERE customer_id IN (SELECT customer_id FROM orders GROUP BY 1 HAVING count(*) = $1) LIMIT 1`, casetest.Orders)
	})
	p.at(9*year, func() {
		require.False(t, p.deferral().Done)
		require.Equal(t, casetest.Orders+3+1, p.Shop.Count(`SELECT count(*) FROM orders`), "nothing went")
		require.Len(t, p.asked(), 1)
		require.Contains(t, p.asked()[0].Problem, "some came after it")
		d := p.deferral()
		p.Change(func(ctx context.Context, tx *storage.Tx) error { return tx.ErasedLaterByHand(ctx, d, casetest.ShopKey) })
	})
	p.run()
	require.True(t, p.deferral().Done)
}

// Art. 19 GDPR: recipients hear of what was erased, and not of what failed; a hold that comes then keeps it, and they hear of nothing until it goes.
func TestArt19NobodyHearsOfWhatWasNotErased(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.disclosing(func(*storage.System) {})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	var before []storage.RecipientNotice
	p.at(year, func() {
		before = p.notices()
		p.Shop.Exec(`CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '55000'; END $$`)
		p.Shop.Exec(`CREATE TRIGGER no BEFORE DELETE OR UPDATE ON orders FOR EACH STATEMENT EXECUTE FUNCTION no()`)
	})
	p.at(8*year+310*day, func() { // some days behind its time
		p.Change(func(ctx context.Context, tx *storage.Tx) error {
			_, err := tx.PlaceHold(ctx, storage.NewHold{
				Matter: "312 O 44/34", Citation: "Art. 17(3)(e) GDPR", Reason: "a claim", ReviewOn: privacy.NewDate(2036, 1, 1), People: []storage.Person{{Email: p.Person.Email}},
			})
			return err
		})
		p.Shop.Exec(`DROP TRIGGER no ON orders`)
	})
	p.at(8*year+340*day, func() {
		names, _ := p.owedSince(before)
		require.Empty(t, names)
		require.Equal(t, casetest.Orders+3, p.Shop.Count(`SELECT count(*) FROM orders`))
		p.liftHolds()
	})
	p.run()
	require.True(t, p.deferral().Done)
	names, _ := p.owedSince(before)
	require.Equal(t, []string{"Parcels Ltd", "Partner AG"}, names, "each once")
	require.NotEmpty(t, p.Letters(notify.KindErasureFailed))
}

// What was stopped in an emergency is not erased in again either.
func TestAStoppedSystemIsNotErasedInAgain(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Shop.Exec(`CREATE TABLE backup_customers AS SELECT * FROM customers`)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	p.Shop.Exec(`INSERT INTO customers SELECT * FROM backup_customers b WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = b.id)`)
	p.Shop.Exec(`UPDATE customers c SET email = b.email, name = b.name FROM backup_customers b WHERE c.id = b.id`)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		shop, err := tx.System(ctx, p.Shop.ID)
		require.NoError(t, err)
		return tx.StopSystem(ctx, shop, "it deletes too much")
	})
	r := p.reapplied(t, 0, p.Shop.ID, monday())
	require.Contains(t, problemOf(r), "stopped in an emergency")
	require.Zero(t, r.Erased)
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers WHERE email = $1`, p.Person.Email))
}
