package main

import (
	"context"
	"os"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/deploy/local"
)

func newDemoCommand() *cobra.Command {
	cmd := newUpCommand()
	cmd.Use = "demo"
	cmd.Short = "Start everything, load a sample company and run one access request from intake to download"
	cmd.Long = ""
	run := cmd.RunE
	_ = run
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		out := newNarrator(cmd.OutOrStdout())
		opts := local.Options{Dir: cmd.Flag("state").Value.String(), Programs: cmd.Flag("servers").Value.String(), Restart: true}
		return runUp(cmd.Context(), out, opts, runProduct(out, func(ctx context.Context, stack *local.Stack, p *product) error {
			c, err := p.sampleCompany(ctx, stack)
			if err != nil {
				return err
			}
			out.say("company %v %s %v", c.tenant, c.key, c.fresh)
			if os.Getenv("DEMO_EXIT") != "" {
				return nil
			}
			return stay(ctx, stack, p)
		}))
	}
	return cmd
}
