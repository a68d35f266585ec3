package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/privacy"
)

// commanding makes a command that has a request's workflow do something; read says what.
func (v *verbs) commanding(use, short string, others int, read func(ctx context.Context, s *session, id uuid.UUID, args []string) (client.Command, error)) *cobra.Command {
	return v.changing(use, short, cobra.ExactArgs(1+others), named(func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
		command, err := read(ctx, s, id, args)
		if err != nil {
			return err
		}
		after, err := s.Command(ctx, s.once, id, command)
		if err != nil {
			return err
		}
		return s.stands(after)
	}))
}

// worded makes a command that takes one text beside the request.
func (v *verbs) worded(use, short, flag, what string, make func(text string) client.Command) *cobra.Command {
	var given string
	cmd := v.commanding(use, short, 0, func(_ context.Context, s *session, _ uuid.UUID, _ []string) (client.Command, error) {
		text, err := s.text(flag, given)
		return make(text), err
	})
	addTextFlag(cmd, &given, flag, what)
	cmd.Long = short + ".\n\n" + historyWarning
	return cmd
}

const (
	forTheFile   = "why, for the file"
	forTheLetter = "for the person: it is written into the letter"
)

// caseCommands decide on requests and their clocks.
func (v *verbs) caseCommands() []*cobra.Command {
	ask := v.worded("ask REQUEST --question TEXT", "Ask the person what the request is about", "question", forTheLetter,
		func(text string) client.Command { return client.AskClarification{Question: text} })
	_ = ask.MarkFlagRequired("question")
	return []*cobra.Command{
		v.worded("approve REQUEST", "Approve what was collected: the package is built and delivered", "note", forTheFile,
			func(text string) client.Command { return client.Approve{Note: text} }),
		v.worded("recollect REQUEST", "Throw away what was collected and collect once more", "note", forTheFile,
			func(text string) client.Command { return client.Recollect{Note: text} }),
		v.worded("withdraw REQUEST", "End a request because the person took it back", "note", forTheFile,
			func(text string) client.Command { return client.Withdraw{Note: text} }),
		v.worded("cancel REQUEST", "End a request without a decision: filed by mistake, or twice", "note", forTheFile,
			func(text string) client.Command { return client.Cancel{Note: text} }),
		v.worded("clarified REQUEST", "Go on with what the person answered", "answer", "what the person answered, when it came another way than through the page",
			func(text string) client.Command { return client.Clarified{Answer: text} }),
		ask, v.requestRefuse(), v.requestExtend(),
		v.clockCommand("pause REQUEST --kind KIND", "Stop the clock for a reason that the law accepts", func(kind string) client.Command { return client.Hold{Kind: kind} }),
		v.clockCommand("resume REQUEST --kind KIND", "Let the clock run again", func(kind string) client.Command { return client.Resume{Kind: kind} }),
		v.requestAcknowledge(),
	}
}

func (v *verbs) requestRefuse() *cobra.Command {
	var reason, explanation string
	cmd := v.commanding("refuse REQUEST --reason CODE", "Refuse a request on a ground of the law", 0,
		func(_ context.Context, s *session, _ uuid.UUID, _ []string) (client.Command, error) {
			text, err := s.text("explanation", explanation)
			return client.Refuse{Reason: reason, Explanation: text}, err
		})
	cmd.Long = cmd.Short + ": a reason that the request's regime knows, such as manifestly_unfounded or excessive.\n\n" + historyWarning
	cmd.Flags().StringVar(&reason, "reason", "", "the ground, as the regime names it")
	addTextFlag(cmd, &explanation, "explanation", forTheLetter)
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

func (v *verbs) requestExtend() *cobra.Command {
	var reason, until string
	cmd := v.commanding("extend REQUEST --reason REASON", "Extend the deadline, once, and tell the person", 0,
		func(context.Context, *session, uuid.UUID, []string) (client.Command, error) {
			command := client.Extend{Reason: reason}
			var err error
			if until != "" {
				if command.Until, err = privacy.ParseDate(until); err != nil {
					return nil, fmt.Errorf("--until: %w", err)
				}
			}
			return command, nil
		})
	cmd.Flags().StringVar(&reason, "reason", "", "complexity, number_of_requests, consultation or conversion")
	cmd.Flags().StringVar(&until, "until", "", "the day named in the notice, for regimes whose extension has no cap: 2026-06-30")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

func (v *verbs) clockCommand(use, short string, make func(kind string) client.Command) *cobra.Command {
	var kind string
	cmd := v.commanding(use, short, 0, func(context.Context, *session, uuid.UUID, []string) (client.Command, error) { return make(kind), nil })
	cmd.Flags().StringVar(&kind, "kind", "", "what the clock waits for: identity, clarification or fee")
	_ = cmd.MarkFlagRequired("kind")
	return cmd
}

func (v *verbs) requestAcknowledge() *cobra.Command {
	return v.commanding("acknowledge REQUEST OBLIGATION", "Take an escalation over, which ends its repetition; the obligation is named by kind (respond, …) or id", 1,
		func(ctx context.Context, s *session, id uuid.UUID, args []string) (client.Command, error) {
			owed, err := s.RequestObligations(ctx, id)
			if err != nil {
				return nil, err
			}
			for _, o := range owed.Items {
				if o.Kind == args[0] || o.ID.String() == args[0] {
					return client.Acknowledge{Obligation: o.ID}, nil
				}
			}
			return nil, fmt.Errorf("the request has no such obligation; docket request show lists them")
		})
}

// identityCommands decide whether the person is who they say.
func (v *verbs) identityCommands() []*cobra.Command {
	var also string
	confirm := v.worded("confirm-identity REQUEST", "Accept the person's proof of identity; documents are destroyed", "note", forTheFile,
		func(text string) client.Command { return client.ConfirmIdentity{Note: text, AlsoProven: also} })
	confirm.Flags().StringVar(&also, "also-proven", "", "what was seen to be theirs beside the mailbox, by which systems are searched then: "+strings.Join(privacy.Provable(), ", "))
	return []*cobra.Command{
		confirm,
		v.worded("reject-identity REQUEST", "Refuse a request because the proof of identity does not hold", "explanation", forTheLetter,
			func(text string) client.Command { return client.RejectIdentity{Explanation: text} }),
	}
}

// collectCommands answer systems that could not be read.
func (v *verbs) collectCommands() []*cobra.Command {
	return []*cobra.Command{
		v.onSystem("retry-system REQUEST SYSTEM", "Read a system again that could not be read",
			func(key, note string) client.Command { return client.RetrySystem{System: key, Note: note} }),
		v.onSystem("exclude-system REQUEST SYSTEM", "Leave a system out of the answer; the cover says so",
			func(key, note string) client.Command { return client.ExcludeSystem{System: key, Note: note} }),
	}
}

func (v *verbs) onSystem(use, short string, make func(key, note string) client.Command) *cobra.Command {
	var note string
	cmd := v.commanding(use, short, 1, func(ctx context.Context, s *session, _ uuid.UUID, args []string) (client.Command, error) {
		text, err := s.text("note", note)
		if err != nil {
			return nil, err
		}
		system, err := s.SystemNamed(ctx, args[0])
		return make(system.Key, text), err
	})
	addTextFlag(cmd, &note, "note", forTheFile)
	return cmd
}
