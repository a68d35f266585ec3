package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/seal"
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

// SingleSignOn is how a tenant's people sign in with the tenant's own provider.
type SingleSignOn struct {
	Issuer, ClientID, Secret, Label string
	// RoleClaim names the claim that holds roles, Roles says what its values mean here.
	RoleClaim         string
	Roles             map[string]string
	TrustSecondFactor bool
}

func (t *Tx) secretField() seal.Field {
	return seal.Field{Table: "single_sign_on", Column: "secret", Row: t.tenant.ID.String()}
}

// SaveSingleSignOn keeps it; the secret is sealed.
func (t *Tx) SaveSingleSignOn(ctx context.Context, s SingleSignOn) error {
	sealed, err := t.tenant.records.Seal([]byte(s.Secret), t.secretField())
	if err != nil {
		return fmt.Errorf("seal the client's secret: %w", err)
	}
	roles, err := json.Marshal(s.Roles)
	if err != nil {
		return fmt.Errorf("write the roles: %w", err)
	}
	err = t.q.SaveSingleSignOn(ctx, db.SaveSingleSignOnParams{
		TenantID: t.tenant.ID, Issuer: s.Issuer, ClientID: s.ClientID, SecretSealed: sealed, Label: s.Label, RoleClaim: s.RoleClaim,
		Roles: roles, TrustSecondFactor: s.TrustSecondFactor, ChangedAt: t.now,
	})
	if err != nil {
		return fmt.Errorf("keep single sign-on: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.SingleSignOnChanged, Object: audit.Object{Kind: "tenant", ID: t.tenant.ID.String()}})
}

// SingleSignOn reads it; ErrNotFound when the tenant has none.
func (t *Tx) SingleSignOn(ctx context.Context) (SingleSignOn, error) {
	row, err := t.q.SingleSignOn(ctx, t.tenant.ID)
	if err != nil {
		return SingleSignOn{}, fmt.Errorf("single sign-on: %w", translate(err))
	}
	secret, err := t.tenant.records.Open(row.SecretSealed, t.secretField())
	if err != nil {
		return SingleSignOn{}, fmt.Errorf("open the client's secret: %w", err)
	}
	out := SingleSignOn{
		Issuer: row.Issuer, ClientID: row.ClientID, Secret: string(secret), Label: row.Label, RoleClaim: row.RoleClaim, TrustSecondFactor: row.TrustSecondFactor,
	}
	if err := json.Unmarshal(row.Roles, &out.Roles); err != nil {
		return SingleSignOn{}, fmt.Errorf("read the roles: %w", err)
	}
	return out, nil
}

// DropSingleSignOn takes it away; who came by it signs in with a password from then on, once they have set one.
func (t *Tx) DropSingleSignOn(ctx context.Context) error {
	if err := one(t.q.DeleteSingleSignOn(ctx, t.tenant.ID)); err != nil {
		return fmt.Errorf("single sign-on: %w", err)
	}
	return t.Audit(ctx, audit.Event{Action: audit.SingleSignOnRemoved, Object: audit.Object{Kind: "tenant", ID: t.tenant.ID.String()}})
}

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
