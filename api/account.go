package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type changePassword struct {
	Body struct {
		Current string `json:"current" maxLength:"800"`
		New     string `json:"new" maxLength:"800" doc:"12 to 200 characters that are not easy to guess."`
	}
}

type sessionLine struct {
	ID        uuid.UUID `json:"id"`
	Device    string    `json:"device" doc:"The browser, in words."`
	Method    string    `json:"method"`
	CreatedAt time.Time `json:"created_at"`
	LastUse   time.Time `json:"last_use_at"`
	Current   bool      `json:"current"`
}

type sessionID struct {
	ID uuid.UUID `path:"id" format:"uuid"`
}

func (s *server) accountOperations() {
	register(s, operation{
		id: "list-sessions", method: http.MethodGet, path: "/v1/sessions", summary: "Where one is signed in", tag: "session", stages: inside(), credential: true,
	}, s.sessions)
	register(s, operation{
		id: "end-session", method: http.MethodDelete, path: "/v1/sessions/{id}", summary: "End one of one's sessions", tag: "session",
		errors: []int{http.StatusNotFound}, stages: inside(), credential: true,
	}, s.endSession)
	register(s, operation{
		id: "end-other-sessions", method: http.MethodDelete, path: "/v1/sessions", summary: "End all of one's sessions but this one", tag: "session", stages: inside(), credential: true,
	}, s.endOtherSessions)
	register(s, operation{
		id: "change-password", method: http.MethodPut, path: "/v1/account/password", summary: "Change one's password; every other session ends", tag: "account",
		errors: []int{http.StatusTooManyRequests}, stages: []string{storage.StageTenant, storage.StageDone}, credential: true,
	}, s.changePassword)
}

// ofOwn runs do in a transaction of the account that is signed in.
func (s *server) ofOwn(ctx context.Context, who *caller, do func(context.Context, *storage.AccountTx) error) error {
	return s.db.OfAccount(ctx, who.session.Account, do)
}

func (s *server) sessions(ctx context.Context, who *caller, _ *struct{}) (*page[sessionLine], error) {
	var rows []storage.SessionLine
	err := s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) (err error) {
		rows, err = a.Sessions(ctx)
		return err
	})
	return newPage(each(rows, func(l storage.SessionLine) sessionLine {
		return sessionLine{ID: l.ID, Device: l.Device, Method: l.Method, CreatedAt: l.CreatedAt, LastUse: l.LastSeenAt, Current: l.ID == who.session.ID}
	}), ""), err
}

func (s *server) endSession(ctx context.Context, who *caller, in *sessionID) (*struct{}, error) {
	return nil, s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		if err := a.EndSession(ctx, in.ID, storage.EndRevoked); err != nil {
			return err
		}
		return s.tellOwn(ctx, a, who, audit.Event{Action: audit.SessionEnded, Reason: storage.EndRevoked})
	})
}

func (s *server) endOtherSessions(ctx context.Context, who *caller, _ *struct{}) (*struct{}, error) {
	return nil, s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		if _, err := a.EndOtherSessions(ctx, who.session.ID, storage.EndRevoked); err != nil {
			return err
		}
		return s.tellOwn(ctx, a, who, audit.Event{Action: audit.SessionEnded, Reason: storage.EndRevoked})
	})
}

// tellOwn records what somebody did with their own account in each of their tenants, or in the one that the session is for.
func (s *server) tellOwn(ctx context.Context, a *storage.AccountTx, who *caller, event audit.Event) error {
	return a.Tell(ctx, who.session.OnlyTenant, event)
}

func (s *server) changePassword(ctx context.Context, who *caller, in *changePassword) (*proceeded, error) {
	begun := s.wall.Now()
	account, members, err := s.own(ctx, who)
	if err != nil {
		return nil, err
	}
	try, err := s.spend(ctx, who.visit, tryCurrent, who.session.Account[:])
	if err != nil {
		return nil, err
	}
	right, err := s.passwords.Matches(ctx, in.Body.Current, account.PasswordHash)
	if err != nil {
		return nil, err
	}
	if !right {
		if err := s.tellRefusal(ctx, who.session.Account, who.session.OnlyTenant, "current_password"); err != nil {
			return nil, err
		}
		s.evenly(ctx, begun)
		return nil, invalid("body.current", "is not your password")
	}
	hash, err := s.newPassword(ctx, "body.new", in.Body.New, guessable(account.Name, account.Email, members)...)
	if err != nil {
		return nil, err
	}
	if err := s.forgive(ctx, try); err != nil {
		return nil, err
	}
	var out *proceeded
	err = s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		if err := s.replacePassword(ctx, a, hash, who.session.ID); err != nil {
			return err
		}
		out, err = s.advanceIn(ctx, a, who, step{})
		return err
	})
	return out, err
}

// own reads the account that is signed in.
func (s *server) own(ctx context.Context, who *caller) (account storage.Account, members []storage.Membership, err error) {
	err = s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) (err error) {
		if account, err = a.Account(ctx); err != nil {
			return err
		}
		members, err = a.Memberships(ctx)
		return err
	})
	return account, members, err
}

// replacePassword sets a password and ends every session but the one that is kept: whoever had the old one is out.
func (s *server) replacePassword(ctx context.Context, a *storage.AccountTx, hash string, kept uuid.UUID) error {
	if err := a.SetPassword(ctx, hash); err != nil {
		return err
	}
	if _, err := a.EndOtherSessions(ctx, kept, storage.EndPasswordChanged); err != nil {
		return err
	}
	return a.Tell(ctx, uuid.Nil, audit.Event{Action: audit.PasswordChanged})
}

// guessable are words that somebody who knows the person would try.
func guessable(name, email string, members []storage.Membership) []string {
	words := []string{name, email, "docket"}
	for _, m := range members {
		words = append(words, m.Name, m.Slug)
	}
	return words
}

// newPassword refuses a password that is none, and gives what is kept of a good one.
func (s *server) newPassword(ctx context.Context, where, password string, known ...string) (hash string, err error) {
	if err := s.passwords.Check(ctx, password, known...); errors.Is(err, signin.ErrPassword) {
		reason, _, _ := strings.Cut(err.Error(), ": "+signin.ErrPassword.Error())
		return "", invalid(where, reason)
	} else if err != nil {
		return "", err
	}
	return s.passwords.Hash(ctx, password)
}
