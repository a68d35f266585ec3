package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// correctionCommand is `docket correction`.
func (v *verbs) correctionCommand() *cobra.Command {
	return group("correction", "What people say is wrong in their data, and its correction (Art. 16 GDPR)",
		v.correctionShow(), v.correctionPropose(),
		v.correctionDecide("accept", "Accept a correction", client.CorrectionDecision{Decision: "accept"}),
		v.correctionRefuse(),
		v.correctionDecide("reopen", "Take a decision on a correction back", client.CorrectionDecision{Decision: "reopen"}),
		v.correctionDecide("take-back", "Take a correction back that was proposed by mistake", client.CorrectionDecision{Decision: "take_back"}),
		v.correctionWrite())
}

func (v *verbs) correctionShow() *cobra.Command {
	return v.online("show REQUEST", "Show what the systems say of the person, and what is to be corrected; this is recorded", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			all, err := s.Corrections(ctx, id)
			if err != nil {
				return err
			}
			return s.corrections(all)
		}))
}

// corrections prints fields with their values, then corrections.
func (s *session) corrections(all client.Corrections) error {
	return s.show(all, func(w io.Writer) {
		for _, h := range all.Holdings {
			for _, f := range h.Fields {
				for _, p := range f.Present {
					row(w, fieldNamed(h.System, f.Dataset, f.Collection, f.Field), quotedOrNone(p.Value), fmt.Sprintf("%d rows", p.Rows), f.Manual)
				}
			}
		}
		for _, c := range all.Corrections {
			state := c.State
			if c.Reason != "" {
				state += " (" + c.Reason + ")"
			}
			row(w, fieldNamed(c.System, c.Dataset, c.Collection, c.Field), quotedOrNone(c.Was)+" becomes "+quotedOrNone(c.Becomes), state, c.ID.String())
		}
		for _, m := range all.Writing {
			row(w, "written in "+m.System, m.State, m.Problem, "")
		}
		for _, st := range all.Statements {
			row(w, "statement", st.Text, st.At.Format("2006-01-02"), "")
		}
		row(w, "sha256", all.SHA256, "", "")
	})
}

// fieldNamed is how commands name a field: system/dataset.collection.field.
func fieldNamed(system, dataset, collection, field string) string {
	return system + "/" + dataset + "." + collection + "." + field
}

func quotedOrNone(value *string) string {
	if value == nil {
		return "(none)"
	}
	return fmt.Sprintf("%q", *value)
}

func (v *verbs) correctionPropose() *cobra.Command {
	var was, becomes, why string
	var cmd *cobra.Command
	cmd = v.changing("propose REQUEST FIELD --why TEXT", "Propose that one value becomes another, in every row of the person that has it", cobra.ExactArgs(2), named(func(ctx context.Context, s *session, id uuid.UUID, args []string) (err error) {
		n := client.NewCorrection{}
		if n.System, n.Dataset, n.Collection, n.Field, err = fieldOf(args[0]); err != nil {
			return err
		}
		if n.Why, err = s.text("why", why); err != nil {
			return err
		}
		if cmd.Flags().Changed("from") {
			n.Was = &was
		}
		if cmd.Flags().Changed("to") {
			n.Becomes = &becomes
		}
		made, err := s.ProposeCorrection(ctx, s.once, id, n)
		if err != nil {
			return err
		}
		return s.show(made, func(w io.Writer) { row(w, "proposed", made.ID.String()) })
	}))
	cmd.Long = cmd.Short + ".\nFIELD is system/dataset.collection.field, as docket correction show lists it.\n\n" + historyWarning
	cmd.Flags().StringVar(&was, "from", "", "the value that is wrong, letter for letter; without it the field has none")
	cmd.Flags().StringVar(&becomes, "to", "", "the right one; without it the field is emptied")
	addTextFlag(cmd, &why, "why", "what shows that it is right, for the file")
	_ = cmd.MarkFlagRequired("why")
	return cmd
}

// fieldOf reads system/dataset.collection.field.
func fieldOf(text string) (system, dataset, collection, field string, err error) {
	system, rest, ok := strings.Cut(text, "/")
	parts := strings.Split(rest, ".")
	if !ok || len(parts) != 3 {
		return "", "", "", "", fmt.Errorf("%q names no field: write system/dataset.collection.field, as docket correction show does", text)
	}
	return system, parts[0], parts[1], parts[2], nil
}

func (v *verbs) correctionDecide(name, short string, decision client.CorrectionDecision) *cobra.Command {
	return v.changing(name+" REQUEST CORRECTION", short, cobra.ExactArgs(2), deciding(func() client.CorrectionDecision { return decision }))
}

func (v *verbs) correctionRefuse() *cobra.Command {
	decision := client.CorrectionDecision{Decision: "refuse"}
	cmd := v.changing("refuse REQUEST CORRECTION --reason GROUND", "Refuse a correction on a ground of the law; the rest of the request goes on", cobra.ExactArgs(2),
		deciding(func() client.CorrectionDecision { return decision }))
	cmd.Flags().StringVar(&decision.Reason, "reason", "", "a ground that the law knows, such as data_accurate; docket policy show lists them")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

func deciding(decision func() client.CorrectionDecision) work {
	return named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
		correction, err := uuid.Parse(args[0])
		if err != nil {
			return fmt.Errorf("%q is no id of a correction; docket correction show lists them", args[0])
		}
		if err := s.DecideCorrection(ctx, s.once, id, correction, decision()); err != nil {
			return err
		}
		all, err := s.Corrections(ctx, id)
		if err != nil {
			return err
		}
		return s.corrections(all)
	})
}

func (v *verbs) correctionWrite() *cobra.Command {
	var sum string
	cmd := v.commanding("write REQUEST --sha256 SUM", "Write the accepted corrections in the systems; the person is told, and the request is closed", 0,
		func(context.Context, *session, uuid.UUID, []string) (client.Command, error) {
			return client.Correct{SHA256: sum}, nil
		})
	cmd.Flags().StringVar(&sum, "sha256", "", "of the corrections that you read, as docket correction show prints it")
	_ = cmd.MarkFlagRequired("sha256")
	return cmd
}
