package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/privacy-docket/docket/client"
)

// showReport prints a report, worst first.
func (s *session) showReport(r client.MailReport) error {
	if s.json {
		return s.show(r, nil)
	}
	var b strings.Builder
	for _, f := range r.Findings {
		writeFinding(&b, f)
	}
	if len(r.Unchecked) > 0 {
		b.WriteString("NOT CHECKED\n")
		for _, u := range r.Unchecked {
			fmt.Fprintf(&b, "  %s: %s", u.What, u.Why)
			if u.Do != "" {
				fmt.Fprintf(&b, "; %s", u.Do)
			}
			b.WriteString("\n")
		}
		b.WriteString("\n")
	}
	b.WriteString(lastLine(r))
	_, err := io.WriteString(s.out, printable(b.String()))
	return err
}

// writeFinding writes one finding: what is wrong, where, by which law, and what to do.
func writeFinding(b *strings.Builder, f client.MailFinding) {
	fmt.Fprintf(b, "%s  %s  (%s)\n", strings.ToUpper(f.Severity), f.Title, f.Rule)
	place := f.Where
	if f.Saw != "" {
		place = strings.TrimPrefix(place+": "+f.Saw, ": ")
	}
	for _, line := range []string{place, f.Reason} {
		if line != "" {
			fmt.Fprintf(b, "  %s\n", line)
		}
	}
	for _, g := range f.Grounds {
		fmt.Fprintf(b, "  § %s: %s (%s)\n", g.Jurisdiction, g.Citation.Text, g.Citation.Mark)
	}
	fmt.Fprintf(b, "  → %s\n\n", f.Do)
}

func lastLine(r client.MailReport) string {
	to := "everywhere"
	if len(r.Countries) > 0 {
		to = strings.Join(r.Countries, ", ")
	}
	counts := fmt.Sprintf("%s, %s, %s", several(r.Errors, "error"), several(r.Warnings, "warning"), several(r.Notes, "note"))
	switch r.Outcome {
	case "errors":
		return fmt.Sprintf("Must not go out as it is (%s, to %s): %s.\n", r.Class, to, counts)
	case "warnings":
		return fmt.Sprintf("Look at it before it goes out (%s, to %s): %s.\n", r.Class, to, counts)
	}
	return fmt.Sprintf("May go out (%s, to %s): %s.\n", r.Class, to, counts)
}
