// Package activities is what the workflows call: each struct joins the register, the object store and the systems for
// one concern. Every activity may be tried again at any moment and then changes nothing more.
package activities

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"

	"github.com/privacy-docket/docket/casework"
	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/seal"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/storage/objects"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Register makes the activities known under their names. nearby lets systems be on this machine and its link, and networks are those in which
// services behind HTTP may be beside the open network: the operator's choice, never a tenant's.
func Register(r worker.ActivityRegistry, desk *casework.Desk, store *objects.Store, nearby bool, networks ...netip.Prefix) {
	o := newOpener(desk.Clock(), nearby, networks)
	cases := &Cases{desk: desk, objects: store}
	collection := &Collection{desk: desk, objects: store, connect: connect(o), toChange: connectToChange(o), processor: o.processor}
	packages := &Packages{desk: desk, objects: store}
	erasures := &Erasures{Collection: collection}
	amendments := &Amendments{Collection: collection}
	consents := &Consents{desk: desk}
	inquiries := &Inquiries{desk: desk, processor: o.processor}
	for name, do := range map[string]any{
		contract.ActivityLoad:      cases.Load,
		contract.ActivityCommand:   cases.Command,
		contract.ActivityMilestone: cases.Milestone,
		contract.ActivityTidy:      cases.Tidy,
		contract.ActivityRound:     collection.StartRound,
		contract.ActivityCollect:   collection.Collect,
		contract.ActivityFail:      collection.Fail,
		contract.ActivityCheck:     collection.Check,
		contract.ActivityScan:      collection.Scan,
		contract.ActivityPackage:   packages.Build,
		contract.ActivityDestroy:   packages.Destroy,

		contract.ActivityErasureRuns:    erasures.Runs,
		contract.ActivityWarrant:        erasures.Warrant,
		contract.ActivityErase:          erasures.Erase,
		contract.ActivityErasureFail:    erasures.Fail,
		contract.ActivityDefer:          erasures.Defer,
		contract.ActivityDeferred:       erasures.Deferred,
		contract.ActivityDeferredFailed: erasures.DeferredFailed,
		contract.ActivityReapply:        erasures.Reapply,
		contract.ActivityReapplyFailed:  erasures.ReapplyFailed,

		contract.ActivityInquire:       inquiries.Look,
		contract.ActivityInquiryFailed: inquiries.Failed,

		contract.ActivityLookAtConsents: consents.Look,
		contract.ActivityTellConsents:   consents.Tell,
		contract.ActivityLookAtSignUps:  consents.SignUps,
		contract.ActivityImportConsents: consents.Import,
		contract.ActivityImportFailed:   consents.ImportFailed,

		contract.ActivityAmendments:    amendments.Open,
		contract.ActivityAmend:         amendments.Amend,
		contract.ActivityAmendmentFail: amendments.Fail,
	} {
		r.RegisterActivityWithOptions(do, activity.RegisterOptions{Name: name})
	}
}

// named gives an error the type that workflows decide on. Nothing about a person is in any of them.
func named(err error) error {
	if err == nil {
		return nil
	}
	if refusal, ok := casework.RefusalOf(err); ok {
		return temporal.NewNonRetryableApplicationError(refusal.Message, contract.ErrorRule, nil, refusal)
	}
	var system *connectors.Error
	switch {
	case errors.As(err, &system) && !connectors.Temporary(err):
		return temporal.NewNonRetryableApplicationError(system.Error(), contract.ErrorSystem, nil, string(system.Code))
	case errors.As(err, &system):
		return temporal.NewApplicationError(system.Error(), contract.ErrorSystem+"-busy", string(system.Code))
	case errors.Is(err, errAsked):
		return temporal.NewNonRetryableApplicationError(err.Error(), contract.ErrorAsked, nil)
	case errors.Is(err, casework.ErrNoPackage):
		return temporal.NewNonRetryableApplicationError(err.Error(), contract.ErrorReview, nil)
	case errors.Is(err, storage.ErrNotFound), errors.Is(err, seal.ErrNoKey):
		return temporal.NewNonRetryableApplicationError(err.Error(), contract.ErrorGone, nil)
	default:
		return err
	}
}

// Cases are the steps of a case in the register.
type Cases struct {
	desk    *casework.Desk
	objects *objects.Store
}

// Load tells how a case stands.
func (c *Cases) Load(ctx context.Context, ref contract.Ref) (contract.View, error) {
	view, err := c.desk.View(ctx, ref)
	return view, named(err)
}

// Command carries out one command.
func (c *Cases) Command(ctx context.Context, in contract.CommandInput) (contract.View, error) {
	view, err := c.desk.Do(ctx, in)
	return view, named(err)
}

// Milestone records what a clock has come to.
func (c *Cases) Milestone(ctx context.Context, m contract.Milestone) (contract.View, error) {
	view, err := c.desk.Reach(ctx, m)
	return view, named(err)
}

// Tidy takes away what a closed case no longer needs: the collected parts, the documents that proved identity, and a
// package that was never handed over.
func (c *Cases) Tidy(ctx context.Context, ref contract.Ref) error {
	defer beat(ctx)()
	left, err := c.desk.Discard(ctx, ref)
	if err != nil || left.Prefix == "" {
		return named(err)
	}
	for _, pkg := range left.Packages {
		if err := destroy(ctx, c.desk, c.objects, pkg, c.desk.DropPackage); err != nil {
			return named(err)
		}
	}
	parts, err := c.objects.List(ctx, left.Prefix)
	if err != nil {
		return fmt.Errorf("tidy the case: %w", err)
	}
	for _, key := range append(parts, left.Objects...) {
		if err := c.objects.Delete(ctx, key); err != nil {
			return fmt.Errorf("tidy the case: %w", err)
		}
	}
	return named(c.desk.Discarded(ctx, ref))
}
