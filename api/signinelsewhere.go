package api

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type ssoBegin struct {
	Tenant string `path:"tenant" maxLength:"62" doc:"The tenant's slug."`
	Fresh  string `query:"fresh" enum:"yes" doc:"yes has the provider ask the person anew, for what needs a second factor given just now."`
}

type ssoAnswer struct {
	Code   string `query:"code"`
	State  string `query:"state"`
	Error  string `query:"error"`
	Issuer string `query:"iss" doc:"Who answers, where the provider says it (RFC 9207)."`
}

// elsewhere sends the browser on.
type elsewhere struct {
	Status    int
	Location  string        `header:"Location"`
	SetCookie []http.Cookie `header:"Set-Cookie"`
}

// callback is where a provider sends people back to.
func (s *server) callback() string { return s.PublicURL + "/v1/sign-in/oidc/callback" }

// console sends the browser to the console; a code says what went wrong.
func (s *server) console(code string, cookies ...http.Cookie) *elsewhere {
	to := s.PublicURL + "/console/"
	if code != "" {
		to += "sign-in?" + url.Values{"problem": {code}}.Encode()
	}
	return &elsewhere{Status: http.StatusSeeOther, Location: to, SetCookie: append(cookies, s.jar.cookie(stateCookie, "", 0))}
}

func (s *server) signInElsewhere(ctx context.Context, _ *caller, in *ssoBegin) (*elsewhere, error) {
	_, sso, err := s.providerOf(ctx, in.Tenant)
	if isNotFound(err) {
		return s.console("no-single-sign-on"), nil
	}
	if err != nil {
		return nil, err
	}
	address, flow, err := s.providers.Begin(ctx, sso, in.Tenant, s.callback(), in.Fresh == "yes", s.Clock.Now())
	if err != nil {
		return s.astray(ctx, err)
	}
	keys, err := s.db.AccountKeys(ctx)
	if err != nil {
		return nil, err
	}
	sealed, err := flow.Seal(keys)
	return &elsewhere{Status: http.StatusSeeOther, Location: address, SetCookie: []http.Cookie{s.jar.cookie(stateCookie, sealed, int(codeTime.Seconds()))}}, err
}

// astray sends somebody whose sign-in elsewhere failed back to the console, with a code for what to say.
func (s *server) astray(ctx context.Context, err error) (*elsewhere, error) {
	for known, code := range map[error]string{
		signin.ErrProvider: "provider", signin.ErrFlow: "took-too-long", signin.ErrUnverified: "unverified-email", errNoRole: "no-role", errOtherAccount: "other-account",
	} {
		if errors.Is(err, known) {
			s.Log.Warn("a sign-in with a tenant's provider failed", zap.String("code", code), zap.String("correlation", correlation(ctx)))
			return s.console(code), nil
		}
	}
	if p, ok := isProblem(err); ok && p.Status < http.StatusInternalServerError {
		return s.console(p.Code), nil
	}
	return nil, err
}

var (
	// errNoRole says that the tenant gives no role to what the provider says, or took the person away.
	errNoRole = errors.New("the tenant has no role for this person")
	// errOtherAccount says that the address is that of somebody who has not joined this tenant: its provider must not speak for them.
	errOtherAccount = errors.New("the address belongs to an account that is not the tenant's")
)

func (s *server) signedInElsewhere(ctx context.Context, who *caller, in *ssoAnswer) (*elsewhere, error) {
	keys, err := s.db.AccountKeys(ctx)
	if err != nil {
		return nil, err
	}
	flow, err := signin.OpenFlow(keys, who.visit.state, in.State, s.Clock.Now())
	if err != nil {
		return s.astray(ctx, err)
	}
	if in.Error != "" || in.Code == "" {
		return s.console("declined"), nil
	}
	tenant, sso, err := s.providerOf(ctx, flow.Tenant)
	if err != nil {
		return s.astray(ctx, orProvider(err))
	}
	if in.Issuer != "" && in.Issuer != sso.Issuer { // an answer of another provider, mixed in
		return s.astray(ctx, signin.ErrProvider)
	}
	vouched, err := s.providers.Finish(ctx, sso, flow, in.Code, s.callback(), s.Clock.Now())
	if err != nil {
		return s.astray(ctx, err)
	}
	account, err := s.welcome(ctx, tenant, sso, vouched)
	if errors.Is(err, storage.ErrExists) || errors.Is(err, storage.ErrJoined) { // the same person came in by another window at this moment
		account, err = s.welcome(ctx, tenant, sso, vouched)
	}
	if err != nil {
		return s.astray(ctx, err)
	}
	begun, err := s.begin(ctx, who.visit, account, entrance{method: "single_sign_on", given: sso.TrustSecondFactor, at: s.askedAt(vouched), only: tenant.ID})
	if err != nil {
		return s.astray(ctx, err)
	}
	return s.console("", begun.SetCookie...), nil
}

// askedAt is when a provider that is trusted with the second factor asked for it: its own session answers without a question, and a sign-in
// by it is then as old as that. One that does not say when counts as long ago.
func (s *server) askedAt(v signin.Vouched) time.Time {
	now := s.Clock.Now()
	if v.At.IsZero() || v.At.After(now) {
		return now.Add(-steppedUp)
	}
	return v.At
}

func orProvider(err error) error {
	if isNotFound(err) {
		return signin.ErrProvider
	}
	return err
}

// welcome finds the account of somebody whom a tenant's provider vouches for, or makes it, and has their place in the tenant follow what
// the provider says.
func (s *server) welcome(ctx context.Context, tenant storage.Tenant, sso storage.SingleSignOn, v signin.Vouched) (account uuid.UUID, err error) {
	if v.Role == "" {
		return uuid.Nil, errNoRole
	}
	linked, err := s.db.AccountBySubject(ctx, sso.Issuer, v.Subject)
	if err != nil && !isNotFound(err) {
		return uuid.Nil, err
	}
	byEmail, err := s.db.AccountByEmail(ctx, v.Email)
	if err != nil && !isNotFound(err) {
		return uuid.Nil, err
	}
	actor := audit.Actor{Kind: audit.System, ID: "single-sign-on"}
	err = s.db.Change(ctx, tenant.ID, actor, func(ctx context.Context, tx *storage.Tx) error {
		member, err := s.memberFor(ctx, tx, v, linked, byEmail)
		if err != nil {
			return err
		}
		if account, err = s.accountFor(ctx, tx, sso, v, member, linked); err != nil {
			return err
		}
		if member.Role == v.Role {
			return nil
		}
		err = tx.ChangeRole(ctx, member, v.Role)
		if errors.Is(err, storage.ErrLastAdmin) { // a tenant is not left without one by what another server says
			return nil
		}
		return err
	})
	return account, err
}

// memberFor finds the person's place in the tenant, or makes it.
func (s *server) memberFor(ctx context.Context, tx *storage.Tx, v signin.Vouched, linked, byEmail uuid.UUID) (storage.Staff, error) {
	if linked != uuid.Nil {
		member, err := tx.MemberOf(ctx, linked)
		if err == nil && !member.Active {
			return member, errNoRole
		}
		if err == nil || !isNotFound(err) {
			return member, err
		}
	}
	member, err := tx.MemberByEmail(ctx, v.Email)
	switch {
	case isNotFound(err):
		// The provider must not speak for somebody who has an account and never joined this tenant.
		if byEmail != uuid.Nil && byEmail != linked {
			return member, errOtherAccount
		}
		member = storage.Staff{Role: v.Role, Name: nameOf(v), Email: v.Email, Active: true}
		member.ID, err = tx.AddStaff(ctx, member)
		return member, err
	case err != nil:
		return member, err
	case !member.Active:
		return member, errNoRole
	case member.Account == nil && byEmail != uuid.Nil && byEmail != linked, member.Account != nil && linked != uuid.Nil && *member.Account != linked:
		return member, errOtherAccount
	}
	return member, nil
}

// accountFor is the account behind the place: that which is linked, that which joined, or a new one.
func (s *server) accountFor(ctx context.Context, tx *storage.Tx, sso storage.SingleSignOn, v signin.Vouched, member storage.Staff, linked uuid.UUID) (uuid.UUID, error) {
	id := linked
	switch {
	case id != uuid.Nil:
	case member.Account != nil:
		id = *member.Account
	default:
		id = uuid.Must(uuid.NewV7())
	}
	account, err := tx.OfAccount(ctx, id)
	if err != nil {
		return uuid.Nil, err
	}
	if linked == uuid.Nil && member.Account == nil {
		if err := account.Create(ctx, storage.NewAccount{Email: v.Email, Name: nameOf(v), Unproven: true}); err != nil {
			return uuid.Nil, err
		}
	}
	if member.Account == nil {
		if err := tx.Join(ctx, member.ID, id); err != nil {
			return uuid.Nil, err
		}
	}
	if linked == uuid.Nil {
		err = account.Link(ctx, sso.Issuer, v.Subject)
	}
	return id, err
}

// nameOf is what somebody is called; a provider that does not say it leaves the address.
func nameOf(v signin.Vouched) string {
	if v.Name == "" {
		return v.Email
	}
	return string([]rune(v.Name)[:min(len([]rune(v.Name)), 200)])
}
