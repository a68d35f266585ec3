package workflows_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/casetest"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// namingAnother asks under one's own mailbox and names a customer id that nobody has checked, which is another's.
func namingAnother(n *casework.NewRequest) { n.Person.CustomerID = "K-2" }

// numbered gives the shop's customers ids by which they are known, K-1, K-2 and so on.
func (p *play) numbered() {
	p.t.Helper()
	p.Shop.Exec(`ALTER TABLE customers ADD COLUMN number text; UPDATE customers SET number = 'K-' || id`)
	p.annotated(func(annotation, declaration string) (string, string) {
		field := "          - {name: number, data_categories: [user.unique_id], fides_meta: {identity: customer_id}}\n      - name: orders"
		return strings.Replace(annotation, "      - name: orders", field, 1), declaration
	})
}

// What somebody only names is another's: they are not erased again after a restored backup, and may be written to.
func TestOnlyWhoIsProvenIsErasedAgain(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{request: []func(*casework.NewRequest){namingAnother}})
	p.numbered()
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
	r := p.reapplied(t, 0, p.Shop.ID, monday())
	require.Zero(t, r.Erased, problemOf(r))
	customers, orders := p.of("other@example.org")
	require.NotZero(t, customers)
	require.NotZero(t, orders)
	var suppressed int
	require.NoError(t, p.Register.Owner(t).QueryRow(t.Context(), `SELECT count(*) FROM suppressions WHERE tenant_id = $1 AND kind = 'customer_id'`, p.Tenant).Scan(&suppressed))
	require.Zero(t, suppressed)
}

// A restriction holds for whom it is proven for.
func TestARestrictionIsOfWhoIsProven(t *testing.T) {
	t.Parallel()
	p := newPlay(t, stage{request: []func(*casework.NewRequest){casetest.Proven, asking(privacy.Restriction, privacy.Ask{Ground: privacy.UnlawfulUse}), namingAnother}})
	p.at(time.Hour, func() {
		for _, one := range []struct {
			who    storage.Person
			blocks bool
		}{{storage.Person{Email: p.Person.Email}, true}, {storage.Person{CustomerID: "K-2"}, false}} {
			p.Read(func(ctx context.Context, tx *storage.Tx) error {
				blocks, err := p.Desk.MayUse(ctx, tx, privacy.Use{Purpose: "service", Basis: "contract"}, one.who)
				require.Equal(t, one.blocks, len(blocks[0]) > 0)
				return err
			})
		}
		p.accepted(casetest.Command(contract.Withdraw))
	})
	p.run()
}

// Who knows somebody's address or number keeps nobody from being erased by asking for their data.
func TestAStrangerHoldsNobodysErasureBack(t *testing.T) {
	t.Parallel()
	p := newErasure(t, stage{})
	open := func(person storage.Person, more ...func(*casework.NewRequest)) *casetest.Request {
		stranger := &casetest.Request{World: p.World, Person: person}
		p.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
			n := casework.NewRequest{Person: person, Right: privacy.Access, Channel: "form"}
			for _, change := range more {
				change(&n)
			}
			stranger.Opened, err = p.Desk.Open(ctx, tx, n)
			return err
		})
		stranger.Ref = contract.Ref{Tenant: p.Tenant, Case: stranger.Opened.ID}
		return stranger
	}
	open(storage.Person{Name: "M", Email: p.Person.Email}) // proven by nobody
	named := open(storage.Person{Name: "Mallory", Email: "mallory@example.org", Phone: p.Person.Phone, CustomerID: p.Person.CustomerID}, canadian)
	p.ends(named, contract.Refuse, casetest.Because("fee_not_accepted"))
	p.at(time.Hour, func() {
		require.Empty(t, p.kept())
		p.proposed()
	})
	p.at(2*time.Hour, p.approved)
	p.run()
	require.Equal(t, privacy.OutcomeFulfilled, p.Outcome())
}

// A hold by a number that only the person's rows had said keeps what is left to its time, also when it is placed while that waits.
func TestAHoldByWhatRowsSaidPutsOffWhatWaits(t *testing.T) {
	t.Parallel()
	p := answered(t, stage{})
	p.numbered()
	p = p.filesNext(t, april10(), erasing)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.on(in(time.August, 20), func() { p.hold(storage.Person{CustomerID: "K-1"}) })
	p.on(in(time.September, 5), func() {
		customers, _ := p.of(p.Person.Email)
		require.NotZero(t, customers, "its time is over, and a hold keeps it")
		p.liftHolds()
	})
	p.run()
	customers, _ := p.of(p.Person.Email)
	require.Zero(t, customers)
}

// After a restored backup a recourse keeps what it kept before, in systems too whose rows say nothing of whose they are.
func TestReapplyingHeedsARecourseByTombstones(t *testing.T) {
	t.Parallel()
	access := newPlay(t, stage{request: []func(*casework.NewRequest){canadian}})
	access.Shop.Changeable()
	access.club()
	access.at(2*time.Hour, access.reviewed)
	access.run()
	p := access.filesNext(t, april10(), erasing)
	p.at(time.Hour, p.proposed)
	p.at(2*time.Hour, p.approved)
	p.on(in(time.May, 1), func() {
		p.Read(func(ctx context.Context, tx *storage.Tx) error {
			byKeys, err := p.Desk.RecoursesBefore(ctx, tx, p.Ref.Case, storage.Person{})
			require.Len(t, byKeys, 1, "nothing of the person is said")
			return err
		})
	})
	p.run()
}
