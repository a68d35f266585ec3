package policies_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// question is one that both the core and the slow model answer.
type question struct {
	ledger            slowLedger
	moment, known     time.Time
	ask               consent.Ask
	recipient, sender string
	channel           privacy.MessageChannel
	limits            []privacy.StandingLimit
}

func drawnQuestion(t *rapid.T, l slowLedger) question {
	countries := []string{"", "CA", "US", "AU", "GB", "DE", "NO", "CH", "JP"}
	moment := time.Date(2027, 1, 1, 12, 0, 0, 0, time.UTC)
	if rapid.Bool().Draw(t, "in between") {
		moment = drawnMoment().Draw(t, "moment")
	}
	q := question{
		ledger: l, moment: moment, known: time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC),
		recipient: rapid.SampledFrom(countries).Draw(t, "recipient"), sender: rapid.SampledFrom(countries).Draw(t, "sender"),
		channel: rapid.SampledFrom([]privacy.MessageChannel{
			privacy.ByEmail, privacy.ByEmail, privacy.ByEmail, privacy.BySMS, privacy.ByPhone, privacy.ByPost, privacy.ByPush,
		}).Draw(t, "channel"),
	}
	if rapid.Bool().Draw(t, "as known then") {
		q.known = q.moment.AddDate(0, 0, rapid.SampledFrom([]int{0, 40}).Draw(t, "later"))
	}
	q.ask = drawnAsk(privacy.DateIn(q.moment, time.FixedZone("", 11*3600))).Draw(t, "ask")
	if rapid.IntRange(0, 3).Draw(t, "limited") == 0 {
		q.limits = drawnLimits().Draw(t, "limits")
	}
	return q
}

// barring are the limits that stand against the message: a restriction against every one (GDPR Art 18(2)), an objection to direct marketing and what is left of
// an erasure against whatever is not about the person's own business (Art 21(3)), as long as the person has not confirmed since that they want it; an objection to
// legitimate interests against what nobody has consented to expressly (Art 21(1)).
func (q question) barring(l slowLedger) (out []privacy.LimitKind) {
	for _, limit := range q.limits {
		marketing := limit.Kind == privacy.LimitMarketing || limit.Kind == privacy.LimitSuppressed
		switch {
		case limit.Kind == privacy.LimitRestriction:
			out = append(out, limit.Kind)
		case marketing && q.ask.Class != privacy.Transactional && !l.confirmed(limit.Since):
			out = append(out, limit.Kind)
		case limit.Kind == privacy.LimitInterests && q.ask.Class != privacy.Transactional && !l.express():
			out = append(out, limit.Kind)
		}
	}
	return out
}

// The core decides as the laws say: allowed or not, on the same grounds, until the same day.
func TestTheCoreDecidesAsTheLawsSay(t *testing.T) {
	t.Parallel()
	rules := book(t).Messages()
	rapid.Check(t, func(t *rapid.T) {
		for range 5 {
			l := drawnLedger(t)
			for range 12 {
				q := drawnQuestion(t, l)
				laws := privacy.MessagesReaching(rules, q.recipient, q.sender, q.channel)
				standing := consent.At(l, q.moment, q.known)
				q.compare(t, consent.Decide(q.ask, &standing, consent.Bars(q.ask.Class, q.limits), laws))
				q.compareEach(t, consent.Explain(q.ask, &standing, nil, laws))
			}
		}
	})
}

// Whoever is told who reads has asked for it: in the Union and the United Kingdom (Directive 2002/58/EC Art 5(3), PECR reg 6), and where no law is known.
func TestTheCoreLetsTrackAsTheLawsSay(t *testing.T) {
	t.Parallel()
	rules := book(t).Messages()
	rapid.Check(t, func(t *rapid.T) {
		q := drawnQuestion(t, drawnLedger(t))
		standing, l := consent.At(q.ledger, q.moment, q.known), q.ledger.asOf(q.moment, q.known)
		d := consent.Track(&standing, privacy.MessagesReaching(rules, q.recipient, q.sender, q.channel))
		reached := slowReach(q.recipient, q.sender, q.channel)
		asks := slices.ContainsFunc(reached, func(law string) bool { return slices.Contains([]string{"uk-pecr", "eu-eprivacy", "elsewhere"}, law) })
		require.Equal(t, !l.withdrawn() && (!asks || l.express()), d.Allowed)
		require.Contains(t, reached, d.Law)
	})
}

// compare holds one decision against the model.
func (q question) compare(t *rapid.T, d consent.Decision) {
	l := q.ledger.asOf(q.moment, q.known)
	if barring := q.barring(l); len(barring) > 0 {
		require.Equal(t, consent.Barred, d.Reason, "%+v", q)
		require.False(t, d.Allowed)
		require.Contains(t, barring, d.Bar.Kind)
		return
	}
	all := map[string]verdict{}
	allowed, first := true, privacy.Date{}
	for _, law := range slowReach(q.recipient, q.sender, q.channel) {
		v := slowLaws()[law](l, q.ask)
		all[law] = v
		if until := v.until(); !until.IsZero() && (first.IsZero() || until.Before(first)) {
			first = until
		}
		allowed = allowed && len(v.grounds) > 0
	}
	require.Equal(t, allowed, d.Allowed, "%+v: %+v, but %+v", q, d, all)
	require.Contains(t, all, d.Law)
	all[d.Law].agrees(t, d)
	if allowed {
		require.Equal(t, first, d.Until, "%+v", q)
	}
}

// compareEach holds what is explained of each law against the model.
func (q question) compareEach(t *rapid.T, each []consent.Decision) {
	reached := slowReach(q.recipient, q.sender, q.channel)
	var explained []string
	for _, d := range each {
		explained = append(explained, d.Law)
		v := slowLaws()[d.Law](q.ledger.asOf(q.moment, q.known), q.ask)
		v.agrees(t, d)
		if d.Allowed {
			require.Equal(t, v.until(), d.Until, "%+v: %+v", q, d)
		}
	}
	slices.Sort(explained)
	slices.Sort(reached)
	require.Equal(t, reached, explained)
}

// agrees says that a decision gives a ground of the model, one that holds longest, or something that stands in the way.
func (v verdict) agrees(t *rapid.T, d consent.Decision) {
	require.Equal(t, len(v.grounds) > 0, d.Allowed, "%s: %+v, but %+v", d.Law, d, v)
	if !d.Allowed {
		require.Contains(t, v.misses, d.Reason, d.Law)
		return
	}
	require.Contains(t, v.grounds, d.Reason, d.Law)
	require.Equal(t, v.until(), v.grounds[d.Reason], "%s: a ground that lasts longer is %v", d.Law, v.grounds)
	require.NotEmpty(t, d.Citation.Text)
	require.NotEmpty(t, d.Version)
}
