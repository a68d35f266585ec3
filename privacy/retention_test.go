package privacy_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
)

func voucher(t testing.TB) privacy.RetentionRule {
	t.Helper()
	return privacy.RetentionRule{
		ID: "de-vouchers", Kinds: []string{"voucher"}, Blocked: "an open assessment",
		Keep: []privacy.RetentionPeriod{{Event: "created", Period: period(t, "8 years"), Runs: privacy.RunsFromYearEnd}},
		Former: &privacy.FormerRetention{
			Period: period(t, "10 years"), ClosedBy: day(t, "2024-12-31"), LaterFor: "BaFin", LaterDate: day(t, "2025-12-31"),
		},
	}
}

func retain(t testing.TB, r privacy.RetentionRule, f privacy.RetentionFacts) privacy.Retention {
	t.Helper()
	got, err := r.Retain(f)
	require.NoError(t, err)
	return got
}

func TestAO147VouchersUnderBEGIV(t *testing.T) {
	t.Parallel()
	r := voucher(t)
	for created, want := range map[string]string{
		"2025-01-01": "2033-12-31", "2025-12-31": "2033-12-31", "2017-06-01": "2025-12-31", "2015-06-01": "2023-12-31",
		"2014-06-01": "2024-12-31", // the ten years had run out: nothing was left to shorten
	} {
		got := retain(t, r, privacy.RetentionFacts{Events: map[string]privacy.Date{"created": day(t, created)}})
		require.Equal(t, want, got.RetainThrough.String(), created)
		require.Equal(t, got.RetainThrough.AddDays(1), got.EarliestDelete)
	}
	bank := privacy.RetentionFacts{Events: map[string]privacy.Date{"created": day(t, "2015-06-01")}, Supervised: true}
	require.Equal(t, "2025-12-31", retain(t, r, bank).RetainThrough.String(), "a year later for supervised firms")
}

func TestAO147Para3AnOpenAssessmentBlocks(t *testing.T) {
	t.Parallel()
	f := privacy.RetentionFacts{Events: map[string]privacy.Date{"created": day(t, "2017-06-01")}, Blocked: true}
	got := retain(t, voucher(t), f)
	require.True(t, got.Blocked)
	require.True(t, got.EarliestDelete.IsZero())
}

func TestTheLatestEndCounts(t *testing.T) {
	t.Parallel()
	i9 := privacy.RetentionRule{ID: "us-i9", Keep: []privacy.RetentionPeriod{
		{Event: "hired", Period: period(t, "3 years"), Runs: privacy.RunsFromEvent}, {Event: "ended", Period: period(t, "1 year"), Runs: privacy.RunsFromEvent},
	}}
	got := retain(t, i9, privacy.RetentionFacts{Events: map[string]privacy.Date{"hired": day(t, "2020-02-29"), "ended": day(t, "2021-01-01")}})
	require.Equal(t, "2023-02-28", got.RetainThrough.String())
	got = retain(t, i9, privacy.RetentionFacts{Events: map[string]privacy.Date{"hired": day(t, "2020-02-29"), "ended": day(t, "2026-01-01")}})
	require.Equal(t, "2027-01-01", got.RetainThrough.String())
	_, err := i9.Retain(privacy.RetentionFacts{})
	require.ErrorContains(t, err, `the date of "hired" is missing`)
}

func TestRetentionIsMonotone(t *testing.T) {
	t.Parallel()
	rule := voucher(t)
	rule.Former = nil
	rapid.Check(t, func(t *rapid.T) {
		d := anyDate().Draw(t, "created")
		first, err := rule.Retain(privacy.RetentionFacts{Events: map[string]privacy.Date{"created": d}})
		require.NoError(t, err)
		second, err := rule.Retain(privacy.RetentionFacts{Events: map[string]privacy.Date{"created": d.AddDays(1)}})
		require.NoError(t, err)
		require.False(t, second.RetainThrough.Before(first.RetainThrough))
		require.True(t, first.RetainThrough.After(d))
	})
}

func TestCCR7062TheStrictestTierCountsInDoubt(t *testing.T) {
	t.Parallel()
	rule := privacy.VerificationRule{ID: "ccpa", Tiers: []privacy.VerificationTier{
		{Requests: []string{"delete"}, Sensitivity: privacy.SensitivityLow, Level: privacy.LevelReasonable, DataPoints: 2},
		{Requests: []string{"delete"}, Sensitivity: privacy.SensitivityHigh, Level: privacy.LevelReasonablyHigh, DataPoints: 3, Declaration: true},
	}}
	for sensitivity, want := range map[privacy.Sensitivity]privacy.VerificationLevel{
		"": privacy.LevelReasonablyHigh, privacy.SensitivityLow: privacy.LevelReasonable, privacy.SensitivityHigh: privacy.LevelReasonablyHigh,
	} {
		got, err := rule.Tier(privacy.VerificationAsk{Request: "delete", Sensitivity: sensitivity})
		require.NoError(t, err)
		require.Equal(t, want, got.Level, sensitivity)
	}
	_, err := rule.Tier(privacy.VerificationAsk{Request: "opt_out"})
	require.ErrorContains(t, err, `no tier for the request "opt_out"`)
}
