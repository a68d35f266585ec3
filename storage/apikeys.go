package storage

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// APIKey is a key of the tenant's; its secret is nowhere.
type APIKey = db.FindAPIKeyRow

// NewAPIKey is what a key is made of.
type NewAPIKey struct {
	Name       string
	Role       string
	StaffID    *uuid.UUID
	SecretHash []byte
	ExpiresAt  *time.Time
	// Scopes narrow the role; none leaves it as it is.
	Scopes []string
}

// mostScopes is how much of a fact can be told of; beyond it their number is.
const mostScopes = 120

// AddAPIKey stores a key by the hash of its secret.
func (t *Tx) AddAPIKey(ctx context.Context, n NewAPIKey) (uuid.UUID, error) {
	id := newID()
	if n.Scopes == nil {
		n.Scopes = []string{}
	}
	maker, err := t.maker(ctx)
	if err != nil {
		return uuid.Nil, err
	}
	err = t.q.InsertAPIKey(ctx, db.InsertAPIKeyParams{
		ID: id, TenantID: t.tenant.ID, Name: n.Name, Role: n.Role, StaffID: n.StaffID, SecretHash: n.SecretHash,
		CreatedAt: t.now, ExpiresAt: n.ExpiresAt, Scopes: n.Scopes, MadeBy: maker,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the API key: %w", err)
	}
	facts := map[audit.FactKey]string{audit.FactRole: n.Role}
	if scopes := strings.Join(n.Scopes, ","); scopes != "" {
		if len(scopes) > mostScopes {
			scopes = strconv.Itoa(len(n.Scopes))
		}
		facts[audit.FactScopes] = scopes
	}
	if n.StaffID != nil {
		facts[audit.FactStaff] = n.StaffID.String()
	}
	return id, t.Audit(ctx, audit.Event{Action: audit.APIKeyCreated, Object: keyObject(id), Facts: facts})
}

// maker is the member of staff who stands behind whoever acts; nil where that is nobody who is known.
func (t *Tx) maker(ctx context.Context) (*string, error) {
	switch t.actor.Kind {
	case audit.Person:
		return &t.actor.ID, nil
	case audit.APIKey:
		makers, err := t.MakersOf(ctx, []string{t.actor.ID})
		if err != nil || len(makers) == 0 {
			return nil, err
		}
		return &makers[0], nil
	default:
		return nil, nil //nolint:nilnil // a key that was made on the server has no maker who is known
	}
}

// MakersOf lists the members of staff who made the keys among actors; others, and keys whose maker is not known, are left out.
func (t *Tx) MakersOf(ctx context.Context, actors []string) ([]string, error) {
	makers, err := t.q.KeyMakers(ctx, t.tenant.ID, actors)
	if err != nil {
		return nil, fmt.Errorf("read who made the API keys: %w", err)
	}
	return makers, nil
}

func keyObject(id uuid.UUID) audit.Object { return audit.Object{Kind: "api_key", ID: id.String()} }

// RevokeAPIKey ends a key for good.
func (t *Tx) RevokeAPIKey(ctx context.Context, id uuid.UUID) error {
	if err := one(t.q.RevokeAPIKey(ctx, t.tenant.ID, id, &t.now)); err != nil {
		return fmt.Errorf("revoke the API key: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.APIKeyRevoked, Object: keyObject(id)})
}

// revokeKeysOf ends the keys of a member of staff, whose right to them is gone or is another one.
func (t *Tx) revokeKeysOf(ctx context.Context, member uuid.UUID) error {
	ids, err := t.q.RevokeAPIKeysOf(ctx, t.tenant.ID, &member, t.now)
	if err != nil {
		return fmt.Errorf("revoke the member's API keys: %w", err)
	}
	for _, id := range ids {
		if err := t.Audit(ctx, audit.Event{Action: audit.APIKeyRevoked, Object: keyObject(id), Facts: map[audit.FactKey]string{audit.FactStaff: member.String()}}); err != nil {
			return err
		}
	}
	return nil
}

// lastUseGrain is how exactly the last use of a key is known; finer would cost a write per call.
const lastUseGrain = time.Minute

// FindAPIKey finds a key by the hash of its secret: whose it is and what it may do. It says ErrNotFound for unknown,
// revoked and expired keys alike.
func (d *DB) FindAPIKey(ctx context.Context, hash []byte) (Tenant, APIKey, error) {
	key, err := db.New(d.pool).FindAPIKey(ctx, hash)
	if err != nil {
		return Tenant{}, APIKey{}, translate(err)
	}
	now := d.now()
	if key.RevokedAt != nil || (key.ExpiresAt != nil && !now.Before(*key.ExpiresAt)) {
		return Tenant{}, APIKey{}, ErrNotFound
	}
	if key.LastUsedAt == nil || now.Sub(*key.LastUsedAt) >= lastUseGrain {
		err := d.Change(ctx, key.TenantID, audit.Actor{}, func(ctx context.Context, tx *Tx) error {
			return tx.q.TouchAPIKey(ctx, key.TenantID, key.ID, &tx.now, tx.now.Add(-lastUseGrain))
		})
		if err != nil {
			return Tenant{}, APIKey{}, fmt.Errorf("record the use of the key: %w", err)
		}
		key.LastUsedAt = &now
	}
	d.remember(hash, key)
	tenant, err := d.tenant(ctx, key.TenantID)
	return tenant, key, err
}
