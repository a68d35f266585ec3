package vectors

import (
	"strings"
	"time"

	"github.com/privacy-docket/docket/policies"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/consent"
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
	ask := consent.Ask{Day: in.date("send", "send_date"), Class: privacy.Commercial, Relevant: in.boolean("relevant_to_role")}
	standing := in.standing(&rule, ask.Day)
	if err := in.err(); err != nil {
		return nil, err
	}
	d := consent.Decide(ask, &standing, nil, []privacy.MessageRule{rule})
	return output{"permitted": d.Allowed, "reason": string(d.Reason)}, nil
}

// standing is what the events of a vector come to on the day of sending. An implied basis is named by its event ("inquiry", "implied_purchase") or as "implied"
// with the event beside it; a window of its own replaces that of the rule.
func (in *input) standing(rule *privacy.MessageRule, send privacy.Date) consent.Standing {
	var events []consent.Event
	add := func(day privacy.Date, e consent.Event) {
		e.At, e.Day = day.EndIn(time.UTC), day
		events = append(events, e)
	}
	switch basis := in.str("basis"); basis {
	case "express", "express_consent":
		add(in.date("given", "given_date"), consent.Event{Kind: consent.Given})
	case "conspicuous_publication", "published_address":
		add(send, consent.Event{Kind: consent.Published, NoSolicitation: in.boolean("no_solicit_statement")})
	case "disclosed_to_sender", "disclosed", "disclosed_address":
		add(send, consent.Event{Kind: consent.Disclosed, NoSolicitation: in.boolean("no_solicit_statement")})
	case "none", "":
	default:
		add(in.relation(rule, basis, send))
	}
	if day := in.optionalDate("withdrawn", "unsubscribed"); !day.IsZero() {
		add(day, consent.Event{Kind: consent.Withdrawn})
	}
	return consent.At(events, send.EndIn(time.UTC), send.EndIn(time.UTC))
}

// relation reads an event on which consent is implied, and its day.
func (in *input) relation(rule *privacy.MessageRule, basis string, send privacy.Date) (privacy.Date, consent.Event) {
	if in.boolean("in_force", "contract_in_force") || basis == "contract_in_force" {
		return send, consent.Event{Kind: consent.Began, Relation: "contract"}
	}
	event := in.str("event", "relationship")
	if event == "" {
		event = eventIn(basis, *rule)
	}
	w := in.window(*rule, event)
	w.Events = []privacy.ConsentEvent{privacy.ConsentEvent(event)}
	rule.Windows = []privacy.ConsentWindow{w}
	return in.date("event_date", event+"_date", event, "date"), consent.Event{Kind: consent.Refreshed, Relation: privacy.ConsentEvent(event)}
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
