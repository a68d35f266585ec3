package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) consentCheckList() *cobra.Command {
	var ask client.ConsentAsk
	cmd := v.online("check-list FILE --purpose PURPOSE", "To which addresses of a list may this message be sent now?", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		in, err := s.openList(args[0])
		if err != nil {
			return err
		}
		c := consentList{session: s, ask: ask, reasons: map[string]int{}}
		return errors.Join(c.run(ctx, in), in.Close())
	})
	cmd.Long = cmd.Short + ` FILE has one e-mail address on a line, "-" is standard input. Those that may be written to are printed, as they stand there;
how many may not, and why, goes to standard error. Where a line is wrong it is named, and nothing is printed.

Who asked about how many addresses, and for what, is put on record.`
	askFlags(cmd, &ask)
	return cmd
}

// consentList asks about a list in one call. Nothing is printed before all of it was answered.
type consentList struct {
	*session
	ask     client.ConsentAsk
	checked int
	allowed []string
	refused []consentRefused
	reasons map[string]int
}

// consentRefused is a line whose address may not be written to.
type consentRefused struct {
	Line int `json:"line"`
	client.ConsentVerdict
}

func (c *consentList) run(ctx context.Context, in io.Reader) error {
	all, err := addressesIn(in)
	if err != nil {
		return err
	}
	list, fill := io.Pipe()
	go func() { _ = fill.CloseWithError(writeListed(fill, all)) }() // whoever reads is told
	err = c.MayWriteStream(ctx, c.ask, list, func(l client.ConsentStreamLine) error {
		if l.Line < 1 || l.Line > len(all) {
			return errors.New("the server answers for lines that it was not asked about")
		}
		if l.Fault != "" {
			return fmt.Errorf("the server did not take line %d: %s", all[l.Line-1].line, l.Fault)
		}
		c.count(all[l.Line-1], l.ConsentVerdict)
		return nil
	})
	if err = errors.Join(err, list.Close()); err != nil {
		return err
	}
	if c.checked != len(all) {
		return errors.New("the server did not answer for all lines")
	}
	return c.print()
}

// writeListed writes addresses as a list that has nothing else.
func writeListed(to io.Writer, all []listed) error {
	out := bufio.NewWriter(to)
	for _, l := range all {
		_, _ = out.WriteString(l.address + "\n") // Flush tells
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("send the list: %w", err)
	}
	return nil
}

func (c *consentList) count(l listed, v client.ConsentVerdict) {
	c.checked++
	if v.Allowed {
		c.allowed = append(c.allowed, l.address)
		return
	}
	c.refused = append(c.refused, consentRefused{l.line, v})
	c.reasons[v.Reason]++
}

func (c *consentList) print() error {
	if c.json {
		return c.show(map[string]any{"checked": c.checked, "refused": c.refused}, nil)
	}
	return c.printPassed(c.allowed, fmt.Sprintf("%d looked at, %d not to be written to", c.checked, len(c.refused)), c.reasons)
}
