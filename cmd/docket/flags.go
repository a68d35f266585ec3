package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// variable is the environment variable that stands for a flag: --smtp-port is DOCKET_SMTP_PORT.
func variable(flag string) string {
	return "DOCKET_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func eachUnsetFlag(cmd *cobra.Command, do func(name string)) {
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Changed {
			do(f.Name)
		}
	})
}
