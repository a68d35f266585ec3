package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

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

// consentList asks about a list, some thousand addresses at a time. Nothing is printed before all of it was answered.
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
	for some := range slices.Chunk(all, useListAtOnce) {
		batch := client.ConsentBatch{ConsentAsk: c.ask}
		for _, l := range some {
			batch.Addresses = append(batch.Addresses, l.address)
		}
		got, err := c.MayWriteMany(ctx, batch)
		if err != nil {
			return lined(err, some)
		}
		for i, a := range got.Answers {
			c.count(some[i], a.ConsentVerdict)
		}
	}
	return c.print()
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
