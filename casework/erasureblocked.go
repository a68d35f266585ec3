package casework

import (
	"context"
	"fmt"
	"slices"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/dataset"
	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

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
	person, beside, err := f.known(ctx)
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

// known is the person of the case, and what else their rows say is theirs.
func (f *file) known(ctx context.Context) (person storage.Person, beside []storage.Identities, err error) {
	if person, err = f.whom(ctx); err != nil {
		return person, nil, err
	}
	beside, err = f.tx.SurveyedIdentities(ctx, f.subject, f.row.ID)
	return person, beside, err
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
	person, beside, err := f.known(ctx)
	if err != nil {
		return err
	}
	return f.keptSince(ctx, person, plan, beside)
}
