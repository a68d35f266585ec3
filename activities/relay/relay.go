// Package relay does what has to follow a commit, over and over and for every tenant: starts workflows, tells them facts,
// sends letters, gives audit events their place in the log. Each of these rows was written in the transaction that caused
// it, so whatever dies here is taken up again by the next relay. Any number of them may run.
package relay

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jonboulle/clockwork"
	"go.temporal.io/sdk/client"
	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
)

// Relay runs the loops.
type Relay struct {
	Desk     *casework.Desk
	Temporal client.Client
	Senders  map[notify.Channel]notify.Sender
	Signer   *audit.Signer
	Objects  *objects.Store
	Clock    clockwork.Clock
	Log      *zap.Logger
	// WebhooksLocal lets webhooks lead into the own network, over plain http too: the operator's choice, never a tenant's.
	WebhooksLocal bool
	// Every is the pause between two looks at an empty list; zero is a quarter of a second.
	Every time.Duration

	digested  map[uuid.UUID]string // tenants whose day is done with
	once      sync.Once
	transport http.RoundTripper
}

// The slower rounds: an export writes several objects, forgetting is nobody's hurry, and packages have workflows of their
// own that end them.
const (
	archiveEvery = 5 * time.Second
	certifyEvery = 2 * time.Second
	forgetEvery  = 10 * time.Minute
	// Days decide, not minutes.
	forgetPeopleEvery = time.Hour
	expireEvery       = time.Minute
	digestEvery       = 5 * time.Minute
	// Whoever has signed up waits for the letter.
	signUpEvery = time.Second
)

// Run works until the context ends. A look that fails is logged and repeated; none of them gives up.
func (r *Relay) Run(ctx context.Context) error {
	every := r.Every
	if every == 0 {
		every = 250 * time.Millisecond
	}
	group, ctx := errgroup.WithContext(ctx)
	for _, l := range []struct {
		name  string
		every time.Duration
		full  int // what a look does at most for one tenant: there may be more
		look  func(context.Context) (int, error)
	}{
		{"starts", every, handBatch, r.starts}, {"signals", every, handBatch, r.signals}, {"mail", every, mailBatch, r.mail},
		{"audit", every, placeAtOnce, r.audit}, {"archive", archiveEvery, 1, r.archive}, {"certificates", certifyEvery, certifyAtOnce, r.Certificates}, {"forget", forgetEvery, 1, r.forget}, {"forget people", forgetPeopleEvery, forgetAtOnce, r.ForgetPeople},
		{"expiries", expireEvery, 1, r.expiries}, {"deferrals", expireEvery, 1, r.deferrals}, {"reapplications", expireEvery, 1, r.reapplications}, {"transmissions", expireEvery, 1, r.transmissions}, {"limits", expireEvery, limitsAtOnce, r.EndLimits}, {"digests", digestEvery, 1, r.digests}, {"consents", expireEvery, 1, r.Consents}, {"sign-ups", signUpEvery, 1, r.SignUps}, {"imports of consents", archiveEvery, 1, r.ConsentImports}, {"handovers", archiveEvery, 1, r.Handovers}, {"letters of handovers", expireEvery, 50, r.HandoverLetters}, {"stale imports", forgetPeopleEvery, 100, r.StaleImports}, {"rotations", archiveEvery, 1, r.rotations}, {"news", every, newsAtOnce, r.news}, {"webhooks", every, deliverBatch, r.deliveries}, {"callbacks", every, deliverBatch, r.Callbacks},
	} {
		group.Go(func() error { return r.loop(ctx, l.name, l.every, l.full, l.look) })
	}
	return group.Wait()
}

// loop looks again at once while there may be more, and rests otherwise: what comes in meanwhile is done together.
func (r *Relay) loop(ctx context.Context, name string, every time.Duration, full int, look func(context.Context) (int, error)) error {
	for ctx.Err() == nil {
		done, err := look(ctx)
		pause := every
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			r.Log.Warn("relay will try again", zap.String("relay", name), zap.Error(err))
			pause = max(every, time.Second)
		case done >= full:
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.Clock.After(pause):
		}
	}
	return nil
}

// each does something for every tenant of a list, and counts what was done. One tenant's trouble does not keep the others waiting.
func (r *Relay) each(ctx context.Context, list func(context.Context) ([]uuid.UUID, error), do func(context.Context, uuid.UUID) (int, error)) (done int, err error) {
	tenants, err := list(ctx)
	if err != nil {
		return 0, fmt.Errorf("list tenants: %w", err)
	}
	for _, tenant := range tenants {
		n, failed := do(ctx, tenant)
		done += n
		if failed != nil {
			err = errors.Join(err, fmt.Errorf("tenant %s: %w", tenant, failed))
		}
		if ctx.Err() != nil {
			break
		}
	}
	return done, err
}

// db is the register.
func (r *Relay) db() *storage.DB { return r.Desk.DB() }

var actor = casework.System("relay")
