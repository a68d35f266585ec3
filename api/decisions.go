package api

import (
	"context"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// contestedView is the automated decision that a request is about, with who made it and what came of looking at it.
type contestedView struct {
	Decision string            `json:"decision" doc:"Which decision, in the person's own words."`
	Taken    string            `json:"taken,omitempty" doc:"When it was taken, as far as they know."`
	Effect   string            `json:"effect,omitempty" doc:"What it did to them."`
	View     string            `json:"view,omitempty" doc:"What they think of it, and why."`
	Makers   []string          `json:"makers" doc:"Members of the staff who took or prepared it, by their ids: none of them reviews it."`
	SaidAt   *time.Time        `json:"makers_said_at,omitempty" doc:"When somebody last said who they are, be it nobody; without it no review is concluded."`
	Reviews  []humanReviewView `json:"reviews" doc:"Newest first."`
}

// humanReviewView is what a human came to who looked at it.
type humanReviewView struct {
	ID         uuid.UUID `json:"id" format:"uuid"`
	Outcome    string    `json:"outcome" enum:"upheld,changed,annulled"`
	Considered string    `json:"considered" doc:"How the person's view was considered."`
	Data       string    `json:"data" doc:"Which data the decision used."`
	Reasons    string    `json:"reasons" doc:"Why it comes out so: it is written into the letter."`
	By         string    `json:"by"`
	Role       string    `json:"role"`
	At         time.Time `json:"at"`
	SHA256     string    `json:"sha256" doc:"With it the review is concluded as it was read."`
}

type decisionMakersIn struct {
	CaseID
	Idempotent
	Body decisionMakersBody
}

type decisionMakersBody struct {
	Makers   []uuid.UUID `json:"makers" maxItems:"50" doc:"Members of the staff who took or prepared the decision; GET /v1/staff lists the members. Who is on record already stays. With nobody here and in taken_off, those on record are all: nobody of the staff, where it is empty."`
	TakenOff []uuid.UUID `json:"taken_off,omitempty" maxItems:"50" doc:"Members who stood there by mistake. Nobody takes their own name off."`
	Note     string      `json:"note,omitempty" maxLength:"10000" doc:"Why names are taken off, for the file; needed where some are."`
}

type humanReviewIn struct {
	CaseID
	Idempotent
	Body humanReviewBody
}

type humanReviewBody struct {
	Outcome    string `json:"outcome" enum:"upheld,changed,annulled" doc:"upheld: it stays. changed: another decision takes its place, which the reasons say. annulled: it is of no effect any more."`
	Considered string `json:"considered" minLength:"1" maxLength:"4000" doc:"How the person's view was considered, for the file; where they gave none, that they gave none."`
	Data       string `json:"data" minLength:"1" maxLength:"4000" doc:"Which data the decision used, and whether it was right, for the file."`
	Reasons    string `json:"reasons" minLength:"1" maxLength:"10000" doc:"For the person, in plain words: it is written into the letter."`
}

func (s *server) decisionOperations() {
	errors := []int{http.StatusNotFound, http.StatusGone}
	register(s, operation{
		id: "get-decision", method: http.MethodGet, path: "/v1/requests/{id}/decision", tag: "decisions", errors: errors,
		summary: "The automated decision that a person contests, who made it, and the reviews of it; this is recorded",
	}, s.contested)
	register(s, operation{
		id: "say-decision-makers", method: http.MethodPost, path: "/v1/requests/{id}/decision/makers", tag: "decisions", errors: errors,
		summary: "Put on record which members of the staff took or prepared the decision: none of them reviews it",
	}, s.sayDecisionMakers)
	register(s, operation{
		id: "record-human-review", method: http.MethodPost, path: "/v1/requests/{id}/decision/reviews", tag: "decisions", errors: errors, status: http.StatusCreated,
		summary: "Put on record what you came to who looked at the decision (Art. 22(3) GDPR): signed in, and not through a program's key",
	}, s.recordHumanReview)
}

func (s *server) contested(ctx context.Context, who *caller, in *CaseID) (*shown[contestedView], error) {
	out := &shown[contestedView]{}
	return out, s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		_, subject, err := fileOf(ctx, tx, in.ID)
		if err != nil {
			return err
		}
		contested, err := tx.Contested(ctx, in.ID, subject)
		if err != nil {
			return err
		}
		reviews, err := tx.HumanReviews(ctx, in.ID, subject)
		if err != nil {
			return err
		}
		out.Body = contestedView{
			Decision: contested.Decision, Taken: contested.Taken, Effect: contested.Effect, View: contested.View, Makers: contested.Makers, SaidAt: contested.MakersSaidAt, Reviews: each(reviews, newHumanReview),
		}
		return tx.Audit(ctx, viewed(in.ID, "decision", in.ID))
	})
}

func newHumanReview(r storage.HumanReview) humanReviewView {
	return humanReviewView{
		ID: r.ID, Outcome: string(r.Outcome), Considered: r.Considered, Data: r.Data, Reasons: r.Reasons, By: r.By, Role: r.Role, At: r.At, SHA256: casework.HumanReviewSum(r),
	}
}

func (s *server) sayDecisionMakers(ctx context.Context, who *caller, in *decisionMakersIn) (*answered[created], error) {
	k, err := in.once(who, "say-decision-makers/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, created, error) {
		who.caseID = in.ID.String()
		err := s.Desk.SayDecisionMakers(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), casework.DecisionMakers(in.Body))
		return http.StatusOK, created{ID: in.ID}, err
	})
}

// recordedReview is the review that was put on record; its words are only in the register.
type recordedReview struct {
	ID     uuid.UUID `json:"id" format:"uuid"`
	SHA256 string    `json:"sha256" doc:"With it the review is concluded."`
}

func (s *server) recordHumanReview(ctx context.Context, who *caller, in *humanReviewIn) (*answered[recordedReview], error) {
	k, err := in.once(who, "record-human-review/"+in.ID.String(), in.Body)
	if err != nil {
		return nil, err
	}
	b := in.Body
	return transact(ctx, s, who, k, func(ctx context.Context, tx *storage.Tx) (int, recordedReview, error) {
		who.caseID = in.ID.String()
		review, err := s.Desk.RecordHumanReview(ctx, tx, contract.Ref{Tenant: who.tenant.ID, Case: in.ID}, k.command(), storage.HumanReview{
			Outcome: privacy.ReviewOutcome(b.Outcome), Considered: b.Considered, Data: b.Data, Reasons: b.Reasons,
		})
		return http.StatusCreated, recordedReview{ID: review.ID, SHA256: casework.HumanReviewSum(review)}, err
	})
}
