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
	// Account is there once the invitation was accepted.
	Account      *uuid.UUID
	LastSignedIn *time.Time
	// Slack is their id there, "" for none. Digest says that they want to be told each morning what is owed.
	Slack  string
	Digest bool
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
	return Staff{ID: row.ID, Role: row.Role, Name: string(name), Email: string(email), Active: row.Active,
		Account: row.AccountID, LastSignedIn: row.LastSignedInAt, Slack: given(row.SlackUser), Digest: row.Digest}, nil
}
