package incident_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/incident"
)

func berlin(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	return zone
}

func rules(t testing.TB) []privacy.BreachRule {
	t.Helper()
	book, err := policies.Embedded()
	require.NoError(t, err)
	return book.Breaches()
}

// aware is an incident of a German shop that became aware at a time.
func aware(t testing.TB, at time.Time, people ...string) incident.Case {
	t.Helper()
	c := incident.Case{Zone: berlin(t), Scope: privacy.BreachScope{Role: privacy.BreachController, Established: []string{"DE"}, People: map[string]int{}}}
	for _, p := range people {
		c.Scope.People[p] = 600
	}
	c.Moments = incident.Moments{{Of: privacy.TriggerAwareness, At: at, Reasons: "The analyst saw the copied table.", Recorded: at}}
	return c
}

func dues(t testing.TB, c incident.Case) map[incident.DutyKey]time.Time {
	t.Helper()
	all, err := incident.Duties(rules(t), c)
	require.NoError(t, err)
	out := map[incident.DutyKey]time.Time{}
	for _, d := range all {
		out[d.Key()] = d.Due
	}
	require.Len(t, out, len(all), "a law asks for each kind once")
	return out
}

// 72 hours are 72 hours: over the night in which the clocks go forward, the one in which they go back, and Christmas.
func TestHoursRunThroughEverything(t *testing.T) {
	t.Parallel()
	zone := berlin(t)
	authority := incident.DutyKey{Rule: "gdpr-breach", Kind: privacy.BreachNotifyAuthority}
	for at, due := range map[time.Time]time.Time{
		time.Date(2026, 3, 27, 18, 30, 0, 0, zone):  time.Date(2026, 3, 30, 19, 30, 0, 0, zone),
		time.Date(2026, 10, 24, 12, 0, 0, 0, zone):  time.Date(2026, 10, 27, 11, 0, 0, 0, zone),
		time.Date(2026, 12, 24, 9, 0, 0, 0, zone):   time.Date(2026, 12, 27, 9, 0, 0, 0, zone),
		time.Date(2028, 2, 27, 23, 45, 0, 0, zone):  time.Date(2028, 3, 1, 23, 45, 0, 0, zone),
		time.Date(2026, 12, 31, 23, 59, 0, 0, zone): time.Date(2027, 1, 3, 23, 59, 0, 0, zone),
	} {
		require.True(t, due.Equal(dues(t, aware(t, at, "DE"))[authority]), at)
	}
}

// Awareness that is corrected takes every clock with it that counts from it, and no other.
func TestEveryClockFollowsAwareness(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 26, 9, 0, 0, 0, time.UTC)
	c := aware(t, at, "DE", "GB", "BR", "US-CA")
	c.Scope.Organisation = []privacy.OrganisationKind{privacy.EssentialEntity}
	c.Moments = append(c.Moments, incident.Moment{Of: privacy.TriggerDiscovery, At: at, Reasons: "Same.", Recorded: at})
	before := dues(t, c)
	corrected := incident.Moment{Of: privacy.TriggerAwareness, At: at.Add(-10 * time.Hour), Reasons: "The night shift had seen it.", Recorded: at.Add(5 * time.Hour)}
	require.NoError(t, c.Moments.May(corrected))
	c.Moments = append(c.Moments, corrected)
	owed, err := incident.Duties(rules(t), c)
	require.NoError(t, err)
	change := incident.Compare(before, owed)
	require.Empty(t, change.Added)
	require.Empty(t, change.Ended)
	var moved []string
	for _, d := range change.Moved {
		moved = append(moved, d.Rule+" "+string(d.Kind))
		if d.Explanation.Inputs[0].Name == "awareness" && d.Rule != "br-anpd" {
			require.Equal(t, -10*time.Hour, d.Due.Sub(before[d.Key()]), d.Rule)
		}
	}
	slices.Sort(moved)
	require.Equal(t, []string{"br-anpd notify_authority", "br-anpd notify_individuals", "gdpr-breach notify_authority", "nis2 early_warning", "nis2 notify_authority", "uk-gdpr-breach notify_authority"}, moved)
	require.Len(t, c.Moments, 3, "what was decided before stays on record")
}

// Later reports run from when the earlier one was handed in, not from when it was due.
func TestLaterReportsRunFromTheEarlier(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)
	c := aware(t, at)
	c.Scope.Organisation = []privacy.OrganisationKind{privacy.FinancialEntity}
	add := func(of privacy.BreachTrigger, at time.Time) {
		c.Moments = append(c.Moments, incident.Moment{Of: of, At: at, Reasons: "Submitted.", Recorded: at})
	}
	add(privacy.TriggerClassification, at.Add(450*time.Minute))
	initial := incident.DutyKey{Rule: "dora", Kind: privacy.BreachNotifyAuthority}
	require.Equal(t, time.Date(2026, 3, 2, 19, 30, 0, 0, time.UTC), dues(t, c)[initial])
	add(privacy.TriggerInitialReport, time.Date(2026, 3, 2, 19, 0, 0, 0, time.UTC))
	add(privacy.TriggerIntermediateReport, time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC))
	got := dues(t, c)
	require.Equal(t, time.Date(2026, 3, 5, 19, 0, 0, 0, time.UTC), got[incident.DutyKey{Rule: "dora", Kind: privacy.BreachIntermediateReport}])
	require.Equal(t, privacy.NewDate(2026, 4, 5), privacy.DateIn(got[incident.DutyKey{Rule: "dora", Kind: privacy.BreachFinalReport}], berlin(t)))
}

// More than 500 Californians bring a sample to the Attorney General; people elsewhere don't count for that.
func TestAThresholdCountsWhomTheLawProtects(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 2, 10, 12, 0, 0, 0, time.UTC)
	c := aware(t, at, "DE", "US-CA", "US-NY")
	c.Moments = append(c.Moments, incident.Moment{Of: privacy.TriggerIndividualsNotified, At: at, Reasons: "Sent.", Recorded: at})
	sample := incident.DutyKey{Rule: "us-ca-breach", Kind: privacy.BreachSampleToAuthority}
	require.Contains(t, dues(t, c), sample)
	c.Scope.People["US-CA"] = 500
	require.NotContains(t, dues(t, c), sample)
}

// What was assessed, and where people live, decides what is added and what ends.
func TestDutiesFollowWhatIsKnown(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 12, 14, 20, 0, 0, time.UTC)
	c := aware(t, at, "DE", "CH")
	stand := dues(t, c)
	c.Risk = privacy.RiskHigh
	c.Moments = append(c.Moments, incident.Moment{Of: privacy.TriggerHighRisk, At: at.Add(time.Hour), Reasons: "Passwords in clear.", Recorded: at.Add(time.Hour)})
	owed, err := incident.Duties(rules(t), c)
	require.NoError(t, err)
	change := incident.Compare(stand, owed)
	var added []string
	for _, d := range change.Added {
		added = append(added, d.Rule+" "+string(d.Kind))
	}
	require.Equal(t, []string{"ch-dsg-breach notify_authority", "gdpr-breach notify_individuals"}, added)
	c.Risk = privacy.RiskUnlikely
	unlikely, err := incident.Duties(rules(t), c)
	require.NoError(t, err)
	require.Empty(t, unlikely)
	require.Equal(t, []incident.DutyKey{{"gdpr-breach", privacy.BreachNotifyAuthority}}, incident.Compare(stand, unlikely).Ended)
	require.True(t, incident.Compare(stand, mustDuties(t, aware(t, at, "DE", "CH"))).Nothing())
}

func mustDuties(t testing.TB, c incident.Case) []incident.Duty {
	t.Helper()
	all, err := incident.Duties(rules(t), c)
	require.NoError(t, err)
	return all
}

// What keeps a moment from being recorded.
func TestMomentsThatCanNotBe(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 6, 12, 14, 20, 0, 0, time.UTC)
	have := incident.Moments{
		{Of: privacy.TriggerSuspicion, At: at.Add(-time.Hour), Reasons: "An alert.", Recorded: at},
		{Of: privacy.TriggerAwareness, At: at, Reasons: "Seen.", Recorded: at},
	}
	good := incident.Moment{Of: privacy.TriggerAwareness, At: at.Add(-time.Minute), Reasons: "The log says so.", Recorded: at.Add(time.Hour)}
	require.NoError(t, have.May(good))
	for want, change := range map[error]func(*incident.Moment){
		incident.ErrMomentUnknown: func(m *incident.Moment) { m.Of = "breakfast" },
		incident.ErrMomentAhead:   func(m *incident.Moment) { m.At = m.Recorded.Add(2 * time.Minute) },
		incident.ErrMomentReasons: func(m *incident.Moment) { m.Reasons = "" },
		incident.ErrMomentSame:    func(m *incident.Moment) { m.At = at },
		incident.ErrMomentOrder:   func(m *incident.Moment) { m.At = at.Add(-2 * time.Hour) },
	} {
		m := good
		change(&m)
		require.ErrorIs(t, have.May(m), want)
	}
}

// Phases end when what they need is there, and not before; knowing more never sends an incident back, and only a person ends the review.
func TestPhases(t *testing.T) {
	t.Parallel()
	k := incident.Known{}
	require.Equal(t, incident.Detection, incident.Detection.Settled(k))
	k.Owner = true
	require.Equal(t, incident.Assessment, incident.Detection.Settled(k))
	require.Equal(t, []incident.Need{incident.NeedSeverity, incident.NeedPersonalData}, incident.Assessment.Needs(k))
	k.Severity, k.PersonalData = incident.High, incident.Yes
	require.Equal(t, []incident.Need{incident.NeedScope, incident.NeedAwareness, incident.NeedRisk}, incident.Assessment.Needs(k))
	processor := k
	processor.Role = privacy.BreachProcessor
	require.NotContains(t, incident.Assessment.Needs(processor), incident.NeedRisk, "a processor weighs no risk")
	none := k
	none.PersonalData = incident.No
	require.Empty(t, incident.Assessment.Needs(none), "what hit no personal data has no clocks of data protection to wait for")
	k.Scoped, k.Aware, k.Risk = true, true, privacy.RiskPresent
	require.Equal(t, incident.Containment, incident.Detection.Settled(k))
	k.Contained, k.Owed = true, 1
	require.Equal(t, incident.Notification, incident.Detection.Settled(k))
	k.Owed, k.Mended, k.RootCause = 0, true, true
	require.Equal(t, incident.Review, incident.Detection.Settled(k), "only a person ends the review")
	require.Empty(t, incident.Review.Needs(k))
	k.Loose = 2
	require.Equal(t, []incident.Need{incident.NeedActions}, incident.Review.Needs(k))
	require.Equal(t, incident.Review, incident.Review.Settled(incident.Known{}))
	_, more := incident.Closed.Next()
	require.False(t, more)
}

// Whatever comes to be known in whatever order: an incident goes forward only, and never past a phase that lacks something.
func TestPhasesNeverSkip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		p := rapid.SampledFrom(incident.Phases()).Draw(rt, "phase")
		k := incident.Known{
			Owner: rapid.Bool().Draw(rt, "owner"), Severity: rapid.SampledFrom(append(incident.Severities(), "")).Draw(rt, "severity"),
			PersonalData: rapid.SampledFrom([]incident.Answer{incident.Unknown, incident.Yes, incident.No}).Draw(rt, "data"), Scoped: rapid.Bool().Draw(rt, "scoped"),
			Aware: rapid.Bool().Draw(rt, "aware"), Risk: rapid.SampledFrom(append(privacy.BreachRisks(), "")).Draw(rt, "risk"),
			Contained: rapid.Bool().Draw(rt, "contained"), Mended: rapid.Bool().Draw(rt, "mended"), Owed: rapid.IntRange(0, 2).Draw(rt, "owed"),
		}
		all := incident.Phases()
		from, to := slices.Index(all, p), slices.Index(all, p.Settled(k))
		require.GreaterOrEqual(rt, to, from)
		for _, passed := range all[from:to] {
			require.Empty(rt, passed.Needs(k))
		}
		if end := all[to]; end != incident.Review && end != incident.Closed {
			require.NotEmpty(rt, end.Needs(k))
		}
	})
}
