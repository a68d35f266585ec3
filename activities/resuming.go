package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/connectors"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// Deferred erases what may go by the rules and holds of today and the decisions of then, and says when there is more; the zero value when nothing
// is left. What can't be erased is an error, once everything else is done.
func (e *Erasures) Deferred(ctx context.Context, in contract.DeferralInput) (next contract.DeferralInput, err error) {
	defer beat(ctx)()
	w := &resuming{Erasures: e, in: in}
	if err := w.begin(ctx); err != nil {
		return next, named(err)
	}
	var failed error
	for i := range w.body.Systems {
		if err := w.system(ctx, &w.body.Systems[i]); err != nil && failed == nil {
			failed = err
		}
	}
	if err := w.ledger(ctx); err != nil && failed == nil {
		failed = err
	}
	next.Ref = in.Ref
	err = e.desk.DB().Change(ctx, in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if failed != nil {
			return w.keep(ctx, tx)
		}
		again, err := w.again(ctx, tx)
		if err != nil {
			return err
		}
		if again.IsZero() {
			return tx.EndDeferral(ctx, w.deferral)
		}
		next.Deferral, next.Due = in.Deferral, again
		if err := w.keep(ctx, tx); err != nil {
			return err
		}
		return tx.PutOff(ctx, w.deferral, next.Due)
	})
	return next, named(errors.Join(failed, err))
}

// resuming is a deferred erasure on its way.
type resuming struct {
	*Erasures
	in       contract.DeferralInput
	deferral storage.Deferral
	body     deferred
	land     *landscape
	duties   erasure.Circumstances
	// seen are the days by which people have erased what had come to its end, by system.
	seen map[string]privacy.Date
	rest erasure.Rest
}

// ledger forgets what the ledger of consents kept and nothing keeps any more.
func (w *resuming) ledger(ctx context.Context) error {
	if w.body.Ledger == nil {
		return nil
	}
	return w.change(ctx, func(ctx context.Context, tx *storage.Tx) error {
		if err := w.today(ctx, tx); err != nil {
			return err
		}
		part, err := w.desk.ForgetConsentsLater(ctx, tx, w.deferral, w.body.Known, w.duties)
		if err != nil {
			return err
		}
		if w.body.Ledger = &part; !part.Keeps() {
			w.body.Ledger = nil
		}
		held := slices.ContainsFunc(w.duties.Holds, func(h erasure.Hold) bool { return h.Covers(part.Key) })
		w.rest.Add(part.Rest(w.duties.Now, w.duties.Zone, privacy.Date{}, held))
		return nil
	})
}

// again is when to look the next time: at more that is kept, or at recipients who are not told.
func (w *resuming) again(ctx context.Context, tx *storage.Tx) (time.Time, error) {
	if !w.rest.Next.IsZero() {
		return w.rest.Next, nil
	}
	return w.desk.UntilTold(ctx, tx, w.deferral)
}

func (w *resuming) keep(ctx context.Context, tx *storage.Tx) error {
	return tx.KeepDeferral(ctx, w.deferral, w.body, w.body.left())
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
		w.seen = map[string]privacy.Date{}
		asked, err := tx.AskedByHand(ctx, w.deferral.ID)
		if err != nil {
			return err
		}
		for _, a := range asked {
			w.seen[a.System] = a.Done
		}
		return w.today(ctx, tx)
	})
}

// today reads what stands against erasing by now: a look may take long, and holds come in between.
func (w *resuming) today(ctx context.Context, tx *storage.Tx) (err error) {
	if w.duties, err = w.desk.Standing(ctx, tx, w.deferral.CaseID, w.body.Known, w.body.Beside...); err != nil {
		return err
	}
	if w.duties.Counted = w.body.Counted; w.duties.Counted.IsZero() {
		w.duties.Counted = privacy.DateIn(w.deferral.Made, w.duties.Zone)
	}
	return w.recourses(ctx, tx)
}

// recourses adds what other requests of the person's keep: those that are open, those closed since, and those that the plan knew.
func (w *resuming) recourses(ctx context.Context, tx *storage.Tx) error {
	open, err := w.desk.Asked(ctx, tx, w.body.Known, w.body.Beside...)
	if err != nil {
		return err
	}
	closed, err := w.desk.Recourses(ctx, tx, w.body.Known, w.body.Beside...)
	w.duties.Recourses = slices.Concat(open, closed, w.body.Recourses)
	return err
}

// keptPause is when to look again at what no connector erases, and people are not to, because a hold or another request of the person's keeps it.
const keptPause = 24 * time.Hour

// system erases in one system what may go. Where that fails and something is over there, people are asked to do it.
func (w *resuming) system(ctx context.Context, s *deferredSystem) error {
	if rest := w.left(s); !rest.Over && rest.Next.IsZero() {
		return nil // people have seen to the last of it
	}
	err := w.erase(ctx, s)
	rest := w.left(s)
	switch {
	case err == nil && rest.Over: // a duty ended while it was looked at
		rest.Next = w.duties.Now.Add(time.Minute)
	case err == nil && rest.Unknown:
		err = w.tell(ctx, s)
	case err == nil || connectors.Temporary(err):
	case rest.Over && w.duties.Stays(s.Key): // nobody is asked to erase what is kept
		rest, err = erasure.Rest{Next: w.duties.Now.Add(keptPause)}, nil
	case rest.Over || rest.Next.IsZero():
		return errors.Join(err, w.ask(ctx, s, err))
	default:
		err = nil // there is time to put it right
	}
	w.rest.Add(rest)
	return err
}

// left is what a system still has to erase.
func (w *resuming) left(s *deferredSystem) erasure.Rest {
	held := slices.ContainsFunc(w.duties.Holds, func(h erasure.Hold) bool { return h.Covers(s.Key) })
	return s.Plan.Rest(w.duties.Now, w.duties.Zone, w.seen[s.Key], held)
}

// ask has people erase what no connector could.
func (w *resuming) ask(ctx context.Context, s *deferredSystem, problem error) error {
	var known *connectors.Error
	if !errors.As(problem, &known) {
		return nil // not the system's: it is tried again
	}
	through := privacy.DateIn(w.duties.Now, w.duties.Zone).AddDays(-1)
	return w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		return tx.AskByHand(ctx, w.deferral, storage.AskedByHand{System: s.Key, Problem: known.Error(), Through: through})
	})
}

// tell lets the data protection officer know of rows of which nobody can say when their time is over.
func (w *resuming) tell(ctx context.Context, s *deferredSystem) error {
	return w.desk.DeferralFailed(ctx, contract.ErasureFailure{
		ErasureInput: contract.ErasureInput{Ref: w.in.Ref, Plan: w.in.Deferral}, Code: string(erasure.ProblemUndated),
		Problem: s.Key + ": rows are kept of which nobody can tell when their time is over; give them a day in the system, or erase them there by hand. They are looked at again in a year",
	})
}

// DeferredFailed tells the data protection officer that what was promised to be erased could not be.
func (e *Erasures) DeferredFailed(ctx context.Context, f contract.ErasureFailure) error {
	return named(e.desk.DeferralFailed(ctx, f))
}
