package vectors

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
)

func messageRules() map[string]rule {
	return map[string]rule{
		"ca.casl.s10_10.implied_consent_last_send": impliedWindow,
		"ca.casl.may_send":                         maySend,
		"ca.casl.s11_3.unsubscribe_due":            unsubscribe("casl", "sent"),
		"us.canspam.optout_due":                    unsubscribe("can-spam", "received"),
		"au.spam.sch2_6.withdrawal_effective_end":  unsubscribe("au-spam", "unsubscribe_sent"),
		"ca.casl.s11_2.link_valid_through":         mechanism("casl"),
		"us.canspam.mechanism_valid_through":       mechanism("can-spam"),
		"au.spam.s18.unsubscribe_valid_through":    mechanism("au-spam"),
		"mailbox.gmail_yahoo.unsubscribe_due":      mailbox,
	}
}

// unsubscribe is the last day on which a withdrawal may still be without effect, under each reading.
func unsubscribe(id, key string) rule {
	return func(b *policies.Book, in *input) (output, error) {
		day, period := in.date(key, "sent", "received"), privacy.Period{}
		if p, given := in.period(); given {
			period = p
		}
		holidays, calendar := in.holidays(), in.str("calendar")
		if err := in.err(); err != nil {
			return nil, err
		}
		rule, err := b.Message(id)
		if err != nil {
			return nil, err
		}
		if !period.IsZero() {
			rule.Unsubscribe.Period = period
		}
		dates, err := rule.UnsubscribeDue(day, holidays, calendar)
		if err != nil {
			return nil, err
		}
		out := output{}
		out.date("due", dates.Due)
		out.date("earliest_safe", dates.EarliestSafe)
		out.date("effective_end", dates.Due)
		out.date("lenient_after_reading", dates.Lenient)
		return out, nil
	}
}

func mechanism(id string) rule {
	return func(b *policies.Book, in *input) (output, error) {
		sent := in.date("sent")
		period, given := in.period()
		if err := in.err(); err != nil {
			return nil, err
		}
		rule, err := b.Message(id)
		if err != nil {
			return nil, err
		}
		if given {
			rule.Mechanism = &privacy.Mechanism{Period: period}
		}
		through, err := rule.MechanismValidThrough(sent)
		if err != nil {
			return nil, err
		}
		out := output{}
		out.date("due", through)
		return out, nil
	}
}

func mailbox(b *policies.Book, in *input) (output, error) {
	at := in.instant("received_utc", "received")
	if err := in.err(); err != nil {
		return nil, err
	}
	rule, err := b.Message("mailbox")
	if err != nil {
		return nil, err
	}
	by, err := rule.UnsubscribeBy(at, time.UTC)
	if err != nil {
		return nil, err
	}
	out := output{}
	out.utc("due_utc", by)
	return out, nil
}

// window finds the consent window of a vector: its own length, or that of the event.
func (in *input) window(rule privacy.MessageRule, event string) privacy.ConsentWindow {
	w, known := rule.Window(privacy.ConsentEvent(event))
	if months, given := in.count("window_months"); given {
		w.Period = privacy.Period{Count: months, Unit: privacy.Months}
	} else if !known {
		in.fail("event", "%q opens no window, and window_months is missing", event)
	}
	return w
}

// impliedWindow is the span of days on which one event permits messages.
func impliedWindow(b *policies.Book, in *input) (output, error) {
	rule, err := b.Message("casl")
	if err != nil {
		return nil, err
	}
	w, event := in.window(rule, in.str("event")), in.date("event_date")
	if err := in.err(); err != nil {
		return nil, err
	}
	sends := w.Sends(event)
	out := output{}
	out.date("last_permitted_send", sends.LastPermitted)
	out.date("conservative_last_send", sends.Conservative)
	out.date("first_prohibited_send", sends.FirstProhibited)
	return out, nil
}

func maySend(b *policies.Book, in *input) (output, error) {
	rule, err := b.Message("casl")
	if err != nil {
		return nil, err
	}
	claim, send := in.consentClaim(rule), in.date("send", "send_date")
	if err := in.err(); err != nil {
		return nil, err
	}
	permitted, why, err := rule.MaySend(claim, send)
	if err != nil {
		return nil, err
	}
	return output{"permitted": permitted, "reason": why}, nil
}

// consentClaim reads the basis. An implied basis is named by its event ("inquiry", "implied_purchase") or as "implied"
// with the event beside it.
func (in *input) consentClaim(rule privacy.MessageRule) privacy.ConsentClaim {
	c := privacy.ConsentClaim{
		Given: in.optionalDate("given", "given_date"), Withdrawn: in.optionalDate("withdrawn", "unsubscribed"),
		NoSolicitation: in.boolean("no_solicit_statement"), RelevantToRole: in.boolean("relevant_to_role"),
	}
	basis := in.str("basis")
	switch basis {
	case "express", "express_consent":
		c.Basis = privacy.ConsentExpress
	case "conspicuous_publication", "published_address":
		c.Basis = privacy.ConsentPublished
	case "disclosed_to_sender", "disclosed", "disclosed_address":
		c.Basis = privacy.ConsentDisclosed
	case "none", "":
		c.Basis = privacy.ConsentNone
	default:
		in.impliedClaim(&c, rule, basis)
	}
	return c
}

func (in *input) impliedClaim(c *privacy.ConsentClaim, rule privacy.MessageRule, basis string) {
	if in.boolean("in_force", "contract_in_force") || basis == "contract_in_force" {
		c.Basis = privacy.ConsentInForce
		return
	}
	event := in.str("event", "relationship")
	if event == "" {
		event = eventIn(basis, rule)
	}
	c.Basis, c.Event = privacy.ConsentImplied, privacy.ConsentEvent(event)
	c.EventDate = in.date("event_date", event+"_date", event, "date")
	c.Window = in.window(rule, event).Period
}

// eventIn is the longest event of the policy that the name of a basis contains ("implied_ebr_inquiry"), or the name.
func eventIn(basis string, rule privacy.MessageRule) string {
	longest := ""
	for _, w := range rule.Windows {
		for _, event := range w.Events {
			if strings.Contains(basis, string(event)) && len(event) > len(longest) {
				longest = string(event)
			}
		}
	}
	if longest == "" {
		return basis
	}
	return longest
}
