package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

const createLong = `File a data-subject request.

The person is read from --person-file, a JSON file with name, email, phone and customer_id, or asked for when somebody
sits at the terminal. The e-mail address is needed: letters, the code and the answer go there.

` + historyWarning + `

A restriction names its ground: restriction:accuracy_contested, :unlawful, :legal_claims or :objection_pending. An objection names what it is
against: objection:direct_marketing,legitimate_interest,public_task,research,profiling. An opt-out may: opt_out:sale,targeted_advertising,profiling.
A request about an automated decision says which in --decision, and what the person says of it in --taken, --effect and --view.
With --also one request carries several rights; each becomes a request of its own, and the person proves once who they are.

The server sets the time of receipt. A request that was received earlier, such as a letter that lay in the post room, is
filed with --received and --backdate-reason by the role admin or dpo.`

// newCreate is what request create is told.
type newCreate struct {
	who                personInput
	in                 client.NewRequest
	details, assertion string
	received, right    string
	also               []string
	contest            client.Contest
}

func (v *verbs) requestCreate() *cobra.Command {
	n := &newCreate{}
	cmd := v.changing("create --right RIGHT --person-file FILE", "File a data-subject request", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			if err := n.read(s); err != nil {
				return err
			}
			accepted, err := s.CreateRequest(ctx, s.once, n.in)
			if err != nil {
				return err
			}
			return s.accepted(ctx, accepted)
		})
	cmd.Long = createLong
	n.who.flags(cmd)
	n.who.customerFlag(cmd)
	flags := cmd.Flags()
	flags.StringVar(&n.right, "right", "", "access, portability, rectification, erasure, restriction:GROUND, objection:AGAINST, automated_decision, opt_out or limit_use")
	flags.StringArrayVar(&n.also, "also", nil, "a further right in the same request, written likewise; may be given more than once")
	flags.StringVar(&n.in.Channel, "channel", "staff", "how it came in: api, staff, email, phone, letter")
	flags.StringVar(&n.in.Regime, "regime", "", "the law; the tenant's own when absent")
	flags.StringVar(&n.in.Language, "language", "", "of letters and pages: en, de, fr, es; the tenant's own when absent")
	flags.StringVar(&n.in.Country, "country", "", "where the person lives: DE, FR, …")
	flags.StringVar(&n.received, "received", "", "when it was received, if that was before now: 2026-03-02T09:00:00+01:00")
	flags.StringVar(&n.in.BackdateReason, "backdate-reason", "", "why --received is not now; name no person in it")
	addTextFlag(cmd, &n.details, "details", "the person's own words")
	addTextFlag(cmd, &n.contest.Decision, "decision", "the automated decision that a human is to look at, in the person's own words, as the three below")
	addTextFlag(cmd, &n.contest.Taken, "taken", "when it was taken, as far as they know")
	addTextFlag(cmd, &n.contest.Effect, "effect", "what it did to them")
	addTextFlag(cmd, &n.contest.View, "view", "what they think of it, and why")
	addTextFlag(cmd, &n.assertion, "identity-assertion", "a JWT by which the company says that the person is signed in there")
	_ = cmd.MarkFlagRequired("right")
	return cmd
}

func (n *newCreate) read(s *session) (err error) {
	n.rights()
	if err := n.contested(s); err != nil {
		return err
	}
	if n.received != "" {
		at, err := time.Parse(time.RFC3339, n.received)
		if err != nil {
			return fmt.Errorf("--received is not a time with its zone, such as 2026-03-02T09:00:00+01:00")
		}
		n.in.ReceivedAt = &at
	}
	if n.in.Person, err = n.who.read(s, askName(), askEmail(), askPhone(), askCustomerID()); err != nil {
		return err
	}
	if n.in.Person.Email == "" {
		return fmt.Errorf("the person has no e-mail address: give email in the person's file; letters, the code and the answer go there")
	}
	if n.in.Details, err = s.text("details", n.details); err != nil {
		return err
	}
	n.in.IdentityAssertion, err = s.text("identity-assertion", n.assertion)
	return err
}

func (s *session) accepted(ctx context.Context, a client.Accepted) error {
	return s.show(a, func(w io.Writer) {
		zone := s.zone
		if r, err := s.Request(ctx, a.ID); err == nil { // accepted it is; without the request its zone is unknown, and no more
			zone = s.zoneOf(r)
		}
		pairs(w, [2]string{"reference", a.Reference}, [2]string{"id", a.ID.String()}, [2]string{"received", exactly(a.ReceivedAt, zone)},
			[2]string{"due", dueWords(a.Due, s.clock.Now()) + ", " + exactly(a.Due, zone)})
		if a.DuplicateOf != "" {
			row(w, "duplicate", "an open request of the same mailbox: "+a.DuplicateOf+". Both go on.")
		}
		for _, also := range a.Also {
			row(w, "also", also.Reference+": "+also.Right+", due "+exactly(also.Due, zone))
		}
	})
}

// rights reads --right and --also: a right, and behind a colon the ground of a restriction, or what an objection or an opt-out is against.
func (n *newCreate) rights() {
	n.in.Right, n.in.Ground, n.in.Against = turns(n.right)
	for _, further := range n.also {
		var r client.FurtherRight
		r.Right, r.Ground, r.Against = turns(further)
		n.in.Also = append(n.in.Also, r)
	}
}

// contested reads what is said of an automated decision, and gives it to the right that is about one.
func (n *newCreate) contested(s *session) (err error) {
	for flag, into := range map[string]*string{"decision": &n.contest.Decision, "taken": &n.contest.Taken, "effect": &n.contest.Effect, "view": &n.contest.View} {
		if *into, err = s.text(flag, *into); err != nil {
			return err
		}
	}
	if n.contest == (client.Contest{}) {
		return nil
	}
	const right = "automated_decision"
	if n.in.Right == right {
		n.in.Contest = &n.contest
		return nil
	}
	for i := range n.in.Also {
		if n.in.Also[i].Right == right {
			n.in.Also[i].Contest = &n.contest
			return nil
		}
	}
	return fmt.Errorf("--decision, --taken, --effect and --view are of a request about an automated decision: file it with --right automated_decision")
}

func turns(given string) (right, ground string, against []string) {
	right, on, ok := strings.Cut(given, ":")
	if !ok || on == "" {
		return right, "", nil
	}
	if right == "restriction" {
		return right, on, nil
	}
	return right, "", strings.Split(on, ",")
}
