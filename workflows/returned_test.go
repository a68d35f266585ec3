package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
)

// backedUp is an erasure that is done, in a shop of which there is a backup from before, and where subscriptions are found by the address alone.
func backedUp(t *testing.T) *play {
	t.Helper()
	p := newErasure(t, stage{})
	p.Shop.Exec(`CREATE TABLE subscriptions (id integer PRIMARY KEY, address text NOT NULL)`)
	p.Shop.Exec(`INSERT INTO subscriptions VALUES (1, $1)`, p.Person.Email)
	p.Shop.Exec(`CREATE TABLE profiles (id integer PRIMARY KEY, customer_id integer NOT NULL, handle text NOT NULL); CREATE TABLE posts (id integer PRIMARY KEY, author text NOT NULL)`)
	p.Shop.Exec(`INSERT INTO profiles SELECT 1, id, 'nightingale' FROM customers WHERE email = $1`, p.Person.Email)
	p.Shop.Exec(`INSERT INTO posts VALUES (1, 'nightingale')`)
	p.annotated(func(annotation, declaration string) (string, string) {
		return annotation + `      - name: subscriptions
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: address, data_categories: [user.contact.email], fides_meta: {references: [{dataset: shop, field: customers.email, direction: from}]}}
      - name: profiles
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}}
          - {name: handle, data_categories: [user.name]}
      - name: posts
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: author, data_categories: [user.name], fides_meta: {references: [{dataset: shop, field: profiles.handle, direction: from}]}}
`, declaration + `      - {collection: shop.subscriptions, method: delete}
      - {collection: shop.profiles, method: delete}
      - {collection: shop.posts, method: delete}
`
	})
	p.Shop.Exec(`CREATE TABLE backup_customers AS SELECT * FROM customers; CREATE TABLE backup_orders AS SELECT * FROM orders; CREATE TABLE backup_profiles AS SELECT * FROM profiles`)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	p.is(privacy.RequestClosed)
	require.Zero(t, p.Shop.Count(`SELECT (SELECT count(*) FROM subscriptions) + (SELECT count(*) FROM profiles) + (SELECT count(*) FROM posts)`))
	return p
}

// begins has the person sign up anew, with orders and a subscription, and restored puts the backup beside that.
func (p *play) begins() {
	p.t.Helper()
	p.Shop.Exec(`INSERT INTO customers (id, email, name) VALUES (4711, $1, $2)`, p.Person.Email, p.Person.Name)
	p.Shop.Exec(`INSERT INTO orders (id, customer_id, item) SELECT 900 + n, 4711, 'a new order' FROM generate_series(1, 2) n`)
	p.Shop.Exec(`INSERT INTO subscriptions VALUES (2, $1)`, p.Person.Email)
	p.Shop.Exec(`INSERT INTO profiles VALUES (2, 4711, 'nightingale'); INSERT INTO posts VALUES (2, 'nightingale')`)
}

func (p *play) restored() {
	p.t.Helper()
	p.Shop.Exec(`INSERT INTO customers SELECT * FROM backup_customers b WHERE NOT EXISTS (SELECT FROM customers c WHERE c.id = b.id);
		INSERT INTO orders SELECT * FROM backup_orders b WHERE NOT EXISTS (SELECT FROM orders o WHERE o.id = b.id);
		INSERT INTO profiles SELECT * FROM backup_profiles`)
	customers, orders := p.of(p.Person.Email)
	require.Equal(p.t, []int{2, casetest.Orders + 2}, []int{customers, orders}, "what was and what is new")
}

func (p *play) cameBack(reason string) {
	p.t.Helper()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := p.Desk.CameBack(ctx, tx, p.Person, reason)
		return err
	})
}

// onlyNew looks that what began anew is all that there is of the person.
func (p *play) onlyNew() {
	p.t.Helper()
	customers, orders := p.of(p.Person.Email)
	require.Equal(p.t, []int{1, 2}, []int{customers, orders})
	require.Equal(p.t, 1, p.Shop.Count(`SELECT count(*) FROM customers WHERE id = 4711`))
	require.Equal(p.t, 1, p.Shop.Count(`SELECT count(*) FROM subscriptions`))
	require.Equal(p.t, 2, p.Shop.Count(`SELECT min(id) FROM profiles`), "the old profile is found by the customer's key")
	require.Equal(p.t, 1, p.Shop.Count(`SELECT count(*) FROM posts`), "a name of theirs leads to what is new as well")
}

// Who has come back keeps what they began anew. What a restored backup has of them from before goes once more, by the keys of its rows, and the report says what
// nobody could look for.
func TestWhoCameBackIsNotErasedWithTheirOldRows(t *testing.T) {
	t.Parallel()
	for _, reason := range []string{storage.EndedByConsent, storage.EndedByContract} {
		t.Run(reason, func(t *testing.T) {
			t.Parallel()
			p := backedUp(t)
			p.cameBack(reason)
			p.begins()
			untouched := p.reapplied(t, 30*day, p.Shop.ID, monday())
			require.Zero(t, untouched.Erased, "a backup that was not restored has nothing of theirs")
			require.Zero(t, untouched.People)
			require.Equal(t, "failed", untouched.State)
			require.Contains(t, problemOf(untouched), "1 people have come back")
			p.onlyNew()

			p.restored()
			r := p.reapplied(t, 30*day, p.Shop.ID, monday())
			require.EqualValues(t, 2+casetest.Orders, r.Erased)
			require.EqualValues(t, 1, r.People)
			require.Equal(t, "failed", r.State, "a person has to look for the rest")
			require.Contains(t, problemOf(r), "1 people have come back")
			p.onlyNew()
			require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers WHERE email = 'other@example.org'`))
		})
	}
}

// Erased once more, they are erased by what they are known by again.
func TestWhoIsErasedOnceMoreHasNotComeBack(t *testing.T) {
	t.Parallel()
	p := backedUp(t)
	p.cameBack(storage.EndedByContract)
	p.begins()
	p.restored()
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, p.Person, storage.SuppressAll, storage.SuppressedErased, &p.Ref.Case)
	})
	r := p.reapplied(t, 30*day, p.Shop.ID, monday())
	require.Empty(t, problemOf(r))
	require.EqualValues(t, 2+casetest.Orders+2+1+2+1, r.Erased)
	customers, orders := p.of(p.Person.Email)
	require.Zero(t, customers+orders+p.Shop.Count(`SELECT (SELECT count(*) FROM subscriptions) + (SELECT count(*) FROM profiles) + (SELECT count(*) FROM posts)`))
}

// Who came back before this erasure, from another, has not come back from it.
func TestWhoCameBackBeforeWasErasedSince(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return tx.Suppress(ctx, p.Person, storage.SuppressAll, storage.SuppressedErased, nil)
	})
	p.cameBack(storage.EndedByContract)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	_, err := p.Register.Owner(t).Exec(t.Context(), `DELETE FROM suppressions WHERE ended_at IS NULL`) // as before the end of an erasure
	require.NoError(t, err)
	p.Read(func(ctx context.Context, tx *storage.Tx) error {
		returned, err := tx.Returned(ctx, p.Ref.Case)
		require.Equal(t, storage.Returned{}, returned)
		return err
	})
}

// Of whom it was said that somebody else was meant, nothing is erased again, also not by keys.
func TestWhoNeverAskedIsNotErasedAgain(t *testing.T) {
	t.Parallel()
	p := backedUp(t)
	p.cameBack(storage.EndedByMistake)
	p.begins()
	p.restored()
	r := p.reapplied(t, 30*day, p.Shop.ID, monday())
	require.Zero(t, r.Erased)
	require.Contains(t, problemOf(r), "of 1 people it was said when a suppression ended that somebody else was meant")
	customers, orders := p.of(p.Person.Email)
	require.Equal(t, []int{2, casetest.Orders + 2}, []int{customers, orders})
}

// Where a system is found by another's keys, those of rows lead to what was, and an address that came from there does not.
func TestWhoCameBackIsFoundByTheKeysOfOtherSystems(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	club := p.club()
	p.Shop.Exec(`CREATE TABLE guests (id integer PRIMARY KEY, address text, note text)`)
	p.Shop.Exec(`INSERT INTO guests VALUES (1, $1, 'old')`, p.Person.Email)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		row, err := tx.Dataset(ctx, "club")
		if err != nil {
			return err
		}
		return tx.SaveDataset(ctx, club, "club", row.Annotation+`      - name: guests
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: address, data_categories: [user.contact.email], fides_meta: {references: [{dataset: shop, field: customers.email, direction: from}]}}
          - {name: note, data_categories: [user.behavior]}
`)
	})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	p.is(privacy.RequestClosed)
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM guests WHERE note = 'old'`))
	p.cameBack(storage.EndedByConsent)
	p.Shop.Exec(`TRUNCATE points; INSERT INTO points SELECT * FROM backup_points`)
	p.Shop.Exec(`INSERT INTO guests VALUES (2, $1, 'new')`, p.Person.Email)
	r := p.reapplied(t, 0, club, monday())
	require.EqualValues(t, 1, r.Erased)
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM points WHERE note LIKE '%' || $1`, p.Person.Email))
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM guests WHERE note = 'new' AND address = $1`, p.Person.Email))
	require.Contains(t, problemOf(r), "1 people have come back")
}
