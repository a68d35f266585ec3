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

// consentCommand is `docket consent`.
func (v *verbs) consentCommand() *cobra.Command {
	return group("consent", "What people have agreed to, and who may be written to",
		v.consentCheck(), v.consentCheckList(), v.consentShow(), v.consentRecord(), v.consentImport(), v.consentExport(), v.consentImports(), v.consentRunImport(), v.consentStopImport(), v.consentDropImport(), v.consentPurposes(), v.consentPurpose(), v.consentText(),
		v.consentForm(), v.consentSignUp(), v.consentSignUpShow(), v.consentFunnel(), v.consentLinks(), v.consentLinkKeys(), v.consentRotateLinks(), v.consentRevokeLinks(),
		v.consentReceivers(), v.consentReceiver(), v.consentChanges(), v.consentConfirm(), v.consentHandovers(), v.consentSuppress(), v.consentSuppressed())
}

// askFlags are what a message is.
func askFlags(cmd *cobra.Command, ask *client.ConsentAsk) {
	flags := cmd.Flags()
	flags.StringVar(&ask.Purpose, "purpose", "", "the key of the purpose; docket consent purposes lists them")
	flags.StringVar(&ask.Channel, "channel", "", "email (when absent), sms, phone, post or push")
	flags.StringVar(&ask.Class, "class", "", "commercial, transactional, asking_consent, charitable or fundraising; the purpose's when absent")
	flags.StringVar(&ask.Country, "country", "", "where it is read (CA, DE, US, …); what is known of each when absent, and where nothing is, every law has to say yes")
	flags.StringVar(&ask.Day, "day", "", "the day of sending, as 2006-01-02; today when absent")
	flags.BoolVar(&ask.Relevant, "relevant", false, "the message concerns the person's business or role")
	flags.BoolVar(&ask.Corporate, "corporate", false, "the subscriber is a company")
	flags.BoolVar(&ask.Tracking, "tracking", false, "ask, too, whether opening and clicking may be seen")
	_ = cmd.MarkFlagRequired("purpose")
}

func (v *verbs) consentCheck() *cobra.Command {
	var check client.ConsentCheck
	var asOf string
	cmd := v.online("check ADDRESS --purpose PURPOSE", "May this message be sent to this address now?", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		var err error
		check.Address = args[0]
		if check.AsOf, err = momentFlag("as-of", asOf); err != nil {
			return err
		}
		got, err := s.MayWrite(ctx, check)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) {
			row(w, yesNo(got.Allowed), got.Reason+got.Bar, got.Law, got.Citation)
			if got.Until != "" {
				row(w, "until", got.Until)
			}
			if got.Paused != "" {
				row(w, "paused until", got.Paused)
			}
			if got.Often != "" {
				row(w, "wants to hear of you", often(got.Often))
			}
			for _, r := range got.Remedies {
				row(w, "would be yes", remedyWords(r))
			}
			for _, l := range got.Laws {
				row(w, l.Law, yesNo(l.Allowed), l.Reason, l.Citation)
			}
			if t := got.Tracking; t != nil {
				row(w, "tracking", yesNo(t.Allowed), t.Reason, t.Citation)
			}
		})
	})
	cmd.Long = cmd.Short + " Every law that applies has to say yes, and nothing may stand against it.\n\n" + historyWarning
	askFlags(cmd, &check.ConsentAsk)
	cmd.Flags().StringVar(&asOf, "as-of", "", "was it allowed at this moment, by what was known then: 2026-05-03T12:00:00Z")
	return cmd
}

// momentFlag reads a flag that is a moment; nil where it was not given.
func momentFlag(name, value string) (*time.Time, error) {
	if value == "" {
		return nil, nil //nolint:nilnil // a flag that was not given
	}
	moment, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return nil, fmt.Errorf("--%s is a moment such as 2026-05-03T12:00:00Z: %w", name, err)
	}
	return &moment, nil
}

func yesNo(allowed bool) string {
	if allowed {
		return "yes"
	}
	return "no"
}

// often says how often somebody wants to hear of a sender.
func often(frequency string) string {
	switch frequency {
	case "weekly":
		return "at most once a week"
	case "monthly":
		return "at most once a month"
	default:
		return "whenever there is something"
	}
}

// remedyWords say what would make a no a yes.
func remedyWords(remedy string) string {
	words := map[string]string{
		"express": "the person consents expressly, by themselves", "confirm": "they confirm from their mailbox",
		"end_bar":  "what stands against it ends, or they confirm that they want messages",
		"relevant": "a message that concerns their business or role", "similar": "a message about your own goods like those that they bought",
		"renew_relation": "a new purchase or inquiry that is on record", "await_end": "the pause is over, or they end it",
	}
	if said, known := words[remedy]; known {
		return said
	}
	return remedy
}

func (v *verbs) consentShow() *cobra.Command {
	var which client.ConsentLookUp
	var at string
	cmd := v.online("show ADDRESS", "Everything that the ledger says of an address; that it was read is recorded", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		which.Address = args[0]
		var err error
		if which.At, err = momentFlag("at", at); err != nil {
			return err
		}
		got, err := s.Consents(ctx, which)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) { printConsents(w, got) })
	})
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	cmd.Flags().StringVar(&which.Channel, "channel", "", "what kind of address it is: email (when absent), sms, phone, post or push")
	cmd.Flags().StringVar(&at, "at", "", "what stood at a moment, as 2026-05-03T12:00:00Z; now when absent")
	return cmd
}

func printConsents(w io.Writer, p client.ConsentPerson) {
	for _, c := range p.Consents {
		words := c.State
		if c.ImpliedUntil != "" {
			words += ", alone until " + c.ImpliedUntil
		}
		row(w, c.Purpose, c.Channel, words)
	}
	for _, c := range p.Chosen[:min(1, len(p.Chosen))] {
		row(w, "wants to hear of you", often(c.Frequency), c.Language)
		if c.Paused != "" {
			row(w, "nothing before", c.Paused)
		}
	}
	for _, up := range p.SignUps {
		signUpRow(w, up)
	}
	_, _ = fmt.Fprintln(w) // the writer is a table in memory
	for _, e := range p.Events {
		words := e.Kind
		if e.Relation != "" {
			words += " (" + e.Relation + ")"
		}
		row(w, e.At.Format("2006-01-02 15:04")+" UTC", e.Purpose, e.Channel, words, strings.TrimSpace(e.How+" "+e.Source))
	}
}

func (v *verbs) consentRecord() *cobra.Command {
	var e client.NewConsentEvent
	var at, fields string
	cmd := v.changing("record ADDRESS --purpose PURPOSE --kind KIND", "Write to the ledger what happened to somebody's consent", cobra.ExactArgs(1),
		func(ctx context.Context, s *session, args []string) error {
			e.Address = args[0]
			var err error
			if e.At, err = momentFlag("at", at); err != nil {
				return err
			}
			note, err := s.text("note", fields)
			if err != nil {
				return err
			}
			if note != "" {
				e.Evidence = &client.ConsentEvidence{Note: note}
			}
			got, err := s.RecordConsents(ctx, s.once, client.ConsentEvents{Events: []client.NewConsentEvent{e}})
			if err != nil {
				return err
			}
			return s.show(got, func(w io.Writer) { row(w, "recorded", got.Events[0].ID.String()) })
		})
	cmd.Long = cmd.Short + ".\n\n" + historyWarning
	flags := cmd.Flags()
	flags.StringVar(&e.Purpose, "purpose", "", "the key of the purpose; * withdraws from every purpose")
	flags.StringVar(&e.Kind, "kind", "", "given, confirmed, refreshed, began, ended, published, disclosed or withdrawn")
	flags.StringVar(&e.Channel, "channel", "", "email (when absent), sms, phone, post or push")
	flags.StringVar(&e.Relation, "relation", "", "what refreshed, began or ended is about: purchase, inquiry, membership, …")
	flags.BoolVar(&e.Refusable, "refusable", false, "a simple way to refuse was offered when the address was taken")
	flags.BoolVar(&e.NoSolicitation, "no-solicitation", false, "a statement against unsolicited messages came with a published address")
	flags.StringVar(&at, "at", "", "when it happened, as 2026-05-03T12:00:00Z; now when absent")
	flags.StringVar(&e.Source, "source", "", "where it came from: the name of a form or a shop")
	flags.StringVar(&e.Country, "country", "", "where the person lives")
	addTextFlag(cmd, &fields, "note", "what else shows it; sealed")
	for _, needed := range []string{"purpose", "kind"} {
		_ = cmd.MarkFlagRequired(needed)
	}
	return cmd
}
