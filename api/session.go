package api

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// codeTime is how long a sign-in waits for its second factor.
const codeTime = 10 * time.Minute

// sessionView is who is signed in, where, as what, and what they may do.
type sessionView struct {
	Account     sessionAccount   `json:"account"`
	Tenant      *sessionTenant   `json:"tenant" doc:"null until one is chosen."`
	Role        string           `json:"role"`
	StaffID     *uuid.UUID       `json:"staff_id"`
	Operations  []string         `json:"operations" doc:"The operations that the role may do."`
	Memberships []membershipView `json:"memberships"`
	Factors     factorsView      `json:"second_factor"`
	Method      string           `json:"method" doc:"How they came in: password, passkey, single_sign_on, invitation or reset."`
	SteppedUp   *time.Time       `json:"stepped_up_until" doc:"Until when operations that need a second factor are open."`
	Expires     time.Time        `json:"expires_at"`
	Stage       string           `json:"stage" enum:"code,tenant,enrol,done"`
}

type sessionAccount struct {
	ID    uuid.UUID `json:"id"`
	Name  string    `json:"name"`
	Email string    `json:"email"`
}

type sessionTenant struct {
	Slug     string `json:"slug"`
	Name     string `json:"name"`
	Zone     string `json:"zone"`
	Language string `json:"language"`
}

type membershipView struct {
	Tenant string `json:"tenant" doc:"The tenant's slug."`
	Name   string `json:"name"`
	Role   string `json:"role"`
}

type factorsView struct {
	TOTP     bool `json:"totp"`
	Passkeys int  `json:"passkeys"`
	Recovery int  `json:"recovery_codes_left"`
	Required bool `json:"required" doc:"The tenant demands a second factor."`
}

type chooseTenant struct {
	Body struct {
		Tenant string `json:"tenant" minLength:"1" maxLength:"62" doc:"The tenant's slug."`
	}
}

// everyStage is that of operations which a session has from its first step.
func everyStage() []string {
	return []string{storage.StageCode, storage.StageTenant, storage.StageEnrol, storage.StageDone}
}

// inside are the stages of a session whose owner has given all the factors that they have.
func inside() []string { return []string{storage.StageTenant, storage.StageEnrol, storage.StageDone} }

func (s *server) sessionOperations() {
	register(s, operation{
		id: "get-session", method: http.MethodGet, path: "/v1/session", summary: "Who is signed in, and what they may do", tag: "session", stages: everyStage(),
	}, s.session)
	register(s, operation{
		id: "choose-tenant", method: http.MethodPut, path: "/v1/session/tenant", summary: "Choose the tenant to work in", tag: "session",
		errors: []int{http.StatusNotFound}, stages: inside(),
	}, s.chooseTenant)
	register(s, operation{
		id: "sign-out", method: http.MethodPost, path: "/v1/sign-out", summary: "End the session", tag: "sign-in", status: http.StatusNoContent, stages: everyStage(),
	}, s.signOut)
}

func (s *server) session(ctx context.Context, who *caller, _ *struct{}) (*shown[sessionView], error) {
	view := sessionView{Method: who.session.Method, Expires: who.session.ExpiresAt, Stage: who.session.Stage, Operations: []string{}, Memberships: []membershipView{}}
	err := s.db.OfAccount(ctx, who.session.Account, func(ctx context.Context, a *storage.AccountTx) error {
		return s.describe(ctx, a, who, &view)
	})
	if err != nil {
		return nil, err
	}
	if until := who.session.SecondFactorAt.Add(steppedUp); s.steppedUp(who.session) {
		view.SteppedUp = &until
	}
	if who.tenant.ID != uuid.Nil {
		t := who.tenant
		view.Tenant = &sessionTenant{Slug: t.Slug, Name: t.Name, Zone: t.Zone.String(), Language: t.Language}
		view.Role, view.StaffID = string(who.role), who.staffID()
		view.Factors.Required = t.Settings.SecondFactor == storage.SecondFactorRequired
	}
	if who.session.Stage == storage.StageDone {
		view.Operations = operationsOf(who.role)
	}
	return &shown[sessionView]{Body: view}, nil
}

func (s *server) describe(ctx context.Context, a *storage.AccountTx, who *caller, view *sessionView) error {
	standing, person, err := s.standing(ctx, a)
	if err != nil {
		return err
	}
	view.Account.ID = person.ID
	if who.session.Stage == storage.StageCode { // a password alone shows nothing of its owner
		return nil
	}
	view.Account = sessionAccount{ID: person.ID, Name: person.Name, Email: person.Email}
	view.Factors.TOTP, view.Factors.Passkeys = person.TOTP, len(person.passkeys)
	for _, m := range standing.Members {
		if who.session.OnlyTenant == uuid.Nil || m.Tenant == who.session.OnlyTenant {
			view.Memberships = append(view.Memberships, membershipView{Tenant: m.Slug, Name: m.Name, Role: string(roleOf(m.Role))})
		}
	}
	view.Factors.Recovery, err = a.RecoveryCodesLeft(ctx)
	return err
}

func operationsOf(role Role) []string {
	out := []string{}
	for _, id := range operationIDs() {
		if may(role, id) {
			out = append(out, id)
		}
	}
	return out
}

// lifeOf says until when a session lasts: a sign-in that waits for its second factor not long.
func (s *server) lifeOf(stage string, begun time.Time) time.Time {
	if stage == storage.StageCode {
		return begun.Add(codeTime)
	}
	return begun.Add(storage.SessionLife)
}

// step is what moves a session on.
type step struct {
	// given says that a second factor was given just now, and method which.
	given  bool
	method string
	// place is a tenant that was chosen.
	place *signin.Place
}

// advance moves a session on, with a new token: whoever has the old one has nothing.
func (s *server) advance(ctx context.Context, who *caller, by step) (*proceeded, error) {
	var out *proceeded
	err := s.db.OfAccount(ctx, who.session.Account, func(ctx context.Context, a *storage.AccountTx) (err error) {
		out, err = s.advanceIn(ctx, a, who, by)
		return err
	})
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nobody()
	}
	return out, err
}

func (s *server) advanceIn(ctx context.Context, a *storage.AccountTx, who *caller, by step) (*proceeded, error) {
	standing, person, err := s.standing(ctx, a)
	if err != nil {
		return nil, err
	}
	session := who.session
	factor := session.SecondFactorAt
	if by.given {
		factor = a.Now()
	}
	standing.Given, standing.Only, standing.Chosen = factor.Unix() > 0, session.OnlyTenant, by.place
	entered := by.place != nil || session.Tenant == uuid.Nil
	if !entered {
		standing.Chosen = s.placeOf(who)
	}
	stage, place := signin.Next(standing)
	token := signin.NewToken()
	to := storage.Advance{TokenHash: signin.TokenHash(token), Stage: stage, Expires: s.lifeOf(stage, session.CreatedAt)}
	if factor.Unix() > 0 {
		to.SecondFactor = &factor
	}
	if place != nil {
		to.Tenant = &place.Tenant
	}
	if err := a.AdvanceSession(ctx, session.ID, to); err != nil {
		return nil, err
	}
	if entered {
		err = s.tellEntry(ctx, a, session.Method, place)
	} else if by.given && session.Stage == storage.StageDone {
		err = a.TellAs(ctx, session.Tenant, who.actor, audit.Event{Action: audit.FactorGiven, Facts: map[audit.FactKey]string{audit.FactMethod: by.method}})
	}
	if err != nil {
		return nil, err
	}
	return s.proceed(ctx, a, person, stage, token, who.visit)
}

// placeOf is where a session works.
func (s *server) placeOf(who *caller) *signin.Place {
	return &signin.Place{
		Tenant: who.session.Tenant, Staff: who.session.Staff, Role: who.session.Role,
		SecondFactor: who.tenant.Settings.SecondFactor == storage.SecondFactorRequired,
	}
}

func (s *server) chooseTenant(ctx context.Context, who *caller, in *chooseTenant) (*proceeded, error) {
	place, err := s.placeNamed(ctx, who, in.Body.Tenant)
	if err != nil {
		return nil, err
	}
	return s.advance(ctx, who, step{place: place})
}

// placeNamed is somebody's place in a tenant: that of a member, and everywhere else that of an operator.
func (s *server) placeNamed(ctx context.Context, who *caller, slug string) (*signin.Place, error) {
	var members []storage.Membership
	err := s.db.OfAccount(ctx, who.session.Account, func(ctx context.Context, a *storage.AccountTx) (err error) {
		members, err = a.Memberships(ctx)
		return err
	})
	if err != nil {
		return nil, err
	}
	only := who.session.OnlyTenant
	var operator *storage.Membership
	for _, m := range members {
		if m.Slug == slug && (only == uuid.Nil || only == m.Tenant) {
			return signin.PlaceOf(m), nil
		}
		if m.Role == storage.RoleOperator {
			operator = &m
		}
	}
	if operator == nil || only != uuid.Nil {
		return nil, noSuchTenant()
	}
	tenant, err := s.db.TenantBySlug(ctx, slug)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, noSuchTenant()
	}
	return &signin.Place{
		Tenant: tenant.ID, Staff: operator.Staff, Role: storage.RoleOperator, SecondFactor: tenant.Settings.SecondFactor == storage.SecondFactorRequired,
	}, err
}

func noSuchTenant() *Problem {
	return problem(http.StatusNotFound, "not-found", "You are no member of a tenant of that name. GET /v1/session lists those that you can choose.")
}

// left is the answer to a sign-out: the cookie goes as well.
type left struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

func (s *server) signOut(ctx context.Context, who *caller, _ *struct{}) (*left, error) {
	err := s.db.OfAccount(ctx, who.session.Account, func(ctx context.Context, a *storage.AccountTx) error {
		if err := a.EndSession(ctx, who.session.ID, storage.EndSignedOut); err != nil && !isNotFound(err) {
			return err
		}
		if who.session.Tenant == uuid.Nil {
			return nil
		}
		return a.TellAs(ctx, who.session.Tenant, who.actor, audit.Event{Action: audit.SignedOut})
	})
	return &left{SetCookie: []http.Cookie{s.jar.session("")}}, err
}

func isNotFound(err error) bool { return errors.Is(err, storage.ErrNotFound) }
