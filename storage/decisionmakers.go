package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/audit"
)

// DecisionMakers is a change to who is on record as having taken or prepared a decision: members of the staff, by their ids.
type DecisionMakers struct {
	Added, TakenOff []string
	// Note is the note that says why names were taken off.
	Note uuid.UUID
}

// SayDecisionMakers puts names on the record of who made a decision and takes others off, each by its id in the log; with neither it says that those on
// record are all, be it nobody. The case is to be locked.
func (t *Tx) SayDecisionMakers(ctx context.Context, caseID uuid.UUID, before Contested, m DecisionMakers) error {
	makers := slices.DeleteFunc(append(slices.Clone(before.Makers), m.Added...), func(one string) bool { return slices.Contains(m.TakenOff, one) })
	slices.Sort(makers)
	makers = slices.Compact(makers)
	if err := one(t.q.SetDecisionMakers(ctx, t.tenant.ID, caseID, makers, t.now)); err != nil {
		return fmt.Errorf("record who made the decision: %w", err)
	}
	said := audit.Event{
		Action: audit.DecisionMakersSaid, CaseID: caseID.String(), Object: audit.Object{Kind: "case", ID: caseID.String()},
		Facts: map[audit.FactKey]string{audit.FactCount: strconv.Itoa(len(makers))},
	}
	if err := t.Audit(ctx, said); err != nil {
		return err
	}
	for _, name := range m.Added {
		if err := t.auditMaker(ctx, caseID, audit.DecisionMakerAdded, name, uuid.Nil); err != nil {
			return err
		}
	}
	for _, name := range m.TakenOff {
		if err := t.auditMaker(ctx, caseID, audit.DecisionMakerTakenOff, name, m.Note); err != nil {
			return err
		}
	}
	return nil
}

func (t *Tx) auditMaker(ctx context.Context, caseID uuid.UUID, what audit.Action, name string, note uuid.UUID) error {
	facts := map[audit.FactKey]string{audit.FactStaff: name}
	if note != uuid.Nil {
		facts[audit.FactNote] = note.String()
	}
	return t.Audit(ctx, audit.Event{Action: what, CaseID: caseID.String(), Object: audit.Object{Kind: "case", ID: caseID.String()}, Facts: facts})
}
