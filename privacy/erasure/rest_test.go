package erasure_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// What is left is over, ends on a day, waits for people, or never goes by itself.
func TestRestSaysWhatIsLeftAndWhenToLookAgain(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)
	day := func(year int) privacy.Date { return privacy.NewDate(year, time.December, 31) }
	ends := func(years ...int) (out []erasure.End) {
		for _, y := range years {
			out = append(out, erasure.End{Day: day(y), Rows: 1})
		}
		return out
	}
	duty := func(years ...int) erasure.Keeping {
		return erasure.Keeping{Ground: erasure.KeptByDuty, Rows: 1, Ends: ends(years...)}
	}
	for name, c := range map[string]struct {
		kept erasure.Keeping
		seen privacy.Date
		held bool
		want erasure.Rest
	}{
		"a duty":                      {kept: duty(2034), want: erasure.Rest{Next: time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC)}},
		"some of it is over":          {kept: duty(2029, 2034), want: erasure.Rest{Over: true, Next: time.Date(2035, 1, 1, 0, 0, 0, 0, time.UTC)}},
		"people erased what was over": {kept: duty(2029), seen: day(2029)},
		"but not what is over since":  {kept: duty(2028, 2029), seen: day(2028), want: erasure.Rest{Over: true}},
		"nobody can say":              {kept: duty(), want: erasure.Rest{Unknown: true, Next: now.AddDate(1, 0, 0)}},
		"a hold":                      {kept: erasure.Keeping{Ground: erasure.KeptByHold, Rows: 1}, held: true, want: erasure.Rest{Next: now.Add(24 * time.Hour)}},
		"a hold that was lifted":      {kept: erasure.Keeping{Ground: erasure.KeptByHold, Rows: 1}, want: erasure.Rest{Over: true}},
		"a decision":                  {kept: erasure.Keeping{Ground: erasure.KeptByReview, Rows: 1}},
		"no rows":                     {kept: erasure.Keeping{Ground: erasure.KeptByDuty, Ends: ends(2029)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := erasure.SystemPlan{Lines: []erasure.Line{{Kept: []erasure.Keeping{c.kept}}}}
			require.Equal(t, c.want, s.Rest(now, time.UTC, c.seen, c.held))
		})
	}
}
