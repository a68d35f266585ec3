package api

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/google/uuid"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/signin"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// caller is who acts: the holder of a key, somebody signed in, or a stranger at the operations that are open to all.
type caller struct {
	tenant storage.Tenant
	key    storage.APIKey
	role   Role
	actor  audit.Actor
	// session is there for who is signed in.
	session *storage.Session
	visit   visit
	// claim is set when the key was good a moment ago and the register has not been asked since. address is where the call
	// came from.
	claim   *storage.Claim
	address string
	// again identifies the caller once more, for answers that go on for long.
	again func(context.Context) (*caller, error)
	// caseID is the case that the operation turned out to be about, for the audit log.
	caseID string
}

// principal is whom idempotency keys belong to.
func (c *caller) principal() string {
	if c.session != nil {
		return "staff/" + c.session.Staff.String()
	}
	return "api_key/" + c.key.ID.String()
}

// staffID is the member of staff who acts; nil for a program.
func (c *caller) staffID() *uuid.UUID {
	if c.session != nil && c.session.Staff != uuid.Nil {
		return &c.session.Staff
	}
	return c.key.StaffID
}

// contractActor is the caller as the workflows know them.
func (c *caller) contractActor() contract.Actor {
	return contract.Actor{Kind: string(c.actor.Kind), ID: c.actor.ID, Role: c.actor.Role, Key: c.actor.Key}
}

// keyPrefix marks an API key, so that one that leaks is recognised by scanners.
const keyPrefix = "dk_"

// NewKey makes the secret of an API key: 256 random bits. Only KeyHash of it is kept.
func NewKey() string {
	return keyPrefix + signin.NewToken()
}

// KeyHash is what the register keeps of a key. The key is random, so a plain hash is no help in finding it.
func KeyHash(secret string) []byte {
	return signin.TokenHash(secret)
}

type callerKey struct{}

func callerOf(ctx context.Context) *caller {
	who, _ := ctx.Value(callerKey{}).(*caller)
	return who
}

// authenticated lets nobody through but callers who may do the operation.
func (s *server) authenticated(op operation) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		visit := s.visitOf(ctx)
		visit.unattended = visit.unattended || op.unattended
		if op.open() {
			if ok, wait := s.doors.Allow(throttle.Origin(visit.address)); !ok {
				p := problem(http.StatusTooManyRequests, "too-many", "Too much came from this address. Wait before trying again.")
				p.retryAfter, p.Instance = wait, instance(ctx.Context())
				writeProblem(ctx, p)
				return
			}
			next(huma.WithValue(ctx, callerKey{}, &caller{visit: visit, address: visit.address}))
			return
		}
		who, err := s.recognise(ctx, op, visit)
		if err != nil {
			p := problemOf(err)
			p.Instance = instance(ctx.Context())
			if p.Status >= http.StatusInternalServerError {
				s.Log.Error("a caller could not be identified", zap.String("correlation", correlation(ctx.Context())), zap.Error(p.cause))
			}
			writeProblem(ctx, p)
			return
		}
		who.visit = visit
		noteTenant(ctx.Context(), who.tenant.ID)
		if refusal := s.allowed(who, op); refusal != nil {
			writeProblem(ctx, problemOf(s.answer(ctx.Context(), who, op.id, refusal)))
			return
		}
		header := ctx.Header("Authorization")
		who.again = func(ctx context.Context) (*caller, error) {
			if who.session != nil {
				unseen := visit
				unseen.unattended = true
				return s.signedIn(ctx, unseen)
			}
			return s.identify(ctx, header, visit.address, false)
		}
		next(huma.WithValue(ctx, callerKey{}, who))
	}
}

// recognise finds who calls: by the key where one is given, and else by the session.
func (s *server) recognise(ctx huma.Context, op operation, visit visit) (*caller, error) {
	header := ctx.Header("Authorization")
	if !bearer(header) && visit.token != "" {
		return s.signedIn(ctx.Context(), visit)
	}
	who, err := s.identify(ctx.Context(), header, visit.address, op.together)
	if err == nil && who.claim != nil && s.allowed(who, op) != nil { // a refusal is recorded: the key must be good
		who, err = s.identify(ctx.Context(), header, visit.address, false)
	}
	return who, err
}

// allowed says why a caller may not do an operation; nil when they may.
func (s *server) allowed(who *caller, op operation) *Problem {
	if who.session != nil {
		if refusal := s.sessionAllowed(who, op); refusal != nil {
			return refusal
		}
	} else if op.personal() {
		return refused(http.StatusForbidden, "session-needed", "This is for people who are signed in. A key is no person.")
	}
	if !op.personal() && !may(who.role, op.id) {
		return mayNot(who)
	}
	if who.session == nil && !inScope(who.key.Scopes, op) {
		return refused(http.StatusForbidden, "scope", "This key was not made for that: its scopes leave it out. GET /v1/caller lists them.")
	}
	return nil
}

// mayNot refuses what is not for a role.
func mayNot(who *caller) *Problem {
	whose := "A key with the role "
	if who.session != nil {
		whose = "Somebody with the role "
	}
	return refused(http.StatusForbidden, "role", whose+string(who.role)+" may not do this. Ask an administrator of the tenant.")
}

// identify finds who a key belongs to. Unknown, revoked and expired keys get one answer, and few of them. With claim set, a
// key that was good a moment ago is believed until confirmed is called.
func (s *server) identify(ctx context.Context, header, address string, claim bool) (*caller, error) {
	secret, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || !strings.HasPrefix(secret, keyPrefix) {
		s.metrics.badKeys.WithLabelValues("missing").Inc()
		return nil, problem(http.StatusUnauthorized, "unauthorized", "Sign in, or give an API key: Authorization: Bearer dk_…")
	}
	if claim {
		tenant, claimed, err := s.db.ClaimAPIKey(ctx, KeyHash(secret))
		if err != nil {
			return nil, err
		}
		if claimed != nil {
			who := newCaller(tenant, claimed.Key())
			who.claim, who.address = claimed, address
			return who, nil
		}
	}
	tenant, key, err := s.db.FindAPIKey(ctx, KeyHash(secret))
	if errors.Is(err, storage.ErrNotFound) {
		s.metrics.badKeys.WithLabelValues("unknown").Inc()
		return nil, s.strike(address)
	}
	if err != nil {
		return nil, err
	}
	return newCaller(tenant, key), nil
}

func newCaller(tenant storage.Tenant, key storage.APIKey) *caller {
	who := &caller{tenant: tenant, key: key, role: Role(key.Role)}
	who.actor = audit.Actor{Kind: audit.APIKey, ID: key.ID.String(), Role: key.Role}
	if key.StaffID != nil {
		who.actor = audit.Actor{Kind: audit.Person, ID: key.StaffID.String(), Role: key.Role, Key: key.ID.String()}
	}
	return who
}

// confirmed gives the error of a call, once it is sure that its key is still good: no answer leaves before.
func (s *server) confirmed(ctx context.Context, who *caller, err error) error {
	ended := s.db.Confirm(ctx, who.claim)
	if errors.Is(ended, storage.ErrKeyEnded) || errors.Is(err, storage.ErrKeyEnded) {
		s.metrics.badKeys.WithLabelValues("unknown").Inc()
		return s.strike(who.address)
	}
	if err == nil {
		err = ended
	}
	return err
}

// strike answers a wrong key, and slows down whoever tries many.
func (s *server) strike(address string) *Problem {
	if ok, wait := s.strikes.Allow(throttle.Origin(address)); !ok {
		p := problem(http.StatusTooManyRequests, "too-many", "Too many wrong keys came from this address. Wait before trying again.")
		p.retryAfter = wait
		return p
	}
	return problem(http.StatusUnauthorized, "unauthorized", "This API key is unknown, revoked or has expired. Ask an administrator of the tenant for a new one.")
}

// record writes an event that is all there is to write.
func (s *server) record(ctx context.Context, who *caller, event audit.Event) error {
	return s.db.Change(ctx, who.tenant.ID, who.actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.Audit(ctx, event)
	})
}

// writeProblem answers from a middleware.
func writeProblem(ctx huma.Context, p *Problem) {
	p.write(humagin.Unwrap(ctx).Writer)
}

var problemGo = reflect.TypeFor[Problem]()
