package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) transmissionLinks() *cobra.Command {
	return v.online("links REQUEST", "List the links by which other controllers fetch the data of a request; this is recorded", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			return s.transmissionLinks(ctx, id)
		}))
}

func (s *session) transmissionLinks(ctx context.Context, id uuid.UUID) error {
	all, err := s.TransmissionLinks(ctx, id)
	if err != nil {
		return err
	}
	return listing[client.TransmissionLink]{
		head: "MADE\tRECEIVER\tSTATE\tREASON\tUNTIL\tFETCHED\tLAST\tID",
		row: func(l client.TransmissionLink) []string {
			fetched, last := 0, ""
			for _, f := range l.Fetches {
				if f.Whole && f.EndedAt != nil {
					fetched, last = fetched+1, s.at(*f.EndedAt)
				}
			}
			return []string{
				s.at(l.MadeAt), l.Receiver, l.State, l.Reason, s.at(l.ExpiresAt), strconv.Itoa(fetched), last, l.ID.String(),
			}
		},
		empty: "No links were made.",
	}.print(s, all)
}

func (v *verbs) transmissionLink() *cobra.Command {
	var n client.NewTransmissionLink
	cmd := v.changing("link REQUEST --to NAME", "Make a link by which another controller fetches the data of a request for portability", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			made, err := s.MakeTransmissionLink(ctx, s.once, id, n)
			if err != nil {
				return err
			}
			return s.show(made, func(w io.Writer) {
				pairs(w, [2]string{"id", made.ID.String()}, [2]string{"until", s.at(made.ExpiresAt)}, [2]string{"link", made.URL})
			})
		}))
	cmd.Long = cmd.Short + ".\n\nWhoever has the link gets the data by GET, with nothing else: give it to the receiver, or to the person, and to nobody else. It works for a week at the\nlongest, never longer than the package is there, and for five fetches. It is printed now and never again; docket transmission take-back ends it."
	cmd.Flags().StringVar(&n.Receiver, "to", "", "whom it is for; the person reads it in the letter")
	_ = cmd.MarkFlagRequired("to")
	return cmd
}

func (v *verbs) transmissionTakeBack() *cobra.Command {
	return v.changing("take-back REQUEST LINK", "Take a link back by its id; a fetch that is under way breaks off", cobra.ExactArgs(2), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			link, err := uuid.Parse(args[0])
			if err != nil {
				return fmt.Errorf("%q is not the id of a link; docket transmission links lists them", args[0])
			}
			if err := s.EndTransmissionLink(ctx, s.once, id, link); err != nil {
				return err
			}
			return s.transmissionLinks(ctx, id)
		}))
}
