package privacy

import (
	"fmt"
	"time"
)

// MessageRule is one law, or one mailbox provider's terms, on commercial messages.
type MessageRule struct {
	ID           string        `json:"id"`
	Version      string        `json:"version"` // the edition of the rule that answers carry
	Name         string        `json:"name"`
	Jurisdiction string        `json:"jurisdiction"`
	Reach        *MessageReach `json:"reach,omitempty"` // none where it says nothing of whom may be written to
	Calendar     string        `json:"calendar"`
	Zone         string        `json:"zone,omitempty"`
	Counting     Counting      `json:"counting"`
	Unsubscribe  Unsubscribe   `json:"unsubscribe"`
	Mechanism    *Mechanism    `json:"mechanism,omitempty"`
	Consent      ConsentModel  `json:"consent"`
	// Windows are looked back through from the day of sending, InForce are relations that count while they last.
	Windows []ConsentWindow `json:"windows,omitempty"`
	InForce *MessageGround  `json:"in_force,omitempty"`
	// Published lets messages go to addresses that their owners have published or disclosed, SoftOptIn to customers.
	Published *MessageGround `json:"published,omitempty"`
	SoftOptIn *SoftOptIn     `json:"soft_opt_in,omitempty"`
	// Confirmation has express consent count once the mailbox has confirmed it.
	Confirmation *MessageGround `json:"confirmation,omitempty"`
	// Corporate lets messages go to companies without consent.
	Corporate *MessageGround `json:"corporate,omitempty"`
	// Tracking has a pixel or a link that tells who reads want consent of its own.
	Tracking *MessageGround     `json:"tracking,omitempty"`
	Exempt   []MessageExemption `json:"exempt,omitempty"`
	Notes    []string           `json:"notes,omitempty"`
	Citation Citation           `json:"citation"`
}

// ConsentModel says whether a message needs consent first.
type ConsentModel string

// The models.
const (
	OptInModel  ConsentModel = "opt_in"
	OptOutModel ConsentModel = "opt_out"
	TermsModel  ConsentModel = "provider_terms"
)

// Valid reports whether m is one of the models.
func (m ConsentModel) Valid() bool { return m == OptInModel || m == OptOutModel || m == TermsModel }

// Unsubscribe is the time to give effect to a withdrawal.
type Unsubscribe struct {
	Term
	From     UnsubscribeFrom `json:"from"`
	Citation Citation        `json:"citation"`
}

// UnsubscribeFrom is the moment the withdrawal counts from.
type UnsubscribeFrom string

// The moments: CASL and the Spam Act count from the sending of the indication, CAN-SPAM from its receipt.
const (
	FromSending      UnsubscribeFrom = "sent"
	FromRecipientAsk UnsubscribeFrom = "received"
)

// Valid reports whether u is one of the moments.
func (u UnsubscribeFrom) Valid() bool { return u == FromSending || u == FromRecipientAsk }

// Mechanism is how long the address or page for unsubscribing must work after a message went out.
type Mechanism struct {
	Period   Period   `json:"period"`
	Citation Citation `json:"citation"`
}

// UnsubscribeDue is the last day on which a withdrawal made on that day may still be without effect.
func (m MessageRule) UnsubscribeDue(day Date, holidays []Date, calendar string) (TermDates, error) {
	if m.Unsubscribe.Period.Unit == Hours {
		return TermDates{}, fmt.Errorf("counting the unsubscribe period of %s: it is in hours; use UnsubscribeBy", m.ID)
	}
	if calendar == "" {
		calendar = m.Calendar
	}
	cal, err := CalendarWith(calendar, holidays)
	if err != nil {
		return TermDates{}, err
	}
	return m.Unsubscribe.Count(m.Counting, day, cal)
}

// UnsubscribeBy is the moment by which a withdrawal must have effect: for terms in hours exactly, else the end of the
// earliest safe day.
func (m MessageRule) UnsubscribeBy(at time.Time, zone *time.Location) (time.Time, error) {
	if m.Unsubscribe.Period.Unit == Hours {
		return AfterHours(at, m.Unsubscribe.Period.Count), nil
	}
	dates, err := m.UnsubscribeDue(DateIn(at, zone), nil, "")
	if err != nil {
		return time.Time{}, err
	}
	return dates.EarliestSafe.EndIn(zone), nil
}

// MechanismValidThrough is the last day on which the unsubscribe address of a message sent on that day must work; zero
// where the rule sets none.
func (m MessageRule) MechanismValidThrough(sent Date) (Date, error) {
	if m.Mechanism == nil {
		return Date{}, nil
	}
	out, err := m.Counting.with(FirstDayExcluded, RollNone).Count(sent, m.Mechanism.Period, 0, Calendar{})
	return out.Due, err
}

// StrictestUnsubscribe is the earliest moment any of the rules sets. A sender under several laws obeys all of them, and
// so in practice unsubscribes at once.
func StrictestUnsubscribe(rules []MessageRule, at time.Time, zone *time.Location) (time.Time, error) {
	var first time.Time
	for _, rule := range rules {
		by, err := rule.UnsubscribeBy(at, zone)
		if err != nil {
			return time.Time{}, err
		}
		if first.IsZero() || by.Before(first) {
			first = by
		}
	}
	return first, nil
}
