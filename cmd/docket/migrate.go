package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/storage"
)

func newMigrateCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Bring the register's schema to this version, as its owner (DOCKET_REGISTER_OWNER_URL)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := readSettings()
			if err != nil {
				return err
			}
			if s.Owner == "" {
				return fmt.Errorf("DOCKET_REGISTER_OWNER_URL is not set: migrating needs the schema's owner, who is not the login of server and worker")
			}
			if err := storage.Migrate(cmd.Context(), s.Owner); err != nil {
				return err
			}
			_, err = fmt.Fprintln(cmd.OutOrStdout(), "The register is up to date.")
			return err
		},
	}
	return cmd
}
