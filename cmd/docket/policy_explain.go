package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/privacy"
)

// explainFlags are the facts that a person may state on the command line.
type explainFlags struct {
	regime, version, right, received, country, zone, folder string
	paused                                                  []string
	holidays, extendedUntil, appeal, complaint              string
	idReceived, feePaid                                     string
	extended, smallAgent, asJSON, holidaysGiven             bool
}

func newPolicyExplainCommand() *cobra.Command {
	var f explainFlags
	explain := &cobra.Command{
		Use:     "explain --regime ID --right RIGHT --received TIME",
		Short:   "Show how the dates of a request come about: rule, inputs, steps, date, citation",
		Example: "  docket policy explain --regime gdpr --right access --received 2026-01-31T10:00+01:00 --country DE",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			f.holidaysGiven = cmd.Flags().Changed("holidays")
			return explainPolicy(cmd.OutOrStdout(), f)
		},
	}
	flags := explain.Flags()
	flags.StringVar(&f.regime, "regime", "", "id of the regime, such as gdpr (see docket policy list)")
	flags.StringVar(&f.version, "version", "", "version of the regime; the one in force at receipt if not given")
	flags.StringVar(&f.right, "right", "", "access, portability, rectification, erasure, restriction, objection, automated_decision, opt_out or limit_use")
	flags.StringVar(&f.received, "received", "", "moment of receipt, such as 2026-01-31T10:00+01:00")
	flags.StringVar(&f.country, "country", "", "place whose holidays count: DE, FR, GB-SCT, AU-NSW, ...")
	flags.StringVar(&f.zone, "zone", "", "time zone in which days end; that of the regime or the country if not given")
	flags.StringVar(&f.holidays, "holidays", "", "holidays instead of the calendar's own, with commas between; empty for none")
	flags.StringArrayVar(&f.paused, "paused", nil, "KIND:FROM[:UNTIL], kind identity, clarification or fee, dates as 2026-03-05; may be repeated")
	flags.BoolVar(&f.extended, "extended", false, "the answer was put off")
	flags.StringVar(&f.extendedUntil, "extended-until", "", "day named in the notice, for regimes without a fixed extension")
	flags.StringVar(&f.idReceived, "identity-received", "", "day on which the proof of identity arrived")
	flags.StringVar(&f.feePaid, "fee-paid", "", "day on which the fee was paid or accepted")
	flags.StringVar(&f.appeal, "appeal", "", "day on which an appeal was received")
	flags.StringVar(&f.complaint, "complaint", "", "day on which a complaint was received")
	flags.BoolVar(&f.smallAgent, "small-agent", false, "the controller is a small processing agent (LGPD)")
	flags.StringVar(&f.folder, "policies", "", "folder of policies instead of the built-in ones")
	flags.BoolVar(&f.asJSON, "json", false, "print JSON")
	for _, name := range []string{"regime", "right", "received"} {
		if err := explain.MarkFlagRequired(name); err != nil {
			panic(err) // the flag was defined above
		}
	}
	return explain
}

// explainPolicy computes with the functions of the engine and prints what they explain.
func explainPolicy(w io.Writer, f explainFlags) error {
	book, err := openPolicies(f.folder)
	if err != nil {
		return err
	}
	received, err := policyMoment(f.received)
	if err != nil {
		return fmt.Errorf("--received: %w", err)
	}
	var regime *privacy.Regime
	if f.version == "" {
		regime, err = book.Regime(f.regime, received)
	} else {
		regime, err = book.RegimeVersion(f.regime, f.version)
	}
	if err != nil {
		return err
	}
	facts, err := f.facts(regime, received)
	if err != nil {
		return err
	}
	deadlines, err := regime.Deadlines(facts)
	if err != nil {
		return explainRefusal(err, regime)
	}
	if f.asJSON {
		return printPolicyJSON(w, deadlines)
	}
	return printDeadlines(w, regime, facts, deadlines)
}

// explainRefusal says what to do about the refusals a newcomer meets first.
func explainRefusal(err error, regime *privacy.Regime) error {
	var refused *privacy.RuleError
	if errors.As(err, &refused) && refused.Code == privacy.CodeCalendarMissing {
		return fmt.Errorf("%w; say --country with one of %s, or --holidays", err, strings.Join(regime.Calendars, ", "))
	}
	return err
}
