package policies_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
)

// ended is a request for access whose person was proven and which was answered at a moment, by default.
func ended(at time.Time, changes ...func(*privacy.Ended)) privacy.Ended {
	e := privacy.Ended{Right: privacy.Access, Outcome: privacy.OutcomeRefused, Proven: true, At: at, Zone: time.UTC}
	for _, change := range changes {
		change(&e)
	}
	return e
}

// PIPEDA s.11(3): six months from the refusal, counted as the Interpretation Act counts: the day of the same number or the last one of the month, and
// on from a Sunday or a holiday. CQLR c P-39.1 s.42: thirty days, on from nothing.
func TestRecourseEnds(t *testing.T) {
	t.Parallel()
	toronto, err := time.LoadLocation("America/Toronto")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		regime string
		ended  privacy.Ended
		want   string
	}{
		"PIPEDA":                              {"pipeda", ended(at(2026, 3, 13)), "2026-09-14"}, // the 13th is a Sunday
		"the last of March, 30 September off": {"pipeda", ended(at(2026, 3, 31)), "2026-10-01"},
		"the last of August, and of February": {"pipeda", ended(at(2027, 8, 31)), "2028-02-29"},
		"a common year, whose 28th is Sunday": {"pipeda", ended(at(2026, 8, 31)), "2027-03-01"},
		"a Saturday is a day":                 {"pipeda", ended(at(2026, 4, 17)), "2026-10-17"},
		"an answer counts too":                {"pipeda", ended(at(2026, 3, 13), func(e *privacy.Ended) { e.Outcome = privacy.OutcomeFulfilled }), "2026-09-14"},
		"a correction, clause 4.9.5":          {"pipeda", ended(at(2026, 3, 13), func(e *privacy.Ended) { e.Right = privacy.Rectification }), "2026-09-14"},
		"the day is that of the controller":   {"pipeda", ended(time.Date(2026, 5, 2, 3, 0, 0, 0, time.UTC), func(e *privacy.Ended) { e.Zone = toronto }), "2026-11-02"},
		"holidays that the request was given": {"pipeda", ended(at(2026, 3, 31), func(e *privacy.Ended) { e.Holidays = []privacy.Date{} }), "2026-09-30"},
		"Quebec":                              {"quebec-25", ended(at(2026, 3, 31)), "2026-04-30"},
		"Quebec, on a Sunday all the same":    {"quebec-25", ended(at(2026, 4, 10)), "2026-05-10"},
		"what is carried along, in Quebec":    {"quebec-25", ended(at(2026, 3, 31), func(e *privacy.Ended) { e.Right = privacy.Portability }), "2026-04-30"},
		"taken back":                          {"pipeda", ended(at(2026, 3, 13), func(e *privacy.Ended) { e.Outcome = privacy.OutcomeWithdrawn }), ""},
		"filed by mistake, or twice":          {"pipeda", ended(at(2026, 3, 13), func(e *privacy.Ended) { e.Outcome = privacy.OutcomeCancelled }), ""},
		"nobody proved to be the person":      {"pipeda", ended(at(2026, 3, 13), func(e *privacy.Ended) { e.Outcome, e.Proven = privacy.OutcomeUnverified, false }), ""},
		"refused to who proved nothing":       {"pipeda", ended(at(2026, 3, 13), func(e *privacy.Ended) { e.Proven = false }), ""},
		"an erasure":                          {"quebec-25", ended(at(2026, 3, 31), func(e *privacy.Ended) { e.Right = privacy.Erasure }), ""},
		"a law that keeps nothing for this":   {"gdpr", ended(at(2026, 3, 31), func(e *privacy.Ended) { e.Calendar = "DE" }), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			until, err := regime(t, c.regime, c.ended.At).RecourseUntil(c.ended)
			require.NoError(t, err)
			require.Equal(t, c.want, until.String())
		})
	}
}

// A mark of how well a rule is known goes with it into every plan.
func TestRecourseKeepsItsMark(t *testing.T) {
	t.Parallel()
	require.Equal(t, privacy.Citation{Text: "PIPEDA ss.8(8), 11(3)", Mark: privacy.Verified}, regime(t, "pipeda", at(2026, 3, 13)).Recourse.Citation)
	require.Equal(t, privacy.Citation{Text: "CQLR c P-39.1 ss.36, 42", Mark: privacy.Knowledge}, regime(t, "quebec-25", at(2024, 3, 13)).Recourse.Citation)
}
