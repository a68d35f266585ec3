package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage/internal/db"
)

var (
	// ErrLastAdmin says that a tenant would be left without an administrator.
	ErrLastAdmin = errors.New("nobody would be left to administer the tenant")
	// ErrJoined says that a member of staff has accepted the invitation already.
	ErrJoined = errors.New("the invitation was accepted already")
)

// RoleOperator is the role of the processor's own staff: they see tenants and the process, and never a person.
const RoleOperator = "operator"

const roleAdmin = "admin"

// Member reads one member of staff.
func (t *Tx) Member(ctx context.Context, id uuid.UUID) (Staff, error) {
	row, err := t.q.StaffMember(ctx, t.tenant.ID, id)
	if err != nil {
		return Staff{}, fmt.Errorf("member of staff: %w", translate(err))
	}
	return t.openStaff(row)
}

// LockMember reads one and holds it until the transaction ends.
func (t *Tx) LockMember(ctx context.Context, id uuid.UUID) (Staff, error) {
	row, err := t.q.LockStaffMember(ctx, t.tenant.ID, id)
	if err != nil {
		return Staff{}, fmt.Errorf("member of staff: %w", translate(err))
	}
	return t.openStaff(row)
}

// MemberByEmail finds a member of staff by the address.
func (t *Tx) MemberByEmail(ctx context.Context, address string) (Staff, error) {
	index, err := t.tenant.Keys.EmailIndex(address)
	if err != nil {
		return Staff{}, fmt.Errorf("index the address: %w", err)
	}
	row, err := t.q.StaffByEmail(ctx, t.tenant.ID, index)
	if err != nil {
		return Staff{}, fmt.Errorf("member of staff: %w", translate(err))
	}
	return t.openStaff(row)
}

// ChangeRole gives a member of staff another role. Their sessions in the tenant and their keys end: what they may do is not what it was.
func (t *Tx) ChangeRole(ctx context.Context, member Staff, role string) error {
	if member.Role == roleAdmin {
		if err := t.keepAnAdministrator(ctx, member); err != nil {
			return err
		}
	}
	if err := one(t.q.SetStaffRole(ctx, t.tenant.ID, member.ID, role)); err != nil {
		return fmt.Errorf("change the role: %w", translate(err))
	}
	if err := errors.Join(t.endSessions(ctx, member, EndRoleChanged), t.revokeKeysOf(ctx, member.ID)); err != nil {
		return err
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.RoleChanged, Object: staffObject(member.ID),
		Facts: map[audit.FactKey]string{audit.FactFrom: member.Role, audit.FactRole: role},
	})
}

// SetActive takes a member of staff away, with their sessions and keys, or brings them back. Nothing of what they did goes.
func (t *Tx) SetActive(ctx context.Context, member Staff, active bool) error {
	if member.Active == active {
		return nil
	}
	action := audit.StaffReturned
	if !active {
		action = audit.StaffLeft
		if err := t.keepAnAdministrator(ctx, member); err != nil {
			return err
		}
		if _, err := t.q.EndInvitations(ctx, t.tenant.ID, member.ID, t.now); err != nil {
			return fmt.Errorf("end the invitations: %w", err)
		}
	}
	if err := one(t.q.SetStaffActive(ctx, t.tenant.ID, member.ID, active)); err != nil {
		return fmt.Errorf("change whether the member is active: %w", err)
	}
	if err := errors.Join(t.endSessions(ctx, member, EndDeactivated), t.revokeKeysOf(ctx, member.ID)); err != nil {
		return err
	}
	return t.Audit(ctx, audit.Event{Action: action, Object: staffObject(member.ID)})
}

// LockStaff reads a member of staff and holds them, and every administrator before that: who changes roles, or takes people away, at
// the same time as somebody else waits for them.
func (t *Tx) LockStaff(ctx context.Context, id uuid.UUID) (Staff, error) {
	if _, err := t.q.LockAdministrators(ctx, t.tenant.ID); err != nil {
		return Staff{}, fmt.Errorf("read the administrators: %w", err)
	}
	return t.LockMember(ctx, id)
}

// keepAnAdministrator holds the administrators, so that two who remove each other at once cannot both succeed. Who has not
// accepted an invitation is none yet.
func (t *Tx) keepAnAdministrator(ctx context.Context, leaving Staff) error {
	if leaving.Role != roleAdmin || leaving.Account == nil || !leaving.Active {
		return nil
	}
	admins, err := t.q.LockAdministrators(ctx, t.tenant.ID)
	if err != nil {
		return fmt.Errorf("read the administrators: %w", err)
	}
	for _, a := range admins {
		if a.ID != leaving.ID && a.AccountID != nil {
			return nil
		}
	}
	return ErrLastAdmin
}

// endSessions ends those of a member in this tenant, and those of an operator in whichever tenant they are.
func (t *Tx) endSessions(ctx context.Context, member Staff, why string) error {
	if member.Account == nil {
		return nil
	}
	account, err := t.OfAccount(ctx, *member.Account)
	if err != nil {
		return err
	}
	if member.Role == RoleOperator {
		_, err = t.q.EndSessionsOfOperator(ctx, account.id, t.now, why)
	} else {
		_, err = account.EndSessionsIn(ctx, t.tenant.ID, why)
	}
	if err != nil {
		return fmt.Errorf("end the sessions: %w", err)
	}
	return nil
}

// Join makes a member of staff the person behind an account; ErrJoined when they are somebody already.
func (t *Tx) Join(ctx context.Context, member, account uuid.UUID) error {
	err := one(t.q.JoinStaff(ctx, t.tenant.ID, member, &account))
	if errors.Is(err, ErrNotFound) {
		return ErrJoined
	}
	if err != nil {
		return fmt.Errorf("join the tenant: %w", translate(err))
	}
	if _, err := t.q.EndInvitations(ctx, t.tenant.ID, member, t.now); err != nil {
		return fmt.Errorf("end the invitation: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.InvitationAccepted, Object: staffObject(member)})
}

// NoteSignIn remembers when somebody was last there.
func (t *Tx) NoteSignIn(ctx context.Context, member uuid.UUID) error {
	return t.later.NoteSignIn(ctx, t.tenant.ID, member, t.now)
}

// NewInvitation keeps a link by which a member of staff joins; those before it end.
func (t *Tx) NewInvitation(ctx context.Context, member uuid.UUID, hash []byte, expires time.Time) error {
	if _, err := t.q.EndInvitations(ctx, t.tenant.ID, member, t.now); err != nil {
		return fmt.Errorf("end the invitations before: %w", err)
	}
	err := t.q.InsertInvitation(ctx, db.InsertInvitationParams{
		ID: newID(), TenantID: t.tenant.ID, StaffID: member, TokenHash: hash, CreatedAt: t.now, ExpiresAt: expires,
	})
	if err != nil {
		return fmt.Errorf("keep the invitation: %w", translate(err))
	}
	return t.Audit(ctx, audit.Event{
		Action: audit.InvitationSent, Object: staffObject(member),
		Facts: map[audit.FactKey]string{audit.FactExpires: expires.UTC().Format(time.RFC3339)},
	})
}

// Invitation says whom an invitation is for, by the hash of its token, while it is good.
func (d *DB) Invitation(ctx context.Context, hash []byte) (tenant, member uuid.UUID, err error) {
	row, err := db.New(d.pool).InvitationByToken(ctx, hash, d.now())
	if err != nil {
		return uuid.Nil, uuid.Nil, fmt.Errorf("invitation: %w", translate(err))
	}
	return row.Tenant, row.Staff, nil
}

func staffObject(id uuid.UUID) audit.Object { return audit.Object{Kind: "staff", ID: id.String()} }

// OpenWork counts what a tenant has to do, without a word about whom it is for.
type OpenWork = db.CountOpenWorkRow

// soon is how far ahead OpenWork looks.
const soon = 7 * 24 * time.Hour

// OpenWork counts the cases that are open, overdue, and due within seven days.
func (t *Tx) OpenWork(ctx context.Context) (OpenWork, error) {
	n, err := t.q.CountOpenWork(ctx, t.tenant.ID, t.now, t.now.Add(soon))
	if err != nil {
		return OpenWork{}, fmt.Errorf("count the open work: %w", err)
	}
	return n, nil
}

// MemberOf finds the member of staff behind whom an account is.
func (t *Tx) MemberOf(ctx context.Context, account uuid.UUID) (Staff, error) {
	row, err := t.q.StaffByAccount(ctx, t.tenant.ID, &account)
	if err != nil {
		return Staff{}, fmt.Errorf("member of staff: %w", translate(err))
	}
	return t.openStaff(row)
}

// MemberInSlack finds the active member of staff behind a Slack user.
func (t *Tx) MemberInSlack(ctx context.Context, user string) (Staff, error) {
	row, err := t.q.StaffBySlack(ctx, t.tenant.ID, user)
	if err != nil {
		return Staff{}, fmt.Errorf("member of staff: %w", translate(err))
	}
	return t.openStaff(row)
}

// SetReach changes how a member of staff is reached: in Slack, and each morning by mail.
func (t *Tx) SetReach(ctx context.Context, member Staff) error {
	if err := one(t.q.SetStaffReach(ctx, t.tenant.ID, member.ID, optional(member.Slack), member.Digest)); err != nil {
		return fmt.Errorf("change how the member is reached: %w", translate(err))
	}
	return t.Audit(ctx, audit.Event{Action: audit.StaffChanged, Object: staffObject(member.ID)})
}
