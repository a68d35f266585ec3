package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

// inquiryCommand is `docket inquiry`.
func (v *verbs) inquiryCommand() *cobra.Command {
	return group("inquiry", "What others are asked to do for a request: processors, vendors, recipients of data, colleagues",
		v.inquiryList(), v.inquiryShow(), v.inquiryAnswer(), v.inquiryFetch(), v.inquiryRemove(), v.inquiryAgain(), v.inquiryClose())
}

func (v *verbs) inquiryList() *cobra.Command {
	return v.online("list REQUEST", "List who else was asked, for what, and how that stands; this is recorded", cobra.ExactArgs(1), named(
		func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			all, err := s.Inquiries(ctx, id)
			if err != nil {
				return err
			}
			return listing[client.Inquiry]{
				head: "ASKED\tFOR\tBY\tSTATE\tOUTCOME\tDUE\tSYSTEM\tID",
				row: func(i client.Inquiry) []string {
					return []string{i.Addressee, i.Purpose, i.Channel, i.State, i.Outcome, i.DueAt.Format("2006-01-02"), i.System, i.ID.String()}
				},
				empty: "Nobody else was asked.",
			}.print(s, all)
		}))
}

func (v *verbs) inquiryShow() *cobra.Command {
	return v.online("show REQUEST INQUIRY", "Show what somebody was asked and what they said; they are named by name or id", cobra.ExactArgs(2), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			i, err := s.inquiry(ctx, id, args[0], false)
			if err != nil {
				return err
			}
			lines := [][2]string{
				{"asked", i.Addressee}, {"for", i.Purpose}, {"by", strings.TrimSpace(i.Channel + " " + i.Address)}, {"system", i.System}, {"state", i.State},
				{"outcome", i.Outcome}, {"how to ask", i.Instructions}, {"said", i.Words}, {"due", i.DueAt.Format("2006-01-02")}, {"asked on", s.atIf(i.AskedAt)},
				{"looked at", s.atIf(i.SeenAt)}, {"ended on", s.atIf(i.EndedAt)},
			}
			for _, c := range i.Changes {
				lines = append(lines, [2]string{"to correct", fmt.Sprintf("%s: %s → %s", c.Field, quotedOrNone(c.Was), quotedOrNone(c.Becomes))})
			}
			for _, f := range i.Files {
				lines = append(lines, [2]string{"file", fmt.Sprintf("%s (%d bytes)", f.Name, f.Bytes)})
			}
			for _, line := range lines {
				if line[1] != "" {
					pairs(s.out, [2]string{line[0], printable(line[1])})
				}
			}
			return nil
		}))
}

func (v *verbs) inquiryAnswer() *cobra.Command {
	var a client.InquiryAnswer
	var files []string
	cmd := v.changing("answer REQUEST INQUIRY --outcome OUTCOME", "Enter an answer that came another way than through the link or the protocol", cobra.ExactArgs(2), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) (err error) {
			if a.Words, err = s.text("words", a.Words); err != nil {
				return err
			}
			i, err := s.inquiry(ctx, id, args[0], true)
			if err != nil {
				return err
			}
			for _, name := range files {
				content, err := os.ReadFile(name)
				if err != nil {
					return fmt.Errorf("read the file: %w", err)
				}
				if err := s.AddInquiryFile(ctx, id, i.ID, filepath.Base(name), content); err != nil {
					return err
				}
			}
			if err := s.AnswerInquiry(ctx, s.once, id, i.ID, a); err != nil {
				return err
			}
			return s.standsNow(ctx, id)
		}))
	cmd.Long = cmd.Short + ".\nFiles go to the person with their package, as they are; so do the words of an answer to a copy.\n\n" + historyWarning
	cmd.Flags().StringVar(&a.Outcome, "outcome", "", "done, nothing (they hold nothing of the person), partly or refused")
	cmd.Flags().StringArrayVar(&files, "file", nil, "a file that they sent, at most 10 MiB; may be given several times")
	addTextFlag(cmd, &a.Words, "words", "what they said; needed where not all was done")
	_ = cmd.MarkFlagRequired("outcome")
	return cmd
}

func (v *verbs) inquiryFetch() *cobra.Command {
	return v.online("fetch REQUEST INQUIRY FOLDER", "Fetch the files that came with an answer into a folder; this is recorded", cobra.ExactArgs(3), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			i, err := s.inquiry(ctx, id, args[0], false)
			if err != nil {
				return err
			}
			if len(i.Files) == 0 {
				return errors.New("no file came with it, or the request has ended: then it is in the package alone")
			}
			for n, f := range i.Files {
				if err := s.fetchInto(filepath.Join(args[1], fmt.Sprintf("%d-%s", n+1, filepath.Base(f.Name))), func(out *os.File) error {
					return s.FetchInquiryFile(ctx, id, i.ID, f.ID, out)
				}); err != nil {
					return err
				}
			}
			s.say("Wrote %d files to %s.", len(i.Files), args[1])
			return nil
		}))
}

// fetchInto writes a new file. One that was not written whole is taken away again: the next try makes it anew.
func (s *session) fetchInto(name string, fetch func(*os.File) error) (err error) {
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return fmt.Errorf("make the file: %w", err)
	}
	defer func() {
		if err = errors.Join(err, out.Close()); err != nil {
			err = errors.Join(err, os.Remove(name))
		}
	}()
	return fetch(out)
}

func (v *verbs) inquiryRemove() *cobra.Command {
	return v.changing("remove-file REQUEST INQUIRY FILE", "Take a file away again that came by mistake, while the inquiry is open; FILE is its name or id", cobra.ExactArgs(3), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			i, err := s.inquiry(ctx, id, args[0], true)
			if err != nil {
				return err
			}
			at := slices.IndexFunc(i.Files, func(f client.InquiryFile) bool { return f.Name == args[1] || f.ID.String() == args[1] })
			if at < 0 {
				return errors.New("no file of that name came with it; docket inquiry show lists them")
			}
			if err := s.RemoveInquiryFile(ctx, id, i.ID, i.Files[at].ID); err != nil {
				return err
			}
			s.say("%s is taken away.", printable(i.Files[at].Name))
			return nil
		}))
}

func (v *verbs) inquiryAgain() *cobra.Command {
	var how client.InquiryAgain
	cmd := v.changing("again REQUEST INQUIRY", "Ask once more: the letter again while the request waits for it, else the same anew", cobra.ExactArgs(2), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) error {
			i, err := s.inquiry(ctx, id, args[0], false)
			if err != nil {
				return err
			}
			if err := s.RepeatInquiry(ctx, s.once, id, i.ID, how); err != nil {
				return err
			}
			s.say("%s is asked once more.", printable(i.Addressee))
			return nil
		}))
	cmd.Flags().BoolVar(&how.Anew, "anew", false, "with a link of its own: the one before stops working, and what came by it is left behind")
	return cmd
}

func (v *verbs) inquiryClose() *cobra.Command {
	var why client.InquiryClose
	cmd := v.changing("close REQUEST INQUIRY --reason TEXT", "Ask no more; not while the request waits for the answer", cobra.ExactArgs(2), named(
		func(ctx context.Context, s *session, id uuid.UUID, args []string) (err error) {
			if why.Reason, err = s.text("reason", why.Reason); err != nil {
				return err
			}
			i, err := s.inquiry(ctx, id, args[0], true)
			if err != nil {
				return err
			}
			if err := s.CloseInquiry(ctx, s.once, id, i.ID, why); err != nil {
				return err
			}
			s.say("%s is asked no more.", printable(i.Addressee))
			return nil
		}))
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	addTextFlag(cmd, &why.Reason, "reason", "why nobody asks any more, for the notes")
	_ = cmd.MarkFlagRequired("reason")
	return cmd
}

// inquiry finds the newest inquiry by who was asked, or the one with an id; open leaves those out that have ended.
func (s *session) inquiry(ctx context.Context, id uuid.UUID, name string, open bool) (found client.Inquiry, err error) {
	all, err := s.Inquiries(ctx, id)
	if err != nil {
		return found, err
	}
	for _, i := range all.Items { // the newest is the last
		if (i.ID.String() == name || strings.EqualFold(i.Addressee, name) || i.System != "" && i.System == name) && (i.Open() || !open) {
			found = i
		}
	}
	if found.ID == uuid.Nil {
		return found, errors.New("nobody of that name is asked now; docket inquiry list shows who was")
	}
	return found, nil
}
