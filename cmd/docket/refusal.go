package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/privacy-docket/docket/client"
)

// statusTemporary is the exit status when the same command may succeed later: sysexits' EX_TEMPFAIL. Scripts tell it
// from 1, which is a no.
const statusTemporary = 75

// explained turns what went wrong into all that its reader can use: the sentence, the rule, what to mend, and how to try
// again. Nothing of what was sent is repeated, so no personal data is.
func (s *session) explained(err error) error {
	if err == nil {
		return nil
	}
	lines := []string{err.Error()}
	var p *client.Problem
	if errors.As(err, &p) {
		lines = append(lines, problemLines(p)...)
	}
	var passing interface{ Temporary() bool }
	if !errors.As(err, &passing) || !passing.Temporary() {
		return errors.New(printable(strings.Join(lines, "\n")))
	}
	if s.once != "" {
		lines = append(lines, "  retry  run the same command again with --"+onceFlag+" "+s.once+": what was done is not done twice")
	}
	return &exitError{status: statusTemporary, err: errors.New(printable(strings.Join(lines, "\n")))}
}

func problemLines(p *client.Problem) []string {
	var lines []string
	if p.Citation != "" {
		lines = append(lines, "  rule   "+p.Citation)
	}
	for _, fault := range p.Errors {
		lines = append(lines, "  mend   "+strings.TrimPrefix(fault.Location+": "+fault.Message, ": "))
	}
	if p.RetryAfter > 0 {
		lines = append(lines, fmt.Sprintf("  wait   %s", p.RetryAfter))
	}
	if p.Status >= 500 && p.Instance != "" {
		lines = append(lines, "  log    the server's log has it under "+p.Instance)
	}
	return lines
}
