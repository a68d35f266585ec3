package privacy_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
)

func ladder() privacy.Ladder {
	return privacy.Ladder{
		ID: "standard", Reminders: []time.Duration{72 * time.Hour, 24 * time.Hour},
		Steps: []privacy.Step{
			{After: -12 * time.Hour, Roles: []string{"assignee"}}, {After: time.Minute, Roles: []string{"lead", "dpo"}}, {After: 24 * time.Hour, Roles: []string{"executive"}},
		},
		Repeat: 6 * time.Hour,
	}
}

func deadline() privacy.Deadline {
	safe := time.Date(2026, 4, 1, 21, 59, 59, 0, time.UTC)
	return privacy.Deadline{EarliestSafe: safe, Due: safe.Add(48 * time.Hour)}
}

func TestMilestonesRunFromReminderToRepeat(t *testing.T) {
	t.Parallel()
	d := deadline()
	var kinds []privacy.MilestoneKind
	got := ladder().Milestones(d)
	for i, m := range got {
		kinds = append(kinds, m.Kind)
		require.NotEmpty(t, m.Roles)
		require.True(t, i == 0 || !m.At.Before(got[i-1].At), "in order of time")
	}
	require.Equal(t, []privacy.MilestoneKind{
		privacy.MilestoneReminder, privacy.MilestoneReminder, privacy.MilestoneSafe, privacy.MilestoneEscalation, privacy.MilestoneDue,
		privacy.MilestoneEscalation, privacy.MilestoneEscalation, privacy.MilestoneRepeat,
	}, kinds)
	require.Equal(t, d.EarliestSafe.Add(-72*time.Hour), got[0].At)
	require.Equal(t, d.Due.Add(30*time.Hour), got[len(got)-1].At)
}

func TestAPausedClockHasNoMilestones(t *testing.T) {
	t.Parallel()
	d := deadline()
	d.Paused = true
	require.Empty(t, ladder().Milestones(d))
	_, ok := ladder().Next(d, d.Due)
	require.False(t, ok)
}

func TestTheLastRungRepeatsWithoutEnd(t *testing.T) {
	t.Parallel()
	d := deadline()
	rapid.Check(t, func(t *rapid.T) {
		now := d.Due.Add(time.Duration(rapid.IntRange(-200, 5000).Draw(t, "hours")) * time.Hour)
		next, ok := ladder().Next(d, now)
		require.True(t, ok)
		require.True(t, next.At.After(now))
		if now.After(d.Due.Add(24 * time.Hour)) {
			require.Equal(t, privacy.MilestoneRepeat, next.Kind)
			require.LessOrEqual(t, next.At.Sub(now), 6*time.Hour)
			require.Equal(t, []string{"executive"}, next.Roles)
		}
	})
	quiet := ladder()
	quiet.Repeat = 0
	_, ok := quiet.Next(d, d.Due.Add(1000*time.Hour))
	require.False(t, ok)
}
