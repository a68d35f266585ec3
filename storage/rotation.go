package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Keys gives the wrapped keys out to be wrapped anew. It never opens one, so a register without a master key will do.
// Every replacement is one transaction with its audit event; when replace fails, nothing has changed. A replacement that
// gives back what it got writes nothing.
type Keys struct {
	db    *DB
	actor audit.Actor
}

// Keys opens the keys to the actor who rotates them.
func (d *DB) Keys(actor audit.Actor) *Keys { return &Keys{db: d, actor: actor} }

// TenantIDs lists the tenants.
func (k *Keys) TenantIDs(ctx context.Context) ([]string, error) {
	ids, err := k.db.TenantIDs(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the tenants: %w", err)
	}
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = id.String()
	}
	return names, nil
}

// ReplaceTenantKeys replaces a tenant's wrapped keys; ErrNotFound when there is no such tenant.
func (k *Keys) ReplaceTenantKeys(ctx context.Context, tenantID string, replace func(wrapped []byte) ([]byte, error)) error {
	err := k.inTenant(ctx, tenantID, func(ctx context.Context, tx *Tx) error {
		wrapped, err := tx.q.LockTenantKeys(ctx, tx.tenant.ID)
		if err != nil {
			return fmt.Errorf("read the tenant's keys: %w", translate(err))
		}
		out, err := replace(wrapped)
		if err != nil || bytes.Equal(out, wrapped) {
			return err
		}
		if err := one(tx.q.SetTenantKeys(ctx, tx.tenant.ID, out)); err != nil {
			return fmt.Errorf("keep the tenant's keys: %w", err)
		}
		return tx.auditRotation(ctx, audit.Object{Kind: "tenant", ID: tenantID}, "tenant", 1)
	})
	if id, parsed := uuid.Parse(tenantID); parsed == nil {
		k.db.ForgetTenant(id)
	}
	return err
}

// InstallationKeys lists the names of the installation's own keys.
func (k *Keys) InstallationKeys(ctx context.Context) ([]string, error) {
	names, err := db.New(k.db.pool).InstallationKeys(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the installation's keys: %w", err)
	}
	return names, nil
}

// ReplaceInstallationKey replaces one of them; ErrNotFound when it was never made. The keys of the installation serve
// every tenant, so the event stands in the log of each.
func (k *Keys) ReplaceInstallationKey(ctx context.Context, name string, replace func(wrapped []byte) ([]byte, error)) error {
	err := k.db.inAll(ctx, pgx.TxOptions{}, func(tx *Tx) error {
		wrapped, err := tx.q.LockInstallationKey(ctx, name)
		if err != nil {
			return fmt.Errorf("read the key %q: %w", name, translate(err))
		}
		out, err := replace(wrapped)
		if err != nil || bytes.Equal(out, wrapped) {
			return err
		}
		if err := one(tx.q.UpdateInstallationKey(ctx, name, out, &tx.now)); err != nil {
			return fmt.Errorf("keep the key %q: %w", name, err)
		}
		return k.tellTenants(ctx, tx, name)
	})
	return translate(err)
}

func (k *Keys) tellTenants(ctx context.Context, tx *Tx, name string) error {
	tenants, err := tx.q.TenantIDs(ctx)
	if err != nil {
		return fmt.Errorf("list the tenants: %w", err)
	}
	tx.actor = k.actor
	for _, id := range tenants {
		if err := tx.enter(ctx, id); err != nil {
			return err
		}
		if err := tx.auditRotation(ctx, audit.Object{Kind: "installation_key", ID: name}, "installation", 1); err != nil {
			return err
		}
	}
	return nil
}

// ReplaceKeys replaces up to limit of the keys that a tenant's key wraps: of subjects, systems, runs, packages, documents
// and of its own records. after is where the call before left off, "" at the beginning; next is "" at the end. Keys that
// were destroyed are left alone.
func (k *Keys) ReplaceKeys(
	ctx context.Context, tenantID, after string, limit int, replace func(kind seal.KeyKind, id string, wrapped []byte) ([]byte, error),
) (next string, err error) {
	at, err := parseKeyCursor(after)
	if err != nil {
		return "", err
	}
	if limit < 1 {
		return "", errors.New("a batch of keys needs a limit of at least one")
	}
	err = k.inTenant(ctx, tenantID, func(ctx context.Context, tx *Tx) error {
		next, err = tx.replaceBatch(ctx, at, limit, replace)
		return err
	})
	if err != nil {
		return "", err
	}
	return next, nil
}

// replaceBatch goes through one shelf at a time and stops where the batch is full.
func (t *Tx) replaceBatch(ctx context.Context, at keyCursor, limit int, replace func(seal.KeyKind, string, []byte) ([]byte, error)) (string, error) {
	shelves := keyShelves()
	changed := 0
	for ; at.shelf < len(shelves); at = (keyCursor{shelf: at.shelf + 1}) {
		shelf := shelves[at.shelf]
		keys, err := shelf.lock(ctx, t.q, t.tenant.ID, at.row, int32(min(limit, maxBatch)))
		if err != nil {
			return "", fmt.Errorf("read the keys of %s: %w", shelf.name, err)
		}
		for _, key := range keys {
			out, err := replace(key.kind, key.id, key.wrapped)
			if err != nil {
				return "", fmt.Errorf("key of %s %s: %w", shelf.name, key.row, err)
			}
			if bytes.Equal(out, key.wrapped) {
				continue
			}
			if err := one(shelf.set(ctx, t.q, t.tenant.ID, key.row, out)); err != nil {
				return "", fmt.Errorf("keep the key of %s %s: %w", shelf.name, key.row, err)
			}
			changed++
		}
		if len(keys) > 0 {
			next := keyCursor{shelf: at.shelf, row: keys[len(keys)-1].row}
			return next.String(), t.auditRotation(ctx, audit.Object{Kind: "tenant", ID: t.tenant.ID.String()}, shelf.name, changed)
		}
	}
	return "", nil
}

func (t *Tx) auditRotation(ctx context.Context, object audit.Object, kind string, count int) error {
	if count == 0 {
		return nil
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.KeyRotated, Object: object,
		Facts: map[audit.FactKey]string{audit.FactKeyKind: kind, audit.FactCount: fmt.Sprint(count)},
	})
}

// inTenant is Change for whoever handles keys without opening them.
func (k *Keys) inTenant(ctx context.Context, tenantID string, do func(context.Context, *Tx) error) error {
	id, err := uuid.Parse(tenantID)
	if err != nil {
		return fmt.Errorf("tenant id: %w", err)
	}
	return k.db.inTenant(ctx, pgx.TxOptions{}, id, func(tx *Tx) error {
		tx.actor = k.actor
		return do(ctx, tx)
	})
}
