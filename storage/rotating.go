package storage

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Rows about the age of keys.
type (
	// Rotation is the newest rotation of a tenant's wrapping key, and how far it has come.
	Rotation = db.RotationRow
	// KeyDates say when a key of the installation was made and rotated last.
	KeyDates = db.InstallationKeyDatesRow
)

// BeginRotation has a tenant's wrapping key rotated: by a relay, so that a tenant with a million keys takes as long as it
// takes. One that is under way goes on.
func (t *Tx) BeginRotation(ctx context.Context) error {
	rows, err := t.q.BeginRotation(ctx, t.tenant.ID, t.now, t.actor.ID)
	if err != nil {
		return fmt.Errorf("begin the rotation: %w", err)
	}
	if rows == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.KeyRotated, Object: audit.Object{Kind: "tenant", ID: t.tenant.ID.String()}, Outcome: audit.Intent,
		Facts: map[audit.FactKey]string{audit.FactKeyKind: "tenant"},
	})
}

// Rotation tells how far the newest rotation has come; ErrNotFound when there was none.
func (t *Tx) Rotation(ctx context.Context) (Rotation, error) {
	r, err := t.q.Rotation(ctx, t.tenant.ID)
	if err != nil {
		return Rotation{}, fmt.Errorf("rotation: %w", translate(err))
	}
	return r, nil
}

// InstallationKeyDates lists the installation's own keys by their age.
func (t *Tx) InstallationKeyDates(ctx context.Context) ([]KeyDates, error) {
	dates, err := t.q.InstallationKeyDates(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the installation's keys: %w", err)
	}
	return dates, nil
}

// TenantsRotating lists the tenants whose rotation has not ended.
func (d *DB) TenantsRotating(ctx context.Context) ([]uuid.UUID, error) {
	ids, err := db.New(d.pool).TenantsRotating(ctx)
	return ids, translate(err)
}

// RotateOn takes a tenant's rotation one step further: it makes the new wrapping key, or wraps up to limit of the keys below it
// anew. It says how many; done when nothing is left. A step that was taken and not recorded is taken again, which changes
// nothing: whatever was wrapped before stays readable throughout.
func (d *DB) RotateOn(ctx context.Context, actor audit.Actor, tenant uuid.UUID, limit int) (n int, done bool, err error) {
	var at Rotation
	err = d.Read(ctx, tenant, func(ctx context.Context, tx *Tx) error {
		at, err = tx.Rotation(ctx)
		return err
	})
	if err != nil || at.EndedAt != nil {
		return 0, true, err
	}
	keys, next := d.Keys(actor), ""
	if at.KeyMadeAt == nil {
		err = keys.ReplaceTenantKeys(ctx, tenant.String(), func(wrapped []byte) ([]byte, error) {
			return d.master.RotateTenant(wrapped, tenant.String())
		})
	} else {
		n, next, err = d.rewrapOn(ctx, keys, tenant, at.RewrapAfter, limit)
		done = next == ""
	}
	if err != nil {
		return 0, false, err
	}
	return n, done, d.Change(ctx, tenant, actor, func(ctx context.Context, tx *Tx) error {
		_, err := tx.q.MoveRotation(ctx, db.MoveRotationParams{TenantID: tenant, At: tx.now, RewrapAfter: next, More: int64(n), Done: done})
		return err
	})
}

func (d *DB) rewrapOn(ctx context.Context, keys *Keys, tenant uuid.UUID, after string, limit int) (n int, next string, err error) {
	fresh, err := d.tenant(ctx, tenant)
	if err != nil {
		return 0, "", err
	}
	next, err = keys.ReplaceKeys(ctx, tenant.String(), after, limit, func(kind seal.KeyKind, id string, wrapped []byte) ([]byte, error) {
		n++
		return fresh.Keys.Rewrap(wrapped, kind, id)
	})
	return n, next, err
}
