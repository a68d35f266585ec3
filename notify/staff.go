package notify

import (
	"time"

	"github.com/privacy-docket/docket/privacy"
)

// Notice is what every message to the staff carries. It holds references and facts about the process, nothing about
// the person: Slack is no place for that.
type Notice struct {
	// Tenant is the controller's name; it tells notices of different tenants apart.
	Tenant string
	// Reference of the case.
	Reference string
	Right     privacy.Right
	// Regime is the law's name, for people: "GDPR".
	Regime string
	// Link leads to the case in the console.
	Link string
	// Zone of the dates; nil means UTC.
	Zone *time.Location
	// AckToken is the opaque value of an "I am on it" button in Slack; without it there is no button. It must not
	// let anybody do more than acknowledge.
	AckToken string
}

func (n *Notice) frame() *Frame {
	return &Frame{Controller: Controller{Name: n.Tenant, Zone: n.Zone}, Reference: n.Reference, Right: n.Right, Regime: n.Regime}
}

func (n *Notice) notice() *Notice { return n }

// TaskCreated tells that somebody has work to do.
type TaskCreated struct {
	Notice
	// Task is what is to be done, in words: "Review the collected data".
	Task string
	Due  time.Time
}

// TaskReminder tells that a task still waits.
type TaskReminder struct {
	Notice
	Task string
	Due  time.Time
	// Now is the time of the notice; the time left is counted from it.
	Now time.Time
}

// DueSoon tells that an obligation falls due soon.
type DueSoon struct {
	Notice
	// Obligation in words: "Answer the person".
	Obligation string
	Due, Now   time.Time
	// Citation of the rule: "Art. 12(3) GDPR".
	Citation string
}

// Overdue tells that an obligation was missed.
type Overdue struct {
	Notice
	Obligation string
	Due, Now   time.Time
	Citation   string
}

// Escalation goes one step up the ladder because nobody acknowledged.
type Escalation struct {
	Notice
	Obligation string
	Due, Now   time.Time
	Citation   string
	// Step counts from 1; Role is who is being told now, Before who was told before (may be empty).
	Step         int
	Role, Before string
}

// Acknowledged tells the channel that somebody took an escalation over.
type Acknowledged struct {
	Notice
	Obligation string
	// By is the staff member's display name.
	By string
	At time.Time
}

// MessageFailed tells that a letter could not be delivered and somebody must find another way.
type MessageFailed struct {
	Notice
	// Letter is the kind that failed; Code the Failure's code.
	Letter  Kind
	Channel Channel
	Code    string
	At      time.Time
}

// CollectionFailed tells that a system could not be searched.
type CollectionFailed struct {
	Notice
	// System is the system's name in Docket.
	System string
	// Problem in words that hold nothing personal: "connection refused".
	Problem string
	At      time.Time
}

// Kind of each notice.
func (*TaskCreated) Kind() Kind      { return KindTaskCreated }
func (*TaskReminder) Kind() Kind     { return KindTaskReminder }
func (*DueSoon) Kind() Kind          { return KindDueSoon }
func (*Overdue) Kind() Kind          { return KindOverdue }
func (*Escalation) Kind() Kind       { return KindEscalation }
func (*Acknowledged) Kind() Kind     { return KindAcknowledged }
func (*MessageFailed) Kind() Kind    { return KindMessageFailed }
func (*CollectionFailed) Kind() Kind { return KindCollectionFailed }
