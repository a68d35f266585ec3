package record

import (
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
)

// event is one of the ledger as a status that a consent came to.
type event struct {
	Type        []string   `json:"@type"`
	At          string     `json:"dpv:isIndicatedAtTime"`
	Local       string     `json:"dct:date,omitempty"`
	Recorded    string     `json:"dct:created,omitempty"`
	By          reference  `json:"dpv:isIndicatedBy"`
	Method      string     `json:"dpv:hasIndicationMethod,omitempty"`
	Source      string     `json:"dct:source,omitempty"`
	Description string     `json:"dct:description,omitempty"`
	Notice      *reference `json:"dpv:hasNotice,omitempty"`
	Duration    *duration  `json:"dpv:hasDuration,omitempty"`
}

// impliedConsent is what a law reads into conduct.
const impliedConsent = "dpv:ImpliedConsent"

// implies says whether one of the laws reads consent into conduct.
func (c *Consent) implies() bool {
	return slices.ContainsFunc(c.Laws, func(l Law) bool { return l.Implies })
}

// newEvents writes the events in their order. Relations and addresses are left out where no law reads consent into them.
func newEvents(c *Consent, texts []Text) (out []event) {
	for i := range c.Events {
		e := &c.Events[i]
		status, kind := wordsFor(c.Events[:i+1], c.implies())
		if status == "" {
			continue
		}
		one := event{Type: []string{status}, At: utc(e.At), By: reference{speaker(e.Kind)}, Method: string(e.How), Source: e.Source, Description: about(e)}
		if kind != "" {
			one.Type = append(one.Type, kind)
			one.Duration = validity(e)
		}
		if e.Zone != nil {
			one.Local = e.At.In(e.Zone).Format(time.RFC3339)
		}
		if !e.Recorded.IsZero() {
			one.Recorded = utc(e.Recorded)
		}
		if e.Text != nil {
			one.Notice = &reference{noticeID(texts, *e.Text)}
		}
		out = append(out, one)
	}
	return out
}

// wordsFor are the vocabulary's words for the last of some events: the status that consent came to, and the kind of consent that it is; none of a kind where it is
// none, and none at all where no law reads consent into it.
func wordsFor(events []Event, implied bool) (status, kind string) {
	e := events[len(events)-1]
	switch e.Kind {
	case consent.Requested:
		return "dpv:ConsentRequested", ""
	case consent.Given:
		if renews(events) {
			return "dpv:RenewedConsentGiven", "dpv:ExpressedConsent"
		}
		return "dpv:ConsentGiven", "dpv:ExpressedConsent"
	case consent.Confirmed: // a click that says this alone
		return "dpv:ConsentGiven", "dpv:ExplicitlyExpressedConsent"
	case consent.Withdrawn:
		return "dpv:ConsentWithdrawn", ""
	case consent.Expired:
		return "dpv:ConsentExpired", ""
	case consent.Refreshed, consent.Began, consent.Ended, consent.Published, consent.Disclosed:
		switch {
		case !implied:
			return "", ""
		case e.NoSolicitation:
			return "dpv:ConsentRefused", ""
		default:
			return "dpv:ConsentGiven", impliedConsent
		}
	}
	return "", ""
}

// renews says whether the last of some events gives what was given before and not withdrawn since.
func renews(events []Event) bool {
	for _, e := range slices.Backward(events[:len(events)-1]) {
		switch e.Kind {
		case consent.Withdrawn:
			return false
		case consent.Given, consent.Confirmed:
			return true
		}
	}
	return false
}

// speaker is who an event comes from: the controller asks, puts on record that it is over, and finds addresses; all else the person says or does.
func speaker(k consent.Kind) string {
	switch k {
	case consent.Requested, consent.Expired, consent.Published:
		return controller
	default:
		return person
	}
}

func relationOf(e *Event) string { return strings.ReplaceAll(string(e.Relation), "_", " ") }

// about says in words what a relation or an address was.
func about(e *Event) string {
	relation := relationOf(e)
	switch e.Kind {
	case consent.Refreshed:
		return relation
	case consent.Began:
		return relation + " began"
	case consent.Ended:
		return relation + " ended"
	case consent.Published:
		return "the address was published"
	case consent.Disclosed:
		return "the person gave the address"
	default:
		return ""
	}
}

// validity is how long an event that gives consent lets messages go: until a day, while what implies it lasts, or until the consent is withdrawn (GDPR Art 7(3);
// CASL s.11). How long a law looks back at conduct is not made up where it is not on record.
func validity(e *Event) *duration {
	switch {
	case e.Until.IsZero() && e.Kind == consent.Began:
		return untilEvent("end of the " + relationOf(e) + ", or withdrawal of the consent")
	case e.Until.IsZero() && (e.Kind == consent.Refreshed || e.Kind == consent.Ended):
		return &duration{Type: "dpv:IndeterminateDuration"}
	default:
		return lasting(e.Until)
	}
}

// lasting is until a day, or until the consent is withdrawn.
func lasting(until privacy.Date) *duration {
	if until.IsZero() {
		return untilEvent("withdrawal of the consent")
	}
	return &duration{Type: "dpv:UntilTimeDuration", Value: until.String()}
}

func untilEvent(what string) *duration { return &duration{Type: "dpv:UntilEventDuration", Value: what} }
