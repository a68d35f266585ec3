package main

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/privacy-docket/docket/audit"
)

type openAuditLog func(ctx context.Context, tenantID string) (reader audit.LogReader, done func(), err error)

// newAuditCommand makes the commands over the audit log. Without a register only the offline checks are there.
func newAuditCommand(open openAuditLog) *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Export, prove and check the tamper-evident log"}
	cmd.AddCommand(newAuditVerifyCommand(), newProveVerifyCommand())
	if open != nil {
		cmd.AddCommand(newAuditExportCommand(open), newAuditProveCommand(open))
	}
	return cmd
}

func newAuditExportCommand(open openAuditLog) *cobra.Command {
	var tenant, out string
	cmd := &cobra.Command{
		Use:   "export --tenant ID --out PATH",
		Short: "Write a tenant's whole log to a folder, or to an archive when PATH ends in .zip",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			reader, done, err := open(cmd.Context(), tenant)
			if err != nil {
				return err
			}
			defer done()
			return exportLog(cmd, reader, out)
		},
	}
	addTenantFlag(cmd, &tenant)
	cmd.Flags().StringVar(&out, "out", "", "folder or .zip file to write")
	_ = cmd.MarkFlagRequired("out")
	return cmd
}

func newAuditProveCommand(open openAuditLog) *cobra.Command {
	var tenant, out string
	cmd := &cobra.Command{
		Use:   "prove CASE --tenant ID",
		Short: "Write a file that proves the events of one case to somebody who trusts neither us nor the database",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			reader, done, err := open(cmd.Context(), tenant)
			if err != nil {
				return err
			}
			defer done()
			return proveCase(cmd, reader, args[0], out)
		},
	}
	addTenantFlag(cmd, &tenant)
	cmd.Flags().StringVar(&out, "out", "", "file to write, by default standard output")
	return cmd
}

func addTenantFlag(cmd *cobra.Command, tenant *string) {
	cmd.Flags().StringVar(tenant, "tenant", "", "the tenant whose log it is")
	_ = cmd.MarkFlagRequired("tenant")
}

func newAuditVerifyCommand() *cobra.Command {
	var key string
	var older []string
	cmd := &cobra.Command{
		Use:   "verify PATH --key KEY",
		Short: "Check an exported log offline: every entry, the tree, the signature",
		Long: `Check an exported log, a folder or a .zip file, without a database or a network.

The key is <origin>+<hash>+<key>, or a file that holds it. Get it from the operator by another way than the
export itself: the verifier.json inside shows only which key the export claims to be signed with.
Keep the checkpoint of each export and give it with --older next time: that proves that the log only grew.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return verifyLog(cmd.OutOrStdout(), args[0], key, older)
		},
	}
	addKeyFlag(cmd, &key)
	cmd.Flags().StringArrayVar(&older, "older", nil, "file of an older checkpoint that must be a beginning of this log (may be given again)")
	return cmd
}

func newProveVerifyCommand() *cobra.Command {
	var key string
	cmd := &cobra.Command{
		Use:   "prove-verify FILE --key KEY",
		Short: "Check a file written by audit prove, offline, and list its events",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return verifyProof(cmd.OutOrStdout(), args[0], key)
		},
	}
	addKeyFlag(cmd, &key)
	return cmd
}

func addKeyFlag(cmd *cobra.Command, key *string) {
	cmd.Flags().StringVar(key, "key", "", "the operator's verifier key, or a file that holds it")
	_ = cmd.MarkFlagRequired("key")
}
