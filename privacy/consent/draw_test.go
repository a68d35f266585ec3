package consent_test

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

var relations = []privacy.ConsentEvent{"purchase", "contract", "membership", "inquiry"}

// drawnMoment is one of few, so that events meet in one moment, and days lie at the ends of months.
func drawnMoment() *rapid.Generator[time.Time] {
	days := []string{"2024-02-28", "2024-02-29", "2024-08-31", "2025-02-28", "2025-08-31", "2025-12-31", "2026-01-01", "2026-02-28", "2026-08-31"}
	return rapid.Custom(func(t *rapid.T) time.Time {
		return at(rapid.SampledFrom(days).Draw(t, "day")).Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "hours")) * 8 * time.Hour)
	})
}

func drawnEvent() *rapid.Generator[consent.Event] {
	return rapid.Custom(func(t *rapid.T) consent.Event {
		e := consent.Event{Kind: rapid.SampledFrom(consent.Kinds()).Draw(t, "kind"), At: drawnMoment().Draw(t, "at")}
		e.Recorded, e.Day = e.At.AddDate(0, 0, rapid.SampledFrom([]int{0, 0, 200}).Draw(t, "late")), privacy.DateIn(e.At, time.UTC)
		if e.Kind.Relates() {
			e.Relation, e.Refusable = rapid.SampledFrom(relations).Draw(t, "relation"), rapid.Bool().Draw(t, "refusable")
		}
		e.NoSolicitation = (e.Kind == consent.Published || e.Kind == consent.Disclosed) && rapid.Bool().Draw(t, "no solicitation")
		return e
	})
}

func drawnLedger() *rapid.Generator[[]consent.Event] { return rapid.SliceOfN(drawnEvent(), 0, 10) }

func drawnAsk() *rapid.Generator[consent.Ask] {
	return rapid.Custom(func(t *rapid.T) consent.Ask {
		return consent.Ask{
			Day:   date("2026-09-01").AddDays(rapid.IntRange(0, 900).Draw(t, "send")),
			Class: rapid.SampledFrom(privacy.MessageClasses()).Draw(t, "class"), Similar: rapid.Bool().Draw(t, "similar"),
			Relevant: rapid.Bool().Draw(t, "relevant"), Corporate: rapid.Bool().Draw(t, "corporate"),
		}
	})
}

func some() *rapid.Generator[[]privacy.ConsentEvent] {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(relations), 1, 3, rapid.ID[privacy.ConsentEvent])
}

// drawnGround is there or not.
func drawnGround(name string) *rapid.Generator[*privacy.MessageGround] {
	return rapid.Custom(func(t *rapid.T) *privacy.MessageGround {
		if !rapid.Bool().Draw(t, name) {
			return nil
		}
		return &privacy.MessageGround{Events: some().Draw(t, name+" of"), Citation: cites(name)}
	})
}

// drawnLaw is a law that nobody made, of the parts that laws have.
func drawnLaw() *rapid.Generator[privacy.MessageRule] {
	return rapid.Custom(func(t *rapid.T) privacy.MessageRule {
		law := privacy.MessageRule{
			ID: fmt.Sprintf("law-%d", rapid.IntRange(1, 9).Draw(t, "id")), Version: "1", Citation: cites("law"),
			Unsubscribe: privacy.Unsubscribe{Citation: cites("unsubscribe")}, Corporate: drawnGround("corporate").Draw(t, "c"),
			Tracking: drawnGround("tracking").Draw(t, "t"),
			Consent:  rapid.SampledFrom([]privacy.ConsentModel{privacy.OptInModel, privacy.OptInModel, privacy.OptOutModel, privacy.TermsModel}).Draw(t, "model"),
		}
		if rapid.Bool().Draw(t, "exempts") {
			law.Exempt = []privacy.MessageExemption{{
				Classes: []privacy.MessageClass{rapid.SampledFrom(privacy.MessageClasses()).Draw(t, "exempt")}, Objectable: rapid.Bool().Draw(t, "objectable"),
				Citation: cites("exempt"),
			}}
		}
		if law.Consent != privacy.OptInModel {
			return law
		}
		law.InForce, law.Published = drawnGround("in force").Draw(t, "i"), drawnGround("published").Draw(t, "p")
		law.Confirmation = drawnGround("confirmation").Draw(t, "d")
		if soft := drawnGround("soft").Draw(t, "s"); soft != nil {
			law.SoftOptIn = &privacy.SoftOptIn{MessageGround: *soft, Charitable: drawnGround("charitable").Draw(t, "a")}
		}
		law.Windows = drawnWindows().Draw(t, "windows")
		return law
	})
}

// drawnWindows are of different events, as the loader has it.
func drawnWindows() *rapid.Generator[[]privacy.ConsentWindow] {
	return rapid.Custom(func(t *rapid.T) (out []privacy.ConsentWindow) {
		for _, event := range rapid.SliceOfNDistinct(rapid.SampledFrom(relations), 0, 4, rapid.ID[privacy.ConsentEvent]).Draw(t, "of") {
			period := privacy.Period{Count: rapid.IntRange(1, 30).Draw(t, "months"), Unit: privacy.Months}
			out = append(out, privacy.ConsentWindow{Events: []privacy.ConsentEvent{event}, Period: period, Citation: cites("window")})
		}
		return out
	})
}

func drawnLaws() *rapid.Generator[[]privacy.MessageRule] { return rapid.SliceOfN(drawnLaw(), 1, 4) }

// ever is later than everything that is drawn.
var ever = at("2030-01-01")
