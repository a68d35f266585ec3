// Package contract is all that others need to know of the workflows: their names, ids, inputs, commands and answers.
// Everything in it goes through Temporal's history, so nothing in it says who a person is.
package contract

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
)

// Ref names a case.
type Ref struct {
	Tenant uuid.UUID `json:"tenant"`
	Case   uuid.UUID `json:"case"`
}

// RequestInput starts the workflow of a request. Run counts the times it was taken up; a workflow that still runs when its
// case is reopened goes on with the next.
type RequestInput struct {
	Ref
	Run int32 `json:"run"`
	// Version says which code the run began with; it goes on with that until it continues as new.
	Version int `json:"version,omitempty"`
	// Resume carries the state over when the workflow continues as new.
	Resume *Resume `json:"resume,omitempty"`
}

// Versions of a request's workflow. A run keeps to the one it began with, so that its history can be replayed.
const (
	// OneTimer has one timer for all clocks and phases of a run; before it each had its own.
	OneTimer = 1
	// QuickLook reads the register within the workflow's own task; before it each look was an activity that Temporal handed out.
	QuickLook = 2
	// NewestVersion is what new runs begin with.
	NewestVersion = QuickLook
)

// Resume is what a request's workflow knows beside the register.
type Resume struct {
	PhaseSince time.Time `json:"phase_since"`
	Reminded   bool      `json:"reminded"`
	// Reached is the last milestone of each clock, by the kind of its obligation.
	Reached map[string]time.Time `json:"reached,omitempty"`
}

// PackageInput starts the workflow that destroys a package when its time is over.
type PackageInput struct {
	Ref
	Package uuid.UUID `json:"package"`
	Expires time.Time `json:"expires"`
}

// View is what the workflow sees of a case: the process, not the person.
type View struct {
	State    privacy.RequestState `json:"state"`
	Run      int32                `json:"run"`
	Identity string               `json:"identity"`
	Round    int32                `json:"round"`
	Package  *PackageInput        `json:"package,omitempty"`
	// Limits says that the request sets limits: collecting is marking the systems. Amendments are those that are still to be carried out.
	Limits     bool `json:"limits,omitempty"`
	Amendments int  `json:"amendments,omitempty"`
	// Corrects says that the request is for rectification: executing is setting values in the systems.
	Corrects bool `json:"corrects,omitempty"`
	// Contests says that the request is about an automated decision: no system is read for it, a human looks at the decision.
	Contests bool `json:"contests,omitempty"`
	// NotBefore is when an approved plan may be carried out.
	NotBefore   time.Time    `json:"not_before,omitzero"`
	Obligations []Obligation `json:"obligations"`
	Policy      Policy       `json:"policy"`
}

// Owed says whether something is still owed.
func (v View) Owed() bool {
	return slices.ContainsFunc(v.Obligations, func(o Obligation) bool { return privacy.ObligationState(o.State).Standing() })
}

// Obligation is one thing owed, with the dates and the ladder it was given.
type Obligation struct {
	ID           uuid.UUID      `json:"id"`
	Kind         string         `json:"kind"`
	State        string         `json:"state"`
	Due          time.Time      `json:"due"`
	EarliestSafe time.Time      `json:"earliest_safe"`
	Ladder       privacy.Ladder `json:"ladder"`
	Acknowledged bool           `json:"acknowledged,omitempty"`
}

// Policy are the tenant's choices that a request's workflow keeps to.
type Policy struct {
	VerifyRemind time.Duration `json:"verify_remind"`
	VerifyClose  time.Duration `json:"verify_close"`
}

// Run is one system to collect from.
type Run struct {
	System uuid.UUID `json:"system"`
	State  string    `json:"state"`
}

// ErasureRun is one system to erase in. What its rows are found by must be on record before any of the systems in Needs is touched: their
// rows lead to its own.
type ErasureRun struct {
	System uuid.UUID   `json:"system"`
	Needs  []uuid.UUID `json:"needs,omitempty"`
}

// ErasureInput asks for one system of an approved plan.
type ErasureInput struct {
	Ref
	Plan   uuid.UUID `json:"plan"`
	System uuid.UUID `json:"system"`
}

// ErasureFailure tells the case that a system could not be erased in.
type ErasureFailure struct {
	ErasureInput
	Code    string `json:"code"`
	Problem string `json:"problem"`
}

// Amendment is what is to be set in one system for a case.
type Amendment struct {
	ID     uuid.UUID `json:"id"`
	System uuid.UUID `json:"system"`
}

// AmendmentInput asks for one to be carried out.
type AmendmentInput struct {
	Ref
	Amendment Amendment `json:"amendment"`
}

// AmendmentFailure tells the case that it could not be.
type AmendmentFailure struct {
	AmendmentInput
	Code    string `json:"code"`
	Problem string `json:"problem"`
}

// ErasureRuns is what an approved plan is to be carried out on.
type ErasureRuns struct {
	Plan uuid.UUID    `json:"plan"`
	Runs []ErasureRun `json:"runs"`
}

// DeferralInput starts the workflow that erases what an exception keeps, when its time is over.
type DeferralInput struct {
	Ref
	Deferral uuid.UUID `json:"deferral"`
	Due      time.Time `json:"due"`
}

// ReapplyInput asks for a restored system to be searched for those who were erased, and for them to be erased again.
type ReapplyInput struct {
	Tenant        uuid.UUID `json:"tenant"`
	System        uuid.UUID `json:"system"`
	Reapplication uuid.UUID `json:"reapplication"`
}

// ReapplyFailure says why that did not come to its end.
type ReapplyFailure struct {
	ReapplyInput
	Problem string `json:"problem"`
}

// TransmissionInput asks for a package to be sent to another controller.
type TransmissionInput struct {
	Ref
	Transmission uuid.UUID `json:"transmission"`
}

// TransmissionFailure says why it was not taken: a code, and the receiver's last answer, 0 where there was none.
type TransmissionFailure struct {
	TransmissionInput
	Code   string `json:"code"`
	Status int    `json:"status,omitempty"`
}

// Milestone is something a clock has reached.
type Milestone struct {
	Ref
	Obligation uuid.UUID         `json:"obligation"`
	Milestone  privacy.Milestone `json:"milestone"`
}

// CollectInput asks for one system's data.
type CollectInput struct {
	Ref
	Round  int32     `json:"round"`
	System uuid.UUID `json:"system"`
}

// Failure tells the case that a system could not be read.
type Failure struct {
	CollectInput
	Code    string `json:"code"`
	Problem string `json:"problem"`
}

// CheckInput asks what a system says: whether it can be reached as declared and, with a case or the person of a trial, what
// a request would touch.
type CheckInput struct {
	Tenant uuid.UUID  `json:"tenant"`
	System uuid.UUID  `json:"system"`
	Case   *uuid.UUID `json:"case,omitempty"`
	Trial  *uuid.UUID `json:"trial,omitempty"`
}

// CheckResult is what the system said. No part of it holds a value from a row.
type CheckResult struct {
	Findings []Finding `json:"findings"`
	Counts   []Count   `json:"counts"`
}

// Finding is one thing that is wrong with a system or its annotation.
type Finding struct {
	Code  string `json:"code"`
	Where string `json:"where,omitempty"`
	What  string `json:"what"`
	Do    string `json:"do"`
}

// Count is how many rows a request would touch in one collection.
type Count struct {
	Dataset    string `json:"dataset"`
	Collection string `json:"collection"`
	Rows       int64  `json:"rows"`
}
