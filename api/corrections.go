package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/correction"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// holdingView is what the person's rows in one system said when they were read.
type holdingView struct {
	System string      `json:"system"`
	Name   string      `json:"name"`
	Fields []heldField `json:"fields"`
}

// heldField is one field with its values.
type heldField struct {
	Dataset     string      `json:"dataset"`
	Collection  string      `json:"collection"`
	Field       string      `json:"field"`
	Type        string      `json:"type,omitempty" doc:"The system's own name of the type."`
	Categories  []string    `json:"categories"`
	Identity    string      `json:"identity,omitempty" doc:"The person is found by it: somebody other than who proposed a correction has it written."`
	Required    bool        `json:"required,omitempty" doc:"It takes no correction to nothing."`
	Manual      string      `json:"manual,omitempty" doc:"Why Docket can't write it: a person corrects it in the system."`
	SelfService bool        `json:"self_service,omitempty" doc:"The person corrects it on their page, without a decision of the staff."`
	Present     []heldValue `json:"present" doc:"The different values in the person's own rows."`
	More        bool        `json:"more,omitempty" doc:"There are others, or such as are too long to be shown."`
}

type heldValue struct {
	Value *string `json:"value" doc:"null: no value."`
	Rows  int64   `json:"rows"`
}

// correctionView is a value that is to become another.
type correctionView struct {
	ID         uuid.UUID  `json:"id" format:"uuid"`
	System     string     `json:"system"`
	SystemName string     `json:"system_name"`
	Dataset    string     `json:"dataset"`
	Collection string     `json:"collection"`
	Field      string     `json:"field"`
	Was        *string    `json:"was"`
	Becomes    *string    `json:"becomes"`
	Why        string     `json:"why,omitempty"`
	State      string     `json:"state" enum:"proposed,accepted,refused,taken_back,written,by_hand,overtaken" doc:"overtaken: rows said something else by the time it was to be written, and were left as they are."`
	Reason     string     `json:"reason,omitempty" doc:"The ground on which it was refused."`
	Rows       *int64     `json:"rows,omitempty" doc:"In how many of the person's rows it was written."`
	ProposedBy string     `json:"proposed_by"`
	ProposedAt time.Time  `json:"proposed_at"`
	DecidedBy  string     `json:"decided_by,omitempty"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	EndedAt    *time.Time `json:"ended_at,omitempty"`
}

type statementView struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// requestCorrections is all about the corrections of a request.
type requestCorrections struct {
	Holdings    []holdingView    `json:"holdings" doc:"What the systems said when they were last read."`
	Corrections []correctionView `json:"corrections"`
	SHA256      string           `json:"sha256" doc:"Of the accepted corrections: correct-request names it."`
	Writing     []markView       `json:"writing" doc:"How far they are written, system by system."`
	Statements  []statementView  `json:"statements" doc:"What the person wants to be kept beside what was not corrected, newest first."`
}

type correctionIn struct {
	CaseID
	Idempotent
	Body correctionBody
}

type correctionBody struct {
	System     string  `json:"system" maxLength:"63"`
	Dataset    string  `json:"dataset" maxLength:"128"`
	Collection string  `json:"collection" maxLength:"128"`
	Field      string  `json:"field" maxLength:"256"`
	Was        *string `json:"was,omitempty" maxLength:"2000" doc:"The value that is wrong, as it is listed; absent: there is none."`
	Becomes    *string `json:"becomes,omitempty" maxLength:"2000" doc:"The right one; absent: none."`
	Why        string  `json:"why" minLength:"1" maxLength:"4000" doc:"What shows that it is right, for the file."`
}

type correctionDecisionIn struct {
	CaseID
	Idempotent
	Correction uuid.UUID `path:"correction" format:"uuid"`
	Body       correctionDecision
}

type correctionDecision struct {
	Decision string `json:"decision" enum:"accept,refuse,reopen,take_back"`
	Reason   string `json:"reason,omitempty" maxLength:"60" doc:"Of a refusal: a ground that the regime knows; GET /v1/policies/{id} lists them." example:"data_accurate"`
}

func (s *server) correctionOperations() {
	errors := []int{http.StatusNotFound, http.StatusGone}
	register(s, operation{
		id: "get-corrections", method: http.MethodGet, path: "/v1/requests/{id}/corrections", tag: "corrections", errors: errors,
		summary: "What the systems say of the person, field by field, and what is to be corrected; this is recorded",
	}, s.corrections)
	register(s, operation{
		id: "propose-correction", method: http.MethodPost, path: "/v1/requests/{id}/corrections", tag: "corrections", errors: errors, status: http.StatusCreated,
		summary: "Propose that one value becomes another, in every row of the person that has it (Art. 16 GDPR)",
	}, s.proposeCorrection)
	register(s, operation{
		id: "decide-correction", method: http.MethodPost, path: "/v1/requests/{id}/corrections/{correction}", tag: "corrections", errors: errors,
		summary: "Accept a correction, refuse it on a ground of the law, open it again, or take it back",
	}, s.decideCorrection)
}

func (s *server) corrections(ctx context.Context, who *caller, in *CaseID) (*shown[requestCorrections], error) {
	out := &shown[requestCorrections]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		if out.Body, err = correctionsOf(ctx, tx, in.ID); err != nil {
			return err
		}
		return tx.Audit(ctx, viewed(in.ID, "corrections", in.ID))
	})
}

func correctionsOf(ctx context.Context, tx *storage.Tx, id uuid.UUID) (out requestCorrections, err error) {
	_, subject, err := fileOf(ctx, tx, id)
	if err != nil {
		return out, err
	}
	round, err := tx.LatestRound(ctx, id)
	if err != nil {
		return out, err
	}
	holdings, err := tx.Holdings(ctx, subject, id, round)
	if err != nil {
		return out, err
	}
	out.Holdings = each(holdings, newHolding)
	all, err := tx.Corrections(ctx, id, subject)
	if err != nil {
		return out, err
	}
	out.Corrections, out.SHA256 = each(all, newCorrection), casework.CorrectionsSum(all)
	writing, err := tx.Amendments(ctx, id)
	if err != nil {
		return out, err
	}
	out.Writing = each(writing, newMark)
	statements, err := tx.Statements(ctx, id, subject)
	out.Statements = each(statements, func(s storage.Statement) statementView { return statementView{Text: s.Text, At: s.MadeAt} })
	return out, err
}

func newHolding(h correction.Holding) holdingView {
	return holdingView{System: h.System, Name: h.Name, Fields: each(h.Fields, func(f correction.Field) heldField {
		return heldField{
			Dataset: f.Dataset, Collection: f.Collection, Field: f.Name, Type: f.Type, Categories: f.Categories, Identity: f.Identity, Required: f.Required,
			Manual: f.Manual, SelfService: f.SelfService, More: f.More,
			Present: each(f.Present, func(p correction.Present) heldValue { return heldValue{Value: p.Value, Rows: p.Rows} }),
		}
	})}
}

func newCorrection(c storage.Correction) correctionView {
	return correctionView{
		ID: c.ID, System: c.System, SystemName: c.SystemName, Dataset: c.Dataset, Collection: c.Collection, Field: c.Field, Was: c.Was, Becomes: c.Becomes,
		Why: c.Why, State: c.State, Reason: c.Reason, Rows: c.Rows, ProposedBy: c.ProposedBy, ProposedAt: c.ProposedAt, DecidedBy: c.DecidedBy,
		DecidedAt: c.DecidedAt, EndedAt: c.EndedAt,
	}
}

func (s *server) proposeCorrection(ctx context.Context, who *caller, in *correctionIn) (*answered[created], error) {
	k, err := in.once(who, "propose-correction/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	n := casework.NewCorrection{Why: b.Why, Proposal: correction.Proposal{
		System: b.System, Address: dataset.Address{Dataset: b.Dataset, Collection: b.Collection}, Field: b.Field, Was: b.Was, Becomes: b.Becomes,
	}}
	// Answers are remembered as they are: none of these says what is to be corrected.
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		id, err := s.Desk.ProposeCorrection(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), n)
		return http.StatusCreated, created{ID: id}, err
	})
}

func (s *server) decideCorrection(ctx context.Context, who *caller, in *correctionDecisionIn) (*answered[created], error) {
	k, err := in.once(who, "decide-correction/"+in.ID.String()+"/"+in.Correction.String(), in.Body)
	if err != nil {
		return nil, err
	}
	if (in.Body.Decision == "refuse") != (in.Body.Reason != "") {
		return nil, invalid("body.reason", "a refusal names the ground of the law on which it rests, and nothing else does")
	}
	state := map[string]string{
		"accept": storage.CorrectionAccepted, "refuse": storage.CorrectionRefused, "reopen": storage.CorrectionProposed, "take_back": storage.CorrectionTakenBack,
	}[in.Body.Decision]
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		ref := contract.Ref{Tenant: who.tenant.ID, Case: in.ID}
		err := s.Desk.DecideCorrection(ctx, tx, ref, k.command(), in.Correction, state, privacy.RefusalReason(in.Body.Reason))
		return http.StatusOK, created{ID: in.Correction}, err
	})
}
