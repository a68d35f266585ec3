package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) requestAssign() *cobra.Command {
	var nobody bool
	cmd := v.online("assign REQUEST STAFF", "Give a request to a member of staff, named by e-mail address or id; --nobody takes it back", cobra.RangeArgs(1, 2),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			if nobody != (len(args) == 0) {
				return errors.New("name a member of staff, or give --nobody to take the request from everyone")
			}
			var staff *uuid.UUID
			if !nobody {
				member, err := s.StaffNamed(ctx, args[0])
				if err != nil {
					return err
				}
				staff = &member.ID
			}
			after, err := s.Assign(ctx, id, staff)
			if err != nil {
				return err
			}
			return s.stands(after)
		}))
	cmd.Flags().BoolVar(&nobody, "nobody", false, "take the request from everyone")
	return cmd
}

func (v *verbs) requestReopen() *cobra.Command {
	return v.changing("reopen REQUEST", "Take a closed request up again", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			after, err := s.Reopen(ctx, s.once, id)
			if err != nil {
				return err
			}
			return s.stands(after)
		}))
}

func (v *verbs) requestResend() *cobra.Command {
	return v.changing("resend REQUEST", "Send the person a new link to the package; the one before stops working", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			if err := s.Resend(ctx, s.once, id); err != nil {
				return err
			}
			s.say("A new link is on its way to the person; the one before no longer works.")
			return nil
		}))
}

func (v *verbs) requestNote() *cobra.Command {
	var given string
	cmd := v.changing("note REQUEST --text TEXT", "Add a note to the file", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			text, err := s.text("text", given)
			if err != nil {
				return err
			}
			created, err := s.AddNote(ctx, s.once, id, text)
			if err != nil {
				return err
			}
			return s.show(created, func(w io.Writer) { _, _ = fmt.Fprintf(w, "The note is in the file (%s).\n", created.ID) })
		}))
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	addTextFlag(cmd, &given, "text", "the note")
	_ = cmd.MarkFlagRequired("text")
	return cmd
}

func (v *verbs) requestNotes() *cobra.Command {
	return v.online("notes REQUEST", "Read the notes of a request; this is recorded", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.Notes(ctx, id)
			if err != nil {
				return err
			}
			if len(page.Items) == 0 && !s.json {
				_, err := fmt.Fprintln(s.errs, "There are no notes. docket request note adds one.")
				return err
			}
			return s.show(page, func(w io.Writer) {
				for _, n := range page.Items {
					_, _ = fmt.Fprintf(w, "%s  %s  %s\n%s\n", s.at(n.At), printable(n.Kind), printable(n.Author), indented(printable(n.Text)))
				}
			})
		}))
}

func (v *verbs) requestTimeline() *cobra.Command {
	var evidence bool
	cmd := v.online("timeline REQUEST", "Show everything that happened to a request, newest first", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.Timeline(ctx, id)
			if err != nil || s.json {
				return orShow(s, page, err)
			}
			folded := 0
			shown := client.Page[client.Entry]{}
			for _, e := range page.Items {
				if e.Kind == "evidence" && !evidence {
					folded++
					continue
				}
				shown.Items = append(shown.Items, e)
			}
			if err := s.timelineListing().print(s, shown); err != nil || folded == 0 {
				return err
			}
			_, err = fmt.Fprintf(s.errs, "%s of the audit log left out: --evidence shows them.\n", several(folded, "line"))
			return err
		}))
	cmd.Flags().BoolVar(&evidence, "evidence", false, "show the lines of the audit log too")
	return cmd
}

func (s *session) timelineListing() listing[client.Entry] {
	return listing[client.Entry]{
		head: "AT\tKIND\tWHAT\tFROM\tTO\tREASON\tBY",
		row: func(e client.Entry) []string {
			by := e.Actor
			if e.By != "" {
				by += " " + e.By
			}
			what := e.What
			if e.State != "" {
				what += " (" + e.State + ")"
			}
			return []string{s.at(e.At), e.Kind, what, e.From, e.To, e.Reason, by}
		},
		empty: "Nothing has happened yet.",
	}
}

func (v *verbs) requestMessages() *cobra.Command {
	return v.online("messages REQUEST", "List what was written about a request, and whether it arrived", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.Messages(ctx, id)
			if err != nil {
				return err
			}
			return listing[client.MessageLine]{
				head: "MESSAGE\tKIND\tTO\tBY\tSTATE\tTRIES\tMADE\tSENT\tPROBLEM",
				row: func(m client.MessageLine) []string {
					return []string{
						m.ID.String(), m.Kind, m.Audience, m.Channel, m.State, fmt.Sprint(m.Attempts), s.at(m.CreatedAt), s.atIf(m.SentAt), m.LastError,
					}
				},
				empty: "Nothing was written yet.",
			}.print(s, page)
		}))
}

func (v *verbs) requestMessage() *cobra.Command {
	return v.online("message REQUEST MESSAGE", "Read a message, named by its id; this is recorded", cobra.ExactArgs(2),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			message, err := idOf("message", args[0])
			if err != nil {
				return err
			}
			m, err := s.Message(ctx, id, message)
			if err != nil {
				return err
			}
			err = s.show(m, func(w io.Writer) { pairs(w, [2]string{"to", m.To}, [2]string{"subject", m.Subject}) })
			if err == nil {
				s.say("\n%s", printable(m.Text))
			}
			return err
		}))
}

func (v *verbs) requestRequeue() *cobra.Command {
	return v.online("requeue REQUEST MESSAGE", "Send a message that failed again", cobra.ExactArgs(2),
		named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			message, err := idOf("message", args[0])
			if err != nil {
				return err
			}
			if err := s.Requeue(ctx, id, message); err != nil {
				return err
			}
			s.say("The message is queued again.")
			return nil
		}))
}

// idOf reads an id of a thing that has no other name.
func idOf(what, text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, fmt.Errorf("a %s is named by its id; docket request %ss lists them", what, what)
	}
	return id, nil
}
