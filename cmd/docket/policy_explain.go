package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

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
	flags.StringVar(&f.right, "right", "", "access, portability, rectification, erasure, restriction, objection, opt_out or limit_use")
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

// facts turns the flags into what a deadline depends on.
func (f explainFlags) facts(regime *privacy.Regime, received time.Time) (privacy.Facts, error) {
	right := privacy.Right(strings.ReplaceAll(f.right, "-", "_"))
	if !right.Valid() {
		return privacy.Facts{}, fmt.Errorf("--right: %q is none of %v", f.right, privacy.Rights())
	}
	facts := privacy.Facts{Right: right, Received: received, SmallAgent: f.smallAgent, Extended: f.extended || f.extendedUntil != ""}
	if f.country != "" {
		calendar, err := privacy.CalendarForCountry(f.country)
		if err != nil {
			return facts, fmt.Errorf("--country: %w", err)
		}
		facts.Calendar = calendar
	}
	zone, err := f.zoneFor(regime, facts.Calendar)
	if err != nil {
		return facts, err
	}
	facts.Zone = zone
	return facts, f.addDates(&facts)
}

// zoneFor takes the zone asked for, else the regime's, else that of the calendar.
func (f explainFlags) zoneFor(regime *privacy.Regime, calendar string) (*time.Location, error) {
	name := f.zone
	if name == "" {
		name = regime.Zone
	}
	if name == "" && calendar != "" {
		c, err := privacy.CalendarByID(calendar)
		if err != nil {
			return nil, err
		}
		name = c.Zone
	}
	if name == "" {
		return nil, fmt.Errorf("the regime %s has no time zone of its own; say --country or --zone, such as Europe/Berlin", regime.ID)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("--zone: %q is no time zone, such as Europe/Berlin", name)
	}
	return zone, nil
}

// addDates reads the flags that hold days; they are taken at noon of the zone.
func (f explainFlags) addDates(facts *privacy.Facts) error {
	for _, day := range []struct {
		flag, value string
		into        **time.Time
	}{
		{"identity-received", f.idReceived, &facts.IdentityInfoReceived},
		{"fee-paid", f.feePaid, &facts.FeePaid},
		{"appeal", f.appeal, &facts.AppealReceived},
		{"complaint", f.complaint, &facts.ComplaintReceived},
	} {
		at, err := policyNoon(day.value, facts.Zone)
		if err != nil {
			return fmt.Errorf("--%s: %w", day.flag, err)
		}
		*day.into = at
	}
	if f.extendedUntil != "" {
		until, err := privacy.ParseDate(f.extendedUntil)
		if err != nil {
			return fmt.Errorf("--extended-until: %w", err)
		}
		facts.ExtendedUntil = until
	}
	for _, text := range f.paused {
		pause, err := policyPause(text, facts)
		if err != nil {
			return fmt.Errorf("--paused: %w", err)
		}
		facts.Pauses = append(facts.Pauses, pause)
	}
	return f.addHolidays(facts)
}

func (f explainFlags) addHolidays(facts *privacy.Facts) error {
	if !f.holidaysGiven {
		return nil
	}
	facts.Holidays = []privacy.Date{}
	for _, text := range strings.FieldsFunc(f.holidays, func(r rune) bool { return r == ',' || r == ' ' }) {
		d, err := privacy.ParseDate(text)
		if err != nil {
			return fmt.Errorf("--holidays: %w", err)
		}
		facts.Holidays = append(facts.Holidays, d)
	}
	return nil
}

// policyPause reads KIND:FROM[:UNTIL]. A pause that begins on the day of receipt begins at receipt.
func policyPause(text string, facts *privacy.Facts) (privacy.Pause, error) {
	parts := strings.Split(text, ":")
	kind := privacy.PauseKind(parts[0])
	if len(parts) < 2 || len(parts) > 3 || !kind.Valid() {
		return privacy.Pause{}, fmt.Errorf("%q is not of the form identity:2026-03-05:2026-03-11 (kinds identity, clarification, fee)", text)
	}
	from, err := policyNoon(parts[1], facts.Zone)
	if err != nil {
		return privacy.Pause{}, err
	}
	if from == nil {
		return privacy.Pause{}, fmt.Errorf("%q does not say from when", text)
	}
	pause := privacy.Pause{Kind: kind, From: *from}
	if len(parts) == 3 {
		pause.Until, err = policyNoon(parts[2], facts.Zone)
	}
	return pause, err
}

func policyNoon(text string, zone *time.Location) (*time.Time, error) {
	if text == "" {
		return nil, nil //nolint:nilnil // an absent flag is an absent fact
	}
	d, err := privacy.ParseDate(text)
	if err != nil {
		return nil, err
	}
	at := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
	return &at, nil
}

// policyMoment reads RFC 3339, with or without seconds.
func policyMoment(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
		if at, err := time.Parse(layout, text); err == nil {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("%q is no moment with an offset, such as 2026-01-31T10:00+01:00", text)
}

func printDeadlines(w io.Writer, regime *privacy.Regime, facts privacy.Facts, deadlines []privacy.Deadline) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s, version %s)\n", regime.Name, regime.ID, regime.Version)
	fmt.Fprintf(&b, "right of %s, received %s\n", facts.Right, facts.Received.In(facts.Zone).Format("Mon 2006-01-02 15:04 MST"))
	for _, d := range deadlines {
		printDeadline(&b, d, facts.Zone)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("printing the dates: %w", err)
	}
	return nil
}

func printDeadline(b *strings.Builder, d privacy.Deadline, zone *time.Location) {
	fmt.Fprintf(b, "\n%s\n", strings.ReplaceAll(string(d.Kind), "_", " "))
	fmt.Fprintf(b, "  rule           %s\n", d.Explanation.Rule)
	for _, in := range d.Explanation.Inputs {
		fmt.Fprintf(b, "  input          %s = %s\n", in.Name, in.Value)
	}
	for i, step := range d.Explanation.Steps {
		fmt.Fprintf(b, "  step %d         %s\n", i+1, step)
	}
	if d.Paused {
		b.WriteString("  paused         the clock waits for the person; the dates below will move\n")
	}
	if d.Withdrawn {
		b.WriteString("  withdrawn      the law treats the request as withdrawn\n")
	}
	fmt.Fprintf(b, "  due            %s  (%s)\n", d.Due.In(zone).Format("Mon 2006-01-02 15:04:05 MST"), d.Due.Format(time.RFC3339))
	fmt.Fprintf(b, "  earliest_safe  %s  (%s)\n", d.EarliestSafe.In(zone).Format("Mon 2006-01-02 15:04:05 MST"), d.EarliestSafe.Format(time.RFC3339))
	if d.Force != privacy.ForceStatute {
		fmt.Fprintf(b, "  binds as       %s, not statute\n", d.Force)
	}
	fmt.Fprintf(b, "  cited          %s\n", d.Citation)
}

func printPolicyJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return fmt.Errorf("printing JSON: %w", err)
	}
	return nil
}

func policyLine(s string) string { return strings.ReplaceAll(s, "\n", "; ") }
