package activities

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/casework"
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
		if w.duties, err = w.desk.Standing(ctx, tx, w.deferral.CaseID, w.body.Known, w.body.Beside...); err != nil {
			return err
		}
		if w.duties.Counted = w.body.Counted; w.duties.Counted.IsZero() {
			w.duties.Counted = privacy.DateIn(w.deferral.Made, w.duties.Zone)
		}
		return w.recourses(ctx, tx)
	})
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

// erase draws the part of one system anew: the rules may have changed, a hold may have come, and days have become erasable.
func (w *resuming) erase(ctx context.Context, s *deferredSystem) (err error) {
	system, ok := w.land.systems[s.Key]
	switch {
	case !ok:
		return &connectors.Error{Code: connectors.ErrSelection, Where: s.Key, What: "the system was switched off, and rows there wait to be erased", Do: "switch it on, or erase by hand and say so"}
	case system.Stop != nil:
		return &connectors.Error{Code: connectors.ErrBusy, Where: s.Key, What: "the system was stopped in an emergency", Do: "let it go on"}
	case s.ByHand:
		return &connectors.Error{Code: connectors.ErrReadOnly, Where: s.Key, What: "people erased here, and the time of what was kept is over", Do: "erase by hand what no rule and no hold keeps any more, and say so"}
	}
	connector, err := w.toChange(system, w.land.datasets[s.Key])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, connector.Close()) }()
	site, err := siteOf(ctx, w.land, system, connector)
	if err != nil {
		return err
	}
	plan := erasure.Draft(&s.Walk, []erasure.Site{site}, w.duties).Systems[0]
	errand := connectors.Errand{
		Selection: connectors.Selection{Plan: s.Walk, Subject: s.Subject, Keys: s.Warrant.Keys, Own: true}, Roots: s.Warrant.Roots, Secret: s.Warrant.Secret,
	}
	for _, l := range plan.Lines {
		errand.Orders = append(errand.Orders, l.Order)
	}
	if err := fit(&plan); err != nil {
		return err
	}
	found, err := connector.Survey(ctx, errand)
	if err != nil {
		return err
	}
	plan.Settle(counts(found), site.Terms, w.duties)
	errand.Orders = plan.Orders()
	missing := s.Plan.Missing(&plan)
	s.Telling = append(s.Telling, casework.ErasedCategories(plan)...)
	if err := w.carryOut(ctx, connector, system, errand, s); err != nil {
		return err
	}
	s.Plan = plan
	s.Plan.Lines = append(s.Plan.Lines, missing...)
	return lost(missing)
}

// fit refuses a plan that nobody reviews when the declaration has a mistake that a duty may hang on.
func fit(s *erasure.SystemPlan) error {
	if p, ok := s.Unfit(); !ok {
		return &connectors.Error{Code: connectors.ErrSelection, Where: p.Where, What: p.What, Do: p.Do}
	}
	return nil
}

// lost says which collections are gone that rows were kept in: renamed, or taken out of the annotation. What was kept there is not erased.
func lost(missing []erasure.Line) error {
	if len(missing) == 0 {
		return nil
	}
	names := make([]string, len(missing))
	for i, l := range missing {
		names[i] = l.Address.String()
	}
	return &connectors.Error{Code: connectors.ErrSelection, Where: strings.Join(names, ", "), What: "rows were kept there that are to be erased, and the annotation no longer has it",
		Do: "annotate it again under that name, or erase by hand and say so"}
}

// carryOut keeps that the person is erased here first, with the moment of now: a backup that was made since the erasure has what goes now. It keeps, too,
// who is to be told: what is erased is not seen by a second try.
func (w *resuming) carryOut(ctx context.Context, connector connectors.Eraser, system storage.System, errand connectors.Errand, s *deferredSystem) error {
	err := w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if err := tx.Entomb(ctx, system.ID, w.body.Known, w.deferral.CaseID); err != nil {
			return err
		}
		if err := tx.EntombKeys(ctx, system.ID, w.deferral.CaseID, w.land.leads(system.Key, errand)); err != nil {
			return err
		}
		return w.keep(ctx, tx)
	})
	if err != nil {
		return err
	}
	rows, err := eraseAndReadBack(ctx, connector, errand)
	if err != nil {
		return err
	}
	telling := s.Telling
	err = w.desk.DB().Change(ctx, w.in.Tenant, eraser, func(ctx context.Context, tx *storage.Tx) error {
		if err := w.desk.ErasedLater(ctx, tx, w.deferral, system, rows, telling); err != nil {
			return err
		}
		s.Telling = nil
		return w.keep(ctx, tx)
	})
	if err != nil {
		s.Telling = telling
	}
	return err
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
