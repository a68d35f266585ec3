package main

import (
	"context"
	"errors"
	"strconv"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// transmissionCommand is `docket transmission`.
func (v *verbs) transmissionCommand() *cobra.Command {
	return group("transmission", "What people take along, sent to another controller directly or fetched by one", v.transmissionList(), v.transmissionSend(), v.transmissionRefuse(),
		v.transmissionLinks(), v.transmissionLink(), v.transmissionTakeBack())
}

func (v *verbs) transmissionList() *cobra.Command {
	return v.online("list REQUEST", "List whom the data of a request was sent to, and what came of it; this is recorded", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			return s.transmissions(ctx, id)
		}))
}

func (s *session) transmissions(ctx context.Context, id uuid.UUID) error {
	all, err := s.Transmissions(ctx, id)
	if err != nil {
		return err
	}
	return listing[client.Transmission]{
		head: "ASKED\tRECEIVER\tSTATE\tREASON\tANSWERED\tBYTES\tID",
		row: func(t client.Transmission) []string {
			answered, bytes := "", ""
			if t.Status > 0 {
				answered = strconv.Itoa(t.Status)
			}
			if t.Bytes > 0 {
				bytes = strconv.FormatInt(t.Bytes, 10)
			}
			return []string{t.AskedAt.Format("2006-01-02 15:04"), t.Receiver, t.State, t.Reason, answered, bytes, t.ID.String()}
		},
		empty: "Nothing was sent to anybody.",
	}.print(s, all)
}

func (v *verbs) transmissionSend() *cobra.Command {
	var n client.NewTransmission
	cmd := v.changing("send REQUEST --to NAME --address URL", "Have the data of a request for portability sent to another controller", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) (err error) {
			if n.Address, err = s.text("address", n.Address); err != nil {
				return err
			}
			if _, err := s.Transmit(ctx, s.once, id, n); err != nil {
				return err
			}
			return s.transmissions(ctx, id)
		}))
	cmd.Long = cmd.Short + ".\n\nThe address takes one upload by PUT, such as a pre-signed URL of an object store. Whoever has it can write there: give it by standard input (-).\nThe receiver gets the data, without the cover; the person gets a letter that says what came of it."
	cmd.Flags().StringVar(&n.Receiver, "to", "", "whom it goes to; the person reads it in the letter")
	addTextFlag(cmd, &n.Address, "address", "the URL that takes the upload, which begins with https://")
	_ = cmd.MarkFlagRequired("to")
	_ = cmd.MarkFlagRequired("address")
	return cmd
}

func (v *verbs) transmissionRefuse() *cobra.Command {
	var r client.TransmissionRefusal
	cmd := v.changing("refuse REQUEST --explanation TEXT", "End what is tried in vain, because it is not technically feasible; the person is told why", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) (err error) {
			if r.Explanation, err = s.text("explanation", r.Explanation); err != nil {
				return err
			}
			open, err := s.openTransmission(ctx, id)
			if err != nil {
				return err
			}
			if err := s.RefuseTransmission(ctx, s.once, id, open, r); err != nil {
				return err
			}
			return s.transmissions(ctx, id)
		}))
	addTextFlag(cmd, &r.Explanation, "explanation", forTheLetter)
	_ = cmd.MarkFlagRequired("explanation")
	return cmd
}

var errNoTransmission = errors.New("nothing is being sent; docket transmission list shows what was")

func (s *session) openTransmission(ctx context.Context, id uuid.UUID) (uuid.UUID, error) {
	all, err := s.Transmissions(ctx, id)
	if err != nil {
		return uuid.Nil, err
	}
	for _, t := range all.Items {
		if t.State == "open" {
			return t.ID, nil
		}
	}
	return uuid.Nil, errNoTransmission
}
