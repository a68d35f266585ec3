package api

import (
	"context"
	"net/http"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

type totpOffer struct {
	Secret string `json:"secret"`
	URI    string `json:"uri"`
	QR     string `json:"qr" doc:"The URI as a picture: data:image/png;base64,…"`
}

type recoveryView struct {
	Codes []string `json:"recovery_codes" doc:"Shown this once. Each works once, in place of the second factor."`
}

// enrolled is the answer to a factor that was added: the session goes on, with a new token.
type enrolled[T any] struct {
	SetCookie []http.Cookie `header:"Set-Cookie"`
	Body      T
}

func (s *server) factorOperations() {
	register(s, operation{
		id: "step-up", method: http.MethodPost, path: "/v1/session/step-up", summary: "Give the second factor anew, for what needs it fresh", tag: "session",
		errors: []int{http.StatusTooManyRequests}, stages: []string{storage.StageTenant, storage.StageDone},
	}, s.stepUp)
	register(s, operation{
		id: "offer-totp", method: http.MethodPost, path: "/v1/account/totp", summary: "Get a secret for an authenticator; it counts once a code of it was given",
		tag: "account", errors: []int{http.StatusConflict}, stages: inside(), credential: true,
	}, s.offerTOTP)
	register(s, operation{
		id: "confirm-totp", method: http.MethodPut, path: "/v1/account/totp", summary: "Give a code of the authenticator, and get recovery codes", tag: "account",
		errors: []int{http.StatusConflict, http.StatusTooManyRequests}, stages: inside(), credential: true,
	}, s.confirmTOTP)
	register(s, operation{
		id: "drop-totp", method: http.MethodDelete, path: "/v1/account/totp", summary: "Take the authenticator away", tag: "account",
		errors: []int{http.StatusConflict, http.StatusNotFound}, stages: inside(), credential: true,
	}, s.dropTOTP)
	register(s, operation{
		id: "make-recovery-codes", method: http.MethodPost, path: "/v1/account/recovery-codes", summary: "Get new recovery codes; those before end", tag: "account",
		errors: []int{http.StatusConflict}, stages: inside(), credential: true,
	}, s.makeRecoveryCodes)
}

func (s *server) stepUp(ctx context.Context, who *caller, in *codeInput) (*proceeded, error) {
	if !hasFactors(who.session) {
		return nil, stepUpNeeded(false)
	}
	return s.advanceByCode(ctx, who, in.Body.Code)
}

// mayAdd refuses another factor to who has one and did not show it just now: a session alone must not be enough to make another way in.
func (s *server) mayAdd(who *caller) error {
	if hasFactors(who.session) && !s.steppedUp(who.session) {
		return stepUpNeeded(true)
	}
	return nil
}

func (s *server) offerTOTP(ctx context.Context, who *caller, _ *struct{}) (*shown[totpOffer], error) {
	if err := s.mayAdd(who); err != nil {
		return nil, err
	}
	var offer signin.Offer
	err := s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		account, err := a.Lock(ctx)
		if err != nil {
			return err
		}
		if account.TOTP {
			return problem(http.StatusConflict, "exists", "You have an authenticator already. Take it away first to set up another.")
		}
		if offer, err = signin.NewTOTP(account.Email); err != nil {
			return err
		}
		return a.OfferTOTP(ctx, offer.Secret)
	})
	return &shown[totpOffer]{Body: totpOffer(offer)}, err
}

func (s *server) confirmTOTP(ctx context.Context, who *caller, in *codeInput) (*enrolled[recoveryView], error) {
	begun := s.wall.Now()
	if err := s.mayAdd(who); err != nil {
		return nil, err
	}
	try, err := s.spend(ctx, who.visit, tryCode, who.session.Account[:])
	if err != nil {
		return nil, err
	}
	out := &enrolled[recoveryView]{Body: recoveryView{Codes: signin.NewRecoveryCodes()}}
	wrong := false
	err = s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		account, err := a.Lock(ctx)
		if err != nil {
			return err
		}
		if account.TOTP || account.TOTPSecret == "" {
			return problem(http.StatusConflict, "no-offer", "There is no authenticator to confirm. POST /v1/account/totp gives a secret for one.")
		}
		at, right := signin.Step(account.TOTPSecret, signin.Typed(in.Body.Code), s.Clock.Now(), account.TOTPStep)
		if wrong = !right; wrong {
			return nil
		}
		if err := a.ConfirmTOTP(ctx, at); err != nil {
			return err
		}
		if err := a.SetRecoveryCodes(ctx, out.Body.Codes); err != nil {
			return err
		}
		out.SetCookie, err = s.added(ctx, a, who, "totp")
		return err
	})
	if err != nil {
		return nil, err
	}
	if wrong {
		s.evenly(ctx, begun)
		return nil, wrongCode()
	}
	return out, s.forgive(ctx, try)
}

// added records a new factor and moves the session on: it was shown just now, and may be what the tenant waited for.
func (s *server) added(ctx context.Context, a *storage.AccountTx, who *caller, method string) ([]http.Cookie, error) {
	if err := s.tellOwn(ctx, a, who, audit.Event{Action: audit.FactorAdded, Facts: map[audit.FactKey]string{audit.FactMethod: method}}); err != nil {
		return nil, err
	}
	if !hasFactors(who.session) { // it is asked for from now on, of who came in without it too
		if _, err := a.EndOtherSessions(ctx, who.session.ID, storage.EndRevoked); err != nil {
			return nil, err
		}
	}
	moved, err := s.advanceIn(ctx, a, who, step{given: true, method: method})
	if err != nil {
		return nil, err
	}
	return moved.SetCookie, nil
}

func (s *server) dropTOTP(ctx context.Context, who *caller, _ *struct{}) (*struct{}, error) {
	return nil, s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		account, err := a.Lock(ctx)
		if err != nil {
			return err
		}
		if !account.TOTP {
			return problem(http.StatusNotFound, "not-found", "You have no authenticator.")
		}
		if err := a.DropTOTP(ctx); err != nil {
			return err
		}
		return s.dropped(ctx, a, who, "totp")
	})
}

// dropped refuses to leave somebody without a factor that one of their tenants demands, and records what was taken away.
func (s *server) dropped(ctx context.Context, a *storage.AccountTx, who *caller, method string) error {
	standing, _, err := s.standing(ctx, a)
	if err != nil {
		return err
	}
	if !standing.Factors {
		for _, m := range standing.Members {
			if m.SecondFactor {
				return problem(http.StatusConflict, "last-factor", "It is your last second factor and a tenant of yours demands one. Add another first.")
			}
		}
		if err := a.SetRecoveryCodes(ctx, nil); err != nil {
			return err
		}
	}
	return s.tellOwn(ctx, a, who, audit.Event{Action: audit.FactorRemoved, Facts: map[audit.FactKey]string{audit.FactMethod: method}})
}

func (s *server) makeRecoveryCodes(ctx context.Context, who *caller, _ *struct{}) (*shown[recoveryView], error) {
	if !hasFactors(who.session) {
		return nil, problem(http.StatusConflict, "no-factor", "Recovery codes stand in for a second factor, and you have none. Add one first.")
	}
	codes := signin.NewRecoveryCodes()
	err := s.ofOwn(ctx, who, func(ctx context.Context, a *storage.AccountTx) error {
		if err := a.SetRecoveryCodes(ctx, codes); err != nil {
			return err
		}
		return s.tellOwn(ctx, a, who, audit.Event{Action: audit.FactorAdded, Facts: map[audit.FactKey]string{audit.FactMethod: "recovery"}})
	})
	return &shown[recoveryView]{Body: recoveryView{Codes: codes}}, err
}
