package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) consentPurposes() *cobra.Command {
	return v.online("purposes", "List what people are asked to agree to", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.ConsentPurposes(ctx)
		if err != nil {
			return err
		}
		return listing[client.ConsentPurpose]{
			head: "PURPOSE\tCLASS\tSINCE\tTEXTS\tUSED",
			row: func(p client.ConsentPurpose) []string {
				used := "yes"
				if p.RetiredAt != nil {
					used = "until " + p.RetiredAt.Format("2006-01-02")
				}
				return []string{p.Key, p.Class, p.CreatedAt.Format("2006-01-02"), fmt.Sprint(len(p.Texts)), used}
			},
			empty: "There is no purpose yet: docket consent purpose KEY adds one.",
		}.print(s, page)
	})
}

func (v *verbs) consentPurpose() *cobra.Command {
	var change client.PurposeChange
	cmd := v.online("purpose KEY", "Add a purpose, or say what its messages are, or that it is used no more", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		got, err := s.PutConsentPurpose(ctx, args[0], change)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) { row(w, got.Key, got.Class) })
	})
	flags := cmd.Flags()
	flags.StringVar(&change.Class, "class", "", "commercial (when absent), transactional, asking_consent, charitable or fundraising")
	flags.BoolVar(&change.Similar, "similar-goods", false, "its messages are about your own goods or services like those that were bought")
	flags.BoolVar(&change.Tracking, "tracking", false, "what is agreed to is that opening and following links is seen")
	flags.BoolVar(&change.Retired, "retired", false, "it is used no more; what was recorded stays")
	return cmd
}

func (v *verbs) consentText() *cobra.Command {
	var text client.NewConsentText
	cmd := v.changing("text PURPOSE --language LANGUAGE --title TITLE --body TEXT", "Add the next version of the words that people agree to", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) (err error) {
			if text.Body, err = s.text("body", text.Body); err != nil {
				return err
			}
			got, err := s.AddConsentText(ctx, s.once, args[0], text)
			if err != nil {
				return err
			}
			return s.show(got, func(w io.Writer) { row(w, got.Language, fmt.Sprintf("version %d", got.Version), got.SHA256) })
		})
	flags := cmd.Flags()
	flags.StringVar(&text.Language, "language", "", "its language, as en or pt-BR")
	flags.StringVar(&text.Title, "title", "", "its title")
	addTextFlag(cmd, &text.Body, "body", "exactly the words that people see")
	for _, needed := range []string{"language", "title", "body"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	return cmd
}
