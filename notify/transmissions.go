package notify

import (
	"slices"
	"time"
)

// Transmitted tells whether the person's data was sent to another controller, or fetched by one, and why not where it was not (Art. 20(2) GDPR).
type Transmitted struct {
	Frame
	On time.Time
	// Receiver is whom it was to go to, in the words of whoever asked.
	Receiver string
	Sent     bool
	// Fetched says that it was not sent but fetched, by a link that was made for the receiver; Until is until when that works, zero once it has ended.
	Fetched bool
	Until   time.Time
	// Reason is why it was not, and Explanation what the staff write; lines are kept.
	Reason, Explanation string
	// Unconfirmed says that it went out to the receiver, and that nobody knows whether it was taken.
	Unconfirmed bool
	// Link leads to the person's page, where they can try again, or take the link for the receiver back; empty when there is nothing to be done any more.
	Link   string
	Remedy Remedy
}

// Why is the key of the words for what kept it from being sent.
func (t *Transmitted) Why() string {
	if !slices.Contains([]string{"package_gone", "not_feasible", "not_public", "redirected", "declined", "too_large", "unread", "fault"}, t.Reason) {
		return "transmission.unreachable"
	}
	return "transmission." + t.Reason
}

// Stopped says that staff ended it.
func (t *Transmitted) Stopped() bool { return t.Reason == "not_feasible" }

// Kind of it.
func (*Transmitted) Kind() Kind { return KindTransmitted }

func (t *Transmitted) whole() error {
	if t.Fetched {
		return need(!t.On.IsZero() && t.Receiver != "" && !t.Sent && t.Reason == "" && !t.Unconfirmed && t.Until.IsZero() == (t.Link == ""), "On, Receiver, and Link with Until; what was fetched was not sent")
	}
	return need(!t.On.IsZero() && t.Receiver != "" && t.Sent == (t.Reason == "") && !(t.Sent && t.Unconfirmed), "On, Receiver, and Reason where it was not sent; what was sent is not Unconfirmed")
}
