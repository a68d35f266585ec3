package api

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy/erasure"
)

func TestReasonsAreLeftOutOfThePlanAndRulesAreNot(t *testing.T) {
	t.Parallel()
	kept := []erasure.Keeping{{Ground: erasure.KeptByReview, Name: "Mrs Ashdown disputes it", Rows: 2}, {Ground: erasure.KeptByDuty, Name: "Accounting vouchers", Rows: 3}, {Ground: erasure.KeptByHold, Name: "312 O 44/26"}}
	plan := erasure.Plan{Holds: []erasure.Hold{{Matter: "312 O 44/26"}}, Systems: []erasure.SystemPlan{{Lines: []erasure.Line{{Kept: kept}}}}}
	hide(&plan, erasure.KeptByReview)
	shown := plan.Systems[0].Lines[0].Kept
	require.Empty(t, shown[0].Name)
	require.Equal(t, int64(2), shown[0].Rows)
	require.Equal(t, "Accounting vouchers", shown[1].Name)
	require.Equal(t, "312 O 44/26", shown[2].Name)
	hide(&plan, erasure.KeptByHold)
	require.Empty(t, plan.Systems[0].Lines[0].Kept[2].Name)
	require.Empty(t, plan.Holds[0].Matter)
}
