package casework

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/privacy-docket/docket/notify"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// erases says whether the request is for erasure.
func (f *file) erases() bool { return f.row.RequestRight == string(privacy.Erasure) }

// Circumstances are what a plan of erasure for a case depends on beside the systems: the rules that the tenant has switched on, the holds that
// stand on the person, their recourse about other requests, and what was decided about the plan.
func (d *Desk) Circumstances(ctx context.Context, tx *storage.Tx, row storage.Case, s storage.Subject) (erasure.Circumstances, error) {
	person, err := tx.Person(ctx, s)
	if err != nil {
		return erasure.Circumstances{}, err
	}
	beside, err := tx.SurveyedIdentities(ctx, s, row.ID)
	if err != nil {
		return erasure.Circumstances{}, err
	}
	c, err := d.DutiesToward(ctx, tx, person, beside...)
	if err != nil {
		return c, err
	}
	if c.Recourses, err = d.Recourses(ctx, tx, person, beside...); err != nil {
		return c, err
	}
	decisions, err := tx.ErasureDecisions(ctx, s, row.ID)
	decided(&c, decisions)
	return c, err
}

// DutiesToward are what keeps data of a person from being erased today: rules and holds. beside are values that are found to be theirs too.
func (d *Desk) DutiesToward(ctx context.Context, tx *storage.Tx, person storage.Person, beside ...storage.Identities) (erasure.Circumstances, error) {
	c, err := d.duties(tx)
	if err != nil {
		return c, err
	}
	c.Holds, err = holdsOn(ctx, tx, person, beside...)
	return c, err
}

// duties are the rules for keeping records that the tenant has switched on.
func (d *Desk) duties(tx *storage.Tx) (erasure.Circumstances, error) {
	tenant := tx.Tenant()
	c := erasure.Circumstances{Now: tx.Now(), Zone: tenant.Zone, Supervised: tenant.Settings.Supervised}
	var err error
	if c.YearEnd, err = yearEnd(tenant.Settings.YearEnd); err != nil {
		return c, err
	}
	for _, rule := range d.rules.RetentionRules() {
		c.Kinds = append(c.Kinds, rule.Kinds...)
	}
	for _, id := range tenant.Settings.Retention {
		rule, err := d.rules.Retention(id)
		if err != nil {
			return c, fmt.Errorf("the tenant's retention rules: %w", err)
		}
		c.Rules = append(c.Rules, rule)
	}
	return c, nil
}

// yearEnd reads MM-DD; nothing is the end of the calendar year.
func yearEnd(s string) (erasure.YearEnd, error) {
	if s == "" {
		return erasure.YearEnd{Month: time.December, Day: 31}, nil
	}
	at, err := time.Parse(time.DateOnly, "2000-"+s)
	if err != nil {
		return erasure.YearEnd{}, fmt.Errorf("the end of the financial year: %w", err)
	}
	return erasure.YearEnd{Month: at.Month(), Day: at.Day()}, nil
}

func holdsOn(ctx context.Context, tx *storage.Tx, person storage.Person, beside ...storage.Identities) ([]erasure.Hold, error) {
	standing, err := tx.HoldsOn(ctx, person, beside...)
	return holdsAs(standing), err
}

func holdsAs(standing []storage.Hold) (out []erasure.Hold) {
	for _, h := range standing {
		out = append(out, erasure.Hold{
			ID: h.ID.String(), Matter: h.Matter, Systems: h.Systems, Review: h.ReviewOn, Citation: privacy.Citation{Text: h.Citation, Mark: privacy.Verified},
		})
	}
	return out
}

// counted says whether the systems of the latest round were all counted on the grounds that stand now: what is written about them, and the holds and
// recourses on anything their rows are known by. Else they are counted once more.
func (f *file) counted(ctx context.Context) (bool, error) {
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return false, fmt.Errorf("read the round: %w", err)
	}
	surveys, err := f.tx.Surveys(ctx, f.subject, f.row.ID, round)
	if err != nil {
		return false, err
	}
	circumstances, err := f.Circumstances(ctx, f.tx, f.row, f.subject)
	if err != nil {
		return false, err
	}
	for _, s := range surveys {
		if s.Basis != surveys[0].Basis || !slices.Equal(s.Holds, holdIDs(circumstances.Holds)) || !sameRecourses(s.Recourses, circumstances.Recourses) {
			return false, nil
		}
	}
	return true, nil
}

func holdIDs(all []erasure.Hold) (ids []string) {
	for _, h := range all {
		ids = append(ids, h.ID)
	}
	slices.Sort(ids)
	return ids
}

// finishPlan makes the plan of what the systems counted, and asks somebody to look at it.
func (f *file) finishPlan(ctx context.Context, c contract.Command) error {
	round, err := f.tx.LatestRound(ctx, f.row.ID)
	if err != nil {
		return fmt.Errorf("read the round: %w", err)
	}
	systems, err := f.tx.Surveys(ctx, f.subject, f.row.ID, round)
	if err != nil {
		return err
	}
	runs, err := f.tx.Runs(ctx, f.row.ID, round)
	if err != nil {
		return fmt.Errorf("read runs: %w", err)
	}
	circumstances, err := f.Circumstances(ctx, f.tx, f.row, f.subject)
	if err != nil {
		return err
	}
	for _, run := range runs {
		if run.State == storage.RunExcluded {
			site := erasure.Site{Key: run.SystemKey, Name: run.SystemName}
			systems = append(systems, erasure.DraftUncounted(site, "it could not be counted and was left to a person", circumstances))
		}
	}
	slices.SortFunc(systems, func(a, b erasure.SystemPlan) int { return strings.Compare(a.Key, b.Key) })
	plan := erasure.Plan{Made: f.tx.Now(), Systems: systems, Holds: circumstances.Holds, Recourses: circumstances.Recourses, Rules: rulesOf(circumstances)}
	for _, s := range systems {
		plan.Basis = orElse(plan.Basis, s.Basis)
	}
	if err := f.tx.AddErasurePlan(ctx, f.row, f.subject, round, plan); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskPlanReview, Role: roleAgent}, "Look through the plan of erasure and propose it")
}

// DecideOnPlan adds a decision to the plan under review, once per key. The plan is to be made anew before it can be proposed.
func (d *Desk) DecideOnPlan(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, decision storage.ErasureDecision) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if err := f.reviewing(); err != nil {
			return err
		}
		plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
		if err != nil {
			return err
		}
		if !planned(plan.Plan, decision.Address) {
			return &privacy.RuleError{Code: "not_planned", Message: fmt.Sprintf("the plan has no collection %q; write it as the plan does", decision.Address.String())}
		}
		if _, err := f.tx.DecideOnPlan(ctx, f.row, f.subject, decision); err != nil {
			if errors.Is(err, storage.ErrExists) {
				return &privacy.RuleError{Code: "decided", Message: "that is decided already; take it back first"}
			}
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "decide_on_plan", decision.Kind)
	})
}

func (f *file) reviewing() error {
	if !f.erases() || f.row.State != string(privacy.RequestReviewing) {
		return &privacy.RuleError{Code: "no_plan", Message: "only the plan of an erasure that is under review can be decided on"}
	}
	return nil
}

func planned(p erasure.Plan, at dataset.Address) bool {
	return slices.ContainsFunc(p.Systems, func(s erasure.SystemPlan) bool {
		return slices.ContainsFunc(s.Lines, func(l erasure.Line) bool { return l.Address == at })
	})
}

// TakeBackDecision removes a decision on the plan under review.
func (d *Desk) TakeBackDecision(ctx context.Context, tx *storage.Tx, ref contract.Ref, decision storage.ErasureDecision) error {
	return d.within(ctx, tx, ref, func(ctx context.Context, f *file) error {
		if err := f.reviewing(); err != nil {
			return err
		}
		return f.tx.RemoveErasureDecision(ctx, f.row.ID, decision.ID)
	})
}

// proposePlan lays the plan before somebody else. It must be one that could be carried out as it stands.
func (f *file) proposePlan(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.proposable(ctx, plan); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventProposed); err != nil {
		return err
	}
	if err := f.tx.ProposePlan(ctx, plan); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, storage.TaskPlanReview, "proposed"); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskApproval, Role: roleOfficer}, "Approve the plan of erasure, or send it back: who prepared it can't")
}

func (f *file) proposable(ctx context.Context, plan storage.ErasurePlan) error {
	decisions, err := f.tx.ErasureDecisions(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	accepted := map[dataset.Address]bool{}
	for _, d := range decisions {
		accepted[d.Address] = accepted[d.Address] || d.Kind == storage.DecisionAccept
	}
	outdated, err := f.tx.DecidedSince(ctx, f.row.ID, plan.CreatedAt)
	if err != nil {
		return err
	}
	if outdated {
		return &privacy.RuleError{Code: "plan_outdated", Message: "something was decided or taken back since the plan was made; have it made anew first"}
	}
	for _, s := range plan.Plan.Systems {
		for _, l := range s.Lines {
			for _, p := range l.Problems {
				if p.Code == erasure.ProblemTerms {
					return &privacy.RuleError{Code: "plan_problem", Message: fmt.Sprintf("%s: %s; %s, and have the plan made anew", p.Where, p.What, p.Do)}
				}
				if p.Code.Blocks() && !accepted[l.Address] {
					return &privacy.RuleError{Code: "plan_problem", Message: fmt.Sprintf("%s: %s; %s, keep the collection with a reason, or accept the problem with one", p.Where, p.What, p.Do)}
				}
			}
		}
	}
	return f.unblocked(ctx, plan.Plan)
}

// unblocked wants nothing to stand against erasing that the plan does not know of: a request for access that is not answered, or was answered since; a
// hold that was placed since.
func (f *file) unblocked(ctx context.Context, plan erasure.Plan) error {
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	beside, err := f.tx.SurveyedIdentities(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.accessOpen(ctx, person, beside); err != nil {
		return err
	}
	if err := f.keptSince(ctx, person, plan, beside); err != nil {
		return err
	}
	return f.outdated(ctx, plan)
}

// keptSince wants nothing to keep what the plan would erase that it does not know of.
func (f *file) keptSince(ctx context.Context, person storage.Person, plan erasure.Plan, beside []storage.Identities) error {
	if err := f.held(ctx, person, plan, beside); err != nil {
		return err
	}
	return f.recoursed(ctx, person, plan, beside)
}

// held wants no hold to stand on the person, or on what their rows are known by, that the plan does not know of.
func (f *file) held(ctx context.Context, person storage.Person, plan erasure.Plan, beside []storage.Identities) error {
	holds, err := holdsOn(ctx, f.tx, person, beside...)
	if err != nil {
		return err
	}
	for _, h := range holds {
		known := slices.ContainsFunc(plan.Holds, func(p erasure.Hold) bool { return p.ID == h.ID && slices.Equal(p.Systems, h.Systems) })
		if !known {
			return &privacy.RuleError{
				Code: "held", Citation: privacy.Citation{Text: "Art. 17(3)(e) GDPR", Mark: privacy.Verified},
				Message: "a legal hold stands on the person that the plan does not know of; have the plan made anew",
			}
		}
	}
	return nil
}

// KeptSince says whether a hold was placed, or a request for access closed, since a plan was made: then no system is erased in any more.
func (d *Desk) KeptSince(ctx context.Context, tx *storage.Tx, ref contract.Ref, plan erasure.Plan) error {
	row, err := tx.Case(ctx, ref.Case)
	if err != nil {
		return err
	}
	f, err := d.fileOf(ctx, tx, row)
	if err != nil {
		return err
	}
	person, err := f.whom(ctx)
	if err != nil {
		return err
	}
	beside, err := tx.SurveyedIdentities(ctx, f.subject, row.ID)
	if err != nil {
		return err
	}
	return f.keptSince(ctx, person, plan, beside)
}

// approvePlan lets the plan be carried out that was read. Nobody approves what they prepared, and a program approves nothing.
func (f *file) approvePlan(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlan(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.anotherPerson(ctx, c, plan); err != nil {
		return err
	}
	if err := sameAsRead(c, plan); err != nil {
		return err
	}
	if err := f.unblocked(ctx, plan.Plan); err != nil {
		return err
	}
	wait := day * timeDays(f.tx.Tenant().Settings.ErasureWaitDays)
	if err := f.tx.ApprovePlan(ctx, plan, f.tx.Now().Add(wait)); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventScheduled); err != nil {
		return err
	}
	if wait > 0 {
		if err := f.announceErasure(ctx, c, f.tx.Now().Add(wait)); err != nil {
			return err
		}
	}
	return f.tx.EndTasks(ctx, f.row.ID, storage.TaskApproval, "approved")
}

// announceErasure tells the person when their data goes, and that they can take the request back until then.
func (f *file) announceErasure(ctx context.Context, c contract.Command, on time.Time) error {
	frame, link, err := f.linkedFrame(ctx)
	if err != nil {
		return err
	}
	return f.write(ctx, c.Key, &notify.ErasureScheduled{Frame: frame, On: on, StatusLink: link})
}

// returnPlan gives the plan back to whoever prepared it, or takes an approval back before its time has come.
func (f *file) returnPlan(ctx context.Context, c contract.Command) error {
	plan, err := f.tx.ErasurePlanState(ctx, f.row.ID)
	if err != nil {
		return err
	}
	if err := f.tx.ReturnPlan(ctx, plan); err != nil {
		return err
	}
	if err := f.move(ctx, c, privacy.EventSentBack); err != nil {
		return err
	}
	if err := f.tx.EndTasks(ctx, f.row.ID, storage.TaskApproval, "sent_back"); err != nil {
		return err
	}
	return f.giveTask(ctx, storage.NewTask{Key: c.Key, Kind: storage.TaskPlanReview, Role: roleAgent}, "Look at the plan of erasure again: it was sent back, and a note says why")
}
