package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows of calendar feeds.
type (
	// FeedLine is a feed in the list of its member of staff.
	FeedLine = db.FeedsOfRow
	// Feed is one that a calendar asks for.
	Feed = db.FeedByTokenRow
)

// What a feed shows.
const (
	FeedMine = "mine"
	FeedAll  = "all"
)

// feedUseGrain is how exactly the last use of a feed is known.
const feedUseGrain = time.Hour

// AddFeed makes a feed of a member of staff; only the hash of its token is kept.
func (t *Tx) AddFeed(ctx context.Context, staff uuid.UUID, hash []byte, shows string) (uuid.UUID, error) {
	id := newID()
	err := t.q.InsertFeed(ctx, db.InsertFeedParams{ID: id, TenantID: t.tenant.ID, StaffID: staff, TokenHash: hash, Shows: shows, CreatedAt: t.now})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the calendar feed: %w", err)
	}
	return id, t.Audit(ctx, audit.Event{Action: audit.FeedCreated, Object: audit.Object{Kind: "calendar_feed", ID: id.String()}})
}

// Feeds lists those of a member of staff that work.
func (t *Tx) Feeds(ctx context.Context, staff uuid.UUID) ([]FeedLine, error) {
	feeds, err := t.q.FeedsOf(ctx, t.tenant.ID, staff)
	if err != nil {
		return nil, fmt.Errorf("list calendar feeds: %w", err)
	}
	return feeds, nil
}

// FeedByToken finds a feed that works, of somebody who is still there, and records its use once an hour.
func (t *Tx) FeedByToken(ctx context.Context, hash []byte) (Feed, error) {
	feed, err := t.q.FeedByToken(ctx, t.tenant.ID, hash)
	if err != nil {
		return Feed{}, fmt.Errorf("calendar feed: %w", translate(err))
	}
	if feed.LastUsedAt != nil && t.now.Sub(*feed.LastUsedAt) < feedUseGrain {
		return feed, nil
	}
	return feed, t.q.TouchFeed(ctx, t.tenant.ID, feed.ID, t.now)
}

// EndFeed ends a feed of a member of staff for good.
func (t *Tx) EndFeed(ctx context.Context, staff, id uuid.UUID) error {
	if err := one(t.q.EndFeed(ctx, t.tenant.ID, id, staff, t.now)); err != nil {
		return fmt.Errorf("end the calendar feed: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.FeedRevoked, Object: audit.Object{Kind: "calendar_feed", ID: id.String()}})
}
