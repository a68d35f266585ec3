package relay_test

import (
	"context"
	"crypto/sha256"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/casework/consentcsv"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// offers adds a purpose.
func (o *office) offers() {
	o.t.Helper()
	o.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := o.Desk.PutPurpose(ctx, tx, storage.NewConsentPurpose{Key: "offers", Class: "commercial"})
		return err
	})
	o.DB.ForgetTenant(o.Tenant)
}

// On the day on which implied consent nears its end, its workflow is begun, under the day of the tenant.
func TestRelayBeginsTheDayOfConsents(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.offers()
	asked := o.clock.Now().AddDate(0, -3, 0)
	o.Change(func(ctx context.Context, tx *storage.Tx) error {
		_, err := o.Desk.RecordConsents(ctx, tx, []casework.NewConsent{{
			Address: storage.ConsentAddress{Kind: storage.AddressEmail, Value: "ana@person.example", Country: "CA"}, Purpose: "offers", Channel: privacy.ByEmail,
			Kind: consent.Refreshed, Relation: "inquiry", At: asked, How: "api",
		}})
		return err
	})
	var looked time.Time
	require.NoError(t, o.owner.QueryRow(t.Context(), "SELECT next_look FROM consents").Scan(&looked))
	require.True(t, looked.After(o.clock.Now()))
	o.relays(1)
	day := looked.Format(time.DateOnly)
	o.untilPast("the day is begun", func() bool { return o.took("begin " + contract.ConsentDayID(o.Tenant, day)) })
}

// What an import was asked for is begun, also where the program that was to start it died before it did; and what nobody runs goes.
func TestRelayBeginsImportsThatNobodyBegan(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.offers()
	list := []byte("Email\na@list.example\n")
	sum := sha256.Sum256(list)
	handIn := func() (id uuid.UUID) {
		o.Change(func(ctx context.Context, tx *storage.Tx) (err error) {
			id, err = o.Desk.NewConsentImport(ctx, tx, "Old shop", consentcsv.Mapping{Address: "Email", Purpose: "offers", Kind: "given"})
			return err
		})
		require.NoError(t, o.Desk.AddImportPart(t.Context(), o.Tenant, id, 1, list))
		return id
	}
	asked, forgotten := handIn(), handIn()
	o.Change(func(ctx context.Context, tx *storage.Tx) error {
		return tx.CheckConsentImport(ctx, asked, 1, int64(len(list)), sum[:])
	})
	o.relays(1)
	o.until("its check is begun", func() bool { return o.took("begin " + contract.ConsentImportID(asked, storage.ImportCheck)) })
	o.untilPast("what nobody runs is gone", func() bool {
		var state string
		require.NoError(t, o.owner.QueryRow(t.Context(), "SELECT state FROM consent_imports WHERE id = $1", forgotten).Scan(&state))
		return state == storage.ImportFailed
	})
}
