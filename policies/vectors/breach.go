package vectors

import (
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func breachRules() map[string]rule {
	return map[string]rule{
		"eu.gdpr.art33_1.notify_due":            hours("gdpr-breach"),
		"uk.gdpr.art33_1.notify_due":            hours("uk-gdpr-breach"),
		"uk.pecr.reg5A.notify_due":              hours("uk-pecr-breach"),
		"in.dpdp.rule7.board_report_due":        hours("in-dpdp-breach"),
		"eu.gdpr.art33_1.late_requires_reasons": lateNotice,
		"eu.gdpr.art33_34.decision":             breachDecision,
		"eu.nis2.art23.deadlines":               nis2,
		"eu.dora.initial_notification_due":      doraInitial,
		"eu.dora.later_reports_due":             doraLater,
		"us.ca.civ1798_82.notice_due":           californiaNotice,
		"us.sec.form8k.item1_05.due":            days("us-sec-8k", privacy.BreachPublicFiling, privacy.TriggerDetermination, "materiality_determined", "determined"),
		"br.anpd.res15_2024.notice_due":         days("br-anpd", privacy.BreachNotifyAuthority, privacy.TriggerAwareness, "known", "aware"),
		"au.ndb.s26WH.assessment_due":           days("au-ndb", privacy.BreachAssessment, privacy.TriggerSuspicion, "aware_of_suspicion", "suspected"),
	}
}

// facts gathers the moments that a vector states.
func (in *input) breachFacts(moments map[privacy.BreachTrigger]time.Time, zone *time.Location) privacy.BreachFacts {
	return privacy.BreachFacts{
		Moments: moments, Zone: zone, Calendar: in.str("calendar"), Holidays: in.holidays(),
		SmallAgent: in.boolean("small_agent", "small_processing_agent"),
	}
}

// clocks runs a breach rule and sorts its deadlines by kind.
func clocks(rule privacy.BreachRule, f privacy.BreachFacts) (map[privacy.BreachKind]privacy.BreachDeadline, error) {
	all, err := rule.Deadlines(f)
	if err != nil {
		return nil, err
	}
	byKind := map[privacy.BreachKind]privacy.BreachDeadline{}
	for _, d := range all {
		byKind[d.Kind] = d
	}
	return byKind, nil
}

// withLength puts the vector's length in place of the policy's. A count that is already doubled for a small agent is
// not doubled again.
func withLength(r privacy.BreachRule, kind privacy.BreachKind, p privacy.Period, f *privacy.BreachFacts) privacy.BreachRule {
	changed := make([]privacy.BreachClock, len(r.Clocks))
	copy(changed, r.Clocks)
	for i := range changed {
		if changed[i].Kind == kind {
			f.SmallAgent = f.SmallAgent && p == changed[i].Period
			changed[i].Period = p
		}
	}
	r.Clocks = changed
	return r
}

// breachDeadline runs a rule, with the period that the vector states if it states one, and picks the deadline of a kind.
func (in *input) breachDeadline(b *policies.Book, id string, kind privacy.BreachKind, f privacy.BreachFacts) (d privacy.BreachDeadline, err error) {
	period, given := in.period()
	if err := in.err(); err != nil {
		return d, err
	}
	r, err := b.Breach(id)
	if err != nil {
		return d, err
	}
	if given {
		r = withLength(r, kind, period, &f)
	}
	byKind, err := clocks(r, f)
	return byKind[kind], err
}

// hours is a rule with one clock in hours, counted from awareness; the reading in clock hours is shown where it has a meaning.
func hours(id string) rule {
	return func(b *policies.Book, in *input) (output, error) {
		aware, zone := in.instant("aware_local", "aware", "aware_utc"), in.zone()
		f := in.breachFacts(map[privacy.BreachTrigger]time.Time{privacy.TriggerAwareness: aware}, zone)
		d, err := in.breachDeadline(b, id, privacy.BreachNotifyAuthority, f)
		if err != nil {
			return nil, err
		}
		out := output{"reg1182_due": nil}
		out.local("strict_due", d.Due, zone)
		out.utc("strict_due_utc", d.Due)
		if !d.ClockHoursDue.IsZero() {
			out.local("reg1182_due", d.ClockHoursDue, zone)
		}
		return out, nil
	}
}

// days is a rule with one clock in days or working days.
func days(id string, kind privacy.BreachKind, trigger privacy.BreachTrigger, keys ...string) rule {
	return func(b *policies.Book, in *input) (output, error) {
		f := in.breachFacts(map[privacy.BreachTrigger]time.Time{trigger: noon(in.date(keys...))}, time.UTC)
		d, err := in.breachDeadline(b, id, kind, f)
		if err != nil {
			return nil, err
		}
		out := output{}
		out.date("due", d.DueDate)
		out.date("earliest_safe", d.EarliestSafeDate)
		return out, nil
	}
}

func lateNotice(b *policies.Book, in *input) (output, error) {
	aware, notified := in.instant("aware", "aware_local"), in.instant("notified", "notified_local")
	if err := in.err(); err != nil {
		return nil, err
	}
	r, err := b.Breach("gdpr-breach")
	if err != nil {
		return nil, err
	}
	byKind, err := clocks(r, privacy.BreachFacts{Zone: time.UTC, Moments: map[privacy.BreachTrigger]time.Time{privacy.TriggerAwareness: aware}})
	if err != nil {
		return nil, err
	}
	late := byKind[privacy.BreachNotifyAuthority].LateNotice(notified)
	return output{"late": late, "reasons_required": late}, nil
}

func breachDecision(_ *policies.Book, in *input) (output, error) {
	var duties privacy.BreachDuties
	if role := in.str("role"); role == "processor" {
		duties = privacy.ProcessorBreachDuties()
	} else {
		risk, err := privacy.ParseRisk(in.str("risk"))
		if err != nil {
			return nil, err
		}
		exempt, err := privacy.ParseExemption(in.str("art34_3", "exemption"))
		if err != nil {
			return nil, err
		}
		duties = privacy.BreachDutiesOf(risk, exempt)
	}
	return output{
		"register": duties.Register, "notify_sa": duties.NotifyAuthority, "notify_subjects": duties.NotifySubjects,
		"public_communication": duties.PublicCommunication, "notify_controller": duties.NotifyController,
	}, nil
}
