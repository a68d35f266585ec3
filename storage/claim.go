package storage

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"sync/atomic"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// ErrKeyEnded says that the key behind a claim was revoked or has expired.
var ErrKeyEnded = errors.New("the API key has ended")

// Claim is an API key that was good when this process last heard of it. Whether it still is, the register is asked with the
// first question of the first transaction under the claim, which fails when it is not: a call saves a round trip, and
// nothing is answered to a key that has ended.
type Claim struct {
	hash      []byte
	key       APIKey
	confirmed atomic.Bool
}

type claimKey struct{}

// WithClaim puts transactions under a claim. Nil is none.
func WithClaim(ctx context.Context, c *Claim) context.Context {
	if c == nil {
		return ctx
	}
	return context.WithValue(ctx, claimKey{}, c)
}

// ClaimAPIKey gives what this process knows of a key that was used within the last minute; the claim is nil when it knows
// nothing. Whoever acts on it sees to it that the claim is confirmed before anything is answered or done.
func (d *DB) ClaimAPIKey(ctx context.Context, hash []byte) (Tenant, *Claim, error) {
	d.mu.Lock()
	key, known := d.known[[sha256.Size]byte(hash)]
	d.mu.Unlock()
	now := d.now()
	if !known || now.Sub(*key.LastUsedAt) >= lastUseGrain || (key.ExpiresAt != nil && !now.Before(*key.ExpiresAt)) {
		return Tenant{}, nil, nil
	}
	tenant, err := d.tenant(ctx, key.TenantID)
	return tenant, &Claim{hash: bytes.Clone(hash), key: key}, err
}

// Key is the key that the claim is about.
func (c *Claim) Key() APIKey { return c.key }

// Confirm asks the register about a claim that no transaction has asked about. It does nothing for nil.
func (d *DB) Confirm(ctx context.Context, c *Claim) error {
	if c == nil || c.confirmed.Load() {
		return nil
	}
	return d.inTenant(ctx, pgx.TxOptions{AccessMode: pgx.ReadOnly}, c.key.TenantID, func(tx *Tx) error { return tx.confirm(ctx, c) })
}

// confirm has the next question of the transaction, or its commit, fail with ErrKeyEnded when the key has ended.
func (t *Tx) confirm(ctx context.Context, c *Claim) error {
	sure := db.New(deferred{pipeline: t.pipeline, check: func(tag pgconn.CommandTag) error {
		if tag.RowsAffected() == 0 {
			return ErrKeyEnded
		}
		c.confirmed.Store(true)
		return nil
	}})
	return sure.ConfirmAPIKey(ctx, t.tenant.ID, c.key.ID, c.hash, t.now)
}

// underClaim asks about the claim of ctx, when there is one that nobody has asked about.
func (t *Tx) underClaim(ctx context.Context) error {
	c, _ := ctx.Value(claimKey{}).(*Claim)
	if c == nil || c.confirmed.Load() {
		return nil
	}
	return t.confirm(ctx, c)
}

// remember keeps a key that is good, for ClaimAPIKey.
func (d *DB) remember(hash []byte, key APIKey) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[[sha256.Size]byte(hash)] = key
}
