package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type lookInvitation struct {
	Body struct {
		Token string `json:"token" minLength:"1" maxLength:"100"`
	}
}

type invitationView struct {
	Tenant        string `json:"tenant" doc:"The tenant's name."`
	Email         string `json:"email"`
	Role          string `json:"role"`
	AccountExists bool   `json:"account_exists" doc:"The address has an account: its password is asked for, not a new one."`
}

type acceptInvitation struct {
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"100"`
		Name     string `json:"name,omitempty" maxLength:"200" doc:"How you are called. An account that there is keeps its name."`
		Password string `json:"password,omitempty" maxLength:"800" doc:"A new one, or that of the account that there is; who is signed in needs none."`
	}
}

func (s *server) invitationOperations() {
	register(s, operation{
		id: "look-invitation", method: http.MethodPost, path: "/v1/invitations/look", summary: "What an invitation is to", tag: "people", errors: []int{http.StatusNotFound},
	}, s.lookInvitation)
	register(s, operation{
		id: "accept-invitation", method: http.MethodPut, path: "/v1/invitations", summary: "Accept an invitation, and be signed in", tag: "people",
		errors: []int{http.StatusNotFound, http.StatusConflict, http.StatusTooManyRequests},
	}, s.acceptInvitation)
}

// deadLink is one answer for links that are wrong, used, replaced or too old.
func deadLink() *Problem {
	return problem(http.StatusNotFound, "link", "This link is not good any more, or never was. Ask for a new one.")
}

// invited is whom an invitation is for.
type invited struct {
	tenant  storage.Tenant
	member  storage.Staff
	account uuid.UUID
}

func (s *server) invited(ctx context.Context, token string) (invited, error) {
	tenant, member, err := s.db.Invitation(ctx, signin.TokenHash(token))
	if isNotFound(err) {
		return invited{}, deadLink()
	}
	if err != nil {
		return invited{}, err
	}
	var found invited
	if found.tenant, err = s.db.Tenant(ctx, tenant); err != nil {
		return invited{}, err
	}
	err = s.db.Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		found.member, err = tx.Member(ctx, member)
		return err
	})
	if err != nil {
		return invited{}, err
	}
	if found.member.Account != nil || !found.member.Active {
		return invited{}, deadLink()
	}
	found.account, err = s.db.AccountByEmail(ctx, found.member.Email)
	if isNotFound(err) {
		err = nil
	}
	return found, err
}

func (s *server) lookInvitation(ctx context.Context, _ *caller, in *lookInvitation) (*shown[invitationView], error) {
	found, err := s.invited(ctx, in.Body.Token)
	return &shown[invitationView]{Body: invitationView{
		Tenant: found.tenant.Name, Email: found.member.Email, Role: string(roleOf(found.member.Role)), AccountExists: found.account != uuid.Nil,
	}}, err
}

func (s *server) acceptInvitation(ctx context.Context, who *caller, in *acceptInvitation) (*proceeded, error) {
	found, err := s.invited(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	by := entrance{method: "invitation"}
	join := func(ctx context.Context, tx *storage.Tx) error { return tx.Join(ctx, found.member.ID, found.account) }
	if found.account != uuid.Nil {
		by.given, err = s.isOwner(ctx, who, found, in.Body.Password)
	} else {
		join, err = s.newcomer(ctx, &found, in)
	}
	if err != nil {
		return nil, err
	}
	actor := audit.Actor{Kind: audit.Person, ID: found.member.ID.String(), Role: string(roleOf(found.member.Role))}
	err = s.db.Change(ctx, found.tenant.ID, actor, join)
	if errors.Is(err, storage.ErrJoined) {
		return nil, deadLink()
	}
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, who.visit, found.account, by)
}

// newcomer prepares the account of somebody who has none.
func (s *server) newcomer(ctx context.Context, found *invited, in *acceptInvitation) (func(context.Context, *storage.Tx) error, error) {
	if in.Body.Name == "" {
		return nil, invalid("body.name", "is missing")
	}
	words := guessable(in.Body.Name, found.member.Email, []storage.Membership{{Name: found.tenant.Name, Slug: found.tenant.Slug}})
	hash, err := s.newPassword(ctx, "body.password", in.Body.Password, words...)
	if err != nil {
		return nil, err
	}
	found.account = uuid.Must(uuid.NewV7())
	return func(ctx context.Context, tx *storage.Tx) error {
		account, err := tx.OfAccount(ctx, found.account)
		if err != nil {
			return err
		}
		if err := account.Create(ctx, storage.NewAccount{Email: found.member.Email, Name: in.Body.Name, PasswordHash: hash}); err != nil {
			return err
		}
		return tx.Join(ctx, found.member.ID, found.account)
	}, nil
}

// isOwner makes sure that whoever accepts is the owner of the account that there is: signed in with it, or knowing its password. given
// says that the session has shown a second factor.
func (s *server) isOwner(ctx context.Context, who *caller, found invited, password string) (given bool, err error) {
	if who.visit.token != "" {
		session, err := s.db.FindSession(ctx, signin.TokenHash(who.visit.token), true)
		if err == nil && session.Account == found.account && session.OnlyTenant == uuid.Nil && session.Stage != storage.StageCode {
			return session.SecondFactorAt.Unix() > 0, nil
		}
		if err != nil && !isNotFound(err) {
			return false, err
		}
	}
	begun := s.wall.Now()
	keys, err := s.db.AccountKeys(ctx)
	if err != nil {
		return false, err
	}
	index, err := keys.EmailIndex(found.member.Email)
	if err != nil {
		return false, err
	}
	try, err := s.spend(ctx, who.visit, tryPassword, index)
	if err != nil {
		return false, err
	}
	id, err := s.passwordOf(ctx, found.member.Email, password)
	if err != nil {
		return false, err
	}
	if id == uuid.Nil {
		s.evenly(ctx, begun)
		return false, wrongPassword()
	}
	return false, s.forgive(ctx, try)
}
