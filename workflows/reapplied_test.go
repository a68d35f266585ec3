package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/activities"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows"
	"github.com/privacy-docket/docket/workflows/contract"
)

// reapplied erases again in a system, after a time, whoever was erased since a backup was made.
func (p *play) reapplied(t *testing.T, after time.Duration, system uuid.UUID, backup time.Time) (r storage.Reapplication) {
	t.Helper()
	next := p.after(t, after)
	var in contract.ReapplyInput
	next.Change(func(ctx context.Context, tx *storage.Tx) error {
		restored, err := tx.System(ctx, system)
		require.NoError(t, err)
		id, err := tx.Reapply(ctx, restored, backup)
		in = contract.ReapplyInput{Tenant: p.Tenant, System: system, Reapplication: id}
		return err
	})
	workflows.Register(next.env)
	activities.Register(next.env, next.Desk, next.Objects, true)
	next.env.ExecuteWorkflow(contract.ReapplyWorkflow, in)
	require.NoError(t, next.env.GetWorkflowError())
	p.Read(func(ctx context.Context, tx *storage.Tx) (err error) {
		r, err = tx.Reapplication(ctx, in.Reapplication)
		return err
	})
	return r
}

func problemOf(r storage.Reapplication) string {
	if r.Problem == nil {
		return ""
	}
	return *r.Problem
}

// club adds a system whose rows nothing but the ids of the shop's customers leads to.
func (p *play) club() (id uuid.UUID) {
	p.t.Helper()
	p.Shop.Exec(`CREATE TABLE points (id integer PRIMARY KEY, customer_id integer NOT NULL, note text)`)
	p.Shop.Exec(`INSERT INTO points SELECT id, id, 'points of ' || email FROM customers; CREATE TABLE backup_points AS SELECT * FROM points`)
	p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
		if id, err = tx.AddSystem(ctx, storage.System{Key: "club", Name: "The club", Kind: "postgres", Target: p.Shop.DSN, Change: p.Shop.DSN}); err != nil {
			return err
		}
		return tx.SaveDataset(ctx, id, "club", `
dataset:
  - fides_key: club
    collections:
      - name: points
        fields:
          - {name: id, data_categories: [system.operations], fides_meta: {primary_key: true, data_type: integer}}
          - {name: customer_id, data_categories: [user.unique_id], fides_meta: {references: [{dataset: shop, field: customers.id, direction: from}]}}
          - {name: note, data_categories: [user.behavior]}
`)
	})
	return id
}

// Who can only be found through another system, in which nothing leads to them any more, is found by the keys that led to their rows.
func TestARestoredSystemIsSearchedByWhatOtherSystemsHeld(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	club := p.club()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	p.is(privacy.RequestClosed)
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM points WHERE note LIKE '%' || $1`, p.Person.Email))
	p.Shop.Exec(`TRUNCATE points; INSERT INTO points SELECT * FROM backup_points`)
	r := p.reapplied(t, 0, club, monday())
	require.Empty(t, problemOf(r))
	require.Equal(t, "done", r.State)
	require.EqualValues(t, 1, r.People)
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM points WHERE note LIKE '%' || $1`, p.Person.Email))
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM points WHERE note = 'points of other@example.org'`))

	_, err := p.Register.Owner(t).Exec(t.Context(), `DELETE FROM erasure_tombstones WHERE kind = 'key'`)
	require.NoError(t, err)
	older := p.reapplied(t, 0, club, monday())
	require.Equal(t, "failed", older.State, "without keys on record nobody can be looked for")
	require.Contains(t, problemOf(older), "1 people")
}

// What staff kept by a decision is kept in a restored backup too.
func TestWhatStaffKeepStaysInARestoredBackup(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	p.messages()
	p.at(time.Hour, func() { p.decides(storage.DecisionKeep, "messages", "Art. 17(3)(e) GDPR") })
	p.at(2*time.Hour, p.proposed)
	p.at(3*time.Hour, p.approved)
	p.run()
	p.is(privacy.RequestClosed)
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM messages WHERE body = 'canary-in-a-message'`))
	p.Shop.Exec(`INSERT INTO customers SELECT customer_id, $1, $2 FROM messages`, p.Person.Email, p.Person.Name) // as the backup has them
	r := p.reapplied(t, 0, p.Shop.ID, monday())
	require.Empty(t, problemOf(r))
	require.Equal(t, "done", r.State)
	require.EqualValues(t, 1, r.People)
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM messages WHERE body = 'canary-in-a-message'`))
	require.Zero(t, p.Shop.Count(`SELECT count(*) FROM customers WHERE email = $1`, p.Person.Email))
}

// A backup that was made between an erasure and the end of what it left has what was erased then.
func TestWhatWasErasedLaterIsErasedAgain(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{tenant: german})
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.at(year, func() { // the backup
		p.Shop.Exec(`CREATE TABLE backup_customers AS SELECT * FROM customers; CREATE TABLE backup_orders AS SELECT * FROM orders`)
	})
	p.run()
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`))
	p.Shop.Exec(`TRUNCATE orders, customers; INSERT INTO customers SELECT * FROM backup_customers; INSERT INTO orders SELECT * FROM backup_orders`)
	require.Equal(t, 3+casetest.Orders, p.Shop.Count(`SELECT count(*) FROM orders`))
	r := p.reapplied(t, 10*year, p.Shop.ID, monday().Add(year))
	require.Empty(t, problemOf(r))
	require.Equal(t, "done", r.State)
	require.EqualValues(t, 1, r.People)
	require.Equal(t, 3, p.Shop.Count(`SELECT count(*) FROM orders`))
	require.Equal(t, 1, p.Shop.Count(`SELECT count(*) FROM customers`))
}
