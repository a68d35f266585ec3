package main

import (
	"context"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/privacy-docket/docket/client"
)

// limitCommand is `docket limit`.
func (v *verbs) limitCommand() *cobra.Command {
	return group("limit", "What may no longer be done with people's data: restrictions, objections, opt-outs",
		v.limitList(), v.limitShow(), v.limitCheck(), v.limitCheckList(), v.limitWeigh(), v.limitUphold(), v.limitLift(), v.limitEndSuppression())
}

func (v *verbs) limitList() *cobra.Command {
	var kind, cursor string
	var lifted bool
	cmd := v.online("list", "List the limits that stand, newest first; nobody is named", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.Limits(ctx, kind, lifted, cursor)
		if err != nil {
			return err
		}
		return listing[client.Limit]{
			head: "REQUEST\tKIND\tSINCE\tSTANDS\tRULE",
			row: func(l client.Limit) []string {
				return []string{l.Reference, l.Kind, l.Since.Format("2006-01-02"), standsHow(l), l.Citation}
			},
			empty: "No limit stands.",
		}.print(s, page)
	})
	cmd.Flags().StringVar(&kind, "kind", "", "only these: restriction, direct_marketing, sale, …")
	cmd.Flags().BoolVar(&lifted, "lifted", false, "those that were lifted too")
	cmd.Flags().StringVar(&cursor, "cursor", "", "where the list goes on")
	return cmd
}

// standsHow says in a few words how a limit stands.
func standsHow(l client.Limit) string {
	switch {
	case l.LiftedAt != nil:
		return "lifted " + l.LiftedAt.Format("2006-01-02")
	case l.EndsAt != nil:
		return "until " + l.EndsAt.Format("2006-01-02")
	case l.Provisional:
		return "while it is decided"
	default:
		return "yes"
	}
}

func (v *verbs) limitShow() *cobra.Command {
	return v.online("show REQUEST", "Show what a request has set, where it is marked, and how it was weighed", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			limits, err := s.RequestLimits(ctx, id)
			if err != nil {
				return err
			}
			return s.limits(limits)
		}))
}

// limits prints what a request has set.
func (s *session) limits(all client.RequestLimits) error {
	return s.show(all, func(w io.Writer) {
		if all.Ground != "" {
			row(w, "ground", all.Ground)
		}
		for _, l := range all.Limits {
			row(w, l.Kind, standsHow(l)+", since "+l.Since.Format("2006-01-02 15:04")+" UTC, "+l.Citation, l.ID.String())
		}
		for _, m := range all.Marks {
			words := m.Purpose + " " + m.State
			if m.Rows != nil {
				words += ", in " + several(int(*m.Rows), "place")
			}
			row(w, m.System, words, m.Problem)
		}
		for _, t := range all.Tests {
			row(w, "weighed", t.Outcome+", "+t.At.Format("2006-01-02"))
		}
	})
}

func (v *verbs) limitCheck() *cobra.Command {
	var use client.Use
	cmd := v.online("check --email ADDRESS --purpose PURPOSE", "May somebody's data be used so now?", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		decision, err := s.MayUse(ctx, use)
		if err != nil {
			return err
		}
		return s.show(decision, func(w io.Writer) {
			if decision.Allowed {
				row(w, "allowed")
			}
			for _, b := range decision.Blocks {
				row(w, "no", b.Kind, b.Why, "since "+b.Since.Format("2006-01-02"), b.Citation)
			}
		})
	})
	cmd.Long = cmd.Short + " The answer is no while a restriction, an objection, an opt-out or a suppression stands against it.\n\n" + historyWarning
	flags := cmd.Flags()
	knownFlags(flags, &use.Person)
	usageFlags(cmd, &use.Usage)
	return cmd
}

func knownFlags(flags *pflag.FlagSet, who *client.Known) {
	flags.StringVar(&who.Email, "email", "", "the person's address")
	flags.StringVar(&who.Phone, "phone", "", "their telephone number")
	flags.StringVar(&who.CustomerID, "customer-id", "", "what the company knows them by")
}

func usageFlags(cmd *cobra.Command, use *client.Usage) {
	flags := cmd.Flags()
	flags.StringVar(&use.Purpose, "purpose", "", "service, security, direct_marketing, targeted_advertising, sale, sharing, profiling, research, analytics or other")
	flags.StringVar(&use.Basis, "basis", "", "the lawful basis: consent, contract, legal_obligation, vital_interests, public_task or legitimate_interests")
	flags.StringVar(&use.Operation, "operation", "", "what Art. 18(2) GDPR lets through: store, use_for_legal_claim, protect_other_person or important_public_interest")
	flags.BoolVar(&use.Sensitive, "sensitive", false, "it is sensitive personal information")
	_ = cmd.MarkFlagRequired("purpose")
}

func (v *verbs) limitWeigh() *cobra.Command {
	var test client.NewBalanceTest
	cmd := v.changing("weigh REQUEST --outcome OUTCOME", "Put on record how the grounds were weighed that an objection is against", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) (err error) {
			for flag, into := range map[string]*string{"interest": &test.Interest, "necessity": &test.Necessity, "impact": &test.Impact, "safeguards": &test.Safeguards} {
				if *into, err = s.text(flag, *into); err != nil {
					return err
				}
			}
			limits, err := s.RecordBalance(ctx, s.once, id, test)
			if err != nil {
				return err
			}
			return s.limits(limits)
		}))
	cmd.Long = cmd.Short + " (Art. 21(1) GDPR).\n\n" + historyWarning
	cmd.Flags().StringVar(&test.Outcome, "outcome", "", "grounds_override or person_prevails")
	addTextFlag(cmd, &test.Interest, "interest", "what you want with the data, and what makes that compelling")
	addTextFlag(cmd, &test.Necessity, "necessity", "why it can't be had with less")
	addTextFlag(cmd, &test.Impact, "impact", "what it means for this person, their reasons considered")
	addTextFlag(cmd, &test.Safeguards, "safeguards", "what is done to soften that")
	for _, needed := range []string{"outcome", "interest", "necessity", "impact", "safeguards"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	return cmd
}

func (v *verbs) limitUphold() *cobra.Command {
	cmd := v.worded("uphold REQUEST --note TEXT", "Grant a restriction or an objection: what stood while it was weighed stands from now on", "note", forTheFile,
		func(text string) client.Command { return client.Uphold{Note: text} })
	_ = cmd.MarkFlagRequired("note")
	return cmd
}

func (v *verbs) limitLift() *cobra.Command {
	var lifting client.Lifting
	cmd := v.changing("lift REQUEST KIND --reason REASON --note TEXT", "End a limit that a closed request has set; the person is told first", cobra.ExactArgs(2), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) (err error) {
			if lifting.Note, err = s.text("note", lifting.Note); err != nil {
				return err
			}
			all, err := s.RequestLimits(ctx, id)
			if err != nil {
				return err
			}
			for _, l := range all.Limits {
				if l.LiftedAt == nil && (l.Kind == args[0] || l.ID.String() == args[0]) {
					after, err := s.LiftLimit(ctx, s.once, id, l.ID, lifting)
					if err != nil {
						return err
					}
					return s.limits(after)
				}
			}
			return fmt.Errorf("the request has set no such limit that stands; docket limit show lists them")
		}))
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	cmd.Flags().StringVar(&lifting.Reason, "reason", "", "ground_gone (it stands until the person could have read that), person_asked or fraud_belief")
	addTextFlag(cmd, &lifting.Note, "note", forTheFile)
	for _, needed := range []string{"reason", "note"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	return cmd
}
