package storage

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/storage/internal/db"
)

// How long a session lasts: from its beginning, and from its last use.
const (
	SessionLife = 12 * time.Hour
	SessionIdle = time.Hour
)

// Session is a sign-in as every call finds it: who, in which tenant, as what, and how far the sign-in has come. A tenant or a
// member of staff that there is none of is the zero id; a second factor that was not given is the year 1970.
type Session = db.SessionByTokenRow

// The stages of a session.
const (
	StageCode   = "code"   // the password was right, the second factor is awaited
	StageTenant = "tenant" // a tenant is to be chosen
	StageEnrol  = "enrol"  // the tenant demands a second factor and there is none yet
	StageDone   = "done"
)

// Why a session ended.
const (
	EndSignedOut       = "signed_out"
	EndRevoked         = "revoked"
	EndPasswordChanged = "password_changed"
	EndRoleChanged     = "role_changed"
	EndDeactivated     = "deactivated"
)

// FindSession finds a session by the hash of its token, in one question. It says ErrNotFound for unknown, ended, expired and idle
// ones alike, and for one whose place in its tenant has ended. used says that somebody uses it now: it idles from then on.
func (d *DB) FindSession(ctx context.Context, hash []byte, used bool) (Session, error) {
	s, err := db.New(d.pool).SessionByToken(ctx, hash)
	if err != nil {
		return Session{}, translate(err)
	}
	now := d.now()
	if !now.Before(s.ExpiresAt) || !now.Before(s.LastSeenAt.Add(SessionIdle)) || (s.Tenant != uuid.Nil && s.Role == "") {
		return Session{}, ErrNotFound
	}
	if used && now.Sub(s.LastSeenAt) >= lastUseGrain {
		err := d.OfAccount(ctx, s.Account, func(ctx context.Context, a *AccountTx) error {
			return a.tx.later.TouchSession(ctx, a.id, s.ID, now, now.Add(-lastUseGrain))
		})
		if err != nil {
			return Session{}, fmt.Errorf("record the use of the session: %w", err)
		}
	}
	return s, nil
}

// NewSession is what a session begins with.
type NewSession struct {
	TokenHash  []byte
	Method     string
	Stage      string
	Tenant     *uuid.UUID
	OnlyTenant *uuid.UUID
	// Device says which browser it is, in words.
	Device  string
	Expires time.Time
	// SecondFactor is when a second factor was given.
	SecondFactor *time.Time
}

// SessionsKept is how long the rows of sessions are kept after their time.
const SessionsKept = 30 * 24 * time.Hour

// NewSession begins a session.
func (a *AccountTx) NewSession(ctx context.Context, n NewSession) (uuid.UUID, error) {
	id := newID()
	device, err := a.key.Seal([]byte(n.Device), a.field("sessions", "device", id))
	if err != nil {
		return uuid.Nil, err
	}
	if err := a.tx.later.DropOldSessions(ctx, a.id, a.tx.now.Add(-SessionsKept)); err != nil {
		return uuid.Nil, err
	}
	err = a.tx.q.InsertSession(ctx, db.InsertSessionParams{
		ID: id, AccountID: a.id, TokenHash: n.TokenHash, Method: n.Method, Stage: n.Stage, ChosenTenant: n.Tenant, OnlyTenant: n.OnlyTenant,
		DeviceSealed: device, CreatedAt: a.tx.now, ExpiresAt: n.Expires, SecondFactorAt: n.SecondFactor,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("begin the session: %w", translate(err))
	}
	return id, nil
}

// Advance is where a session comes to. Its token is a new one each time.
type Advance struct {
	TokenHash    []byte
	Stage        string
	Tenant       *uuid.UUID
	SecondFactor *time.Time
	Expires      time.Time
}

// AdvanceSession moves a session on; ErrNotFound when it has ended meanwhile.
func (a *AccountTx) AdvanceSession(ctx context.Context, id uuid.UUID, to Advance) error {
	return one(a.tx.q.AdvanceSession(ctx, db.AdvanceSessionParams{
		AccountID: a.id, ID: id, TokenHash: to.TokenHash, Stage: to.Stage, ChosenTenant: to.Tenant, SecondFactorAt: to.SecondFactor,
		ExpiresAt: to.Expires, At: a.tx.now,
	}))
}

// SessionLine is a session as its owner sees it.
type SessionLine struct {
	ID         uuid.UUID
	Method     string
	Stage      string
	Device     string
	CreatedAt  time.Time
	LastSeenAt time.Time
}

// Sessions lists those that go on, newest first.
func (a *AccountTx) Sessions(ctx context.Context) ([]SessionLine, error) {
	rows, err := a.tx.q.Sessions(ctx, a.id, a.tx.now, a.tx.now.Add(-SessionIdle))
	if err != nil {
		return nil, fmt.Errorf("read the sessions: %w", err)
	}
	out := make([]SessionLine, 0, len(rows))
	for _, row := range rows {
		device, err := a.key.Open(row.DeviceSealed, a.field("sessions", "device", row.ID))
		if err != nil {
			return nil, fmt.Errorf("open the device of a session: %w", err)
		}
		out = append(out, SessionLine{
			ID: row.ID, Method: row.Method, Stage: row.Stage, Device: string(device), CreatedAt: row.CreatedAt, LastSeenAt: row.LastSeenAt,
		})
	}
	return out, nil
}

// EndSession ends one; ErrNotFound when it is none of the account's, or has ended.
func (a *AccountTx) EndSession(ctx context.Context, id uuid.UUID, why string) error {
	return one(a.tx.q.EndSession(ctx, a.id, id, a.tx.now, why))
}

// EndOtherSessions ends all but one, or all where that is the zero id, and says how many.
func (a *AccountTx) EndOtherSessions(ctx context.Context, kept uuid.UUID, why string) (int64, error) {
	return a.tx.q.EndOtherSessions(ctx, a.id, a.tx.now, why, kept)
}

// EndSessionsIn ends those that work in a tenant.
func (a *AccountTx) EndSessionsIn(ctx context.Context, tenant uuid.UUID, why string) (int64, error) {
	return a.tx.q.EndSessionsInTenant(ctx, a.id, a.tx.now, why, tenant)
}
