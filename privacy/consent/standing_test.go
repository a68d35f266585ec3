package consent_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// stands is what stands of a ledger whose lines are recorded as they happen.
func stands(events ...consent.Event) consent.Standing {
	for i := range events {
		events[i].Recorded = events[i].At
	}
	return consent.At(events, at("2030-01-01"), at("2030-01-01"))
}

func on(day string, kind consent.Kind) consent.Event {
	return consent.Event{Kind: kind, At: at(day), Day: date(day)}
}

// GDPR Art 7(1): what was proven stays so; another sign-up takes nothing away, whoever made it.
func TestWhoSignsUpAgainStaysConfirmed(t *testing.T) {
	t.Parallel()
	s := stands(on("2026-01-01", consent.Requested), on("2026-01-02", consent.Confirmed), on("2026-03-01", consent.Given))
	require.Equal(t, consent.Standing{Given: at("2026-03-01"), Confirmed: at("2026-01-02")}, s)
}

// GDPR Art 7(3): a withdrawal ends everything that was given or implied, until the person speaks again.
func TestAWithdrawalEndsEverything(t *testing.T) {
	t.Parallel()
	purchase := on("2026-01-03", consent.Refreshed)
	purchase.Relation = "purchase"
	again := purchase
	again.At, again.Day = at("2026-03-01"), date("2026-03-01")
	ledger := []consent.Event{
		on("2026-01-01", consent.Given), on("2026-01-02", consent.Confirmed), purchase, on("2026-01-04", consent.Disclosed), on("2026-02-01", consent.Withdrawn),
		again, on("2026-03-02", consent.Published), on("2026-03-03", consent.Expired),
	}
	require.Equal(t, consent.Standing{Withdrawn: at("2026-02-01")}, stands(ledger...))
	require.Equal(t, consent.Standing{Given: at("2026-04-01")}, stands(append(ledger, on("2026-04-01", consent.Given))...))
	require.Equal(t, consent.Standing{Given: at("2026-04-01"), Confirmed: at("2026-04-01")}, stands(append(ledger, on("2026-04-01", consent.Confirmed))...))
	require.Equal(t, consent.Standing{Withdrawn: at("2026-02-01"), Requested: at("2026-04-01")}, stands(append(ledger, on("2026-04-01", consent.Requested))...))
}

// Of one moment the withdrawal counts, in whatever order it came to be known.
func TestOfOneMomentTheWithdrawalCounts(t *testing.T) {
	t.Parallel()
	given, withdrawn := on("2026-01-01", consent.Given), on("2026-01-01", consent.Withdrawn)
	want := consent.Standing{Withdrawn: at("2026-01-01")}
	require.Equal(t, want, stands(given, withdrawn))
	require.Equal(t, want, stands(withdrawn, given))
	require.Equal(t, want, stands(withdrawn, on("2026-01-01", consent.Confirmed)))
}

// PECR reg 22(3)(c), Directive 2002/58/EC Art 13(2): a way to refuse is offered when the details are first taken. Neither a second purchase nor the end of a
// contract takes that back.
func TestARefusalOfferedOnceIsOffered(t *testing.T) {
	t.Parallel()
	related := func(day string, kind consent.Kind, of privacy.ConsentEvent, refusable bool) consent.Event {
		e := on(day, kind)
		e.Relation, e.Refusable = of, refusable
		return e
	}
	s := stands(related("2026-01-01", consent.Refreshed, "purchase", true), related("2026-02-01", consent.Refreshed, "purchase", false))
	require.Equal(t, []consent.Relation{{Kind: "purchase", Day: date("2026-02-01"), Refusable: true, Offered: date("2026-01-01")}}, s.Relations)
	s = stands(related("2026-01-01", consent.Began, "contract", true), related("2026-02-01", consent.Ended, "contract", false))
	require.Equal(t, []consent.Relation{{Kind: "contract", Day: date("2026-02-01"), Refusable: true, Offered: date("2026-01-01")}}, s.Relations)
	s = stands(related("2026-01-01", consent.Began, "contract", false), related("2026-02-01", consent.Refreshed, "contract", true))
	require.Equal(t, []consent.Relation{{Kind: "contract", Day: date("2026-01-01"), InForce: true, Refusable: true, Offered: date("2026-02-01")}}, s.Relations)
}

// Who wants nothing any more has withdrawn each purpose; what they give after that stands, and nothing that was implied before.
func TestUnderAStopOfEverything(t *testing.T) {
	t.Parallel()
	purchase := on("2026-01-03", consent.Refreshed)
	purchase.Relation, purchase.Refusable = "purchase", true
	stop := stands(on("2026-02-01", consent.Withdrawn))
	for name, c := range map[string]struct {
		purpose, want consent.Standing
	}{
		"given before":              {stands(on("2026-01-01", consent.Given)), consent.Standing{Withdrawn: at("2026-02-01")}},
		"given in the same moment":  {stands(on("2026-02-01", consent.Given)), consent.Standing{Withdrawn: at("2026-02-01")}},
		"given after":               {stands(on("2026-03-01", consent.Given)), consent.Standing{Given: at("2026-03-01")}},
		"given before, and after":   {stands(on("2026-01-01", consent.Confirmed), purchase, on("2026-03-01", consent.Given)), consent.Standing{Given: at("2026-03-01")}},
		"confirmed after":           {stands(on("2026-01-01", consent.Given), on("2026-03-01", consent.Confirmed)), consent.Standing{Given: at("2026-03-01"), Confirmed: at("2026-03-01")}},
		"asked after":               {stands(on("2026-03-01", consent.Requested)), consent.Standing{Withdrawn: at("2026-02-01"), Requested: at("2026-03-01")}},
		"bought before":             {stands(purchase), consent.Standing{Withdrawn: at("2026-02-01")}},
		"withdrawn before":          {stands(on("2026-01-01", consent.Withdrawn)), consent.Standing{Withdrawn: at("2026-02-01")}},
		"withdrawn again after":     {stands(on("2026-03-01", consent.Withdrawn)), consent.Standing{Withdrawn: at("2026-03-01")}},
		"nothing said of a purpose": {consent.Standing{}, consent.Standing{Withdrawn: at("2026-02-01")}},
	} {
		require.Equal(t, c.want, c.purpose.Under(stop), name)
		require.Equal(t, c.purpose, c.purpose.Under(consent.Standing{}), name)
		require.Equal(t, c.purpose, c.purpose.Under(stands(on("2026-02-01", consent.Withdrawn), on("2026-02-02", consent.Given))), name)
	}
}
