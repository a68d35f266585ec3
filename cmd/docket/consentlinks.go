package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) consentLinks() *cobra.Command {
	var n client.NewConsentLinks
	cmd := v.online("links ADDRESS… --purpose PURPOSE", "Make the links by which people end or choose what they get, with the headers of the message", cobra.RangeArgs(1, 10_000),
		func(ctx context.Context, s *session, args []string) error {
			n.Addresses = args
			got, err := s.MakeConsentLinks(ctx, n)
			if err != nil {
				return err
			}
			return s.show(got, func(w io.Writer) {
				for i, l := range got.Links {
					pairs(w, [2]string{"address", args[i]}, [2]string{"unsubscribe", l.Unsubscribe}, [2]string{"preferences", l.Preferences},
						[2]string{"List-Unsubscribe", l.Header}, [2]string{"List-Unsubscribe-Post", l.Post})
				}
			})
		})
	cmd.Long = cmd.Short + ".\nA link says nothing about consent. Whoever has one can end and choose for the person: it belongs into the message and nowhere else.\n\n" + historyWarning
	flags := cmd.Flags()
	flags.StringVar(&n.Purpose, "purpose", "", "the key of what the message is for; * is every purpose")
	flags.StringVar(&n.Channel, "channel", "", "email (when absent), sms, phone, post or push")
	flags.StringVar(&n.List, "list", "", "your own name of the list or campaign, which stands in the link: letters, digits and . _ -, at most 20")
	flags.StringVar(&n.Day, "day", "", "the day of sending, as 2006-01-02; today when absent")
	_ = cmd.MarkFlagRequired("purpose")
	return cmd
}

func (v *verbs) consentLinkKeys() *cobra.Command {
	return v.online("link-keys", "List the keys that sign the links of people", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.LinkKeys(ctx)
		if err != nil {
			return err
		}
		return printLinkKeys(s, page)
	})
}

func printLinkKeys(s *session, page client.Page[client.LinkKey]) error {
	day := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.Format("2006-01-02 15:04")
	}
	return listing[client.LinkKey]{
		head: "KEY\tSIGNS\tMADE\tRETIRED\tREVOKED",
		row: func(k client.LinkKey) []string {
			return []string{strconv.Itoa(int(k.Number)), yesNo(k.InUse), k.CreatedAt.Format("2006-01-02 15:04"), day(k.RetiredAt), day(k.RevokedAt)}
		},
		empty: "There is no key yet: the first is made with the first links.",
	}.print(s, page)
}

func (v *verbs) consentRotateLinks() *cobra.Command {
	return v.online("rotate-links", "Have a new key sign the links of people from now on; those that are out go on working", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			key, err := s.RotateLinkKeys(ctx)
			if err != nil {
				return err
			}
			return s.show(key, func(w io.Writer) { row(w, fmt.Sprintf("Key %d signs links now.", key.Number)) })
		})
}

var errLinkKey = errors.New("a key of links is named by its number, such as 1; docket consent link-keys lists them")

func (v *verbs) consentRevokeLinks() *cobra.Command {
	cmd := v.online("revoke-links KEY", "Have the links of a key that leaked do nothing any more; it can't be taken back", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			number, err := strconv.ParseUint(args[0], 10, 16)
			if err != nil || number == 0 {
				return errLinkKey
			}
			page, err := s.RevokeLinkKey(ctx, uint16(number))
			if err != nil {
				return err
			}
			return printLinkKeys(s, page)
		})
	cmd.Long = cmd.Short + ".\nWhoever opens one reads whom to write to. People who have nothing but such links can't end by them what they get: send them newer ones."
	return cmd
}
