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

const redactLong = `Leave something out of the answer, and say why. The cover of the package tells the person that, and on which ground.

WHERE is SYSTEM/DATASET/COLLECTION/FIELD for a column, or SYSTEM/DATASET/COLLECTION for whole rows, which --rows names:
--rows COLUMN=VALUE takes only the rows in which the column has that text.

The value may be personal data. ` + historyWarning + ` --rows @FILE and --rows - read COLUMN=VALUE from there.`

func (v *verbs) requestRedact() *cobra.Command {
	var in client.NewRedaction
	var rows, note string
	cmd := v.changing("redact REQUEST WHERE --ground GROUND", "Leave something out of the answer, and say why", cobra.ExactArgs(2),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			if err := place(&in, args[0]); err != nil {
				return err
			}
			if err := s.rows(&in, rows); err != nil {
				return err
			}
			var err error
			if in.Note, err = s.text("note", note); err != nil {
				return err
			}
			created, err := s.AddRedaction(ctx, s.once, id, in)
			if err != nil {
				return err
			}
			return s.show(created, func(w io.Writer) { _, _ = fmt.Fprintf(w, "It is left out (%s).\n", created.ID) })
		}))
	cmd.Long = redactLong
	addTextFlag(cmd, &rows, "rows", "COLUMN=VALUE: only these rows")
	addTextFlag(cmd, &note, "note", "shown on the cover; it must not repeat what is left out")
	cmd.Flags().StringVar(&in.Ground, "ground", "", "anothers_rights, trade_secret, legal_privilege, security or other")
	cmd.Flags().StringVar(&in.Citation, "citation", "", "the rule; needed for the ground other")
	_ = cmd.MarkFlagRequired("ground")
	return cmd
}

func place(in *client.NewRedaction, where string) error {
	parts := strings.Split(where, "/")
	if len(parts) < 3 || len(parts) > 4 {
		return errors.New("WHERE is of the form SYSTEM/DATASET/COLLECTION/FIELD, or SYSTEM/DATASET/COLLECTION with --rows")
	}
	in.System, in.Dataset, in.Collection = parts[0], parts[1], parts[2]
	if len(parts) == 4 {
		in.Field = parts[3]
	}
	return nil
}

func (s *session) rows(in *client.NewRedaction, given string) error {
	if given == "" {
		return nil
	}
	text, err := s.text("rows", given)
	if err != nil {
		return err
	}
	var ok bool
	if in.KeyField, in.KeyValue, ok = strings.Cut(text, "="); !ok || in.KeyField == "" || in.KeyValue == "" {
		return errors.New("--rows is of the form COLUMN=VALUE")
	}
	return nil
}

func (v *verbs) requestRedactions() *cobra.Command {
	return v.online("redactions REQUEST", "Show what is left out of the answer; this is recorded", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.Redactions(ctx, id)
			if err != nil {
				return err
			}
			return listing[client.Redaction]{
				head: "REDACTION\tWHERE\tROWS\tGROUND\tNOTE",
				row: func(r client.Redaction) []string {
					where := strings.TrimSuffix(strings.Join([]string{r.System, r.Dataset, r.Collection, r.Field}, "/"), "/")
					rows := ""
					if r.KeyField != "" {
						rows = r.KeyField + "=" + r.KeyValue
					}
					return []string{r.ID.String(), where, rows, strings.TrimSpace(r.Ground + " " + r.Citation), r.Note}
				},
				empty: "Nothing is left out. docket request redact leaves something out.",
			}.print(s, page)
		}))
}

func (v *verbs) requestUnredact() *cobra.Command {
	return v.online("unredact REQUEST REDACTION", "Put back what was left out; the redaction is named by its id", cobra.ExactArgs(2),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			redaction, err := idOf("redaction", args[0])
			if err != nil {
				return err
			}
			if err := s.RemoveRedaction(ctx, id, redaction); err != nil {
				return err
			}
			s.say("It is in the answer again.")
			return nil
		}))
}
