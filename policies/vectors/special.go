package vectors

import (
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

// complaintAck is the acknowledgement of a complaint under DPA 2018 s.164A.
func complaintAck(b *policies.Book, in *input) (output, error) {
	received := noon(in.date("complaint_received", "received"))
	q := request{regime: "uk-gdpr", right: privacy.Access, kind: privacy.ComplaintAcknowledge}
	f := privacy.Facts{
		Right: q.right, Zone: time.UTC, Received: received, ComplaintReceived: &received,
		Calendar: in.str("calendar"), Holidays: in.holidays(),
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	versions, err := b.Versions(q.regime)
	if err != nil {
		return nil, err
	}
	regime := versions[len(versions)-1] // the duty exists only from its commencement on
	if p, given := in.period(); given {
		regime = withCommon(regime, q.kind, p, privacy.Period{})
	}
	d, err := deadline(regime, f, q.kind)
	if err != nil {
		return nil, err
	}
	return q.describe(d, regime), nil
}

// appeal is the decision of an appeal made to the controller.
func appeal(id string) rule {
	q := request{regime: id, right: privacy.Access, kind: privacy.AppealDecision}
	return func(b *policies.Book, in *input) (output, error) {
		received := noon(in.date("appeal_received", "received"))
		f := privacy.Facts{
			Right: q.right, Zone: time.UTC, Received: received, AppealReceived: &received,
			Calendar: in.str("calendar"), Holidays: in.holidays(),
		}
		base, _ := in.period()
		longer, _ := in.count("extension_days")
		if err := in.err(); err != nil {
			return nil, err
		}
		regime, err := regimeOn(b, id, received)
		if err != nil {
			return nil, err
		}
		regime = withCommon(regime, q.kind, base, privacy.Period{Count: longer, Unit: privacy.Days})
		d, err := deadline(regime, f, q.kind)
		if err != nil {
			return nil, err
		}
		f.AppealExtended = true
		extended, err := deadline(regime, f, q.kind)
		if err != nil {
			return nil, err
		}
		out := q.describe(d, regime)
		if extended.Nominal != d.Nominal {
			out.date("extended_due", extended.DueDate)
		}
		return out, nil
	}
}

// withCommon returns the regime with another length of a common duty; zero lengths change nothing.
func withCommon(regime *privacy.Regime, kind privacy.ObligationKind, base, longer privacy.Period) *privacy.Regime {
	changed := *regime
	changed.Common = make([]privacy.Duty, len(regime.Common))
	copy(changed.Common, regime.Common)
	for i := range changed.Common {
		if changed.Common[i].Kind != kind {
			continue
		}
		if !base.IsZero() {
			changed.Common[i].Period = base
		}
		if longer.Count > 0 {
			changed.Common[i].AppealBy = &longer
		}
	}
	return &changed
}

// swissFee is the fee procedure of DSV Art 19(3): without acceptance inside the ten days the request is withdrawn.
func swissFee(b *policies.Book, in *input) (output, error) {
	notified := noon(in.date("fee_notified"))
	confirmed := in.moment("confirmed")
	if err := in.err(); err != nil {
		return nil, err
	}
	regime, err := regimeOn(b, "ch-dsg", notified)
	if err != nil {
		return nil, err
	}
	q := request{regime: "ch-dsg", right: privacy.Access, kind: privacy.Respond}
	f := privacy.Facts{
		Right: q.right, Zone: time.UTC, Received: notified, Calendar: in.str("calendar"), Holidays: in.holidays(),
		Pauses: []privacy.Pause{{Kind: privacy.PauseFee, From: notified, Until: confirmed}},
	}
	regime = q.override(regime, in, &f)
	d, err := deadline(regime, f, q.kind)
	if err != nil {
		return nil, err
	}
	limit, err := deadline(regime, f, privacy.FeeConfirmation)
	if err != nil {
		return nil, err
	}
	withdrawn := d.Withdrawn || confirmed == nil // a vector looks back: what has not come by then never came
	out := output{"withdrawn": withdrawn, "status": "open"}
	out.date("confirmation_limit", limit.DueDate)
	out.date("due", d.DueDate)
	if withdrawn {
		out["due"], out["status"] = nil, "withdrawn"
	}
	return out, nil
}

// regulationRules count bare periods by Reg. 1182/71, as the GDPR's own counting does.
func regulationRules() map[string]rule {
	count := func(b *policies.Book, in *input) (output, error) {
		event := in.date("event")
		period, given := in.period()
		if !given {
			in.fail("days", "a length (days, weeks, months) is missing")
		}
		cal, err := privacy.CalendarWith(in.str("calendar"), in.holidays())
		if err != nil {
			return nil, err
		}
		if err := in.err(); err != nil {
			return nil, err
		}
		versions, err := b.Versions("gdpr")
		if err != nil {
			return nil, err
		}
		got, err := privacy.Term{Period: period}.Count(versions[0].Counting, event, cal)
		if err != nil {
			return nil, err
		}
		out := output{}
		out.date("nominal", got.Nominal)
		out.date("due", got.Due)
		return out, nil
	}
	return map[string]rule{"eu.reg1182.days": count, "eu.reg1182.weeks": count, "eu.reg1182.months": count, "eu.reg1182.working_days": count}
}
