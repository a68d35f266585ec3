package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

const requestLong = `File, find and work on data-subject requests.

A request is named by its reference (AR-7KQ2-M9XD) or its id. Texts are given in flags, as @FILE, or as - for standard
input. ` + historyWarning

// requestCommand is `docket request`.
func (v *verbs) requestCommand() *cobra.Command {
	cmd := group("request", "File, find and work on data-subject requests",
		v.requestCreate(), v.requestList(), v.requestSearch(), v.requestShow(), v.requestPerson(),
		v.requestTimeline(), v.requestObligations(), v.requestProgress(), v.requestPackages(),
		v.requestNote(), v.requestNotes(), v.requestMessages(), v.requestMessage(), v.requestRequeue(), v.requestDocuments(), v.requestDocument(),
		v.requestRedact(), v.requestRedactions(), v.requestUnredact(),
		v.requestAssign(), v.requestReopen(), v.requestResend())
	cmd.AddCommand(v.caseCommands()...)
	cmd.AddCommand(v.identityCommands()...)
	cmd.AddCommand(v.collectCommands()...)
	cmd.Long = requestLong
	return cmd
}

// requestWork is what a command does with one request.
type requestWork func(ctx context.Context, s *session, id uuid.UUID, args []string) error

// named finds the request that the first argument names, and hands over the others.
func named(do requestWork) work {
	return func(ctx context.Context, s *session, args []string) error {
		id, err := s.RequestID(ctx, args[0])
		if err != nil {
			return err
		}
		return do(ctx, s, id, args[1:])
	}
}

func (v *verbs) requestList() *cobra.Command {
	var which client.Requests
	var assignee string
	var paging pagingFlags
	cmd := v.online("list", "List requests, newest first", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		if assignee != "" {
			member, err := s.StaffNamed(ctx, assignee)
			if err != nil {
				return err
			}
			which.Assignee = &member.ID
		}
		page, err := collect(ctx, paging, func(ctx context.Context, p client.Paging) (client.Page[client.RequestLine], error) {
			return s.ListRequests(ctx, which, p)
		})
		if err != nil {
			return err
		}
		return requestListing(s).print(s, page)
	})
	flags := cmd.Flags()
	flags.StringVar(&which.State, "state", "", "only in this state: received, verifying, clarifying, collecting, reviewing, packaging, delivering, closed")
	flags.StringVar(&which.Right, "right", "", "only under this right: access, erasure, …")
	flags.StringVar(&which.Regime, "regime", "", "only under this regime: gdpr, ccpa, …")
	flags.StringVar(&assignee, "assignee", "", "only those of this member of staff: id or e-mail address")
	paging.add(cmd)
	return cmd
}

func requestListing(s *session) listing[client.RequestLine] {
	return listing[client.RequestLine]{
		head: "REFERENCE\tRIGHT\tREGIME\tSTATE\tOUTCOME\tNEXT DUE\tRECEIVED",
		row: func(r client.RequestLine) []string {
			return []string{r.Reference, r.Right, r.Regime, r.State, r.Outcome, s.due(r.NextDue), s.at(r.ReceivedAt)}
		},
		empty: "No requests. docket request create files one.",
	}
}

func (v *verbs) requestSearch() *cobra.Command {
	var who personInput
	var limit int
	cmd := v.online("search [REFERENCE]", "Find requests by reference, e-mail address, telephone number or name; a search by person is recorded",
		cobra.MaximumNArgs(1), func(ctx context.Context, s *session, args []string) error {
			in := client.Search{Limit: limit}
			if len(args) == 1 {
				in.Reference = args[0]
			} else {
				person, err := who.read(s, askName(), askEmail(), askPhone())
				if err != nil {
					return err
				}
				if person.CustomerID != "" {
					return fmt.Errorf("a customer number cannot be searched for: give an e-mail address, a telephone number or a name")
				}
				in.Email, in.Phone, in.Name = person.Email, person.Phone, person.Name
			}
			page, err := s.SearchRequests(ctx, in)
			if err != nil {
				return err
			}
			found := requestListing(s)
			found.empty = "Nothing fits all of that. Addresses and numbers must be whole; names are found by their words."
			return found.print(s, page)
		})
	cmd.Long = cmd.Short + ".\n\nWithout a reference the person is read from --person-file or asked for. " + historyWarning
	who.flags(cmd)
	cmd.Flags().IntVar(&limit, "limit", 50, "how many to list at most, 1 to 200")
	return cmd
}

func (v *verbs) requestPerson() *cobra.Command {
	return v.online("person REQUEST", "Show who a request is about and what they wrote; this is recorded", cobra.ExactArgs(1),
		named(func(ctx context.Context, s *session, id uuid.UUID, _ []string) error {
			p, err := s.RequestPerson(ctx, id)
			if err != nil {
				return err
			}
			err = s.show(p, func(w io.Writer) {
				pairs(w, [2]string{"name", p.Name}, [2]string{"e-mail", p.Email}, [2]string{"telephone", p.Phone}, [2]string{"customer", p.CustomerID})
			})
			if err == nil && p.Representative != nil {
				s.say("\nasked for by %s <%s>: %s", printable(p.Representative.Name), printable(p.Representative.Email), printable(p.Representative.Standing))
			}
			if err == nil && p.Details != "" {
				s.say("\n%s", printable(p.Details))
			}
			return err
		}))
}

// stands says in one line how a request is after a command.
func (s *session) stands(r client.Request) error {
	return s.show(r, func(w io.Writer) {
		text := r.Reference + " is " + r.State
		if r.Outcome != "" {
			text += " (" + r.Outcome + ")"
		}
		if paused := openPause(r); paused != nil && r.ClosedAt == nil {
			text += "; its clock is paused (" + paused.Kind + ")"
		}
		if r.NextDue != nil {
			text += "; next due " + s.due(r.NextDue) + ", " + exactly(*r.NextDue, s.zoneOf(r))
		}
		_, _ = fmt.Fprintln(w, printable(text)+".")
	})
}

func openPause(r client.Request) *client.Pause {
	for i := range r.Pauses {
		if r.Pauses[i].Until == nil {
			return &r.Pauses[i]
		}
	}
	return nil
}

// zoneOf is the zone in which a request's days end.
func (s *session) zoneOf(r client.Request) *time.Location {
	return zoneNamed(r.Zone, s.zone)
}
