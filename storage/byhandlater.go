package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// AskedByHand is what people are asked to erase in one system because no connector can.
type AskedByHand struct {
	System  string // by key
	Problem string
	At      time.Time
	// Through is the day by which what is asked for had come to its end; Done that of what people have said they erased, zero when nothing.
	Through, Done privacy.Date
	DoneBy        string
	DoneAt        *time.Time
}

// Open says whether something that was asked for is not done.
func (a *AskedByHand) Open() bool { return a.Done.Before(a.Through) }

// ErrNotAsked says that nobody is asked to erase anything there by hand.
var ErrNotAsked = errors.New("nobody is asked to erase anything there")

// AskByHand puts on record that people have to erase in a system what had come to its end by a day.
func (t *Tx) AskByHand(ctx context.Context, d Deferral, a AskedByHand) error {
	err := t.q.AskByHand(ctx, db.AskByHandParams{
		TenantID: t.tenant.ID, DeferralID: d.ID, SystemKey: a.System, Problem: a.Problem, AskedAt: t.now, AskedThrough: dateTo(a.Through),
	})
	if err != nil {
		return fmt.Errorf("ask for an erasure by hand: %w", err)
	}
	return nil
}

// AskedByHand lists what people are, and were, asked to erase of what is deferred.
func (t *Tx) AskedByHand(ctx context.Context, deferral uuid.UUID) ([]AskedByHand, error) {
	rows, err := t.q.AskedByHand(ctx, t.tenant.ID, deferral)
	if err != nil {
		return nil, fmt.Errorf("read what is to be erased by hand: %w", err)
	}
	out := make([]AskedByHand, len(rows))
	for i, r := range rows {
		out[i] = AskedByHand{System: r.SystemKey, Problem: r.Problem, At: r.AskedAt, Through: dateFrom(r.AskedThrough), Done: dateFrom(r.DoneThrough), DoneBy: given(r.DoneBy), DoneAt: r.DoneAt}
	}
	return out, nil
}

// ErasedLaterByHand says that people have erased what they were asked to; ErrNotAsked when they were not.
func (t *Tx) ErasedLaterByHand(ctx context.Context, d Deferral, system string) error {
	n, err := t.q.DoneByHand(ctx, db.DoneByHandParams{TenantID: t.tenant.ID, DeferralID: d.ID, SystemKey: system, By: t.actor.ID, At: t.now})
	if err != nil {
		return fmt.Errorf("erased by hand: %w", err)
	}
	if n == 0 {
		return ErrNotAsked
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.ErasureCarriedOut, CaseID: d.CaseID.String(), Object: audit.Object{Kind: "deferred_erasure", ID: d.ID.String()}, Outcome: audit.Done,
		Facts: map[audit.FactKey]string{audit.FactSystem: system, audit.FactMethod: RunByHand},
	})
}

func dateTo(d privacy.Date) pgtype.Date {
	return pgtype.Date{Time: d.EndIn(time.UTC).Add(-1), Valid: !d.IsZero()}
}

func dateFrom(d pgtype.Date) privacy.Date {
	if !d.Valid {
		return privacy.Date{}
	}
	return privacy.DateIn(d.Time, time.UTC)
}
