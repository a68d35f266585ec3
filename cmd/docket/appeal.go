package main

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// appealCommand is `docket appeal`.
func (v *verbs) appealCommand() *cobra.Command {
	return group("appeal", "What people make against an answer: appeals with a clock of their own, complaints", v.appealList(), v.appealAdd(), v.appealDecide(), v.appealExtend())
}

func (v *verbs) appealList() *cobra.Command {
	return v.online("list REQUEST", "List what a person made against the answer; this is recorded", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			all, err := s.Appeals(ctx, id)
			if err != nil {
				return err
			}
			return listing[client.Appeal]{
				head: "RECEIVED\tKIND\tSTATE\tWHAT THE PERSON SAYS\tID",
				row: func(a client.Appeal) []string {
					return []string{a.ReceivedAt.Format("2006-01-02"), a.Kind, a.State, a.Text, a.ID.String()}
				},
				empty: "Nobody has appealed.",
			}.print(s, all)
		}))
}

func (v *verbs) appealAdd() *cobra.Command {
	n := client.NewAppeal{}
	cmd := v.changing("add REQUEST --text TEXT", "Take in an appeal, or a complaint, that came another way than through the person's page", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) (err error) {
			if n.Text, err = s.text("text", n.Text); err != nil {
				return err
			}
			if _, err := s.AddAppeal(ctx, s.once, id, n); err != nil {
				return err
			}
			return s.standsNow(ctx, id)
		}))
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	addTextFlag(cmd, &n.Text, "text", "what the person says")
	cmd.Flags().StringVar(&n.Channel, "channel", "staff", "how it came: email, phone, letter or staff")
	_ = cmd.MarkFlagRequired("text")
	return cmd
}

func (v *verbs) appealDecide() *cobra.Command {
	var d client.AppealDecision
	cmd := v.changing("decide REQUEST --decision DECISION --explanation TEXT", "Answer the open appeal; whoever gave the answer that it is against can't", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) (err error) {
			if d.Explanation, err = s.text("explanation", d.Explanation); err != nil {
				return err
			}
			appeal, err := s.openAppeal(ctx, id)
			if err != nil {
				return err
			}
			if err := s.DecideAppeal(ctx, s.once, id, appeal, d); err != nil {
				return err
			}
			return s.standsNow(ctx, id)
		}))
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	cmd.Flags().StringVar(&d.Decision, "decision", "", "granted (the request is taken up again), denied or withdrawn")
	addTextFlag(cmd, &d.Explanation, "explanation", forTheLetter)
	_ = cmd.MarkFlagRequired("decision")
	_ = cmd.MarkFlagRequired("explanation")
	return cmd
}

func (v *verbs) appealExtend() *cobra.Command {
	var e client.AppealExtension
	cmd := v.changing("extend REQUEST --reason REASON", "Give the decision on the open appeal more time, once, where the law has it", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			appeal, err := s.openAppeal(ctx, id)
			if err != nil {
				return err
			}
			if err := s.ExtendAppeal(ctx, s.once, id, appeal, e); err != nil {
				return err
			}
			return s.standsNow(ctx, id)
		}))
	cmd.Flags().StringVar(&e.Reason, "reason", "", "complexity or number_of_requests")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

var errNoAppeal = errors.New("no appeal is open; docket appeal list shows those that were")

func (s *session) openAppeal(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	all, err := s.Appeals(ctx, id)
	if err != nil {
		return uuid.Nil, err
	}
	for _, a := range all.Items {
		if a.State == "open" {
			return a.ID, nil
		}
	}
	return uuid.Nil, errNoAppeal
}

// standsNow prints how a request stands.
func (s *session) standsNow(ctx context.Context, id uuid.UUID) error {
	request, err := s.Request(ctx, id)
	if err != nil {
		return err
	}
	return s.stands(request)
}
