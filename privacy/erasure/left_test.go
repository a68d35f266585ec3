package erasure_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// What a list shows of what is kept: summed up over collections, the longest end of each reason, and nothing that staff keep or somebody wrote.
func TestLeftSumsUpWhatIsKept(t *testing.T) {
	t.Parallel()
	day := func(year int) privacy.Date { return privacy.NewDate(year, 12, 31) }
	law := privacy.Citation{Text: "AO 147(3)", Mark: privacy.Secondary}
	duty := erasure.Keeping{Ground: erasure.KeptByDuty, Rule: "de-ao147-vouchers", Name: "Vouchers", Citation: law}
	with := func(k erasure.Keeping, rows int64, until privacy.Date) erasure.Keeping {
		k.Rows, k.Until = rows, until
		return k
	}
	s := erasure.SystemPlan{Key: "shop", Lines: []erasure.Line{
		{Kept: []erasure.Keeping{with(duty, 2, day(2030)), with(duty, 1, privacy.Date{})}},
		{Kept: []erasure.Keeping{with(duty, 3, day(2034)), {Ground: erasure.KeptByReview, Name: "a reason", Rows: 4}, with(duty, 0, day(2040))}},
		{Kept: []erasure.Keeping{{Ground: erasure.KeptByHold, Rule: "h", Name: "a matter", Rows: 5}}},
	}}
	require.Equal(t, []erasure.Left{
		{System: "shop", Ground: erasure.KeptByDuty, Rule: "de-ao147-vouchers", Citation: law, Rows: 5, Until: day(2034)},
		{System: "shop", Ground: erasure.KeptByDuty, Rule: "de-ao147-vouchers", Citation: law, Rows: 1},
		{System: "shop", Ground: erasure.KeptByHold, Rule: "h", Rows: 5},
	}, s.Left())
}
