package policies_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func book(t require.TestingT) *policies.Book {
	b, err := policies.Embedded()
	require.NoError(t, err)
	return b
}

func regime(t require.TestingT, id string, on time.Time) *privacy.Regime {
	r, err := book(t).Regime(id, on)
	require.NoError(t, err)
	return r
}

func at(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 10, 0, 0, 0, time.UTC)
}

func ptr[T any](v T) *T { return &v }

// only finds one obligation among the deadlines.
func only(t require.TestingT, r *privacy.Regime, f privacy.Facts, kind privacy.ObligationKind) privacy.Deadline {
	all, err := r.Deadlines(f)
	require.NoError(t, err)
	for _, d := range all {
		if d.Kind == kind {
			return d
		}
	}
	require.Failf(t, "no deadline", "%s owes no %s", r.ID, kind)
	return privacy.Deadline{}
}

func code(t *testing.T, err error) privacy.RuleCode {
	t.Helper()
	var refused *privacy.RuleError
	require.ErrorAs(t, err, &refused)
	return refused.Code
}

func facts(right privacy.Right, received time.Time, calendar string) privacy.Facts {
	return privacy.Facts{Right: right, Received: received, Zone: time.UTC, Calendar: calendar}
}

func TestGDPRArt12ExtensionIsCountedFromReceipt(t *testing.T) {
	t.Parallel()
	r := regime(t, "gdpr", at(2026, 1, 31))
	f := facts(privacy.Access, at(2026, 1, 31), "DE")
	require.Equal(t, "2026-03-02", only(t, r, f, privacy.Respond).DueDate.String())
	f.Extended = true
	d := only(t, r, f, privacy.Respond)
	require.Equal(t, "2026-04-30", d.DueDate.String(), "31 January and three months, not 2 March and two")
	require.True(t, d.Extended)
	require.Equal(t, "2026-03-02", only(t, r, f, privacy.ExtensionNotice).DueDate.String(), "the cut-off does not move")
}

func TestGDPRArt12DayOfReceiptIsLocal(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	f := facts(privacy.Access, time.Date(2026, 3, 4, 23, 30, 0, 0, time.UTC), "DE") // 5 March in Berlin
	f.Zone = berlin
	d := only(t, regime(t, "gdpr", f.Received), f, privacy.Respond)
	require.Equal(t, "2026-04-07", d.DueDate.String())
	require.Equal(t, "2026-04-07T21:59:59Z", d.Due.Format(time.RFC3339))
}

func TestUKGDPRArt12A5ExcludesBothDays(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 2), "GB-ENG")
	r := regime(t, "uk-gdpr", f.Received)
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseClarification, From: at(2026, 3, 5)}}
	require.True(t, only(t, r, f, privacy.Respond).Paused)
	f.Pauses[0].Until = ptr(at(2026, 3, 11))
	d := only(t, r, f, privacy.Respond)
	require.False(t, d.Paused)
	require.Equal(t, 7, d.PausedDays)
	require.Equal(t, "2026-04-09", d.DueDate.String())
	require.Equal(t, "2026-04-08", d.EarliestSafeDate.String())
	require.Equal(t, "2026-04-09", only(t, r, f, privacy.ExtensionNotice).DueDate.String(), "the notice month is paused too")

	f.Right = privacy.Erasure
	_, err := r.Deadlines(f)
	require.Equal(t, privacy.CodeNoPause, code(t, err), "Art 15 requests only")
	require.Equal(t, privacy.CodeNoPause, code(t, r.MayPause(facts(privacy.Erasure, at(2026, 3, 2), "GB-ENG"), privacy.PauseClarification, at(2026, 3, 3))))
}

func TestOverlappingPausesCountOnce(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 6, 1), "DE")
	f.Pauses = []privacy.Pause{
		{Kind: privacy.PauseIdentity, From: at(2026, 6, 2), Until: ptr(at(2026, 6, 9))},
		{Kind: privacy.PauseClarification, From: at(2026, 6, 4), Until: ptr(at(2026, 6, 11))},
	}
	d := only(t, regime(t, "gdpr", f.Received), f, privacy.Respond)
	require.Equal(t, 9, d.PausedDays, "3 to 11 June")
	require.Equal(t, "2026-07-10", d.DueDate.String())
	require.Equal(t, "2026-07-01", d.EarliestSafeDate.String(), "the suspension is not relied on")
}

func TestUKGDPRArt12A2IdentityStartsAnew(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 2, 10), "GB-ENG")
	r := regime(t, "uk-gdpr", f.Received)
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: at(2026, 2, 12)}}
	require.True(t, only(t, r, f, privacy.Respond).Paused)
	f.IdentityInfoReceived, f.FeePaid = ptr(at(2026, 2, 28)), ptr(at(2026, 2, 25))
	d := only(t, r, f, privacy.Respond)
	require.False(t, d.Paused)
	require.Equal(t, "2026-02-28", d.Start.String())
	require.Equal(t, "2026-03-30", d.DueDate.String())
	require.Zero(t, d.PausedDays)
}

func TestUKGDPRArt12ADaysBeforeANewStartAreNotAddedToo(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 2), "GB-ENG")
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseClarification, From: at(2026, 3, 5), Until: ptr(at(2026, 3, 11))}}
	f.IdentityInfoReceived = ptr(at(2026, 3, 9))
	d := only(t, regime(t, "uk-gdpr", f.Received), f, privacy.Respond)
	require.Equal(t, "2026-03-09", d.Start.String())
	require.Equal(t, 3, d.PausedDays, "9 to 11 March")
	require.Equal(t, "2026-04-13", d.DueDate.String(), "12 April is a Sunday")
}

func TestDPA2018Part3HasItsOwnMonth(t *testing.T) {
	t.Parallel()
	received := at(2025, 6, 30)
	part3 := only(t, regime(t, "uk-dpa-part3", received), facts(privacy.Access, received, "GB-ENG"), privacy.Respond)
	general := only(t, regime(t, "uk-gdpr", received), facts(privacy.Access, received, "GB-ENG"), privacy.Respond)
	require.Equal(t, "2025-08-01", part3.DueDate.String())
	require.Equal(t, "2025-07-30", general.DueDate.String())
}

func TestDSVArt19FeeProcedure(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 2), "")
	r := regime(t, "ch-dsg", f.Received)
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseFee, From: at(2026, 3, 2)}}
	require.True(t, only(t, r, f, privacy.Respond).Paused)
	f.FeePaid = ptr(at(2026, 3, 5))
	d := only(t, r, f, privacy.Respond)
	require.Equal(t, "2026-04-11", d.DueDate.String(), "from the end of the ten days, however early the acceptance")
	require.Equal(t, "2026-03-12", only(t, r, f, privacy.FeeConfirmation).DueDate.String())
	f.FeePaid = ptr(at(2026, 3, 13))
	require.True(t, only(t, r, f, privacy.Respond).Withdrawn, "silence withdraws the request")
}

func TestCCPA7021RunsThroughVerification(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 2), "")
	r := regime(t, "ccpa", f.Received)
	require.Equal(t, privacy.CodeNoPause, code(t, r.MayPause(f, privacy.PauseIdentity, at(2026, 3, 3))))
	d := only(t, r, f, privacy.Respond)
	require.Equal(t, "2026-04-16", d.DueDate.String())
	require.Equal(t, "2026-04-15", d.EarliestSafeDate.String())
	require.Equal(t, "2026-03-16", only(t, r, f, privacy.Acknowledge).DueDate.String())
	require.False(t, r.Rights[privacy.OptOut].NeedsIdentity)
}

func TestPIPEDASaturdayIsADueDay(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 5), "")
	require.Equal(t, "2026-04-04", only(t, regime(t, "pipeda", f.Received), f, privacy.Respond).DueDate.String())
	require.NotNil(t, regime(t, "pipeda", f.Received).BlocksErasure, "s.8(8)")
}

func TestOpenExtensionsNeedTheirDay(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 2), "")
	f.Extended = true
	r := regime(t, "ch-dsg", f.Received)
	_, err := r.Deadlines(f)
	require.Equal(t, privacy.CodeExtensionDate, code(t, err))
	f.ExtendedUntil = privacy.NewDate(2026, 5, 20)
	require.Equal(t, "2026-05-20", only(t, r, f, privacy.Respond).DueDate.String())
}

func TestMayExtend(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 5), "DE")
	r := regime(t, "gdpr", f.Received)
	require.NoError(t, r.MayExtend(f, time.Date(2026, 4, 7, 23, 59, 59, 0, time.UTC)), "Easter Monday is over")
	require.Equal(t, privacy.CodeExtensionTooLate, code(t, r.MayExtend(f, at(2026, 4, 8))))
	f.Extended = true
	require.Equal(t, privacy.CodeAlreadyExtended, code(t, r.MayExtend(f, at(2026, 3, 6))))
	lgpd := facts(privacy.Access, at(2026, 3, 5), "")
	require.Equal(t, privacy.CodeNoExtension, code(t, regime(t, "lgpd", lgpd.Received).MayExtend(lgpd, at(2026, 3, 6))))
}

func TestMayPause(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 5), "DE")
	r := regime(t, "gdpr", f.Received)
	require.NoError(t, r.MayPause(f, privacy.PauseIdentity, at(2026, 3, 6)))
	require.Equal(t, privacy.CodePauseTooEarly, code(t, r.MayPause(f, privacy.PauseIdentity, at(2026, 3, 4))))
	require.Equal(t, privacy.CodePauseTooLate, code(t, r.MayPause(f, privacy.PauseIdentity, at(2026, 4, 8))))
	require.Equal(t, privacy.CodeNoPause, code(t, r.MayPause(f, privacy.PauseFee, at(2026, 3, 6))))
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: at(2026, 3, 6)}}
	require.Equal(t, privacy.CodeAlreadyPaused, code(t, r.MayPause(f, privacy.PauseIdentity, at(2026, 3, 7))))
}

func TestFactsThatCannotBe(t *testing.T) {
	t.Parallel()
	r := regime(t, "gdpr", at(2026, 3, 5))
	for name, c := range map[string]struct {
		change func(*privacy.Facts)
		want   privacy.RuleCode
	}{
		"no zone":          {func(f *privacy.Facts) { f.Zone = nil }, privacy.CodeZoneMissing},
		"no calendar":      {func(f *privacy.Facts) { f.Calendar = "" }, privacy.CodeCalendarMissing},
		"unknown calendar": {func(f *privacy.Facts) { f.Calendar = "ZZ" }, privacy.CodeCalendarUnknown},
		"no receipt":       {func(f *privacy.Facts) { f.Received = time.Time{} }, privacy.CodeReceivedMissing},
		"right not given":  {func(f *privacy.Facts) { f.Right = privacy.LimitUse }, privacy.CodeRightUnknown},
		"pause before start": {func(f *privacy.Facts) {
			f.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: at(2026, 3, 1)}}
		}, privacy.CodeFactsContradictory},
		"pause backwards": {func(f *privacy.Facts) {
			f.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: at(2026, 3, 8), Until: ptr(at(2026, 3, 7))}}
		}, privacy.CodeFactsContradictory},
	} {
		f := facts(privacy.Access, at(2026, 3, 5), "DE")
		c.change(&f)
		_, err := r.Deadlines(f)
		require.Equal(t, c.want, code(t, err), name)
	}
}

func TestAppealsRunFromTheirOwnReceipt(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 2), "")
	f.AppealReceived = ptr(at(2026, 6, 1))
	r := regime(t, "us-co", f.Received)
	require.Equal(t, "2026-07-16", only(t, r, f, privacy.AppealDecision).DueDate.String())
	f.AppealExtended = true
	require.Equal(t, "2026-09-14", only(t, r, f, privacy.AppealDecision).DueDate.String())
}

func TestLGPDSmallAgentsHaveDoubleTime(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 20), "")
	r := regime(t, "lgpd", f.Received)
	d := only(t, r, f, privacy.Respond)
	require.Equal(t, "2026-04-04", d.DueDate.String())
	require.Equal(t, "2026-04-06", d.LenientDate.String())
	f.SmallAgent = true
	require.Equal(t, "2026-04-19", only(t, r, f, privacy.Respond).DueDate.String())
}

func TestDeadlinesSurviveJSON(t *testing.T) {
	t.Parallel()
	f := facts(privacy.Access, at(2026, 3, 5), "DE")
	f.Holidays = []privacy.Date{}
	f.Pauses = []privacy.Pause{{Kind: privacy.PauseIdentity, From: at(2026, 3, 6), Until: ptr(at(2026, 3, 9))}}
	data, err := json.Marshal(f)
	require.NoError(t, err)
	var back privacy.Facts
	require.NoError(t, json.Unmarshal(data, &back))
	require.NotNil(t, back.Holidays, "an empty list of holidays is not the calendar's own")
	r := regime(t, "gdpr", f.Received)
	want, err := r.Deadlines(f)
	require.NoError(t, err)
	got, err := r.Deadlines(back)
	require.NoError(t, err)
	require.Equal(t, want, got)

	stored, err := json.Marshal(r)
	require.NoError(t, err)
	var copied privacy.Regime
	require.NoError(t, json.Unmarshal(stored, &copied))
	require.Equal(t, r, &copied)
}

// TestEveryRegimeComputes walks every right of every version and holds what must hold for all of them.
func TestEveryRegimeComputes(t *testing.T) {
	t.Parallel()
	b := book(t)
	rapid.Check(t, func(t *rapid.T) {
		summary := rapid.SampledFrom(b.Regimes()).Draw(t, "regime")
		r, err := b.RegimeVersion(summary.ID, summary.Version)
		require.NoError(t, err)
		f := privacy.Facts{
			Right: rapid.SampledFrom(summary.Rights).Draw(t, "right"), Zone: time.UTC,
			Calendar: rapid.SampledFrom(r.Calendars).Draw(t, "calendar"),
			Received: at(2024, 1, 1).AddDate(0, 0, rapid.IntRange(0, 1500).Draw(t, "day")),
		}
		plain, err := r.Deadlines(f)
		require.NoError(t, err)
		require.NotEmpty(t, plain)
		later := f
		later.Received = f.Received.AddDate(0, 0, 1)
		next, err := r.Deadlines(later)
		require.NoError(t, err)
		for i, d := range plain {
			require.False(t, d.DueDate.Before(d.Nominal), "due never before nominal")
			require.False(t, d.EarliestSafeDate.After(d.DueDate), "earliest safe never after due")
			require.False(t, next[i].DueDate.Before(d.DueDate), "monotone in the day of receipt")
			require.NotEmpty(t, d.Citation.Text)
			require.NotEmpty(t, d.Explanation.Steps)
			require.NotEmpty(t, d.Explanation.Inputs)
		}
	})
}

func TestPausesAndExtensionsOnlyLengthen(t *testing.T) {
	t.Parallel()
	b := book(t)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.SampledFrom([]string{"gdpr", "uk-gdpr"}).Draw(t, "regime")
		f := facts(privacy.Access, at(2026, 3, 1).AddDate(0, 0, rapid.IntRange(0, 400).Draw(t, "day")), "GB-ENG")
		r, err := b.Regime(id, f.Received)
		require.NoError(t, err)
		plain := only(t, r, f, privacy.Respond)
		from := f.Received.AddDate(0, 0, rapid.IntRange(0, 20).Draw(t, "from"))
		paused := f
		paused.Pauses = []privacy.Pause{{Kind: privacy.PauseClarification, From: from, Until: ptr(from.AddDate(0, 0, rapid.IntRange(0, 30).Draw(t, "long")))}}
		withPause := only(t, r, paused, privacy.Respond)
		require.False(t, withPause.DueDate.Before(plain.DueDate))
		require.False(t, withPause.EarliestSafeDate.Before(plain.EarliestSafeDate))
		paused.Extended = true
		extended := only(t, r, paused, privacy.Respond)
		require.Equal(t, privacy.DateIn(f.Received, time.UTC).AddMonths(3).AddDays(withPause.PausedDays), extended.Nominal, "three months from the start in one step")
	})
}
