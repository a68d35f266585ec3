package relay_test

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
)

// changed is what a webhook hears of changes of consents.
type changed struct {
	Batch   uuid.UUID
	Changes []struct {
		ID, Person                            uuid.UUID
		Purpose, Channel, Kind, Relation, How string
	}
}

// A webhook that asks for it by name hears of every change of a consent, in their order, without anybody's address; one that asks for everything hears of those that were written together
// as one event of the log.
func TestWebhookHearsOfChangesOfConsents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := o.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "offers", Class: "commercial"})
		return err
	})
	o.DB.ForgetTenant(o.Tenant)
	all, named := o.hear([]string{"*"}), o.hear([]string{"consent.changed"})
	o.relays(2)
	write := func(n int, kind consent.Kind, relation privacy.ConsentEvent, purpose string) {
		var news []casework.NewConsent
		for i := range n {
			address := storage.ConsentAddress{Kind: storage.AddressEmail, Value: fmt.Sprintf("p%d@person.example", i)}
			news = append(news, casework.NewConsent{Address: address, Purpose: purpose, Channel: privacy.ByEmail, Kind: kind, Relation: relation, How: "api"})
		}
		o.Change(func(ctx context.Context, tx *storage.Tx) error {
			_, err := o.Desk.RecordConsents(ctx, tx, news)
			return err
		})
	}
	write(1, consent.Refreshed, "purchase", "offers")
	write(250, consent.Withdrawn, "", "*")
	heard := func() (out []changed) {
		for _, c := range named.heard() {
			var one changed
			require.Equal(t, "consent.changed", c.Body.Type)
			require.NoError(t, json.Unmarshal(c.Body.Data, &one))
			require.NotContains(t, c.Text, "person.example")
			out = append(out, one)
		}
		return out
	}
	lines := func() (ids map[uuid.UUID]int) {
		ids = map[uuid.UUID]int{}
		for _, one := range heard() {
			for _, c := range one.Changes {
				ids[c.ID]++
			}
		}
		return ids
	}
	o.until("all of it was told", func() bool { return len(lines()) == 251 })
	require.Len(t, heard(), 4, "the first, and 250 in three")
	for line, n := range lines() {
		require.Equal(t, 1, n, line)
	}
	for _, one := range heard() {
		require.LessOrEqual(t, len(one.Changes), 100)
		if len(one.Changes) > 1 {
			require.Equal(t, []string{"*", "email", "withdrawn", "", "api"}, []string{one.Changes[0].Purpose, one.Changes[0].Channel, one.Changes[0].Kind, one.Changes[0].Relation, one.Changes[0].How})
			continue
		}
		require.Equal(t, []string{"offers", "refreshed", "purchase"}, []string{one.Changes[0].Purpose, one.Changes[0].Kind, one.Changes[0].Relation})
	}
	o.until("the other has heard of both", func() bool {
		n := 0
		for _, c := range all.heard() {
			require.NotEqual(t, "consent.changed", c.Body.Type)
			if c.Body.Type == "consent.recorded" {
				n++
			}
		}
		return n == 2
	})
}
