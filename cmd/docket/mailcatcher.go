package main

import (
	"github.com/jonboulle/clockwork"
	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/deploy/local/mailcatcher"
)

// newMailcatcherCommand is what docket up starts as a process of its own, so that it can be killed like the other servers.
func newMailcatcherCommand() *cobra.Command {
	var config mailcatcher.Config
	cmd := &cobra.Command{
		Use:    "mailcatcher",
		Short:  "Catch mail for the local stack",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return mailcatcher.Run(cmd.Context(), config, clockwork.NewRealClock())
		},
	}
	cmd.Flags().StringVar(&config.SMTP, "smtp", "127.0.0.1:0", "host:port for mail")
	cmd.Flags().StringVar(&config.Page, "page", "127.0.0.1:0", "host:port for the page")
	cmd.Flags().StringVar(&config.Dir, "dir", ".docket/mail", "folder of the mail")
	return cmd
}
