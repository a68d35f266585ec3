package storage

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// ErasurePlan is a plan with what became of it.
type ErasurePlan struct {
	ID     uuid.UUID
	CaseID uuid.UUID
	Round  int32
	State  string
	// Plan is what was counted and will be done; SHA256 is of it as it was stored, and what an approval is for.
	Plan       erasure.Plan
	SHA256     []byte
	Totals     erasure.Totals
	ProposedBy string
	ProposedAt *time.Time
	ApprovedBy string
	ApprovedAt *time.Time
	NotBefore  *time.Time
	StartedAt  *time.Time
	EndedAt    *time.Time
	CreatedAt  time.Time
}

// States of a plan.
const (
	PlanMade      = "made"
	PlanProposed  = "proposed"
	PlanApproved  = "approved"
	PlanExecuting = "executing"
	PlanDone      = "done"
	PlanVoid      = "void"
)

// SaveSurvey keeps what one system of a round counted, and what the person's rows there say they are known by.
func (t *Tx) SaveSurvey(ctx context.Context, run Run, s Subject, p erasure.SystemPlan, known Identities) error {
	sealed, err := sealJSON(s.Key, seal.Field{Table: "erasure_surveys", Column: "body", Row: run.ID.String()}, p)
	if err != nil {
		return fmt.Errorf("seal the survey: %w", err)
	}
	identities, err := sealJSON(s.Key, identitiesField(run.ID), known)
	if err != nil {
		return fmt.Errorf("seal what rows say: %w", err)
	}
	err = t.q.SaveSurvey(ctx, db.SaveSurveyParams{TenantID: t.tenant.ID, RunID: run.ID, BodySealed: sealed, IdentitiesSealed: identities, At: t.now})
	if err != nil {
		return fmt.Errorf("keep the survey: %w", err)
	}
	return nil
}

func identitiesField(run uuid.UUID) seal.Field {
	return seal.Field{Table: "erasure_surveys", Column: "identities", Row: run.String()}
}

// UntoldErasureRun is the work on a system by a plan of which no last letter told.
type UntoldErasureRun struct {
	PlanID, SystemID uuid.UUID
	State            string
	// Changed counts the rows that it changed so far.
	Changed int64
	// Part is what the plan had for the system.
	Part erasure.SystemPlan
}

// UntoldErasureRuns gives the runs of the plans of a case that came to no end of their own, oldest plan first.
func (t *Tx) UntoldErasureRuns(ctx context.Context, s Subject, caseID uuid.UUID) ([]UntoldErasureRun, error) {
	rows, err := t.q.UntoldErasureRuns(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read what was erased so far: %w", err)
	}
	out := make([]UntoldErasureRun, len(rows))
	for i, row := range rows {
		var plan erasure.Plan
		if err := openJSON(s.Key, planField(row.PlanID), row.BodySealed, &plan); err != nil {
			return nil, fmt.Errorf("open a plan: %w", err)
		}
		out[i] = UntoldErasureRun{PlanID: row.PlanID, SystemID: row.SystemID, State: row.State, Changed: row.Changed, Part: erasure.SystemPlan{Key: row.SystemKey}}
		if part, there := plan.System(row.SystemKey); there {
			out[i].Part = part
		}
	}
	return out, nil
}

// SurveyedIdentities are what the person's rows say they are known by, as far as they were counted for a case.
func (t *Tx) SurveyedIdentities(ctx context.Context, s Subject, caseID uuid.UUID) ([]Identities, error) {
	rows, err := t.q.SurveyedIdentities(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read what rows say: %w", err)
	}
	out := make([]Identities, len(rows))
	for i, row := range rows {
		if err := openJSON(s.Key, identitiesField(row.RunID), row.IdentitiesSealed, &out[i]); err != nil {
			return nil, fmt.Errorf("open what rows say: %w", err)
		}
	}
	return out, nil
}

// Surveys gives what the systems of a round counted.
func (t *Tx) Surveys(ctx context.Context, s Subject, caseID uuid.UUID, round int32) ([]erasure.SystemPlan, error) {
	rows, err := t.q.Surveys(ctx, t.tenant.ID, caseID, round)
	if err != nil {
		return nil, fmt.Errorf("read the surveys: %w", err)
	}
	out := make([]erasure.SystemPlan, len(rows))
	for i, row := range rows {
		if err := openJSON(s.Key, seal.Field{Table: "erasure_surveys", Column: "body", Row: row.RunID.String()}, row.BodySealed, &out[i]); err != nil {
			return nil, fmt.Errorf("open a survey: %w", err)
		}
	}
	return out, nil
}

// AddErasurePlan puts a plan in the place of the one before, which is void.
func (t *Tx) AddErasurePlan(ctx context.Context, c Case, s Subject, round int32, p erasure.Plan) error {
	if err := t.VoidErasurePlans(ctx, c.ID); err != nil {
		return err
	}
	body, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	totals, err := json.Marshal(p.Totals())
	if err != nil {
		return fmt.Errorf("write the plan's totals: %w", err)
	}
	id, sum := newID(), sha256.Sum256(body)
	sealed, err := s.Key.Seal(body, planField(id))
	if err != nil {
		return fmt.Errorf("seal the plan: %w", err)
	}
	err = t.q.InsertErasurePlan(ctx, db.InsertErasurePlanParams{
		ID: id, TenantID: t.tenant.ID, CaseID: c.ID, Round: round, BodySealed: sealed, Sha256: sum[:], Totals: totals, CreatedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("add the plan: %w", err)
	}
	return t.auditPlan(ctx, audit.ErasurePlanned, audit.Done, ErasurePlan{ID: id, CaseID: c.ID, SHA256: sum[:]}, p.Totals().Rows.Erased)
}

// VoidErasurePlans ends the plan of a case that was not carried out, when there is one.
func (t *Tx) VoidErasurePlans(ctx context.Context, caseID uuid.UUID) error {
	if err := t.q.VoidErasurePlans(ctx, t.tenant.ID, caseID, t.now); err != nil {
		return fmt.Errorf("void the plan before: %w", err)
	}
	return nil
}

func planField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "erasure_plans", Column: "body", Row: id.String()}
}

func (t *Tx) auditPlan(ctx context.Context, action audit.Action, outcome audit.Outcome, p ErasurePlan, rows int64) error {
	return t.Audit(ctx, audit.Event{
		Action: action, CaseID: p.CaseID.String(), Object: audit.Object{Kind: "erasure_plan", ID: p.ID.String()}, Outcome: outcome,
		Facts: map[audit.FactKey]string{audit.FactCount: fmt.Sprint(rows)}, Evidence: p.SHA256,
	})
}

// ErasurePlan opens the newest plan of a case; ErrNotFound when there is none.
func (t *Tx) ErasurePlan(ctx context.Context, s Subject, caseID uuid.UUID) (ErasurePlan, error) {
	row, err := t.q.LatestErasurePlan(ctx, t.tenant.ID, caseID)
	if err != nil {
		return ErasurePlan{}, fmt.Errorf("erasure plan: %w", translate(err))
	}
	p := planOf(row)
	if err := openJSON(s.Key, planField(row.ID), row.BodySealed, &p.Plan); err != nil {
		return ErasurePlan{}, fmt.Errorf("open the plan: %w", err)
	}
	return p, json.Unmarshal(row.Totals, &p.Totals)
}

// ErasurePlanState tells what became of the newest plan of a case without opening it.
func (t *Tx) ErasurePlanState(ctx context.Context, caseID uuid.UUID) (ErasurePlan, error) {
	row, err := t.q.LatestErasurePlan(ctx, t.tenant.ID, caseID)
	if err != nil {
		return ErasurePlan{}, fmt.Errorf("erasure plan: %w", translate(err))
	}
	p := planOf(row)
	return p, json.Unmarshal(row.Totals, &p.Totals)
}

func planOf(row db.LatestErasurePlanRow) ErasurePlan {
	return ErasurePlan{
		ID: row.ID, CaseID: row.CaseID, Round: row.Round, State: row.State, SHA256: row.Sha256, ProposedBy: given(row.ProposedBy), ProposedAt: row.ProposedAt,
		ApprovedBy: given(row.ApprovedBy), ApprovedAt: row.ApprovedAt, NotBefore: row.NotBefore, StartedAt: row.StartedAt, EndedAt: row.EndedAt, CreatedAt: row.CreatedAt,
	}
}

// ProposePlan lays a plan before somebody else.
func (t *Tx) ProposePlan(ctx context.Context, p ErasurePlan) error {
	if err := one(t.q.ProposeErasurePlan(ctx, t.tenant.ID, p.ID, t.actor.ID, t.now)); err != nil {
		return fmt.Errorf("propose the plan: %w", err)
	}
	return t.auditPlan(ctx, audit.ErasureProposed, audit.Done, p, p.Totals.Rows.Erased)
}

// ReturnPlan gives a plan back to whoever prepared it.
func (t *Tx) ReturnPlan(ctx context.Context, p ErasurePlan) error {
	if err := one(t.q.ReturnErasurePlan(ctx, t.tenant.ID, p.ID)); err != nil {
		return fmt.Errorf("return the plan: %w", err)
	}
	return t.auditPlan(ctx, audit.ErasureReturned, audit.Done, p, p.Totals.Rows.Erased)
}

// ApprovePlan lets a plan be carried out, not before a moment.
func (t *Tx) ApprovePlan(ctx context.Context, p ErasurePlan, notBefore time.Time) error {
	err := one(t.q.ApproveErasurePlan(ctx, db.ApproveErasurePlanParams{TenantID: t.tenant.ID, ID: p.ID, By: t.actor.ID, At: t.now, NotBefore: notBefore}))
	if err != nil {
		return fmt.Errorf("approve the plan: %w", err)
	}
	return t.auditPlan(ctx, audit.ErasureApproved, audit.Done, p, p.Totals.Rows.Erased)
}

// BeginPlan says that a plan is about to be carried out on these systems.
func (t *Tx) BeginPlan(ctx context.Context, p ErasurePlan, systems []uuid.UUID) error {
	if err := one(t.q.BeginErasurePlan(ctx, t.tenant.ID, p.ID, t.now)); err != nil {
		return fmt.Errorf("begin the plan: %w", err)
	}
	for _, id := range systems {
		err := t.q.InsertErasureRun(ctx, db.InsertErasureRunParams{ID: newID(), TenantID: t.tenant.ID, CaseID: p.CaseID, PlanID: p.ID, SystemID: id})
		if err != nil {
			return fmt.Errorf("add the run on a system: %w", err)
		}
	}
	return t.auditPlan(ctx, audit.ErasureCarriedOut, audit.Intent, p, p.Totals.Rows.Erased)
}

// EndPlan says that a plan was carried out, with how many rows, or that something else remains than it kept.
func (t *Tx) EndPlan(ctx context.Context, p ErasurePlan, matched bool, rows int64) error {
	state, outcome := PlanDone, audit.Done
	if !matched {
		state, outcome = PlanVoid, audit.Failed
	}
	if err := one(t.q.EndErasurePlan(ctx, t.tenant.ID, p.ID, state, t.now)); err != nil {
		return fmt.Errorf("end the plan: %w", err)
	}
	return t.auditPlan(ctx, audit.ErasureCarriedOut, outcome, p, rows)
}

// ErasureDecision is what somebody decided on a plan, in clear.
type ErasureDecision struct {
	ID uuid.UUID
	dataset.Address
	Kind     string
	Citation string
	Reason   string
	By       string
	At       time.Time
}

// Kinds of decision.
const (
	DecisionKeep   = "keep"   // the collection stays as it is
	DecisionClaim  = "claim"  // rows that the person's only point at are the person's all the same
	DecisionAccept = "accept" // the collection's problems are known and stay
)

// DecideOnPlan adds a decision. The same one standing already is ErrExists.
func (t *Tx) DecideOnPlan(ctx context.Context, c Case, s Subject, d ErasureDecision) (uuid.UUID, error) {
	id := newID()
	reason, err := s.Key.Seal([]byte(d.Reason), decisionField(id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the reason: %w", err)
	}
	err = t.q.InsertErasureDecision(ctx, db.InsertErasureDecisionParams{
		ID: id, TenantID: t.tenant.ID, CaseID: c.ID, Kind: d.Kind, Dataset: d.Dataset, Collection: d.Collection, Citation: d.Citation,
		ReasonSealed: reason, DecidedBy: t.actor.ID, DecidedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the decision: %w", translate(err))
	}
	return id, t.auditDecision(ctx, audit.ErasureDecided, c.ID, id, d.Kind, d.Address)
}

func (t *Tx) auditDecision(ctx context.Context, action audit.Action, caseID, id uuid.UUID, kind string, at dataset.Address) error {
	facts := map[audit.FactKey]string{audit.FactMethod: kind}
	if at.Collection != "" {
		facts[audit.FactDataset], facts[audit.FactCollection] = url.PathEscape(at.Dataset), url.PathEscape(at.Collection)
	}
	return t.Audit(ctx, audit.Event{Action: action, CaseID: caseID.String(), Object: audit.Object{Kind: "erasure_decision", ID: id.String()}, Facts: facts})
}

func decisionField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "erasure_decisions", Column: "reason", Row: id.String()}
}

// ErasureDecisions opens the decisions that stand for a case.
func (t *Tx) ErasureDecisions(ctx context.Context, s Subject, caseID uuid.UUID) ([]ErasureDecision, error) {
	rows, err := t.q.ErasureDecisions(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the decisions: %w", err)
	}
	out := make([]ErasureDecision, len(rows))
	for i, row := range rows {
		reason, err := s.Key.Open(row.ReasonSealed, decisionField(row.ID))
		if err != nil {
			return nil, fmt.Errorf("open a decision's reason: %w", err)
		}
		out[i] = decisionOf(row)
		out[i].Reason = string(reason)
	}
	return out, nil
}

// StandingDecisions reads the decisions that stand for a case without their reasons, which are forgotten with the person.
func (t *Tx) StandingDecisions(ctx context.Context, caseID uuid.UUID) ([]ErasureDecision, error) {
	rows, err := t.q.ErasureDecisions(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the decisions: %w", err)
	}
	out := make([]ErasureDecision, len(rows))
	for i, row := range rows {
		out[i] = decisionOf(row)
	}
	return out, nil
}

func decisionOf(row db.ErasureDecisionsRow) ErasureDecision {
	return ErasureDecision{
		ID: row.ID, Address: dataset.Address{Dataset: row.Dataset, Collection: row.Collection}, Kind: row.Kind, Citation: row.Citation, By: row.DecidedBy, At: row.DecidedAt,
	}
}

// DecidedSince says whether what a plan is made of was decided, or taken back, since a moment.
func (t *Tx) DecidedSince(ctx context.Context, caseID uuid.UUID, since time.Time) (bool, error) {
	decisions, err := t.q.ErasureDecisionsSince(ctx, t.tenant.ID, caseID, since)
	if err != nil {
		return false, fmt.Errorf("look for later decisions: %w", err)
	}
	return decisions > 0, nil
}

// RemoveErasureDecision takes a decision back.
func (t *Tx) RemoveErasureDecision(ctx context.Context, caseID, id uuid.UUID) error {
	if err := one(t.q.RemoveErasureDecision(ctx, t.tenant.ID, caseID, id, &t.now)); err != nil {
		return fmt.Errorf("erasure decision: %w", err)
	}
	return t.auditDecision(ctx, audit.ErasureDecisionRemoved, caseID, id, "removed", dataset.Address{})
}

func sealJSON(key *seal.Key, at seal.Field, v any) ([]byte, error) {
	clear, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return key.Seal(clear, at)
}

func openJSON(key *seal.Key, at seal.Field, sealed []byte, into any) error {
	clear, err := key.Open(sealed, at)
	if err != nil {
		return err
	}
	return json.Unmarshal(clear, into)
}
