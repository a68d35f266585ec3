package vectors

import (
	"fmt"
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

// nis2 gives the two limits in hours and the final report, which runs from the submission of the notification.
func nis2(b *policies.Book, in *input) (output, error) {
	zone := in.zone()
	moments := map[privacy.BreachTrigger]time.Time{privacy.TriggerAwareness: in.instant("aware", "aware_local")}
	if at, ok := in.optionalInstant("notification_submitted"); ok {
		moments[privacy.TriggerNotification] = at
	}
	byKind, err := clocksOf(b, in, "nis2", in.breachFacts(moments, zone))
	if err != nil {
		return nil, err
	}
	out := output{}
	out.local("early_warning_due", byKind[privacy.BreachEarlyWarning].Due, zone)
	out.local("incident_notification_due", byKind[privacy.BreachNotifyAuthority].Due, zone)
	out.date("final_report_due", byKind[privacy.BreachFinalReport].DueDate)
	return out, nil
}

func doraInitial(b *policies.Book, in *input) (output, error) {
	zone := in.zone()
	moments := map[privacy.BreachTrigger]time.Time{
		privacy.TriggerAwareness:      in.instant("aware"),
		privacy.TriggerClassification: in.instant("classified_major", "classified"),
	}
	byKind, err := clocksOf(b, in, "dora", in.breachFacts(moments, zone))
	if err != nil {
		return nil, err
	}
	out := output{}
	out.utc("due", byKind[privacy.BreachNotifyAuthority].Due)
	return out, nil
}

// doraLater gives the intermediate report from the initial one, and the final report from the latest intermediate one.
func doraLater(b *policies.Book, in *input) (output, error) {
	zone := in.zone()
	moments := map[privacy.BreachTrigger]time.Time{privacy.TriggerInitialReport: in.instant("initial_submitted")}
	if at, ok := in.optionalInstant("intermediate_updated", "intermediate_submitted"); ok {
		moments[privacy.TriggerIntermediateReport] = at
	}
	byKind, err := clocksOf(b, in, "dora", in.breachFacts(moments, zone))
	if err != nil {
		return nil, err
	}
	out := output{}
	out.utc("intermediate_due", byKind[privacy.BreachIntermediateReport].Due)
	out.date("final_due", byKind[privacy.BreachFinalReport].DueDate)
	return out, nil
}

// clocksOf runs a rule of the book once the input has proved sound.
func clocksOf(b *policies.Book, in *input, id string, f privacy.BreachFacts) (map[privacy.BreachKind]privacy.BreachDeadline, error) {
	if err := in.err(); err != nil {
		return nil, err
	}
	r, err := b.Breach(id)
	if err != nil {
		return nil, fmt.Errorf("finding the clocks: %w", err)
	}
	return clocks(r, f)
}

// californiaNotice is the notice to individuals and the sample to the Attorney General above 500 residents.
func californiaNotice(b *policies.Book, in *input) (output, error) {
	moments := map[privacy.BreachTrigger]time.Time{privacy.TriggerDiscovery: noon(in.date("discovered", "notified_of_breach"))}
	if told := in.moment("individuals_notified"); told != nil {
		moments[privacy.TriggerIndividualsNotified] = *told
	}
	f := in.breachFacts(moments, time.UTC)
	f.Affected, _ = in.count("ca_residents")
	byKind, err := clocksOf(b, in, "us-ca-breach", f)
	if err != nil {
		return nil, err
	}
	out := output{}
	out.date("individual_notice_due", byKind[privacy.BreachNotifyIndividuals].DueDate)
	out.date("ag_sample_due", byKind[privacy.BreachSampleToAuthority].DueDate)
	return out, nil
}
