package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

var errReceiver = errors.New("a receiver is named by its id or by its name; docket consent receivers lists them")

// receiverNamed finds a receiver by its id or its name.
func receiverNamed(ctx context.Context, s *session, name string) (client.ConsentReceiver, error) {
	page, err := s.ConsentReceivers(ctx)
	if err != nil {
		return client.ConsentReceiver{}, err
	}
	var found []client.ConsentReceiver
	for _, r := range page.Items {
		if r.ID.String() == name {
			return r, nil
		}
		if r.Name == name && r.Active {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return client.ConsentReceiver{}, errReceiver
	}
	return found[0], nil
}

func (v *verbs) consentReceivers() *cobra.Command {
	return v.online("receivers", "List the systems that have to hear who wants no more, and how far each is", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.ConsentReceivers(ctx)
		if err != nil {
			return err
		}
		return listing[client.ConsentReceiver]{
			head: "RECEIVER\tKIND\tID\tSTATE\tLAST CONFIRMED\tPROBLEM",
			row: func(r client.ConsentReceiver) []string {
				return []string{r.Name, r.Kind, r.ID.String(), receiverState(r), s.atIf(r.TakenAt), r.Problem}
			},
			empty: "There is no receiver yet: docket consent receiver NAME --kind KIND adds one.",
		}.print(s, page)
	})
}

func receiverState(r client.ConsentReceiver) string {
	switch {
	case !r.Active:
		return "retired"
	case r.Tries > 0:
		return "away"
	case r.Waiting:
		return "something to confirm"
	default:
		return "all confirmed"
	}
}

func (v *verbs) consentReceiver() *cobra.Command {
	var n client.NewConsentReceiver
	var test, retire, secret bool
	cmd := v.online("receiver NAME --kind KIND", "Have another system hear who wants no more, or change, test or retire one", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) (err error) {
			if n.Token, err = s.text("token", n.Token); err != nil {
				return err
			}
			n.Name, n.Token = args[0], strings.TrimSpace(n.Token)
			if n.Kind != "" {
				return addReceiver(ctx, s, n)
			}
			r, err := receiverNamed(ctx, s, args[0])
			if err != nil {
				return err
			}
			switch {
			case test:
				return testReceiver(ctx, s, r.ID)
			case retire:
				gone, err := s.RetireConsentReceiver(ctx, r.ID)
				return errors.Join(err, s.show(gone, func(w io.Writer) { row(w, gone.Name, "is retired: it hears of nothing any more") }))
			case secret:
				return newReceiverSecret(ctx, s, r.ID)
			case n.URL != "" || n.Login != "" || n.Token != "":
				return changeReceiver(ctx, s, r, n)
			default:
				return s.show(r, func(w io.Writer) { printReceiver(w, r) })
			}
		})
	cmd.Long = cmd.Short + `.

http posts signed JSON to --url, listmonk tells listmonk at --url as the API user --login, pull waits for the system to ask: it reads /v1/consent/receivers/ID/changes with a key of the
scopes consent-feed:read and consent-feed:write, and confirms. Channels and purposes never change: retire the receiver and add another.
Without --kind NAME is one that there is, by its name or its id.

` + historyWarning
	flags := cmd.Flags()
	flags.StringVar(&n.Kind, "kind", "", "add one: http, listmonk or pull")
	flags.StringVar(&n.URL, "url", "", "where it is")
	flags.StringVar(&n.Login, "login", "", "the API user in listmonk")
	flags.StringVar(&n.Token, "token", "", "the token of that user; @FILE reads it from a file, @- from standard input")
	flags.StringSliceVar(&n.Channels, "channel", nil, "on which it writes: email (when absent), sms, phone, post, push")
	flags.StringSliceVar(&n.Purposes, "purpose", nil, "the keys of what it writes for; all when absent")
	flags.BoolVar(&n.Backlog, "backlog", false, "have it hear of every withdrawal that there is, and not only of those to come")
	flags.BoolVar(&test, "test", false, "see whether it can be told, without telling it of anybody")
	flags.BoolVar(&retire, "retire", false, "it writes to nobody any more; that can't be taken back")
	flags.BoolVar(&secret, "new-secret", false, "make another secret that signs what it is told; the one before signs nothing any more")
	cmd.MarkFlagsMutuallyExclusive("kind", "test", "retire", "new-secret")
	return cmd
}

func addReceiver(ctx context.Context, s *session, n client.NewConsentReceiver) error {
	made, err := s.CreateConsentReceiver(ctx, n)
	if err != nil {
		return err
	}
	return s.show(made, func(w io.Writer) {
		row(w, "receiver", made.ID.String())
		if made.Secret != "" {
			row(w, "secret", made.Secret)
			row(w, "", "It signs what the receiver is told, and is shown this once.")
		}
	})
}

func changeReceiver(ctx context.Context, s *session, r client.ConsentReceiver, n client.NewConsentReceiver) error {
	change := client.ConsentReceiverChange{Name: r.Name, URL: r.URL, Login: r.Login, Token: n.Token}
	if n.URL != "" {
		change.URL = n.URL
	}
	if n.Login != "" {
		change.Login = n.Login
	}
	got, err := s.ChangeConsentReceiver(ctx, r.ID, change)
	if err != nil {
		return err
	}
	return s.show(got, func(w io.Writer) { printReceiver(w, got) })
}

func newReceiverSecret(ctx context.Context, s *session, id uuid.UUID) error {
	made, err := s.ReplaceReceiverSecret(ctx, id)
	if err != nil {
		return err
	}
	return s.show(made, func(w io.Writer) { row(w, "secret", made.Secret) })
}

var errNotTold = errors.New("the receiver can't be told")

func testReceiver(ctx context.Context, s *session, id uuid.UUID) error {
	got, err := s.TestConsentReceiver(ctx, id)
	if err != nil {
		return err
	}
	if err := s.show(got, func(w io.Writer) { row(w, yesNo(got.OK), got.Problem) }); err != nil {
		return err
	}
	if !got.OK {
		return errNotTold
	}
	return nil
}

func printReceiver(w io.Writer, r client.ConsentReceiver) {
	row(w, r.Name, r.Kind, r.URL)
	row(w, "id", r.ID.String())
	row(w, "state", receiverState(r), r.Problem)
	row(w, "channels", strings.Join(r.Channels, ", "))
	if len(r.Purposes) > 0 {
		row(w, "purposes", strings.Join(r.Purposes, ", "))
	}
	row(w, "feed", "up to "+r.Counted, "confirmed up to "+r.Confirmed)
}

func (v *verbs) consentHandovers() *cobra.Command {
	var all bool
	cmd := v.online("handovers", "List what other systems have yet to confirm of withdrawals, by day, with the laws whose time runs", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.ConsentHandovers(ctx, all)
		if err != nil {
			return err
		}
		return listing[client.ConsentHandover]{
			head: "DAY\tRECEIVER\tSTATE\tCONFIRMED\tLATE\tDUE\tBY",
			row: func(h client.ConsentHandover) []string {
				return []string{h.Day, h.Name, h.State, fmt.Sprintf("%d of %d", h.Confirmed, h.Withdrawals), fmt.Sprint(h.Late), h.Due.Format("2006-01-02 15:04 MST"), h.DueLaw + ": " + h.Citation}
			},
			empty: "Nothing is open: every withdrawal is confirmed.",
		}.print(s, page)
	})
	cmd.Flags().BoolVar(&all, "all", false, "those that are confirmed or ended, too")
	return cmd
}

func (v *verbs) consentConfirm() *cobra.Command {
	cmd := v.online("confirm RECEIVER CURSOR", "A system that asks by itself has done what it read, up to a cursor", cobra.ExactArgs(2), func(ctx context.Context, s *session, args []string) error {
		id, err := uuid.Parse(args[0])
		if err != nil {
			r, err := receiverNamed(ctx, s, args[0])
			if err != nil {
				return err
			}
			id = r.ID
		}
		got, err := s.ConfirmConsentChanges(ctx, id, args[1])
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) {
			row(w, fmt.Sprintf("%d withdrawals confirmed, %d of them late", got.Confirmed, got.Late))
		})
	})
	cmd.Long = cmd.Short + ".\nThe cursor is that of a page of docket consent changes."
	return cmd
}

func (v *verbs) consentChanges() *cobra.Command {
	var after string
	var most int
	cmd := v.online("changes RECEIVER", "Read whom a receiver that asks by itself may write to no more and why, and who has agreed again", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := uuid.Parse(args[0])
		if err != nil {
			r, err := receiverNamed(ctx, s, args[0])
			if err != nil {
				return err
			}
			id = r.ID
		}
		got, err := s.ConsentChanges(ctx, id, after, most)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) {
			for _, c := range got.Changes {
				row(w, c.Change, c.Address, c.Purpose, c.Channel, c.At.Format("2006-01-02 15:04"), c.Kind)
			}
			row(w, "cursor", got.Cursor, yesNo(got.More))
		})
	})
	cmd.Long = cmd.Short + ".\nThe addresses are shown: that they were read is recorded. Each line begins with what stands now and ends with what happened: withdrawn, objected, restricted, suppressed, stop_ended, given, confirmed. The last line has the cursor for docket consent confirm, and whether there is more behind it."
	cmd.Flags().StringVar(&after, "after", "", "the cursor of the page before; where the receiver has confirmed when absent")
	cmd.Flags().IntVar(&most, "limit", 0, "how many at most, up to 1000")
	return cmd
}
