package casework

import (
	"context"
	"encoding/hex"
	"slices"

	"github.com/privacy-docket/docket/audit"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// anotherPerson wants whoever approves a plan to be a person, and none of those who prepared it.
func (f *file) anotherPerson(ctx context.Context, c contract.Command, plan storage.ErasurePlan) error {
	if c.Actor.Kind != string(audit.Person) || c.Actor.Key != "" {
		return &privacy.RuleError{Code: "four_eyes", Message: "a person approves an erasure, signed in and not through a key of a program"}
	}
	decisions, err := f.tx.ErasureDecisions(ctx, f.subject, f.row.ID)
	if err != nil {
		return err
	}
	prepared, err := PreparedBy(ctx, f.tx, plan, decisions)
	if err != nil {
		return err
	}
	if slices.Contains(prepared, c.Actor.ID) {
		return &privacy.RuleError{Code: "four_eyes", Message: "you prepared this plan, yourself or through a key that you made, so somebody else approves it"}
	}
	return nil
}

// PreparedBy lists who prepared a plan, each once: who proposed it, who decided on it, and whoever made the key through which that was done. A key
// that was made with a key counts as of the person who made the first.
func PreparedBy(ctx context.Context, tx *storage.Tx, plan storage.ErasurePlan, decisions []storage.ErasureDecision) ([]string, error) {
	out := []string{}
	if plan.ProposedBy != "" {
		out = append(out, plan.ProposedBy)
	}
	for _, d := range decisions {
		out = append(out, d.By)
	}
	return peopleBehind(ctx, tx, out)
}

// peopleBehind adds to who did something whoever made the keys through which it was done, each once.
func peopleBehind(ctx context.Context, tx *storage.Tx, who []string) ([]string, error) {
	makers, err := tx.MakersOf(ctx, who)
	if err != nil {
		return nil, err
	}
	out := append(slices.Clone(who), makers...)
	slices.Sort(out)
	return slices.Compact(out), nil
}

// sameAsRead wants the plan that is approved to be the one that was read.
func sameAsRead(c contract.Command, plan storage.ErasurePlan) error {
	if c.Plan == hex.EncodeToString(plan.SHA256) {
		return nil
	}
	return &privacy.RuleError{Code: "plan_changed", Message: "the plan is another one than was read; read it as it is now, and approve it with its sha256"}
}
