package relay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/notify/webhook"
	"github.com/privacy-docket/docket/protocol/drp"
	"github.com/privacy-docket/docket/protocol/opendsr"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
)

// Callbacks tells those who filed requests how they stand, each address in the order in which it happened.
func (r *Relay) Callbacks(ctx context.Context) (int, error) {
	return r.each(ctx, r.db().TenantsWithCallbacks, r.callbacksOf)
}

func (r *Relay) callbacksOf(ctx context.Context, tenant uuid.UUID) (int, error) {
	var due []storage.Callback
	err := r.db().Change(ctx, tenant, actor, func(ctx context.Context, tx *storage.Tx) (err error) {
		due, err = tx.ClaimCallbacks(ctx, deliverBatch, deliverLease)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("claim callbacks: %w", err)
	}
	var group errgroup.Group // one whose record fails does not break off the others
	group.SetLimit(deliverAtOnce)
	for _, c := range due {
		group.Go(func() error { return r.callback(ctx, tenant, c) })
	}
	return len(due), group.Wait()
}

// call is one callback made ready.
type call struct {
	requester uuid.UUID
	address   string
	header    http.Header
	body      []byte
	// said is what it says, for comparison with what was said before; same that there is nothing new in it.
	said string
	same bool
	// void is why nobody is called: the requester may hear no more, or the person is forgotten.
	void string
}

// callback makes one call and records what came of it, also when the relay is being stopped.
func (r *Relay) callback(ctx context.Context, tenant uuid.UUID, c storage.Callback) error {
	var ready call
	err := r.db().Read(ctx, tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		ready, err = r.ready(ctx, tx, c)
		return err
	})
	if err != nil {
		return fmt.Errorf("make a callback ready: %w", err)
	}
	if ready.void == "" && !ready.same {
		err = webhook.NewCaller(r.ways(), r.WebhooksLocal).Post(ctx, ready.address, ready.header, ready.body, r.Clock.Now())
	}
	return r.db().Change(context.WithoutCancel(ctx), tenant, actor, func(ctx context.Context, tx *storage.Tx) error {
		switch {
		case ready.void != "":
			return tx.EndCallback(ctx, c, ready.requester, storage.CallbackFailed, ready.void, "")
		case ready.same:
			return tx.EndCallback(ctx, c, ready.requester, storage.CallbackSame, "nothing new", ready.said)
		case err == nil:
			return tx.EndCallback(ctx, c, ready.requester, storage.CallbackSent, "taken", ready.said)
		case notify.Permanent(err), int(c.Attempts) > len(pauses):
			return tx.EndCallback(ctx, c, ready.requester, storage.CallbackFailed, err.Error(), "")
		default:
			asked, _ := notify.RetryAfter(err)
			wait := max(pauses[max(int(c.Attempts)-1, 0)], asked)
			return tx.RetryCallback(ctx, c.ID, tx.Now().Add(wait), err.Error())
		}
	})
}

// ready composes what is said. It is composed anew for each try: the key that signs may have been replaced.
func (r *Relay) ready(ctx context.Context, tx *storage.Tx, c storage.Callback) (call, error) {
	filed, err := tx.FiledRequest(ctx, c.FiledID)
	if err != nil {
		return call{}, err
	}
	requester, err := tx.Requester(ctx, filed.RequesterID)
	if err != nil {
		return call{}, err
	}
	out := call{requester: requester.ID, header: http.Header{}}
	if requester.EndedAt != nil {
		out.void = "requester ended"
		return out, nil
	}
	telling, err := casework.TellingOf(ctx, tx, requester, filed)
	if errors.Is(err, seal.ErrNoKey) {
		out.void = "person forgotten"
		return out, nil
	}
	if err != nil {
		return call{}, err
	}
	if int(c.Target) >= len(telling.Words.Callbacks) {
		return call{}, fmt.Errorf("callback %s has no address", c.ID)
	}
	telling.Standing, out.address = casework.StandingAt(c), telling.Words.Callbacks[c.Target]
	if requester.Protocol == storage.ProtocolDRP {
		return out, r.readyDRP(ctx, tx, telling, c, &out)
	}
	return out, r.readyOpenDSR(ctx, tx, telling, c, &out)
}

func (r *Relay) readyOpenDSR(ctx context.Context, tx *storage.Tx, t casework.Telling, c storage.Callback, out *call) error {
	status, err := r.Desk.OpenDSR(ctx, tx, t)
	if err != nil {
		return err
	}
	status.Callback = out.address
	if out.said = status.Status; out.said == c.SaidBefore {
		out.same = true
		return nil
	}
	if out.body, err = json.Marshal(status); err != nil {
		return fmt.Errorf("write the callback: %w", err)
	}
	kept, err := tx.ProcessorKey(ctx)
	if err != nil {
		return err
	}
	key, err := opendsr.ParseKey(kept.Private)
	if err != nil {
		return err
	}
	signature, err := opendsr.Sign(key, out.body)
	if err != nil {
		return err
	}
	opendsr.VersionNamed(t.Filed.Version).SetHeaders(out.header, kept.Domain, signature)
	return nil
}

func (r *Relay) readyDRP(ctx context.Context, tx *storage.Tx, t casework.Telling, c storage.Callback, out *call) error {
	status, err := r.Desk.DRP(ctx, tx, t)
	if err != nil {
		return err
	}
	out.said = status.Status + " " + status.Reason
	if status.Expected != nil {
		out.said += " " + status.Expected.Format(time.RFC3339)
	}
	// That a request is open its agent was told by the answer to it.
	if out.said == c.SaidBefore || c.SaidBefore == "" && status.Status == drp.Opened {
		out.same = true
		return nil
	}
	if out.body, err = json.Marshal(status); err != nil {
		return fmt.Errorf("write the callback: %w", err)
	}
	return nil
}
