package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// triesForgotten is after how long without a try the counting begins anew.
const triesForgotten = 24 * time.Hour

// SpendTry counts a try of a secret before it is looked at, and says how long to wait when there were too many: free tries, then half a
// minute, doubled with each further one up to an hour. The key says neither who nor from where.
func (d *DB) SpendTry(ctx context.Context, key []byte, free int32) (wait time.Duration, err error) {
	q, now := db.New(d.pool), d.now()
	_, err = q.SpendSignInTry(ctx, key, now, now.Add(-triesForgotten), free)
	if err == nil {
		return 0, nil
	}
	if !errors.Is(err, pgx.ErrNoRows) {
		return 0, fmt.Errorf("count the try: %w", translate(err))
	}
	until, err := q.WaitUntil(ctx, key)
	if errors.Is(err, pgx.ErrNoRows) {
		return time.Second, nil // forgiven at this moment
	}
	if err != nil {
		return 0, fmt.Errorf("read the wait: %w", translate(err))
	}
	return max(until.Sub(now), time.Second), nil
}

// ForgiveTries forgets the tries under a key: the secret was right.
func (d *DB) ForgiveTries(ctx context.Context, key []byte) error {
	q := db.New(d.pool)
	if err := q.ForgiveTries(ctx, key); err != nil {
		return fmt.Errorf("forget the tries: %w", translate(err))
	}
	return translate(q.ForgetTries(ctx, d.now().Add(-2*triesForgotten)))
}

// ReturnTry takes back one try under a key that counts those of many: this one was right, and says nothing of the others.
func (d *DB) ReturnTry(ctx context.Context, key []byte) error {
	if err := db.New(d.pool).ReturnTry(ctx, key); err != nil {
		return fmt.Errorf("take back the try: %w", translate(err))
	}
	return nil
}

// Challenge is what a passkey was asked to sign.
type Challenge struct {
	Hash    []byte
	Purpose string
	// Session binds it to a sign-in that is under way.
	Session *uuid.UUID
	Data    []byte
}

// KeepChallenge keeps a challenge until it expires, and forgets those that have.
func (d *DB) KeepChallenge(ctx context.Context, c Challenge, life time.Duration) error {
	q, now := db.New(d.pool), d.now()
	if err := q.ForgetChallenges(ctx, now); err != nil {
		return fmt.Errorf("forget old challenges: %w", translate(err))
	}
	err := q.InsertChallenge(ctx, db.InsertChallengeParams{Hash: c.Hash, Purpose: c.Purpose, SessionID: c.Session, Data: c.Data, ExpiresAt: now.Add(life)})
	if err != nil {
		return fmt.Errorf("keep the challenge: %w", translate(err))
	}
	return nil
}

// TakeChallenge gives a challenge once; ErrNotFound when it is unknown, for something else, used or expired.
func (d *DB) TakeChallenge(ctx context.Context, c Challenge) ([]byte, error) {
	data, err := db.New(d.pool).TakeChallenge(ctx, c.Hash, c.Purpose, c.Session, d.now())
	if err != nil {
		return nil, fmt.Errorf("challenge: %w", translate(err))
	}
	return data, nil
}
