package activities

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

func newSecret() ([]byte, error) {
	secret := make([]byte, 32)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("make the secret of an erasure: %w", err)
	}
	return secret, nil
}

// deferred is what an exception keeps, and how to find it when the case is long forgotten.
type deferred struct {
	Systems []deferredSystem `json:"systems"`
	// Known is what the person is known by: a hold that is placed later is found by it.
	Known storage.Person `json:"known"`
}

type deferredSystem struct {
	Key     string             `json:"key"`
	Walk    dataset.Plan       `json:"walk"`
	Subject connectors.Subject `json:"subject"`
	Warrant warrant            `json:"warrant"`
	Plan    erasure.SystemPlan `json:"plan"`
}

// Defer keeps what the plan leaves to its time; nothing when it leaves nothing that has an end.
func (e *Erasures) Defer(ctx context.Context, in contract.ErasureInput) (out contract.DeferralInput, err error) {
	out.Ref = in.Ref
	err = e.desk.DB().Change(ctx, in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if _, err := tx.LockCase(ctx, in.Case); err != nil {
			return err
		}
		w := &erasing{Erasures: e, in: in}
		if w.subject, w.person, _, err = personOf(ctx, tx, in.Case); err != nil {
			return err
		}
		if w.plan, err = tx.ErasurePlan(ctx, w.subject, in.Case); err != nil {
			return err
		}
		due, ok := nextLook(w.plan.Plan.Systems, tx.Now(), tx.Tenant().Zone)
		if !ok || w.plan.ID != in.Plan {
			return nil
		}
		body, err := w.rest(ctx, tx)
		if err != nil || len(body.Systems) == 0 {
			return err
		}
		made, err := tx.Defer(ctx, w.plan, due, body)
		out.Deferral, out.Due = made.ID, made.Due
		return err
	})
	return out, named(err)
}

// holdPause is how long something waits that is kept without an end: a hold is lifted by people, and nobody has to remember this.
const holdPause = 24 * time.Hour

// nextLook is when some of what is kept may go: when the first duty is over, and the next day for what a hold keeps.
func nextLook(systems []erasure.SystemPlan, now time.Time, zone *time.Location) (at time.Time, ok bool) {
	for _, s := range systems {
		for _, l := range s.Lines {
			for _, k := range l.Kept {
				look, ends := k.First.EndIn(zone).Add(time.Second), !k.First.IsZero()
				if k.Ground == erasure.KeptByHold && k.Rows > 0 {
					look, ends = now.Add(holdPause), true
				}
				if ends && (!ok || look.Before(at)) {
					at, ok = look, true
				}
			}
		}
	}
	return at, ok
}

// rest gathers what the kept rows are found by, from the systems that were erased in.
func (w *erasing) rest(ctx context.Context, tx *storage.Tx) (out deferred, err error) {
	if w.land, err = survey(ctx, tx); err != nil {
		return out, err
	}
	walk, _, err := w.land.plan(w.person)
	if err != nil {
		return out, err
	}
	if out.Known, err = tx.Person(ctx, w.subject); err != nil {
		return out, err
	}
	runs, err := tx.ErasureRuns(ctx, w.plan.ID)
	if err != nil {
		return out, err
	}
	for _, part := range w.plan.Plan.Systems {
		if _, ends := nextLook([]erasure.SystemPlan{part}, tx.Now(), time.UTC); !ends {
			continue
		}
		for _, run := range runs {
			if run.SystemKey != part.Key || run.State != storage.RunDone {
				continue
			}
			one := deferredSystem{Key: part.Key, Walk: *walk, Subject: w.person, Plan: part}
			if _, err := tx.Warrant(run, w.subject, &one.Warrant); err != nil {
				return out, err
			}
			out.Systems = append(out.Systems, one)
		}
	}
	return out, nil
}

// Deferred erases what may go by the rules and holds of today, and says when there is more; the zero value when nothing is left.
func (e *Erasures) Deferred(ctx context.Context, in contract.DeferralInput) (next contract.DeferralInput, err error) {
	defer beat(ctx)()
	w := &resuming{Erasures: e, in: in}
	if err := w.begin(ctx); err != nil {
		return next, named(err)
	}
	for i := range w.body.Systems {
		if err := w.erase(ctx, &w.body.Systems[i]); err != nil {
			return next, named(err)
		}
	}
	next.Ref = in.Ref
	err = e.desk.DB().Change(ctx, in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		due, more := w.again(tx.Tenant().Zone)
		if !more {
			return tx.EndDeferral(ctx, w.deferral)
		}
		next.Deferral, next.Due = in.Deferral, due
		return tx.PutOff(ctx, w.deferral, due)
	})
	return next, named(err)
}

// resuming is a deferred erasure on its way.
type resuming struct {
	*Erasures
	in       contract.DeferralInput
	deferral storage.Deferral
	body     deferred
	land     *landscape
	duties   erasure.Circumstances
}

var errDone = fmt.Errorf("the deferred erasure: %w", storage.ErrNotFound)

func (w *resuming) begin(ctx context.Context) error {
	return w.desk.DB().Read(ctx, w.in.Tenant, func(ctx context.Context, tx *storage.Tx) (err error) {
		if w.deferral, err = tx.Deferral(ctx, w.in.Deferral); err != nil {
			return err
		}
		if w.deferral.Done {
			return errDone
		}
		if err := tx.DeferredBody(w.deferral, &w.body); err != nil {
			return err
		}
		if w.land, err = survey(ctx, tx); err != nil {
			return err
		}
		w.duties, err = w.desk.DutiesToward(ctx, tx, w.body.Known)
		return err
	})
}

// erase draws the part of one system anew: the rules may have changed, a hold may have come, and days have become erasable.
func (w *resuming) erase(ctx context.Context, s *deferredSystem) (err error) {
	system, ok := w.land.systems[s.Key]
	if !ok {
		return &connectors.Error{Code: connectors.ErrSelection, Where: s.Key, What: "the system was switched off, and rows there wait to be erased", Do: "switch it on, or erase by hand"}
	}
	if system.Stop != nil {
		return &connectors.Error{Code: connectors.ErrBusy, Where: s.Key, What: "the system was stopped in an emergency", Do: "let it go on"}
	}
	connector, err := w.toChange(system, w.land.datasets[s.Key])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	structure, err := connector.Describe(ctx)
	if err != nil {
		return err
	}
	declared, err := declarationOf(system)
	if err != nil {
		return err
	}
	site := erasure.Site{Key: s.Key, Name: system.Name, Names: declared.Name, Datasets: w.land.datasets[s.Key], Structure: structure, Terms: declared.Erasure}
	plan := erasure.Draft(&s.Walk, []erasure.Site{site}, w.duties).Systems[0]
	errand := connectors.Errand{
		Selection: connectors.Selection{Plan: s.Walk, Subject: s.Subject, Keys: s.Warrant.Keys, Own: true}, Roots: s.Warrant.Roots, Secret: s.Warrant.Secret,
	}
	for _, l := range plan.Lines {
		errand.Orders = append(errand.Orders, l.Order)
	}
	found, err := connector.Survey(ctx, errand)
	if err != nil {
		return err
	}
	plan.Settle(counts(found), declared.Erasure, w.duties)
	errand.Orders = plan.Orders()
	s.Plan = plan
	return w.carryOut(ctx, connector, system, errand)
}

func (w *resuming) carryOut(ctx context.Context, connector connectors.Eraser, system storage.System, errand connectors.Errand) error {
	rows, err := eraseAndReadBack(ctx, connector, errand)
	if err != nil {
		return err
	}
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		return tx.ErasedLater(ctx, w.deferral, system, rows)
	})
}

// eraseAndReadBack carries an errand out and says how many rows that changed. What reading back finds untreated is an error.
func eraseAndReadBack(ctx context.Context, connector connectors.Eraser, errand connectors.Errand) (int64, error) {
	tally := &counting{}
	if err := connector.Erase(ctx, errand, tally); err != nil {
		return 0, err
	}
	found, err := connector.Survey(ctx, errand)
	if err != nil {
		return 0, err
	}
	for _, s := range found {
		if s.Left > 0 {
			return 0, &connectors.Error{Code: connectors.ErrServer, Where: s.String(), What: fmt.Sprintf("reading back found %d rows that should have been erased", s.Left), Do: "look at the system"}
		}
	}
	return tally.rows, nil
}

// counting is a ledger that counts rows. The deferral's own record says what is meant to be done.
type counting struct{ rows int64 }

// Begin implements connectors.Ledger.
func (c *counting) Begin(context.Context, dataset.Address) (bool, error) { return false, nil }

// Changed implements connectors.Ledger.
func (c *counting) Changed(_ context.Context, _ dataset.Address, n connectors.Tally) error {
	c.rows += n.Deleted + n.Masked + n.Trimmed + n.Parts
	return nil
}

// End implements connectors.Ledger.
func (c *counting) End(context.Context, dataset.Address) error { return nil }

// again is when the next rows may go, by the plans of today.
func (w *resuming) again(zone *time.Location) (at time.Time, more bool) {
	plans := make([]erasure.SystemPlan, len(w.body.Systems))
	for i, s := range w.body.Systems {
		plans[i] = s.Plan
	}
	return nextLook(plans, w.duties.Now, zone)
}

// DeferredFailed tells the data protection officer that what was promised to be erased could not be.
func (e *Erasures) DeferredFailed(ctx context.Context, f contract.ErasureFailure) error {
	return named(e.desk.DeferralFailed(ctx, f))
}
