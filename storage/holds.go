package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage/internal/db"
)

// Hold keeps what is held of people from erasure, in clear.
type Hold struct {
	ID       uuid.UUID
	Matter   string
	Citation string
	// Systems narrows it by key; empty means everywhere.
	Systems    []string
	ReviewOn   privacy.Date
	PlacedBy   string
	PlacedAt   time.Time
	Reason     string
	People     int64
	LiftedBy   string
	LiftedAt   *time.Time
	LiftReason string
}

// NewHold is what a hold is made of.
type NewHold struct {
	Matter, Citation, Reason string
	Systems                  []string
	ReviewOn                 privacy.Date
	People                   []Person
}

// PlaceHold adds a hold on people. None of them is named: they are found by keyed hashes of what is known of them.
func (t *Tx) PlaceHold(ctx context.Context, n NewHold) (uuid.UUID, error) {
	id := newID()
	matter, err := t.tenant.records.Seal([]byte(n.Matter), holdField("matter", id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the matter: %w", err)
	}
	reason, err := t.tenant.records.Seal([]byte(n.Reason), holdField("reason", id))
	if err != nil {
		return uuid.Nil, fmt.Errorf("seal the hold's reason: %w", err)
	}
	systems := n.Systems
	if systems == nil {
		systems = []string{}
	}
	err = t.q.InsertHold(ctx, db.InsertHoldParams{
		ID: id, TenantID: t.tenant.ID, MatterSealed: matter, Citation: n.Citation, Systems: systems, ReviewOn: pgtype.Date{Time: n.ReviewOn.EndIn(time.UTC).Add(-1), Valid: true},
		PlacedBy: t.actor.ID, PlacedAt: t.now, ReasonSealed: reason,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("place the hold: %w", err)
	}
	for _, p := range n.People {
		indexes, err := t.indexesOf(p)
		if err != nil {
			return uuid.Nil, err
		}
		for kind, index := range indexes {
			if err := t.q.InsertHoldPerson(ctx, t.tenant.ID, id, kind, index); err != nil {
				return uuid.Nil, fmt.Errorf("put a person under the hold: %w", err)
			}
		}
	}
	return id, t.auditHold(ctx, audit.HoldPlaced, id)
}

func (t *Tx) auditHold(ctx context.Context, action audit.Action, id uuid.UUID) error {
	return t.Audit(ctx, audit.Event{Action: action, Object: audit.Object{Kind: "hold", ID: id.String()}})
}

func holdField(column string, id uuid.UUID) seal.Field {
	return seal.Field{Table: "legal_holds", Column: column, Row: id.String()}
}

// indexesOf gives the keyed hashes of what a person is known by, by kind.
func (t *Tx) indexesOf(p Person) (map[string][]byte, error) {
	out := map[string][]byte{}
	for kind, value := range map[string]string{identityEmail: p.Email, identityPhone: p.Phone, identityCustomer: p.CustomerID} {
		if value == "" {
			continue
		}
		index, err := t.blindIndex(kind, value)
		if err != nil {
			return nil, err
		}
		out[kind] = index
	}
	return out, nil
}

// LiftHold ends a hold.
func (t *Tx) LiftHold(ctx context.Context, id uuid.UUID, reason string) error {
	sealed, err := t.tenant.records.Seal([]byte(reason), holdField("lifted", id))
	if err != nil {
		return fmt.Errorf("seal why the hold is lifted: %w", err)
	}
	if err := one(t.q.LiftHold(ctx, db.LiftHoldParams{TenantID: t.tenant.ID, ID: id, LiftedSealed: sealed, By: t.actor.ID, At: t.now})); err != nil {
		return fmt.Errorf("standing hold: %w", err)
	}
	return t.auditHold(ctx, audit.HoldLifted, id)
}

// Holds lists the tenant's holds, newest first: those that stand, and those that were lifted if asked for.
func (t *Tx) Holds(ctx context.Context, lifted bool) ([]Hold, error) {
	rows, err := t.q.Holds(ctx, t.tenant.ID, lifted)
	if err != nil {
		return nil, fmt.Errorf("read holds: %w", err)
	}
	out := make([]Hold, len(rows))
	for i, row := range rows {
		h := Hold{ID: row.ID, Citation: row.Citation, Systems: row.Systems, ReviewOn: privacy.DateIn(row.ReviewOn.Time, time.UTC), PlacedBy: row.PlacedBy,
			PlacedAt: row.PlacedAt, People: row.People, LiftedBy: given(row.LiftedBy), LiftedAt: row.LiftedAt}
		for _, field := range []struct {
			column string
			sealed []byte
			into   *string
		}{{"matter", row.MatterSealed, &h.Matter}, {"reason", row.ReasonSealed, &h.Reason}, {"lifted", row.LiftedSealed, &h.LiftReason}} {
			if field.sealed == nil {
				continue
			}
			clear, err := t.tenant.records.Open(field.sealed, holdField(field.column, row.ID))
			if err != nil {
				return nil, fmt.Errorf("open a hold: %w", err)
			}
			*field.into = string(clear)
		}
		out[i] = h
	}
	return out, nil
}

// HoldsOn lists the holds that stand on a person, each once.
func (t *Tx) HoldsOn(ctx context.Context, p Person) ([]Hold, error) {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return nil, err
	}
	var out []Hold
	seen := map[uuid.UUID]bool{}
	for _, kind := range identityKinds() {
		if indexes[kind] == nil {
			continue
		}
		rows, err := t.q.HoldsOnIdentity(ctx, t.tenant.ID, kind, indexes[kind])
		if err != nil {
			return nil, fmt.Errorf("look for holds: %w", err)
		}
		for _, row := range rows {
			if seen[row.ID] {
				continue
			}
			seen[row.ID] = true
			matter, err := t.tenant.records.Open(row.MatterSealed, holdField("matter", row.ID))
			if err != nil {
				return nil, fmt.Errorf("open a hold: %w", err)
			}
			out = append(out, Hold{ID: row.ID, Matter: string(matter), Citation: row.Citation, Systems: row.Systems, ReviewOn: privacy.DateIn(row.ReviewOn.Time, time.UTC)})
		}
	}
	return out, nil
}

// identityKinds are those by which a person is the same in two cases, surest first.
func identityKinds() []string { return []string{identityCustomer, identityEmail, identityPhone} }

// OpenAccess lists the references of access and portability requests of a person that are not closed.
func (t *Tx) OpenAccess(ctx context.Context, p Person) (references []string, err error) {
	indexes, err := t.indexesOf(p)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, kind := range identityKinds() {
		if indexes[kind] == nil {
			continue
		}
		rows, err := t.q.OpenAccessCases(ctx, t.tenant.ID, kind, indexes[kind])
		if err != nil {
			return nil, fmt.Errorf("look for open access requests: %w", err)
		}
		for _, row := range rows {
			if !seen[row.Reference] {
				seen[row.Reference] = true
				references = append(references, row.Reference)
			}
		}
	}
	return references, nil
}
