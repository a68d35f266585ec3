package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
	"github.com/privacy-docket/docket/privacy"
	"github.com/privacy-docket/docket/privacy/erasure"
)

// erasureCommand is `docket erasure`.
func (v *verbs) erasureCommand() *cobra.Command {
	return group("erasure", "Plans of erasures, and what follows a restored backup", v.erasurePlan(), v.erasurePropose(), v.erasureReturn(), v.erasureByHand(), v.erasureWithout(), v.erasureReapply(), v.erasureLater(),
		v.erasureCertificate(), v.erasureRecipients(), v.erasureTell())
}

func (v *verbs) erasurePlan() *cobra.Command {
	return v.online("plan REQUEST", "Show the plan of an erasure: what happens to every collection and why, and what became of it", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			plan, err := s.Erasure(ctx, id)
			if err != nil {
				return err
			}
			return s.show(plan, func(w io.Writer) { printPlan(w, plan) })
		}))
}

// printPlan writes the totals, a line per collection, and what has to be looked at.
func printPlan(w io.Writer, e client.Erasure) {
	t := e.Totals
	pairs(w, [2]string{"state", e.State}, [2]string{"rows", fmt.Sprintf("%d erased, %d kept, %d of others not touched", t.Rows.Erased, t.Rows.Kept, t.Rows.Others)},
		[2]string{"in", fmt.Sprintf("%s, %s", several(t.Collections, "collection"), several(t.Systems, "system"))}, [2]string{"sha256", e.SHA256})
	for _, system := range e.Plan.Systems {
		fmt.Fprintf(w, "\n%s (%s)\n", printable(system.Name), printable(system.Key))
		if system.Asks() {
			fmt.Fprintf(w, "  asked of %s\n", printable(system.Asked))
		}
		if system.Manual != "" {
			fmt.Fprintf(w, "  by hand: %s\n", printable(system.Manual))
		}
		for _, l := range system.Lines {
			fmt.Fprintf(w, "  %s  %s  %d of %d rows%s\n", printable(l.Address.String()), done(&l), l.Rows.Erased, l.Rows.Own, others(l.Rows))
			if l.Why != "" {
				fmt.Fprintf(w, "    %s\n", printable(l.Why))
			}
			for _, k := range l.Kept {
				fmt.Fprintf(w, "    keeps %d: %s%s\n", k.Rows, printable(strings.TrimSpace(k.Name+" "+k.Citation.Text)), until(k.Until))
			}
			for _, p := range l.Problems {
				fmt.Fprintf(w, "    %s: %s; %s\n", printable(string(p.Code)), printable(p.What), printable(p.Do))
			}
		}
	}
	for _, system := range e.Systems {
		fmt.Fprintf(w, "\n%s: %s %s%s\n", printable(system.Key), system.State, printable(system.Problem), said(system))
		for _, c := range system.Collections {
			fmt.Fprintf(w, "  %s.%s  %d deleted, %d masked, %d trimmed, %d in part%s\n", printable(c.Dataset), printable(c.Collection), c.Deleted, c.Masked, c.Trimmed, c.Parts, readBack(c))
		}
	}
	if e.Deferred != nil && !e.Deferred.Done {
		fmt.Fprintf(w, "\nWhat is kept is looked at again on %s.\n", e.Deferred.Due.Format(time.DateOnly))
	}
}

// said is who was asked to erase in a system, and what they answered.
func said(s client.ErasedSystem) string {
	if s.Asked == "" {
		return ""
	}
	return fmt.Sprintf("asked of %s, who said: %s", printable(s.Asked), s.Answer)
}

// done says what happens to a collection's rows.
func done(l *erasure.Line) string {
	switch {
	case l.Delete:
		return "delete"
	case len(l.Masks) > 0:
		return string(l.Method)
	default:
		return "nothing to do"
	}
}

func others(r erasure.Rows) string {
	if r.Others == 0 {
		return ""
	}
	return fmt.Sprintf(", %d of others", r.Others)
}

func until(day privacy.Date) string {
	if day.IsZero() {
		return ""
	}
	return " until " + day.String()
}

func readBack(c client.ErasedCollection) string {
	if c.Unfinished == nil {
		return ""
	}
	return ", read back: " + strconv.FormatInt(*c.Unfinished, 10) + " untreated"
}

func (v *verbs) erasurePropose() *cobra.Command {
	return v.worded("propose REQUEST", "Lay the plan of an erasure before somebody else, who reads it and approves it in the console", "note", forTheFile,
		func(text string) client.Command { return client.ProposePlan{Note: text} })
}

func (v *verbs) erasureReturn() *cobra.Command {
	cmd := v.worded("return REQUEST --note TEXT", "Send the plan of an erasure back", "note", forTheFile,
		func(text string) client.Command { return client.ReturnPlan{Note: text} })
	_ = cmd.MarkFlagRequired("note")
	return cmd
}

func (v *verbs) erasureByHand() *cobra.Command {
	var note string
	cmd := v.commanding("by-hand REQUEST SYSTEM --note TEXT", "Say that a person has erased in a system that could not be made to", 1,
		func(_ context.Context, s *session, _ uuid.UUID, args []string) (client.Command, error) {
			text, err := s.text("note", note)
			return client.DoneByHand{System: args[0], Note: text}, err
		})
	addTextFlag(cmd, &note, "note", "what was done, by whom and how it was checked")
	_ = cmd.MarkFlagRequired("note")
	return cmd
}

func (v *verbs) erasureWithout() *cobra.Command {
	var note string
	cmd := v.commanding("go-on REQUEST SYSTEM --note TEXT", "Have an erasure go on without the answer of whoever was asked to erase in a system; the person is told, and they are asked on", 1,
		func(_ context.Context, s *session, _ uuid.UUID, args []string) (client.Command, error) {
			text, err := s.text("note", note)
			return client.GoOnWithout{System: args[0], Note: text}, err
		})
	addTextFlag(cmd, &note, "note", "why it goes on without them")
	_ = cmd.MarkFlagRequired("note")
	return cmd
}

// reapplyPoll is how often the report of a reapplication is asked for.
const reapplyPoll = 2 * time.Second

func (v *verbs) erasureReapply() *cobra.Command {
	var system, backupOf string
	cmd := v.changing("reapply --system SYSTEM --backup-of TIME", "After a backup of a system was restored: erase again whoever was erased since it was made, and report", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			at, err := time.Parse(time.RFC3339, backupOf)
			if err != nil {
				return errors.New("--backup-of: write the moment as 2026-03-02T03:00:00Z")
			}
			found, err := s.SystemNamed(ctx, system)
			if err != nil {
				return err
			}
			made, err := s.Reapply(ctx, s.once, found.ID, at)
			if err != nil {
				return err
			}
			return s.reapplied(ctx, v, found, made.ID)
		})
	cmd.Long = cmd.Short + `.

Docket keeps no names of people who were erased: every address, number and customer id in the system is compared, by keyed hash, with those of
the people who were erased there since the backup. Whoever is found is erased as before, by the retention rules and holds of today. What a first
erasure left to its time goes by itself then, as it would have without the restore. What else is kept, because of a hold of today above all, goes when
this is run again after the hold ends. Of whoever has come back since (docket limit end-suppression) only rows whose keys were noted are erased, nothing that
began anew, and the report says of how many a person has to look for the rest. Run it before anybody works with the restored system.`
	cmd.Flags().StringVar(&system, "system", "", "the system, by key or id")
	cmd.Flags().StringVar(&backupOf, "backup-of", "", "when the backup was made, as 2026-03-02T03:00:00Z")
	_ = cmd.MarkFlagRequired("system")
	_ = cmd.MarkFlagRequired("backup-of")
	return cmd
}

// reapplied waits for the report and prints it; what did not come to its end makes the exit status 1.
func (s *session) reapplied(ctx context.Context, v *verbs, system client.System, id uuid.UUID) error {
	for {
		all, err := s.Reapplications(ctx, system.ID)
		if err != nil {
			return err
		}
		for _, r := range all.Items {
			if r.ID != id || r.State == "running" {
				continue
			}
			err := s.show(r, func(w io.Writer) {
				pairs(w, [2]string{"system", system.Key}, [2]string{"state", r.State}, [2]string{"searched", fmt.Sprintf("%d values", r.Searched)},
					[2]string{"found", several(int(r.People), "person")}, [2]string{"rows", fmt.Sprintf("%d erased again, %d kept", r.Erased, r.Kept)})
			})
			if err == nil && r.State == "failed" {
				err = fmt.Errorf("not everybody was erased again: %s", r.Problem)
			}
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("stopped waiting; it goes on, and GET /v1/systems/%s/reapplications tells how it ended: %w", system.ID, ctx.Err())
		case <-v.clock.After(reapplyPoll):
		}
	}
}
