package privacy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

func TestArt33And34Decision(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		risk   privacy.BreachRisk
		exempt privacy.Exemption
		want   privacy.BreachDuties
	}{
		{privacy.RiskUnlikely, privacy.ExemptNone, privacy.BreachDuties{Register: true}},
		{privacy.RiskPresent, privacy.ExemptNone, privacy.BreachDuties{Register: true, NotifyAuthority: true}},
		{privacy.RiskHigh, privacy.ExemptNone, privacy.BreachDuties{Register: true, NotifyAuthority: true, NotifySubjects: true}},
		{privacy.RiskHigh, privacy.ExemptUnintelligible, privacy.BreachDuties{Register: true, NotifyAuthority: true}},
		{privacy.RiskHigh, privacy.ExemptRiskRemoved, privacy.BreachDuties{Register: true, NotifyAuthority: true}},
		{privacy.RiskHigh, privacy.ExemptDisproportionate, privacy.BreachDuties{Register: true, NotifyAuthority: true, PublicCommunication: true}},
		{privacy.RiskPresent, privacy.ExemptDisproportionate, privacy.BreachDuties{Register: true, NotifyAuthority: true}},
	} {
		require.Equal(t, c.want, privacy.BreachDutiesOf(c.risk, c.exempt), c)
	}
	require.Equal(t, privacy.BreachDuties{Register: true, NotifyController: true}, privacy.ProcessorBreachDuties())
}

func TestArt34ExemptionsByLetter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]privacy.Exemption{
		"": privacy.ExemptNone, "a_unintelligible": privacy.ExemptUnintelligible, "b_later_measures": privacy.ExemptRiskRemoved, "34_3_c": privacy.ExemptDisproportionate,
	} {
		got, err := privacy.ParseExemption(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
	_, err := privacy.ParseExemption("d_else")
	require.Error(t, err)
	for text, want := range map[string]privacy.BreachRisk{"unlikely": privacy.RiskUnlikely, "low": privacy.RiskPresent, "high": privacy.RiskHigh} {
		got, err := privacy.ParseRisk(text)
		require.NoError(t, err)
		require.Equal(t, want, got)
	}
}

func TestDORAArt19Cap(t *testing.T) {
	t.Parallel()
	rule := privacy.BreachRule{ID: "dora", Calendar: privacy.Weekends, Clocks: []privacy.BreachClock{{
		Kind: privacy.BreachNotifyAuthority, Term: privacy.Term{Period: period(t, "4 hours")}, From: privacy.TriggerClassification,
		Cap: &privacy.BreachCap{Period: period(t, "24 hours"), From: privacy.TriggerAwareness},
	}}}
	aware := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]time.Duration{
		7 * time.Hour: 11 * time.Hour, 22 * time.Hour: 24 * time.Hour, 26 * time.Hour: 30 * time.Hour,
	} {
		got, err := rule.Deadlines(privacy.BreachFacts{Zone: time.UTC, Moments: map[privacy.BreachTrigger]time.Time{
			privacy.TriggerAwareness: aware, privacy.TriggerClassification: aware.Add(after),
		}})
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, aware.Add(want), got[0].Due)
		require.NotEmpty(t, got[0].Explanation.Steps)
	}
}

func TestBreachClocksWaitForTheirTrigger(t *testing.T) {
	t.Parallel()
	rule := privacy.BreachRule{ID: "x", Calendar: privacy.Weekends, Clocks: []privacy.BreachClock{{
		Kind: privacy.BreachSampleToAuthority, Term: privacy.Term{Period: period(t, "15 days")}, From: privacy.TriggerIndividualsNotified, MoreThan: 500,
	}}}
	told := map[privacy.BreachTrigger]time.Time{privacy.TriggerIndividualsNotified: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)}
	for affected, owed := range map[int]int{500: 0, 501: 1} {
		got, err := rule.Deadlines(privacy.BreachFacts{Zone: time.UTC, Moments: told, Affected: affected})
		require.NoError(t, err)
		require.Len(t, got, owed)
	}
	got, err := rule.Deadlines(privacy.BreachFacts{Zone: time.UTC, Affected: 900})
	require.NoError(t, err)
	require.Empty(t, got)
	_, err = rule.Deadlines(privacy.BreachFacts{})
	require.ErrorContains(t, err, "time zone")
}
