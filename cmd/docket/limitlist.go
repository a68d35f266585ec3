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

// useListAtOnce is how many people one call asks about.
const useListAtOnce = 10_000

func (v *verbs) limitCheckList() *cobra.Command {
	var use client.Usage
	cmd := v.online("check-list FILE --purpose PURPOSE", "Which addresses of a list may be used so now?", cobra.ExactArgs(1), func(ctx context.Context, s *session, args []string) error {
		in, err := s.openList(args[0])
		if err != nil {
			return err
		}
		c := listCheck{session: s, use: use, refused: []listRefused{}}
		return errors.Join(c.run(ctx, in), in.Close())
	})
	cmd.Long = cmd.Short + ` FILE has one e-mail address on a line, "-" is standard input. Those that may be used are printed, as they stand there;
how many may not, and why, goes to standard error. Where a line is wrong it is named, and nothing is printed.

Ask before a list is imported, and before it is written to: whoever was erased must not come back by it. Suppressions of who was erased stand against
direct_marketing, targeted_advertising, sale, sharing and profiling. For any other purpose, as service or other, they hold nobody back: a list that is imported
for one of these brings them back, so ask for what the addresses will be written to for.

Who asked about how many people, and for what, is put on record.`
	usageFlags(cmd, &use)
	return cmd
}

// listed is an address of a list, and the line it stands on.
type listed struct {
	line    int
	address string
}

// listRefused is a line whose address may not be used.
type listRefused struct {
	Line   int               `json:"line"`
	Blocks []client.UseBlock `json:"blocks"`
}

// listCheck asks about a list, some thousand addresses at a time. Nothing is printed before all of it was answered: half a list would be taken for one.
type listCheck struct {
	*session
	use     client.Usage
	checked int
	allowed []string
	refused []listRefused
}

func (c *listCheck) run(ctx context.Context, in io.Reader) error {
	all, err := addressesIn(in)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(all, useListAtOnce) {
		if err := c.ask(ctx, some); err != nil {
			return err
		}
	}
	return c.print()
}

// ask asks about some of the list. Its answers tell people by their place in what was asked, which is not the line.
func (c *listCheck) ask(ctx context.Context, some []listed) error {
	use := client.UseOfMany{Usage: c.use}
	for _, l := range some {
		use.People = append(use.People, client.Known{Email: l.address})
	}
	got, err := c.MayUseMany(ctx, use)
	if err != nil {
		return lined(err, some)
	}
	refused := map[int]bool{}
	for _, r := range got.Refused {
		refused[r.Index] = true
		c.refused = append(c.refused, listRefused{some[r.Index].line, r.Blocks})
	}
	c.checked += got.Checked
	for i, l := range some {
		if !refused[i] {
			c.allowed = append(c.allowed, l.address)
		}
	}
	return nil
}

// print gives the addresses that may be used, or all of the answer.
func (c *listCheck) print() error {
	if c.json {
		return c.show(map[string]any{"checked": c.checked, "refused": c.refused}, nil)
	}
	kinds := map[string]int{} // an address is counted under the first thing that stands against it
	for _, r := range c.refused {
		kinds[r.Blocks[0].Kind]++
	}
	return c.printPassed(c.allowed, fmt.Sprintf("%d looked at, %d not to be used", c.checked, len(c.refused)), kinds)
}

func (v *verbs) limitEndSuppression() *cobra.Command {
	var who client.CameBack
	cmd := v.changing("end-suppression --email ADDRESS --because REASON", "Somebody who was erased has come back by themselves: they may be written to and taken in again", cobra.NoArgs,
		func(ctx context.Context, s *session, _ []string) error {
			ended, err := s.EndSuppression(ctx, s.once, who)
			if err != nil {
				return err
			}
			return s.show(ended, func(w io.Writer) { row(w, "ended", fmt.Sprint(ended.Ended)) })
		})
	cmd.Long = cmd.Short + ".\nGive all that they were erased by: each is suppressed by itself. Keep the proof that they came back, such as the new consent, where you keep such proofs.\n\n" + historyWarning
	knownFlags(cmd.Flags(), &who.Person)
	cmd.Flags().StringVar(&who.Reason, "because", "", "consent (they signed up anew), contract (they are a customer again) or mistake (somebody else was meant)")
	_ = cmd.MarkFlagRequired("because")
	return cmd
}
