// Package partner is what the protocols by which other companies file requests have in common at the API: who calls, what is refused and put on
// record, taking requests back and handing answers over.
package partner

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/jonboulle/clockwork"
	"go.uber.org/zap"

	"github.com/privacy-docket/docket/api/engine"
	"github.com/privacy-docket/docket/api/throttle"
	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Config is what the counter needs.
type Config struct {
	Desk   *casework.Desk
	Engine *engine.Engine
	Clock  clockwork.Clock
	Log    *zap.Logger
	// Local lets callbacks lead into the own network: the operator's choice.
	Local  bool
	Limits Limits
	// MayStart says whether this process will start the workflow of a request itself; Accept is told of each accepted one.
	MayStart func() bool
	Accept   func(ref contract.Ref, run int32, channel string, ours bool)
}

// Limits bound what partners, and strangers at their door, can make the server do.
type Limits struct {
	// Door is per address, for whoever shows no key or a wrong one; Partner is per requester; Refused is per requester too, for what goes
	// into the log as refused.
	Door, Partner, Refused throttle.Rule
}

// Defaults fills in what was not chosen.
func (l Limits) Defaults() Limits {
	for rule, usual := range map[*throttle.Rule]throttle.Rule{
		&l.Door:    {Every: time.Second, Burst: 60},
		&l.Partner: {Every: 50 * time.Millisecond, Burst: 2000},
		&l.Refused: {Every: 2 * time.Second, Burst: 1500},
	} {
		if rule.Burst == 0 {
			*rule = usual
		}
	}
	return l
}

// Counter is where partners come to. It is safe for concurrent use.
type Counter struct {
	Config
	door, partners, refused *throttle.Limiter
}

// New makes a counter.
func New(c Config) *Counter {
	c.Limits = c.Limits.Defaults()
	return &Counter{
		Config: c, door: throttle.New(c.Limits.Door, c.Clock), partners: throttle.New(c.Limits.Partner, c.Clock), refused: throttle.New(c.Limits.Refused, c.Clock),
	}
}

// Why somebody is not let in.
var (
	// ErrKey says that no key was shown, or one that is nobody's.
	ErrKey = errors.New("this needs the key that the tenant's administrator gave out: Authorization: Bearer …")
	// ErrEnded says that the requester may file no more.
	ErrEnded = errors.New("this requester may file no more; ask the tenant's administrator")
)

// TooMany asks to wait.
type TooMany struct{ Wait time.Duration }

func (t *TooMany) Error() string { return "too much came from here; wait before trying again" }

// Knock lets strangers from an address in, as long as there are not too many of them.
func (c *Counter) Knock(g *gin.Context) error {
	if ok, wait := c.door.Allow(throttle.Origin(g.ClientIP())); !ok {
		return &TooMany{wait}
	}
	return nil
}

// KeyPrefix marks the key of a requester, so that one that leaks is recognised by scanners.
const KeyPrefix = "dkr_"

// NewKey makes the key that a requester shows, of which only the hash is kept.
func NewKey() (key string, hash []byte, err error) {
	token, _, err := casework.NewToken()
	key = KeyPrefix + token
	return key, casework.TokenHash(key), err
}

// Identify finds whose key a call shows: as a bearer's, or as the password beside the requester's handle, which some senders know only.
func (c *Counter) Identify(g *gin.Context, tenant storage.Tenant, protocol string) (storage.Requester, error) {
	key, handle := shown(g.Request)
	var who storage.Requester
	err := storage.ErrNotFound
	if strings.HasPrefix(key, KeyPrefix) {
		err = c.Desk.DB().Read(g.Request.Context(), tenant.ID, func(ctx context.Context, tx *storage.Tx) (err error) {
			who, err = tx.RequesterBySecret(ctx, protocol, casework.TokenHash(key))
			return err
		})
	}
	if errors.Is(err, storage.ErrNotFound) || err == nil && handle != "" && handle != who.Handle {
		if err := c.Knock(g); err != nil {
			return storage.Requester{}, err
		}
		return storage.Requester{}, ErrKey
	}
	if err != nil {
		return storage.Requester{}, err
	}
	if who.EndedAt != nil {
		return storage.Requester{}, ErrEnded
	}
	if ok, wait := c.partners.Allow(who.ID.String()); !ok {
		return storage.Requester{}, &TooMany{wait}
	}
	return who, nil
}

func shown(r *http.Request) (key, handle string) {
	if user, password, ok := r.BasicAuth(); ok {
		return password, user
	}
	key, _ = strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	return key, ""
}

// Refused puts on record that something of a requester's, or in its name, was not taken. Too much of it is told to wait instead.
func (c *Counter) Refused(g *gin.Context, tenant storage.Tenant, actor audit.Actor, who storage.Requester, reason string) error {
	if ok, wait := c.refused.Allow(who.ID.String()); !ok {
		return &TooMany{wait}
	}
	return c.Desk.DB().Change(g.Request.Context(), tenant.ID, actor, func(ctx context.Context, tx *storage.Tx) error {
		return tx.RefuseRequester(ctx, who.ID, reason, map[audit.FactKey]string{audit.FactChannel: who.Protocol})
	})
}

// Trouble answers what is nobody's fault, or says that it is none of that: a limit, or a part of ours that does not answer. The status is 0 then.
func (c *Counter) Trouble(g *gin.Context, tenant storage.Tenant, err error) (status int, message string) {
	var many *TooMany
	switch {
	case errors.As(err, &many):
		g.Header("Retry-After", strconv.Itoa(int(many.Wait/time.Second)+1))
		return http.StatusTooManyRequests, "Too much came from here. Wait before trying again."
	case errors.Is(err, storage.ErrUnavailable), errors.Is(err, engine.ErrUnreachable), errors.Is(err, engine.ErrPending):
		c.Log.Warn("a partner waits for a server", zap.String("route", g.FullPath()), zap.Stringer("tenant", tenant.ID), zap.Error(err))
		g.Header("Retry-After", "30")
		return http.StatusServiceUnavailable, "A part of this service does not answer at the moment. Send the same again."
	default:
		c.Log.Error("a partner's call failed", zap.String("route", g.FullPath()), zap.Stringer("tenant", tenant.ID), zap.Error(err))
		return http.StatusInternalServerError, "Something went wrong on our side. Send the same again; if it stays, ask the tenant's administrator."
	}
}

// ErrTooLong says that a body has more bytes than are read.
var ErrTooLong = errors.New("the body is too long")

// Body reads what was sent, up to most bytes.
func Body(g *gin.Context, most int) ([]byte, error) {
	var body bytes.Buffer
	n, err := io.Copy(&body, io.LimitReader(g.Request.Body, int64(most)+1))
	if n > int64(most) {
		return nil, ErrTooLong
	}
	return body.Bytes(), err
}
