package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type askReset struct {
	Body struct {
		Email string `json:"email" format:"email" maxLength:"254"`
	}
}

type useReset struct {
	Body struct {
		Token    string `json:"token" minLength:"1" maxLength:"100"`
		Password string `json:"password" maxLength:"800" doc:"12 to 200 characters that are not easy to guess."`
	}
}

func (s *server) resetOperations() {
	register(s, operation{
		id: "ask-reset", method: http.MethodPost, path: "/v1/resets", summary: "Ask for a link to a new password; the answer is the same whether or not there is an account", tag: "sign-in",
		status: http.StatusAccepted, errors: []int{http.StatusTooManyRequests},
	}, s.askReset)
	register(s, operation{
		id: "use-reset", method: http.MethodPut, path: "/v1/resets", summary: "Set a new password with the link; every session ends", tag: "sign-in",
		status: http.StatusNoContent, errors: []int{http.StatusNotFound},
	}, s.useReset)
}

func (s *server) askReset(ctx context.Context, who *caller, in *askReset) (*struct{}, error) {
	begun := s.wall.Now()
	keys, err := s.db.AccountKeys(ctx)
	if err != nil {
		return nil, err
	}
	index, err := keys.EmailIndex(in.Body.Email)
	if err != nil {
		return nil, invalid("body.email", "is no e-mail address")
	}
	if _, err := s.spend(ctx, who.visit, tryReset, index); err != nil {
		return nil, err
	}
	id, err := s.db.AccountByEmail(ctx, in.Body.Email)
	if err == nil {
		err = s.sendReset(ctx, id)
	}
	if err != nil && !isNotFound(err) {
		return nil, err
	}
	s.evenly(ctx, begun)
	return nil, nil //nolint:nilnil // the answer has no body
}

// sendReset writes the letter in the first tenant that has the person among its staff; who belongs to none gets no letter.
func (s *server) sendReset(ctx context.Context, account uuid.UUID) error {
	var members []storage.Membership
	err := s.db.OfAccount(ctx, account, func(ctx context.Context, a *storage.AccountTx) (err error) {
		members, err = a.Memberships(ctx)
		return err
	})
	if err != nil || len(members) == 0 {
		return err
	}
	m := members[0]
	actor := audit.Actor{Kind: audit.Person, ID: m.Staff.String(), Role: string(roleOf(m.Role))}
	return s.db.Change(ctx, m.Tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		member, err := tx.Member(ctx, m.Staff)
		if err != nil {
			return err
		}
		of, err := tx.OfAccount(ctx, account)
		if err != nil {
			return err
		}
		who, err := of.Account(ctx)
		if err != nil {
			return err
		}
		member.Name, member.Email = who.Name, who.Email
		return s.Desk.SendReset(ctx, tx, member, of)
	})
}

func (s *server) useReset(ctx context.Context, _ *caller, in *useReset) (*struct{}, error) {
	id, err := s.db.AccountByReset(ctx, signin.TokenHash(in.Body.Token))
	if isNotFound(err) {
		return nil, deadLink()
	}
	if err != nil {
		return nil, err
	}
	var words []string
	err = s.db.OfAccount(ctx, id, func(ctx context.Context, a *storage.AccountTx) error {
		standing, person, err := s.standing(ctx, a)
		words = guessable(person.Name, person.Email, standing.Members)
		return err
	})
	if err != nil {
		return nil, err
	}
	hash, err := s.newPassword(ctx, "body.password", in.Body.Password, words...)
	if err != nil {
		return nil, err
	}
	err = s.db.OfAccount(ctx, id, func(ctx context.Context, a *storage.AccountTx) error {
		if err := a.UseReset(ctx); err != nil {
			return err
		}
		return s.replacePassword(ctx, a, hash, uuid.Nil)
	})
	if isNotFound(err) {
		return nil, deadLink()
	}
	return nil, err
}
