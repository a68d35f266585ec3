package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/storage"
)

// What challenges are for.
const (
	toSignIn       = "sign_in"
	toRegister     = "register"
	asSecondFactor = "second_factor"
)

// optionsOf is what goes to the browser, as the library wrote it.
func optionsOf(asked signin.Asked) (*shown[map[string]any], error) {
	text, err := json.Marshal(asked.Options)
	if err != nil {
		return nil, err
	}
	out := &shown[map[string]any]{}
	return out, json.Unmarshal(text, &out.Body)
}

type credentialInput struct {
	Body struct {
		Credential map[string]any `json:"credential" doc:"What navigator.credentials gave, as toJSON() writes it."`
	}
}

type newPasskeyInput struct {
	Body struct {
		Credential map[string]any `json:"credential" doc:"What navigator.credentials.create gave, as toJSON() writes it."`
		Name       string         `json:"name,omitempty" maxLength:"100" doc:"What you call it."`
	}
}

type passkeyView struct {
	ID        uuid.UUID  `json:"id"`
	Name      string     `json:"name"`
	CreatedAt time.Time  `json:"created_at"`
	LastUse   *time.Time `json:"last_use_at,omitempty"`
}

func (s *server) passkeyOperations() {
	options := "/options"
	register(s, operation{
		id: "passkey-options", method: http.MethodPost, path: "/v1/sign-in/passkey" + options, summary: "What a passkey is to sign: anybody's, or one of who gave their password", tag: "sign-in", errors: []int{http.StatusConflict},
	}, s.signInOptions)
	register(s, operation{
		id: "sign-in-passkey", method: http.MethodPost, path: "/v1/sign-in/passkey", summary: "Sign in with a passkey; with a finger or PIN it is both factors", tag: "sign-in",
	}, s.signInPasskey)
	register(s, operation{
		id: "step-up-options", method: http.MethodPost, path: "/v1/session/step-up/passkey" + options, summary: "What a passkey is to sign to be given anew", tag: "session",
		errors: []int{http.StatusConflict}, stages: []string{storage.StageTenant, storage.StageDone},
	}, s.stepUpOptions)
	register(s, operation{
		id: "step-up-passkey", method: http.MethodPost, path: "/v1/session/step-up/passkey", summary: "Give a passkey anew, for what needs it fresh", tag: "session",
		stages: []string{storage.StageTenant, storage.StageDone},
	}, s.stepUpPasskey)
	register(s, operation{id: "list-passkeys", method: http.MethodGet, path: "/v1/account/passkeys", summary: "One's passkeys", tag: "account", stages: inside(), credential: true}, s.passkeysOfOwn)
	register(s, operation{
		id: "new-passkey-options", method: http.MethodPost, path: "/v1/account/passkeys" + options, summary: "What a new passkey is to sign", tag: "account",
		errors: []int{http.StatusConflict}, stages: inside(), credential: true,
	}, s.newPasskeyOptions)
	register(s, operation{
		id: "add-passkey", method: http.MethodPost, path: "/v1/account/passkeys", summary: "Add a passkey", tag: "account", status: http.StatusCreated,
		errors: []int{http.StatusConflict}, stages: inside(), credential: true,
	}, s.addPasskey)
	register(s, operation{
		id: "drop-passkey", method: http.MethodDelete, path: "/v1/account/passkeys/{id}", summary: "Take a passkey away", tag: "account",
		errors: []int{http.StatusConflict, http.StatusNotFound}, stages: inside(), credential: true,
	}, s.dropPasskey)
}

// noPasskey is one answer for whatever is wrong with what an authenticator signed.
func noPasskey() *Problem {
	return problem(http.StatusForbidden, "passkey", "The passkey was not accepted: it is not known here, took longer than five minutes, or is a copy. Try again.")
}

// half gives the session of a sign-in that waits for its second factor; nil when there is none.
func (s *server) half(ctx context.Context, who *caller) (*caller, error) {
	if who.visit.token == "" {
		return nil, nil //nolint:nilnil // nobody is no error: anybody may sign in with a passkey
	}
	found, err := s.signedIn(ctx, who.visit)
	if p, ok := isProblem(err); ok && p.Status == http.StatusUnauthorized {
		return nil, nil //nolint:nilnil // as above
	}
	if err != nil || found.session.Stage != storage.StageCode {
		return nil, err
	}
	return found, nil
}

func (s *server) holder(ctx context.Context, account uuid.UUID) (holder signin.Holder, err error) {
	err = s.db.OfAccount(ctx, account, func(ctx context.Context, a *storage.AccountTx) (err error) {
		if holder.Account, err = a.Account(ctx); err != nil {
			return err
		}
		holder.Passkeys, err = a.Passkeys(ctx)
		return err
	})
	return holder, err
}

// ask keeps a challenge and gives what the browser is asked.
func (s *server) ask(ctx context.Context, purpose string, session *uuid.UUID, asked signin.Asked, err error) (*shown[map[string]any], error) {
	if errors.Is(err, signin.ErrNoPasskeys) {
		return nil, problem(http.StatusConflict, "no-passkeys", "Passkeys need a server whose public address (DOCKET_PUBLIC_URL) has a domain name, or is localhost. Use an authenticator.")
	}
	if err != nil {
		return nil, err
	}
	err = s.db.KeepChallenge(ctx, storage.Challenge{Hash: asked.Hash, Purpose: purpose, Session: session, Data: asked.Data}, signin.ChallengeLife)
	if err != nil {
		return nil, err
	}
	return optionsOf(asked)
}

func (s *server) signInOptions(ctx context.Context, who *caller, _ *struct{}) (*shown[map[string]any], error) {
	half, err := s.half(ctx, who)
	if err != nil {
		return nil, err
	}
	if half == nil {
		asked, err := s.passkeys.Discover()
		return s.ask(ctx, toSignIn, nil, asked, err)
	}
	return s.askSecond(ctx, half)
}

func (s *server) askSecond(ctx context.Context, who *caller) (*shown[map[string]any], error) {
	holder, err := s.holder(ctx, who.session.Account)
	if err != nil {
		return nil, err
	}
	if len(holder.Passkeys) == 0 {
		return nil, problem(http.StatusForbidden, "no-passkey", "You have no passkey. Give a code of your authenticator, or a recovery code.")
	}
	asked, err := s.passkeys.SecondFactor(holder)
	return s.ask(ctx, asSecondFactor, &who.session.ID, asked, err)
}

// proven checks what an authenticator signed; the error is noPasskey for whatever is wrong with it.
func (s *server) proven(ctx context.Context, credential map[string]any, purpose string, session *uuid.UUID, whose uuid.UUID) (account uuid.UUID, err error) {
	raw, err := json.Marshal(credential)
	if err != nil {
		return uuid.Nil, err
	}
	assertion, challenge, err := signin.ReadAssertion(raw)
	if err != nil {
		return uuid.Nil, noPasskey()
	}
	data, err := s.db.TakeChallenge(ctx, storage.Challenge{Hash: challenge, Purpose: purpose, Session: session})
	if err != nil {
		return uuid.Nil, orNoPasskey(err)
	}
	account, err = s.db.AccountByPasskey(ctx, assertion.Credential())
	if err != nil {
		return uuid.Nil, orNoPasskey(err)
	}
	if whose != uuid.Nil && account != whose {
		return uuid.Nil, noPasskey()
	}
	holder, err := s.holder(ctx, account)
	if err != nil {
		return uuid.Nil, err
	}
	used, err := assertion.Finish(s.passkeys, holder, data)
	if errors.Is(err, signin.ErrPasskey) {
		if err := s.tellRefusal(ctx, account, uuid.Nil, "passkey"); err != nil {
			return uuid.Nil, err
		}
	}
	if err != nil {
		return uuid.Nil, orNoPasskey(err)
	}
	return account, s.db.OfAccount(ctx, account, func(ctx context.Context, a *storage.AccountTx) error { return a.UsePasskey(ctx, used) })
}

func orNoPasskey(err error) error {
	if isNotFound(err) || errors.Is(err, signin.ErrPasskey) {
		return noPasskey()
	}
	return err
}

func (s *server) signInPasskey(ctx context.Context, who *caller, in *credentialInput) (*proceeded, error) {
	half, err := s.half(ctx, who)
	if err != nil {
		return nil, err
	}
	if half != nil {
		return s.giveSecond(ctx, half, in)
	}
	account, err := s.proven(ctx, in.Body.Credential, toSignIn, nil, uuid.Nil)
	if err != nil {
		return nil, err
	}
	return s.begin(ctx, who.visit, account, entrance{method: "passkey", given: true})
}

// giveSecond takes a passkey as the second factor of a session.
func (s *server) giveSecond(ctx context.Context, who *caller, in *credentialInput) (*proceeded, error) {
	_, err := s.proven(ctx, in.Body.Credential, asSecondFactor, &who.session.ID, who.session.Account)
	if err != nil {
		return nil, err
	}
	return s.advance(ctx, who, step{given: true, method: "passkey"})
}

func (s *server) stepUpOptions(ctx context.Context, who *caller, _ *struct{}) (*shown[map[string]any], error) {
	return s.askSecond(ctx, who)
}

func (s *server) stepUpPasskey(ctx context.Context, who *caller, in *credentialInput) (*proceeded, error) {
	return s.giveSecond(ctx, who, in)
}

func (s *server) passkeysOfOwn(ctx context.Context, who *caller, _ *struct{}) (*page[passkeyView], error) {
	holder, err := s.holder(ctx, who.session.Account)
	return newPage(each(holder.Passkeys, func(p storage.Passkey) passkeyView {
		return passkeyView{ID: p.ID, Name: p.Name, CreatedAt: p.CreatedAt, LastUse: p.LastUsedAt}
	}), ""), err
}

func (s *server) newPasskeyOptions(ctx context.Context, who *caller, _ *struct{}) (*shown[map[string]any], error) {
	if err := s.mayAdd(who); err != nil {
		return nil, err
	}
	holder, err := s.holder(ctx, who.session.Account)
	if err != nil {
		return nil, err
	}
	asked, err := s.passkeys.Register(holder)
	return s.ask(ctx, toRegister, &who.session.ID, asked, err)
}

func (s *server) addPasskey(ctx context.Context, who *caller, in *newPasskeyInput) (*enrolled[passkeyView], error) {
	if err := s.mayAdd(who); err != nil {
		return nil, err
	}
	raw, err := json.Marshal(in.Body.Credential)
	if err != nil {
		return nil, err
	}
	registered, challenge, err := signin.ReadRegistration(raw)
	if err != nil {
		return nil, noPasskey()
	}
	data, err := s.db.TakeChallenge(ctx, storage.Challenge{Hash: challenge, Purpose: toRegister, Session: &who.session.ID})
	if err != nil {
		return nil, orNoPasskey(err)
	}
	holder, err := s.holder(ctx, who.session.Account)
	if err != nil {
		return nil, err
	}
	passkey, err := registered.Finish(s.passkeys, holder, data)
	if err != nil {
		return nil, orNoPasskey(err)
	}
	passkey.Name = in.Body.Name
	if passkey.Name == "" {
		passkey.Name = "Passkey"
	}
	out := &enrolled[passkeyView]{}
	err = s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		id, err := a.AddPasskey(ctx, passkey)
		if err != nil {
			return err
		}
		out.Body = passkeyView{ID: id, Name: passkey.Name, CreatedAt: a.Now()}
		out.SetCookie, err = s.added(ctx, a, who, "passkey")
		return err
	})
	return out, err
}

func (s *server) dropPasskey(ctx context.Context, who *caller, in *sessionID) (*struct{}, error) {
	return nil, s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		if _, err := a.Lock(ctx); err != nil {
			return err
		}
		if err := a.DropPasskey(ctx, in.ID); err != nil {
			return err
		}
		return s.dropped(ctx, a, who, "passkey")
	})
}
