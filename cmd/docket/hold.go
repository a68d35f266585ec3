package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/privacy"
)

// holdCommand is `docket hold`.
func (v *verbs) holdCommand() *cobra.Command {
	return group("hold", "Legal holds: what keeps people's data from being erased", v.holdList(), v.holdPlace(), v.holdLift())
}

func (v *verbs) holdList() *cobra.Command {
	var lifted bool
	var paging pagingFlags
	cmd := v.online("list", "List the holds that stand, newest first", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := collect(ctx, paging, func(ctx context.Context, p client.Paging) (client.Page[client.LegalHold], error) {
			return s.LegalHolds(ctx, lifted, p)
		})
		if err != nil {
			return err
		}
		return listing[client.LegalHold]{
			head: "ID\tMATTER\tCITATION\tREVIEW\tKNOWN BY\tLIFTED",
			row: func(h client.LegalHold) []string {
				ended := ""
				if h.LiftedAt != nil {
					ended = h.LiftedAt.Format("2006-01-02")
				}
				return []string{h.ID.String(), h.Matter, h.Citation, h.ReviewOn.String(), strconv.FormatInt(h.People, 10), ended}
			},
			empty: "No hold stands. docket hold place adds one.",
		}.print(s, page)
	})
	cmd.Flags().BoolVar(&lifted, "lifted", false, "also those that were lifted")
	paging.add(cmd)
	return cmd
}

func (v *verbs) holdPlace() *cobra.Command {
	var hold client.NewLegalHold
	var reason, review string
	var emails []string
	cmd := v.changing("place --matter MATTER --review DAY --email ADDRESS --reason TEXT", "Keep what is held of people from being erased, for a matter", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) (err error) {
			if hold.ReviewOn, err = privacy.ParseDate(review); err != nil {
				return fmt.Errorf("--review: %w", err)
			}
			if hold.Reason, err = s.text("reason", reason); err != nil {
				return err
			}
			for _, e := range emails {
				hold.People = append(hold.People, client.HeldPerson{Email: e})
			}
			made, err := s.PlaceHold(ctx, s.once, hold)
			if err != nil {
				return err
			}
			return s.show(made, func(w io.Writer) { pairs(w, [2]string{"hold", made.ID.String()}) })
		})
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	cmd.Flags().StringVar(&hold.Matter, "matter", "", "a court's reference, or a name of the case")
	cmd.Flags().StringVar(&hold.Citation, "citation", "", "the rule; Art. 17(3)(e) GDPR when left out")
	cmd.Flags().StringVar(&review, "review", "", "when somebody looks whether it is still needed: 2027-03-01")
	cmd.Flags().StringArrayVar(&emails, "email", nil, "somebody's address; may be given more than once")
	cmd.Flags().StringSliceVar(&hold.Systems, "systems", nil, "only these systems, by key")
	addTextFlag(cmd, &reason, "reason", "why, for the file")
	for _, needed := range []string{"matter", "review", "email", "reason"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	return cmd
}

func (v *verbs) holdLift() *cobra.Command {
	var reason string
	cmd := v.online("lift HOLD --reason TEXT", "End a hold; erasures that waited for it go on", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := uuid.Parse(args[0])
		if err != nil {
			return fmt.Errorf("a hold is named by its id; docket hold list shows it: %w", err)
		}
		text, err := s.text("reason", reason)
		if err != nil {
			return err
		}
		if err := s.LiftHold(ctx, id, text); err != nil {
			return err
		}
		s.say("The hold is lifted.\n")
		return nil
	})
	addTextFlag(cmd, &reason, "reason", "why it is no longer needed")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}
