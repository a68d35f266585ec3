package main

import (
	"context"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/deploy/local"
	"github.com/privacy-docket/docket/deploy/sample"
)

const demoLong = `Starts the local stack and Docket on it, loads a sample company with five systems, and runs one real access request in
front of you: a person files it, proves who they are with the code from the mail that arrived, the data is collected, a
reviewer takes out what belongs to somebody else and approves, the package is built, encrypted and delivered, and the person
downloads it with a one-time link. The package is opened and every file checked against its manifest. Then the company gets
requests in every state, by other people, so that there is something to look at in the console; a start that finds them makes
no more.

Everything stays up until Ctrl-C. With DEMO_EXIT=1 in the environment the command ends with the story, and its exit status
says whether all went well.`

func newDemoCommand() *cobra.Command {
	var opts local.Options
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Start everything, load a sample company and run one access request from intake to download",
		Long:  demoLong,
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := flagsFromEnvironment(cmd); err != nil {
				return err
			}
			opts.External, opts.MariaDB = externalServers(), true
			out := newNarrator(cmd.OutOrStdout())
			return runUpWithProduct(cmd.Context(), out, opts, func(ctx context.Context, stack *local.Stack, p *product) error {
				return demonstrate(ctx, out, stack, p)
			})
		},
	}
	cmd.Flags().StringVar(&opts.Dir, "state", ".docket", "state folder (DOCKET_STATE)")
	cmd.Flags().StringVar(&opts.Programs, "servers", "", "folder of the server programs; default: servers beside the docket binary (DOCKET_SERVERS)")
	cmd.Flags().BoolVar(&opts.Fresh, "fresh", false, "delete what an earlier run left in the state folder first (DOCKET_FRESH)")
	return cmd
}

// demonstrate tells the story, then leaves everything running unless DEMO_EXIT says otherwise.
func demonstrate(ctx context.Context, out *narrator, stack *local.Stack, p *product) error {
	stage := &stage{out: out, clock: p.clock}
	var c company
	err := stage.step(ctx, "The sample company "+sample.Company, func(ctx context.Context) (note string, err error) {
		c, err = p.sampleCompany(ctx, stack)
		if c.fresh {
			return "five systems with 4,000 people, staff, keys", err
		}
		return "found from an earlier start", err
	})
	if err != nil {
		return err
	}
	if err := p.outOfTheWay(ctx, stack, c); err != nil {
		return err
	}
	s, err := newStory(stage, stack, p, c)
	if err != nil {
		return err
	}
	begun := p.clock.Now()
	if err := s.tell(ctx); err != nil {
		return err
	}
	out.say("\nFrom the form to the opened package in %s.\n", spent(p.clock.Since(begun)))
	err = stage.step(ctx, "More people ask, and staff do their work", func(ctx context.Context) (string, error) {
		return caseloadOf(ctx, stage, stack, p, c)
	})
	if err != nil {
		return err
	}
	if os.Getenv("DEMO_EXIT") != "" {
		return nil
	}
	s.epilogue()
	sayAccounts(out, c.people)
	out.say("\nCtrl-C stops everything; the data stays.")
	return stay(ctx, stack, p)
}

// spent writes a duration as people read it.
func spent(d time.Duration) string {
	if d < time.Second {
		return d.Round(time.Millisecond).String()
	}
	return d.Round(100 * time.Millisecond).String()
}
