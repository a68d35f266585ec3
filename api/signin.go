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

// nextView says how a sign-in goes on.
type nextView struct {
	Next    string   `json:"next" enum:"done,code,enrol,tenant" doc:"done: signed in. code: a second factor is awaited. enrol: the tenant demands one and there is none yet. tenant: choose one."`
	Methods []string `json:"methods,omitempty" doc:"The second factors that the person has: totp, passkey, recovery."`
}

// proceeded is the answer to each step of a sign-in. The token of the session is another one after each.
type proceeded struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      nextView
}

type signInInput struct {
	Body struct {
		Email    string `json:"email" format:"email" maxLength:"254"`
		Password string `json:"password" minLength:"1" maxLength:"800"`
	}
}

type codeInput struct {
	Body struct {
		Code string `json:"code" minLength:"6" maxLength:"20" doc:"Six digits of an authenticator, or a recovery code."`
	}
}

func (s *server) signInOperations() {
	register(s, operation{
		id: "sign-in", method: http.MethodPost, path: "/v1/sign-in", summary: "Sign in with a password", tag: "sign-in", errors: []int{http.StatusTooManyRequests},
	}, s.signIn)
	register(s, operation{
		id: "sign-in-code", method: http.MethodPost, path: "/v1/sign-in/code", summary: "Give a code of the authenticator, or a recovery code", tag: "sign-in",
		errors: []int{http.StatusTooManyRequests}, stages: []string{storage.StageCode},
	}, s.signInCode)
}

// wrongPassword is one answer for a wrong address, a wrong password and an account without one.
func wrongPassword() *Problem {
	return problem(http.StatusUnauthorized, "sign-in", "The e-mail address or the password is wrong.")
}

func (s *server) signIn(ctx context.Context, who *caller, in *signInInput) (*proceeded, error) {
	begun := s.wall.Now()
	keys, err := s.db.AccountKeys(ctx)
	if err != nil {
		return nil, err
	}
	index, err := keys.EmailIndex(in.Body.Email)
	if err != nil {
		return nil, invalid("body.email", "is no e-mail address")
	}
	try, err := s.spend(ctx, who.visit, tryPassword, index)
	if err != nil {
		return nil, err
	}
	id, err := s.passwordOf(ctx, in.Body.Email, in.Body.Password)
	if err != nil {
		return nil, err
	}
	if id == uuid.Nil {
		s.evenly(ctx, begun)
		return nil, wrongPassword()
	}
	if err := s.forgive(ctx, try); err != nil {
		return nil, err
	}
	return s.begin(ctx, who.visit, id, entrance{method: "password"})
}

// passwordOf finds the account that the address and the password belong to; the zero id when they belong to none. Whoever is there is
// told of a wrong one by the log of their tenants.
func (s *server) passwordOf(ctx context.Context, email, password string) (uuid.UUID, error) {
	id, err := s.db.AccountByEmail(ctx, email)
	if err != nil && !errors.Is(err, storage.ErrNotFound) {
		return uuid.Nil, err
	}
	var account storage.Account
	if id != uuid.Nil {
		err = s.db.OfAccount(ctx, id, func(ctx context.Context, a *storage.AccountTx) (err error) {
			account, err = a.Account(ctx)
			return err
		})
		if err != nil {
			return uuid.Nil, err
		}
	}
	right, err := s.passwords.Matches(ctx, password, account.PasswordHash)
	if err != nil || right || id == uuid.Nil {
		if !right {
			id = uuid.Nil
		}
		return id, err
	}
	return uuid.Nil, s.tellRefusal(ctx, id, uuid.Nil, "password")
}

// tellRefusal records that somebody tried to be this person and could not.
func (s *server) tellRefusal(ctx context.Context, account, only uuid.UUID, reason string) error {
	return s.db.OfAccount(ctx, account, func(ctx context.Context, a *storage.AccountTx) error {
		return a.Tell(ctx, only, audit.Event{Action: audit.SignInRefused, Outcome: audit.Refused, Reason: reason})
	})
}

// entrance is how somebody came in.
type entrance struct {
	method string
	// given says that a second factor was given with it, at a time that is now when it is zero.
	given bool
	at    time.Time
	// only is the one tenant that it opens.
	only uuid.UUID
}

// begin begins a session at the stage that the sign-in has come to.
func (s *server) begin(ctx context.Context, v visit, account uuid.UUID, by entrance) (*proceeded, error) {
	var out *proceeded
	err := s.db.OfAccount(ctx, account, func(ctx context.Context, a *storage.AccountTx) (err error) {
		out, err = s.beginIn(ctx, a, v, by)
		return err
	})
	return out, err
}

func (s *server) beginIn(ctx context.Context, a *storage.AccountTx, v visit, by entrance) (*proceeded, error) {
	standing, person, err := s.standing(ctx, a)
	if err != nil {
		return nil, err
	}
	if len(standing.Members) == 0 {
		return nil, problem(http.StatusForbidden, "no-tenant", "You are signed in nowhere: no tenant has you among its staff. Ask an administrator for an invitation.")
	}
	standing.Given, standing.Only = by.given, by.only
	stage, place := signin.Next(standing)
	token := signin.NewToken()
	session := storage.NewSession{
		TokenHash: signin.TokenHash(token), Method: by.method, Stage: stage, Device: signin.Browser(v.agent), Expires: s.lifeOf(stage, a.Now()),
	}
	if by.given {
		at := by.at
		if at.IsZero() {
			at = a.Now()
		}
		session.SecondFactor = &at
	}
	if by.only != uuid.Nil {
		session.OnlyTenant = &by.only
	}
	if place != nil {
		session.Tenant = &place.Tenant
	}
	if _, err := a.NewSession(ctx, session); err != nil {
		return nil, err
	}
	if err := s.tellEntry(ctx, a, by.method, place); err != nil {
		return nil, err
	}
	return s.proceed(ctx, a, person, stage, token, v)
}

// standing reads what decides how a sign-in goes on.
func (s *server) standing(ctx context.Context, a *storage.AccountTx) (signin.Standing, person, error) {
	var who person
	var err error
	if who.Account, err = a.Account(ctx); err != nil {
		return signin.Standing{}, who, err
	}
	if who.passkeys, err = a.Passkeys(ctx); err != nil {
		return signin.Standing{}, who, err
	}
	members, err := a.Memberships(ctx)
	return signin.Standing{Factors: who.TOTP || len(who.passkeys) > 0, Members: members}, who, err
}

// person is an account with its passkeys.
type person struct {
	storage.Account
	passkeys []storage.Passkey
}

// methods are the second factors that somebody has.
func (p person) methods(ctx context.Context, a *storage.AccountTx) ([]string, error) {
	var out []string
	if p.TOTP {
		out = append(out, "totp")
	}
	if len(p.passkeys) > 0 {
		out = append(out, "passkey")
	}
	left, err := a.RecoveryCodesLeft(ctx)
	if left > 0 && len(out) > 0 {
		out = append(out, "recovery")
	}
	return out, err
}

// tellEntry records that somebody has come into a tenant.
func (s *server) tellEntry(ctx context.Context, a *storage.AccountTx, method string, place *signin.Place) error {
	if place == nil {
		return nil
	}
	return a.Entered(ctx, place.Tenant, place.Staff, string(roleOf(place.Role)), method)
}

// proceed is the answer: the new token, and how it goes on. A browser with which somebody has signed in to the end is known from then on.
func (s *server) proceed(ctx context.Context, a *storage.AccountTx, who person, stage, token string, v visit) (*proceeded, error) {
	out := &proceeded{SetCookie: []http.Cookie{s.jar.session(token)}, Body: nextView{Next: stage}}
	var err error
	if stage == storage.StageCode {
		out.Body.Methods, err = who.methods(ctx, a)
		return out, err
	}
	keys, err := s.db.AccountKeys(ctx)
	if err != nil || stage != storage.StageDone {
		return out, err
	}
	index, err := keys.EmailIndex(who.Email)
	if err != nil || signin.DeviceOf(keys, v.device, index, s.Clock.Now()) != "" {
		return out, err
	}
	known, err := signin.KnownDevice(keys, index, s.Clock.Now())
	out.SetCookie = append(out.SetCookie, s.jar.device(known))
	return out, err
}

func (s *server) signInCode(ctx context.Context, who *caller, in *codeInput) (*proceeded, error) {
	return s.advanceByCode(ctx, who, in.Body.Code)
}

// advanceByCode takes a session on by a code of the app or a recovery code. A wrong one takes as long as any other.
func (s *server) advanceByCode(ctx context.Context, who *caller, code string) (*proceeded, error) {
	begun := s.wall.Now()
	method, err := s.proveCode(ctx, who, code)
	if err != nil {
		return nil, err
	}
	if method == "" {
		s.evenly(ctx, begun)
		return nil, wrongCode()
	}
	return s.advance(ctx, who, step{given: true, method: method})
}

func wrongCode() *Problem {
	return problem(http.StatusForbidden, "code", "The code is wrong, or was used before. Wait for the next one, or take a recovery code that you have not used.")
}
