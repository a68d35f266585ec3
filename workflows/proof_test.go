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

const victimsPhone = "+49 40 5550188"

// aStranger files from a mailbox of their own and names somebody else's telephone number.
func aStranger(t *testing.T) *play {
	p := newPlay(t, stage{request: []func(*casework.NewRequest){func(n *casework.NewRequest) { n.Person.Phone = victimsPhone }}})
	annotation := strings.Replace(casetest.ShopAnnotation, "          - {name: name,",
		"          - {name: phone, data_categories: [user.contact.phone_number], fides_meta: {identity: phone_number, data_type: string}}\n          - {name: name,", 1)
	p.Shop.Exec("ALTER TABLE customers ADD phone text")
	p.Shop.Exec("INSERT INTO customers SELECT max(id) + 1, 'victim@victim.example', 'The victim', $1 FROM customers", victimsPhone)
	p.Change(func(ctx context.Context, tx *storage.Tx) error {
		return tx.SaveDataset(ctx, p.Shop.ID, casetest.ShopKey, annotation)
	})
	return p
}

// The code by e-mail proves the mailbox, so nothing else that was entered leads to anybody's rows.
func TestOnlyTheProvenMailboxLeadsToData(t *testing.T) {
	t.Parallel()
	p := aStranger(t)
	p.at(time.Hour, p.proves)
	p.at(2*time.Hour, p.reviewed)
	p.run()
	require.EqualValues(t, 1+casetest.Orders, *p.Packages()[0].Rows)
}

// A genuine document of one's own proves no telephone number. Staff who have seen that the number is the person's say so, and then it counts.
func TestWhatStaffSawProvenCounts(t *testing.T) {
	t.Parallel()
	for also, rows := range map[privacy.AlsoProven]int{"": 0, privacy.ProvenCustomer: 0, privacy.ProvenPhone: 1, privacy.ProvenBoth: 1} {
		t.Run("proven "+string(also), func(t *testing.T) {
			t.Parallel()
			p := aStranger(t)
			p.at(time.Hour, func() {
				p.shows()
				confirm := casetest.Command(contract.ConfirmIdentity)
				confirm.AlsoProven = also
				p.accepted(confirm)
			})
			p.at(2*time.Hour, p.reviewed)
			p.run()
			require.EqualValues(t, rows+1+casetest.Orders, *p.Packages()[0].Rows)
		})
	}
}
