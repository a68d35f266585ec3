// Command docket is the privacy operations engine: its server, its worker, the local stack and the client verbs.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newRootCommand().ExecuteContext(ctx)
	stop()
	if err != nil {
		if text := err.Error(); text != "" {
			fmt.Fprintln(os.Stderr, "docket: "+text)
		}
		os.Exit(exitCode(err))
	}
}

func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:           "docket",
		Short:         "Privacy operations: every request, consent and breach is an obligation with a legal due date",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(newAuditCommand(), newKeysCommand(openKeys))
	root.AddCommand(newUpCommand(), newMailcatcherCommand())
	root.AddCommand(newPolicyCommand())
	root.AddCommand(newServeCommand(), newWorkerCommand(), newMigrateCommand(), newDemoCommand())
	addVerbs(root, newVerbs())
	return root
}
