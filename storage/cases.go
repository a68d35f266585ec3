package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of the register as they are read.
type (
	// Case is one case.
	Case = db.Case
	// CaseLine is a case in a list: nothing in it says who the person is.
	CaseLine = db.ListCasesRow
	// Transition is one step a case took.
	Transition = db.TransitionsRow
	// Duplicate is a case linked to an open one.
	Duplicate = db.DuplicatesRow
)

// CaseFacts are what the dates of a case depend on beside receipt, pauses and extension.
type CaseFacts struct {
	IdentityInfoReceived *time.Time     `json:"identity_info_received,omitempty"`
	FeePaid              *time.Time     `json:"fee_paid,omitempty"`
	Holidays             []privacy.Date `json:"holidays,omitempty"`
	ExtendedUntil        privacy.Date   `json:"extended_until,omitzero"`
	// AppealReceived is when the newest appeal or complaint came in, and AppealExtended says that its decision takes longer.
	AppealReceived *time.Time `json:"appeal_received,omitempty"`
	AppealExtended bool       `json:"appeal_extended,omitempty"`
	// Country is where the person lives, when they said so.
	Country string `json:"country,omitempty"`
	// Ask is what the request says beyond its right.
	Ask privacy.Ask `json:"ask,omitzero"`
}

// NewCase is what a request is made of when it is accepted.
type NewCase struct {
	ID             uuid.UUID
	Subject        Subject
	Reference      string
	Right          privacy.Right
	Regime         string
	RegimeVersion  string
	Calendar       string
	Zone           string
	Language       string
	Channel        string
	IdentityMethod string // set when identity is proven already
	// AlsoProven is what is proven beside the mailbox, on the word of whoever acts.
	AlsoProven     privacy.AlsoProven
	IdentityWaived bool // nobody is asked who they are
	DuplicateOf    *uuid.UUID
	ReceivedAt     time.Time
	BackdateReason string
	NextDue        *time.Time
	Details        string
	Facts          CaseFacts
	// Submission is shared by the cases that came in together; nil for one that came alone.
	Submission *uuid.UUID
	// StartedByCaller says that the caller starts the workflow right after the commit. A relay does it when that does not happen.
	StartedByCaller bool
}

// InsertCase adds a case in the state received, with its first transition and its workflow start.
func (t *Tx) InsertCase(ctx context.Context, n NewCase) error {
	facts, err := json.Marshal(n.Facts)
	if err != nil {
		return fmt.Errorf("write the case's facts: %w", err)
	}
	details, err := t.sealDetails(n)
	if err != nil {
		return err
	}
	row := db.InsertCaseParams{
		ID: n.ID, TenantID: t.tenant.ID, SubjectID: n.Subject.ID, Reference: n.Reference, RequestRight: string(n.Right),
		Regime: n.Regime, RegimeVersion: n.RegimeVersion, Calendar: n.Calendar, Zone: n.Zone, Language: n.Language,
		Channel: n.Channel, Identity: "unproven", DuplicateOf: n.DuplicateOf, ReceivedAt: n.ReceivedAt, RecordedAt: t.now,
		NextDue: n.NextDue, DetailsSealed: details, Facts: facts, Submission: n.Submission,
	}
	if n.IdentityMethod != "" {
		row.Identity, row.IdentityMethod = "proven", &n.IdentityMethod
		if n.AlsoProven != "" {
			row.AlsoProven, row.ProvenBy = optional(string(n.AlsoProven)), &t.actor.ID
		}
	} else if n.IdentityWaived {
		row.Identity = "waived"
	}
	if n.BackdateReason != "" {
		row.BackdateReason = &n.BackdateReason
	}
	if err := t.later.InsertCase(ctx, row); err != nil {
		return fmt.Errorf("add the case: %w", err)
	}
	_, err = t.later.InsertTransition(ctx, db.InsertTransitionParams{
		ID: newID(), TenantID: t.tenant.ID, CaseID: n.ID, Key: "received", Event: "received",
		ToState: string(privacy.RequestReceived), ActorKind: string(t.actor.Kind), ActorID: t.actor.ID, At: t.now,
	})
	if err != nil {
		return fmt.Errorf("record the receipt: %w", err)
	}
	if n.StartedByCaller {
		return t.StartWorkflowOurselves(ctx, n.ID, 1)
	}
	return t.StartWorkflow(ctx, n.ID, 1)
}

func (t *Tx) sealDetails(n NewCase) ([]byte, error) {
	if n.Details == "" {
		return nil, nil
	}
	sealed, err := n.Subject.Key.Seal([]byte(n.Details), detailsField(n.ID))
	if err != nil {
		return nil, fmt.Errorf("seal the request's words: %w", err)
	}
	return sealed, nil
}

func detailsField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "cases", Column: "details", Row: id.String()}
}

// Details opens what the person wrote.
func (t *Tx) Details(c Case, s Subject) (string, error) {
	if c.DetailsSealed == nil {
		return "", nil
	}
	clear, err := s.Key.Open(c.DetailsSealed, detailsField(c.ID))
	if err != nil {
		return "", fmt.Errorf("open the request's words: %w", err)
	}
	return string(clear), nil
}

// Submitted is a case that came in with another.
type Submitted = db.SubmittedRow

// Submitted lists what came in together with a case.
func (t *Tx) Submitted(ctx context.Context, c Case) ([]Submitted, error) {
	if c.Submission == nil {
		return nil, nil
	}
	rows, err := t.q.Submitted(ctx, t.tenant.ID, c.Submission, c.ID)
	if err != nil {
		return nil, fmt.Errorf("read what came in with the case: %w", err)
	}
	return rows, nil
}

// Case reads one case.
func (t *Tx) Case(ctx context.Context, id uuid.UUID) (Case, error) {
	c, err := t.q.CaseByID(ctx, t.tenant.ID, id)
	if err != nil {
		return Case{}, fmt.Errorf("case: %w", translate(err))
	}
	return c, nil
}

// LockCase reads one case and keeps others from changing it until the transaction ends.
func (t *Tx) LockCase(ctx context.Context, id uuid.UUID) (Case, error) {
	c, err := t.q.LockCase(ctx, t.tenant.ID, id)
	if err != nil {
		return Case{}, fmt.Errorf("case: %w", translate(err))
	}
	return c, nil
}

// References gives the public references of cases.
func (t *Tx) References(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]string, error) {
	rows, err := t.q.CaseReferences(ctx, t.tenant.ID, ids)
	if err != nil {
		return nil, fmt.Errorf("read references: %w", err)
	}
	references := make(map[uuid.UUID]string, len(rows))
	for _, r := range rows {
		references[r.ID] = r.Reference
	}
	return references, nil
}

// CaseByReference reads one case by its public reference.
func (t *Tx) CaseByReference(ctx context.Context, reference string) (Case, error) {
	c, err := t.q.CaseByReference(ctx, t.tenant.ID, reference)
	if err != nil {
		return Case{}, fmt.Errorf("case: %w", translate(err))
	}
	return c, nil
}

// FactsOf reads the facts of a case.
func FactsOf(c Case) (CaseFacts, error) {
	var facts CaseFacts
	if err := json.Unmarshal(c.Facts, &facts); err != nil {
		return CaseFacts{}, fmt.Errorf("read the case's facts: %w", err)
	}
	return facts, nil
}

// SetFacts stores the facts of a case.
func (t *Tx) SetFacts(ctx context.Context, id uuid.UUID, facts CaseFacts) error {
	encoded, err := json.Marshal(facts)
	if err != nil {
		return fmt.Errorf("write the case's facts: %w", err)
	}
	return one(t.q.SetCaseFacts(ctx, t.tenant.ID, id, encoded, t.now))
}

// Move is one step of a case through its state machine.
type Move struct {
	Event privacy.RequestEvent
	// Key makes the step happen once: a second try with the same key changes nothing.
	Key    string
	Reason string
}

// MoveCase takes the step in the register, with its audit event. moved is false when the key has been used before. An
// event the state does not allow is a *privacy.TransitionError.
func (t *Tx) MoveCase(ctx context.Context, c Case, m Move) (moved Case, changed bool, err error) {
	from := privacy.RequestState(c.State)
	taken, err := t.StepTaken(ctx, c.ID, m.Key)
	if err != nil || taken {
		return c, false, err
	}
	to, err := from.Next(m.Event)
	if err != nil {
		return c, false, err
	}
	if err := t.writeMove(ctx, c, m, to); err != nil {
		return c, false, err
	}
	if err := t.insertStep(ctx, c, m.Key, string(m.Event), string(to), m.Reason); err != nil {
		return c, false, err
	}
	err = t.Audit(ctx, audit.Event{
		Action: moveAction(m.Event), CaseID: c.ID.String(), Object: caseObject(c.ID), Reason: m.Reason,
		Facts: map[audit.FactKey]string{audit.FactFrom: string(from), audit.FactTo: string(to)},
	})
	if err != nil {
		return c, false, err
	}
	if err := t.QueueCallbacks(ctx, c.ID); err != nil {
		return c, false, err
	}
	moved, err = t.Case(ctx, c.ID)
	return moved, true, err
}

// StepTaken says whether a step with this key was taken.
func (t *Tx) StepTaken(ctx context.Context, caseID uuid.UUID, key string) (bool, error) {
	_, err := t.q.TransitionByKey(ctx, t.tenant.ID, caseID, key)
	if err = translate(err); err == nil {
		return true, nil
	}
	if isNotFound(err) {
		return false, nil
	}
	return false, fmt.Errorf("look for the step: %w", err)
}

// RecordStep records something that was done to a case and leaves its state as it is.
func (t *Tx) RecordStep(ctx context.Context, c Case, key, what, reason string) error {
	return t.insertStep(ctx, c, key, what, c.State, reason)
}

func (t *Tx) insertStep(ctx context.Context, c Case, key, event, to, reason string) error {
	_, err := t.later.InsertTransition(ctx, db.InsertTransitionParams{
		ID: newID(), TenantID: t.tenant.ID, CaseID: c.ID, Key: key, Event: event, FromState: &c.State, ToState: to,
		ReasonCode: optional(reason), ActorKind: string(t.actor.Kind), ActorID: t.actor.ID, At: t.now,
	})
	if err != nil {
		return fmt.Errorf("record the step: %w", err)
	}
	return nil
}

func (t *Tx) writeMove(ctx context.Context, c Case, m Move, to privacy.RequestState) error {
	row := db.MoveCaseParams{
		TenantID: t.tenant.ID, ID: c.ID, FromState: c.State, ToState: string(to), Run: c.Run, At: t.now,
		ReasonCode: optional(m.Reason),
	}
	if outcome, closes := m.Event.Outcome(); closes {
		row.Outcome, row.ClosedAt = optional(string(outcome)), &t.now
	}
	if m.Event == privacy.EventReopened {
		row.Run++
	}
	if err := one(t.sure.MoveCase(ctx, row)); err != nil {
		return fmt.Errorf("move the case: %w", err)
	}
	return nil
}

func moveAction(event privacy.RequestEvent) audit.Action {
	switch event {
	case privacy.EventRefused:
		return audit.RequestRefused
	case privacy.EventWithdrawn:
		return audit.RequestWithdrawn
	case privacy.EventCancelled:
		return audit.RequestCancelled
	case privacy.EventReopened:
		return audit.RequestReopened
	case privacy.EventIdentityLapsed, privacy.EventDelivered, privacy.EventSettled:
		return audit.RequestClosed
	case privacy.EventApproved:
		return audit.ReviewApproved
	case privacy.EventClarificationSent:
		return audit.RequestClarify
	case privacy.EventClarified:
		return audit.RequestClarified
	default:
		return audit.RequestMoved
	}
}

func caseObject(id uuid.UUID) audit.Object { return audit.Object{Kind: "case", ID: id.String()} }

// optional turns an empty text into an absent one.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// given is the text of what may be absent.
func given(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// ProveIdentity records how the person proved who they are, and what of them beside the mailbox is proven by it.
func (t *Tx) ProveIdentity(ctx context.Context, id uuid.UUID, method string, also privacy.AlsoProven) error {
	err := one(t.sure.SetCaseIdentity(ctx, db.SetCaseIdentityParams{
		TenantID: t.tenant.ID, ID: id, Identity: "proven", IdentityMethod: &method, AlsoProven: optional(string(also)), ProvenBy: optional(t.actor.ID), UpdatedAt: t.now,
	}))
	if err != nil {
		return fmt.Errorf("record the identity: %w", err)
	}
	facts := map[audit.FactKey]string{audit.FactMethod: method}
	if also != "" {
		facts[audit.FactProven] = string(also)
	}
	return t.Audit(ctx, audit.Event{Action: audit.IdentityProven, CaseID: id.String(), Object: caseObject(id), Facts: facts})
}

// BeginIdentityCheck records that the person has proven their mailbox, and that staff are to do the rest.
func (t *Tx) BeginIdentityCheck(ctx context.Context, id uuid.UUID) error {
	err := one(t.sure.SetCaseIdentity(ctx, db.SetCaseIdentityParams{TenantID: t.tenant.ID, ID: id, Identity: "checking", UpdatedAt: t.now}))
	if err != nil {
		return fmt.Errorf("record the identity check: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.IdentityChecking, CaseID: id.String(), Object: caseObject(id)})
}

// AssignCase gives the case to a member of staff; nil takes it from everyone.
func (t *Tx) AssignCase(ctx context.Context, id uuid.UUID, staff *uuid.UUID) error {
	if err := one(t.q.AssignCase(ctx, t.tenant.ID, id, staff, t.now)); err != nil {
		return fmt.Errorf("assign the case: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.RequestAssigned, CaseID: id.String(), Object: caseObject(id)})
}

// OpenCase finds the oldest open case under the right and regime of anyone who came with this address; ErrNotFound when
// there is none.
func (t *Tx) OpenCase(ctx context.Context, email string, right privacy.Right, regime string) (Duplicate, error) {
	index, err := t.blindIndex(identityEmail, email)
	if err != nil {
		return Duplicate{}, err
	}
	row, err := t.q.OpenCaseByIdentity(ctx, db.OpenCaseByIdentityParams{
		TenantID: t.tenant.ID, Kind: identityEmail, BlindIndex: index, Most: maxMatches, RequestRight: string(right), Regime: regime,
	})
	if err != nil {
		return Duplicate{}, fmt.Errorf("look for an open case: %w", translate(err))
	}
	return Duplicate(row), nil
}

// Duplicates lists the cases linked to this one.
func (t *Tx) Duplicates(ctx context.Context, id uuid.UUID) ([]Duplicate, error) {
	return t.q.Duplicates(ctx, t.tenant.ID, &id)
}

// Transitions lists the steps of a case in order.
func (t *Tx) Transitions(ctx context.Context, id uuid.UUID) ([]Transition, error) {
	return t.q.Transitions(ctx, t.tenant.ID, id)
}
