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
		if len(d.Makers) > 0 {
			row(w, "made by", strings.Join(d.Makers, ", "))
		}
		for _, r := range d.Reviews {
			row(w, "reviewed", r.Outcome+", "+r.At.Format("2006-01-02 15:04")+" UTC, "+r.By, r.Reasons)
		}
	})
}

func (v *verbs) decisionMakers() *cobra.Command {
	var makers []string
	cmd := v.changing("makers REQUEST --maker ID", "Put on record which members of the staff took or prepared the decision: none of them reviews it", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			said := client.DecisionMakers{Makers: []uuid.UUID{}}
			for _, maker := range makers {
				one, err := uuid.Parse(maker)
				if err != nil {
					return fmt.Errorf("--maker %s is not the id of a member of the staff; docket staff list shows them", maker)
				}
				said.Makers = append(said.Makers, one)
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
	cmd.Long = cmd.Short + ".\n\nWhat is given replaces what stood before; without --maker nobody is named. Whoever looks at the decision does so signed in to the console:\na review through a program's key is none by a human."
	cmd.Flags().StringArrayVar(&makers, "maker", nil, "the id of a member of the staff; may be given more than once")
	return cmd
}
