package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/privacy-docket/docket/privacy"
)

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

// printDeadline prints one obligation: rule, inputs, steps, both dates, and what they rest on.
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
