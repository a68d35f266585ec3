package casework

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/storage"
	"github.com/privacy-docket/docket/workflows/contract"
)

// codeMakers says that who took or prepared a decision is not on record as it has to be.
const codeMakers privacy.RuleCode = "decision_makers"

// DecisionMakers says who took or prepared a decision. Names that stand stay until they are taken off.
type DecisionMakers struct {
	// Makers are put on record; with none of them and nobody taken off, those on record are all: nobody, where it is empty.
	Makers []uuid.UUID
	// TakenOff are names that stood there by mistake, and Note says why.
	TakenOff []uuid.UUID
	Note     string
}

// SayDecisionMakers puts on record which members of the staff took or prepared the decision, once per key: none of them reviews it. Nobody takes
// their own name off it.
func (d *Desk) SayDecisionMakers(ctx context.Context, tx *storage.Tx, ref contract.Ref, key string, said DecisionMakers) error {
	return d.once(ctx, tx, ref, key, func(ctx context.Context, f *file) error {
		if !f.contests() || f.row.State == string(privacy.RequestClosed) {
			return &privacy.RuleError{Code: "nothing_to_review", Message: "only an open request about an automated decision takes this"}
		}
		before, err := f.tx.Contested(ctx, f.row.ID, f.subject)
		if err != nil {
			return err
		}
		change, err := f.makersChanged(ctx, before.Makers, said)
		if err != nil {
			return err
		}
		if err := f.mayTakeOff(ctx, change.TakenOff, said.Note); err != nil {
			return err
		}
		if len(change.TakenOff) > 0 {
			if change.Note, err = f.tx.AddNote(ctx, f.row, f.subject, storage.NoteReason, strings.TrimSpace(said.Note)); err != nil {
				return err
			}
		}
		if err := f.tx.SayDecisionMakers(ctx, f.row.ID, before, change); err != nil {
			return err
		}
		return f.tx.RecordStep(ctx, f.row, key, "say_decision_makers", "")
	})
}

// makersChanged is what is new of who made the decision: names that stand already are not put on again, nor taken off where they don't stand.
func (f *file) makersChanged(ctx context.Context, before []string, said DecisionMakers) (m storage.DecisionMakers, err error) {
	added, err := f.members(ctx, said.Makers)
	if err != nil {
		return m, err
	}
	m.Added = slices.DeleteFunc(added, func(one string) bool { return slices.Contains(before, one) })
	for _, id := range said.TakenOff {
		switch one := id.String(); {
		case slices.Contains(said.Makers, id):
			return m, &privacy.RuleError{Code: codeMakers, Message: "a name is either put on record or taken off; one is given for both"}
		case slices.Contains(before, one) && !slices.Contains(m.TakenOff, one):
			m.TakenOff = append(m.TakenOff, one)
		}
	}
	return m, nil
}

// mayTakeOff wants names to be taken off by somebody else, who says why.
func (f *file) mayTakeOff(ctx context.Context, names []string, note string) error {
	if len(names) == 0 {
		return nil
	}
	acting, err := peopleBehind(ctx, f.tx, []string{f.tx.Actor().ID})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(acting, func(one string) bool { return slices.Contains(names, one) }) {
		return &privacy.RuleError{Code: codeFourEyes, Message: "you are on record as having taken or prepared the decision; somebody else takes your name off it"}
	}
	if strings.TrimSpace(note) == "" {
		return &privacy.RuleError{Code: codeMakers, Message: "say in a note why a name is taken off: it stood there as of somebody who took or prepared the decision"}
	}
	return nil
}

// makersSaid wants somebody to have said who made the decision, be it nobody of the staff: only then can a review be one by somebody else.
func makersSaid(c storage.Contested) error {
	if c.MakersSaidAt != nil || len(c.Makers) > 0 {
		return nil
	}
	return &privacy.RuleError{Code: "makers_unsaid", Message: "put on record first who took or prepared the decision, or that nobody of the staff did"}
}

// members are the ids of members of the staff as the register keeps them, each once.
func (f *file) members(ctx context.Context, ids []uuid.UUID) ([]string, error) {
	staff, err := f.tx.Staff(ctx)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(ids))
	for _, id := range ids {
		if !slices.ContainsFunc(staff, func(m storage.Staff) bool { return m.ID == id }) {
			return nil, fmt.Errorf("member of the staff: %w", storage.ErrNotFound)
		}
		names = append(names, id.String())
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}
