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

func (v *verbs) requestShow() *cobra.Command {
	return v.online("show REQUEST", "Show a request: what is owed and why, and what can be done", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			r, err := s.Request(ctx, id)
			if err != nil || s.json {
				return orShow(s, r, err)
			}
			owed, err := s.RequestObligations(ctx, id)
			if err != nil {
				return err
			}
			return s.show(r, func(w io.Writer) {
				s.printRequest(w, r)
				s.printObligations(w, r, owed.Items)
			})
		}))
}

// orShow prints a thing as it is, unless it could not be had.
func orShow(s *session, thing any, err error) error {
	if err != nil {
		return err
	}
	return s.show(thing, nil)
}

func (s *session) printRequest(w io.Writer, r client.Request) {
	zone := s.zoneOf(r)
	pairs(w, [2]string{"reference", r.Reference}, [2]string{"id", r.ID.String()},
		[2]string{"right", r.Right + " under " + r.Regime + " " + r.RegimeVersion}, [2]string{"state", stateWords(r)},
		[2]string{"identity", strings.TrimSpace(r.Identity + " " + r.IdentityMethod)},
		[2]string{"received", exactly(r.ReceivedAt, zone)}, [2]string{"backdated", r.BackdateReason},
		[2]string{"came by", r.Channel + ", language " + r.Language}, [2]string{"country", r.Country},
		[2]string{"assignee", idText(r.Assignee)}, [2]string{"duplicate of", idText(r.DuplicateOf)})
	if r.ClosedAt != nil {
		row(w, "closed", exactly(*r.ClosedAt, zone))
	}
	for _, d := range r.Duplicates {
		row(w, "linked", d.Reference+" came later from the same mailbox")
	}
	if r.Extension != nil {
		row(w, "extended", exactly(r.Extension.GrantedAt, zone)+": "+r.Extension.Reason)
	}
	for _, p := range r.Pauses {
		until := "now; docket request resume ends it"
		if p.Until != nil {
			until = exactly(*p.Until, zone)
		}
		row(w, "paused", "for "+p.Kind+" from "+exactly(p.From, zone)+" until "+until)
	}
	pairs(w, [2]string{"commands", strings.Join(r.Commands, ", ")})
}

func stateWords(r client.Request) string {
	words := r.State
	for _, more := range []string{r.Outcome, r.Reason} {
		if more != "" {
			words += ", " + more
		}
	}
	if r.Run > 1 {
		words += fmt.Sprintf(" (run %d: it was reopened)", r.Run)
	}
	return words
}

// printObligations prints what is owed, with the date in force and what made it.
func (s *session) printObligations(w io.Writer, r client.Request, owed []client.Obligation) {
	zone := s.zoneOf(r)
	for _, o := range owed {
		_, _ = fmt.Fprintf(w, "\n%s: %s\n", printable(o.Kind), printable(o.State))
		when := exactly(o.Due, zone)
		if o.State == "open" || o.State == "overdue" {
			when = dueWords(o.Due, s.clock.Now()) + ", " + when
		}
		pairs(w, [2]string{"due", when}, [2]string{"rule", o.Citation}, [2]string{"waived", o.WaivedReason}, [2]string{"id", o.ID.String()})
		if !o.EarliestSafe.Equal(o.Due) {
			row(w, "plan on", exactly(o.EarliestSafe, zone)+" (the most cautious reading)")
		}
		if o.MetAt != nil {
			row(w, "met", exactly(*o.MetAt, zone))
		}
		for i, d := range o.Dates {
			if i < len(o.Dates)-1 {
				row(w, "before", exactly(d.Due, zone)+" ("+d.Cause+")")
			}
		}
	}
}

func (v *verbs) requestObligations() *cobra.Command {
	return v.online("obligations REQUEST", "Show how each date of a request came about: rule, inputs, steps, citation", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.RequestObligations(ctx, id)
			if err != nil || s.json {
				return orShow(s, page, err)
			}
			r, err := s.Request(ctx, id)
			if err != nil {
				return err
			}
			zone := s.zoneOf(r)
			return s.show(page, func(w io.Writer) {
				for _, o := range page.Items {
					for _, d := range o.Dates {
						_, _ = fmt.Fprintf(w, "%s, date %d (%s): due %s\n%s\n", printable(o.Kind), d.Seq, printable(d.Cause), exactly(d.Due, zone),
							indented(printable(d.Explanation.String())))
					}
				}
			})
		}))
}

func indented(text string) string {
	return "  " + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", "\n  ") + "\n"
}

func (v *verbs) requestProgress() *cobra.Command {
	return v.online("progress REQUEST", "Show how far collecting has come, by system", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			p, err := s.Progress(ctx, id)
			if err != nil || s.json {
				return orShow(s, p, err)
			}
			return listing[client.SystemRun]{
				head: "SYSTEM\tSTATE\tROWS\tOF\tENDED\tPROBLEM",
				row: func(r client.SystemRun) []string {
					return []string{r.System, r.State, fmt.Sprint(r.Rows), number(r.Total), s.atIf(r.EndedAt), problemOrAsked(r)}
				},
				empty: "Collecting has not begun.",
			}.print(s, client.Page[client.SystemRun]{Items: p.Systems})
		}))
}

func (v *verbs) requestPackages() *cobra.Command {
	return v.online("packages REQUEST", "List the packages of a request and how often they were downloaded", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			page, err := s.Packages(ctx, id)
			if err != nil {
				return err
			}
			return listing[client.Package]{
				head: "PACKAGE\tSTATE\tFILES\tROWS\tBYTES\tREADY\tEXPIRES\tDOWNLOADS",
				row: func(p client.Package) []string {
					return []string{
						p.ID.String(), p.State, number(p.Files), number(p.Rows), number(p.Bytes), s.atIf(p.ReadyAt), s.atIf(p.ExpiresAt),
						fmt.Sprint(len(p.Downloads)),
					}
				},
				empty: "There is no package yet. One is built when the answer is approved.",
			}.print(s, page)
		}))
}

// problemOrAsked is what keeps a system from being done.
func problemOrAsked(r client.SystemRun) string {
	if r.Asked != "" {
		return "asked of " + r.Asked
	}
	return r.Problem
}
