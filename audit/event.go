package audit

import (
	"time"

	"github.com/google/uuid"
)

// ActorKind says what kind of actor did or asked for something.
type ActorKind string

// The kinds of actor.
const (
	Person  ActorKind = "person"  // a member of staff, signed in
	APIKey  ActorKind = "api_key" // a program with a key of the tenant
	Timer   ActorKind = "timer"   // a clock that ran out
	System  ActorKind = "system"  // Docket itself, or a connected system
	Subject ActorKind = "subject" // the person the data is about, or their agent
	// Requester is a company whose programs file requests by a protocol.
	Requester ActorKind = "requester"
	// Addressee is whoever has a link that was made for somebody else than the person: who was asked about their data, its id being the inquiry's, or who
	// fetches what they take along, its id being the link's.
	Addressee ActorKind = "addressee"
)

// Outcome says how far a thing got. A destructive act has two events: Intent before it, and Done or Failed after it.
type Outcome string

// The outcomes.
const (
	Intent  Outcome = "intent"
	Done    Outcome = "done"
	Refused Outcome = "refused"
	Failed  Outcome = "failed"
)

// Actor is who did it: an id within its kind, never a name or an address.
type Actor struct {
	Kind ActorKind
	ID   string
	Role string // the role that allowed it, "" where roles don't apply
	Key  string // the API key through which a person did it, which the event has as a fact; "" for who is signed in
}

// Object is what it was done to.
type Object struct{ Kind, ID string }

// Event is one line of the log. It says what happened to which object by id, and carries nothing about a person.
type Event struct {
	ID       uuid.UUID // version 7; Append makes one when it is zero
	TenantID string
	At       time.Time // kept in UTC to the microsecond, which is what the register stores
	Actor    Actor
	Action   Action
	Object   Object
	CaseID   string // "" when the event belongs to no case
	Outcome  Outcome
	Reason   string // a reason code for a refusal or failure, else ""
	Facts    map[FactKey]string
	Evidence []byte // SHA-256 of what the event is about, nil when there is nothing
}

// normal gives the event as it will be read back: UTC, microseconds, an id.
func (e Event) normal() (Event, error) {
	e.At = e.At.UTC().Truncate(time.Microsecond)
	if e.ID != uuid.Nil {
		return e, nil
	}
	id, err := uuid.NewV7()
	e.ID = id
	return e, err
}
