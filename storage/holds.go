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

// HoldFilter narrows the list of holds.
type HoldFilter struct {
	Lifted bool // those lifted too
	Before *Position
	Limit  int32
}

// Holds lists the tenant's holds, newest first, one page.
func (t *Tx) Holds(ctx context.Context, f HoldFilter) ([]Hold, error) {
	before := f.Before.or(lastOfAll)
	rows, err := t.q.Holds(ctx, db.HoldsParams{TenantID: t.tenant.ID, Lifted: f.Lifted, BeforeAt: before.At, BeforeID: before.ID, Wanted: f.Limit})
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

// Identities are values by which somebody is known, by kind as annotations name it: email, phone_number, customer_id.
type Identities map[string][]string

// HoldsOn lists the holds that stand on a person, each once: by what they are known by, and by what is found to be theirs beside it.
func (t *Tx) HoldsOn(ctx context.Context, p Person, beside ...Identities) ([]Hold, error) {
	kinds, indexes, err := t.knownByAll(p, beside)
	if err != nil {
		return nil, err
	}
	rows, err := t.q.HoldsOnIdentities(ctx, t.tenant.ID, kinds, indexes)
	if err != nil {
		return nil, fmt.Errorf("look for holds: %w", err)
	}
	out := make([]Hold, len(rows))
	for i, row := range rows {
		if out[i], err = t.standing(row); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// HoldsOnErased lists the holds that stand on whoever was erased under a case, by the tombstones of it: nobody has to know any more who they are.
func (t *Tx) HoldsOnErased(ctx context.Context, caseID uuid.UUID) ([]Hold, error) {
	rows, err := t.q.HoldsOnErased(ctx, t.tenant.ID, caseID)
	if err != nil {
		return nil, fmt.Errorf("look for holds on who was erased: %w", err)
	}
	out := make([]Hold, len(rows))
	for i, row := range rows {
		if out[i], err = t.standing(db.HoldsOnIdentitiesRow(row)); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (t *Tx) standing(row db.HoldsOnIdentitiesRow) (Hold, error) {
	matter, err := t.tenant.records.Open(row.MatterSealed, holdField("matter", row.ID))
	if err != nil {
		return Hold{}, fmt.Errorf("open a hold: %w", err)
	}
	return Hold{ID: row.ID, Matter: string(matter), Citation: row.Citation, Systems: row.Systems, ReviewOn: privacy.DateIn(row.ReviewOn.Time, time.UTC)}, nil
}

// identityKinds are those by which a person is the same in two cases, surest first.
func identityKinds() []string { return []string{identityCustomer, identityEmail, identityPhone} }

// knownByAll adds to what a person is known by what is found to be theirs beside it.
func (t *Tx) knownByAll(p Person, beside []Identities) (kinds []string, indexes [][]byte, err error) {
	known, err := t.knownBy([]Person{p})
	if err != nil {
		return nil, nil, err
	}
	kinds, indexes = known.kinds, known.indexes
	for _, more := range beside {
		for kind, values := range map[string][]string{identityEmail: more["email"], identityPhone: more["phone_number"], identityCustomer: more["customer_id"]} {
			for _, value := range values {
				index, err := t.blindIndex(kind, value)
				if err != nil {
					continue // no value of the kind, so nobody is known by it
				}
				kinds, indexes = append(kinds, kind), append(indexes, index)
			}
		}
	}
	return kinds, indexes, nil
}
