package consent_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy/consent"
)

var entered = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

const oneDay = 24 * time.Hour

// What comes of a sign-up, one by one.
func TestWhatComesOfASignUp(t *testing.T) {
	t.Parallel()
	asked := consent.PastSignUp{State: consent.SignUpAsked, At: entered, Purposes: []int32{1, 2}, Letters: 1, LetterAt: entered}
	denied := consent.PastSignUp{State: consent.SignUpDenied, At: entered, Ended: entered, Purposes: []int32{1}, Letters: 1, LetterAt: entered}
	known := consent.PastSignUp{State: consent.SignUpKnown, At: entered, Ended: entered, Letters: 1, LetterAt: entered}
	many := consent.PastSignUp{State: consent.SignUpExpired, At: entered, Ended: entered, Purposes: []int32{9}, Letters: consent.MailboxLetters, LetterAt: entered}
	quiet := consent.PastSignUp{State: consent.SignUpDenied, At: entered, Ended: entered, Purposes: []int32{1}}
	for name, c := range map[string]struct {
		after   time.Duration
		missing []int32
		confirm bool
		past    []consent.PastSignUp
		want    consent.Arrival
	}{
		"the first":                      {0, []int32{1}, true, nil, consent.Arrival{State: consent.SignUpAsked, Joins: -1, Letter: true}},
		"where no law wants it":          {0, []int32{1}, false, nil, consent.Arrival{State: consent.SignUpGiven, Joins: -1, Letter: true}},
		"pressed twice":                  {time.Minute, []int32{2}, true, []consent.PastSignUp{asked}, consent.Arrival{State: consent.SignUpAsked}},
		"an hour later":                  {time.Hour, []int32{1}, true, []consent.PastSignUp{asked}, consent.Arrival{State: consent.SignUpAsked, Letter: true}},
		"for something else":             {time.Minute, []int32{3}, true, []consent.PastSignUp{asked}, consent.Arrival{State: consent.SignUpAsked, Joins: -1, Wait: 9 * time.Minute}},
		"for more":                       {time.Minute, []int32{1, 3}, true, []consent.PastSignUp{asked}, consent.Arrival{State: consent.SignUpAsked, Joins: -1, Wait: 9 * time.Minute}},
		"for more, later":                {time.Hour, []int32{1, 3}, true, []consent.PastSignUp{asked}, consent.Arrival{State: consent.SignUpAsked, Joins: -1, Letter: true}},
		"everything, right after":        {time.Minute, nil, true, []consent.PastSignUp{asked}, consent.Arrival{State: consent.SignUpKnown, Joins: -1}},
		"everything there is":            {0, nil, true, nil, consent.Arrival{State: consent.SignUpKnown, Joins: -1, Letter: true}},
		"told so this week":              {6 * oneDay, nil, false, []consent.PastSignUp{known}, consent.Arrival{State: consent.SignUpKnown}},
		"told so last week":              {7 * oneDay, nil, false, []consent.PastSignUp{known}, consent.Arrival{State: consent.SignUpKnown, Joins: -1, Letter: true}},
		"it was not them":                {179 * oneDay, []int32{1}, true, []consent.PastSignUp{denied}, consent.Arrival{State: consent.SignUpDenied, Joins: -1}},
		"nor under another law":          {time.Hour, []int32{1}, false, []consent.PastSignUp{denied}, consent.Arrival{State: consent.SignUpDenied, Joins: -1}},
		"and again":                      {time.Hour, []int32{1}, true, []consent.PastSignUp{denied, quiet}, consent.Arrival{State: consent.SignUpDenied, Joins: 1}},
		"half a year later":              {180 * oneDay, []int32{1}, true, []consent.PastSignUp{denied, quiet}, consent.Arrival{State: consent.SignUpAsked, Joins: -1, Letter: true}},
		"a mailbox that has had enough":  {time.Hour, []int32{1}, true, []consent.PastSignUp{many}, consent.Arrival{State: consent.SignUpHeld, Joins: -1}},
		"of which nothing is said twice": {time.Hour, nil, true, []consent.PastSignUp{many}, consent.Arrival{State: consent.SignUpKnown, Joins: -1}},
		"a month later":                  {30 * oneDay, []int32{1}, true, []consent.PastSignUp{many}, consent.Arrival{State: consent.SignUpAsked, Joins: -1, Letter: true}},
	} {
		got := consent.SignUp{At: entered.Add(c.after), Missing: c.missing, Confirm: c.confirm, Past: c.past}.Arrives()
		require.Equal(t, c.want, got, name)
	}
}

// mailbox is what somebody has to put up with whose address others enter: a slow and obvious account of it.
type mailbox struct {
	past []consent.PastSignUp
	got  []time.Time
	told []time.Time
	// entries are the letters that entries brought, without what a controller's own server said.
	entries []time.Time
}

func (m *mailbox) enter(at time.Time, missing []int32, confirm bool) {
	a := consent.SignUp{At: at, Missing: missing, Confirm: confirm, Past: m.past}.Arrives()
	if a.Letter {
		m.got = append(m.got, at)
		if a.State != consent.SignUpGiven {
			m.entries = append(m.entries, at)
		}
		if a.State == consent.SignUpKnown {
			m.told = append(m.told, at)
		}
	}
	if a.Joins < 0 {
		m.past = append(m.past, consent.PastSignUp{State: a.State, At: at, Purposes: missing})
		a.Joins = len(m.past) - 1
		if a.State != consent.SignUpAsked {
			m.past[a.Joins].Ended = at
		}
	}
	if p := &m.past[a.Joins]; a.Letter {
		p.Letters, p.LetterAt = p.Letters+1, at
	}
}

// Whatever is entered, however often: a mailbox gets no more than so many letters in any month, no two that entries bring within minutes, word that it gets
// everything once a week at most, and nothing at all after it said no.
func TestNobodysMailboxIsFilled(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, at := &mailbox{}, entered
		deniedAt := -1
		for step := range rapid.IntRange(1, 150).Draw(t, "steps") {
			at = at.Add(rapid.SampledFrom([]time.Duration{0, time.Second, time.Minute, 11 * time.Minute, time.Hour, oneDay, 5 * oneDay}).Draw(t, "later"))
			switch rapid.IntRange(0, 9).Draw(t, "what") {
			case 0: // they confirm, it expires, or they say that it was not them
				for i := range m.past {
					if m.past[i].State == consent.SignUpAsked {
						m.past[i].State = rapid.SampledFrom([]consent.SignUpState{consent.SignUpConfirmed, consent.SignUpExpired}).Draw(t, "end")
						m.past[i].Ended = at
					}
				}
			case 1:
				for i := range m.past {
					if p := &m.past[i]; p.State == consent.SignUpAsked && step > 100 && deniedAt < 0 {
						p.State, p.Ended, deniedAt = consent.SignUpDenied, at, len(m.got)
						at = at.Add(time.Second)
					}
				}
			case 2:
				for i := range m.past {
					others := slices.Delete(slices.Clone(m.past), i, i+1)
					if p := &m.past[i]; p.MayRemind(at, others) && at.Sub(p.At) > oneDay {
						p.Letters, p.LetterAt = p.Letters+1, at
						m.got = append(m.got, at)
					}
				}
			default:
				m.enter(at, rapid.SliceOfNDistinct(rapid.Int32Range(1, 3), 0, 3, rapid.ID).Draw(t, "missing"), rapid.Bool().Draw(t, "confirm"))
			}
		}
		for i, first := range m.got {
			within := 0
			for _, other := range m.got[i:] {
				if other.Sub(first) < consent.MailboxSpan {
					within++
				}
			}
			// Letters of a sign-up count from its last one, so that there are rather fewer.
			require.LessOrEqual(t, within, consent.MailboxLetters)
		}
		for i := 1; i < len(m.entries); i++ {
			require.GreaterOrEqual(t, m.entries[i].Sub(m.entries[i-1]), consent.SignUpQuiet)
		}
		for i := 1; i < len(m.told); i++ {
			require.GreaterOrEqual(t, m.told[i].Sub(m.told[i-1]), consent.KnownEvery)
		}
		for _, p := range m.past {
			require.LessOrEqual(t, p.Letters, consent.SignUpLetters)
		}
		if deniedAt >= 0 {
			for _, got := range m.got[deniedAt:] {
				for _, p := range m.past {
					if p.State == consent.SignUpDenied && p.Letters > 0 && got.Sub(p.Ended) < consent.DeniedFor {
						require.Contains(t, m.told, got, "nothing but word that they get it already")
					}
				}
			}
		}
	})
}
