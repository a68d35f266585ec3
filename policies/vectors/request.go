package vectors

import (
	"errors"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

// answer computes the obligation, and its extended date where the law knows one.
func (q request) answer(b *policies.Book, in *input) (output, error) {
	facts := q.facts(in)
	if err := in.err(); err != nil {
		return nil, err
	}
	regime, err := regimeOn(b, q.regime, facts.Received)
	if err != nil {
		return nil, err
	}
	regime = q.override(regime, in, &facts)
	d, err := deadline(regime, facts, q.kind)
	if err != nil {
		return nil, err
	}
	out := q.describe(d, regime)
	if q.kind == privacy.Respond && !q.extended {
		if err := q.addExtended(out, regime, facts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// facts turns a vector into facts. The vectors know days only, so every moment is noon in UTC.
func (q request) facts(in *input) privacy.Facts {
	f := privacy.Facts{
		Right: q.right, Zone: time.UTC, Received: noon(in.date("received")), Calendar: in.str("calendar"),
		Holidays: in.holidays(), SmallAgent: in.boolean("small_agent", "small_processing_agent"), Extended: q.extended,
		IdentityInfoReceived: in.moment("id_info_received"), FeePaid: in.moment("fee_paid"),
	}
	if q.regime == "uk-gdpr" || q.regime == "gdpr" {
		f.Pauses = in.pauses()
	}
	return f
}

// pauses reads the pause that a vector states, by asking and answer.
func (in *input) pauses() []privacy.Pause {
	var out []privacy.Pause
	for _, p := range []struct {
		kind     privacy.PauseKind
		from, to string
	}{
		{privacy.PauseIdentity, "info_requested", "info_received"},
		{privacy.PauseClarification, "clarification_requested", "clarification_received"},
	} {
		if from := in.moment(p.from); from != nil {
			out = append(out, privacy.Pause{Kind: p.kind, From: *from, Until: in.moment(p.to)})
		}
	}
	return out
}

func (in *input) moment(key string) *time.Time {
	d := in.optionalDate(key)
	if d.IsZero() {
		return nil
	}
	at := noon(d)
	return &at
}

// noon puts a civil date on the clock; the vectors know no hours here.
func noon(d privacy.Date) time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC)
}

// regimeOn is the version in force on the day of receipt, or the first one for a day before it.
func regimeOn(b *policies.Book, id string, at time.Time) (*privacy.Regime, error) {
	regime, err := b.Regime(id, at)
	var unknown *policies.NotFoundError
	if err == nil || !errors.As(err, &unknown) {
		return regime, err
	}
	versions, err := b.Versions(id)
	if err != nil {
		return nil, err
	}
	return versions[0], nil
}

func deadline(regime *privacy.Regime, f privacy.Facts, kind privacy.ObligationKind) (privacy.Deadline, error) {
	all, err := regime.Deadlines(f)
	if err != nil {
		return privacy.Deadline{}, err
	}
	for _, d := range all {
		if d.Kind == kind {
			return d, nil
		}
	}
	return privacy.Deadline{}, fmt.Errorf("the regime %s sets no %s", regime.ID, kind)
}

// describe names the dates the way the vectors do.
func (q request) describe(d privacy.Deadline, regime *privacy.Regime) output {
	out := output{"paused_days": d.PausedDays, "excluded_days": d.PausedDays, "paused": d.Paused}
	out.date("nominal", d.Nominal)
	out.date("due", d.DueDate)
	out.date("earliest_safe", d.EarliestSafeDate)
	out.date("rolled_due", d.LenientDate)
	out.date("relevant_time", d.Start)
	if d.Paused {
		// While the clock stands still there is no due date yet; a reading that ignores the pause still holds.
		out["due"], out["nominal"], out["paused_days"], out["excluded_days"] = nil, nil, nil, nil
		if regime.ID != "gdpr" {
			out["earliest_safe"] = nil
		}
	}
	return out
}

// addExtended puts the extended dates beside the plain ones, where the law has an extension of fixed length.
func (q request) addExtended(out output, regime *privacy.Regime, f privacy.Facts) error {
	ext := regime.Duties[regime.Rights[q.right].Duties].Extension
	if ext == nil || ext.Open {
		return nil
	}
	f.Extended = true
	d, err := deadline(regime, f, privacy.Respond)
	if err != nil {
		return err
	}
	out.date("extended_due", d.DueDate)
	out.date("extended_nominal", d.Nominal)
	out.date("extended_earliest_safe", d.EarliestSafeDate)
	return nil
}
