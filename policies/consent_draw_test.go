package policies_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// drawnDay likes the ends of months, leap days and the days around a change of law, and so lets windows end where they are hard to count.
func drawnDay() *rapid.Generator[privacy.Date] {
	hard := []privacy.Date{ // and some of later, for what ends late
		{Year: 2027, Month: 2, Day: 28}, {Year: 2028, Month: 2, Day: 29}, {Year: 2028, Month: 8, Day: 31},
		{Year: 2024, Month: 2, Day: 28}, {Year: 2024, Month: 2, Day: 29}, {Year: 2024, Month: 3, Day: 31}, {Year: 2024, Month: 8, Day: 31},
		{Year: 2025, Month: 2, Day: 28}, {Year: 2025, Month: 8, Day: 28}, {Year: 2025, Month: 8, Day: 31}, {Year: 2025, Month: 12, Day: 31},
		{Year: 2026, Month: 2, Day: 4}, {Year: 2026, Month: 2, Day: 5}, {Year: 2026, Month: 2, Day: 28}, {Year: 2026, Month: 8, Day: 31},
	}
	return rapid.Custom(func(t *rapid.T) privacy.Date {
		day := rapid.SampledFrom(hard).Draw(t, "hard")
		return day.AddDays(rapid.SampledFrom([]int{0, 0, 0, -1, 1, 17, 90}).Draw(t, "shift"))
	})
}

func drawnMoment() *rapid.Generator[time.Time] {
	return rapid.Custom(func(t *rapid.T) time.Time {
		day := drawnDay().Draw(t, "day")
		return time.Date(day.Year, day.Month, day.Day, rapid.SampledFrom([]int{3, 12, 23}).Draw(t, "hour"), 0, 0, 0, time.UTC)
	})
}

// drawnRelation is one that laws know, and now and then one that none does.
func drawnRelation() *rapid.Generator[privacy.ConsentEvent] {
	return rapid.SampledFrom([]privacy.ConsentEvent{
		"purchase", "purchase", "contract", "contract", "written_contract", "inquiry", "inquiry", "donation", "donation", "membership", "subscription", "account",
		"loan", "lease", "barter", "bargain", "business_opportunity", "accepted_opportunity", "application", "enquiry", "negotiation", "gift", "volunteer",
		"volunteer_work", "volunteering", "meeting_attended", "charity_interest", "horoscope",
	})
}

// drawnEvent is one line of a ledger. It is recorded when it happened, or an import brings it later; its day is that of the ledger's zone.
func drawnEvent(zone *time.Location, kinds []consent.Kind, moments []time.Time, about []privacy.ConsentEvent) *rapid.Generator[consent.Event] {
	return rapid.Custom(func(t *rapid.T) consent.Event {
		e := consent.Event{Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), At: rapid.SampledFrom(moments).Draw(t, "at")}
		e.Recorded = e.At.AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 0, 1, 40, 400}).Draw(t, "late"))
		e.Day = privacy.DateIn(e.At, zone)
		if e.Kind.Relates() {
			e.Relation = rapid.SampledFrom(about).Draw(t, "relation")
			e.Refusable = rapid.Bool().Draw(t, "refusable")
		}
		if e.Kind == consent.Published || e.Kind == consent.Disclosed {
			e.NoSolicitation = rapid.IntRange(0, 3).Draw(t, "no solicitation") == 0
		}
		return e
	})
}

// drawnKinds are of a ledger of words, of one of conduct, or of both.
func drawnKinds() *rapid.Generator[[]consent.Kind] {
	words := []consent.Kind{consent.Requested, consent.Given, consent.Confirmed, consent.Withdrawn}
	conduct := []consent.Kind{consent.Refreshed, consent.Refreshed, consent.Refreshed, consent.Began, consent.Ended, consent.Published, consent.Disclosed}
	return rapid.SampledFrom([][]consent.Kind{words, conduct, append(words, conduct...), append(words, consent.Kinds()...)})
}

// drawnLedger is of few moments and few relations, so that its lines have to do with each other.
func drawnLedger(t *rapid.T) slowLedger {
	zone := time.FixedZone("ledger", rapid.SampledFrom([]int{0, -5 * 3600, 11 * 3600}).Draw(t, "offset"))
	moments := rapid.SliceOfN(drawnMoment(), 1, 8).Draw(t, "moments")
	about := rapid.SliceOfN(drawnRelation(), 1, 3).Draw(t, "about")
	return rapid.SliceOfN(drawnEvent(zone, drawnKinds().Draw(t, "kinds"), moments, about), 0, 10).Draw(t, "ledger")
}

func drawnAsk(from privacy.Date) *rapid.Generator[consent.Ask] {
	classes := append(privacy.MessageClasses(), privacy.Commercial, privacy.Commercial, privacy.Charitable)
	return rapid.Custom(func(t *rapid.T) consent.Ask {
		day := drawnDay().Draw(t, "send")
		if day.Before(from) {
			day = from
		}
		return consent.Ask{
			Day: day, Class: rapid.SampledFrom(classes).Draw(t, "class"), Similar: rapid.Bool().Draw(t, "similar"),
			Relevant: rapid.Bool().Draw(t, "relevant"), Corporate: rapid.IntRange(0, 3).Draw(t, "corporate") == 0,
		}
	})
}

func drawnLimits() *rapid.Generator[[]privacy.StandingLimit] {
	kinds := append(privacy.LimitKinds(), privacy.LimitSuppressed)
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) privacy.StandingLimit {
		return privacy.StandingLimit{Kind: rapid.SampledFrom(kinds).Draw(t, "limit"), Since: drawnMoment().Draw(t, "since")}
	}), 0, 3)
}
