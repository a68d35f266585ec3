package vectors

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

// request is a rule about a deadline of a request: which regime, right and obligation a rule id stands for.
type request struct {
	regime   string
	right    privacy.Right
	kind     privacy.ObligationKind
	extended bool // the rule id names the extended answer itself
	received []string
}

// deadlineRules are the rule ids that Regime.Deadlines answers.
func deadlineRules() map[string]rule {
	access := func(regime string) request {
		return request{regime: regime, right: privacy.Access, kind: privacy.Respond}
	}
	of := func(regime string, kind privacy.ObligationKind) request {
		return request{regime: regime, right: privacy.Access, kind: kind}
	}
	extended := func(regime string) request {
		return request{regime: regime, right: privacy.Access, kind: privacy.Respond, extended: true}
	}
	table := map[string]request{
		"eu.gdpr.art12_3.response_due":         access("gdpr"),
		"eu.gdpr.art12_3.extended_due":         extended("gdpr"),
		"eu.gdpr.art12_3.extension_notice_due": of("gdpr", privacy.ExtensionNotice),
		"eu.gdpr.art12_4.refusal_notice_due":   of("gdpr", privacy.RefusalNotice),
		"eu.gdpr.identity_pause.response_due":  access("gdpr"),
		"uk.gdpr.art12A.response_due":          access("uk-gdpr"),
		"uk.gdpr.art12A_3.extended_due":        extended("uk-gdpr"),
		"uk.gdpr.art12A_2.response_due":        access("uk-gdpr"),
		"uk.gdpr.art12A_5.response_due":        access("uk-gdpr"),
		"uk.gdpr.art12A_5.extended_due":        extended("uk-gdpr"),
		"uk.dpa2018.part3.response_due":        access("uk-dpa-part3"),
		"us.ca.ccpa.response_due":              access("ccpa"),
		"us.ca.ccpa.ack_due":                   of("ccpa", privacy.Acknowledge),
		"us.ca.ccpa.optout_due":                {regime: "ccpa", right: privacy.OptOut, kind: privacy.Respond},
		"br.lgpd.art19.full_statement_due":     access("lgpd"),
		"ca.pipeda.s8_3.response_due":          access("pipeda"),
		"ca.qc.p39_1.s32.response_due":         access("quebec-25"),
		"nz.privacy2020.s44.response_due":      access("nz-privacy"),
		"ch.dsv.art18.response_due":            access("ch-dsg"),
		"kr.pipa.art35.access_due":             access("pipa"),
		"sg.pdpa.reg5.inform_due":              of("pdpa", privacy.Inform),
		"za.paia.s56.decision_due":             access("popia"),
		"au.app12.response_due":                access("au-privacy"),
		"in.dpdp.rule14.grievance_due":         access("dpdp"),
	}
	rules := map[string]rule{
		"uk.dpa2018.s164A.ack_due":           complaintAck,
		"ch.dsv.art19.response_due_with_fee": swissFee,
	}
	for id, q := range table {
		rules[id] = q.answer
	}
	return rules
}

// stateRules are the answers and appeals of the American states beside California.
func stateRules() map[string]rule {
	laws := map[string]string{
		"us.va.vcdpa": "us-va", "us.co.cpa": "us-co", "us.ct.ctdpa": "us-ct", "us.tx.tdpsa": "us-tx", "us.ut.ucpa": "us-ut",
		"us.or.ocpa": "us-or", "us.mt.mcdpa": "us-mt", "us.ne.ndpa": "us-ne", "us.de.dpdpa": "us-de", "us.nh.nhpa": "us-nh",
		"us.nj.njdpa": "us-nj", "us.tn.tipa": "us-tn", "us.mn.mcdpa": "us-mn", "us.md.modpa": "us-md", "us.in.icdpa": "us-in",
		"us.ky.kcdpa": "us-ky", "us.fl.fdbr": "us-fl", "us.ri.ridtppa": "us-ri", "us.ia.icdpa": "us-ia",
	}
	rules := map[string]rule{}
	for prefix, regime := range laws {
		rules[prefix+".response_due"] = request{regime: regime, right: privacy.Access, kind: privacy.Respond}.answer
		rules[prefix+".appeal_due"] = appeal(regime)
	}
	return rules
}

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
	out := q.describe(d, regime, facts)
	if q.kind == privacy.Respond && !q.extended {
		if err := q.addExtended(out, regime, facts); err != nil {
			return nil, err
		}
	}
	return out, nil
}

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

func (q request) describe(d privacy.Deadline, regime *privacy.Regime, f privacy.Facts) output {
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

// override returns the regime with the lengths that the vector states in place of the policy's.
func (q request) override(regime *privacy.Regime, in *input, f *privacy.Facts) *privacy.Regime {
	period, given := in.period()
	days, longer := in.count("extension_days")
	if !given && !longer {
		return regime
	}
	name := regime.Rights[q.right].Duties
	duties := regime.Duties[name]
	if given {
		duties = q.withPeriod(duties, period, f)
	}
	if longer && duties.Extension != nil {
		ext := *duties.Extension
		ext.By = privacy.Period{Count: days, Unit: privacy.Days}
		duties.Extension = &ext
	}
	changed := *regime
	changed.Duties = maps.Clone(regime.Duties)
	changed.Duties[name] = duties
	return &changed
}

// withPeriod sets the length of the obligation asked for. An extended rule states the total from the start, so its base
// is taken off; a count that is already doubled for a small agent is not doubled again.
func (q request) withPeriod(duties privacy.Duties, p privacy.Period, f *privacy.Facts) privacy.Duties {
	if q.kind == privacy.ExtensionNotice && duties.Extension != nil {
		ext := *duties.Extension
		ext.Notice = p
		duties.Extension = &ext
		return duties
	}
	obligations := make([]privacy.Duty, len(duties.Obligations))
	copy(obligations, duties.Obligations)
	for i, duty := range obligations {
		if duty.Kind != q.kind {
			continue
		}
		if q.extended && p.Count > duty.Period.Count && p.Unit == duty.Period.Unit {
			ext := *duties.Extension
			ext.By = privacy.Period{Count: p.Count - duty.Period.Count, Unit: p.Unit}
			duties.Extension = &ext
			continue
		}
		f.SmallAgent = f.SmallAgent && p == duty.Period
		obligations[i].Period = p
	}
	duties.Obligations = obligations
	return duties
}
