package api

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erasureView is the plan of an erasure with what was decided on it and what became of it.
type erasureView struct {
	State      string           `json:"state" enum:"made,proposed,approved,executing,done,void"`
	Round      int32            `json:"round"`
	SHA256     string           `json:"sha256" doc:"Of the plan as it was stored: what an approval is for."`
	Totals     erasure.Totals   `json:"totals"`
	Plan       erasure.Plan     `json:"plan"`
	CreatedAt  time.Time        `json:"created_at"`
	ProposedBy string           `json:"proposed_by,omitempty"`
	ProposedAt *time.Time       `json:"proposed_at,omitempty"`
	ApprovedBy string           `json:"approved_by,omitempty"`
	ApprovedAt *time.Time       `json:"approved_at,omitempty"`
	NotBefore  *time.Time       `json:"not_before,omitempty" doc:"When it is carried out; until then the person can take the request back."`
	StartedAt  *time.Time       `json:"started_at,omitempty"`
	EndedAt    *time.Time       `json:"ended_at,omitempty"`
	PreparedBy []string         `json:"prepared_by" doc:"Who proposed it, decided on it, or made the key through which that was done: none of them approves it."`
	Decisions  []planDecision   `json:"decisions"`
	Systems    []erasedSystem   `json:"systems" doc:"The systems it is carried out on, once it has begun."`
	Deferred   *deferredErasure `json:"deferred,omitempty" doc:"When what is kept is looked at again: what may go by then is erased by itself."`
}

type planDecision struct {
	ID         uuid.UUID `json:"id" format:"uuid"`
	Kind       string    `json:"kind" enum:"keep,claim,accept"`
	Dataset    string    `json:"dataset"`
	Collection string    `json:"collection"`
	Citation   string    `json:"citation,omitempty"`
	Reason     string    `json:"reason,omitempty" doc:"Only for those who may read the notes of a request."`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

type erasedSystem struct {
	ID          uuid.UUID          `json:"id" format:"uuid"`
	Key         string             `json:"key"`
	Name        string             `json:"name"`
	State       string             `json:"state" enum:"pending,running,done,failed,by_hand"`
	Problem     string             `json:"problem,omitempty"`
	Asked       string             `json:"asked,omitempty" doc:"Who was asked to erase there, and not the system itself."`
	Answer      string             `json:"answer,omitempty" enum:"none,done,nothing,partly,refused" doc:"What they said; what comes after the request went on without them, too."`
	StartedAt   *time.Time         `json:"started_at,omitempty"`
	EndedAt     *time.Time         `json:"ended_at,omitempty"`
	Collections []erasedCollection `json:"collections"`
}

type erasedCollection struct {
	Dataset    string     `json:"dataset"`
	Collection string     `json:"collection"`
	Deleted    int64      `json:"deleted"`
	Masked     int64      `json:"masked"`
	Trimmed    int64      `json:"trimmed"`
	Parts      int64      `json:"parts"`
	AtLeast    bool       `json:"at_least,omitempty" doc:"The work broke off and was taken up again: what was changed right before may be missing from the counts."`
	Unfinished *int64     `json:"unfinished,omitempty" doc:"Rows that reading back found untreated: 0 when all is well."`
	Kept       *int64     `json:"kept,omitempty" doc:"The person's rows that reading back found."`
	IntendedAt time.Time  `json:"intended_at"`
	DoneAt     *time.Time `json:"done_at,omitempty"`
	VerifiedAt *time.Time `json:"verified_at,omitempty"`
}

type deferredErasure struct {
	Due  time.Time `json:"due"`
	Done bool      `json:"done"`
}

type planDecisionIn struct {
	CaseID
	Idempotent
	Body planDecisionBody
}

type planDecisionBody struct {
	Kind       string `json:"kind" enum:"keep,claim,accept" doc:"keep: the collection stays as it is. claim: rows that the person's only point at are the person's all the same. accept: the collection's problems are known and stay."`
	Dataset    string `json:"dataset" minLength:"1" maxLength:"128"`
	Collection string `json:"collection" minLength:"1" maxLength:"128"`
	Citation   string `json:"citation,omitempty" maxLength:"200" doc:"The rule; needed to keep something, for the letter names it."`
	Reason     string `json:"reason" minLength:"1" maxLength:"2000"`
}

type planDecisionID struct {
	CaseID
	Decision uuid.UUID `path:"decision" format:"uuid"`
}

// erasureOperations are all that belong to erasing: plans, holds, the rules that keep records, and restored backups.
func (s *server) erasureOperations() {
	s.planOperations()
	s.holdOperations()
	s.reapplicationOperations()
	s.deferralOperations()
	s.retentionOperations()
	s.limitOperations()
	s.correctionOperations()
	s.appealOperations()
	s.inquiryOperations()
	s.decisionOperations()
	s.transmissionOperations()
	s.transmissionLinkOperations()
}

func (s *server) planOperations() {
	register(s, operation{
		id: "get-erasure", method: http.MethodGet, path: "/v1/requests/{id}/erasure", tag: "erasure", errors: []int{http.StatusNotFound, http.StatusGone},
		summary: "The plan of an erasure: what will happen to every collection and field and why, and what became of it",
	}, s.erasure)
	register(s, operation{
		id: "add-plan-decision", method: http.MethodPost, path: "/v1/requests/{id}/erasure/decisions", tag: "erasure", status: http.StatusCreated,
		summary: "Decide on the plan under review; then have it made anew", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.decideOnPlan)
	register(s, operation{
		id: "remove-plan-decision", method: http.MethodDelete, path: "/v1/requests/{id}/erasure/decisions/{decision}", tag: "erasure",
		summary: "Take a decision on the plan back", errors: []int{http.StatusNotFound, http.StatusConflict},
	}, s.takeBackDecision)
	s.certificateOperations()
	s.recipientOperations()
}

func (s *server) erasure(ctx context.Context, who *caller, in *CaseID) (*shown[erasureView], error) {
	var out erasureView
	err := s.db.Read(ctx, who.tenant.ID, func(ctx context.Context, tx *storage.Tx) error {
		_, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		plan, err := tx.ErasurePlan(ctx, subject, in.ID)
		if err != nil {
			return err
		}
		out = viewOfPlan(plan)
		if !may(who.role, "list-notes") {
			hide(&out.Plan, erasure.KeptByReview)
		}
		if !may(who.role, "list-holds") {
			hide(&out.Plan, erasure.KeptByHold)
		}
		decisions, err := tx.ErasureDecisions(ctx, subject, in.ID)
		if err != nil {
			return err
		}
		if out.PreparedBy, err = casework.PreparedBy(ctx, tx, plan, decisions); err != nil {
			return err
		}
		out.Decisions = each(decisions, func(d storage.ErasureDecision) planDecision {
			v := planDecision{ID: d.ID, Kind: d.Kind, Dataset: d.Dataset, Collection: d.Collection, Citation: d.Citation, By: d.By, At: d.At}
			if may(who.role, "list-notes") {
				v.Reason = d.Reason
			}
			return v
		})
		if out.Systems, err = erasedSystems(ctx, tx, in.ID, plan.ID); err != nil {
			return err
		}
		deferral, err := tx.DeferralOf(ctx, plan.ID)
		if errors.Is(err, storage.ErrNotFound) {
			return nil
		}
		out.Deferred = &deferredErasure{Due: deferral.Due, Done: deferral.Done}
		return err
	})
	return &shown[erasureView]{Body: out}, err
}

// hide leaves out of a plan the names of what is kept on a ground, where they are words of people: a reason, a matter, can name somebody.
func hide(p *erasure.Plan, ground erasure.Ground) {
	for i := range p.Systems {
		for j := range p.Systems[i].Lines {
			kept := p.Systems[i].Lines[j].Kept
			for k := range kept {
				if kept[k].Ground == ground {
					kept[k].Name = ""
				}
			}
		}
	}
	for i := range p.Holds {
		if ground == erasure.KeptByHold {
			p.Holds[i].Matter = ""
		}
	}
}

func viewOfPlan(p storage.ErasurePlan) erasureView {
	return erasureView{
		State: p.State, Round: p.Round, SHA256: hex.EncodeToString(p.SHA256), Totals: p.Totals, Plan: p.Plan, CreatedAt: p.CreatedAt, ProposedBy: p.ProposedBy,
		ProposedAt: p.ProposedAt, ApprovedBy: p.ApprovedBy, ApprovedAt: p.ApprovedAt, NotBefore: p.NotBefore, StartedAt: p.StartedAt, EndedAt: p.EndedAt,
	}
}

func erasedSystems(ctx context.Context, tx *storage.Tx, id, plan uuid.UUID) ([]erasedSystem, error) {
	runs, err := tx.ErasureRuns(ctx, plan)
	if err != nil {
		return nil, err
	}
	steps, err := tx.ErasureSteps(ctx, plan)
	if err != nil {
		return nil, err
	}
	answers, err := casework.ErasureAnswers(ctx, tx, id, plan)
	if err != nil {
		return nil, err
	}
	return each(runs, func(r storage.ErasureRun) erasedSystem {
		v := erasedSystem{ID: r.SystemID, Key: r.SystemKey, Name: r.SystemName, State: r.State, StartedAt: r.StartedAt, EndedAt: r.EndedAt, Collections: []erasedCollection{}}
		if answer, asked := answers[r.SystemKey]; asked {
			v.Asked, v.Answer = answer.Addressee, casework.Said(answer)
		}
		if r.Error != nil {
			v.Problem = *r.Error
		}
		for _, st := range steps {
			if st.RunID == r.ID {
				v.Collections = append(v.Collections, erasedCollection{
					Dataset: st.Dataset, Collection: st.Collection, Deleted: st.Deleted, Masked: st.Masked, Trimmed: st.Trimmed, Parts: st.Parts, AtLeast: st.Begun > 1,
					Unfinished: st.Unfinished, Kept: st.Kept, IntendedAt: st.IntendedAt, DoneAt: st.DoneAt, VerifiedAt: st.VerifiedAt,
				})
			}
		}
		return v
	}), nil
}

func (s *server) decideOnPlan(ctx context.Context, who *caller, in *planDecisionIn) (*answered[requestDetail], error) {
	k, err := in.once(who, "add-plan-decision/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	if in.Body.Kind == storage.DecisionKeep && in.Body.Citation == "" {
		return nil, invalid("body.citation", "keeping something from erasure needs the citation of the rule: the person's letter names it")
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, requestDetail, error) {
		ref := contract.Ref{Tenant: who.tenant.ID, Case: in.ID}
		who.caseID = in.ID.String()
		err := s.Desk.DecideOnPlan(ctx, tx, ref, k.command(), storage.ErasureDecision{
			Address: dataset.Address{Dataset: in.Body.Dataset, Collection: in.Body.Collection}, Kind: in.Body.Kind, Citation: in.Body.Citation, Reason: in.Body.Reason,
		})
		if err != nil {
			return 0, requestDetail{}, err
		}
		detail, err := detailOf(ctx, tx, in.ID)
		return http.StatusCreated, detail, err
	})
}

func (s *server) takeBackDecision(ctx context.Context, who *caller, in *planDecisionID) (*struct{}, error) {
	return nil, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		who.caseID = in.ID.String()
		return s.Desk.TakeBackDecision(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, storage.ErasureDecision{ID: in.Decision})
	})
}
