package storage

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/storage/internal/db"
)

var (
	// ErrKeyReused says that an idempotency key came with another request before.
	ErrKeyReused = errors.New("this Idempotency-Key was used for a different request; use a new key")
	// ErrInFlight says that the first request with the key has not ended yet.
	ErrInFlight = errors.New("a request with this Idempotency-Key is still being worked on; try again in a moment")
)

// IdempotencyLife is how long an answer is remembered.
const IdempotencyLife = 24 * time.Hour

// Answer is what a request was answered with.
type Answer struct {
	Status   int
	Response []byte
}

// Once claims an idempotency key within the transaction that does the work: the claim and the work are kept together.
// It gives the first answer when there is one; nil means that the work is the caller's to do, ending with Answered.
//
// The claim is a row in a unique index that nobody else sees before the commit. A second caller with the same key waits
// in Once until the first one's transaction ends, and then gets its answer, or the work if it was undone. ErrInFlight is
// therefore the answer only to a claim that was committed without Answered. See TryOnce for callers that would not wait.
func (t *Tx) Once(ctx context.Context, principal string, key, request []byte) (*Answer, error) {
	rows, err := t.q.InsertIdempotencyKey(ctx, db.InsertIdempotencyKeyParams{
		TenantID: t.tenant.ID, Principal: principal, KeyHash: key, RequestHash: request, CreatedAt: t.now,
		ExpiresAt: t.now.Add(IdempotencyLife),
	})
	if err != nil {
		return nil, fmt.Errorf("claim the idempotency key: %w", err)
	}
	if rows > 0 {
		return nil, nil //nolint:nilnil // no answer yet and nothing wrong: the work is the caller's
	}
	return t.firstAnswer(ctx, principal, key, request)
}

// TryOnce is Once for callers that would rather hear ErrInFlight than wait for the first request with the key to end.
func (t *Tx) TryOnce(ctx context.Context, principal string, key, request []byte) (*Answer, error) {
	claim, err := t.q.TryIdempotencyKey(ctx, db.TryIdempotencyKeyParams{
		Name:     "idempotency/" + t.tenant.ID.String() + "/" + principal + "/" + hex.EncodeToString(key),
		TenantID: t.tenant.ID, Principal: principal, KeyHash: key, RequestHash: request, CreatedAt: t.now,
		ExpiresAt: t.now.Add(IdempotencyLife),
	})
	switch {
	case err != nil:
		return nil, fmt.Errorf("claim the idempotency key: %w", err)
	case !claim.Held:
		return nil, ErrInFlight
	case claim.Claimed:
		return nil, nil //nolint:nilnil // as in Once
	}
	return t.firstAnswer(ctx, principal, key, request)
}

// firstAnswer gives what the request that came first with the key was answered with.
func (t *Tx) firstAnswer(ctx context.Context, principal string, key, request []byte) (*Answer, error) {
	row, err := t.q.IdempotencyKey(ctx, t.tenant.ID, principal, key)
	switch {
	case err != nil:
		return nil, fmt.Errorf("read the idempotency key: %w", translate(err))
	case !bytes.Equal(row.RequestHash, request):
		return nil, ErrKeyReused
	case row.Status == nil:
		return nil, ErrInFlight
	}
	return &Answer{Status: int(*row.Status), Response: row.Response}, nil
}

// Answered remembers the answer to the claimed key.
func (t *Tx) Answered(ctx context.Context, principal string, key []byte, a Answer) error {
	status := int32(a.Status)
	return t.later.FinishIdempotencyKey(ctx, db.FinishIdempotencyKeyParams{
		TenantID: t.tenant.ID, Principal: principal, KeyHash: key, Status: &status, Response: a.Response,
	})
}

// ForgetAnswers drops answers past their life.
func (t *Tx) ForgetAnswers(ctx context.Context) error {
	return t.later.ForgetIdempotencyKeys(ctx, t.tenant.ID, t.now)
}
