package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) consentForm() *cobra.Command {
	var language string
	cmd := v.online("form [PURPOSE…]", "Print a form for a page of yours by which people sign up", cobra.ArbitraryArgs, func(ctx context.Context, s *session, args []string) error {
		got, err := s.SignUpForm(ctx, args, language)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) { _, _ = fmt.Fprintf(w, "%s\n%s\n", got.HTML, got.Page) })
	})
	cmd.Long = cmd.Short + ".\nIt works without a script, and says which version of the words it has: print it anew when they change. The last line is the address of the same form on a page of ours.\n" +
		"Which purposes forms may ask for is a setting: settings.consents.sign_ups."
	cmd.Flags().StringVar(&language, "language", "", "of the words, such as de; yours when absent")
	return cmd
}

var errNoWords = errors.New("there are no words that one could agree to: docket consent text adds them")

func (v *verbs) consentSignUp() *cobra.Command {
	n := client.NewSignUp{Source: "command line"}
	cmd := v.changing("sign-up ADDRESS --purpose PURPOSE", "Have a mailbox confirm that its owner wants messages (double opt-in)", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			n.Address = args[0]
			var err error
			if n.Texts, err = newestWords(ctx, s, n.Purposes, n.Language); err != nil {
				return err
			}
			got, err := s.SignUp(ctx, n, s.once)
			if err != nil {
				return err
			}
			return s.show(got, func(w io.Writer) { row(w, "taken in", got.ID.String()) })
		})
	cmd.Long = cmd.Short + ".\nThe newest words of each purpose count as those that were shown: read them to the person. The mailbox gets one letter, however often this is said.\n\n" + historyWarning
	flags := cmd.Flags()
	flags.StringSliceVar(&n.Purposes, "purpose", nil, "the key of what they want; several may be named")
	flags.StringVar(&n.Language, "language", "", "what they read, such as de; yours when absent")
	flags.StringVar(&n.Country, "country", "", "where they live")
	flags.StringVar(&n.Source, "source", n.Source, "where they said so: the name of a form or a shop")
	_ = cmd.MarkFlagRequired("purpose")
	return cmd
}

// newestWords are the newest texts of purposes, in a language where there are such.
func newestWords(ctx context.Context, s *session, purposes []string, language string) (out []uuid.UUID, err error) {
	all, err := s.ConsentPurposes(ctx)
	if err != nil {
		return nil, err
	}
	for _, p := range all.Items {
		if !slices.Contains(purposes, p.Key) {
			continue
		}
		if len(p.Texts) == 0 {
			return nil, fmt.Errorf("%s: %w", p.Key, errNoWords)
		}
		at := max(0, slices.IndexFunc(p.Texts, func(t client.ConsentText) bool { return t.Language == language }))
		out = append(out, p.Texts[at].ID)
	}
	if len(out) == 0 {
		return nil, errNoWords
	}
	return out, nil
}

func (v *verbs) consentSignUpShow() *cobra.Command {
	return v.online("sign-up-show ID", "How far a sign-up has come", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		id, err := uuid.Parse(args[0])
		if err != nil {
			return errors.New("a sign-up is named by the id that docket consent sign-up printed")
		}
		got, err := s.GetSignUp(ctx, id)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) { signUpRow(w, got) })
	})
}

func signUpRow(w io.Writer, up client.SignUp) {
	words := up.State
	if up.Expires != nil && up.Ended == nil {
		words += " until " + up.Expires.Format("2006-01-02 15:04") + " UTC"
	}
	letters := strconv.Itoa(up.Letters) + " letter"
	if up.Letters != 1 {
		letters += "s"
	}
	row(w, up.At.Format("2006-01-02 15:04")+" UTC", fmt.Sprint(up.Purposes), words, letters)
}
