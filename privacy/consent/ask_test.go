package consent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// Art 18(2) and 21(3) GDPR: a restriction stands against every message, an objection to direct marketing against whatever is not about the person's own affairs.
func TestGDPRArt18And21BarMessages(t *testing.T) {
	t.Parallel()
	marketing := []privacy.LimitKind{privacy.LimitRestriction, privacy.LimitMarketing, privacy.LimitSuppressed, privacy.LimitInterests}
	for _, kind := range append(privacy.LimitKinds(), privacy.LimitSuppressed) {
		limit := []privacy.StandingLimit{{Kind: kind, Since: at("2026-03-01"), Citation: kind.Citation()}}
		for _, class := range privacy.MessageClasses() {
			bars := consent.Bars(class, limit)
			stands := kind == privacy.LimitRestriction
			for _, k := range marketing {
				stands = stands || k == kind && class != privacy.Transactional
			}
			if !stands {
				require.Empty(t, bars, "%s, %s", kind, class)
				continue
			}
			bar := consent.Bar{Kind: kind, Since: at("2026-03-01"), Citation: kind.Citation(), Interests: kind == privacy.LimitInterests}
			require.Equal(t, []consent.Bar{bar}, bars, "%s, %s", kind, class)
		}
	}
}

// Who confirms that they want messages after they had objected wants them; nobody else says so for them, and a restriction ends by its own rules.
func TestABarYieldsToTheMailboxAlone(t *testing.T) {
	t.Parallel()
	law := optIn()
	for name, c := range map[string]struct {
		kind     privacy.LimitKind
		standing consent.Standing
		allowed  bool
	}{
		"objection, confirmed since":    {privacy.LimitMarketing, consent.Standing{Given: at("2026-03-02"), Confirmed: at("2026-03-02")}, true},
		"objection, confirmed before":   {privacy.LimitMarketing, consent.Standing{Given: at("2026-02-02"), Confirmed: at("2026-02-02")}, false},
		"objection, same moment":        {privacy.LimitMarketing, consent.Standing{Given: at("2026-03-01"), Confirmed: at("2026-03-01")}, false},
		"objection, given since":        {privacy.LimitMarketing, consent.Standing{Given: at("2026-03-02")}, false},
		"erased, confirmed since":       {privacy.LimitSuppressed, consent.Standing{Given: at("2026-03-02"), Confirmed: at("2026-03-02")}, true},
		"interests, bought before":      {privacy.LimitInterests, consent.Standing{Relations: []consent.Relation{{Kind: "purchase", Day: date("2026-02-01"), Refusable: true, Offered: date("2026-02-01")}}}, false},
		"interests, consented before":   {privacy.LimitInterests, consent.Standing{Given: at("2026-02-02")}, true},
		"restriction, confirmed since":  {privacy.LimitRestriction, consent.Standing{Given: at("2026-03-02"), Confirmed: at("2026-03-02")}, false},
		"restriction, confirmed before": {privacy.LimitRestriction, consent.Standing{Given: at("2026-02-02"), Confirmed: at("2026-02-02")}, false},
	} {
		bars := consent.Bars(privacy.Commercial, []privacy.StandingLimit{{Kind: c.kind, Since: at("2026-03-01"), Citation: c.kind.Citation()}})
		d := consent.Decide(consent.Ask{Day: date("2026-04-01"), Class: privacy.Commercial}, &c.standing, bars, []privacy.MessageRule{law})
		require.Equal(t, c.allowed, d.Allowed, name)
		if !c.allowed {
			require.Equal(t, consent.Barred, d.Reason, name)
			require.Equal(t, c.kind, d.Bar.Kind, name)
			require.Equal(t, c.kind.Citation(), d.Citation, name)
			require.Equal(t, []consent.Remedy{consent.EndBar}, d.Reason.Remedies(), name)
		}
	}
}

// Of several bars each stands by itself: that one yields lets nothing through that another holds.
func TestEachBarStandsByItself(t *testing.T) {
	t.Parallel()
	s := consent.Standing{Given: at("2026-03-02"), Confirmed: at("2026-03-02")}
	early := privacy.StandingLimit{Kind: privacy.LimitMarketing, Since: at("2026-03-01"), Citation: cites("early")}
	late := privacy.StandingLimit{Kind: privacy.LimitSuppressed, Since: at("2026-03-03"), Citation: cites("late")}
	ask := consent.Ask{Day: date("2026-04-01"), Class: privacy.Commercial}
	for _, limits := range [][]privacy.StandingLimit{{early, late}, {late, early}} {
		d := consent.Decide(ask, &s, consent.Bars(ask.Class, limits), []privacy.MessageRule{optIn()})
		require.Equal(t, consent.Barred, d.Reason)
		require.Equal(t, "late", d.Citation.Text)
		require.Equal(t, privacy.LimitSuppressed, d.Bar.Kind)
	}
	require.True(t, consent.Decide(ask, &s, consent.Bars(ask.Class, []privacy.StandingLimit{early}), []privacy.MessageRule{optIn()}).Allowed)
}

func date(s string) privacy.Date {
	d, err := privacy.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// at is noon of a day.
func at(s string) time.Time {
	d := date(s)
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
}

func cites(text string) privacy.Citation { return privacy.Citation{Text: text, Mark: privacy.Verified} }

// optIn is a law that wants express consent and has no more to it.
func optIn() privacy.MessageRule {
	return privacy.MessageRule{
		ID: "opt-in", Version: "1", Consent: privacy.OptInModel, Citation: cites("s.1"), Unsubscribe: privacy.Unsubscribe{Citation: cites("s.2")},
	}
}
