package main

import "github.com/spf13/cobra"

// newAuditCommand makes the commands over the audit log that need no server: what an export or a proof says is checked
// with the public key alone.
func newAuditCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "audit", Short: "Export, prove and check the tamper-evident log"}
	cmd.AddCommand(newAuditVerifyCommand(), newProveVerifyCommand(), newVerifyCertificateCommand())
	return cmd
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
