package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Contested is the automated decision that a request is about, with who took or prepared it: members of the staff, by their ids.
type Contested struct {
	privacy.Contest
	Makers []string
	// MakersSaidAt is when somebody last said who they are, be it nobody; nil when nobody has.
	MakersSaidAt *time.Time
}

// HumanReview is what a human came to who looked at an automated decision (Art. 22(3) GDPR).
type HumanReview struct {
	ID      uuid.UUID             `json:"-"`
	Outcome privacy.ReviewOutcome `json:"-"`
	// Considered says how the person's view was considered, Data which data the decision used, and Reasons why it comes out so: these are for the
	// person.
	Considered string    `json:"considered"`
	Data       string    `json:"data"`
	Reasons    string    `json:"reasons"`
	By         string    `json:"-"`
	Role       string    `json:"-"`
	At         time.Time `json:"-"`
}

func contestField(caseID uuid.UUID) seal.Field {
	return seal.Field{Table: "contests", Column: "body", Row: caseID.String()}
}

func humanReviewField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "human_reviews", Column: "body", Row: id.String()}
}

// AddContest keeps the decision that a new request is about.
func (t *Tx) AddContest(ctx context.Context, caseID uuid.UUID, s Subject, c privacy.Contest) error {
	sealed, err := sealJSON(s.Key, contestField(caseID), c)
	if err != nil {
		return fmt.Errorf("seal the contested decision: %w", err)
	}
	if err := t.q.InsertContest(ctx, t.tenant.ID, caseID, sealed, t.now); err != nil {
		return fmt.Errorf("add the contested decision: %w", translate(err))
	}
	return nil
}

// Contested opens the decision that a request is about.
func (t *Tx) Contested(ctx context.Context, caseID uuid.UUID, s Subject) (out Contested, err error) {
	row, err := t.q.Contest(ctx, t.tenant.ID, caseID)
	if err != nil {
		return out, fmt.Errorf("read the contested decision: %w", translate(err))
	}
	if err := openJSON(s.Key, contestField(caseID), row.BodySealed, &out.Contest); err != nil {
		return out, fmt.Errorf("open the contested decision: %w", err)
	}
	out.Makers, out.MakersSaidAt = row.Makers, row.MakersSaidAt
	return out, nil
}

// AddHumanReview puts a review on record, by whoever acts, and gives it as it stands there.
func (t *Tx) AddHumanReview(ctx context.Context, caseID uuid.UUID, s Subject, r HumanReview) (HumanReview, error) {
	r.ID, r.By, r.Role, r.At = newID(), t.actor.ID, t.actor.Role, t.now
	sealed, err := sealJSON(s.Key, humanReviewField(r.ID), r)
	if err != nil {
		return r, fmt.Errorf("seal the review: %w", err)
	}
	err = t.q.InsertHumanReview(ctx, db.InsertHumanReviewParams{
		ID: r.ID, TenantID: t.tenant.ID, CaseID: caseID, Outcome: string(r.Outcome), BodySealed: sealed, RecordedBy: r.By, RecordedRole: r.Role, RecordedAt: r.At,
	})
	if err != nil {
		return r, fmt.Errorf("add the review: %w", err)
	}
	return r, t.Audit(ctx, audit.Event{
		Action: audit.DecisionReviewed, CaseID: caseID.String(), Object: audit.Object{Kind: "human_review", ID: r.ID.String()}, Reason: string(r.Outcome),
	})
}

// HumanReviews opens the reviews of a case, newest first.
func (t *Tx) HumanReviews(ctx context.Context, caseID uuid.UUID, s Subject) ([]HumanReview, error) {
	rows, err := t.q.HumanReviews(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("read the reviews: %w", err)
	}
	out := make([]HumanReview, len(rows))
	for i, row := range rows {
		if err := openJSON(s.Key, humanReviewField(row.ID), row.BodySealed, &out[i]); err != nil {
			return nil, fmt.Errorf("open a review: %w", err)
		}
		out[i].ID, out[i].Outcome, out[i].By, out[i].Role, out[i].At = row.ID, privacy.ReviewOutcome(row.Outcome), row.RecordedBy, row.RecordedRole, row.RecordedAt
	}
	return out, nil
}
