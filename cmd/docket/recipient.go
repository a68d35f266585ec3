package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) erasureRecipients() *cobra.Command {
	return v.online("recipients REQUEST", "List who was given the data and must hear that it was erased (Art. 19 GDPR), and how far each was told", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			all, err := s.Recipients(ctx, id)
			if err != nil {
				return err
			}
			return s.recipients(all)
		}))
}

func (s *session) recipients(all client.RecipientList) error {
	return listing[client.Recipient]{
		head: "RECIPIENT\tROLE\tSYSTEM\tSTATE\tWAS GIVEN\tID",
		row: func(r client.Recipient) []string {
			return []string{r.Recipient, r.Role, r.System, strings.TrimSpace(r.State + " " + r.Reason), strings.Join(r.Categories, ","), r.ID.String()}
		},
		empty: "Nobody has to be told.",
	}.print(s, client.Page[client.Recipient]{Items: all.Items})
}

func (v *verbs) erasureTell() *cobra.Command {
	var telling client.RecipientTelling
	var note, system string
	cmd := v.changing("tell REQUEST RECIPIENT --state STATE [--note TEXT]", "Put on record how far a recipient was told of an erasure; it is named by name or id", cobra.ExactArgs(2),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) (err error) {
			if note != "" {
				if telling.Note, err = s.text("note", note); err != nil {
					return err
				}
			}
			all, err := s.Recipients(ctx, id)
			if err != nil {
				return err
			}
			recipient, err := recipientNamed(all.Items, args[0], system)
			if err != nil {
				return err
			}
			after, err := s.TellRecipient(ctx, s.once, id, recipient, telling)
			if err != nil {
				return err
			}
			return s.recipients(after)
		}))
	cmd.Long = cmd.Short + ".\nDocket writes to recipients whose mailbox stands in the declaration, and keeps their answer: docket inquiry.\nThose that have a system (system: in the declaration) hear of it over its connector. All others a person tells: there is a task for it.\n\n" + historyWarning
	cmd.Flags().StringVar(&telling.State, "state", "", "told, confirmed (it has said that it followed) or not_told")
	cmd.Flags().StringVar(&telling.Reason, "reason", "", "why it is not told: impossible or disproportionate")
	cmd.Flags().StringVar(&system, "system", "", "the system that it was given data of, by key, where it stands under several")
	addTextFlag(cmd, &note, "note", "by whom and how it was told, or why not; a request that is forgotten keeps none")
	_ = cmd.MarkFlagRequired("state")
	return cmd
}

// recipientNamed finds a recipient by its id or its name, in one system where that is given.
func recipientNamed(all []client.Recipient, name, system string) (uuid.UUID, error) {
	var found []uuid.UUID
	for _, r := range all {
		if (r.ID.String() == name || strings.EqualFold(r.Recipient, name)) && (system == "" || r.System == system) {
			found = append(found, r.ID)
		}
	}
	switch len(found) {
	case 0:
		return uuid.Nil, errors.New("the request has no such recipient; docket erasure recipients lists them")
	case 1:
		return found[0], nil
	default:
		return uuid.Nil, fmt.Errorf("%d recipients are called so, each of another system: say which with --system, or give the id", len(found))
	}
}
