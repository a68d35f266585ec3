package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
)

// How many tries there are before waits begin: from one origin or known device, and from all devices not seen before together. The
// second is wide, because whoever fills it makes the owner of the account wait on a new device.
const (
	freeTries    = 5
	freeTriesAll = 100
)

// What is tried.
const (
	tryPassword = "password"
	tryCode     = "code"
	tryCurrent  = "current password"
	tryReset    = "reset"
)

// evenTime is how long a refusal takes at least: what was done to come to it, and for whom, is not to be told by the clock.
const evenTime = 300 * time.Millisecond

// spend counts a try before the secret is looked at. A try counts for its origin alone, or for the device where that is known, so
// that nobody can lock somebody else out; devices not seen before are bounded together as well, however many origins they take. A try
// that its origin has to wait with counts for nothing else. It works alike for addresses that nobody has.
func (s *server) spend(ctx context.Context, v visit, what string, of []byte) (spent try, err error) {
	keys, err := s.db.AccountKeys(ctx)
	if err != nil {
		return try{}, err
	}
	subject := base64.RawStdEncoding.EncodeToString(of)
	device := signin.DeviceOf(keys, v.device, of, s.Clock.Now())
	if what == tryCode || what == tryCurrent { // asked of a session, so a password was right before
		device = ""
	}
	if device != "" {
		spent.own = keys.Index("tries/device", what, subject, device)
		return spent, s.count(ctx, spent.own, freeTries)
	}
	spent.own = keys.Index("tries/origin", what, subject, throttle.Origin(v.address))
	spent.all = keys.Index("tries/all", what, subject)
	if err := s.count(ctx, spent.own, freeTries); err != nil {
		return spent, err
	}
	return spent, s.count(ctx, spent.all, freeTriesAll)
}

// try is what a try was counted under: its origin or device, and all devices not seen before together.
type try struct{ own, all []byte }

func (s *server) count(ctx context.Context, key []byte, free int32) error {
	wait, err := s.db.SpendTry(ctx, key, free)
	if err != nil || wait == 0 {
		return err
	}
	p := problem(http.StatusTooManyRequests, "too-many", "That was tried too often. Wait as long as Retry-After says; the wait doubles with each further try that is wrong.")
	p.retryAfter = wait
	return p
}

// forgive takes back a try with the right secret, and those before it from the same place.
func (s *server) forgive(ctx context.Context, right try) error {
	if right.all != nil {
		if err := s.db.ReturnTry(ctx, right.all); err != nil {
			return err
		}
	}
	return s.db.ForgiveTries(ctx, right.own)
}

// evenly waits until an answer has taken as long as every other of its kind.
func (s *server) evenly(ctx context.Context, begun time.Time) {
	select {
	case <-s.wall.After(evenTime - s.wall.Since(begun)):
	case <-ctx.Done():
	}
}

// proveCode says by which second factor a code is right; "" when it is not. A code works once.
func (s *server) proveCode(ctx context.Context, who *caller, code string) (method string, err error) {
	account := who.session.Account
	try, err := s.spend(ctx, who.visit, tryCode, account[:])
	if err != nil {
		return "", err
	}
	err = s.db.OfAccount(ctx, account, func(ctx context.Context, a *storage.AccountTx) (err error) {
		if method, err = s.useCode(ctx, a, signin.Typed(code)); err != nil || method != "" {
			return err
		}
		return a.Tell(ctx, who.session.OnlyTenant, audit.Event{Action: audit.SignInRefused, Outcome: audit.Refused, Reason: "code"})
	})
	if err != nil || method == "" {
		return "", err
	}
	return method, s.forgive(ctx, try)
}

func (s *server) useCode(ctx context.Context, a *storage.AccountTx, code string) (method string, err error) {
	account, err := a.Lock(ctx)
	if err != nil {
		return "", err
	}
	if !signin.LooksLikeTOTP(code) {
		return used("recovery", a.UseRecoveryCode(ctx, code))
	}
	if !account.TOTP {
		return "", nil
	}
	step, right := signin.Step(account.TOTPSecret, code, s.Clock.Now(), account.TOTPStep)
	if !right {
		return "", nil
	}
	return used("totp", a.UseTOTP(ctx, step))
}

// used says that a code was spent by this call, and not by another before.
func used(method string, err error) (string, error) {
	if isNotFound(err) {
		return "", nil
	}
	return method, err
}
