package main

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// staffCommand is `docket staff`.
func (v *verbs) staffCommand() *cobra.Command {
	return group("staff", "The tenant's staff", v.staffAdd(), v.staffList())
}

func (v *verbs) staffAdd() *cobra.Command {
	var who personInput
	var role string
	cmd := v.online("add --role ROLE --person-file FILE", "Add a member of staff", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		person, err := who.read(s, askName(), askEmail())
		if err != nil {
			return err
		}
		if person.Name == "" || person.Email == "" || person.Phone != "" || person.CustomerID != "" {
			return errors.New("a member of staff has a name and an e-mail address, both, and nothing else")
		}
		member, err := s.AddStaff(ctx, client.NewStaff{Role: role, Name: person.Name, Email: person.Email})
		if err != nil {
			return err
		}
		return s.show(member, func(w io.Writer) { pairs(w, [2]string{"id", member.ID.String()}, [2]string{"role", member.Role}) })
	})
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	who.flags(cmd)
	cmd.Flags().StringVar(&role, "role", "", "agent, lead, dpo, executive, admin or auditor")
	_ = cmd.MarkFlagRequired("role")
	return cmd
}

func (v *verbs) staffList() *cobra.Command {
	return v.online("list", "List the staff", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		page, err := s.Staff(ctx)
		if err != nil {
			return err
		}
		return listing[client.Staff]{
			head: "ID\tROLE\tNAME\tE-MAIL\tSTATE",
			row: func(m client.Staff) []string {
				state := "active"
				if !m.Active {
					state = "left"
				}
				return []string{m.ID.String(), m.Role, m.Name, m.Email, state}
			},
			empty: "There is no staff. docket staff add adds someone.",
		}.print(s, page)
	})
}
