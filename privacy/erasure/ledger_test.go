package erasure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// Every address in the ledger of consents goes or is kept, under one rule and until one day; what a plan keeps of many is what it keeps of each, and with time there is
// only less of it.
func TestLedgerKeepsEachAddressAsItWouldAlone(t *testing.T) {
	t.Parallel()
	book, err := policies.Embedded()
	require.NoError(t, err)
	rapid.Check(t, func(r *rapid.T) {
		today := privacy.NewDate(2026, 5, 20)
		c := erasure.Circumstances{Now: today.EndIn(time.UTC).Add(-time.Hour), Zone: time.UTC}
		for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"de-consent-proof", "ca-casl-consent-proof", "de-phone-consent", "de-ao147-vouchers"}), 0, 3, rapid.ID[string]).Draw(r, "rules") {
			rule, err := book.Retention(id)
			require.NoError(r, err)
			c.Rules = append(c.Rules, rule)
		}
		rows := rapid.SliceOfN(rapid.Custom(func(r *rapid.T) erasure.LedgerRow {
			return erasure.LedgerRow{Phone: rapid.Bool().Draw(r, "phone"), Day: today.AddDays(-rapid.IntRange(0, 3000).Draw(r, "ago"))}
		}), 0, 6).Draw(r, "addresses")
		part := erasure.Ledger(nil, rows, c)
		line := part.Lines[0]
		require.EqualValues(r, len(rows), line.Rows.Own)
		require.Equal(r, line.Rows.Own, line.Rows.Erased+line.Rows.Kept)
		kept, under := int64(0), int64(0)
		for _, row := range rows {
			if erasure.LedgerKeeps(row, c) {
				kept++
			}
			later := c
			later.Now = c.Now.AddDate(0, 0, rapid.IntRange(1, 4000).Draw(r, "later"))
			require.False(r, erasure.LedgerKeeps(row, later) && !erasure.LedgerKeeps(row, c), "nothing is kept again")
		}
		for _, k := range line.Kept {
			under += k.Rows
			require.False(r, k.Until.Before(today))
			require.NotEqual(r, "de-ao147-vouchers", k.Rule, "a consent is no voucher")
		}
		require.Equal(r, []int64{kept, kept}, []int64{line.Rows.Kept, under})
		held := c
		held.Holds = []erasure.Hold{{ID: "h", Matter: "a claim"}}
		require.EqualValues(r, len(rows), erasure.Ledger(nil, rows, held).Lines[0].Rows.Kept, "a hold keeps all of it")
	})
}
