package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Staff is a member of the tenant's staff, in clear.
type Staff struct {
	ID     uuid.UUID
	Role   string
	Name   string
	Email  string
	Active bool
}

// AddStaff adds a member of staff, sealed under the tenant's record key.
func (t *Tx) AddStaff(ctx context.Context, s Staff) (uuid.UUID, error) {
	id := newID()
	name, err := t.tenant.records.Seal([]byte(s.Name), staffField("name", id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the name: %w", err)
	}
	email, err := t.tenant.records.Seal([]byte(s.Email), staffField("email", id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the address: %w", err)
	}
	index, err := t.tenant.Keys.EmailIndex(s.Email)
	if err != nil {
		return uuid.Nil, fmt.Errorf("index the address: %w", err)
	}
	err = t.q.InsertStaff(ctx, db.InsertStaffParams{
		ID: id, TenantID: t.tenant.ID, Role: s.Role, NameSealed: name, EmailSealed: email, EmailIndex: index, CreatedAt: t.now,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the member of staff: %w", translate(err))
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.RoleChanged, Object: audit.Object{Kind: "staff", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactRole: s.Role},
	})
}

func staffField(column string, id uuid.UUID) seal.Field {
	return seal.Field{Table: "staff", Column: column, Row: id.String()}
}

// Staff lists the tenant's staff.
func (t *Tx) Staff(ctx context.Context) ([]Staff, error) {
	rows, err := t.q.ListStaff(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read staff: %w", err)
	}
	staff := make([]Staff, 0, len(rows))
	for _, row := range rows {
		s, err := t.openStaff(row)
		if err != nil {
			return nil, err
		}
		staff = append(staff, s)
	}
	return staff, nil
}

func (t *Tx) openStaff(row db.Staff) (Staff, error) {
	name, err := t.tenant.records.Open(row.NameSealed, staffField("name", row.ID))
	if err != nil {
		return Staff{}, fmt.Errorf("open a staff name: %w", err)
	}
	email, err := t.tenant.records.Open(row.EmailSealed, staffField("email", row.ID))
	if err != nil {
		return Staff{}, fmt.Errorf("open a staff address: %w", err)
	}
	return Staff{ID: row.ID, Role: row.Role, Name: string(name), Email: string(email), Active: row.Active}, nil
}

// APIKey is a key of the tenant's; its secret is nowhere.
type APIKey = db.FindAPIKeyRow

// NewAPIKey is what a key is made of.
type NewAPIKey struct {
	Name       string
	Role       string
	StaffID    *uuid.UUID
	SecretHash []byte
	ExpiresAt  *time.Time
}

// AddAPIKey stores a key by the hash of its secret.
func (t *Tx) AddAPIKey(ctx context.Context, n NewAPIKey) (uuid.UUID, error) {
	id := newID()
	err := t.q.InsertAPIKey(ctx, db.InsertAPIKeyParams{
		ID: id, TenantID: t.tenant.ID, Name: n.Name, Role: n.Role, StaffID: n.StaffID, SecretHash: n.SecretHash,
		CreatedAt: t.now, ExpiresAt: n.ExpiresAt,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("add the API key: %w", err)
	}
	return id, t.Audit(ctx, audit.Event{
		Action: audit.APIKeyCreated, Object: audit.Object{Kind: "api_key", ID: id.String()},
		Facts: map[audit.FactKey]string{audit.FactRole: n.Role},
	})
}

// RevokeAPIKey ends a key for good.
func (t *Tx) RevokeAPIKey(ctx context.Context, id uuid.UUID) error {
	if err := one(t.q.RevokeAPIKey(ctx, t.tenant.ID, id, &t.now)); err != nil {
		return fmt.Errorf("revoke the API key: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.APIKeyRevoked, Object: audit.Object{Kind: "api_key", ID: id.String()}})
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
	}
	tenant, err := d.tenant(ctx, key.TenantID)
	return tenant, key, err
}
