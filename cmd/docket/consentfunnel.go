package main

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/client"
)

func (v *verbs) consentFunnel() *cobra.Command {
	var span client.FunnelSpan
	var parts bool
	cmd := v.online("funnel", "How many signed up in each week, how many of them confirmed it, and of how many it still stands", cobra.NoArgs, func(ctx context.Context, s *session, _ []string) error {
		got, err := s.ConsentFunnel(ctx, span)
		if err != nil {
			return err
		}
		return s.show(got, func(w io.Writer) { printFunnel(w, got, parts) })
	})
	cmd.Long = cmd.Short + `. A week is that in which people signed up, whenever they confirmed it. Each channel of an address counts as one, and asking
again without having confirmed not once more. Nobody is named.`
	flags := cmd.Flags()
	flags.StringVar(&span.From, "from", "", "a day of the first week, as 2006-01-02; twelve weeks up to the last when absent")
	flags.StringVar(&span.To, "to", "", "the last day; today when absent")
	flags.StringVar(&span.Purpose, "purpose", "", "the key of one purpose; all when absent")
	flags.BoolVar(&parts, "parts", false, "also by purpose and by the words that people saw")
	return cmd
}

func printFunnel(w io.Writer, f client.ConsentFunnel, parts bool) {
	row(w, "WEEK FROM", "SIGNED UP", "CONFIRMED", "STANDING")
	var all client.FunnelCount
	for _, week := range f.Weeks {
		funnelRow(w, week.From, week.FunnelCount)
		if parts {
			for _, p := range week.Parts {
				funnelRow(w, "  "+p.Purpose+wordsShown(p), p.FunnelCount)
			}
		}
		all.Requested, all.Confirmed, all.Standing = all.Requested+week.Requested, all.Confirmed+week.Confirmed, all.Standing+week.Standing
	}
	funnelRow(w, "all", all)
}

func wordsShown(p client.FunnelPart) string {
	if p.Version == 0 {
		return ""
	}
	return fmt.Sprintf(", %s version %d", p.Language, p.Version)
}

func funnelRow(w io.Writer, name string, c client.FunnelCount) {
	row(w, name, strconv.FormatInt(c.Requested, 10), share(c.Confirmed, c.Requested), share(c.Standing, c.Requested))
}

// share is a number with what part of another it is.
func share(part, of int64) string {
	if of == 0 {
		return "0"
	}
	return fmt.Sprintf("%d (%.0f %%)", part, 100*float64(part)/float64(of))
}
