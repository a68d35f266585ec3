package api

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// steppedUp is how long a second factor counts as given just now.
const steppedUp = 10 * time.Minute

// nobody answers a session that is none.
func nobody() *Problem {
	return problem(http.StatusUnauthorized, "unauthorized", "Nobody is signed in here, or not any more. Sign in.")
}

// signedIn finds who a session belongs to.
func (s *server) signedIn(ctx context.Context, v visit) (*caller, error) {
	session, err := s.db.FindSession(ctx, signin.TokenHash(v.token), !v.unattended)
	if errors.Is(err, storage.ErrNotFound) {
		return nil, nobody()
	}
	if err != nil {
		return nil, err
	}
	who := &caller{session: &session, role: roleOf(session.Role), visit: v, address: v.address}
	if session.Tenant == uuid.Nil {
		return who, nil
	}
	who.actor = audit.Actor{Kind: audit.Person, ID: session.Staff.String(), Role: string(who.role)}
	if who.tenant, err = s.db.Tenant(ctx, session.Tenant); err != nil {
		return nil, err
	}
	if owesFactor(&session, who.tenant) {
		session.Stage = storage.StageEnrol
	}
	return who, nil
}

// owesFactor says that the tenant has begun to demand a second factor of somebody who was inside without one. A provider that is
// trusted for it has asked for its own.
func owesFactor(session *storage.Session, tenant storage.Tenant) bool {
	return session.Stage == storage.StageDone && tenant.Settings.SecondFactor == storage.SecondFactorRequired &&
		!hasFactors(session) && session.SecondFactorAt.Unix() <= 0
}

// aboutTheSession are the operations by which a page finds out whose session it is, and changes that.
func aboutTheSession() []string { return []string{"get-session", "choose-tenant", "sign-out"} }

// otherWindow says that the session went over to another tenant, or to somebody else, in another window than the one that the call
// comes from: what was written under one tenant's name must not be filed with another.
func otherWindow(who *caller, op operation) *Problem {
	if who.visit.shown == "" || slices.Contains(aboutTheSession(), op.id) || who.visit.shown == who.session.Account.String()+"/"+who.tenant.Slug {
		return nil
	}
	return problem(http.StatusConflict, "session-changed", "This page is of another tenant or another person than the session is now: it was changed in another window. Nothing was done. Load the page anew, or go back.")
}

// sessionAllowed says why a session is not at the point where the operation is open, or needs its factor anew.
func (s *server) sessionAllowed(who *caller, op operation) *Problem {
	if refusal := otherWindow(who, op); refusal != nil {
		return refusal
	}
	stages := op.stages
	if len(stages) == 0 {
		stages = []string{storage.StageDone}
	}
	if !slices.Contains(stages, who.session.Stage) {
		return unfinished(who.session.Stage)
	}
	if op.credential && who.session.OnlyTenant != uuid.Nil {
		return problem(http.StatusForbidden, "single-sign-on", "Single sign-on opens one tenant and not your account. Sign in with your password to change it.")
	}
	if stepUp(op.id) && (op.personal() || may(who.role, op.id)) {
		return s.fresh(who)
	}
	return nil
}

// fresh refuses somebody who is signed in and has not given a second factor just now. Nobody is there to be asked behind a key.
func (s *server) fresh(who *caller) *Problem {
	if who.session == nil || s.steppedUp(who.session) {
		return nil
	}
	if who.session.OnlyTenant != uuid.Nil && !hasFactors(who.session) {
		return refused(http.StatusForbidden, "step-up-needed", "This needs your second factor, given within the last ten minutes. You come by single sign-on: sign in there anew, at GET /v1/sign-in/oidc/{tenant}?fresh=yes, where the tenant trusts its provider with it.")
	}
	return stepUpNeeded(hasFactors(who.session))
}

func unfinished(stage string) *Problem {
	detail := map[string]string{
		storage.StageCode:   "The second factor is missing: POST /v1/sign-in/code or /v1/sign-in/passkey.",
		storage.StageTenant: "Choose the tenant first: PUT /v1/session/tenant.",
		storage.StageEnrol:  "The tenant demands a second factor and you have none yet: add one under /v1/account.",
		storage.StageDone:   "You are signed in already. Sign out to begin anew.",
	}[stage]
	return problem(http.StatusForbidden, "sign-in-unfinished", detail)
}

// hasFactors says whether the person has a second factor.
func hasFactors(session *storage.Session) bool { return session.Totp || session.Passkeys > 0 }

// steppedUp says whether a second factor was given just now.
func (s *server) steppedUp(session *storage.Session) bool {
	return s.Clock.Now().Before(session.SecondFactorAt.Add(steppedUp))
}

func stepUpNeeded(factors bool) *Problem {
	detail := "This needs your second factor, given within the last ten minutes: POST /v1/session/step-up."
	if !factors {
		detail = "This needs a second factor and you have none yet: add one under /v1/account first."
	}
	return refused(http.StatusForbidden, "step-up-needed", detail)
}
