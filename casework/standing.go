package casework

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy/erasure"
	"github.com/privacy-docket/docket/storage"
)

// Standing are the circumstances of somebody whose erasure is approved, and whose case may be forgotten by now: the rules and holds of today, and
// what staff decided then, without their words.
func (d *Desk) Standing(ctx context.Context, tx *storage.Tx, caseID uuid.UUID, person storage.Person, beside ...storage.Identities) (erasure.Circumstances, error) {
	c, err := d.DutiesToward(ctx, tx, person, beside...)
	if err != nil {
		return c, err
	}
	onErased, err := tx.HoldsOnErased(ctx, caseID)
	if err != nil {
		return c, err
	}
	for _, h := range holdsAs(onErased) {
		if !slices.ContainsFunc(c.Holds, func(o erasure.Hold) bool { return o.ID == h.ID }) {
			c.Holds = append(c.Holds, h)
		}
	}
	decisions, err := tx.StandingDecisions(ctx, caseID)
	decided(&c, decisions)
	return c, err
}

// decided adds what staff decided on a plan.
func decided(c *erasure.Circumstances, all []storage.ErasureDecision) {
	for _, one := range all {
		switch one.Kind {
		case storage.DecisionKeep:
			c.Keep = append(c.Keep, erasure.Decision{Address: one.Address, Citation: one.Citation, Reason: one.Reason})
		case storage.DecisionClaim:
			c.Claim = append(c.Claim, one.Address)
		}
	}
}
