package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// LinkKey signs the links by which people end and choose what they get.
type LinkKey struct {
	ID uuid.UUID
	// Number stands in the links that it signed.
	Number    uint16
	CreatedAt time.Time
	// RetiredAt is when another took its place; nil for the one in use. RevokedAt is when its links stopped to work.
	RetiredAt, RevokedAt *time.Time
	*seal.LinkKey
}

// maxLinkKeys is as many as a link can tell apart.
const maxLinkKeys = 1<<16 - 1

// linkPatience is how old what is known of a tenant must be before a link of an unknown key has it read anew: links are followed later than they are made, and made-up
// ones must not keep the register busy.
const linkPatience = time.Second

// TenantOfLink is Tenant for whoever comes by a link that names a key, which another process may have made a moment ago.
func (d *DB) TenantOfLink(ctx context.Context, id uuid.UUID, number uint16) (Tenant, error) {
	tenant, err := d.tenant(ctx, id)
	if err != nil {
		return Tenant{}, err
	}
	if _, known := tenant.LinkKey(number); known {
		return tenant, nil
	}
	d.mu.Lock()
	old := d.clock.Now().Add(tenantCacheTime - linkPatience).After(d.keys[id].until)
	d.mu.Unlock()
	if !old {
		return tenant, nil
	}
	d.ForgetTenant(id)
	return d.tenant(ctx, id)
}

// LinkKey finds the key that a link names, a revoked one too; false where there is none.
func (t Tenant) LinkKey(number uint16) (LinkKey, bool) {
	at := slices.IndexFunc(t.linkKeys, func(k LinkKey) bool { return k.Number == number })
	if at < 0 {
		return LinkKey{}, false
	}
	return t.linkKeys[at], true
}

func (t Tenant) openLinkKeys(rows []db.ConsentLinkKeysRow) ([]LinkKey, error) {
	out := make([]LinkKey, len(rows))
	for i, r := range rows {
		key, err := t.Keys.LinkKey(t.records, r.KeySealed, linkKeyField(r.ID))
		if err != nil {
			return nil, fmt.Errorf("key %d for links: %w", r.Number, err)
		}
		out[i] = LinkKey{ID: r.ID, Number: uint16(r.Number), CreatedAt: r.CreatedAt, RetiredAt: r.RetiredAt, RevokedAt: r.RevokedAt, LinkKey: key}
	}
	return out, nil
}

// LinkKeys lists the tenant's keys for links as they are now, the oldest first.
func (t *Tx) LinkKeys(ctx context.Context) ([]LinkKey, error) {
	rows, err := t.q.ConsentLinkKeys(ctx, t.tenant.ID)
	if err != nil {
		return nil, fmt.Errorf("read the keys for links: %w", err)
	}
	return t.tenant.openLinkKeys(rows)
}

// LinkKeyInUse is the key that signs new links. The first is made when it is first asked for.
func (t *Tx) LinkKeyInUse(ctx context.Context) (LinkKey, error) {
	keys, err := t.LinkKeys(ctx)
	if err != nil {
		return LinkKey{}, err
	}
	if key, found := inUse(keys); found {
		_, known := t.tenant.LinkKey(key.Number)
		t.stale = t.stale || !known // another process has made it
		return key, nil
	}
	return t.newLinkKey(ctx, audit.ConsentLinkKeyMade)
}

// RotateLinkKey makes another key sign from now on. Links of those before go on working.
func (t *Tx) RotateLinkKey(ctx context.Context) (LinkKey, error) {
	return t.newLinkKey(ctx, audit.ConsentLinkKeyRotated)
}

// RevokeLinkKey has the links of a key do nothing any more; ErrNotFound when there is no such key, or it was revoked before. Was it the one in use, another takes
// its place.
func (t *Tx) RevokeLinkKey(ctx context.Context, number uint16) error {
	if err := one(t.q.RevokeConsentLinkKey(ctx, t.tenant.ID, t.now, int32(number))); err != nil {
		return fmt.Errorf("revoke the key %d for links: %w", number, err)
	}
	t.stale = true
	if err := t.auditLinkKey(ctx, audit.ConsentLinkKeyRevoked, number); err != nil {
		return err
	}
	_, err := t.LinkKeyInUse(ctx)
	return err
}

// newLinkKey makes a key and has it sign. For the action of the first, one that was made by another transaction meanwhile will do.
func (t *Tx) newLinkKey(ctx context.Context, action audit.Action) (LinkKey, error) {
	if _, err := t.q.LockTenantKeys(ctx, t.tenant.ID); err != nil { // one at a time: numbers follow each other
		return LinkKey{}, fmt.Errorf("hold the tenant: %w", err)
	}
	keys, err := t.LinkKeys(ctx)
	if err != nil {
		return LinkKey{}, err
	}
	if key, found := inUse(keys); found && action == audit.ConsentLinkKeyMade {
		return key, nil
	}
	t.stale = true
	if len(keys) >= maxLinkKeys {
		return LinkKey{}, fmt.Errorf("make a key for links: %w: there are %d already", ErrConflict, len(keys))
	}
	row := db.InsertConsentLinkKeyParams{ID: newID(), TenantID: t.tenant.ID, Number: int32(len(keys) + 1), CreatedAt: t.now}
	if row.KeySealed, err = t.tenant.records.NewLinkKey(linkKeyField(row.ID)); err != nil {
		return LinkKey{}, err
	}
	if err := t.later.RetireConsentLinkKey(ctx, t.tenant.ID, t.now); err != nil {
		return LinkKey{}, fmt.Errorf("retire the key for links: %w", err)
	}
	if err := t.later.InsertConsentLinkKey(ctx, row); err != nil {
		return LinkKey{}, fmt.Errorf("keep the key for links: %w", err)
	}
	opened, err := t.tenant.openLinkKeys([]db.ConsentLinkKeysRow{{ID: row.ID, Number: row.Number, KeySealed: row.KeySealed, CreatedAt: row.CreatedAt}})
	if err != nil {
		return LinkKey{}, err
	}
	return opened[0], t.auditLinkKey(ctx, action, opened[0].Number)
}

func inUse(keys []LinkKey) (LinkKey, bool) {
	at := slices.IndexFunc(keys, func(k LinkKey) bool { return k.RetiredAt == nil })
	if at < 0 {
		return LinkKey{}, false
	}
	return keys[at], true
}

func (t *Tx) auditLinkKey(ctx context.Context, action audit.Action, number uint16) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "consent_link_key", ID: strconv.Itoa(int(number))}})
}

func linkKeyField(id uuid.UUID) seal.Field {
	return seal.Field{Table: "consent_link_keys", Column: "key", Row: id.String()}
}
