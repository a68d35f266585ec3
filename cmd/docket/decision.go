package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// decisionCommand is `docket decision`.
func (v *verbs) decisionCommand() *cobra.Command {
	return group("decision", "Decisions that a machine took alone, and that people want a human to look at", v.decisionShow(), v.decisionMakers())
}

func (v *verbs) decisionShow() *cobra.Command {
	return v.online("show REQUEST", "Show the decision that a person contests, who made it, and the reviews of it; this is recorded", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			decision, err := s.Decision(ctx, id)
			if err != nil {
				return err
			}
			return s.decision(decision)
		}))
}

// decision prints a contested decision.
func (s *session) decision(d client.Contested) error {
	return s.show(d, func(w io.Writer) {
		for _, part := range [][2]string{{"decision", d.Decision}, {"taken", d.Taken}, {"effect", d.Effect}, {"view", d.View}} {
			if part[1] != "" {
				row(w, part[0], part[1])
			}
		}
		row(w, "made by", madeBy(d))
		for _, r := range d.Reviews {
			row(w, "reviewed", r.Outcome+", "+r.At.Format("2006-01-02 15:04")+" UTC, "+r.By, r.Reasons)
		}
	})
}

// madeBy says who made a decision, as far as somebody has said.
func madeBy(d client.Contested) string {
	switch {
	case len(d.Makers) > 0:
		return strings.Join(d.Makers, ", ")
	case d.SaidAt != nil:
		return "nobody of the staff"
	default:
		return "nobody has said yet; docket decision makers does"
	}
}

func (v *verbs) decisionMakers() *cobra.Command {
	var makers, off []string
	var note string
	var nobody bool
	cmd := v.changing("makers REQUEST --maker ID", "Put on record which members of the staff took or prepared the decision: none of them reviews it", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			said, err := s.makersSaid(makers, off, note)
			if err != nil {
				return err
			}
			if err := s.SayDecisionMakers(ctx, s.once, id, said); err != nil {
				return err
			}
			decision, err := s.Decision(ctx, id)
			if err != nil {
				return err
			}
			return s.decision(decision)
		}))
	cmd.Long = cmd.Short + ".\n\nNames are added to those on record; --take-off takes one off that stood there by mistake, with a --note that says why, and nobody takes off their own.\nWhere nobody of the staff had a part, say so with --nobody: no review is concluded before somebody has said who made the decision. Whoever looks\nat the decision does so signed in to the console: a review through a program's key is none by a human."
	cmd.Flags().StringArrayVar(&makers, "maker", nil, "the id of a member of the staff; may be given more than once")
	cmd.Flags().StringArrayVar(&off, "take-off", nil, "the id of a member of the staff who stood there by mistake; may be given more than once")
	addTextFlag(cmd, &note, "note", "why a name is taken off, for the file")
	cmd.Flags().BoolVar(&nobody, "nobody", false, "nobody of the staff took or prepared it, beside those on record")
	cmd.MarkFlagsOneRequired("maker", "take-off", "nobody")
	cmd.MarkFlagsMutuallyExclusive("maker", "nobody")
	cmd.MarkFlagsMutuallyExclusive("take-off", "nobody")
	return cmd
}

// makersSaid is what flags say of who made a decision.
func (s *session) makersSaid(makers, off []string, note string) (said client.DecisionMakers, err error) {
	if said.Makers, err = membersGiven("--maker", makers); err != nil {
		return said, err
	}
	if said.TakenOff, err = membersGiven("--take-off", off); err != nil {
		return said, err
	}
	if note != "" {
		said.Note, err = s.text("note", note)
	}
	return said, err
}

func membersGiven(flag string, ids []string) ([]uuid.UUID, error) {
	out := []uuid.UUID{}
	for _, id := range ids {
		one, err := uuid.Parse(id)
		if err != nil {
			return nil, fmt.Errorf("%s %s is not the id of a member of the staff; docket staff list shows them", flag, id)
		}
		out = append(out, one)
	}
	return out, nil
}
