package relay_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// What a receiver has to hear is counted, and it is told, whoever recorded it; staff are told when its time is over.
func TestRelayHasReceiversTold(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.offers()
	var told, asks uuid.UUID
	add := func(kind, url string) (id uuid.UUID) {
		o.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
			id, _, err = o.Desk.AddReceiver(ctx, tx, casework.NewReceiver{Name: kind, Kind: kind, URL: url, Channels: []privacy.MessageChannel{privacy.ByEmail}}, true)
			return err
		})
		return id
	}
	told, asks = add("http", "http://127.0.0.1:1"), add("pull", "")
	o.relays(2)
	o.Change(func(ctx context.Context, tx *storage.Tx) error {
		var news []casework.NewConsent
		for i := range 3 {
			address := storage.ConsentAddress{Kind: storage.AddressEmail, Value: fmt.Sprintf("p%d@person.example", i)}
			news = append(news, casework.NewConsent{Address: address, Purpose: "offers", Channel: privacy.ByEmail, Kind: consent.Withdrawn, How: "api"})
		}
		_, err := o.Desk.RecordConsents(ctx, tx, news)
		return err
	})
	o.untilPast("it is told", func() bool { return o.took("begin " + contract.HandoverID(told)) })
	owed := func(id uuid.UUID) (sum int) {
		o.Read(func(ctx context.Context, tx *storage.Tx) error {
			all, err := tx.ConsentHandovers(ctx, true, &id, 10)
			for _, h := range all {
				sum += h.Withdrawals
			}
			return err
		})
		return sum
	}
	o.untilPast("both owe them", func() bool { return owed(told) == 3 && owed(asks) == 3 })
	over := func() (n int) {
		require.NoError(t, o.owner.QueryRow(t.Context(), "SELECT count(*) FROM messages WHERE kind = 'handover_unconfirmed' AND split_part(key, '/', 3) = 'over'").Scan(&n))
		return n
	}
	o.untilPast("staff are told of both", func() bool { return over() == 2 })
}
