package vectors

import (
	"fmt"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func retentionRules() map[string]rule {
	return map[string]rule{
		"de.ao147.retention":                   germanRetention,
		"fr.lpf.l102b.retention":               retention("fr-lpf-l102b", "created", "last_entry"),
		"fr.ccom.l123_22.retention":            retention("fr-ccom-l123-22", "financial_year_end"),
		"uk.hmrc.company_records.retention":    retention("uk-company-records", "accounting_period_end", "financial_year_end"),
		"ca.ita.s230.retention":                retention("ca-ita-230", "taxation_year_end"),
		"us.irs.employment_tax.retention":      retention("us-employment-tax", "tax_due_or_paid", "tax_due", "tax_paid"),
		"uk.mlr2017.reg40.retention":           retention("uk-mlr-reg40", "relationship_end", "transaction_end"),
		"us.ca.ccpa.request_record.retention":  retention("us-ca-ccpa-requests", "responded", "received"),
		"br.anpd.incident_record.retention":    retention("br-anpd-incident", "recorded"),
		"ca.pipeda.breach_record.retain_until": retention("ca-pipeda-breach-record", "determined"),
	}
}

// retention answers from one rule; the keys are its events.
func retention(id string, keys ...string) rule {
	return func(b *policies.Book, in *input) (output, error) {
		r, err := b.Retention(id)
		if err != nil {
			return nil, err
		}
		return in.retain(r, keys)
	}
}

// germanRetention finds the rule by the kind of record.
func germanRetention(b *policies.Book, in *input) (output, error) {
	kind := in.str("kind", "record")
	found := b.RetentionFor("DE", kind)
	if len(found) != 1 {
		return nil, fmt.Errorf("input kind: %d rules of Germany cover %q", len(found), kind)
	}
	return in.retain(found[0], []string{"created", "last_entry", "received"})
}

// retain answers in years where the rule counts in years, else in months.
func (in *input) retain(r privacy.RetentionRule, keys []string) (output, error) {
	f := privacy.RetentionFacts{
		Events:     map[string]privacy.Date{},
		Supervised: in.boolean("bafin_supervised", "bafin"),
		Blocked:    in.boolean("assessment_open", "open_assessment", "assessment_period_open", "blocked"),
	}
	for _, key := range keys {
		if d := in.optionalDate(key); !d.IsZero() {
			f.Events[eventOf(r, key)] = d
		}
	}
	if err := in.err(); err != nil {
		return nil, err
	}
	period, given := in.period()
	if given {
		r.Keep[0].Period, r.Former = period, nil
	}
	got, err := r.Retain(f)
	if err != nil {
		return nil, err
	}
	out := output{"then": nil, "blocked": got.Blocked}
	if got.Then != "" {
		out["then"] = got.Then
	}
	if got.Period.Unit == privacy.Years {
		out["years"] = got.Period.Count
	} else {
		out["months"] = got.Period.Count
	}
	out.date("retain_through", got.RetainThrough)
	out.date("retain_until", got.RetainThrough)
	out.date("earliest_delete", got.EarliestDelete)
	return out, nil
}

// eventOf is the key itself when the rule counts from it, else the rule's first event, of which the key is a synonym.
func eventOf(r privacy.RetentionRule, key string) string {
	for _, keep := range r.Keep {
		if keep.Event == key {
			return key
		}
	}
	return r.Keep[0].Event
}
