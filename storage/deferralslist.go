package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// DeferralLine is one of a list. It names nobody.
type DeferralLine struct {
	ID, CaseID uuid.UUID
	Reference  string
	Done       bool
	Due, Made  time.Time
	Ended      *time.Time
	// Rounds is how often it was looked at.
	Rounds int32
	// Left is what it kept at the last look; nil when it was last looked at by a version that did not say.
	Left []erasure.Left
	// Holds are those that stand on the person now, and Asked the systems in which people are asked to erase. What is done has neither.
	Holds []HoldOn
	Asked []string
	// ToTell counts the recipients whom the staff have to tell because the request is forgotten.
	ToTell int64
}

// HoldOn is a hold that puts a deferred erasure off.
type HoldOn struct {
	ID      uuid.UUID
	Matter  string
	Systems []string
}

// DeferralFilter narrows the list of what is left to its time.
type DeferralFilter struct {
	// Done adds what is done, behind what waits.
	Done bool
	// Request narrows it to what the erasure of one request left; nil is all.
	Request *uuid.UUID
	// After is the last of the page before, and AfterDone says that it was done.
	After     *Position
	AfterDone bool
	Limit     int32
}

// Deferrals lists what is left to its time, soonest first, one page.
func (t *Tx) Deferrals(ctx context.Context, f DeferralFilter) ([]DeferralLine, error) {
	after, state := f.After.or(firstOfAll), "waiting"
	if f.AfterDone {
		state = "done"
	}
	rows, err := t.q.Deferrals(ctx, db.DeferralsParams{
		TenantID: t.tenant.ID, Done: f.Done, Request: f.Request, AfterState: state, AfterDue: after.At, AfterID: after.ID, Wanted: f.Limit,
	})
	if err != nil {
		return nil, fmt.Errorf("list what is deferred: %w", err)
	}
	out := make([]DeferralLine, len(rows))
	for i, r := range rows {
		out[i] = DeferralLine{ID: r.ID, CaseID: r.CaseID, Reference: r.Reference, Done: r.EndedAt != nil, Due: r.Due, Made: r.CreatedAt, Ended: r.EndedAt, Rounds: r.Rounds}
		if r.Summary == nil {
			continue
		}
		if err := json.Unmarshal(r.Summary, &out[i].Left); err != nil {
			return nil, fmt.Errorf("read what is deferred: %w", err)
		}
	}
	if err := t.holdsOnLines(ctx, out); err != nil {
		return nil, err
	}
	if err := t.askedOnLines(ctx, out); err != nil {
		return nil, err
	}
	return out, t.recipientsOnLines(ctx, out)
}

// RecipientsOfDeferred counts the recipients whom the staff have to tell of what a deferral erased after its request was forgotten.
func (t *Tx) RecipientsOfDeferred(ctx context.Context, deferral uuid.UUID) (int64, error) {
	lines := []DeferralLine{{ID: deferral}}
	err := t.recipientsOnLines(ctx, lines)
	return lines[0].ToTell, err
}

func (t *Tx) recipientsOnLines(ctx context.Context, lines []DeferralLine) error {
	rows, err := t.q.RecipientsOfDeferred(ctx, t.tenant.ID, waiting(lines))
	if err != nil {
		return fmt.Errorf("look for recipients of what is deferred: %w", err)
	}
	for _, r := range rows {
		for i := range lines {
			if lines[i].ID == r.ID {
				lines[i].ToTell = r.ToTell
			}
		}
	}
	return nil
}

func waiting(lines []DeferralLine) (ids []uuid.UUID) {
	for _, l := range lines {
		if !l.Done {
			ids = append(ids, l.ID)
		}
	}
	return ids
}

func (t *Tx) holdsOnLines(ctx context.Context, lines []DeferralLine) error {
	var cases []uuid.UUID
	for _, l := range lines {
		if !l.Done {
			cases = append(cases, l.CaseID)
		}
	}
	rows, err := t.q.HoldsOnDeferred(ctx, t.tenant.ID, cases)
	if err != nil {
		return fmt.Errorf("look for holds on what is deferred: %w", err)
	}
	for _, r := range rows {
		matter, err := t.tenant.records.Open(r.MatterSealed, holdField("matter", r.ID))
		if err != nil {
			return fmt.Errorf("open a hold: %w", err)
		}
		for i := range lines {
			if lines[i].CaseID == r.CaseID && !lines[i].Done {
				lines[i].Holds = append(lines[i].Holds, HoldOn{ID: r.ID, Matter: string(matter), Systems: r.Systems})
			}
		}
	}
	return nil
}

func (t *Tx) askedOnLines(ctx context.Context, lines []DeferralLine) error {
	rows, err := t.q.OpenByHand(ctx, t.tenant.ID, waiting(lines))
	if err != nil {
		return fmt.Errorf("look for what is to be erased by hand: %w", err)
	}
	for _, r := range rows {
		for i := range lines {
			if lines[i].ID == r.DeferralID {
				lines[i].Asked = append(lines[i].Asked, r.SystemKey)
			}
		}
	}
	return nil
}
