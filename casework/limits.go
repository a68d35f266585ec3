package casework

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// limits says whether the request sets limits to what is done with the person's data.
func (f *file) limits() bool { return privacy.Right(f.row.RequestRight).Limits() }

// ask is what the request says beyond its right.
func (f *file) ask() (privacy.Ask, error) {
	facts, err := storage.FactsOf(f.row)
	return facts.Ask, err
}

// markAtOnce has the systems marked for what stands from the receipt on.
func (f *file) markAtOnce(ctx context.Context) error {
	ask, err := f.ask()
	if err != nil || !f.limits() {
		return err
	}
	kinds := ask.AtOnce(privacy.Right(f.row.RequestRight))
	// A case that is taken up again sets anew what was lifted with its end.
	if err := f.setLimits(ctx, false, kinds); err != nil {
		return err
	}
	return f.amend(ctx, storage.AmendLimit, kinds)
}

// limitWeighed sets what stands while somebody decides on it, now that it is known who asks (Art. 18(1)(a) and (d) GDPR).
func (f *file) limitWeighed(ctx context.Context) error {
	ask, err := f.ask()
	if err != nil || !f.limits() {
		return err
	}
	kinds := ask.Weighed(privacy.Right(f.row.RequestRight))
	if err := f.setLimits(ctx, true, kinds); err != nil {
		return err
	}
	return f.amend(ctx, storage.AmendLimit, kinds)
}

func (f *file) setLimits(ctx context.Context, provisional bool, kinds []privacy.LimitKind) error {
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	if f.row.Identity == identityProven { // a limit that takes no proof is set by all that was given
		person = Proven(person, f.row)
	}
	return f.tx.SetLimits(ctx, f.row.ID, person, limitsBy(f.regime, privacy.Right(f.row.RequestRight), provisional, kinds)...)
}

// limitsBy are limits with the rule that they rest on: that of the law under which they were asked for.
func limitsBy(regime *privacy.Regime, right privacy.Right, provisional bool, kinds []privacy.LimitKind) (out []storage.NewLimit) {
	for _, kind := range kinds {
		citation := regime.Rights[right].Citation.Text
		if regime.ID == "gdpr" {
			citation = kind.Citation().Text // paragraph by paragraph
		}
		out = append(out, storage.NewLimit{Kind: kind, Citation: citation, Provisional: provisional})
	}
	return out
}

// finishLimits goes on once the systems are marked: where nothing is to be weighed the request is settled, else somebody decides.
func (f *file) finishLimits(ctx context.Context, c contract.Command) error {
	ask, err := f.ask()
	if err != nil {
		return err
	}
	if len(ask.Weighed(privacy.Right(f.row.RequestRight))) == 0 {
		return f.settled(ctx, c)
	}
	if err := f.move(ctx, c, privacy.EventCollected); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskDecision, Role: roleAgent}, decisionWords(privacy.Right(f.row.RequestRight)))
}

func decisionWords(right privacy.Right) string {
	if right == privacy.Objection {
		return "Weigh your grounds against the person's, and decide on the objection: until then the data is not used so"
	}
	return "Decide on the restriction: until then the data is only kept"
}

// uphold grants what was asked for: what stood while it was weighed stands from now on.
func (f *file) uphold(ctx context.Context, c contract.Command) error {
	if err := f.tested(ctx, storage.PersonPrevails); err != nil {
		return err
	}
	return f.settled(ctx, c)
}

// settled closes a request whose limits are in force, and tells the person what is no longer done.
func (f *file) settled(ctx context.Context, c contract.Command) error {
	if err := f.tx.SettleLimits(ctx, f.row.ID); err != nil {
		return err
	}
	ask, err := f.ask()
	if err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventSettled); err != nil {
		return err
	}
	frame, err := f.frame(ctx)
	if err != nil {
		return err
	}
	if err := f.write(ctx, c.Key, &notify.Limited{Frame: frame, On: f.tx.Now(), Limits: ask.Against}); err != nil {
		return err
	}
	if err := f.oweRestricted(ctx); err != nil {
		return err
	}
	return f.end(ctx, "answered", privacy.Respond, privacy.Inform, privacy.Verify)
}

// tested wants the grounds of an objection to have been weighed, with an outcome (Art. 21(1) GDPR: the controller demonstrates them).
func (f *file) tested(ctx context.Context, outcome string) error {
	if f.row.RequestRight != string(privacy.Objection) {
		return nil
	}
	tests, err := f.tx.BalanceTests(ctx, f.row.ID, f.subject)
	if err != nil {
		return err
	}
	if len(tests) > 0 && tests[0].Outcome == outcome {
		return nil
	}
	return &privacy.RuleError{
		Code: "not_weighed", Citation: privacy.Citation{Text: "Art. 21(1) GDPR", Mark: privacy.Verified},
		Message: "put the balance test on record first: it must come to the outcome " + outcome,
	}
}

// weighed is tested for a refusal: only grounds that were weighed override an objection.
func (f *file) weighed(ctx context.Context, reason privacy.RefusalReason) error {
	if f.row.State != string(privacy.RequestReviewing) || !slices.Contains([]privacy.RefusalReason{privacy.CompellingGrounds, privacy.LegalClaims}, reason) {
		return nil
	}
	return f.tested(ctx, storage.GroundsOverride)
}

// RecordBalance puts a balance test on record, once per key.
func (d *Desk) RecordBalance(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, test storage.BalanceTest) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if f.row.RequestRight != string(privacy.Objection) || f.row.State != string(privacy.RequestReviewing) {
			return &privacy.RuleError{Code: "nothing_to_weigh", Message: "only an objection that waits for its decision is weighed"}
		}
		if err := f.tx.AddBalanceTest(ctx, f.row.ID, f.subject, test); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "record_balance", test.Outcome)
	})
}

// endWeighed says of the limits that stood while somebody decided when they end: some days after the person was told (Art. 18(3) GDPR). The zero
// time says that there are none.
func (f *file) endWeighed(ctx context.Context) (ends time.Time, err error) {
	all, err := f.tx.LimitsOfCase(ctx, f.row.ID)
	if err != nil {
		return ends, err
	}
	for _, l := range all {
		if l.LiftedAt != nil || !l.Provisional || l.EndsAt != nil {
			continue
		}
		ends = f.liftsOn()
		if err := f.tx.EndLimit(ctx, l, ends); err != nil {
			return ends, err
		}
	}
	return ends, nil
}

// liftsOn is when a limit ends of which the person is told now.
func (f *file) liftsOn() time.Time {
	return f.tx.Now().Add(day * timeDays(f.tx.Tenant().Settings.LiftNoticeDays))
}

// liftAll ends at once whatever the case has set: the person took the request back, or it was none.
func (f *file) liftAll(ctx context.Context) error {
	all, err := f.tx.LimitsOfCase(ctx, f.row.ID)
	if err != nil {
		return err
	}
	return f.lift(ctx, all)
}

// lift ends limits now and has the marks taken away, where no other request of the person wants them.
func (f *file) lift(ctx context.Context, all []storage.Limit) error {
	var lifted []privacy.LimitKind
	for _, l := range all {
		if l.LiftedAt != nil {
			continue
		}
		if err := f.tx.LiftLimit(ctx, l); err != nil {
			return err
		}
		lifted = append(lifted, privacy.LimitKind(l.Kind))
	}
	if len(lifted) == 0 || f.row.ForgottenAt != nil {
		return nil
	}
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	standing, err := f.tx.LimitsOn(ctx, person)
	if err != nil {
		return err
	}
	kept := make([]privacy.LimitKind, len(standing[0]))
	for i, l := range standing[0] {
		kept[i] = privacy.LimitKind(l.Kind)
	}
	return f.amend(ctx, storage.AmendLift, lifted, kept...)
}

// Why a limit of a closed request is lifted.
const (
	LiftGroundGone  = "ground_gone"  // what the restriction or the objection rested on is over
	LiftPersonAsked = "person_asked" // they want it so
	LiftFraud       = "fraud_belief" // a good-faith, reasonable and documented belief that the opt-out is fraudulent (11 CCR 7026, 7027)
)

// LiftLimit ends a limit that a closed request has set, once per key. The person is told first, and it stands until they could have read that;
// what they want lifted themselves ends at once.
func (d *Desk) LiftLimit(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, limit storage.Limit, reason, note string) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if err := f.mayLift(limit, reason); err != nil {
			return err
		}
		if _, err := f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, note); err != nil {
			return err
		}
		ends := f.tx.Now()
		if reason == LiftGroundGone {
			ends = f.liftsOn()
		}
		frame, err := f.frame(ctx)
		if err != nil {
			return err
		}
		letter := &notify.LimitEnds{Frame: frame, On: ends, Limit: privacy.LimitKind(limit.Kind), Reason: reason, Remedy: f.remedy()}
		if err := f.write(ctx, key, letter); err != nil {
			return err
		}
		if reason == LiftGroundGone {
			err = f.tx.EndLimit(ctx, limit, ends)
		} else {
			err = f.liftNow(ctx, limit)
		}
		if err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "lift_limit", reason)
	})
}

func (f *file) mayLift(limit storage.Limit, reason string) error {
	refused := func(message string) error { return &privacy.RuleError{Code: "not_liftable", Message: message} }
	right := privacy.Right(f.row.RequestRight)
	ask, err := f.ask()
	switch {
	case err != nil:
		return err
	case f.row.State != string(privacy.RequestClosed):
		return refused("the request is still open: decide on it, or withdraw it when the person takes it back")
	case limit.LiftedAt != nil:
		return refused("the limit is lifted already")
	case limit.EndsAt != nil && reason == LiftGroundGone:
		return refused("the person was told already when the limit ends")
	case reason == LiftGroundGone && !slices.Contains(ask.Weighed(right), privacy.LimitKind(limit.Kind)):
		return refused("this limit stands for good: only the person can have it lifted")
	case reason == LiftFraud && right != privacy.OptOut && right != privacy.LimitUse:
		return refused("only opt-outs are denied for fraud")
	}
	return nil
}

func (f *file) liftNow(ctx context.Context, limit storage.Limit) error {
	if err := f.lift(ctx, []storage.Limit{limit}); err != nil {
		return err
	}
	return f.tx.RestartWorkflow(ctx, f.row)
}

// EndLimits lifts a tenant's limits whose time has come: their people were told.
func (d *Desk) EndLimits(ctx context.Context, tx *storage.Tx, most int32) (done int, err error) {
	past, err := tx.LimitsPast(ctx, most)
	if err != nil {
		return 0, err
	}
	for _, p := range past {
		row, err := tx.LockCase(ctx, p.CaseID)
		if err != nil {
			return 0, err
		}
		f := &file{Desk: d, tx: tx, row: row}
		if row.ForgottenAt == nil {
			if f, err = d.fileOf(ctx, tx, row); err != nil {
				return 0, err
			}
		}
		all, err := tx.LimitsOfCase(ctx, p.CaseID)
		if err != nil {
			return 0, err
		}
		i := slices.IndexFunc(all, func(l storage.Limit) bool { return l.ID == p.ID })
		if i < 0 {
			return 0, fmt.Errorf("limit: %w", storage.ErrNotFound)
		}
		if err := f.liftNow(ctx, all[i]); err != nil {
			return 0, err
		}
	}
	return len(past), nil
}
